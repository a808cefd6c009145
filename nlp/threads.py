"""Claim threads: one name for a sentence through all versions of its document, however it is edited or moved.

A thread is named after the first passage that began it and is carried on by the alignment that differences use.
Kind, theme and score are no part of it, so a claim keeps its thread when the tagger changes its mind. A sentence
that is taken out and comes back word for word takes its old thread up again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from nlp.changes import align_passages
from nlp.changes_joins import Spanned
from nlp.changes_noise import comparable
from warehouse.ids import make_id, passage_id
from warehouse.models import Span

Threads = dict[Span, str]


def thread_id(document: str, first_passage: str) -> str:
    """Return the id of the thread that began with the passage ``first_passage`` of ``document``."""
    return make_id("thread", document, first_passage)


@dataclass(slots=True)
class ThreadWalk:
    """Threads handed from showing to showing of one document; ``asleep`` are those of sentences that were taken out."""

    document: str
    before: Sequence[Spanned] = ()
    names: Threads = field(default_factory=dict)
    asleep: dict[str, list[str]] = field(default_factory=dict)
    known: set[str] = field(default_factory=set)

    def step(
        self, version: str, passages: Sequence[Spanned], given: Mapping[Span, str], own: Mapping[Span, str]
    ) -> Threads:
        """Return the thread of every passage of the next showing.

        Args:
            version: its id.
            passages: of that version, in order.
            given: threads that stand, whatever the alignment says, so that links stay good.
            own: threads of passages to which none is handed on; without one they are named after the passage. Where
                some passages have one, only threads that were given or own are handed on to those.
        """
        threads = dict(given)
        _carry(self.before, self.names, passages, threads)
        _wake(self.asleep, passages, threads)
        for p in passages:
            span = p.start, p.end
            threads.setdefault(span, thread_id(self.document, passage_id(version, *span)))
            if span in own and threads[span] not in self.known:
                threads[span] = own[span]
        self.known.update(given.values(), (threads[span] for span in own))
        self._sleep(set(threads.values()))
        self.before, self.names = passages, {(p.start, p.end): threads[p.start, p.end] for p in passages}
        return self.names

    def _sleep(self, alive: set[str]) -> None:
        for names in self.asleep.values():
            names[:] = [name for name in names if name not in alive]
        for p in self.before:
            name = self.names[p.start, p.end]
            if name not in alive:
                self.asleep.setdefault(comparable(p.text), []).append(name)


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
    walk = ThreadWalk(document)
    return {version: walk.step(version, passages, (known or {}).get(version, {}), {}) for version, passages in versions}


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
    taken = set(threads.values())
    for p in passages:
        names = asleep.get(comparable(p.text), []) if (p.start, p.end) not in threads else []
        name = next((name for name in reversed(names) if name not in taken), None)
        if name:
            threads[p.start, p.end] = name
            taken.add(name)
