"""Sitemaps (sitemaps.org 0.9): an index two levels deep, plain, gzip, text, news, or a robots.txt that names them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from lxml import etree

from crawlers.adapters.base import Body, Listing, Request
from crawlers.adapters.common import clean_hints, day, first_day, read_page, text_of, web_link
from crawlers.adapters.feed import FeedAdapter
from crawlers.adapters.matching import wanted
from crawlers.adapters.packed import unpacked
from crawlers.errors import UnreadableError
from crawlers.urls import normalise, site_of
from crawlers.xml import parse_xml
from warehouse.models import Document

if TYPE_CHECKING:
    from crawlers.sources import SourceConfig

MAX_BYTES = 52_428_800  # sitemaps.org: 50 MB unpacked
MAX_ADDRESSES = 50_000  # sitemaps.org, a file
MAX_DEPTH = 2  # an index, and what it names
_FEEDS = {"rss", "feed", "RDF"}


class SitemapAdapter:
    """Sitemaps and their indexes."""

    def start(self, source: SourceConfig, now: datetime) -> Sequence[Request]:
        """Return each sitemap; ``since`` and ``recent_days`` hold against ``lastmod``."""
        since = first_day(source, now)
        state = {"depth": 0, "seen": [], **({"since": since.isoformat()} if since else {})}
        return [Request(url, "listing", state=state) for url in source.addresses]

    def listing(self, source: SourceConfig, body: Body) -> Listing:
        """Return the pages a sitemap lists, or the sitemaps an index names."""
        data = unpacked(body.content, MAX_BYTES)
        if (named := _plain_text(data)) is not None:
            requests = [Request(url, "document") for url in named if wanted(source, url)]
            return Listing(requests=requests[:MAX_ADDRESSES], warnings=_too_many(body, named))
        if data.lstrip()[:1] != b"<":
            return self._index(body, _from_robots(data, body.url))
        root = parse_xml(data, max_bytes=MAX_BYTES)
        match etree.QName(root).localname:
            case "urlset":
                return self._pages(source, body, root)
            case "sitemapindex":
                return self._index(body, [loc for node in _named(root, "sitemap") if (loc := _loc(node, body.url))])
            case name if name in _FEEDS:
                return FeedAdapter().listing(source, Body(body.url, data, body.content_type))
            case name:
                raise UnreadableError("unknown type", f"{body.url}: <{name}> is neither a sitemap nor an index of them")

    def documents(self, source: SourceConfig, body: Body) -> Sequence[Document]:
        """Return the page as one Document."""
        return read_page(source, body)

    def _index(self, body: Body, children: Sequence[str]) -> Listing:
        depth, seen = int(body.state.get("depth", 0)), [*body.state.get("seen", ()), normalise(body.url)]
        if not children:
            raise UnreadableError("empty", f"{body.url}: names no sitemap")
        if depth >= MAX_DEPTH:
            return Listing(warnings=[f"{body.url}: an index at depth {depth}; {len(children)} sitemaps not read"])
        fresh = dict.fromkeys(url for url in children[:MAX_ADDRESSES] if normalise(url) not in seen)
        state = {**body.state, "depth": depth + 1, "seen": seen}
        return Listing(more=[Request(url, "listing", state=state) for url in fresh], warnings=_too_many(body, children))

    def _pages(self, source: SourceConfig, body: Body, root: Any) -> Listing:
        since = date.fromisoformat(body.state["since"]) if body.state.get("since") else None
        found: dict[str, Request] = {}
        listed = foreign = 0
        for node in _named(root, "url"):
            listed += 1
            if listed > MAX_ADDRESSES:
                continue
            request = _page(node, body.url)
            if request is None or not wanted(source, request.url) or _is_old(request, since):
                continue
            if _host(request.url) != _host(body.url):
                foreign += 1
                continue
            found.setdefault(request.url, request)
        warnings = _too_many(body, range(listed))
        if foreign:
            warnings.append(f"{body.url}: {foreign} addresses on other hosts were left out")
        return Listing(requests=list(found.values()), reported=None, warnings=warnings)


def _page(node: Any, base: str) -> Request | None:
    if (url := _loc(node, base)) is None:
        return None
    news = next(_named(node, "news"), None)
    hints = clean_hints(
        lastmod=_text(node, "lastmod"),
        title=_text(news, "title"),
        published=_text(news, "publication_date"),
        publisher=_text(next(_named(news, "publication"), None), "name") if news is not None else None,
    )
    return Request(url, "document", hints)


def _is_old(request: Request, since: date | None) -> bool:
    at = day(request.hints.get("lastmod"))
    return since is not None and at is not None and date.fromisoformat(at) < since


def _named(node: Any, name: str) -> Iterator[Any]:
    for child in node:
        if isinstance(child.tag, str) and etree.QName(child).localname == name:
            yield child


def _text(node: Any, name: str) -> str | None:
    return text_of("".join(next(_named(node, name), etree.Element("none")).itertext())) if node is not None else None


def _loc(node: Any, base: str) -> str | None:
    return web_link(base, _text(node, "loc"))


def _host(url: str) -> str:
    return site_of(normalise(url))


def _plain_text(data: bytes) -> list[str] | None:
    """The addresses of a text sitemap (one a line), or None where it is none."""
    lines = [line.strip() for line in data.decode("utf-8-sig", "replace").splitlines() if line.strip()]
    if not lines or not all(line.startswith(("http://", "https://")) for line in lines[:10]):
        return None
    return [link for line in lines if (link := web_link(line, line))]


def _from_robots(data: bytes, base: str) -> list[str]:
    lines = (line.partition(":") for line in data.decode("utf-8-sig", "replace").splitlines())
    return [link for key, _, value in lines if key.strip().lower() == "sitemap" and (link := web_link(base, value))]


def _too_many(body: Body, listed: Sequence[object]) -> list[str]:
    over = len(listed) - MAX_ADDRESSES
    return [f"{body.url}: lists {len(listed):,} addresses; the last {over:,} were left out"] if over > 0 else []
