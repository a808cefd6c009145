"""No crawl reaches a private address: by any spelling, by any way in. The trap server counts who came."""

from __future__ import annotations

import asyncio
import ipaddress
from collections.abc import Iterator
from typing import Any

import pytest

from crawlers.crawl import need_contact
from crawlers.guard import Guard, is_public
from crawlers.refusals import REASONS, RefusedError
from crawlers.tally import CrawlReport
from tests.crawlers.faultserver import FaultServer, http, moved
from tests.crawlers.nights import fetches, pages, played
from warehouse.errors import UsageError
from warehouse.home import Home

SPELLINGS = [
    "127.0.0.1", "127.1", "127.0.1", "0x7f000001", "0x7f.0.0.1", "0177.0.0.1", "2130706433", "017700000001", "0",
    "0.0.0.0", "localhost", "LOCALHOST", "a.localhost", "127.0.0.1.nip.test", "[::1]", "[::]", "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]", "[0:0:0:0:0:0:0:1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "[::7f00:1]", "[fe80::1]",
    "[fc00::1]",
    "169.254.169.254", "10.0.0.1", "172.16.0.1", "192.168.1.1", "100.64.0.1", "192.0.0.1", "198.18.0.1", "224.0.0.1",
    "255.255.255.255", "metadata.test", "127.0.0.1.", "①②⑦.0.0.1", "user@127.0.0.1",
]  # fmt: skip
DNS = {
    "public.test": [["127.0.0.2"]], "127.0.0.1.nip.test": [["127.0.0.1"]], "metadata.test": [["169.254.169.254"]],
    "rebinds.test": [["127.0.0.2"], ["127.0.0.1"]], "both.test": [["127.0.0.2", "127.0.0.1"]],
}  # fmt: skip
PLAY: dict[str, Any] = {"dns": DNS, "public": ["127.0.0.2"]}
PORTS = (8080, 8443)


