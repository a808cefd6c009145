"""Cue patterns kept as data: what a wrong file says, and that each shipped file loads."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from nlp.rules import load_rules
from warehouse.errors import ConfigError


def test_lists_are_alternatives_and_parts_are_filled_in(tmp_path: Path) -> None:
    path = tmp_path / "x.yml"
    path.write_text(
        "parts:\n  up: [rose, 'went up']\nany_case:\n  change: '\\b(?:{up}) {n}'\ncased:\n  name: [NAO, CQC]\n"
    )
    rules = load_rules(path, n=r"\d{1,3}")
    assert rules["change"].pattern == r"\b(?:rose|went up) \d{1,3}"
    assert rules["change"].flags & re.IGNORECASE
    assert rules["name"].fullmatch("CQC")
    assert not rules["name"].fullmatch("cqc")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("any_case:\n  a: '{missing}'\n", "no part named 'missing'"),
        ("any_case:\n  a: '(['\n", "a: not a regular expression"),
    ],
)
def test_a_wrong_file_is_a_message_with_file_and_entry(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "cues.yml"
    path.write_text(text)
    with pytest.raises(ConfigError, match=re.escape(says)) as error:
        load_rules(path)
    assert "cues.yml" in str(error.value)
