"""A revision-tracking page of others: two states of one document, and no change but the rows that lost their text."""

from __future__ import annotations

from pathlib import Path

from crawlers.extract import extract
from nlp.changes import diff_texts


def test_rows_whose_second_cell_is_empty_are_removed_and_nothing_else_changed(real: Path) -> None:
    page = real / "text" / "revision-page-two-versions.txt"
    document = extract(page.read_bytes(), "https://tracker.example/page", "text/plain")
    first, second = document.states
    changes = diff_texts(first.text, second.text)
    assert {change.kind for change in changes} == {"removed"}
    row = next(
        line for line in page.read_text(encoding="utf-8").splitlines() if line.endswith("| |") and len(line) > 100
    )
    assert " ".join(c.old or "" for c in changes) == row.removesuffix("| |").strip()


def test_a_state_is_kept_even_where_its_words_are_those_of_another(real: Path) -> None:
    page = (real / "text" / "revision-page-two-versions.txt").read_text(encoding="utf-8")
    same = "\n".join(line for line in page.splitlines() if not (line.endswith("| |") and len(line) > 100))
    document = extract(same.encode(), "https://tracker.example/page", "text/plain")
    assert len(document.states) == 2
    assert diff_texts(document.states[0].text, document.states[1].text) == []
