"""Rows of the evidence table: one a claim in force, streamed, in the contract's columns."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from warehouse.queries.hits import deep_link
from warehouse.queries.reader import BATCH, Reader
from warehouse.texts import whole_text

COLUMNS = (
    "claim_id", "quote", "kind", "themes", "direction", "outcome", "intervention", "comparator", "population",
    "setting",
    "geography", "time_period", "figure_value", "figure_unit", "figure_role", "figure_text", "hedge", "attribution",
    "basis", "study_design", "sample_size", "source_type", "publisher", "authors", "year", "title", "published", "doi",
    "url", "deep_link", "archive_url", "location", "language", "peer_reviewed", "funder", "licence", "version",
    "first_seen", "last_seen", "change_status", "copies", "review_verdict", "reviewer", "review_date", "note",
    "confidence", "origin_of_each_value",
)  # fmt: skip
MACHINE = {
    "kind", "themes", "direction", "outcome", "intervention", "geography", "time_period", "figure_value", "figure_unit",
    "figure_role", "figure_text", "hedge", "attribution", "basis", "study_design", "sample_size", "peer_reviewed",
}  # fmt: skip

PART = 20_000  # claims a query: what is sorted and joined at once, however many rows the table has
ROWS = """
with asked as materialized (
    select n, passage from current_claim where n >= $first and n <= $last
        and ($all or n in (select unnest($numbers::integer[])))
)
select c.thread as claim_id, c.thread, c.passage, c.document, c.kind, c.direction, c.outcome, full_claim.intervention,
    c.hedge, c.basis, full_claim.study, full_claim.attribution_type, c.attribution_name, full_claim.attribution_role,
    c.places, c.source_type, c.publisher, d.authors, year(c.dated) as year, coalesce(v.title, d.title) as title,
    d.published, d.doi, d.url, d.language, d.peer_reviewed, d.licence, d.demo,
    coalesce(d.extra->>'$.retracted' = 'true', false) as retracted, c.version, v.pages,
    c.page, c.start_at, c.end_at, t.first_seen, d.last_seen, c.change as change_status, c.score as confidence, c.tagger,
    e.copies, e.row, tags.themes, figures.figures
from asked a join current_claim c on c.n = a.n
join claim full_claim on full_claim.passage = c.passage
join document d on d.id = c.document join version v on v.id = c.version
join thread t on t.id = c.thread
left join (
    select row, copies, n from (select row, copies, unnest(members) as n from entry) where n >= $first and n <= $last
) e on e.n = c.n
left join (
    select passage, list({'code': code, 'polarity': polarity} order by score desc, code, polarity) as themes
    from tag where passage in (select passage from asked) group by passage
) tags on tags.passage = c.passage
left join (
    select passage, list({'value': value, 'unit': unit, 'role': role, 'period': period, 'start': start_at,
        'stop': end_at} order by start_at) as figures
    from figure where passage in (select passage from asked) group by passage
) figures on figures.passage = c.passage
order by c.n
"""
TEXTS = "select id, text, comments from version where id in (select unnest(?::varchar[]))"


def rows(reader: Reader, numbers: Sequence[int] | None) -> Iterator[dict[str, Any]]:
    """Yield a row a claim, in document and text order. ``numbers``: which claims; None means all.

    Texts are read apart from the rows, a batch's at a time, so that none is sorted or joined.
    """
    for asked in _parts(reader, numbers):
        found = reader.stream(ROWS, asked)
        while batch := list(islice(found, BATCH)):
            versions = list(dict.fromkeys(row["version"] for row in batch))
            texts = {
                row["id"]: whole_text(row["text"], json.loads(row["comments"] or "[]"))
                for row in reader.rows(TEXTS, [versions])
            }
            for row in batch:
                yield evidence_row(row, texts[row["version"]])


def _parts(reader: Reader, numbers: Sequence[int] | None) -> Iterator[dict[str, Any]]:
    if numbers is None:
        (most,) = reader.rows("select coalesce(max(n), -1) as n from current_claim")
        for first in range(0, most["n"] + 1, PART):
            yield {"first": first, "last": first + PART - 1, "all": True, "numbers": []}
        return
    wanted = sorted(numbers)
    for first in range(0, len(wanted), PART):
        part = wanted[first : first + PART]
        yield {"first": part[0], "last": part[-1], "all": False, "numbers": part}


def evidence_row(found: Mapping[str, Any], text: str) -> dict[str, Any]:
    """Return one row; columns that only a person fills are None, and so is what the text does not say."""
    quote = text[found["start_at"] : found["end_at"]]
    study = {name: value for name, value, *_ in json.loads(found["study"] or "[]")}
    row: dict[str, Any] = dict.fromkeys(COLUMNS)
    for name in (
        "claim_id", "kind", "direction", "outcome", "intervention", "hedge", "basis", "source_type", "publisher",
        "year",
        "title", "published", "doi", "url", "language", "peer_reviewed", "licence", "version", "first_seen",
        "last_seen", "change_status", "confidence", "copies",
    ):  # fmt: skip
        row[name] = found[name]
    row |= {
        "quote": quote, "deep_link": deep_link(found["url"], quote, found["page"]), "authors": list(found["authors"]),
        "themes": [f"{tag['code']}:{tag['polarity']}" for tag in found["themes"] or ()],
        "geography": list(found["places"]) or ([study["country"]] if "country" in study else []),
        "attribution": _attribution(found), "study_design": study.get("study_design"),
        "sample_size": study.get("sample_size"), "location": _location(found), **_figure(found, text),
    }  # fmt: skip
    row["origin_of_each_value"] = {name: "m" for name in COLUMNS if name in MACHINE and row[name] not in (None, [])}
    extra = ("thread", "passage", "document", "tagger", "demo", "retracted")
    return row | {name: found[name] for name in extra} | {"figures": found["figures"] or []}


def _figure(found: Mapping[str, Any], text: str) -> dict[str, Any]:
    figures = found["figures"] or []
    if not figures:
        return {}
    first = next((figure for figure in figures if figure["role"] != "context"), figures[0])
    return {
        "figure_value": first["value"], "figure_unit": first["unit"], "figure_role": first["role"],
        "figure_text": text[first["start"] : first["stop"]], "time_period": first["period"],
    }  # fmt: skip


def _attribution(found: Mapping[str, Any]) -> str:
    name, role = found["attribution_name"], found["attribution_role"]
    return f"{name} ({role})" if name and role else name or role or found["attribution_type"]


def _location(found: Mapping[str, Any]) -> str:
    """Say where the quote stands: the page of a PDF, else the characters of the text."""
    for number, (start, end) in enumerate(json.loads(found["pages"] or "[]"), 1):
        if start <= found["start_at"] < end:
            return f"page {number}"
    return f"characters {found['start_at']} to {found['end_at']}"
