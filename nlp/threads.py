"""Claim threads: one name for a sentence through all versions of its document, however it is edited or moved.

A thread is named after the first passage that began it and is carried on by the alignment that differences use.
Kind, theme and score are no part of it, so a claim keeps its thread when the tagger changes its mind. A sentence
that is taken out and comes back word for word takes its old thread up again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from nlp.changes import align_passages
from nlp.changes_joins import Spanned
from nlp.changes_noise import comparable
from warehouse.ids import make_id, passage_id
from warehouse.models import Span

Threads = dict[Span, str]


def thread_id(document: str, first_passage: str) -> str:
    """Return the id of the thread that began with the passage ``first_passage`` of ``document``."""
    return make_id("thread", document, first_passage)


def assign_threads(
    document: str,
    versions: Sequence[tuple[str, Sequence[Spanned]]],
    known: Mapping[str, Mapping[Span, str]] | None = None,
) -> dict[str, Threads]:
    """Return the thread of every passage of every version: ``{version id: {(start, end): thread id}}``.

    Args:
        document: its id.
        versions: (version id, passages) in the order in which the versions were first shown.
        known: threads given before; they are kept, whatever the alignment says now, so that links stay good.
    """
    given = known or {}
    out: dict[str, Threads] = {}
    before: Sequence[Spanned] = ()
    threads_before: Threads = {}
    asleep: dict[str, list[str]] = {}
    for version, passages in versions:
        threads = dict(given.get(version, {}))
        _carry(before, threads_before, passages, threads)
        _wake(asleep, passages, threads)
        for p in passages:
            threads.setdefault((p.start, p.end), thread_id(document, passage_id(version, p.start, p.end)))
        alive = set(threads.values())
        for p in before:
            name = threads_before[p.start, p.end]
            if name not in alive:
                asleep.setdefault(comparable(p.text), []).append(name)
        out[version] = {(p.start, p.end): threads[p.start, p.end] for p in passages}
        before, threads_before = passages, out[version]
    return out


def _carry(old: Sequence[Spanned], names: Threads, new: Sequence[Spanned], threads: Threads) -> None:
    """Give passages of the new version the threads of those that they were in the old one."""
    taken = set(threads.values())
    for pair in align_passages(old, new):
        if pair.old is None or pair.new is None:
            continue
        a, b = old[pair.old], new[pair.new]
        name = names[a.start, a.end]
        if (b.start, b.end) not in threads and name not in taken:
            threads[b.start, b.end] = name
            taken.add(name)


def _wake(asleep: dict[str, list[str]], passages: Sequence[Spanned], threads: Threads) -> None:
    """Give a sentence that was gone and is back word for word its old thread."""
    for p in passages:
        names = asleep.get(comparable(p.text)) if (p.start, p.end) not in threads else None
        if names:
            threads[p.start, p.end] = names.pop()
