"""The table of force is sound, and a sentence is softer exactly where its mirror is stronger."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from nlp.changes_force import TABLE, denies, force_change, opposed

RAW: dict[str, Any] = yaml.safe_load(TABLE.read_text(encoding="utf-8"))


def leaves(node: Any) -> Iterator[Any]:
    if isinstance(node, dict | list):
        for part in node.values() if isinstance(node, dict) else node:
            yield from leaves(part)
    else:
        yield node


def test_every_word_of_the_table_is_a_word_in_small_letters() -> None:
    words = [leaf for part in ("opposites", "up", "down", "unwanted", "denials") for leaf in leaves(RAW[part])]
    words += [leaf for scale in RAW["scales"].values() for leaf in leaves(scale["levels"])]
    assert [word for word in words if not isinstance(word, str) or word != word.casefold()] == []


@pytest.mark.parametrize("name", RAW["scales"])
def test_no_word_stands_on_two_levels_of_a_scale(name: str) -> None:
    scale = RAW["scales"][name]
    assert [word for word, count in Counter(leaves(scale["levels"])).items() if count > 1] == []
    assert scale.get("plain", 1) <= len(scale["levels"])


@pytest.mark.parametrize(
    ("old", "new", "sign"),
    [
        ("There is no evidence.", "There is little evidence.", -1),
        ("It had an impact on cost.", "It had an effect on cost.", -1),
        ("It will rise.", "It may rise.", -1),
        ("It did not rise.", "It failed to rise.", 0),
        ("Costs rose.", "Costs fell.", 1),
        ("Satisfaction rose.", "Satisfaction fell.", -1),
        ("It failed.", "It did not succeed.", 0),
        ("They meet to discuss care.", "They meet to talk about care.", 0),
        ("It cost about £5m.", "It cost £5m.", 1),
        ("Beds may close.", "Beds may close, and nurses who could stay at the county hospital did so.", 0),
    ],
)
def test_a_sentence_is_softer_where_its_mirror_is_stronger(old: str, new: str, sign: int) -> None:
    assert force_change(old, new)[0] == sign
    assert force_change(new, old)[0] == -sign


def test_denials_and_opposites_are_told() -> None:
    assert denies("It did not rise.")
    assert not denies("Not only did it rise, it stayed high.")
    assert opposed("Care improved.", "Care worsened.")
    assert not opposed("Care improved.", "Care got better.")
