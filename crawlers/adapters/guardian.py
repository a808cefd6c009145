"""The Guardian's Open Platform: ``/search`` by page, with a key in ``GUARDIAN_API_KEY``, one call a second, 500 a day.

Source: open-platform.theguardian.com/documentation.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from crawlers.adapters.base import Body, Listing, Request
from crawlers.adapters.common import (
    day,
    first_day,
    mapping,
    merge_hints,
    objects,
    read_object,
    strings,
    text_of,
    web_link,
    whole,
    with_query,
)  # fmt: skip
from crawlers.adapters.fragment import fragment_text
from crawlers.adapters.secrets import need_key, placeholder
from crawlers.errors import UnreadableError
from warehouse.models import Document

if TYPE_CHECKING:
    from crawlers.sources import SourceConfig

API = "https://content.guardianapis.com"
PAGE = 50


class GuardianAdapter:
    """Articles that fit a query, newest first."""

    def start(self, source: SourceConfig, now: datetime) -> Sequence[Request]:
        """Return the first page. Raises ConfigError where there is no key."""
        base = (source.url or API).rstrip("/")
        host = urlsplit(base).hostname or ""
        need_key(source.name, host)
        since = first_day(source, now)
        params = {
            "q": source.query, **{name: _joined(value) for name, value in source.filters.items()},
            "from-date": since.isoformat() if since else None, "order-by": "newest",
            "page-size": min(PAGE, source.max_pages), "show-fields": "headline,byline,body,lastModified",
            **placeholder(host),
        }  # fmt: skip
        return [_page(with_query(f"{base}/search", params), 1, 0)]

    def listing(self, source: SourceConfig, body: Body) -> Listing:
        """Return the next page, up to the count of pages that the answer gives or ``max_pages`` articles."""
        answer = _answer(body)
        results = objects(answer.get("results"))
        page, seen = whole(answer.get("currentPage")) or 1, int(body.state.get("seen", 0)) + len(results)
        following = results and page < (whole(answer.get("pages")) or 0) and seen < source.max_pages
        more = [_page(str(body.state["search"]), page + 1, seen)] if following else []
        return Listing(more=more, reported=whole(answer.get("total")), records=len(_articles(answer)))

    def documents(self, source: SourceConfig, body: Body) -> Sequence[Document]:
        """Return the answer's articles as Documents."""
        return [merge_hints(source, body, read_article(article)) for article in _articles(_answer(body))]


def read_article(article: Mapping[str, Any]) -> Document:
    """Return one result as a Document."""
    fields = mapping(article.get("fields"))
    title = text_of(fields.get("headline")) or text_of(article.get("webTitle"))
    markup = fields.get("body") or fields.get("bodyText")
    return Document(
        url=str(article["webUrl"]),
        text=fragment_text(markup if isinstance(markup, str) else None) or title or "",
        title=title,
        authors=strings([fields.get("byline")]),
        published=day(article.get("webPublicationDate")),
        updated=day(fields.get("lastModified")),
        publisher="The Guardian",
        language="en",
        kind="news",
        extra={"guardian": str(article.get("id")), "text": isinstance(markup, str)},
    )


def _answer(body: Body) -> dict[str, Any]:
    answer = mapping(read_object(body).get("response"))
    if answer.get("status") != "ok":
        raise UnreadableError("broken", f"{body.url}: the Guardian answered {text_of(answer.get('message')) or answer}")
    return answer


def _articles(answer: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [item for item in objects(answer.get("results")) if web_link(API, item.get("webUrl")) == item.get("webUrl")]


def _joined(value: object) -> str:
    return "|".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)


def _page(search: str, page: int, seen: int) -> Request:
    return Request(with_query(search, {"page": page}), "records", state={"search": search, "seen": seen})
