"""Decisions of people that a new version puts in question: shown for another look, never lost."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import Generic, Protocol, TypeVar

from nlp.changes_noise import comparable


class Decided(Protocol):
    """A person's decision: the claim thread it hangs on and the sentence that the person saw."""

    @property
    def subject(self) -> str: ...  # noqa: D102
    @property
    def quote(self) -> str | None: ...  # noqa: D102


class Edited(Protocol):
    """A change to a sentence."""

    @property
    def kind(self) -> str: ...  # noqa: D102
    @property
    def old(self) -> str | None: ...  # noqa: D102


D = TypeVar("D", bound=Decided)
E = TypeVar("E", bound=Edited)


@dataclass(frozen=True, slots=True)
class AnotherLook(Generic[D, E]):
    """A decision and the change that edited or removed the sentence it was made on."""

    review: D
    change: E


def needs_another_look(
    reviews: Iterable[D], changes: Sequence[E], wording: Mapping[str, str] | None = None
) -> list[AnotherLook[D, E]]:
    """Return the decisions whose sentence was edited or removed, each with the newest change that did it.

    A decision is met by its own thread where the change names one (an attribute ``thread``), and always by the
    sentence: one made on the new wording needs no second look. A sentence that only moved is left alone.

    Args:
        reviews: decisions in force, in the order in which they are to be shown.
        changes: newest first.
        wording: what each claim says now, by thread; a claim that says again what the person saw is left alone.
    """
    edits: dict[str, list[E]] = defaultdict(list)
    by_thread: dict[str | None, list[E]] = defaultdict(list)
    for change in changes:
        if change.old is not None and change.kind != "moved":
            edits[comparable(change.old)].append(change)
            by_thread[getattr(change, "thread", None)].append(change)
    looks = []
    for review in reviews:
        seen = comparable(review.quote) if review.quote else ""
        if not seen or comparable((wording or {}).get(review.subject, "")) == seen:
            continue
        mine = [c for c in edits.get(seen, ()) if getattr(c, "thread", None) in (None, review.subject)]
        joined = (c for c in by_thread.get(review.subject, ()) if seen in comparable(c.old or ""))
        looks += [AnotherLook(review, change) for change in islice(chain(mine, joined), 1)]
    return looks
