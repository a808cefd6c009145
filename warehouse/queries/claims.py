"""One claim with its whole life."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from warehouse.annotations import build
from warehouse.errors import UsageError
from warehouse.models import Annotation
from warehouse.people import Overlay
from warehouse.queries import documents, hits
from warehouse.queries.reader import Reader
from warehouse.queries.results import Hit
from warehouse.queries.views import ClaimAt, ClaimView
from warehouse.texts import whole_text

LATEST_OF_THREAD = """
select c.passage, s.n, s.seen_at from claim c join showing s on s.version = c.version and s.document = c.document
where c.thread = ? order by s.n desc limit 1
"""
HISTORY = """
select s.version, c.passage, s.seen_at, c.kind, c.direction, c.hedge, p.start_at, p.end_at, v.text, v.comments
from claim c join showing s on s.version = c.version and s.document = c.document
join passage p on p.id = c.passage join version v on v.id = c.version where c.thread = ? order by s.n
"""
ANY_CLAIM = """
select c.*, p.start_at, p.end_at, null::integer as before_start, null::integer as before_end,
    null::integer as after_start, null::integer as after_end, d.title as document_title, v.title, d.url, d.demo,
    v.text, v.comments, coalesce(d.publisher, s.publisher) as publisher,
    coalesce(nullif(d.kind, 'page'), s.config->>'$.kind', 'page') as source_type, null::integer as page,
    d.published, 'removed' as change, null::timestamp as changed_at
from claim c join passage p on p.id = c.passage join document d on d.id = c.document
join version v on v.id = c.version left join source s on s.name = d.source where c.passage = ?
"""
SAME = """
select c.thread from echo mine join echo other on other.cluster = mine.cluster and other.kind = mine.kind
join current_claim c on c.thread = other.member
where mine.kind = 'same_claim' and mine.member = ? and other.member <> ? order by other.original desc, c.n
"""


@dataclass(frozen=True, slots=True)
class Annotated:
    """What was found in a version; offsets are in ``text``, the whole text."""

    version: str
    text: str
    annotations: tuple[Annotation, ...]
    threads: tuple[str | None, ...]
    passages: tuple[str, ...]
    tagger: str | None


def claim(reader: Reader, thread: str, overlay: Mapping[str, Overlay]) -> ClaimView:
    """Return a claim by its thread or a passage of it."""
    known = reader.rows("select thread from claim where thread = ? or passage = ? limit 1", [thread, thread])
    if not known:
        raise UsageError(f"no claim {thread!r} in this base; `claimwatch search` shows the ids of those that there are")
    thread = known[0]["thread"]
    latest = reader.rows(LATEST_OF_THREAD, [thread])[0]
    current = reader.rows(hits.BY_THREAD, [[thread]])
    rows = current[:1] or reader.rows(ANY_CLAIM, [latest["passage"]])
    found = annotated(reader, rows[0]["version"])
    history = [_at(row) for row in reader.rows(HISTORY, [thread])]
    return ClaimView(
        hit=hits.complete(reader, rows, overlay)[0],
        annotation=found.annotations[found.passages.index(rows[0]["passage"])], tagger=found.tagger or "",
        current=bool(current), first_seen=history[0].seen_at, history=tuple(history),
        changes=tuple(documents.changes_of_thread(reader, thread)),
        same_claim=tuple(same_claim(reader, thread, overlay)),
    )  # fmt: skip


def _at(row: Mapping[str, Any]) -> ClaimAt:
    text = whole_text(row["text"], json.loads(row["comments"] or "[]"))
    return ClaimAt(
        row["version"], row["passage"], row["seen_at"], text[row["start_at"] : row["end_at"]], row["kind"],
        row["direction"], row["hedge"],
    )  # fmt: skip


def same_claim(reader: Reader, thread: str, overlay: Mapping[str, Overlay] | None = None) -> list[Hit]:
    """Return the claims in force elsewhere that say the same, the original first."""
    threads = [row["thread"] for row in reader.rows(SAME, [thread, thread])]
    return of_threads(reader, threads, overlay)


def of_threads(reader: Reader, threads: Sequence[str], overlay: Mapping[str, Overlay] | None = None) -> list[Hit]:
    """Return claims in force by thread, in the order asked; those no longer in force are left out."""
    rows = {row["thread"]: row for row in reader.rows(hits.BY_THREAD, [list(threads)])}
    return hits.complete(reader, [rows[thread] for thread in dict.fromkeys(threads) if thread in rows], overlay)


def numbers_of(reader: Reader, threads: Sequence[str]) -> list[int]:
    """Return the numbers of claims in force by thread."""
    found = reader.rows(
        "select n from current_claim where thread in (select unnest(?::varchar[])) order by n", [list(threads)]
    )
    return [row["n"] for row in found]


def threads_of(reader: Reader, numbers: Sequence[int]) -> list[str]:
    """Return the threads of claims in force by their numbers, in document and text order."""
    found = reader.rows(
        "select thread from current_claim where n in (select unnest(?::integer[])) order by n", [list(numbers)]
    )
    return [row["thread"] for row in found]


def annotated(reader: Reader, version: str) -> Annotated:
    """Return what was found in a version. Raises UsageError where there is no such version."""
    texts = reader.rows("select text, comments from version where id = ?", [version])
    if not texts:
        raise UsageError(f"no version {version!r} in this base")
    text = whole_text(texts[0]["text"], json.loads(texts[0]["comments"] or "[]"))
    passages = reader.rows("select * from passage where version = ? order by n", [version])
    mine = [[row["id"] for row in passages]]
    parts = {
        "tag": reader.rows(
            "select * from tag where passage in (select unnest(?::varchar[])) order by code, polarity", mine
        ),
        "figure": reader.rows(
            "select * from figure where passage in (select unnest(?::varchar[])) order by start_at", mine
        ),
        "named": reader.rows(
            "select * from named where passage in (select unnest(?::varchar[])) order by start_at, entity", mine
        ),
        "claim": reader.rows("select * from claim where version = ?", [version]),
    }
    found = build(passages, parts, text)
    return Annotated(
        version, text, tuple(a for a, _ in found), tuple(t for _, t in found), tuple(mine[0]),
        passages[0]["tagger"] if passages else None,
    )  # fmt: skip
