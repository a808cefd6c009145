"""Whole crawls: what the report says, folders, listings, politeness, volumes."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from crawlers.frontier import Frontier
from crawlers.load import load
from crawlers.sandbox import Sandbox
from crawlers.settings import user_agent
from crawlers.sources import SourceConfig
from crawlers.tally import CrawlReport, SourceReport, Tally, report
from tests.crawlers.faultserver import PAGE, FaultServer, cached, http
from tests.crawlers.nights import NOW, QUICK, fetches, night, pages
from warehouse.errors import ClaimwatchError, UsageError
from warehouse.home import Home
from warehouse.raw import get_body
from warehouse.store import Store


def _folder(path: Path, **settings: Any) -> SourceConfig:
    common = {"title": "t", "licence": "x", "storage": "full", "expected_min": 0}
    return SourceConfig.model_validate({"name": "shelf", "type": "local", "path": str(path), **common, **settings})


def _sitemap(server: FaultServer, name: str, **settings: Any) -> SourceConfig:
    return pages(name, server.url(name, "/sitemap.xml"), type="sitemap", **settings)


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


@dataclass(frozen=True)
class Week:
    home: Home
    reports: list[CrawlReport]

    def rows(self, name: str) -> list[SourceReport]:
        return [row for report in self.reports for row in report.sources if row.source == name]


@pytest.fixture(scope="module")
def week(tmp_path_factory: pytest.TempPathFactory) -> Week:
    """Three nights over sources that list too little, too much, garbage, nothing, or more than is taken at once."""
    home = Home(tmp_path_factory.mktemp("week"))
    three = _site("/1", "/2", "/3")
    modes = {
        "same": three, "low": three, "high": three, "blocked": lambda asked: http(b"", "403 Forbidden"),
        "garbage": lambda asked: http(b"\x00garbage<"), "fine": cached, "many": _site(*[f"/{n}" for n in range(7)]),
        "twice": _site("/1", "/1/", "/2", "/2?utm_source=feed"),
    }  # fmt: skip
    with FaultServer(modes) as server:
        sources = [
            _sitemap(server, "same", expected_min=3), _sitemap(server, "low", expected_min=4),
            _sitemap(server, "high", expected_min=1, expected_max=2), _sitemap(server, "blocked"),
            _sitemap(server, "garbage"), pages("fine", server.url("fine")), _sitemap(server, "many", max_pages=3),
            _sitemap(server, "twice"),
        ]  # fmt: skip
        return Week(home, [night(home, sources, run=n, days=n) for n in (1, 2, 3)])


def test_an_unchanged_listing_still_counts_what_it_lists(week: Week) -> None:
    first, second, _ = week.rows("same")
    assert (first.listed, first.fetched, first.status) == (3, 3, "ok")
    assert (second.listed, second.unchanged, second.status) == (3, 3, "ok")
    assert [fetch.outcome for fetch in fetches(week.home, "same", "listing")] == ["ok", "unchanged", "unchanged"]


def test_volume_below_the_minimum_fails_and_above_the_maximum_warns(week: Week) -> None:
    low, high = week.rows("low")[0], week.rows("high")[0]
    assert (low.status, high.status) == ("failed", "warning")
    assert "expected at least 4" in (low.message or "")
    assert "at most 2" in (high.message or "")
    told = " ".join(week.reports[0].warnings)
    assert "expected at least 4" in told
    assert "at most 2" in told


def test_blocked_is_not_empty(week: Week) -> None:
    row = week.rows("blocked")[0]
    assert row.status == "failed"
    assert "http_403" in (row.message or "")


def test_a_listing_of_garbage_fails_its_source_and_no_other(week: Week) -> None:
    assert [week.rows(name)[0].status for name in ("garbage", "fine")] == ["failed", "ok"]


def test_max_pages_leaves_the_rest_for_the_next_run(week: Week) -> None:
    rows = week.rows("many")
    assert sum(row.kept for row in rows) == 7
    assert rows[0].fetched == 3
    assert rows[0].message == "4 pages are left for the next run: max_pages (3) was reached"


def test_a_page_listed_twice_is_one_page_and_a_duplicate(week: Week) -> None:
    row = week.rows("twice")[0]
    assert (row.listed, row.fetched) == (2, 2)


def test_the_frontier_never_runs_ahead_of_the_ledger(week: Week) -> None:
    ledger = {fetch.seq for role in ("document", "listing") for fetch in fetches(week.home, role=role)}
    frontier = Frontier(week.home.frontier, 9)
    rows = frontier._db.execute("select seq from page where state = 'done'").fetchall()
    frontier.close()
    assert len(rows) >= 20
    assert {row["seq"] for row in rows} <= ledger


AGENTS = [
    ("you@example.org", None, "(+mailto:you@example.org)"),
    ("you@example.org", "https://example.org/crawl?a=1", "(+https://example.org/crawl?a=1; mailto:you@example.org)"),
    (None, "https://example.org", "(+https://example.org)"),
    (None, None, ""),
]


@pytest.mark.parametrize(("contact", "site", "told"), AGENTS)
def test_the_agent_names_nobody_but_who_runs_it(
    contact: str | None, site: str | None, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CLAIMWATCH_URL", raising=False)
    if site:
        monkeypatch.setenv("CLAIMWATCH_URL", site)
    agent, _, rest = user_agent(contact).partition(" ")
    assert agent.startswith("claimwatch/")
    assert rest == told


@pytest.mark.parametrize(
    ("contact", "site", "word"),
    [
        ("a@b.org\r\nX-Evil: 1", None, "contact"), ("a@b.org)", None, "contact"), ("a b@c.org", None, "contact"),
        (None, "example.org", "CLAIMWATCH_URL"), (None, "https://a.org/\nX: 1", "CLAIMWATCH_URL"),
    ],
)  # fmt: skip
def test_what_could_not_stand_in_a_header_is_refused(contact: str | None, site: str | None, word: str) -> None:
    with pytest.raises(UsageError, match=word):
        user_agent(contact, site)


def test_a_crawl_that_cannot_write_says_so(home: Home) -> None:
    with FaultServer({"s": cached}) as server:
        (home.raw / "bodies").write_text("a file where the folder should be")
        with pytest.raises(ClaimwatchError, match="could not go on"):
            night(home, [pages("s", server.url("s"))], options=replace(QUICK, max_tries=1))


def test_files_of_a_folder_that_were_not_reached_are_told(home: Home, tmp_path: Path) -> None:
    shelf = tmp_path / "shelf"
    shelf.mkdir()
    for name in ("a.txt", "b.txt", "c.txt"):
        (shelf / name).write_bytes(PAGE + name.encode())
    night(home, [_folder(shelf)])
    row = night(home, [_folder(shelf, max_pages=1)], run=2, days=5).sources[0]
    assert row.message == "2 pages are left for the next run: max_pages (1) was reached"


def test_a_message_names_the_three_commonest_reasons() -> None:
    left = Counter({f"h{n}.example:443 is left alone for now": n for n in range(1, 6)})
    message = report(pages("s", "http://s.example/"), Tally(left=left), 0).message
    assert message == (
        "15 pages are left for the next run: h5.example:443 is left alone for now ×5, h4.example:443 is left alone for"
        " now ×4, h3.example:443 is left alone for now ×3 and 2 more reasons"
    )


@pytest.mark.parametrize(
    ("limit", "why"),
    [({"memory_mb": 1}, "the crawl held more memory than it may"), ({"run_s": 1.0}, "the time of a run was over")],
)
def test_a_crawl_that_ends_early_says_why(home: Home, limit: dict[str, Any], why: str) -> None:
    def slowly(asked: Any) -> bytes:
        time.sleep(0.2)
        return http()

    with FaultServer({"s": slowly}) as server:
        row = night(home, [pages("s", *[server.url("s", f"/{n}") for n in range(40)])], options=replace(QUICK, **limit))
    assert f"are left for the next run: {why}" in (row.sources[0].message or "")


def test_the_memory_of_the_process_that_starts_a_crawl_is_not_the_crawls(home: Home) -> None:
    ballast = b"x" * (600 << 20)
    with FaultServer({"s": cached}) as server:
        row = night(home, [pages("s", server.url("s"))], options=replace(QUICK, memory_mb=500)).sources[0]
    assert (row.fetched, row.message) == (1, None)
    assert ballast


def test_a_page_whose_bytes_change_but_not_its_text_is_looked_at_less(home: Home) -> None:
    story = b"<p>The joint board met in March and agreed to pool its budget for community nursing next year.</p>" * 8

    def mode(asked: Any) -> bytes:
        words = b"<p>A new deputy chief officer was appointed on Monday.</p>" if "new" in asked.path else b""
        extra = b"<script>var n=%d</script>" % asked.hit
        return http(b"<html><body><article>" + story + words * asked.hit + b"</article>" + extra + b"</body></html>")

    with FaultServer({"s": mode}) as server, Store.open(home) as store, Sandbox(workers=1) as box:
        source = pages("s", server.url("s", "/same"), server.url("s", "/new"))
        for run in (1, 2):
            night(home, [source], run=run, days=run)
            load(home, store, {"s": source}, NOW, sandbox=box)
    rows = Frontier(home.frontier, 3)._db.execute("select url, wait_s from page order by n").fetchall()
    assert [row["wait_s"] / 86_400 for row in rows] == pytest.approx([1.2, 1.0])
