"""A changed headline is a change; the site's name behind it, its letters' size and a full stop are not."""

from __future__ import annotations

import pytest

from nlp.changes import diff_texts
from nlp.changes_title import title_change


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        ("Fund will end delays", "Fund may ease delays", "softened"),
        ("Waits rise by 5%", "Waits rise by 7%", "figure_changed"),
        ("Trusts miss target – minister warns", "Trusts miss target – experts fear", "reworded"),
        ("A fund in trouble", "A fund in trouble again", "reworded"),
        ("Fund will end delays", "Fund will end delays | The Vale Courier", None),
        ("Fund will end delays - Vale Courier News", "Fund will end delays", None),
        ("Fund will end delays · Old Name", "Fund will end delays", None),
        ("Fund Will End Delays", "Fund will end delays.", None),
        ("‘Fund’ will  end delays", "'Fund' will end delays", None),
        ("A title", None, None),
        (None, "A title", None),
        ("", "A title", None),
    ],
)
def test_titles(old: str | None, new: str | None, kind: str | None) -> None:
    for a, b, expected in (
        (old, new, kind),
        (new, old, {"softened": "strengthened", "strengthened": "softened"}.get(kind or "", kind)),
    ):
        change = title_change(a, b)
        assert (change and change.kind) == expected, (a, b)
        if change:
            assert (change.old, change.new, change.detail["part"], change.old_span) == (a, b, "title", None)


def test_a_title_that_stands_in_the_text_too_is_told_once() -> None:
    old, new = "Fund will end delays\n\nStaff left.", "Fund may ease delays\n\nStaff left."
    changes = diff_texts(old, new)
    assert len(changes) == 1
    assert title_change("Fund will end delays", "Fund may ease delays", changes) is None
