"""A1 to A24 of the fault list, played by a server over one night, each on a host of its own."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace

import psutil
import pytest

from crawlers.tally import CrawlReport, SourceReport
from tests.crawlers.badsites import DISALLOW, MODES, TRAPS, self_signed
from tests.crawlers.faultserver import FaultServer, bomb, http
from tests.crawlers.nights import QUICK, fetches, night, pages
from warehouse.home import Home
from warehouse.models import Fetch
from warehouse.raw import get_body

TIMEOUT_S = 2.0


@dataclass(frozen=True)
class Night:
    home: Home
    server: FaultServer
    report: CrawlReport
    took_s: float
    peak_rss: int

    def row(self, mode: str) -> SourceReport:
        return next(row for row in self.report.sources if row.source == mode)

    def fetches(self, mode: str) -> list[Fetch]:
        return fetches(self.home, mode)


@pytest.fixture(scope="module")
def bad_night(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Night]:
    """Every mode at once."""
    home = Home(tmp_path_factory.mktemp("faults"))
    for kind in ("gzip", "deflate", "br", "zstd", "nested"):
        bomb(kind)  # made now, so that making them does not hold up the server
    modes = {**MODES, **{mode: lambda asked: http() for mode in TRAPS}}
    with FaultServer(modes) as server, FaultServer({}, context=self_signed(home.root)) as secure:
        sources = [pages(mode, server.url(mode, TRAPS.get(mode, "/page"))) for mode in modes]
        sources.append(pages("a10-port", "http://fine.localhost:22/a", "http://fine.localhost:6379/b"))
        sources.append(pages("a20-tls", secure.url("tls")))
        watch = _Watch()
        start = time.monotonic()
        report = night(home, sources, options=replace(QUICK, concurrency=60, timeout_s=TIMEOUT_S))
        yield Night(home, server, report, time.monotonic() - start, watch.stop())


class _Watch:
    """The peak memory of the crawl process, looked at every few milliseconds."""

    def __init__(self) -> None:
        self._peak, self._on = 0, True
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def _look(self) -> None:
        while self._on:
            for child in psutil.Process().children():
                try:
                    self._peak = max(self._peak, child.memory_info().rss)
                except psutil.Error:
                    continue
            time.sleep(0.05)

    def stop(self) -> int:
        self._on = False
        self._thread.join()
        return self._peak


FAILS = [  # mode, outcome, reason, how many tries
    ("a1-slow-headers", "failed", "timeout", 2),
    ("a2-slow-body", "failed", "timeout", 2),
    ("a3-endless", "too_large", "too_large", 1),
    ("a3-long", "too_large", "too_large", 1),
    ("a4-short", "failed", "connection", 2),
    ("a5-cut-gzip", "truncated", "truncated", 2),
    ("a6-no-gzip", "failed", "encoding", 1),
    ("a7-gzip", "too_large", "bomb", 1),
    ("a7-deflate", "too_large", "bomb", 1),
    ("a7-br", "too_large", "bomb", 1),
    ("a7-zstd", "too_large", "bomb", 1),
    ("a7-nested", "too_large", "bomb", 1),
    ("a8-loop", "failed", "redirects", 1),
    ("a8-chain", "failed", "redirects", 1),
    ("a9-file", "refused", "blocked_scheme", 1),
    ("a9-data", "refused", "blocked_scheme", 1),
    ("a9-ftp", "refused", "blocked_scheme", 1),
    ("a9-s3", "refused", "blocked_scheme", 1),
    ("a9-javascript", "refused", "blocked_scheme", 1),
    ("a10-port", "refused", "blocked_port", 2),
    ("a13-down", "failed", "http_502", 2),
    ("a18-three", "refused", "trap", 1),
    ("a18-pair", "refused", "trap", 1),
    ("a18-deep", "refused", "trap", 1),
    ("a19-cookies", "failed", "headers", 2),
    ("a19-much", "failed", "headers", 2),
    ("a19-for-ever", "failed", "headers", 2),
    ("a19-line", "failed", "connection", 2),
    ("a24-304", "failed", "not_modified", 2),
    ("a24-empty", "failed", "empty", 1),
    ("robots-503", "refused", "robots", 1),
    ("robots-slow", "refused", "robots", 1),
    ("robots-endless-no", "refused", "robots", 1),
    ("robots-binary", "refused", "robots", 1),
    ("robots-bom", "refused", "robots", 1),
    ("robots-loop", "refused", "robots", 1),
]


@pytest.mark.parametrize(("mode", "outcome", "reason", "tries"), FAILS, ids=[case[0] for case in FAILS])
def test_a_fault_is_recorded_with_its_reason_and_nothing_is_kept(
    bad_night: Night, mode: str, outcome: str, reason: str, tries: int
) -> None:
    found = bad_night.fetches(mode)
    assert [fetch.outcome for fetch in found] == [outcome] * tries
    assert all((fetch.reason or "").startswith(reason) for fetch in found), found
    assert all(fetch.body_sha256 is None for fetch in found)
    assert bad_night.row(mode).failures == {reason: tries}
    assert bad_night.row(mode).kept == 0


@pytest.mark.parametrize("mode", TRAPS)
def test_a18_an_address_that_looks_endless_is_not_asked_for(bad_night: Night, mode: str) -> None:
    assert bad_night.server.asked(mode) == []


@pytest.mark.parametrize("mode", ["a5-cut-once", "a13-burst"])
def test_a_passing_fault_is_tried_again_and_the_page_stored_once(bad_night: Night, mode: str) -> None:
    assert [fetch.outcome for fetch in bad_night.fetches(mode)][-1:] == ["ok"]
    assert bad_night.row(mode).kept == 1


def test_other_hosts_do_not_suffer_and_the_time_is_bounded(bad_night: Night) -> None:
    assert bad_night.row("fine").fetched == 1
    assert bad_night.took_s < 60  # the slow ones would take 100 s a try


def test_a7_bombs_and_endless_bodies_and_headers_cost_little_memory(bad_night: Night) -> None:
    assert bad_night.peak_rss < 300 << 20


def test_a8_a_chain_of_redirects_is_recorded_once_with_its_hops(bad_night: Night) -> None:
    (fetch,) = bad_night.fetches("a8-chain")
    assert len(bad_night.server.asked("a8-chain")) == QUICK.max_redirects + 1
    assert fetch.url == bad_night.server.url("a8-chain")


@pytest.mark.parametrize("mode", ["robots-big", "robots-packed", "robots-endless"])
def test_a15_a_robots_file_without_end_is_cut_and_obeyed(bad_night: Night, mode: str) -> None:
    assert [fetch.outcome for fetch in bad_night.fetches(mode)] == ["ok"]
    (robots,) = fetches(bad_night.home, mode, "robots")
    kept = get_body(bad_night.home.raw, robots.body_sha256 or "")
    assert kept.startswith(DISALLOW)
    assert 500 << 10 <= len(kept) < 600 << 10


def test_a15_robots_is_kept_in_the_ledger(bad_night: Night) -> None:
    (fetch,) = fetches(bad_night.home, "robots-503", "robots")
    assert (fetch.status, fetch.outcome) == (503, "failed")


def test_a17_a_wrong_charset_keeps_the_raw_bytes(bad_night: Night) -> None:
    (fetch,) = bad_night.fetches("a17-latin")
    assert get_body(bad_night.home.raw, fetch.body_sha256 or "") == "café".encode("latin-1")


@pytest.mark.parametrize("mode", ["a19-bytes", "a19-http09"])
def test_a19_odd_headers_end_in_one_record_a_try(bad_night: Night, mode: str) -> None:
    found = bad_night.fetches(mode)
    assert 1 <= len(found) <= 2
    assert all(len(fetch.headers) < 15 for fetch in found)


def test_a19_a_long_header_is_kept_in_part(bad_night: Night) -> None:
    (fetch,) = bad_night.fetches("a19-link")
    assert fetch.headers["link"] == "y" * 1000


def test_a20_a_certificate_that_nobody_vouches_for_is_refused(bad_night: Night) -> None:
    (fetch,) = bad_night.fetches("a20-tls")
    assert fetch.body_sha256 is None
    assert (fetch.reason or "").startswith("robots")
    (robots,) = fetches(bad_night.home, "a20-tls", "robots")
    assert "certificate" in (robots.reason or "")


def test_a21_a_referrer_policy_of_theirs_imports_nothing(bad_night: Night) -> None:
    assert bad_night.row("a21-referrer").fetched == 1
    assert all("referer" not in asked.headers for asked in bad_night.server.seen)
