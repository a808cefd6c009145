"""Europe PMC: search by ``cursorMark``; full text in JATS where it is open access, else title and abstract.

The end of a search is a cursor that is missing, or unchanged, or an empty page: clients have met all three.
Source: Europe PMC RESTful web service, version 6.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from crawlers.adapters.base import Body, Listing, Request
from crawlers.adapters.common import (
    clean_hints,
    day,
    first_day,
    mapping,
    objects,
    read_object,
    read_page,
    strings,
    text_of,
    whole,
    with_query,
)  # fmt: skip
from crawlers.adapters.fragment import fragment_text
from warehouse.models import Document

if TYPE_CHECKING:
    from crawlers.sources import SourceConfig

API = "https://www.ebi.ac.uk/europepmc/webservices/rest"
PAGE = 100
SEARCH = "/search?"


class EuropePmcAdapter:
    """Articles and preprints that fit a query."""

    def start(self, source: SourceConfig, now: datetime) -> Sequence[Request]:
        """Return the first page, newest first."""
        since = first_day(source, now)
        terms = [f"({source.query})"] if source.query else []
        terms += [f"{name}:{_quoted(value)}" for name, value in source.filters.items()]
        terms += [f"FIRST_PDATE:[{since.isoformat()} TO {now.date().isoformat()}]"] if since else []
        params = {
            "query": " AND ".join(terms), "format": "json", "resultType": "core", "synonym": "false",
            "sort": "P_PDATE_D desc", "pageSize": min(PAGE, source.max_pages),
        }  # fmt: skip
        return [_page(with_query(f"{_base(source)}/search", params), "*", 0)]

    def listing(self, source: SourceConfig, body: Body) -> Listing:
        """Return full texts to fetch and the next page; what has no open full text is read from the answer itself."""
        answer = read_object(body)
        results = _results(answer)
        cursor, seen = text_of(answer.get("nextCursorMark")), int(body.state.get("seen", 0)) + len(results)
        ended = not results or cursor is None or cursor == body.state.get("cursor") or seen >= source.max_pages
        more = [] if ended else [_page(str(body.state["search"]), str(cursor), seen)]
        full = [_full_text(source, result) for result in results if _has_full_text(source, result)]
        return Listing(full, more, whole(answer.get("hitCount")), records=len(results) - len(full))

    def documents(self, source: SourceConfig, body: Body) -> Sequence[Document]:
        """Return a full text as one Document, or those of an answer's results that have none."""
        if SEARCH not in body.url:
            return read_page(source, body)
        results = _results(read_object(body))
        return [read_result(result) for result in results if not _has_full_text(source, result)]


def read_result(result: Mapping[str, Any]) -> Document:
    """Return one search result as a Document of title and abstract (kind ``record``)."""
    title = fragment_text(text_of(result.get("title"))) or None
    abstract = fragment_text(result.get("abstractText") if isinstance(result.get("abstractText"), str) else None)
    people = [person.get("fullName") for person in objects(mapping(result.get("authorList")).get("author"))]
    journal = mapping(mapping(result.get("journalInfo")).get("journal"))
    source, number = str(result.get("source")), str(result.get("id"))
    types = mapping(result.get("pubTypeList")).get("pubType")
    return Document(
        url=f"https://europepmc.org/article/{source}/{number}",
        text=abstract or title or "",
        title=title,
        authors=strings(people),
        published=day(result.get("firstPublicationDate")),
        publisher=text_of(journal.get("title")) or text_of(mapping(result.get("bookOrReportDetails")).get("publisher")),
        language={"eng": "en"}.get(str(result.get("language"))),
        licence=text_of(result.get("license")),
        doi=(text_of(result.get("doi")) or "").lower() or None,
        kind="record",
        peer_reviewed=False if source == "PPR" else None,
        extra=clean_hints(
            pmid=text_of(result.get("pmid")), pmcid=text_of(result.get("pmcid")), types=list(strings(types)),
            abstract=bool(abstract),
        ),
    )  # fmt: skip


def _results(answer: Mapping[str, Any]) -> list[dict[str, Any]]:
    found = objects(mapping(answer.get("resultList")).get("result"))
    return [result for result in found if result.get("id") and result.get("source") and result.get("title")]


def _has_full_text(source: SourceConfig, result: Mapping[str, Any]) -> bool:
    return source.full_text and result.get("isOpenAccess") == "Y" and _pmcid(result) is not None


def _pmcid(result: Mapping[str, Any]) -> str | None:
    pmcid = text_of(result.get("pmcid")) or ""
    return pmcid if pmcid.startswith("PMC") and pmcid[3:].isdigit() else None


def _full_text(source: SourceConfig, result: Mapping[str, Any]) -> Request:
    document = read_result(result)
    hints = clean_hints(
        title=document.title, published=document.published, authors=list(document.authors), doi=document.doi,
        updated=text_of(result.get("dateOfRevision")), publisher=document.publisher, licence=document.licence,
    )  # fmt: skip
    return Request(f"{_base(source)}/{_pmcid(result)}/fullTextXML", "document", hints)


def _base(source: SourceConfig) -> str:
    return (source.url or API).rstrip("/")


def _quoted(value: object) -> str:
    items = value if isinstance(value, (list, tuple)) else [value]
    terms = [f'"{item}"' if " " in str(item) else str(item) for item in items]
    return terms[0] if len(terms) == 1 else f"({' OR '.join(terms)})"


def _page(search: str, cursor: str, seen: int) -> Request:
    state = {"search": search, "cursor": cursor, "seen": seen}
    return Request(with_query(search, {"cursorMark": cursor}), "records", state=state)
