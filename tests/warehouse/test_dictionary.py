from __future__ import annotations

from pathlib import Path

from warehouse.dictionary import dictionary


def test_the_data_dictionary_is_that_of_the_schema() -> None:
    page = Path(__file__).parents[2] / "docs" / "data-dictionary.md"
    assert page.read_text("utf-8") == dictionary(), "run `python -m warehouse.dictionary`"
