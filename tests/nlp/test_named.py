"""Named things, with a near miss beside every ambiguous one; the gazetteers themselves."""

from __future__ import annotations

import time
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from benchmarks.figures import read_cases
from nlp.named import FOLDER, KINDS, find_named, gazetteer, read_gazetteer
from warehouse.errors import ConfigError

CASES = read_cases(Path(__file__).with_name("cases") / "named.jsonl")
AMBIGUOUS = sorted(entry.id for entry in gazetteer().values() if entry.abbreviations and entry.unless)


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_names_what_is_meant_and_nothing_else(case: Any) -> None:
    assert [thing.id for thing in find_named(case["text"])] == case["ids"]


@pytest.mark.parametrize("entry_id", AMBIGUOUS)
def test_every_ambiguous_abbreviation_is_refused_beside_each_near_miss(entry_id: str) -> None:
    entry = gazetteer()[entry_id]
    for word in entry.unless:
        for short in entry.abbreviations:
            text = f"It is written {short} there, {word} being meant."
            assert entry_id not in {thing.id for thing in find_named(text)}, text


@pytest.mark.parametrize("entry_id", sorted(gazetteer()))
def test_every_entry_is_found_by_its_name_and_kind(entry_id: str) -> None:
    entry = gazetteer()[entry_id]
    text = f"{entry.name}, {' '.join(entry.only_with[:1])}."
    assert (entry_id, entry.kind) in {(thing.id, thing.kind) for thing in find_named(text)}


def test_every_outcome_says_which_way_is_better() -> None:
    assert {
        entry.id for entry in gazetteer().values() if (entry.kind == "outcome") != (entry.better is not None)
    } == set()


def test_no_name_stands_for_two_things() -> None:
    owners: dict[str, set[str]] = {}
    for entry in gazetteer().values():
        for name in {entry.name, *entry.aliases, *entry.abbreviations}:
            owners.setdefault(name if name in entry.abbreviations else name.lower(), set()).add(entry.id)
    assert {name: ids for name, ids in owners.items() if len(ids) > 1} == {}


def test_spans_are_in_order_and_apart() -> None:
    text = "The NHS England board, the BCF plan, pooled budgets and delayed transfers of care in Leeds."
    spans = [(thing.start, thing.end) for thing in find_named(text)]
    assert spans == sorted(spans)
    assert all(one[1] <= other[0] for one, other in pairwise(spans))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("- {id: x, name: X, colour: red}", "colour"),
        ("- {name: X}", "id"),
        ("{}", "list of entries"),
        ("- {id: x, name: X, better: sideways}", "better"),
        ("- 3", "entry 1"),
    ],
)
def test_a_wrong_gazetteer_is_a_message_that_names_file_and_key(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "outcomes.yml"
    path.write_text(text)
    with pytest.raises(ConfigError, match=says) as error:
        read_gazetteer(path, "outcome")
    assert "outcomes.yml" in str(error.value)


def test_two_entries_of_one_id_are_an_error(tmp_path: Path) -> None:
    for stem in KINDS:
        (tmp_path / f"{stem}.yml").write_text("- {id: same, name: Same}")
    with pytest.raises(ConfigError, match="same is there twice"):
        gazetteer(tmp_path)


def test_every_file_of_the_folder_is_a_gazetteer() -> None:
    assert sorted(path.stem for path in FOLDER.glob("*.yml")) == sorted(KINDS)


@pytest.mark.parametrize("text", ["better care " * 9_000, "BCF " * 25_000, "a" * 100_000, "’" * 100_000])
def test_hostile_text_takes_no_time(text: str) -> None:
    started = time.process_time()
    find_named(text)
    assert time.process_time() - started < 1.0
