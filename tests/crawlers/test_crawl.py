"""Whole crawls: what the report says, folders, listings, politeness, volumes."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from crawlers.sources import SourceConfig
from tests.crawlers.faultserver import PAGE, FaultServer, cached, http
from tests.crawlers.nights import QUICK, fetches, night, pages
from warehouse.errors import ClaimwatchError
from warehouse.home import Home
from warehouse.raw import get_body


def _folder(path: Path, **settings: Any) -> SourceConfig:
    common = {"title": "t", "licence": "x", "storage": "full", "expected_min": 0}
    return SourceConfig.model_validate({"name": "shelf", "type": "local", "path": str(path), **common, **settings})


def _sitemap(server: FaultServer, **settings: Any) -> SourceConfig:
    return pages("map", server.url("map", "/sitemap.xml"), type="sitemap", **settings)


def _site(*paths: str) -> Any:
    """A site whose sitemap lists ``paths``, all of it with validators."""

    def mode(asked: Any) -> bytes:
        if asked.path != "/sitemap.xml":
            return cached(asked)
        entries = "".join(f"<url><loc>http://{asked.headers['host']}{path}</loc></url>" for path in paths)
        body = f"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{entries}</urlset>".encode()
        if asked.headers.get("if-none-match") == '"m"':
            return http(b"", "304 Not Modified", etag='"m"')
        return http(body, content_type="application/xml", etag='"m"')

    return mode


def test_a_folder_is_kept_and_unchanged_files_cost_nothing(home: Home, tmp_path: Path) -> None:
    shelf = tmp_path / "shelf"
    shelf.mkdir()
    for name in ("a.txt", "b.txt", "c.html"):
        (shelf / name).write_bytes(PAGE + name.encode())
    first = night(home, [_folder(shelf)]).sources[0]
    (shelf / "a.txt").write_bytes(b"other words")
    (shelf / "b.txt").unlink()
    second = night(home, [_folder(shelf)], run=2, hours=1).sources[0]
    assert (first.listed, first.kept, second.kept, second.unchanged) == (3, 3, 1, 1)
    outcomes = {fetch.url: fetch.outcome for fetch in fetches(home, run=2)}
    assert outcomes == {
        "local:shelf/a.txt": "ok", "local:shelf/b.txt": "gone", "local:shelf/c.html": "unchanged",
    }  # fmt: skip
    assert all(get_body(home.raw, fetch.body_sha256 or "") for fetch in fetches(home) if fetch.outcome == "ok")


def test_an_absent_folder_fails_by_name_and_calls_nothing_gone(home: Home, tmp_path: Path) -> None:
    shelf = tmp_path / "shelf"
    shelf.mkdir()
    (shelf / "a.txt").write_text("words")
    night(home, [_folder(shelf)])
    (shelf / "a.txt").unlink()
    shelf.rmdir()
    row = night(home, [_folder(shelf)], run=2, days=1).sources[0]
    assert row.status == "failed"
    assert str(shelf) in (row.message or "")
    assert [fetch.outcome for fetch in fetches(home)] == ["ok"]


def test_an_unchanged_listing_still_counts_what_it_lists(home: Home) -> None:
    with FaultServer({"map": _site("/1", "/2", "/3")}) as server:
        first = night(home, [_sitemap(server, expected_min=3)]).sources[0]
        second = night(home, [_sitemap(server, expected_min=3)], run=2, days=1).sources[0]
    assert (first.listed, first.fetched, first.status) == (3, 3, "ok")
    assert (second.listed, second.unchanged, second.status) == (3, 3, "ok")
    assert [fetch.outcome for fetch in fetches(home, role="listing")] == ["ok", "unchanged"]


def test_volume_below_the_minimum_fails_and_above_the_maximum_warns(home: Home) -> None:
    with FaultServer({"map": _site("/1", "/2", "/3")}) as server:
        low = night(home, [_sitemap(server, expected_min=4)])
        high = night(home, [_sitemap(server, expected_min=1, expected_max=2)], run=2, days=1)
    assert low.sources[0].status == "failed"
    assert "expected at least 4" in low.warnings[0]
    assert high.sources[0].status == "warning"
    assert "at most 2" in high.warnings[0]


def test_blocked_is_not_empty(home: Home) -> None:
    with FaultServer({"map": lambda asked: http(b"", "403 Forbidden")}) as server:
        row = night(home, [_sitemap(server)]).sources[0]
    assert row.status == "failed"
    assert "http_403" in (row.message or "")


def test_a_listing_of_garbage_fails_its_source_and_no_other(home: Home) -> None:
    with FaultServer({"map": lambda asked: http(b"\x00garbage<"), "fine": cached}) as server:
        report = night(home, [_sitemap(server), pages("fine", server.url("fine"))])
    assert [row.status for row in report.sources] == ["failed", "ok"]


def test_max_pages_leaves_the_rest_for_the_next_run(home: Home) -> None:
    with FaultServer({"map": _site(*[f"/{n}" for n in range(7)])}) as server:
        runs = [night(home, [_sitemap(server, max_pages=3)], run=n, days=n).sources[0] for n in (1, 2, 3)]
    assert sum(row.kept for row in runs) == 7
    assert runs[0].fetched == 3


def test_one_request_in_flight_and_the_delay_is_kept(home: Home) -> None:
    with FaultServer({"slow": cached}) as server:
        night(home, [pages("slow", *[server.url("slow", f"/{n}") for n in range(4)], delay_s=0.3)])
        times = [asked.at for asked in server.asked("slow")]
    gaps = [after - before for before, after in pairwise(times)]
    assert len(gaps) == 3
    assert min(gaps) >= 0.3


def test_crawl_delay_of_robots_is_kept(home: Home) -> None:
    rules = b"User-agent: *\nCrawl-delay: 0.4\n"
    with FaultServer({"robots": lambda asked: http(rules) if asked.path == "/robots.txt" else http()}) as server:
        night(home, [pages("s", *[server.url("robots", f"/{n}") for n in range(3)])])
        times = [asked.at for asked in server.seen]
    assert min(after - before for before, after in pairwise(times)) >= 0.4


def test_the_agent_says_who_asks_and_sends_no_cookies_back(home: Home) -> None:
    with FaultServer({"s": lambda asked: http(set_cookie="a=1")}) as server:
        night(home, [pages("s", server.url("s", "/1"), server.url("s", "/2"))])
        assert all(asked.headers["user-agent"].startswith("claimwatch/") for asked in server.seen)
        assert all("cookie" not in asked.headers for asked in server.seen)


def test_the_frontier_never_runs_ahead_of_the_ledger(home: Home) -> None:
    with FaultServer({"s": cached}) as server:
        night(home, [pages("s", *[server.url("s", f"/{n}") for n in range(10)])])
    from crawlers.frontier import Frontier

    ledger = {fetch.seq for fetch in fetches(home)}
    rows = Frontier(home.frontier, 2)._db.execute("select seq from page where state = 'done'").fetchall()
    assert {row["seq"] for row in rows} == ledger


def test_a_crawl_that_cannot_write_says_so(home: Home) -> None:
    with FaultServer({"s": cached}) as server:
        (home.raw / "bodies").write_text("a file where the folder should be")
        with pytest.raises(ClaimwatchError, match="could not go on"):
            night(home, [pages("s", server.url("s"))], options=replace(QUICK, max_tries=1))


def test_a_page_whose_bytes_change_but_not_its_text_is_looked_at_less(home: Home) -> None:
    from crawlers.frontier import Frontier
    from crawlers.load import load
    from tests.crawlers.nights import NOW
    from warehouse.store import Store

    story = b"<p>The joint board met in March and agreed to pool its budget for community nursing next year.</p>" * 8

    def mode(asked: Any) -> bytes:
        words = b"<p>A new deputy chief officer was appointed on Monday.</p>" if "new" in asked.path else b""
        extra = b"<script>var n=%d</script>" % asked.hit
        return http(b"<html><body><article>" + story + words * asked.hit + b"</article>" + extra + b"</body></html>")

    with FaultServer({"s": mode}) as server, Store.open(home) as store:
        source = pages("s", server.url("s", "/same"), server.url("s", "/new"))
        for run in (1, 2):
            night(home, [source], run=run, days=run)
            load(home, store, {"s": source}, NOW)
    rows = Frontier(home.frontier, 3)._db.execute("select url, wait_s from page order by n").fetchall()
    assert [row["wait_s"] / 86_400 for row in rows] == pytest.approx([1.2, 1.0])


def test_a_page_listed_twice_is_one_page_and_a_duplicate(home: Home) -> None:
    with FaultServer({"map": _site("/1", "/1/", "/2", "/2?utm_source=feed")}) as server:
        row = night(home, [_sitemap(server)]).sources[0]
    assert (row.listed, row.fetched) == (2, 2)
