"""The same faults with every guard switched off: each one then does what its guard keeps it from doing.

One night; each fault is on a host of its own and meets its own guard, so that each test tells of one guard.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from crawlers.rights import PATH
from crawlers.robots import read_rules
from tests.crawlers.badsites import MODES, SQUEEZED, TRAPS, self_signed
from tests.crawlers.faultserver import PAGE, FaultServer, Mode, drip, http, moved
from tests.crawlers.nights import QUICK, fetches, pages, played
from warehouse.home import Home
from warehouse.models import Fetch
from warehouse.raw import get_body

OFF = replace(
    QUICK, timeout_s=60, html_bytes=96 << 20, max_bytes=96 << 20, header_bytes=1 << 40, max_redirects=12, max_tries=1,
    obey_robots=False, check_truncation=False, refuse_traps=False, verify_tls=False, site_budget=10**9, concurrency=40,
)  # fmt: skip
PLAY = {
    "off": ["schemes", "retry-after", "one-spelling", "not-modified", "encoding-errors"],
    "limits": {
        "crawlers.schedule.BREAK_AFTER": 10**9, "crawlers.taken.MAX_HEADER_CHARS": 10**9,
        "crawlers.taken.MIN_BODY_BYTES": 0, "crawlers.middlewares.decoding.MAX_LAYERS": 9,
        "crawlers.guard.NEVER_PORTS": [],
    },
    "scrapy": {
        "DOWNLOAD_FAIL_ON_DATALOSS": False, "COOKIES_ENABLED": True,
        "DOWNLOADER_MIDDLEWARES": {"scrapy.downloadermiddlewares.cookies.CookiesMiddleware": 700},
        "DOWNLOAD_HANDLERS": {"file": "scrapy.core.downloader.handlers.file.FileDownloadHandler"},
    },
}  # fmt: skip
SAME = ("a3-long", "a4-short", "a5-cut-gzip", "a6-no-gzip", "a7-gzip", "a7-nested", "a19-much", "a19-link", "a24-304",
        "a24-empty", "robots-503")  # fmt: skip
SPELLINGS = ("", "?utm_source=x", "/", "/amp", "?fbclid=1")
MANY = {"down": 12, "busy": 5, "calendar": 30, "cookie": 2}


@dataclass(frozen=True)
class Night:
    home: Home
    server: FaultServer

    def asked(self, mode: str) -> int:
        return len(self.server.asked(mode))

    def fetch(self, mode: str) -> Fetch:
        (fetch,) = fetches(self.home, mode)
        return fetch

    def body(self, mode: str) -> bytes:
        return get_body(self.home.raw, self.fetch(mode).body_sha256 or "")


def _modes(secret: Path) -> dict[str, Mode]:
    return {
        **{mode: MODES[mode] for mode in SAME},
        **{mode: lambda asked: http() for mode in TRAPS},
        "a1-slow": lambda asked: drip(http(b"x" * 40, length=46)),
        "a8-chain": lambda asked: moved(f"/{asked.at}"),
        "a9-file": lambda asked: moved(secret.as_uri()),
        "down": lambda asked: http(b"", "502 Bad Gateway"),
        "busy": lambda asked: http(b"", "429 Slow down", retry_after="3600"),
        "calendar": lambda asked: http(),
        "cookie": lambda asked: http(set_cookie="a=1"),
        "story": lambda asked: http(),
        "reserved": lambda asked: http(b'[{"location": "/", "tdm-reservation": 1}]') if asked.path == PATH else http(),
    }


@pytest.fixture(scope="module")
def off_night(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Night]:
    """The night without guards."""
    home = Home(tmp_path_factory.mktemp("off"))
    secret = home.root / "secret.txt"
    secret.write_text("a file of ours")
    modes = _modes(secret)
    with FaultServer(modes) as server, FaultServer({}, context=self_signed(home.root)) as secure:
        urls = {mode: [server.url(mode, f"/?month={n}") for n in range(MANY.get(mode, 1))] for mode in modes}
        urls |= {mode: [server.url(mode, path)] for mode, path in TRAPS.items()}
        urls |= {"story": [server.url("story", "/story") + end for end in SPELLINGS], "a20-tls": [secure.url("tls")]}
        urls |= {"a10-port": ["http://fine.localhost:6379/b"]}
        played(home, [pages(mode, *urls[mode]) for mode in urls], PLAY, OFF)
        yield Night(home, server)


def test_a1_a2_without_the_time_limit_a_slow_page_is_waited_for(off_night: Night) -> None:
    assert off_night.fetch("a1-slow").outcome == "ok"


def test_a3_without_the_limit_a_long_body_is_read_whole(off_night: Night) -> None:
    assert off_night.fetch("a3-long").bytes == 2 << 20


def test_a4_without_the_check_a_body_that_ends_early_is_stored(off_night: Night) -> None:
    assert off_night.body("a4-short") == PAGE


def test_a5_without_the_check_half_a_page_is_stored(off_night: Night) -> None:
    assert 0 < len(off_night.body("a5-cut-gzip")) < len(PAGE) * 20 < len(SQUEEZED) * 1000


def test_a6_without_the_check_a_body_in_another_encoding_is_stored(off_night: Night) -> None:
    assert off_night.body("a6-no-gzip") == PAGE


@pytest.mark.parametrize("mode", ["a7-gzip", "a7-nested"])
def test_a7_without_the_limits_a_bomb_goes_off(off_night: Night, mode: str) -> None:
    assert off_night.fetch(mode).bytes == 64 << 20


def test_a8_without_the_limit_the_chain_goes_on(off_night: Night) -> None:
    assert off_night.asked("a8-chain") == 13


def test_a9_without_the_guard_a_redirect_reads_a_file_of_ours(off_night: Night) -> None:
    assert off_night.body("a9-file") == b"a file of ours"


def test_a10_without_the_guard_a_port_of_another_service_is_tried(off_night: Night) -> None:
    assert (off_night.fetch("a10-port").reason or "").startswith("connection")


def test_a12_without_the_guard_a_busy_host_is_asked_for_everything(off_night: Night) -> None:
    assert off_night.asked("busy") == 5


def test_a13_without_the_breaker_a_host_that_is_down_is_asked_for_everything(off_night: Night) -> None:
    assert off_night.asked("down") == 12


def test_a15_without_the_guard_robots_is_not_asked(off_night: Night) -> None:
    assert off_night.fetch("robots-503").outcome == "ok"


@pytest.mark.parametrize("off", [[], ["unreachable"]])
def test_a15_without_the_rule_an_unreachable_robots_file_allows_all(home: Home, off: list[str]) -> None:
    with FaultServer({"robots-503": MODES["robots-503"]}) as server:
        played(home, [pages("robots-503", server.url("robots-503"))], {"off": off})
    assert [fetch.outcome for fetch in fetches(home, "robots-503")] == ["ok" if off else "refused"]


@pytest.mark.parametrize("off", [[], ["read-anew"]])
def test_a16_without_reading_it_anew_a_robots_file_that_changed_is_not_seen(home: Home, off: list[str]) -> None:
    rules = [b""]
    modes = {"robots": lambda asked: http(rules[-1], content_type="text/plain") if "robots" in asked.path else http()}
    with FaultServer(modes) as server:
        source = pages("robots", *[server.url("robots", f"/{n}") for n in range(2)], max_pages=1)
        played(home, [source], {"off": off})
        rules.append(b"User-agent: *\nDisallow: /\n")
        played(home, [source], {"off": off}, QUICK, 2)
    assert [fetch.outcome for fetch in fetches(home, "robots")] == ["ok", "ok" if off else "refused"]


def test_a15_without_the_cut_what_comes_after_500_kib_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    body = b"# nothing\n" * 60_000 + b"User-agent: *\nDisallow: /\n"
    assert read_rules(body).allows("https://example.org/x", "claimwatch")
    monkeypatch.setattr("crawlers.robots.MAX_BYTES", 1 << 30)
    assert not read_rules(body).allows("https://example.org/x", "claimwatch")


@pytest.mark.parametrize("mode", TRAPS)
def test_a18_without_the_rule_an_endless_address_is_asked_for(off_night: Night, mode: str) -> None:
    assert off_night.asked(mode) == 1


def test_a18_without_the_budget_the_calendar_is_read_to_its_end(off_night: Night) -> None:
    assert off_night.asked("calendar") == 30


def test_a19_without_the_limit_headers_are_taken_at_any_length(off_night: Night) -> None:
    assert off_night.fetch("a19-much").outcome == "ok"
    assert len(off_night.fetch("a19-link").headers["link"]) == 10_000


def test_a19_without_the_setting_cookies_are_sent_back(off_night: Night) -> None:
    assert [asked.headers.get("cookie") for asked in off_night.server.asked("cookie")] == [None, "a=1"]


def test_a20_without_the_check_any_certificate_does(off_night: Night) -> None:
    assert off_night.fetch("a20-tls").outcome == "ok"


def test_a22_without_one_spelling_every_address_is_a_page(off_night: Night) -> None:
    assert off_night.asked("story") == len(SPELLINGS)


def test_a24_without_the_check_a_304_to_nothing_is_taken_for_unchanged(off_night: Night) -> None:
    assert off_night.fetch("a24-304").outcome == "unchanged"


def test_a24_without_the_check_an_empty_body_is_stored(off_night: Night) -> None:
    assert off_night.body("a24-empty") == b""


def test_b17_without_the_question_a_file_of_rights_goes_unread(off_night: Night) -> None:
    assert "tdm-reservation" not in off_night.fetch("reserved").headers
