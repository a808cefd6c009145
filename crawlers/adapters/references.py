"""Reference exports (RIS, BibTeX, PubMed's NBIB, CSV and TSV) to Documents of title and abstract, kind ``record``.

A record's address is that of its file and, after ``#``, its DOI, or else a hash of title and year, so that it stays the
same document when the export is sorted anew.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import quote

from crawlers.adapters.common import clean_hints, strings, text_of
from crawlers.errors import UnreadableError
from warehouse.ids import make_id
from warehouse.models import Document

Row = Mapping[str, Any]
MAX_RECORDS = 200_000
# What exports of Scopus, Embase, Ovid, ProQuest, Web of Science, Zotero and PubMed call the same thing.
NAMES: dict[str, tuple[str, ...]] = {
    "title": ("title", "primary_title", "article_title", "document_title", "ti", "t1"),
    "abstract": ("abstract", "notes_abstract", "abstract_note", "ab", "n2", "original_abstract"),
    "authors": ("authors", "first_authors", "author", "author_names", "au", "a1", "authors_with_affiliations"),
    "year": ("year", "publication_year", "date", "publication_date", "py", "pubdate", "electronic_publication_date"),
    "journal": (
        "journal_name", "secondary_title", "journal", "journaltitle", "source_title", "publication_title", "source",
        "alternate_title3", "booktitle", "publisher",
    ),
    "doi": ("doi", "do", "digital_object_identifier"),
    "url": ("urls", "url", "link", "open_url_link"),
    "language": ("language", "la"),
    "keywords": ("keywords", "keyword", "author_keywords", "kw", "descriptors"),
    "type": ("type_of_reference", "document_type", "publication_type", "publication_types", "type", "item_type"),
}  # fmt: skip
DOI = re.compile(r"10\.\d{4,9}/[^\s;,\"<>]{1,200}")
_YEAR = re.compile(r"(?<!\d)(1[5-9]\d\d|20\d\d)(?!\d)")
_RIS = re.compile(r"\s{0,50}(?:\d{1,9}\.\s{0,9})?TY  ?- ")


def read_references(data: bytes, url: str) -> list[Document]:
    """Return the records of an export; those with neither title nor abstract are left out.

    Raises UnreadableError where the file is none, or holds more than MAX_RECORDS.
    """
    rows = READERS[reference_kind(data, url)](_decoded(data))
    found: dict[str, Document] = {}
    for n, row in enumerate(rows):
        if n >= MAX_RECORDS:
            raise UnreadableError("too large", f"{url}: more than {MAX_RECORDS:,} records in one file")
        if (document := _document(row, url)) is not None:
            found.setdefault(document.url, document)
    return list(found.values())


def reference_kind(data: bytes, url: str) -> str:
    """Return the format of a file as a key of READERS, or ``""`` where it is no reference export."""
    suffix = Path(url.split("#")[0]).suffix.lower()
    if suffix in READERS:
        return suffix
    return ".ris" if suffix in (".txt", ".text") and _RIS.match(data[:400].decode("utf-8-sig", "replace")) else ""


def _decoded(data: bytes) -> str:
    from crawlers.extract.charset import decode

    return decode(data)[0].lstrip("\ufeff")


def _ris(text: str) -> Iterator[Row]:
    import rispy

    try:
        yield from rispy.loads(text, skip_unknown_tags=False)
    except (OSError, ValueError, KeyError, IndexError, TypeError) as error:
        raise UnreadableError("broken", f"not RIS that can be read: {error}") from error


def _bibtex(text: str) -> Iterator[Row]:
    from bibtexparser.entrypoint import parse_string

    for entry in parse_string(text).entries:
        fields = {key.lower(): str(field.value).translate(_BRACES) for key, field in entry.fields_dict.items()}
        people = " ".join(fields.get("author", "").split()).split(" and ")
        yield {**fields, "author": people, "type": entry.entry_type}


def _nbib(text: str) -> Iterator[Row]:
    import nbib

    for record in nbib.read(text):
        people = [author.get("author") or author.get("author_abbreviated") for author in record.get("authors", ())]
        yield {**record, "authors": people}


def _csv(text: str) -> Iterator[Row]:
    head = text[:20_000].split("\n", 1)[0]
    delimiter = max("\t;,", key=head.count)
    csv.field_size_limit(4_000_000)
    try:
        for row in csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter):
            yield {_key(name): value for name, value in row.items() if isinstance(name, str)}
    except csv.Error as error:
        raise UnreadableError("broken", f"not a table that can be read: {error}") from error


_BRACES = str.maketrans("", "", "{}")
READERS: dict[str, Callable[[str], Iterator[Row]]] = {
    ".ris": _ris, ".bib": _bibtex, ".nbib": _nbib, ".csv": _csv, ".tsv": _csv, ".tab": _csv,
}  # fmt: skip


def _key(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")


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
        publisher=_one(row, "journal"),
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
