"""GOV.UK: the Search API lists, the Content API gives each page with its official history of changes.

Search: ``/api/search.json``, ``start`` and ``count`` (at most 1,500), an empty list past the end, 422 for an unknown
parameter. Content: ``/api/content{path}``, at most 10 requests a second. Source: docs.publishing.service.gov.uk.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from crawlers.adapters.base import Body, Listing, Request
from crawlers.adapters.common import (
    clean_hints,
    first_day,
    merge_hints,
    objects,
    read_object,
    read_page,
    text_of,
    whole,
    with_query,
)  # fmt: skip
from crawlers.adapters.govuk_content import read_content
from crawlers.adapters.matching import wanted
from warehouse.models import Document

if TYPE_CHECKING:
    from crawlers.sources import SourceConfig

SITE = "https://www.gov.uk"
CONTENT = "/api/content"
PAGE = 200
FIELDS = "title,link,public_timestamp,content_store_document_type"
_PREFIXES = ("filter_", "reject_")


class GovukAdapter:
    """GOV.UK search results and their content items."""

    def start(self, source: SourceConfig, now: datetime) -> Sequence[Request]:
        """Return the first page of the search, newest first."""
        since = first_day(source, now)
        params = {
            "q": source.query,
            **{
                name if name.startswith(_PREFIXES) else f"filter_{name}": value
                for name, value in source.filters.items()
            },
            "filter_public_timestamp": f"from:{since.isoformat()}" if since else None,
            "order": "-public_timestamp",
            "fields": FIELDS,
            "count": min(PAGE, source.max_pages),
        }
        search = with_query(f"{_site(source)}/api/search.json", params)
        return [_page(search, 0)]

    def listing(self, source: SourceConfig, body: Body) -> Listing:
        """Return a Content API request a result, and the next page until the count reported or ``max_pages``."""
        answer = read_object(body)
        results, total = objects(answer.get("results")), whole(answer.get("total"))
        requests = [request for item in results if (request := _content_request(source, item))]
        search, start = str(body.state.get("search", body.url)), int(body.state.get("start", 0))
        after = start + len(results)
        ended = not results or after >= (total or 0) or after >= source.max_pages
        return Listing(requests=requests, more=[] if ended else [_page(search, after)], reported=total)

    def documents(self, source: SourceConfig, body: Body) -> Sequence[Document]:
        """Return the content item as one Document, or none where it holds no text (a redirect, a finder)."""
        if CONTENT not in body.url:
            return read_page(source, body)
        document = read_content(read_object(body), body.url)
        return [merge_hints(source, body, document)] if document else []


def _site(source: SourceConfig) -> str:
    return (source.url or SITE).rstrip("/")


def _page(search: str, start: int) -> Request:
    return Request(f"{search}&start={start}", "listing", state={"search": search, "start": start})


def _content_request(source: SourceConfig, item: dict[str, object]) -> Request | None:
    link = text_of(item.get("link"))
    site = _site(source)
    if not link or not link.startswith("/") or link.startswith("//") or not wanted(source, f"{site}{link}"):
        return None
    hints = clean_hints(title=text_of(item.get("title")), updated=text_of(item.get("public_timestamp")))
    return Request(f"{site}{CONTENT}{link}", "document", hints)
