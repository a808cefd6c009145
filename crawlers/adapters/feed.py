"""Feeds: RSS, Atom, RDF and CDF through feedparser, and JSON Feed. Pages on by RFC 5005 ``rel=next``.

With ``follow`` (the default) each entry's page is fetched; without it the entries are the documents.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from time import struct_time
from typing import TYPE_CHECKING, Any

from crawlers.adapters.base import Body, Listing, Request
from crawlers.adapters.common import (
    clean_hints,
    day,
    mapping,
    merge_hints,
    objects,
    read_object,
    read_page,
    strings,
    text_of,
    web_link,
)  # fmt: skip
from crawlers.adapters.fragment import fragment_text
from crawlers.adapters.matching import wanted
from crawlers.adapters.packed import unpacked
from crawlers.errors import UnreadableError
from crawlers.xml import refuse_entities
from warehouse.models import Document

if TYPE_CHECKING:
    from crawlers.sources import SourceConfig

MAX_BYTES = 16 << 20
MAX_PAGES = 20
MAX_ENTRIES = 20_000
NEXT = ("next", "prev-archive")
_ENTRY = re.compile(rb"<(?:[a-z0-9]{1,20}:)?(?:item|entry)[\s>]", re.IGNORECASE)
_CDF = re.compile(rb"<channel\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry, whatever the format. ``markup`` is its content, or else its summary."""

    link: str | None
    title: str | None
    published: str | None
    updated: str | None
    authors: tuple[str, ...]
    markup: str
    id: str | None = None


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed's entries, in order, and the address of the page after it."""

    entries: tuple[Entry, ...]
    next: str | None = None


class FeedAdapter:
    """RSS, Atom, RDF, CDF and JSON Feed."""

    def start(self, source: SourceConfig, now: datetime) -> Sequence[Request]:
        """Return each feed's first page."""
        return [Request(url, "listing" if source.follow else "records") for url in source.addresses]

    def listing(self, source: SourceConfig, body: Body) -> Listing:
        """Return a request for each wanted entry (or the count of entries that are documents themselves)."""
        feed = read_feed(body)
        more = self._more(source, body, feed)
        if not source.follow:
            return Listing(more=more, records=sum(1 for _ in self._kept(source, body, feed)))
        found: dict[str, Request] = {}
        for entry in feed.entries:
            if entry.link and wanted(source, entry.link):
                found.setdefault(entry.link, Request(entry.link, "document", entry_hints(entry)))
        unlinked = sum(entry.link is None for entry in feed.entries)
        warnings = [f"{body.url}: {unlinked} entries have no link"] if unlinked else []
        return Listing(requests=list(found.values()), more=more, warnings=warnings)

    def documents(self, source: SourceConfig, body: Body) -> Sequence[Document]:
        """Return a followed page as one Document; without ``follow``, the feed's entries as Documents."""
        if source.follow:
            return read_page(source, body)
        return [self._document(source, body, entry) for entry in self._kept(source, body, read_feed(body))]

    def _kept(self, source: SourceConfig, body: Body, feed: Feed) -> Iterator[Entry]:
        for entry in feed.entries:
            address = entry.link or web_link(body.url, entry.id)
            if address and wanted(source, address):
                yield entry

    def _document(self, source: SourceConfig, body: Body, entry: Entry) -> Document:
        document = Document(
            url=entry.link or web_link(body.url, entry.id) or body.url, text=fragment_text(entry.markup),
            title=entry.title, authors=entry.authors, published=day(entry.published), updated=day(entry.updated),
            kind="news",
        )  # fmt: skip
        return merge_hints(source, Body(body.url, b""), document)

    def _more(self, source: SourceConfig, body: Body, feed: Feed) -> list[Request]:
        page = int(body.state.get("page", 1))
        if feed.next is None or feed.next == body.url or page >= MAX_PAGES or not feed.entries:
            return []
        return [Request(feed.next, "listing" if source.follow else "records", state={"page": page + 1})]


