"""A person's decision on a sentence that a new version edits or removes comes back for another look."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from nlp.changes import diff_texts
from nlp.changes_review import needs_another_look


@dataclass(frozen=True)
class Decision:
    subject: str
    quote: str | None


@dataclass(frozen=True)
class Row:
    kind: str
    old: str | None
    thread: str | None


OLD = "The fund will save £5m. Staff were not asked. Homes closed."
ON_FIGURE, ON_OTHER = Decision("t1", "The fund will  save £5m."), Decision("t2", "Staff were not asked.")


@pytest.mark.parametrize(
    ("new", "shown"),
    [
        ("The fund will save £4m. Staff were not asked. Homes closed.", [ON_FIGURE]),
        ("Staff were not asked. Homes closed.", [ON_FIGURE]),
        ("Staff were not asked. Homes closed. The fund will save £5m.", []),
        (OLD, []),
        ("Homes closed.", [ON_FIGURE, ON_OTHER]),
    ],
    ids=["edited", "removed", "only moved", "the same", "both removed"],
)
def test_only_decisions_on_edited_or_removed_sentences_are_shown(new: str, shown: list[Decision]) -> None:
    looks = needs_another_look([ON_FIGURE, ON_OTHER, Decision("t3", None)], diff_texts(OLD, new))
    assert [look.review for look in looks] == shown


def test_the_same_sentence_of_another_document_is_left_alone() -> None:
    rows = [Row("removed", "Staff were not asked.", "t9")]
    assert needs_another_look([ON_OTHER], rows) == []
    assert [look.change for look in needs_another_look([Decision("t9", "Staff were not asked.")], rows)] == rows
