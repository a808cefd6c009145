"""UK Parliament: publications and evidence of select committees, and Hansard.

Committees answer ``{items, totalResults}`` by ``Skip`` and ``Take`` (at most 100); a document comes as HTML in base64.
Hansard's search pages by ``skip`` and ``take``. Source: committees-api.parliament.uk and hansard-api.parliament.uk, as
described in 2026. Both under the Open Parliament Licence.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from crawlers.adapters.base import Body, Listing, Request
from crawlers.adapters.common import (
    clean_hints,
    day,
    first_day,
    mapping,
    merge_hints,
    objects,
    read_json,
    read_object,
    read_page,
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

COMMITTEES = "https://committees-api.parliament.uk"
HANSARD = "https://hansard-api.parliament.uk"
SITE = "https://committees.parliament.uk"
PAGE = 30
MAX_DOCUMENT_BYTES = 48 << 20
SECTIONS = {"publications": "Publications", "oral-evidence": "OralEvidence", "written-evidence": "WrittenEvidence"}
_PAGES = {"Publications": "publications", "OralEvidence": "oralevidence", "WrittenEvidence": "writtenevidence"}
_SPOKEN = "/search/contributions/Spoken.json"


class ParliamentAdapter:
    """Committee papers (``sections``: publications, oral-evidence, written-evidence) and ``hansard``."""

    def start(self, source: SourceConfig, now: datetime) -> Sequence[Request]:
        """Return the first page of each section."""
        since = first_day(source, now)
        day_from = since.isoformat() if since else None
        requests = []
        for section in source.sections or ("publications",):
            if section == "hansard":
                requests.append(_hansard(source, day_from, now))
            elif section in SECTIONS:
                params = {"SearchTerm": source.query, **source.filters, "StartDate": day_from}
                params |= {"SortOrder": "PublicationDateDescending"} if section == "publications" else {}
                search = with_query(f"{source.url or COMMITTEES}/api/{SECTIONS[section]}", params)
                requests.append(_page(search, 0, "listing"))
        return requests

    def listing(self, source: SourceConfig, body: Body) -> Listing:
        """Return what one page of a search lists, and the next."""
        answer = read_object(body)
        skip, search = int(body.state.get("skip", 0)), str(body.state.get("search", body.url))
        if _SPOKEN in body.url:
            results, total = objects(answer.get("Results")), whole(answer.get("TotalResultCount"))
            more = _more(source, search, skip + len(results), total, len(results), "records")
            return Listing(more=more, reported=total, records=sum(map(_is_speech, results)))
        items, total = objects(answer.get("items")), whole(answer.get("totalResults"))
        section = urlsplit(body.url).path.rsplit("/", 1)[-1]
        base = body.url.split("/api/")[0]
        requests = [_document_request(base, section, item) for item in items if whole(item.get("id"))]
        return Listing(requests, _more(source, search, skip + len(items), total, len(items), "listing"), total)

    def documents(self, source: SourceConfig, body: Body) -> Sequence[Document]:
        """Return a committee paper, or the speeches of a Hansard answer."""
        if _SPOKEN in body.url:
            speeches = filter(_is_speech, objects(read_object(body).get("Results")))
            return [merge_hints(source, Body(body.url, b""), _speech(result)) for result in speeches]
        paper = _decoded(body)
        found = [replace(document, url=_address(body.url)) for document in read_page(source, paper)]
        return [merge_hints(source, body, document) for document in found]


def _hansard(source: SourceConfig, since: str | None, now: datetime) -> Request:
    base = HANSARD if source.url in (None, COMMITTEES) else str(source.url)
    params = {
        "queryParameters.searchTerm": source.query, "queryParameters.startDate": since,
        "queryParameters.endDate": now.date().isoformat() if since else None,
        "queryParameters.orderBy": "SittingDateDesc",
        **{f"queryParameters.{name}": value for name, value in source.filters.items()},
    }  # fmt: skip
    return _page(with_query(f"{base}{_SPOKEN}", params), 0, "records")


def _page(search: str, skip: int, role: Any) -> Request:
    names = ("queryParameters.skip", "queryParameters.take") if _SPOKEN in search else ("Skip", "Take")
    address = with_query(search, dict(zip(names, (skip, PAGE), strict=True)))
    return Request(address, role, state={"search": search, "skip": skip})


def _more(source: SourceConfig, search: str, after: int, total: int | None, came: int, role: str) -> list[Request]:
    if not came or after >= source.max_pages or (total is not None and after >= total):
        return []
    return [_page(search, after, role)]


def _document_request(base: str, section: str, item: Mapping[str, Any]) -> Request:
    people = [_witness(person) for person in objects(item.get("witnesses"))]
    committee = mapping(item.get("committee")) or next(iter(objects(item.get("committees"))), {})
    hints = clean_hints(
        title=text_of(item.get("description"))
        or text_of(item.get("title"))
        or text_of(item.get("anonymousWitnessText")),
        published=day(item.get("publicationStartDate") or item.get("publicationDate")),
        authors=list(strings(people)),
        publisher=text_of(committee.get("name")),
    )
    return Request(f"{base}/api/{section}/{item['id']}/Document/Html", "document", hints)


def _witness(person: Mapping[str, Any]) -> str | None:
    name, bodies = text_of(person.get("name")), objects(person.get("organisations"))
    return name or text_of(next(iter(bodies), {}).get("name"))


def _decoded(body: Body) -> Body:
    """The document inside the answer: a JSON object whose ``data`` is base64 of its HTML."""
    answer = read_json(body)
    data = answer if isinstance(answer, str) else mapping(answer).get("data")
    if not isinstance(data, str):
        raise UnreadableError("empty", f"{body.url}: the answer holds no document")
    if len(data) > MAX_DOCUMENT_BYTES:
        raise UnreadableError("too large", f"{body.url}: a document of {len(data):,} characters in base64")
    try:
        content = base64.b64decode(data, validate=True)
    except (binascii.Error, ValueError) as error:
        raise UnreadableError("broken", f"{body.url}: the document is not base64 ({error})") from error
    return replace(body, content=content, content_type="text/html; charset=utf-8")


def _address(api: str) -> str:
    """The page a person opens: ``…/publications/12/`` for ``…/api/Publications/12/Document/Html``."""
    parts = urlsplit(api).path.strip("/").split("/")
    if len(parts) >= 3 and parts[1] in _PAGES and parts[2].isdigit():
        host = SITE if urlsplit(api).hostname == urlsplit(COMMITTEES).hostname else api.split("/api/")[0]
        return f"{host}/{_PAGES[parts[1]]}/{parts[2]}/"
    return api


def _is_speech(result: Mapping[str, Any]) -> bool:
    return bool(text_of(result.get("ContributionExtId"))) and bool(_said(result))


def _said(result: Mapping[str, Any]) -> str:
    markup = result.get("ContributionTextFull") or result.get("ContributionText")
    return fragment_text(markup if isinstance(markup, str) else None)


def _speech(result: Mapping[str, Any]) -> Document:
    sitting, section = day(result.get("SittingDate")), text_of(result.get("DebateSectionExtId"))
    house = text_of(result.get("House")) or "Commons"
    speech = text_of(result.get("ContributionExtId"))
    debate = text_of(result.get("DebateSection"))
    return Document(
        url=f"https://hansard.parliament.uk/{house.lower()}/{sitting}/debates/{section}/link?contribution={speech}",
        text=_said(result),
        title=debate,
        authors=strings([result.get("AttributedTo") or result.get("MemberName")]),
        published=sitting,
        publisher=f"Hansard, House of {house}",
        language="en",
        kind="speech",
        extra=clean_hints(contribution=speech, section=section, house=house),
    )
