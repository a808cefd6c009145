"""The codebook: its examples and near misses hold, and a broken one is refused by name."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from nlp.codebook import PATH, load_codebook
from nlp.cues import Matcher, words
from warehouse.errors import ConfigError

CODEBOOK = load_codebook()
EXAMPLES = [(code, text) for code, theme in CODEBOOK.codes.items() for text, _ in theme.examples]
NEAR_MISSES = [(code, text) for code, theme in CODEBOOK.codes.items() for text in theme.near_misses]


@pytest.mark.parametrize(("code", "text"), EXAMPLES)
def test_each_example_holds_a_cue_of_its_theme(code: str, text: str) -> None:
    assert CODEBOOK.find(words(text)).cues[code]


@pytest.mark.parametrize(("code", "text"), NEAR_MISSES)
def test_no_near_miss_holds_a_cue(code: str, text: str) -> None:
    assert not CODEBOOK.find(words(text)).cues[code]


def broken(tmp_path: Path, change: str) -> Path:
    raw = yaml.safe_load(PATH.read_text("utf-8"))
    match change:
        case "a key that is not there":
            raw["themes"]["equity"]["cuez"] = []
        case "a missing key":
            del raw["themes"]["equity"]["definition"]
        case "a wrong polarity":
            raw["themes"]["equity"]["examples"] = [["A sentence.", "bad"]]
        case "an unknown word list":
            raw["themes"]["equity"]["cues"] = ["{nowhere} x"]
        case "no themes":
            raw["themes"] = {}
    path = tmp_path / "codebook.yml"
    path.write_text(yaml.safe_dump(raw, sort_keys=False), "utf-8")
    return path


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ("a key that is not there", r"themes\.equity\.cuez.*valid: title"),
        ("a missing key", r"themes\.equity\.definition is missing"),
        ("a wrong polarity", r"themes\.equity\.examples.*barrier"),
        ("an unknown word list", "nowhere"),
        ("no themes", "themes must map"),
    ],
)
def test_a_broken_codebook_is_refused_with_file_and_key(tmp_path: Path, change: str, says: str) -> None:
    path = broken(tmp_path, change)
    with pytest.raises(ConfigError, match=says) as caught:
        load_codebook(path)
    assert str(path) in str(caught.value)


def test_two_codes_of_one_name_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "codebook.yml"
    path.write_text(PATH.read_text("utf-8") + "  equity:\n    title: again\n", "utf-8")
    with pytest.raises(ConfigError, match="'equity' is there twice"):
        load_codebook(path)


CUES = [
    ("pooled .. budget*", "The pooled health and care budgets grew.", ["pooled health and care budgets"]),
    ("pooled .. budget*", "Pooled one two three four five budgets.", []),
    ("long-term|stable fund*", "Long-term funding and stable funds.", ["Long-term funding", "stable funds"]),
    ("front line", "front-line staff", ["front-line"]),
    ("data", "database", []),
]


@pytest.mark.parametrize(("cue", "text", "wanted"), CUES)
def test_a_cue_finds_its_words(cue: str, text: str, wanted: list[str]) -> None:
    hits = Matcher([("x", cue)]).find(words(text)).get("x", [])
    assert [text[a:b] for a, b in hits] == wanted
