"""Make the fields of bibliographic records comparable: databases write one work in many ways."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

_TAGS = re.compile(r"<[^<>]{1,20}>")
_LANGUAGE = re.compile(
    r"[\[(](?:in )?(?:chinese|french|german|spanish|russian|japanese|italian|polish|portuguese|turkish|korean|dutch|"
    r"danish|swedish|norwegian|czech|hungarian|hebrew|persian|croatian|serbian|ukrainian|english|romanian|greek|finnish|slovak|"
    r"abstract|article|review|letter|editorial|abstract only|electronic resource|see comments?)[\])]",
    re.I,
)
_APPENDED = re.compile(
    r"\W*\[(?:erratum|corrected|comment|see comment|retract|republished|update|reprint)\b.*\Z", re.I | re.S
)
_TAIL = re.compile(r"(?<=\w)([.?!)\"']*)\s*\[[^\[\]]{1,300}\][\s.]*\Z")
_TYPE_TAIL = re.compile(r"\b(?:a|an)?\s*(?:conference )?abstract\Z")
_NOT_WORD = re.compile(r"[^a-z0-9]+")
_DOI = re.compile(r"10\.\d{4,9}/\S+", re.I)
_NUMBER = re.compile(r"\d+")
_ROMAN = re.compile(r"\b(?:ii|iii|iv|vi|vii|viii|ix)\b|(?:(?<=part )|(?<=phase )|(?<=study ))[ivx]\b")
_INITIALS = re.compile(r"(?:[A-Z]\.?[ -]?){1,4}\Z")
OTHER_TITLE_WORDS = 4
_EMPTY = frozenset({"", "unknown", "nan", "none", "n/a", "anonymous", "[anonymous]", "anon", "no author", "null"})
_SMALL = frozenset(
    ["the", "of", "and", "in", "for", "on", "a", "an", "de", "la", "le", "et", "der", "die", "das", "und", "to", "at"]
)


@dataclass(frozen=True)
class Record:
    """One bibliographic record as read. ``authors`` is one string; missing fields are empty."""

    id: str
    title: str = ""
    authors: str = ""
    year: str = ""
    journal: str = ""
    volume: str = ""
    number: str = ""
    pages: str = ""
    doi: str = ""
    abstract: str = ""
    kind: str = ""

    @cached_property
    def prepared(self) -> Prepared:
        """The comparable form, made once."""
        return prepare(self)


@dataclass(frozen=True)
class Prepared:
    """A record's fields as they are compared; "" or () where unknown."""

    title: str
    other_title: str
    numbers: tuple[str, ...]
    surnames: tuple[str, ...]
    lead: frozenset[str]
    year: int | None
    journal: tuple[str, ...]
    volume: str
    number: str
    first_page: str
    last_page: str
    pages: str
    doi: str
    abstract: str


def from_mapping(record_id: str, row: Mapping[str, str]) -> Record:
    """Make a record of a row whose keys are field names in small letters with ``_``, by any of their usual names."""

    def first(*names: str) -> str:
        return next((v for n in names if (v := (row.get(n) or "").strip()) and v.casefold() not in _EMPTY), "")

    pages = first("pages", "page")
    if not pages and first("start_page"):
        pages = "-".join(p for p in (first("start_page"), first("end_page")) if p)
    return Record(
        id=record_id,
        title=first("title", "primary_title", "article_title", "document_title"),
        authors=first("author", "authors", "first_authors", "author_names", "author_full_names"),
        year=first("year", "publication_year", "date", "published", "publication_date"),
        journal=first(
            "journal", "booktitle", "secondary_title", "journal_name", "source_title", "publication",
            "publication_title", "source", "series",
        ),
        volume=first("volume", "journal_volume"),
        number=first("number", "issue", "journal_issue"),
        pages=pages,
        doi=first("doi", "doi_link", "electronic_resource_num") or _doi(first("url", "urls", "link")),
        abstract=first("abstract", "notes_abstract", "abstract_note"),
        kind=first("entrytype", "type_of_reference", "type").casefold(),
    )  # fmt: skip


def prepare(record: Record) -> Prepared:
    """Return the comparable form of a record."""
    title, other_title = _titles(record.title)
    year = re.search(r"(?:1[5-9]|20)\d\d", record.year)
    first, last = _pages(record.pages)
    return Prepared(
        title=title,
        other_title=other_title,
        numbers=tuple(_NUMBER.findall(title)) + tuple(_ROMAN.findall(title)),
        surnames=surnames(record.authors),
        lead=frozenset(w for w in plain(_first_author(record.authors)).split() if len(w) > 3),
        year=int(year.group()) if year else None,
        journal=tuple(w for w in plain(re.sub(r"[(\[].*?[)\]]", " ", record.journal)).split() if w not in _SMALL),
        volume=_count(record.volume),
        number=_count(record.number),
        first_page=first,
        last_page=last,
        pages=f"{first}-{last}" if first else "",
        doi=_doi(record.doi),
        abstract=plain(record.abstract)[:600],
    )


