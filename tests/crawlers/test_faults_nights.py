"""Faults that take more than one night: waits, budgets, rules that change, pages that stay the same. One home, four
nights: the first, 50 and 62 minutes after it, and 25 hours after it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

import pytest

from crawlers import rights
from crawlers.frontier import Frontier
from crawlers.tally import CrawlReport, SourceReport
from tests.crawlers.faultserver import PAGE, Asked, FaultServer, cached, http, moved
from tests.crawlers.nights import NOW, QUICK, fetches, night, pages
from warehouse.home import Home
from warehouse.raw import get_body

RULES = {"body": b""}
PATHS = {"slow": 4, "robots-delay": 3, "busy": 5, "decade": 5, "down": 30, "robots-new": 4, "calendar": 60, "other": 5,
         "cookie": 2, "leads-on": 2, "reserved": 2}  # fmt: skip
SETTINGS = {"slow": {"delay_s": 0.3}, "robots-new": {"max_pages": 2}, "leads-on": {"max_pages": 1}}
SPELLINGS = ("", "?utm_source=x", "/", "#top", "/amp", "?fbclid=1")
RESERVED = b'[{"location": "/?month=0", "tdm-reservation": 1, "tdm-policy": "https://example.org/policy"}]'
RIGHTS = {"x_robots_tag": "noai, noindex", "tdm_reservation": "1"}


def _robots(rules: bytes) -> bytes:
    return http(rules, content_type="text/plain")


MODES = {
    "slow": cached,
    "robots-delay": lambda asked: _robots(b"User-agent: *\nCrawl-delay: 0.4\n") if _is_robots(asked) else http(),
    "busy": lambda asked: http(b"", "429 Slow down", retry_after="3600"),
    "decade": lambda asked: http(b"", "503 Away", retry_after="315360000"),
    "down": lambda asked: http(b"", "502 Bad Gateway"),
    "robots-new": lambda asked: _robots(RULES["body"]) if _is_robots(asked) else http(),
    "calendar": lambda asked: http(),
    "other": lambda asked: http(),
    "cookie": lambda asked: http(set_cookie="a=1"),
    "soft": lambda asked: http(b"<html>Page not found</html>"),
    "date": lambda asked: http(PAGE + str(asked.hit).encode()),
    "kept": cached,
    "rights": lambda asked: http(**RIGHTS),
    "reserved": lambda asked: http(RESERVED) if asked.path == rights.PATH else http(),
    "reserved-not": lambda asked: http(RESERVED) if asked.path == rights.PATH else http(tdm_reservation="0"),
    "story": lambda asked: http(),
    "left": lambda asked: _across(asked, "right"),
    "right": lambda asked: _across(asked, "left"),
    "resting": lambda asked: http(b"", "429 Slow down", retry_after="36000"),
    "leads-on": lambda asked: moved(f"http://resting.localhost:{_port(asked)}/"),
}


def _port(asked: Asked) -> str:
    return asked.headers["host"].partition(":")[2]


def _across(asked: Asked, other: str) -> bytes:
    """Lead to the other host, which leads here; only then is there a page."""
    return http() if asked.path == "/end" else moved(f"http://{other}.localhost:{_port(asked)}/end")


def _is_robots(asked: Asked) -> bool:
    return asked.path == "/robots.txt"


@dataclass(frozen=True)
class Nights:
    home: Home
    server: FaultServer
    reports: list[CrawlReport]
    asked: list[Counter[str]]  # of each host after each night, probes and robots.txt left out

    def row(self, n: int, mode: str) -> SourceReport:
        return next(row for row in self.reports[n].sources if row.source == mode)


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nights]:
    """The four nights."""
    home, reports, asked = Home(tmp_path_factory.mktemp("nights")), [], []
    options = replace(QUICK, concurrency=40, site_budget=20, probe=True, ask_rights=True)
    RULES["body"] = b""
    with FaultServer(MODES) as server:
        urls = {mode: [server.url(mode, f"/?month={n}") for n in range(PATHS.get(mode, 1))] for mode in MODES}
        urls |= {"story": [server.url("story", "/story") + end for end in SPELLINGS]}
        sources = [pages(mode, *urls[mode], **SETTINGS.get(mode, {})) for mode in MODES]
        for run, gap in enumerate(({}, {"minutes": 50}, {"minutes": 62}, {"hours": 25}), 1):
            reports.append(night(home, sources, run=run, options=options, **gap))
            asked.append(Counter(seen.host.split(".")[0] for seen in server.seen if _is_page(seen.path)))
            RULES["body"] = b"User-agent: *\nDisallow: /\n"
        yield Nights(home, server, reports, asked)


def _is_page(path: str) -> bool:
    return path not in ("/robots.txt", rights.PATH) and "no-such-page" not in path


def test_a12_retry_after_is_honoured_over_a_restart(nights: Nights) -> None:
    assert [counts["busy"] for counts in nights.asked[:3]] == [1, 1, 2]
    assert nights.row(1, "busy").status == "warning"
    assert fetches(nights.home, "busy")[0].outcome == "blocked"


def test_a12_ten_years_are_a_day(nights: Nights) -> None:
    assert [counts["decade"] for counts in nights.asked] == [1, 1, 1, 2]


def test_a13_a_host_that_fails_five_times_is_left_alone(nights: Nights) -> None:
    assert nights.asked[0]["down"] == 5
    assert re.search(
        r"left for the next run: down\.localhost:\d+ is left alone for now", nights.row(0, "down").message or ""
    )


def test_a13_a_redirect_to_a_host_that_is_left_alone_is_refused_and_not_waited_for(nights: Nights) -> None:
    (fetch,) = fetches(nights.home, "leads-on", run=2)
    assert (fetch.outcome, (fetch.reason or "").partition(":")[0]) == ("refused", "circuit")


def test_a8_hosts_that_redirect_to_each_other_do_not_wait_for_each_other(nights: Nights) -> None:
    assert [fetches(nights.home, name)[0].outcome for name in ("left", "right")] == ["ok", "ok"]


def test_a14_the_page_is_kept_for_the_probe_to_be_compared_with(nights: Nights) -> None:
    probe, page = fetches(nights.home, "soft", "probe")[0], fetches(nights.home, "soft")[0]
    assert probe.body_sha256 == page.body_sha256
    assert "no-such-page-" in probe.url


def test_a16_queued_pages_are_dropped_when_robots_changes(nights: Nights) -> None:
    assert [counts["robots-new"] for counts in nights.asked] == [2, 2, 2, 2]
    assert nights.row(1, "robots-new").failures == {"robots": 2}


def test_a18_a_trap_costs_its_budget_and_other_hosts_finish(nights: Nights) -> None:
    seen = nights.asked[0]["calendar"]
    assert seen in (19, 20)  # the probe counts, where it came before the budget was spent
    assert [nights.row(0, name).fetched for name in ("calendar", "other")] == [seen, 5]
    assert re.search(
        r"left for the next run: 20 requests to calendar\.localhost:\d+ were made",
        nights.row(0, "calendar").message or "",
    )


def test_a19_cookies_are_not_sent_back_and_the_agent_says_who_asks(nights: Nights) -> None:
    assert nights.asked[0]["cookie"] == 2
    assert all("cookie" not in asked.headers for asked in nights.server.seen)
    assert all(asked.headers["user-agent"].startswith("claimwatch/") for asked in nights.server.seen)


def test_a22_six_spellings_are_one_page_and_its_aliases_are_noted(nights: Nights) -> None:
    assert nights.asked[0]["story"] == 1
    fetch = fetches(nights.home, "story")[0]
    assert set(fetch.hints["aliases"]) == {nights.server.url("story", "/story") + end for end in SPELLINGS[1:]}


def test_a23_a_page_that_changes_its_date_is_taken_and_a_text_that_did_not_is_a_quiet_look(nights: Nights) -> None:
    assert [fetch.outcome for fetch in fetches(nights.home, "date")] == ["ok", "ok"]
    frontier, url = Frontier(nights.home.frontier, 9), nights.server.url("date", "/?month=0")
    frontier.note_text(url, False, NOW.timestamp() + 86_400)
    row = frontier._db.execute("select wait_s, due - fetched_at as left from page where url = ?", [url]).fetchone()
    frontier.close()
    assert row["wait_s"] == pytest.approx(1.2 * 86_400)
    assert row["left"] == pytest.approx(1.2 * 86_400 - 7200)


def test_a24_an_unchanged_page_costs_one_conditional_request(nights: Nights) -> None:
    asked = [seen for seen in nights.server.asked("kept") if _is_page(seen.path)]
    assert [seen.headers.get("if-none-match") for seen in asked] == [None, '"v1"']
    assert (nights.row(0, "kept").kept, nights.row(3, "kept").unchanged) == (1, 1)
    old, new = fetches(nights.home, "kept")
    assert (new.outcome, new.status, new.body_sha256) == ("unchanged", 304, old.body_sha256)


def test_b17_rights_that_headers_state_are_kept_with_the_fetch(nights: Nights) -> None:
    fetch = fetches(nights.home, "rights")[0]
    assert (fetch.headers["x-robots-tag"], fetch.headers["tdm-reservation"]) == ("noai, noindex", "1")


def test_b17_rights_that_a_site_states_in_its_file_are_kept_with_the_fetch(nights: Nights) -> None:
    reserved, other = fetches(nights.home, "reserved", run=1)
    said = {"tdm-reservation": "1", "tdm-policy": "https://example.org/policy", "tdm-from": rights.PATH}
    assert {name: value for name, value in reserved.headers.items() if name.startswith("tdm-")} == said
    assert "tdm-reservation" not in other.headers
    (file,) = fetches(nights.home, "reserved", "rights", run=1)
    assert get_body(nights.home.raw, file.body_sha256 or "") == RESERVED


def test_b17_a_header_wins_over_the_file(nights: Nights) -> None:
    (fetch,) = fetches(nights.home, "reserved-not", run=1)
    assert fetch.headers["tdm-reservation"] == "0"
    assert "tdm-from" not in fetch.headers


def test_b17_a_site_is_asked_for_its_file_once_a_run_and_before_its_pages(nights: Nights) -> None:
    asked = [seen.path for seen in nights.server.asked("reserved")]
    assert asked[:2] == [rights.PATH, "/?month=0"]
    assert asked.count(rights.PATH) == 2  # on the two nights on which its pages were due


def test_one_request_in_flight_and_the_delay_of_the_source_is_kept(nights: Nights) -> None:
    times = [asked.at for asked in nights.server.asked("slow") if _is_page(asked.path)][:4]
    assert min(after - before for before, after in pairwise(times)) >= 0.3


def test_the_delay_that_robots_asks_for_is_kept(nights: Nights) -> None:
    times = [
        seen.at for seen in nights.server.seen if seen.host.startswith("robots-delay") and "no-such" not in seen.path
    ]
    assert min(after - before for before, after in pairwise(times[:4])) >= 0.4
