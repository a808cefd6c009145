"""A1 to A24 of the fault list, played by a server over one night; and what happens where a guard is switched off."""

from __future__ import annotations

import gzip
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from email.utils import formatdate
from pathlib import Path

import psutil
import pytest

from crawlers.frontier import Frontier
from crawlers.tally import CrawlReport, SourceReport
from tests.crawlers.faultserver import PAGE, FaultServer, bomb, cached, drip, endless, http, moved
from tests.crawlers.nights import NOW, QUICK, fetches, night, pages
from warehouse.home import Home
from warehouse.models import Fetch
from warehouse.raw import get_body

COOKIES = b"\r\n" + b"Set-Cookie: a=1; path=/\r\n" * 50_000 + b"\r\n"
SQUEEZED = gzip.compress(PAGE * 20)
ROBOTS = b"User-agent: *\nDisallow: /private\nCrawl-delay: 0\n"


def _robots(answer):  # type: ignore[no-untyped-def]
    return lambda asked: answer if asked.path == "/robots.txt" else http()


MODES = {
    "a1-slow-headers": lambda asked: drip(b"HTTP/1.1 200 OK\r\n"),
    "a2-slow-body": lambda asked: drip(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"),
    "a3-endless": lambda asked: endless(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n", b"x" * 65536),
    "a4-short": lambda asked: http(PAGE, length=len(PAGE) + 500),
    "a5-cut-gzip": lambda asked: http(SQUEEZED[: len(SQUEEZED) // 2], content_encoding="gzip"),
    "a5-cut-once": lambda asked: http(SQUEEZED[:-9] if asked.hit == 1 else SQUEEZED, content_encoding="gzip"),
    "a6-no-gzip": lambda asked: http(PAGE, content_encoding="gzip"),
    "a7-gzip": lambda asked: http(bomb("gzip"), content_encoding="gzip"),
    "a7-deflate": lambda asked: http(bomb("deflate"), content_encoding="deflate"),
    "a7-br": lambda asked: http(bomb("br"), content_encoding="br"),
    "a7-zstd": lambda asked: http(bomb("zstd"), content_encoding="zstd"),
    "a7-nested": lambda asked: http(bomb("nested"), content_encoding="gzip, gzip, br"),
    "a8-loop": lambda asked: moved("/page"),
    "a8-chain": lambda asked: moved(f"/hop{asked.hit}-{len(asked.path)}" + asked.path[-30:]),
    "a9-file": lambda asked: moved("file:///etc/hostname"),
    "a9-data": lambda asked: moved("data:text/html,hello"),
    "a9-ftp": lambda asked: moved("ftp://example.org/a"),
    "a9-s3": lambda asked: moved("s3://bucket/key"),
    "a9-javascript": lambda asked: moved("javascript:alert(1)"),
    "a13-burst": lambda asked: http(b"", "500 Oops") if asked.hit == 1 else http(),
    "a13-down": lambda asked: http(b"", "502 Bad Gateway"),
    "a14-soft": lambda asked: http(b"<html>Page not found</html>"),
    "a17-latin": lambda asked: http("café".encode("latin-1"), content_type="text/html; charset=utf-8"),
    "a19-cookies": lambda asked: http().replace(b"\r\n\r\n", COOKIES, 1),
    "a19-line": lambda asked: http(x_long="y" * (1 << 20)),
    "a19-bytes": lambda asked: b"HTTP/1.1 200 OK\r\n\xff\xfe\x00 no header\r\n\r\n" + PAGE,
    "a19-http09": lambda asked: PAGE,
    "a21-referrer": lambda asked: http(referrer_policy="scrapy.utils.trap_of_ours"),
    "a24-304": lambda asked: http(b"", "304 Not Modified"),
    "a24-empty": lambda asked: http(b""),
    "robots-503": _robots(http(b"", "503 Away")),
    "robots-slow": _robots(drip(b"HTTP/1.1 200 OK\r\n")),
    "robots-big": _robots(http(b"# a\n" * (1 << 19) + b"User-agent: *\nDisallow: /\n", content_type="text/plain")),
    "robots-binary": _robots(http(b"\x00\x01\x02" * 500, content_type="application/octet-stream")),
    "robots-bom": _robots(http(b"\xef\xbb\xbfUser-agent: *\nDisallow: /page\n", content_type="text/plain")),
    "robots-loop": _robots(moved("/robots.txt")),
    "fine": lambda asked: cached(asked),
}  # fmt: skip


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
    """Every mode at once, each on a host of its own."""
    home = Home(tmp_path_factory.mktemp("faults"))
    for kind in ("gzip", "deflate", "br", "zstd", "nested"):
        bomb(kind)  # made now, so that making them does not hold up the server
    with FaultServer(MODES) as server:
        sources = [pages(mode, server.url(mode)) for mode in MODES]
        sources.append(pages("a10-port", "http://fine.localhost:22/a", "http://fine.localhost:6379/b"))
        watch = _Watch()
        start = time.monotonic()
        report = night(home, sources, options=replace(QUICK, concurrency=40))
        yield Night(home, server, report, time.monotonic() - start, watch.stop())


class _Watch:
    """The peak memory of the crawl process, looked at every few milliseconds."""

    def __init__(self) -> None:
        import threading

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
            time.sleep(0.02)

    def stop(self) -> int:
        self._on = False
        self._thread.join()
        return self._peak


FAILS = [  # mode, outcome, reason, how many tries
    ("a1-slow-headers", "failed", "timeout", 2),
    ("a2-slow-body", "failed", "timeout", 2),
    ("a3-endless", "too_large", "too_large", 1),
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
    ("a19-line", "failed", "connection", 2),
    ("a24-304", "failed", "not_modified", 2),
    ("a24-empty", "failed", "empty", 1),
    ("robots-503", "refused", "robots", 1),
    ("robots-slow", "refused", "robots", 1),
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


@pytest.mark.parametrize("mode", ["a5-cut-once", "a13-burst"])
def test_a_passing_fault_is_tried_again_and_the_page_stored_once(bad_night: Night, mode: str) -> None:
    assert [fetch.outcome for fetch in bad_night.fetches(mode)][-1:] == ["ok"]
    assert bad_night.row(mode).kept == 1


def test_other_hosts_do_not_suffer_and_the_time_is_bounded(bad_night: Night) -> None:
    assert bad_night.row("fine").fetched == 1
    assert bad_night.took_s < 2 * QUICK.timeout_s + 12


def test_a7_bombs_and_endless_bodies_cost_little_memory(bad_night: Night) -> None:
    assert bad_night.peak_rss < 300 << 20


def test_a8_a_chain_of_redirects_is_recorded_once_with_its_hops(bad_night: Night) -> None:
    (fetch,) = bad_night.fetches("a8-chain")
    assert len(bad_night.server.asked("a8-chain")) == QUICK.max_redirects + 1
    assert fetch.url == bad_night.server.url("a8-chain")


def test_a14_the_page_is_kept_for_the_probe_to_be_compared_with(home: Home) -> None:
    with FaultServer({"soft": lambda asked: http(b"<html>Page not found</html>")}) as server:
        night(home, [pages("soft", server.url("soft"))], options=replace(QUICK, probe=True))
    (probe,) = fetches(home, "soft", "probe")
    (page,) = fetches(home, "soft")
    assert probe.body_sha256 == page.body_sha256
    assert "no-such-page-" in probe.url


def test_a15_only_the_first_500_kib_of_robots_count(bad_night: Night) -> None:
    assert [fetch.outcome for fetch in bad_night.fetches("robots-big")] == ["ok"]


def test_a15_robots_is_kept_in_the_ledger(bad_night: Night) -> None:
    (fetch,) = fetches(bad_night.home, "robots-503", "robots")
    assert (fetch.status, fetch.outcome) == (503, "failed")


def test_a15_without_the_guard_an_unreachable_robots_is_allow_all(home: Home) -> None:
    with FaultServer({"robots-503": MODES["robots-503"]}) as server:
        night(home, [pages("off", server.url("robots-503"))], options=replace(QUICK, obey_robots=False))
        assert server.asked("robots-503")


def test_a5_without_the_guard_half_a_page_is_stored(home: Home) -> None:
    with FaultServer({"cut": MODES["a5-cut-gzip"]}) as server:
        night(home, [pages("cut", server.url("cut"))], options=replace(QUICK, check_truncation=False))
    (fetch,) = fetches(home, "cut")
    assert fetch.outcome == "ok"
    assert len(get_body(home.raw, fetch.body_sha256 or "")) < len(PAGE) * 20


def test_a8_without_the_limit_the_chain_goes_on(home: Home) -> None:
    with FaultServer({"chain": lambda asked: moved(f"/{asked.at}")}) as server:
        night(home, [pages("chain", server.url("chain"))], options=replace(QUICK, max_redirects=12))
        assert len(server.asked("chain")) == 13


def test_a3_without_the_limit_more_is_read(home: Home) -> None:
    with FaultServer({"big": lambda asked: http(b"x" * (2 << 20))}) as server:
        source = pages("big", server.url("big"))
        night(home, [source], options=replace(QUICK, html_bytes=4 << 20))
    assert [fetch.outcome for fetch in fetches(home)] == ["ok"]


def test_a12_retry_after_is_honoured_over_a_restart(home: Home) -> None:
    with FaultServer({"busy": lambda asked: http(b"", "429 Slow down", retry_after="3600")}) as server:
        source = pages("busy", *[server.url("busy", f"/{n}") for n in range(5)])
        night(home, [source])
        assert len(server.asked("busy")) == 1
        report = night(home, [source], run=2, minutes=50)
        assert len(server.asked("busy")) == 1
        assert report.sources[0].status == "warning"
        night(home, [source], run=3, minutes=62)
        assert len(server.asked("busy")) == 2
    assert fetches(home, "busy")[0].outcome == "blocked"


def test_a13_a_host_that_fails_five_times_is_left_alone(home: Home) -> None:
    with FaultServer({"down": MODES["a13-down"]}) as server:
        night(home, [pages("down", *[server.url("down", f"/{n}") for n in range(30)])])
        assert len(server.asked("down")) == 5


def test_a16_queued_pages_are_dropped_when_robots_changes(home: Home) -> None:
    rules = {"body": b""}
    page = {"robots": lambda asked: http(rules["body"]) if asked.path == "/robots.txt" else http()}
    with FaultServer(page) as server:
        source = pages("robots", *[server.url("robots", f"/{n}") for n in range(4)], max_pages=2)
        night(home, [source])
        rules["body"] = b"User-agent: *\nDisallow: /\n"
        report = night(home, [source], run=2, days=1)
        assert len(server.asked("robots")) == 2
    assert report.sources[0].failures == {"robots": 2}


def test_a17_a_wrong_charset_keeps_the_raw_bytes(bad_night: Night) -> None:
    (fetch,) = bad_night.fetches("a17-latin")
    assert get_body(bad_night.home.raw, fetch.body_sha256 or "") == "café".encode("latin-1")


@pytest.mark.parametrize("path", ["/a/a/a/page", "/a/b/a/b/a/b", "/x" * 30])
def test_a18_paths_that_repeat_are_not_asked_for(home: Home, path: str) -> None:
    with FaultServer({"trap": lambda asked: http()}) as server:
        night(home, [pages("trap", server.url("trap", path))])
        assert server.asked("trap") == []
        night(
            Home(home.root / "off"),
            [pages("trap", server.url("trap", path))],
            options=replace(QUICK, refuse_traps=False),
        )
        assert len(server.asked("trap")) == 1


def test_a18_a_trap_costs_its_budget_and_other_hosts_finish(home: Home) -> None:
    with FaultServer({"calendar": lambda asked: http(), "other": lambda asked: http()}) as server:
        calendar = pages("calendar", *[server.url("calendar", f"/?month={n}") for n in range(60)])
        other = pages("other", *[server.url("other", f"/{n}") for n in range(5)])
        report = night(home, [calendar, other], options=replace(QUICK, site_budget=20))
        assert len(server.asked("calendar")) == 20
    assert [row.fetched for row in report.sources] == [20, 5]
    assert "left for the next run" in (report.sources[0].message or "")


@pytest.mark.parametrize("mode", ["a19-cookies", "a19-bytes", "a19-http09"])
def test_a19_odd_headers_end_in_one_record_a_try(bad_night: Night, mode: str) -> None:
    found = bad_night.fetches(mode)
    assert 1 <= len(found) <= 2
    assert all(len(fetch.headers) < 15 for fetch in found)


def test_a21_a_referrer_policy_of_theirs_imports_nothing(bad_night: Night) -> None:
    assert bad_night.row("a21-referrer").fetched == 1
    assert all("referer" not in asked.headers for asked in bad_night.server.seen)


def test_a22_six_spellings_are_one_page_and_its_aliases_are_noted(home: Home) -> None:
    with FaultServer({}) as server:
        base = server.url("site", "/story")
        spellings = [base, base + "?utm_source=x", base + "/", base + "#top", base + "/amp", base + "?fbclid=1"]
        night(home, [pages("site", *spellings)])
        assert len(server.asked("site")) == 1
    (fetch,) = fetches(home, "site")
    assert set(fetch.hints["aliases"]) == set(spellings[1:])


def test_a23_a_page_that_changes_its_date_is_taken_and_a_text_that_did_not_is_a_quiet_look(home: Home) -> None:
    with FaultServer({"date": lambda asked: http(PAGE + str(asked.hit).encode())}) as server:
        url = server.url("date")
        night(home, [pages("date", url)])
        night(home, [pages("date", url)], run=2, days=1)
    assert [fetch.outcome for fetch in fetches(home, "date")] == ["ok", "ok"]
    frontier = Frontier(home.frontier, 3)
    frontier.note_text(url, False, NOW.timestamp() + 86_400)
    row = frontier._db.execute("select wait_s, due - fetched_at as left from page").fetchone()
    assert row["wait_s"] == pytest.approx(1.2 * 86_400)
    assert row["left"] == pytest.approx(1.2 * 86_400 - 7200)


def test_a24_an_unchanged_page_costs_one_conditional_request(home: Home) -> None:
    with FaultServer({"kept": cached}) as server:
        source = pages("kept", server.url("kept"))
        first = night(home, [source])
        second = night(home, [source], run=2, days=1)
        assert [asked.headers.get("if-none-match") for asked in server.asked("kept")] == [None, '"v1"']
    assert (first.sources[0].kept, second.sources[0].unchanged) == (1, 1)
    old, new = fetches(home, "kept")
    assert (new.outcome, new.status, new.body_sha256) == ("unchanged", 304, old.body_sha256)


def test_rights_that_headers_state_are_kept_with_the_fetch(home: Home) -> None:
    page = http(x_robots_tag="noai, noindex", tdm_reservation="1", last_modified=formatdate(0, usegmt=True))
    with FaultServer({"rights": lambda asked: page}) as server:
        night(home, [pages("rights", server.url("rights"))])
    (fetch,) = fetches(home, "rights")
    assert (fetch.headers["x-robots-tag"], fetch.headers["tdm-reservation"]) == ("noai, noindex", "1")


def test_a20_a_self_signed_certificate_is_refused_unless_told(home: Home, tmp_path: Path) -> None:
    context = _self_signed(tmp_path)
    with FaultServer({}, context=context) as server:
        night(home, [pages("tls", server.url("tls"))])
        assert {fetch.reason.partition(":")[0] for fetch in fetches(home, "tls")} <= {"tls", "robots"}  # type: ignore[union-attr]
        assert [fetch.body_sha256 for fetch in fetches(home, "tls")] == [None]
        off = Home(home.root / "off")
        night(off, [pages("tls", server.url("tls"))], options=replace(QUICK, verify_tls=False))
        assert [fetch.outcome for fetch in fetches(off, "tls")] == ["ok"]


def _self_signed(folder: Path):  # type: ignore[no-untyped-def]
    import datetime
    import ssl

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "tls.localhost")])
    today = datetime.datetime.now(datetime.UTC)
    built = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    built = built.serial_number(1).not_valid_before(today).not_valid_after(today + datetime.timedelta(days=2))
    built = built.add_extension(x509.SubjectAlternativeName([x509.DNSName("tls.localhost")]), False)
    file = folder / "tls.pem"
    encoding, none = serialization.Encoding.PEM, serialization.NoEncryption()
    private = key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, none)
    file.write_bytes(private + built.sign(key, hashes.SHA256()).public_bytes(encoding))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context
