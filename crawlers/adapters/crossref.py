"""Crossref works: a query by cursor, or single DOIs, with retractions and corrections told by ``update-to``.

Source: the Crossref REST API documentation. Rate limits are read from ``x-rate-limit-*`` by whoever fetches.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from crawlers.adapters.base import Body, Listing, Request
from crawlers.adapters.common import (
    clean_hints,
    day,
    first_day,
    mapping,
    objects,
    read_object,
    strings,
    text_of,
    whole,
    with_query,
)  # fmt: skip
from crawlers.adapters.fragment import fragment_text
from crawlers.errors import UnreadableError
from warehouse.models import Document

if TYPE_CHECKING:
    from crawlers.sources import SourceConfig

API = "https://api.crossref.org"
PAGE = 100
_REVIEWED = {"journal-article", "proceedings-article"}
_PARTS = ("published", "published-online", "published-print", "issued", "posted", "created")


class CrossrefAdapter:
    """Works by query or by DOI."""

    def start(self, source: SourceConfig, now: datetime) -> Sequence[Request]:
        """Return the query's first page and a request a DOI."""
        base, since = (source.url or API).rstrip("/"), first_day(source, now)
        address = notices_address if source.held else work_address
        requests = [Request(address(doi, base), "document") for doi in source.dois]
        if source.query or source.filters:
            filters = [f"{name}:{item}" for name, value in source.filters.items() for item in _items(value)]
            filters += [f"from-index-date:{since.isoformat()}"] if since else []
            params = {
                "query.bibliographic": source.query, "filter": ",".join(filters) or None, "sort": "issued",
                "order": "desc", "rows": min(PAGE, source.max_pages),
            }  # fmt: skip
            requests.append(_page(with_query(f"{base}/works", params), "*", 0))
        return requests

    def listing(self, source: SourceConfig, body: Body) -> Listing:
        """Return the next cursor's page until an empty one, no cursor, or ``max_pages``."""
        message = _message(body)
        works = objects(message.get("items"))
        cursor, seen = text_of(message.get("next-cursor")), int(body.state.get("seen", 0)) + len(works)
        total = whole(message.get("total-results"))
        ended = not works or cursor is None or seen >= source.max_pages or (total is not None and seen >= total)
        more = [] if ended else [_page(str(body.state["search"]), str(cursor), seen)]
        return Listing(more=more, reported=total, records=sum(map(_is_work, works)))

    def documents(self, source: SourceConfig, body: Body) -> Sequence[Document]:
        """Return the works of an answer as Documents."""
        message = _message(body)
        works = objects(message.get("items")) if "items" in message else [message]
        return [read_work(work) for work in works if _is_work(work)]


def work_address(doi: str, base: str = API) -> str:
    """Return the address of a whole record, abstract and all."""
    return f"{base}/works/{quote(doi, safe='/')}"


def notices_address(doi: str, base: str = API) -> str:
    """Return the address of what is known of a work: never its abstract, which may not be ours to keep."""
    return with_query(f"{base}/works", {"filter": f"doi:{doi}", "select": "DOI,title,type,updated-by", "rows": 1})


def read_work(work: Mapping[str, Any]) -> Document:
    """Return one work as a Document of title and abstract; ``extra`` tells what it updates and what updates it."""
    doi = str(work["DOI"]).lower()
    kind = text_of(work.get("type")) or ""
    title = fragment_text(" ".join(strings(work.get("title")))) or None
    markup = work.get("abstract")
    abstract = fragment_text(_plain_jats(markup)) if isinstance(markup, str) else ""
    people = [_name(person) for person in objects(work.get("author"))]
    return Document(
        url=f"https://doi.org/{quote(doi, safe='/')}",
        text=abstract or title or "",
        title=title,
        authors=strings(people),
        published=next((at for part in _PARTS if (at := _date(work.get(part)))), None),
        updated=day(mapping(work.get("deposited")).get("date-time")),
        publisher=next(iter(strings(work.get("container-title"))), None) or text_of(work.get("publisher")),
        language=text_of(work.get("language")),
        licence=next((text_of(item.get("URL")) for item in objects(work.get("license"))), None),
        doi=doi,
        kind="record",
        peer_reviewed=True if kind in _REVIEWED else False if kind == "posted-content" else None,
        extra=clean_hints(
            type=kind, abstract=bool(abstract), updates=list(_updates(work, "update-to")),
            updated_by=list(_updates(work, "updated-by")), relations=dict(_relations(work)), retracted=_retracted(work),
            funders=list(strings([funder.get("name") for funder in objects(work.get("funder"))])),
        ),
    )  # fmt: skip


def _message(body: Body) -> dict[str, Any]:
    answer = read_object(body)
    message = mapping(answer.get("message")) if "message" in answer else answer
    if not message:
        raise UnreadableError("broken", f"{body.url}: Crossref's answer holds no message")
    return message


def _is_work(work: Mapping[str, Any]) -> bool:
    return bool(text_of(work.get("DOI"))) and bool(strings(work.get("title")))


def _name(person: Mapping[str, Any]) -> str:
    given, family = text_of(person.get("given")), text_of(person.get("family"))
    return " ".join(part for part in (given, family) if part) or text_of(person.get("name")) or ""


def _date(value: object) -> str | None:
    """The date of ``{"date-parts": [[2023, 4, 26]]}``; a missing month or day is 1."""
    parts = mapping(value).get("date-parts")
    first = parts[0] if isinstance(parts, list) and parts and isinstance(parts[0], list) else []
    numbers = [part for part in first if isinstance(part, int)][:3]
    return day("-".join(f"{n:0{4 if i == 0 else 2}}" for i, n in enumerate([*numbers, 1, 1][:3]))) if numbers else None


def _updates(work: Mapping[str, Any], key: str) -> Iterator[dict[str, Any]]:
    for update in objects(work.get(key)):
        if doi := text_of(update.get("DOI")):
            yield clean_hints(doi=doi.lower(), type=text_of(update.get("type")), at=_date(update.get("updated")))


def _relations(work: Mapping[str, Any]) -> Iterator[tuple[str, list[str]]]:
    for name, others in mapping(work.get("relation")).items():
        if found := strings([other.get("id") for other in objects(others)]):
            yield name, list(found)


def _retracted(work: Mapping[str, Any]) -> bool | None:
    kinds = {update.get("type") for update in _updates(work, "updated-by")}
    return True if kinds & {"retraction", "withdrawal", "removal"} else None


def _plain_jats(markup: str) -> str:
    """JATS in an abstract (``<jats:p>``) as HTML of the same meaning, so that one reader does for all."""
    return (
        markup.replace("<jats:", "<").replace("</jats:", "</").replace("<title>", "<h4>").replace("</title>", "</h4>")
    )


def _items(value: object) -> Sequence[object]:
    return value if isinstance(value, (list, tuple)) else [value]


def _page(search: str, cursor: str, seen: int) -> Request:
    return Request(with_query(search, {"cursor": cursor}), "records", state={"search": search, "seen": seen})
