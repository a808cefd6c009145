"""OAI-PMH 2.0: ``ListRecords`` in oai_dc, paged by ``resumptionToken`` until it is empty or missing.

A deleted record has a header alone and is no document. Source: openarchives.org, protocol version 2.0.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from lxml import etree

from crawlers.adapters.base import Body, Listing, Request
from crawlers.adapters.common import (
    clean_hints,
    day,
    first_day,
    strings,
    text_of,
    web_link,
    whole,
    with_query,
)  # fmt: skip
from crawlers.adapters.references import DOI
from crawlers.errors import UnreadableError
from crawlers.xml import parse_xml
from warehouse.models import Document

if TYPE_CHECKING:
    from crawlers.sources import SourceConfig


class OaiPmhAdapter:
    """Records of a repository in Dublin Core."""

    def start(self, source: SourceConfig, now: datetime) -> Sequence[Request]:
        """Return the first ``ListRecords`` of each repository."""
        since = first_day(source, now)
        params = {"verb": "ListRecords", "metadataPrefix": "oai_dc", "set": source.set}
        return [
            Request(with_query(url, {**params, "from": since.isoformat() if since else None}), "records")
            for url in source.addresses
        ]

    def listing(self, source: SourceConfig, body: Body) -> Listing:
        """Return the request for the next token; ``completeListSize`` is the count reported."""
        root = _root(body)
        records = list(_records(root))
        deleted = sum(1 for record in _all(root, "record") if _is_deleted(record))
        token = next(_all(root, "resumptionToken"), None)
        more, value = [], (token.text or "").strip() if token is not None else ""
        seen = int(body.state.get("seen", 0)) + len(records)
        if value and value != body.state.get("token") and seen < source.max_pages:
            base = body.url.split("?")[0]
            state = {"token": value, "seen": seen}
            query = {"verb": "ListRecords", "resumptionToken": value}
            more = [Request(with_query(base, query), "records", state=state)]
        warnings = [f"{body.url}: {deleted} records deleted by the repository"] if deleted else []
        size = whole(token.get("completeListSize")) if token is not None else None
        return Listing(more=more, reported=size, records=len(records), warnings=warnings)

    def documents(self, source: SourceConfig, body: Body) -> Sequence[Document]:
        """Return the records that are not deleted as Documents of title and description."""
        return [_document(record) for record in _records(_root(body))]


def _root(body: Body) -> Any:
    root = parse_xml(body.content)
    if etree.QName(root).localname != "OAI-PMH":
        raise UnreadableError("unknown type", f"{body.url}: not an answer in OAI-PMH")
    error = next(_all(root, "error"), None)
    if error is not None and error.get("code") != "noRecordsMatch":
        raise UnreadableError("broken", f"{body.url}: the repository says {error.get('code')}: {text_of(error.text)}")
    return root


def _all(node: Any, name: str) -> Iterator[Any]:
    yield from node.iter(f"{{*}}{name}", name)


def _records(root: Any) -> Iterator[Any]:
    for record in _all(root, "record"):
        if not _is_deleted(record) and _values(record, "title"):
            yield record


def _is_deleted(record: Any) -> bool:
    header = next(_all(record, "header"), None)
    return header is not None and header.get("status") == "deleted"


def _document(record: Any) -> Document:
    identifier = next(iter(_values(record, "identifier", among="header")), "")
    links = [link for value in _values(record, "identifier", "dc") if (link := web_link(value, value))]
    doi = next((found.group() for value in _values(record, "identifier", "dc") if (found := DOI.search(value))), None)
    description = "\n\n".join(_values(record, "description"))
    title = _values(record, "title")[0]
    return Document(
        url=next((link for link in links if "doi.org" not in link), links[0] if links else f"oai:{identifier}"),
        text=description or title,
        title=title,
        authors=_values(record, "creator"),
        published=next((at for value in _values(record, "date") if (at := _date(value))), None),
        publisher=next(iter(_values(record, "publisher")), None),
        language=next((value[:2].lower() for value in _values(record, "language")), None),
        licence=next(iter(_values(record, "rights")), None),
        doi=doi.lower() if doi else None,
        kind="record",
        extra=clean_hints(oai=identifier, types=list(_values(record, "type")), abstract=bool(description)),
    )


def _values(record: Any, name: str, among: str = "dc") -> tuple[str, ...]:
    part = next(_all(record, among), None)
    return strings(["".join(node.itertext()) for node in _all(part, name)]) if part is not None else ()


def _date(value: str) -> str | None:
    return day(value) or day(f"{value}-01") or day(f"{value}-01-01")
