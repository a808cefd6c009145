"""One bibliographic record a report: the claims of a document gathered for reference managers and screening tools."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby

from warehouse.exports.table import Row, Table
from warehouse.exports.text import is_web, one_line

ABSTRACT_MAX_CHARS = 5_000
BODY_WORDS = frozenset({
    "council", "department", "ministry", "office", "committee", "commission", "nhs", "england", "trust", "fund",
    "foundation", "institute", "university", "association", "board", "group", "society", "federation", "government",
    "confederation", "parliament", "service", "services", "team", "agency", "authority", "centre", "center", "network",
    "staff", "editorial", "alliance", "partnership",
})  # fmt: skip
TYPES = {  # kind of a document -> RIS type
    "study": "JOUR", "article": "JOUR", "preprint": "JOUR", "journal": "JOUR", "record": "JOUR", "report": "RPRT",
    "guidance": "GOVDOC", "govuk": "GOVDOC", "government": "GOVDOC", "news": "NEWS", "blog": "BLOG", "post": "BLOG",
    "speech": "HEAR", "evidence": "HEAR", "parliament": "HEAR", "conference": "CONF", "chapter": "CHAP",
    "thesis": "THES", "europepmc": "JOUR", "openalex": "JOUR", "crossref": "JOUR", "oai-pmh": "JOUR",
    "guardian": "NEWS", "wordpress": "BLOG",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Report:
    """What a reference manager is told of one document. Every text is one line."""

    id: str
    type: str
    title: str
    authors: tuple[str, ...]
    publisher: str | None
    published: date | None
    year: int | None
    doi: str | None
    url: str | None
    archive_url: str | None
    language: str | None
    accessed: date | None
    abstract: str
    keywords: tuple[str, ...] = ()
    notes: tuple[str, ...] = field(default=())


def reports(table: Table) -> Iterator[Report]:
    """Yield a report a document, in the table's order; its claims become abstract, keywords and a note."""
    for _, group in groupby(table.claims(), key=lambda row: row["document"]):
        yield _report(list(group))


def _report(rows: list[Row]) -> Report:
    first = rows[0]
    quotes = " / ".join(one_line(row["quote"]) for row in rows)
    people = [one_line(row["note"]) for row in rows if row["note"]]
    verdicts = [
        f"{row['review_verdict']} by {row['reviewer']}, {row['review_date']}" for row in rows if row["review_verdict"]
    ]
    return Report(
        id=first["document"], type=TYPES.get(str(first["source_type"] or "").lower().replace(" ", "-"), "ELEC"),
        title=one_line(first["title"] or first["url"] or first["document"]),
        authors=tuple(name for name in (one_line(author) for author in first["authors"]) if name),
        publisher=one_line(first["publisher"]) if first["publisher"] else None,
        published=first["published"], year=first["year"], doi=one_line(first["doi"]) if first["doi"] else None,
        url=first["url"] if is_web(first["url"]) else None, archive_url=first["archive_url"],
        language=one_line(first["language"]) if first["language"] else None,
        accessed=first["last_seen"].date() if first["last_seen"] else None,
        abstract=quotes[:ABSTRACT_MAX_CHARS] + (" [cut, see CSV]" if len(quotes) > ABSTRACT_MAX_CHARS else ""),
        keywords=tuple(dict.fromkeys(theme for row in rows for theme in row["themes"])),
        notes=(
            f"claims: {len(rows)} (tagged by machine, {one_line(str(first.get('tagger') or 'unknown tagger'))})",
            *people, *verdicts,
        ),
    )  # fmt: skip


def is_body(name: str) -> bool:
    """Whether an author is an organisation: their names are not turned round."""
    words = name.lower().replace(",", " ").split()
    return "," not in name and (
        len(words) == 1 or len(words) > 4 or any(word.strip("’'s.") in BODY_WORDS for word in words)
    )


def parted(name: str) -> tuple[str, str]:
    """Return (family, given) of a person; an organisation is all family."""
    if "," in name:
        family, _, given = name.partition(",")
        return family.strip(), given.strip()
    if is_body(name):
        return name, ""
    given, _, family = " ".join(name.split()).rpartition(" ")
    return family, given
