"""One bibliographic record, out of the names that databases and reference managers give to the same things."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from warehouse.exports.text import is_web, one_line
from warehouse.ids import make_id
from warehouse.models import Document

Row = Mapping[str, Any]
# What exports of Scopus, Embase, Ovid, ProQuest, Web of Science, PubMed, Zotero and EndNote call each part.
NAMES: dict[str, tuple[str, ...]] = {
    "title": ("title", "primary_title", "article_title", "document_title", "translated_title", "short_title", "ti"),
    "abstract": ("abstract", "notes_abstract", "abstract_note", "ab", "n2", "original_abstract"),
    "authors": ("authors", "first_authors", "author", "author_names", "au", "a1", "authors_full_names"),
    "year": (
        "published", "date", "publication_date", "pub_date", "publication_year", "year", "py", "pubdate",
        "electronic_publication_date",
    ),
    "journal": (
        "journal_name", "secondary_title", "journal", "journaltitle", "source_title", "publication_title", "booktitle",
        "alternate_title3", "alternate_title2", "source", "institution",
    ),
    "publisher": ("publisher", "pb", "institution", "school"),
    "doi": ("doi", "do", "digital_object_identifier", "electronic_resource_num"),
    "url": ("url", "urls", "link", "full_text_link", "open_url_link", "document_url"),
    "keywords": ("keywords", "keyword", "author_keywords", "kw", "descriptors", "emtree_medical_index_terms"),
    "language": ("language", "la", "article_language"),
    "type": ("type_of_reference", "document_type", "publication_type", "publication_types", "type", "item_type"),
    "id": ("record_id", "accession_number", "pubmed_id", "pmid", "ut", "id", "key"),
    "included": ("label_included", "final_included", "included", "label", "included_label"),
}  # fmt: skip
LISTS = frozenset({"authors", "keywords"})
_DOI = re.compile(r"10\.\d{4,9}/[^\s;,\"<>]{1,200}")
_YEAR = re.compile(r"(?<!\d)(1[5-9]\d\d|20\d\d)(?!\d)")
_LANGUAGES = {"english": "en", "eng": "en", "welsh": "cy", "french": "fr", "german": "de", "spanish": "es"}
MAX_CHARS = 100_000


@dataclass(frozen=True, slots=True)
class Record:
    """One record as the file has it. ``included``: a screener's decision, None where there is none.

    ``published`` is an ISO day, or the first of January of the year.
    """

    id: str
    title: str | None
    abstract: str | None
    authors: tuple[str, ...] = ()
    published: str | None = None
    journal: str | None = None
    publisher: str | None = None
    doi: str | None = None
    url: str | None = None
    keywords: tuple[str, ...] = ()
    language: str | None = None
    type: str | None = None
    included: bool | None = None

    def document(self, file: str) -> Document:
        """Return the record as a Document of title and abstract; its address is the DOI's, else one in ``file``."""
        home = f"https://doi.org/{self.doi}" if self.doi else self.url or f"import:{file}#{self.id}"
        extra = {"type": self.type, "keywords": list(self.keywords), "record": self.id, "included": self.included}
        return Document(
            url=home, text=self.abstract or self.title or "", title=self.title, authors=self.authors,
            published=self.published, publisher=self.journal or self.publisher, language=self.language, doi=self.doi,
            kind="record", aliases=(self.url,) if self.url and self.url != home else (), extra=extra,
        )  # fmt: skip


def as_record(row: Row) -> Record | None:
    """Return a row as a record; None where it has neither title nor abstract."""
    title, abstract = _text(row, "title"), _text(row, "abstract")
    if not title and not abstract:
        return None
    doi, day = _doi(row), _day(row)
    return Record(
        id=_text(row, "id") or make_id("record", doi, title, day if title else abstract), title=title,
        abstract=abstract, authors=tuple(_people(row)), published=day, journal=_text(row, "journal"),
        publisher=_text(row, "publisher"), doi=doi, url=_url(row), keywords=tuple(_words(row)),
        language=_language(_text(row, "language")),
        type=_text(row, "type"), included=_included(row),
    )  # fmt: skip


def _language(name: str | None) -> str | None:
    short = (name or "").lower()
    return short if len(short) == 2 else _LANGUAGES.get(short)


def unique(records: Iterable[Record]) -> list[Record]:
    """Return records with ids that are unique: a second one of an id gets a number."""
    seen: dict[str, int] = {}
    found = []
    for record in records:
        seen[record.id] = seen.get(record.id, 0) + 1
        again = f"{record.id}-{seen[record.id]}" if seen[record.id] > 1 else record.id
        found.append(_renamed(record, again))
    return found


def _renamed(record: Record, id: str) -> Record:
    return record if id == record.id else replace(record, id=id)


def _values(row: Row, what: str) -> list[str]:
    for name in NAMES[what]:
        value = row.get(name)
        many = value if isinstance(value, list | tuple) else [value]
        found = [line for one in many if (line := one_line(str(one or ""))[:MAX_CHARS])]
        if found:
            return found
    return []


def _text(row: Row, what: str) -> str | None:
    return "; ".join(_values(row, what)) or None


def _people(row: Row) -> Sequence[str]:
    found = _values(row, "authors")
    if len(found) != 1:
        return found
    text = found[0]
    if ";" in text:
        return [part.strip() for part in text.split(";") if part.strip()]
    if text.startswith("[") and text.endswith("]"):
        return [part.strip(" '\"") for part in text[1:-1].split(",") if part.strip(" '\"")]
    return [part.strip() for part in re.split(r"(?<=\.), ", text) if part.strip()]


def _words(row: Row) -> list[str]:
    found = _values(row, "keywords")
    text = found[0].strip("[]") if len(found) == 1 else ""
    parts = re.split(r"[;,]", text) if text else found
    return [word for part in parts if (word := part.strip(" '\""))]


def _doi(row: Row) -> str | None:
    for value in (*_values(row, "doi"), *_values(row, "url")):
        if found := _DOI.search(value):
            return found.group().rstrip(".").lower()
    return None


def _url(row: Row) -> str | None:
    return next((value for value in _values(row, "url") if is_web(value)), None)


def _day(row: Row) -> str | None:
    """Return the most exact day that the row has: an ISO day where one of its dates is one, else a year."""
    values = [one_line(str(row.get(name) or "")) for name in NAMES["year"]]
    for value in values:
        try:
            return date.fromisoformat(value[:10].replace("/", "-").rstrip("-")).isoformat()
        except ValueError:
            continue
    found = next((match.group() for value in values if (match := _YEAR.search(value))), None)
    return f"{found}-01-01" if found else None


def _included(row: Row) -> bool | None:
    value = (_text(row, "included") or "").lower()
    return {"1": True, "yes": True, "true": True, "0": False, "no": False, "false": False}.get(value)
