"""Feeds, on hand-made ones and on feedparser's 2,249 recorded cases."""

from __future__ import annotations

import gzip
import io
import json
import time
from pathlib import Path

import feedparser
import pytest

from crawlers.adapters import ADAPTERS
from crawlers.adapters.base import Body
from crawlers.adapters.feed import read_feed
from crawlers.errors import UnreadableError
from tests.crawlers.adapting import NOW, source

URL = "https://news.example/feed/"
FEED = ADAPTERS["feed"]
RSS = b"""<?xml version="1.0"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>News</title>
 <atom:link rel="next" href="?page=2"/>
 <item><title>Beds &amp;amp; budgets</title><link>/2026/beds</link><pubDate>Tue, 03 Mar 2026 09:30:00 GMT</pubDate>
  <dc:creator>R. Osei</dc:creator><description>Short.</description>
  <content:encoded><![CDATA[<p>Beds fell.</p><p>Budgets grew.</p>]]></content:encoded></item>
 <item><title>Sport</title><link>https://news.example/sport/1</link></item>
 <item><title>Twice</title><link>/2026/beds</link></item>
 <item><title>No link</title></item>
 <item><title>Odd link</title><link>javascript:alert(1)</link></item>
</channel></rss>"""


def test_a_feed_asks_for_each_entry_once_with_what_it_said_of_it():
    config = source(type="feed", url=URL, exclude=["/sport/*"])
    [start] = FEED.start(config, NOW)
    assert (start.url, start.role) == (URL, "listing")
    found = FEED.listing(config, Body(URL, RSS, "application/rss+xml"))
    assert [request.url for request in found.requests] == ["https://news.example/2026/beds"]
    hints = {"title": "Beds & budgets", "published": "2026-03-03T09:30:00+00:00", "authors": ["R. Osei"]}
    assert found.requests[0].hints == hints
    assert [request.url for request in found.more] == ["https://news.example/feed/?page=2"]
    assert found.warnings == ["https://news.example/feed/: 2 entries have no link"]


def test_a_feed_that_is_not_followed_gives_its_entries_as_documents():
    config = source(type="feed", url=URL, follow=False, include=["/2026/*"], publisher="News")
    [start] = FEED.start(config, NOW)
    assert start.role == "records"
    body = Body(URL, RSS, "application/rss+xml")
    assert FEED.listing(config, body).records == len(FEED.documents(config, body)) == 2
    document = FEED.documents(config, body)[0]
    assert document.text == "Beds fell.\n\nBudgets grew."
    assert (document.published, document.publisher, document.authors) == ("2026-03-03", "News", ("R. Osei",))


def test_paging_of_a_feed_ends():
    config = source(type="feed", url=URL)
    assert not FEED.listing(config, Body(URL, RSS, state={"page": 20})).more


def test_json_feed():
    feed = {
        "version": "https://jsonfeed.org/version/1.1", "next_url": "https://news.example/feed?page=2",
        "items": [{"id": "1", "url": "/a", "title": "A", "content_html": "<p>One.</p>", "authors": [{"name": "B"}],
                   "date_published": "2026-01-02T03:04:05Z", "date_modified": "2026-01-03T00:00:00Z"}, "junk"],
    }  # fmt: skip
    found = FEED.listing(source(type="feed", url=URL), Body(URL, b"\xef\xbb\xbf" + json.dumps(feed).encode()))
    assert [(request.url, request.hints["authors"]) for request in found.requests] == [
        ("https://news.example/a", ["B"])
    ]
    assert found.requests[0].hints["updated"] == "2026-01-03T00:00:00Z"
    assert len(found.more) == 1


BOMB = (
    b'<!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>'
    b'<rss version="2.0"><channel><title>&b;</title></channel></rss>'
)
REFUSED = [
    (BOMB, "entities"),
    (BOMB.decode().encode("utf-16"), "entities"),
    (b'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss version="2.0"><channel/></rss>', "entities"),
    (b"<html><title>Service unavailable</title><body>Sorry</body></html>", "unknown type"),
    (b" ", "empty"),
    (b'{"version": "1"}', "unknown type"),
    (gzip.compress(b" " * (17 << 20)), "too large"),
]


@pytest.mark.parametrize(("content", "reason"), REFUSED)
def test_what_is_no_feed_is_refused_with_a_reason(content, reason):
    with pytest.raises(UnreadableError) as caught:
        read_feed(Body(URL, content))
    assert caught.value.reason == reason


def test_an_empty_feed_is_a_feed():
    assert read_feed(Body(URL, b'<rss version="2.0"><channel><title>Quiet</title></channel></rss>')).entries == ()


def test_a_body_that_looks_like_an_address_or_file_is_never_opened(tmp_path):
    secret = tmp_path / "secret.xml"
    secret.write_bytes(RSS)
    with pytest.raises(UnreadableError):
        read_feed(Body(URL, str(secret).encode()))


def feed_cases(real: Path) -> list[Path]:
    return sorted(path for path in (real / "api" / "feeds").rglob("*") if path.is_file() and path.name != "LICENSE")


def test_every_recorded_case_gives_its_entries_or_a_reason(real: Path):
    cases = feed_cases(real)
    assert len(cases) >= 2_200
    config, wrong, slow, refused = source(type="feed", url=URL, follow=False), [], [], []
    for n, path in enumerate(cases):
        body = Body(URL, path.read_bytes(), "application/xml")
        started = time.process_time()
        try:
            found = read_feed(body)
            if n % 10 == 0:
                assert FEED.listing(config, body).records == len(FEED.documents(config, body))
        except UnreadableError as error:
            refused.append((path.parent.name, path.name, error.reason))
            continue
        if time.process_time() - started > 2:
            slow.append(path.name)
        told = feedparser.parse(io.BytesIO(body.content)).entries
        if "wellformed" in path.parts and len(found.entries) != len(told):
            wrong.append(path.name)
    assert not wrong
    assert not slow
    well = sorted(name for folder, name, reason in refused if folder in ("rss", "rdf", "atom", "atom10", "cdf"))
    assert well == ["doctype_contains_entity_decl.xml", "entity_in_doctype.xml"]  # both define entities
    assert len(refused) <= 8


ITEM = b"<item><title>a</title><link>http://a.example/c</link></item>"
HOSTILE = {
    "attributes": b'<rss version="2.0" %s><channel/></rss>' % b" ".join(b'a%d="1"' % n for n in range(50_000)),
    "unclosed items": b'<rss version="2.0"><channel>' + b"<item>" * 170_000,
    "nested in a title": b'<rss version="2.0"><channel><item><title>' + b"<b>" * 100_000,
    "too many entries": b'<rss version="2.0"><channel>' + ITEM * 20_001 + b"</channel></rss>",
    "open tags": b"<a " * 340_000,
}


@pytest.mark.parametrize("wide", [False, True], ids=["plain", "in UTF-16"])
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_feeds_are_refused_soon(name, wide):
    content = HOSTILE[name].decode().encode("utf-16") if wide else HOSTILE[name]
    started = time.process_time()
    with pytest.raises(UnreadableError):
        read_feed(Body(URL, content))
    assert time.process_time() - started < 1.5
