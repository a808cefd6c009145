"""Sitemaps: indexes, packing, limits, patterns."""

from __future__ import annotations

import gzip
import time

import pytest

from crawlers.adapters import ADAPTERS, sitemap
from crawlers.adapters.base import Body
from crawlers.adapters.matching import fits, matches, wanted
from crawlers.adapters.packed import unpacked
from crawlers.errors import UnreadableError
from tests.crawlers.adapting import NOW, source

URL = "https://trust.example/sitemap.xml"
SITEMAP = ADAPTERS["sitemap"]
NS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'


def pages(*entries: str) -> bytes:
    return f"<urlset {NS}>{''.join(f'<url>{entry}</url>' for entry in entries)}</urlset>".encode()


def index(*addresses: str) -> bytes:
    named = "".join(f"<sitemap><loc>{at}</loc></sitemap>" for at in addresses)
    return f"<sitemapindex {NS}>{named}</sitemapindex>".encode()


def urls(found) -> list[str]:
    return [request.url for request in found.requests]


def test_a_sitemap_lists_wanted_pages_of_its_own_host_with_lastmod():
    config = source(type="sitemap", url=URL, include=["/insight/*"], exclude=["*/archive/*"])
    body = pages(
        "<loc>https://trust.example/insight/a</loc><lastmod>2026-10-01</lastmod>",
        "<loc>https://www.trust.example/insight/b</loc>",
        "<loc>https://trust.example/insight/archive/c</loc>",
        "<loc>https://trust.example/jobs/d</loc>",
        "<loc>https://elsewhere.example/insight/e</loc>",
        "<loc>ftp://trust.example/insight/f</loc>",
        "<lastmod>2026-01-01</lastmod>",
    )
    found = SITEMAP.listing(config, Body(URL, body))
    assert urls(found) == ["https://trust.example/insight/a", "https://www.trust.example/insight/b"]
    assert found.requests[0].hints == {"lastmod": "2026-10-01"}
    assert found.warnings == [f"{URL}: 1 addresses on other hosts were left out"]


def test_pages_older_than_asked_for_are_left_out_and_undated_ones_kept():
    config = source(type="sitemap", url=URL, recent_days=30)
    [start] = SITEMAP.start(config, NOW)
    body = pages(
        "<loc>https://trust.example/new</loc><lastmod>2026-11-01T08:00:00Z</lastmod>",
        "<loc>https://trust.example/old</loc><lastmod>2026-01-01</lastmod>",
        "<loc>https://trust.example/undated</loc>",
    )
    found = SITEMAP.listing(config, Body(URL, body, state=start.state))
    assert urls(found) == ["https://trust.example/new", "https://trust.example/undated"]


def test_news_sitemaps_tell_title_and_date():
    entry = (
        "<loc>https://trust.example/n</loc><news:news>"
        "<news:publication><news:name>The Vale</news:name></news:publication>"
        "<news:publication_date>2026-05-06</news:publication_date><news:title>Beds</news:title></news:news>"
    )
    found = SITEMAP.listing(source(type="sitemap", url=URL), Body(URL, pages(entry)))
    assert found.requests[0].hints == {"title": "Beds", "published": "2026-05-06", "publisher": "The Vale"}


def test_an_index_that_names_itself_ends():
    config = source(type="sitemap", url=URL)
    queue, asked = list(SITEMAP.start(config, NOW)), []
    while queue:
        request = queue.pop()
        asked.append(request.url)
        found = SITEMAP.listing(config, Body(request.url, index(URL, f"{URL}?n={len(asked)}"), state=request.state))
        queue += found.more
        assert len(asked) < 10
    assert len(asked) == 3  # itself once, and two levels below it


def test_an_index_deeper_than_two_levels_warns():
    found = SITEMAP.listing(
        source(type="sitemap", url=URL), Body(URL, index("https://trust.example/x.xml"), state={"depth": 2, "seen": []})
    )
    assert not found.more
    assert found.warnings


def test_more_addresses_than_the_standard_allows_are_cut_and_told(monkeypatch):
    assert sitemap.MAX_ADDRESSES == 50_000
    monkeypatch.setattr(sitemap, "MAX_ADDRESSES", 500)
    body = pages(*(f"<loc>https://trust.example/{n}</loc>" for n in range(501)))
    found = SITEMAP.listing(source(type="sitemap", url=URL), Body(URL, body))
    assert len(found.requests) == 500
    assert "the last 1" in found.warnings[0]


