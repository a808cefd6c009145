"""Claims in force as hits: one query for the facts, quotes cut from the version's text."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from urllib.parse import quote as percent

from warehouse.filters import Filters
from warehouse.index.engine import Engine
from warehouse.people import Overlay, is_rejected
from warehouse.queries.reader import Reader
from warehouse.queries.results import Hit
from warehouse.texts import whole_text

CONTEXT_MAX_CHARS = 300
LINK_WORDS = 5
CLAIMS = """
select c.*, d.title as document_title, v.title, d.url, d.demo, v.text, v.comments
from current_claim c join document d on d.id = c.document join version v on v.id = c.version
"""
BY_THREAD = CLAIMS + " where c.thread in (select unnest(?::varchar[])) order by c.n"
FIGURES = (
    "select passage, value, unit, role from figure where passage in (select unnest(?::varchar[])) order by start_at"
)
TAGS = (
    "select passage, code, polarity, score from tag where passage in (select unnest(?::varchar[]))"
    " order by score desc, code, polarity"
)
Row = Mapping[str, Any]


def of_entries(
    engine: Engine, rows: Sequence[int], scores: Sequence[float], filters: Filters, overlay: Mapping[str, Overlay]
) -> list[Hit]:
    """Return entries as hits, in order: of folded copies the first that the filters let through."""
    entries = engine.stored(rows)
    found = []
    for row, score in zip(rows, scores, strict=True):
        entry = entries[row]
        members = entry["members"]
        claim = next((member for member in members if fits(member, filters)), members[0])
        facts = {
            **claim, "copies": entry["copies"], "repeats": entry["repeats"], "rank": score,
            "published": claim["published"] and date.fromisoformat(claim["published"]),
            "changed_at": claim["changed_at"] and datetime.fromisoformat(claim["changed_at"]),
        }  # fmt: skip
        tags = [(code, polarity, float(value)) for code, polarity, value in claim["themes"]]
        figures = [(float(value), unit, role) for value, unit, role in claim["figures"]]
        found.append(as_hit(facts, tags, figures, overlay.get(claim["thread"])))
    return found


def fits(claim: Row, filters: Filters) -> bool:
    """Whether this one of several copies is of the publisher, source or document asked for."""
    asked = (
        ("publisher", filters.publishers), ("source_type", filters.source_types), ("document", filters.documents),
    )  # fmt: skip
    return all(not values or claim[name] in values for name, values in asked)


def complete(reader: Reader, claims: Sequence[Row], overlay: Mapping[str, Overlay] | None = None) -> list[Hit]:
    """Return claims (rows of CLAIMS) as hits, a person's kind and themes over the machine's."""
    passages = [[claim["passage"] for claim in claims]]
    tags: dict[str, list[tuple[str, str, float]]] = {}
    for tag in reader.rows(TAGS, passages):
        tags.setdefault(tag["passage"], []).append((tag["code"], tag["polarity"], tag["score"]))
    figures: dict[str, list[tuple[float, str, str]]] = {}
    for figure in reader.rows(FIGURES, passages):
        figures.setdefault(figure["passage"], []).append((figure["value"], figure["unit"], figure["role"]))
    people = overlay or {}
    return [
        as_hit(
            with_quote(claim),
            tags.get(claim["passage"], []),
            figures.get(claim["passage"], []),
            people.get(claim["thread"]),
        )
        for claim in claims
    ]


def as_hit(
    claim: Row, tags: Sequence[tuple[str, str, float]], figures: Sequence[tuple[float, str, str]],
    said: Overlay | None = None,
) -> Hit:  # fmt: skip
    """Return one claim as a hit."""
    return Hit(
        claim=claim["thread"], passage=claim["passage"], document=claim["document"], version=claim["version"],
        title=claim["title"], publisher=claim["publisher"], published=claim["published"],
        url=claim["url"], deep_link=deep_link(claim["url"], claim["quote"], claim["page"]), quote=claim["quote"],
        before=claim["before"][-CONTEXT_MAX_CHARS:], after=claim["after"][:CONTEXT_MAX_CHARS],
        kind=(said and said.value("kind")) or claim["kind"], themes=themes_with(tags, said),
        score=float(claim.get("rank", 0.0)), likeness=claim.get("likeness"),
        change=None if claim["change"] == "unchanged" else claim["change"], changed_at=claim["changed_at"],
        copies=int(claim.get("copies", 0)), repeats=int(claim.get("repeats", 1)),
        direction=(said and said.value("direction")) or claim["direction"], outcome=claim["outcome"],
        source_type=claim["source_type"], confidence=claim["score"], attribution=claim["attribution_name"],
        said_by=said_by(claim), reviewed=said is not None, rejected=is_rejected(said),
        demo=claim["demo"], figures=tuple(figures), matched=claim.get("matched", ()),
    )  # fmt: skip


def said_by(claim: Row) -> str | None:
    """Return who speaks, in words: a name, else a role, else that a person, body or study does; None: the author."""
    kind = claim.get("attribution_type")  # an entry that an earlier version wrote has neither kind nor role
    unnamed = f"a {kind}" if kind not in (None, "author") else None
    return claim["attribution_name"] or claim.get("attribution_role") or unnamed


def with_quote(claim: Row) -> dict[str, Any]:
    """Return a row of CLAIMS with its quote and context cut from the version's text."""
    text = whole_text(claim["text"], json.loads(claim["comments"] or "[]"))
    return {
        **claim, "title": claim["title"] or claim["document_title"], "quote": text[claim["start_at"] : claim["end_at"]],
        "before": _context(text, (claim["before_start"], claim["before_end"])),
        "after": _context(text, (claim["after_start"], claim["after_end"])),
    }  # fmt: skip


def themes_with(tags: Sequence[tuple[str, str, float]], said: Overlay | None) -> tuple[tuple[str, str, float], ...]:
    """Return themes with a person's decisions (fields ``theme:<code>``: a polarity, or none) over the machine's."""
    decided = {name[6:]: d.value for name, d in said.values.items() if name.startswith("theme:")} if said else {}
    kept = [tag for tag in tags if tag[0] not in decided]
    added = [(code, value, 1.0) for code, value in sorted(decided.items()) if value and value != "none"]
    return tuple(added + kept)


def _context(text: str, span: tuple[int | None, int | None]) -> str:
    return "" if span[0] is None else text[span[0] : span[1]]


def deep_link(url: str, quote: str, page: int | None) -> str:
    """Return the address of the words: a PDF's page, else a text fragment, to which browsers scroll (http only)."""
    words = quote.split()
    if not url.startswith(("http://", "https://")) or not words:
        return url
    if page:
        return f"{url.split('#')[0]}#page={page}"
    ends = (words[:LINK_WORDS], words[-LINK_WORDS:]) if len(words) > 2 * LINK_WORDS else (words,)
    marks = ",".join(percent(" ".join(part), safe="").replace("-", "%2D") for part in ends)
    return f"{url.split('#')[0]}#:~:text={marks}"
