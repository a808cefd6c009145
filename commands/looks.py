"""What people decided on sentences that have since been edited or removed: shown for another look, never lost."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from warehouse.people import Decision, People

if TYPE_CHECKING:
    from nlp.changes_review import AnotherLook
    from warehouse.queries import Base
    from warehouse.queries.views import ChangeRow

    Look = AnotherLook[Decision, ChangeRow]

CHANGES_OF_REVIEWED = 100_000


def looks(base: Base, subject: str | None = None) -> list[Look]:
    """Return decisions in force that need another look, the newest change first; of one claim, or of all."""
    from nlp.changes_review import needs_another_look

    if not base.home.people.exists():
        return []
    standing = in_force(People(base.home.people).decisions(subject))
    threads = sorted({decision.subject for decision in standing if decision.quote})
    if not threads:
        return []
    wording = {row["thread"]: row["quote"] for row in base.evidence_rows(ids=threads)}
    changes = base.changes(threads=threads, limit=CHANGES_OF_REVIEWED)
    found = needs_another_look(standing, changes, wording)
    open_ones = (look for look in found if not settled(look, standing))
    return sorted(open_ones, key=lambda look: (look.change.at, look.change.id, -look.review.seq), reverse=True)


def in_force(decisions: Iterable[Decision]) -> list[Decision]:
    """Return each person's last word on each field of each claim."""
    last = {(decision.subject, decision.field, decision.by): decision for decision in decisions}
    return sorted(last.values(), key=lambda decision: decision.seq)


def settled(look: Look, standing: Iterable[Decision]) -> bool:
    """Whether somebody has decided on the claim since, knowing what became of it.

    One who decides on an edited claim has the new wording before them; on a removed one there is only the old wording,
    so there the time decides.
    """
    mine, change = look.review, look.change
    return any(
        later.subject == mine.subject
        and later.seq >= mine.seq
        and later.at[:19] >= change.at.isoformat()[:19]
        and (change.new is None or later.quote != mine.quote)
        for later in standing
    )


def look_json(look: Look) -> dict[str, Any]:
    """Return one as plain values: the decision, and the change in its contract's shape."""
    said = look.review
    names = ("subject", "field", "value", "by", "at", "quote")
    return {"decision": {name: getattr(said, name) for name in names}, "change": look.change.to_json()}


def by_claim(found: Iterable[Look]) -> Mapping[str, list[Look]]:
    """Return looks by claim, in their order."""
    groups: dict[str, list[Look]] = {}
    for look in found:
        groups.setdefault(look.review.subject, []).append(look)
    return groups


def describe_look(group: list[Look]) -> str:
    """Return what became of one claim and who had decided what on it, as lines for a person."""
    from commands.filters import describe_change

    change = group[0].change
    lines = [f"{change.at:%Y-%m-%d %H:%M}  {change.title or change.url}", describe_change(change.to_json())]
    lines += [f"  {look.review.by} had said on {look.review.at[:10]}: {said_of(look.review)}" for look in group]
    return "\n".join([*lines, f"  claim {group[0].review.subject}"])


def said_of(decision: Decision) -> str:
    """Return a decision in words."""
    return f"{decision.field} = {decision.value}" if decision.value else f"{decision.field} taken back"