def test_packed_text_and_robots_forms():
    config = source(type="sitemap", url=URL)
    packed = gzip.compress(pages("<loc>https://trust.example/a</loc>"))
    assert urls(SITEMAP.listing(config, Body(f"{URL}.gz", packed))) == ["https://trust.example/a"]
    plain = b"https://trust.example/a\nhttps://trust.example/b\n"
    assert len(urls(SITEMAP.listing(config, Body("https://trust.example/sitemap.txt", plain)))) == 2
    robots = b"User-agent: *\nDisallow:\nSitemap: https://trust.example/one.xml\n"
    found = SITEMAP.listing(config, Body("https://trust.example/robots.txt", robots))
    assert [request.url for request in found.more] == ["https://trust.example/one.xml"]


def test_a_sitemap_that_is_a_feed_is_read_as_one():
    feed = b'<rss version="2.0"><channel><item><link>https://trust.example/a</link></item></channel></rss>'
    assert urls(SITEMAP.listing(source(type="sitemap", url=URL), Body(URL, feed))) == ["https://trust.example/a"]


BOMB = b'<!DOCTYPE u [<!ENTITY a "x">]><urlset><url><loc>&a;</loc></url></urlset>'


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (BOMB, "entities"),
        (b"<html><body>404</body></html>", "unknown type"),
        (b"<urlset><url>", "broken"),
        (b"", "empty"),
        (gzip.compress(b"\0" * (60 << 20), 1), "too large"),
        (b"\x1f\x8bnot gzip at all", "broken"),
    ],
    ids=["entities", "a page", "cut off", "empty", "gzip bomb", "no gzip"],
)
def test_what_is_no_sitemap_is_refused_with_a_reason(content, reason):
    with pytest.raises(UnreadableError) as caught:
        SITEMAP.listing(source(type="sitemap", url=URL), Body(URL, content))
    assert caught.value.reason == reason


def test_unpacking_stops_at_the_cap_and_not_after_it():
    packed = gzip.compress(b"\0" * (200 << 20), 1)
    started = time.process_time()
    with pytest.raises(UnreadableError):
        unpacked(packed, 1000)
    assert time.process_time() - started < 0.5


CASES = [
    ("/insight/*", "https://a.example/insight/x", True),
    ("/insight/*", "https://a.example/insight", False),
    ("/insight", "https://a.example/insight", True),
    ("*.pdf", "https://a.example/x/y.pdf", True),
    ("*/y*/z", "https://a.example/x/yes/z", True),
    ("https://b.example/*", "https://a.example/x", False),
    ("https://*.example/x", "https://a.example/x", True),
    ("/x?page=*", "https://a.example/x?page=2", True),
    ("/a*a", "https://a.example/a", False),
    ("/", "https://a.example", True),
    ("*", "https://a.example/anything", True),
]


@pytest.mark.parametrize(("pattern", "url", "fit"), CASES)
def test_patterns(pattern, url, fit):
    assert matches(pattern, url) is fit


def test_exclude_wins_over_include():
    config = source(type="sitemap", url=URL, include=["/a/*"], exclude=["/a/b/*"])
    assert wanted(config, "https://trust.example/a/c")
    assert not wanted(config, "https://trust.example/a/b/c")


def test_matching_takes_linear_time_on_hostile_input():
    started = time.process_time()
    assert not fits(("*a" * 50 + "*b").split("*"), "a" * 100_000 + "!")
    assert time.process_time() - started < 0.5


def test_real_sitemaps_are_read_whole(real):
    folder = real / "api" / "sitemaps"
    site = "https://www.sitemaps.example/"
    body = (folder / "sitemap.xml").read_bytes()
    host = body.split(b"<loc>")[1].split(b"/")[2].decode()
    config = source(type="sitemap", url=site)
    plain = SITEMAP.listing(config, Body(f"https://{host}/sitemap.xml", body))
    packed = SITEMAP.listing(config, Body(f"https://{host}/sitemap.xml", (folder / "sitemap.xml.gz").read_bytes()))
    assert len(plain.requests) == body.count(b"<loc>") == 84
    assert urls(packed) == urls(plain)
    assert len(SITEMAP.listing(config, Body(site, (folder / "sitemap2.xml").read_bytes())).more) == 2


def test_a_tag_of_50000_attributes_is_refused_soon():
    body = b"<urlset %s></urlset>" % b" ".join(b'a%d="1"' % n for n in range(50_000))
    started = time.process_time()
    with pytest.raises(UnreadableError, match="attributes"):
        SITEMAP.listing(source(type="sitemap", url=URL), Body(URL, body))
    assert time.process_time() - started < 0.5
