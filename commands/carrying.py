"""Claim threads through all showings of a document: a sentence that left and came back is the claim that it was."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from warehouse.models import Span
from warehouse.store import Store
from warehouse.store_links import Pair, Side, tagged_showings

if TYPE_CHECKING:
    from nlp.threads import ThreadWalk


@dataclass(slots=True)
class Walk:
    """How far the threads of ``document`` were followed: to showing ``n``."""

    document: str
    n: int
    threads: ThreadWalk | None = None
    shown: set[str] = field(default_factory=set)

    def stand(self, side: Side) -> None:
        """Take a showing whose claims have their threads already."""
        self._step(side, side.threads, {})

    def carry(self, side: Side) -> dict[Span, str]:
        """Return the threads that earlier claims hand on to claims of the next showing."""
        if side.version in self.shown:
            self.stand(side)
            return {}
        named = self._step(side, {}, side.threads)
        return {span: named[span] for span, own in side.threads.items() if named[span] != own}

    def _step(self, side: Side, given: Mapping[Span, str], own: Mapping[Span, str]) -> dict[Span, str]:
        from nlp.threads import ThreadWalk

        if self.threads is None:
            self.threads = ThreadWalk(self.document)
        self.n = side.n
        self.shown.add(side.version)
        return self.threads.step(side.version, side.annotations, given, own)


def walked(store: Store, pair: Pair) -> Walk:
    """Return the walk over every showing before the newer one of ``pair``."""
    walk = Walk(pair.document, 0)
    for side in tagged_showings(store.con, pair.document, pair.new.n):
        walk.stand(side)
    return walk
