"""Claims that disagree: one outcome and one intervention, and directions that cannot both hold."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from warehouse.models import Basis, ClaimKind, Direction

SIDES: tuple[Direction, ...] = ("improved", "worsened", "no_effect")
KINDS: tuple[ClaimKind, ...] = ("finding", "assertion")


@dataclass(frozen=True, slots=True)
class Said:
    """A claim as disagreements need it. ``work`` is the same for every copy of a document, so that it counts once."""

    ref: str
    work: str
    quote: str
    kind: ClaimKind
    direction: Direction | None
    outcome: str | None
    intervention: str | None
    basis: Basis | None = None


@dataclass(frozen=True, slots=True)
class Disagreement:
    """The two sides on an outcome of an intervention, and the claims of no effect beside them."""

    outcome: str
    intervention: str
    improved: tuple[Said, ...]
    worsened: tuple[Said, ...]
    no_effect: tuple[Said, ...] = field(default=())


def find_disagreements(claims: Sequence[Said], *, with_no_effect: bool = False) -> list[Disagreement]:
    """Return where findings and assertions disagree, the most spoken of first.

    Opposite are improved and worsened; with ``with_no_effect``, improved against no effect counts as well. Commitments
    and recommendations say what should come, so they disagree with nothing. One claim a work and side.
    """
    sides: defaultdict[tuple[str, str], dict[Direction, dict[str, Said]]] = defaultdict(dict)
    for claim in claims:
        if claim.kind in KINDS and claim.outcome and claim.intervention and claim.direction:
            side = sides[claim.outcome, claim.intervention].setdefault(claim.direction, {})
            side.setdefault(claim.work, claim)
    found = []
    for (outcome, intervention), by_direction in sides.items():
        improved, worsened, none = (tuple(by_direction.get(way, {}).values()) for way in SIDES)
        if improved and (worsened or (with_no_effect and none)) and _of_two_works(improved, worsened or none):
            found.append(Disagreement(outcome, intervention, improved, worsened, none))
    return sorted(found, key=lambda one: (-len(one.improved) - len(one.worsened), one.outcome, one.intervention))


def _of_two_works(one: Sequence[Said], other: Sequence[Said]) -> bool:
    """A single document that weighs both sides does not disagree with itself."""
    return len({claim.work for claim in (*one, *other)}) > 1
