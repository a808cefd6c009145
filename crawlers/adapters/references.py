"""Reference exports (RIS, BibTeX, PubMed's NBIB, CSV, TSV, EndNote XML) to Documents of title and abstract.

The formats and their names are read by ``warehouse.imports``, as those that a reviewer imports are. A record's address
is that of its file and, after ``#``, its DOI, or else a hash of title and year, so that it stays the same document when
the export is sorted anew.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import quote

from crawlers.adapters.common import clean_hints, strings, text_of
from crawlers.errors import UnreadableError
from warehouse.errors import UsageError
from warehouse.ids import make_id
from warehouse.imports.read import reader_of
from warehouse.imports.records import NAMES
from warehouse.models import Document

Row = Mapping[str, Any]
MAX_RECORDS = 200_000
ENDINGS = (".ris", ".bib", ".nbib", ".csv", ".tsv", ".tab")
DOI = re.compile(r"10\.\d{4,9}/[^\s;,\"<>]{1,200}")
_YEAR = re.compile(r"(?<!\d)(1[5-9]\d\d|20\d\d)(?!\d)")
_RIS = re.compile(r"\s{0,50}(?:\d{1,9}\.\s{0,9})?TY  ?- ")


def read_references(data: bytes, url: str) -> list[Document]:
    """Return the records of an export; those with neither title nor abstract are left out.

    Raises UnreadableError where the file is none, or holds more than MAX_RECORDS.
    """
    text, found = _decoded(data), dict[str, Document]()
    try:
        for n, row in enumerate(reader_of(text, Path(url))(text, Path(url))):
            if n >= MAX_RECORDS:
                raise UnreadableError("too large", f"{url}: more than {MAX_RECORDS:,} records in one file")
            if (document := _document(row, url)) is not None:
                found.setdefault(document.url, document)
    except UsageError as error:
        raise UnreadableError("broken", str(error)) from error
    return list(found.values())


def reference_kind(data: bytes, url: str) -> str:
    """Return the format of a file by its ending, one of ENDINGS, or ``""`` where it is no reference export."""
    suffix = Path(url.split("#")[0]).suffix.lower()
    if suffix in ENDINGS:
        return suffix
    return ".ris" if suffix in (".txt", ".text") and _RIS.match(data[:400].decode("utf-8-sig", "replace")) else ""


def _decoded(data: bytes) -> str:
    from crawlers.extract.charset import decode

    return decode(data)[0].lstrip("\ufeff")


def _document(row: Row, url: str) -> Document | None:
    title, abstract = _one(row, "title"), _one(row, "abstract")
    if not title and not abstract:
        return None
    year = _year(row)
    doi = _doi(row)
    mark = quote(doi, safe="/") if doi else make_id("record", title, abstract if not title else None, year)
    return Document(
        url=f"{url}#{mark}",
        text=abstract or title or "",
        title=title,
        authors=_people(row),
        published=year,
        publisher=_one(row, "journal") or _one(row, "publisher"),
        language=_language(_one(row, "language")),
        doi=doi,
        kind="record",
        extra=clean_hints(
            type=_one(row, "type"), keywords=_one(row, "keywords"), link=_one(row, "url"), abstract=bool(abstract)
        ),
    )


def _one(row: Row, what: str) -> str | None:
    for name in NAMES[what]:
        value = row.get(name)
        text = "; ".join(strings(value)) if isinstance(value, (list, tuple)) else text_of(value)
        if text:
            return text
    return None


def _people(row: Row) -> tuple[str, ...]:
    for name in NAMES["authors"]:
        value = row.get(name)
        if isinstance(value, (list, tuple)) and value:
            return strings(value)
        if text := text_of(value):
            return strings(_split_people(text))
    return ()


def _split_people(text: str) -> Sequence[str]:
    """``A, B; C, D`` and ``A B., C D.``: a semicolon parts people where there is one, else a comma after initials."""
    if ";" in text:
        return text.split(";")
    if text.startswith("[") and text.endswith("]"):
        return [part.strip(" '\"") for part in text[1:-1].split("', '")]
    return re.split(r"(?<=\.), ", text)


def _doi(row: Row) -> str | None:
    for name in (*NAMES["doi"], *NAMES["url"]):
        value = row.get(name)
        text = " ".join(strings(value)) if isinstance(value, (list, tuple)) else str(value or "")
        if found := DOI.search(text):
            return found.group().rstrip(".").lower()
    return None


def _year(row: Row) -> str | None:
    for name in NAMES["year"]:
        text = str(row.get(name) or "")
        try:
            return date.fromisoformat(text.strip()[:10].replace("/", "-")).isoformat()
        except ValueError:
            if found := _YEAR.search(text):
                return f"{found.group()}-01-01"
    return None


def _language(name: str | None) -> str | None:
    if name is None:
        return None
    return {"english": "en", "eng": "en", "welsh": "cy"}.get(name.lower(), name.lower() if len(name) == 2 else None)
