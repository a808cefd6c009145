"""What several adapters share: addresses with parameters, JSON under limits, dates, and pages read by ``extract``."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode, urljoin, urlsplit

from crawlers.adapters.base import Body
from crawlers.errors import UnreadableError
from warehouse.models import Document

if TYPE_CHECKING:
    from crawlers.sources import SourceConfig

MAX_JSON_BYTES = 64 << 20
Params = Mapping[str, Any]


def with_query(url: str, params: Params) -> str:
    """Return ``url`` with ``params`` in their order; None is left out, a list repeated."""
    pairs = [
        (key, str(item))
        for key, value in params.items()
        if value is not None
        for item in (value if isinstance(value, (list, tuple)) else (value,))
    ]
    joint = "&" if "?" in url else "?"
    return f"{url}{joint}{urlencode(pairs, quote_via=quote, safe=':/,*')}" if pairs else url


def read_json(body: Body) -> Any:
    """Return the JSON of ``body``. Raises UnreadableError where it is too large, too deep or no JSON."""
    if len(body.content) > MAX_JSON_BYTES:
        raise UnreadableError("too large", f"{len(body.content):,} bytes of JSON; at most {MAX_JSON_BYTES:,} are read")
    try:
        return json.loads(body.content)
    except RecursionError as error:
        raise UnreadableError("hostile markup", "JSON nested deeper than any answer") from error
    except ValueError as error:
        raise UnreadableError("broken", f"{body.url}: not JSON ({error})") from error


def read_object(body: Body) -> dict[str, Any]:
    """Return the JSON object of ``body``; anything else is UnreadableError."""
    found = read_json(body)
    if not isinstance(found, dict):
        raise UnreadableError("broken", f"{body.url}: a JSON object was expected, not a {type(found).__name__}")
    return found


def mapping(value: object) -> dict[str, Any]:
    """Return ``value`` where it is a JSON object, else an empty one: answers leave parts out, or null."""
    return value if isinstance(value, dict) else {}


def objects(value: object) -> list[dict[str, Any]]:
    """Return the objects of a JSON list, or none."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def text_of(value: object) -> str | None:
    """Return a JSON string on one line, or None where it is missing or empty."""
    return " ".join(value.split()) or None if isinstance(value, str) else None


def whole(value: object) -> int | None:
    """Return a count that a source reported as number or digits, or None."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    return int(value) if isinstance(value, str) and value.isascii() and value.isdigit() else None


def day(value: object) -> str | None:
    """Return the date at the start of an ISO timestamp, or None where there is none that exists."""
    try:
        return date.fromisoformat(str(value)[:10]).isoformat()
    except ValueError:
        return None


def first_day(source: SourceConfig, now: datetime) -> date | None:
    """Return the first day to ask for: the later of ``since`` and ``recent_days`` ago."""
    recent = (now.astimezone(UTC) - timedelta(days=source.recent_days)).date() if source.recent_days else None
    return max((at for at in (source.since, recent) if at), default=None)


def web_link(base: str, link: object) -> str | None:
    """Return ``link`` made absolute, or None where it is no http(s) address."""
    if not isinstance(link, str) or not link.strip():
        return None
    try:
        found = urljoin(base, link.strip())
        parts = urlsplit(found)
        return found if parts.scheme in ("http", "https") and parts.hostname else None
    except ValueError:
        return None


def clean_hints(**hints: object) -> dict[str, Any]:
    """Return what a listing said, without what it left open."""
    return {name: value for name, value in hints.items() if value not in (None, "", (), [], {})}


def read_page(source: SourceConfig, body: Body) -> Sequence[Document]:
    """Return the page, PDF or file of ``body`` as one Document; the listing fills in what the page leaves open."""
    from crawlers.extract import extract

    return [merge_hints(source, body, extract(body.content, body.url, body.content_type, comments=source.comments))]


def merge_hints(source: SourceConfig, body: Body, document: Document) -> Document:
    """Return ``document`` with title, dates, authors and publisher from the listing where it is silent itself."""
    hints = body.hints
    return replace(
        document,
        title=document.title or text_of(hints.get("title")),
        authors=document.authors or strings(hints.get("authors")),
        published=document.published or day(hints.get("published")),
        updated=document.updated or day(hints.get("updated")),
        doi=document.doi or text_of(hints.get("doi")),
        publisher=document.publisher or text_of(hints.get("publisher")) or source.publisher,
        aliases=tuple(dict.fromkeys([*document.aliases, *strings(hints.get("aliases"))])),
    )


def strings(values: object) -> tuple[str, ...]:
    """Return the non-empty strings among ``values``, each once."""
    found: Iterable[object] = values if isinstance(values, (list, tuple)) else ()
    return tuple(dict.fromkeys(text for value in found if (text := text_of(value))))