def _titles(raw: str) -> tuple[str, str]:
    """Return a title and its translation in brackets, if any; "[Review] [29 refs]" and the like come off."""
    title, other = _APPENDED.sub("", _LANGUAGE.sub(" ", _TAGS.sub("", raw))), ""
    while found := _TAIL.search(title):
        inside = plain(found.group().partition("[")[2])
        other = inside if len(inside.split()) >= OTHER_TITLE_WORDS else other
        title = title[: found.start()] + found[1]
    return _TYPE_TAIL.sub("", plain(title)).strip(), other


def plain(text: str) -> str:
    """Return ``text`` in small ASCII letters where it has a Latin form, words parted by one blank."""
    folded = unicodedata.normalize("NFKD", text.replace("&amp;", " and ").replace("&", " and ").replace("ß", "ss"))
    bare = "".join(c for c in folded if not unicodedata.combining(c)).casefold()
    if bare.isascii():
        return " ".join(_NOT_WORD.sub(" ", bare).split())
    return " ".join("".join(c if c.isalnum() else " " for c in bare).split())


def surnames(authors: str) -> tuple[str, ...]:
    """Return the surnames in order, from "Smith, J. and Doe, A.", "Smith J; Doe A", "Jane Smith, Ann Doe"."""
    text = _TAGS.sub("", authors).strip()
    if re.search(r"\s(?:and|&)\s", text) and ("," in text or ";" not in text):
        people = re.split(r"\s+(?:and|&)\s+", text)
    elif ";" in text:
        people = text.split(";")
    elif text.count(",") > 1 or re.search(r"[a-z]{2,} [A-Z]{1,3},", text) or _full_names(text):
        people = _comma_list(text)
    else:
        people = [text]
    return tuple(name for person in people[:40] if (name := _surname(person)) and name not in ("others", "al"))


def _first_author(authors: str) -> str:
    return re.split(r"\s(?:and|&)\s|;", authors)[0]


def _full_names(text: str) -> bool:
    """Whether commas part whole names ("Jane Smith, Ann Doe"), not surnames from first names."""
    parts = text.split(",")
    return len(parts) > 1 and all(len(p.split()) > 1 and not _INITIALS.fullmatch(p.split()[-1]) for p in parts)


def _comma_list(text: str) -> list[str]:
    """Cut a list parted by commas, where every second part may be the initials of the one before."""
    parts = [p.strip() for p in text.split(",") if p.strip()]
    if sum(bool(_INITIALS.fullmatch(p)) for p in parts) >= len(parts) // 2 > 0:
        return [f"{p}," for p in parts if not _INITIALS.fullmatch(p)]
    return parts


def _surname(person: str) -> str:
    person = person.strip().strip(".")
    if "," in person:
        return plain(person.split(",")[0]).replace(" ", "")
    parts = person.split()
    if len(parts) > 1 and _INITIALS.fullmatch(parts[-1]) and not _INITIALS.fullmatch(parts[0]):
        parts = [p for p in parts if not _INITIALS.fullmatch(p)]
        return plain(" ".join(parts)).replace(" ", "")
    return plain(parts[-1]).replace(" ", "") if parts else ""


def _pages(pages: str) -> tuple[str, str]:
    """Return first and last page; "288-97" ends on 297, "Suppl-29" begins nowhere."""
    text = re.sub(r"\(.*?\)", "", pages.casefold().replace(",", ""))
    found = re.findall(r"[a-z]*\d+[a-z]*|\b[ivxlc]+\b", text)
    if not found:
        return "", ""
    if re.match(r"[a-z]+\s*-", text):
        return "", found[0].lstrip("0")
    first, last = found[0].lstrip("0"), found[1] if len(found) > 1 else found[0]
    if first.isdigit() and last.isdigit() and len(last) < len(first):
        last = first[: len(first) - len(last)] + last
    return first, last.lstrip("0")


def _count(text: str) -> str:
    found = re.search(r"\d+", text)
    return str(int(found.group()[:9])) if found else ""


def _doi(text: str) -> str:
    found = _DOI.search(text)
    return found.group().casefold().rstrip(".,;)") if found else ""
