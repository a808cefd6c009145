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
from crawlers.sources import SourceConfig
from tests.crawlers.faultserver import FaultServer, Mode, http, moved
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
    **{f"{way}.test": [["127.0.0.2"]] for way in ("redirect", "robots", "feed", "sitemap", "index")},
    "127.0.0.1.nip.test": [["127.0.0.1"]], "metadata.test": [["169.254.169.254"]],
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


Servers = tuple[FaultServer, FaultServer]


@pytest.fixture(scope="module")
def servers() -> Iterator[Servers]:
    """A public site (127.0.0.2, which these tests declare public) and the trap, on a port that the web uses."""
    for port in PORTS:
        try:
            with FaultServer({}, "127.0.0.1", port) as trap, FaultServer({}, "127.0.0.2", port) as site:
                yield site, trap
                return
        except OSError:
            continue
    pytest.skip(f"ports {PORTS} are taken")


def _traps(port: int) -> list[str]:
    return [f"http://{host}:{port}/x{n}" for n, host in enumerate(SPELLINGS)]


def _modes(urls: list[str]) -> dict[str, Mode]:
    """How the public site leads to the trap, a host a way."""
    items = "".join(f"<item><title>t</title><link>{url}</link></item>" for url in urls)
    feed = f"<rss version='2.0'><channel><title>f</title>{items}</channel></rss>".encode()
    entries = "".join(f"<url><loc>{url}</loc></url>" for url in urls)
    sitemap = f"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{entries}</urlset>".encode()
    named = "".join(f"<sitemap><loc>{url}</loc></sitemap>" for url in urls)
    index = f"<sitemapindex xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{named}</sitemapindex>".encode()
    return {
        "redirect": lambda asked: moved(urls[int(asked.path[1:])]),
        "robots": lambda asked: moved(urls[0]) if asked.path == "/robots.txt" else http(),
        "feed": lambda asked: http(feed, content_type="application/rss+xml"),
        "sitemap": lambda asked: http(sitemap, content_type="application/xml"),
        "index": lambda asked: http(index, content_type="application/xml"),
    }


def _sources(port: int) -> list[SourceConfig]:
    def site(host: str, path: str = "/a") -> str:
        return f"http://{host}.test:{port}{path}"

    public = {"allow_private": False}
    return [
        pages("link", *_traps(port), **public),
        pages("redirect", *[site("redirect", f"/{n}") for n in range(len(SPELLINGS))], **public),
        pages("robots", site("robots"), **public),
        pages("feed", site("feed"), type="feed", **public),
        pages("sitemap", site("sitemap"), type="sitemap", **public),
        pages("index", site("index"), type="sitemap", **public),
        pages("rebinds", site("rebinds"), **public),
        pages("both", site("both"), **public),
    ]


@pytest.fixture(scope="module")
def guarded(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> tuple[Home, int]:
    """A crawl by every way in; its home, and how many connections the trap saw."""
    site, trap = servers
    home, before = Home(tmp_path_factory.mktemp("guarded")), trap.connections
    site.modes = _modes(_traps(site.port))
    played(home, _sources(site.port), PLAY)
    return home, trap.connections - before


def test_the_trap_sees_no_connection(guarded: tuple[Home, int]) -> None:
    assert guarded[1] == 0


@pytest.mark.parametrize(
    ("way", "role"), [("link", "document"), ("redirect", "document"), ("feed", "document"), ("index", "listing")]
)
def test_every_spelling_was_led_to_by_every_way(guarded: tuple[Home, int], way: str, role: str) -> None:
    refused = [fetch for fetch in fetches(guarded[0], way, role) if fetch.outcome in ("refused", "failed")]
    reasons = {(fetch.reason or "").partition(":")[0] for fetch in refused}
    assert reasons <= {"private_address", "dns", "bad_address", "circuit"}  # names without addresses open it
    assert len(refused) > 30  # some spellings are one address


@pytest.mark.parametrize(("way", "role"), [("robots", "document"), ("sitemap", "listing")])
def test_robots_that_leads_astray_is_unreachable_and_a_sitemap_lists_its_own_host_alone(
    guarded: tuple[Home, int], way: str, role: str
) -> None:
    assert [fetch.outcome for fetch in fetches(guarded[0], way, role)] == ["refused" if way == "robots" else "ok"]
    assert len(fetches(guarded[0], way)) == (way == "robots")


def test_a11_rebinding_reaches_the_address_that_was_checked(guarded: tuple[Home, int]) -> None:
    assert [fetch.outcome for fetch in fetches(guarded[0], "rebinds")] == ["ok"]


def test_a_name_with_one_private_answer_is_refused(guarded: tuple[Home, int]) -> None:
    assert {(fetch.reason or "").partition(":")[0] for fetch in fetches(guarded[0], "both")} <= {
        "private_address",
        "robots",
    }
    assert all(fetch.body_sha256 is None for fetch in fetches(guarded[0], "both"))


def test_a10_without_the_check_the_trap_is_reached(home: Home, servers: Servers) -> None:
    site, trap = servers
    before = trap.connections
    played(home, [pages("s", *_traps(site.port)[:12], allow_private=False)], {**PLAY, "off": ["check"]})
    assert trap.connections > before


def test_a11_without_pins_rebinding_reaches_the_trap(home: Home, servers: Servers) -> None:
    site, trap = servers
    before = trap.connections
    source = pages("s", f"http://rebinds.test:{site.port}/a", allow_private=False)
    played(home, [source], {**PLAY, "off": ["pins"]})
    assert trap.connections > before


def test_crawling_the_public_web_needs_a_contact() -> None:
    public = pages("site", "https://example.org/", allow_private=False)
    with pytest.raises(UsageError, match="CLAIMWATCH_CONTACT"):
        need_contact([public], None)
    need_contact([public], "someone@example.org")
    need_contact([pages("own", "http://own.localhost/")], None)