@pytest.mark.parametrize("host", SPELLINGS)
def test_every_spelling_of_a_private_address_is_refused(host: str) -> None:
    def lookup(name: str) -> list[str]:
        from crawlers.guard import system_lookup

        return DNS[name][0] if name in DNS else list(system_lookup(name))

    with pytest.raises(RefusedError) as refused:
        asyncio.run(Guard(lookup).check(f"http://{host}/", allow_private=False))
    assert refused.value.reason in ("private_address", "dns", "bad_address")


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("file:///etc/passwd", "blocked_scheme"), ("gopher://a/", "blocked_scheme"), ("data:,x", "blocked_scheme"),
        ("http://93.184.216.34:22/", "blocked_port"), ("http://93.184.216.34:6379/", "blocked_port"),
        ("http://93.184.216.34:99999/", "bad_address"), ("http://no-such.test/", "dns"),
    ],
)  # fmt: skip
def test_a_refusal_names_its_reason(url: str, reason: str) -> None:
    def nothing(host: str) -> list[str]:
        raise OSError(-2, "Name or service not known")

    with pytest.raises(RefusedError) as refused:
        asyncio.run(Guard(nothing).check(url, allow_private=False))
    assert refused.value.reason == reason
    assert reason in REASONS


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1::1", "64:ff9b::5db8:d822"])
def test_public_addresses_pass(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


def test_a_name_that_was_never_checked_has_no_address() -> None:
    assert Guard().pinned("example.org") == ()


@pytest.fixture
def servers() -> Iterator[tuple[FaultServer, FaultServer]]:
    """A public site (127.0.0.2, which these tests declare public) and the trap, on a port that the web uses."""
    for port in PORTS:
        try:
            with FaultServer({}, "127.0.0.1", port) as trap, FaultServer({}, "127.0.0.2", port) as site:
                yield site, trap
                return
        except OSError:
            continue
    pytest.skip(f"ports {PORTS} are taken")


def _crawl(home: Home, site: FaultServer, play: dict[str, Any] = PLAY, **source: Any) -> CrawlReport:
    return played(home, [pages("s", **{"allow_private": False, **source})], play)


def _urls(port: int) -> list[str]:
    return [f"http://{host}:{port}/x{n}" for n, host in enumerate(SPELLINGS)]


def _way_in(way: str, port: int) -> tuple[Any, dict[str, Any]]:
    """Return how the public site leads to the trap, and the source that would follow it there."""
    base, urls = f"http://public.test:{port}", _urls(port)
    if way == "link":
        return (lambda asked: http()), {"urls": urls}
    if way == "redirect":
        return (lambda asked: moved(urls[int(asked.path[1:])])), {"urls": [f"{base}/{n}" for n in range(len(urls))]}
    if way == "robots":
        return (lambda asked: moved(urls[0]) if asked.path == "/robots.txt" else http()), {"urls": [f"{base}/a"]}
    if way == "feed":
        items = "".join(f"<item><title>t</title><link>{url}</link></item>" for url in urls)
        body = f"<rss version='2.0'><channel><title>f</title>{items}</channel></rss>".encode()
        return (lambda asked: http(body, content_type="application/rss+xml")), {"type": "feed", "urls": [f"{base}/f"]}
    entries = "".join(f"<url><loc>{url}</loc></url>" for url in urls)
    body = f"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{entries}</urlset>".encode()
    return (lambda asked: http(body, content_type="application/xml")), {"type": "sitemap", "urls": [f"{base}/s.xml"]}


@pytest.mark.parametrize("way", ["link", "redirect", "robots", "feed", "sitemap"])
def test_the_trap_sees_no_connection(home: Home, servers: tuple[FaultServer, FaultServer], way: str) -> None:
    site, trap = servers
    mode, source = _way_in(way, site.port)
    site.modes = {"public": mode, "robots": mode}
    if way == "robots":
        site._answer = _answer_all(site, mode)  # type: ignore[method-assign]
    _crawl(home, site, **source)
    assert trap.connections == 0
    if way != "link":
        assert site.connections > 0, "the site itself was never reached, so this proves nothing"


def _answer_all(site: FaultServer, mode: Any) -> Any:
    """Let this mode answer for robots.txt too."""

    def answer(connection: Any) -> None:
        from tests.crawlers.faultserver import Asked

        path = connection.recv(65536).decode("latin-1").split(" ")[1]
        connection.sendall(mode(Asked("public.test", path, {}, 0.0, 1)))

    return answer


def test_without_the_check_the_trap_is_reached(home: Home, servers: tuple[FaultServer, FaultServer]) -> None:
    site, trap = servers
    played(home, [pages("s", *_urls(site.port), allow_private=False)], {**PLAY, "off": "check"})
    assert trap.connections > 0


def test_rebinding_reaches_the_address_that_was_checked(home: Home, servers: tuple[FaultServer, FaultServer]) -> None:
    site, trap = servers
    _crawl(home, site, urls=[f"http://rebinds.test:{site.port}/a"])
    assert trap.connections == 0
    assert [fetch.outcome for fetch in fetches(home)] == ["ok"]


def test_without_pins_rebinding_reaches_the_trap(home: Home, servers: tuple[FaultServer, FaultServer]) -> None:
    site, trap = servers
    _crawl(home, site, {**PLAY, "off": "pins"}, urls=[f"http://rebinds.test:{site.port}/a"])
    assert trap.connections > 0


def test_a_name_with_one_private_answer_is_refused(home: Home, servers: tuple[FaultServer, FaultServer]) -> None:
    site, trap = servers
    _crawl(home, site, urls=[f"http://both.test:{site.port}/a"])
    assert trap.connections == 0


def test_crawling_the_public_web_needs_a_contact() -> None:
    public = pages("site", "https://example.org/", allow_private=False)
    with pytest.raises(UsageError, match="CLAIMWATCH_CONTACT"):
        need_contact([public], None)
    need_contact([public], "someone@example.org")
    need_contact([pages("own", "http://own.localhost/")], None)