def entry_hints(entry: Entry) -> dict[str, Any]:
    """Return what the ledger keeps of an entry."""
    return clean_hints(title=entry.title, published=entry.published, updated=entry.updated, authors=list(entry.authors))


def read_feed(body: Body) -> Feed:
    """Return the feed in ``body``. Raises UnreadableError: entity definitions, too large, or no feed at all."""
    data = unpacked(body.content, MAX_BYTES)
    if not data.strip():
        raise UnreadableError("empty", f"{body.url}: nothing in it")
    if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{":
        return _json_feed(Body(body.url, data.removeprefix(b"\xef\xbb\xbf")))
    refuse_entities(data)
    _refuse_hostile(data.replace(b"\0", b""))
    return _xml_feed(body, data)


def _refuse_hostile(data: bytes) -> None:
    """Refuse what holds the parser up for minutes: 50,000 attributes on a tag took it 40 seconds."""
    from crawlers.extract.prescan import prescan

    prescan(data, MAX_BYTES)
    if (count := len(_ENTRY.findall(data))) > MAX_ENTRIES:
        raise UnreadableError("too large", f"{count:,} entries in one feed; at most {MAX_ENTRIES:,} are read")


def _xml_feed(body: Body, data: bytes) -> Feed:
    import feedparser

    headers = {"content-location": body.url, "content-type": body.content_type or "application/xml"}
    # A stream, never a string: feedparser opens a string that looks like an address or a file's name.
    try:
        parsed = feedparser.parse(io.BytesIO(data), response_headers=headers, sanitize_html=False)
    except RecursionError as error:
        raise UnreadableError("hostile markup", "a feed nested deeper than the parser can follow") from error
    if not parsed.get("version") and not parsed.entries and not _CDF.search(data[:4096]):
        why = parsed.get("bozo_exception") or "no feed element in it"
        raise UnreadableError("unknown type", f"{body.url}: neither RSS, Atom, RDF nor JSON Feed ({why})")
    following = (link.get("href") for link in parsed.feed.get("links", ()) if link.get("rel") in NEXT)
    entries = tuple(_entry(body.url, entry) for entry in parsed.entries)
    return Feed(entries, next((link for href in following if (link := web_link(body.url, href))), None))


def _entry(base: str, entry: Mapping[str, Any]) -> Entry:
    contents = [part.get("value") or "" for part in entry.get("content", ())]
    names = [person.get("name") for person in entry.get("authors", ())] or [entry.get("author")]
    return Entry(
        link=web_link(base, entry.get("link")),
        title=text_of(fragment_text(entry.get("title"))),
        published=_moment(entry.get("published_parsed")),
        updated=_moment(entry.get("updated_parsed") if "updated_parsed" in entry else None),
        authors=strings(names),
        markup=max(contents, key=len, default="") or entry.get("summary") or "",
        id=entry.get("id"),
    )


def _moment(parsed: struct_time | None) -> str | None:
    if parsed is None:
        return None
    try:
        return datetime(*parsed[:6], tzinfo=UTC).isoformat()
    except (ValueError, TypeError):
        return None


def _json_feed(body: Body) -> Feed:
    """JSON Feed 1.0 and 1.1 (jsonfeed.org)."""
    feed = read_object(body)
    if "jsonfeed.org" not in str(feed.get("version", "")):
        raise UnreadableError("unknown type", f"{body.url}: JSON, but not a JSON Feed")
    entries = tuple(_json_entry(body.url, item) for item in objects(feed.get("items")))
    return Feed(entries, web_link(body.url, feed.get("next_url")))


def _json_entry(base: str, item: dict[str, Any]) -> Entry:
    people = [*objects(item.get("authors")), mapping(item.get("author"))]
    markup = item.get("content_html") or item.get("content_text") or item.get("summary")
    return Entry(
        link=web_link(base, item.get("url") or item.get("external_url")),
        title=text_of(item.get("title")),
        published=text_of(item.get("date_published")),
        updated=text_of(item.get("date_modified")),
        authors=strings([person.get("name") for person in people]),
        markup=markup if isinstance(markup, str) else "",
        id=text_of(item.get("id")),
    )
