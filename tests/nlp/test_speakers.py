"""Speakers that a parse finds where the rules find none; and that nothing is parsed without need."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from benchmarks.figures import read_cases
from nlp import speakers
from nlp.attribution import AUTHOR, find_attribution
from nlp.model import _version
from nlp.speakers import attribute, find_speakers, may_report
from warehouse.models import Attribution

CASES = read_cases(Path(__file__).with_name("cases") / "speakers.jsonl")
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def found() -> dict[str, Attribution | None]:
    texts = [case["text"] for case in CASES]
    return dict(zip(texts, find_speakers(texts), strict=True))


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_reads_who_speaks_from_the_parse(case: Any, found: dict[str, Attribution | None]) -> None:
    wanted = Attribution(case["type"], case["name"], case["role"]) if case["type"] else None
    assert found[case["text"]] == wanted


def test_the_rules_come_first_and_the_parse_is_asked_only_what_they_leave_open(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[str] = []

    def record(texts: list[str]) -> list[Attribution | None]:
        asked.extend(texts)
        return [Attribution("person", None, "managers")] + [None] * (len(texts) - 1)

    monkeypatch.setattr(speakers, "find_speakers", record)
    named = "According to the NAO, progress has been slow."
    told, plain = "Managers said that trust was thin.", "Trust was thin."
    said = attribute([(named, ""), (told, ""), (plain, ""), (told, "Another line.")])
    assert asked == [told, plain]
    assert said == [find_attribution(named), said[1], AUTHOR, said[1]]
    assert said[1].role == "managers"


def test_a_passage_is_read_alike_alone_and_in_a_batch(found: dict[str, Attribution | None]) -> None:
    for text, said in list(found.items())[:6]:
        assert find_speakers([text]) == [said]


def test_spacy_is_loaded_for_the_first_passage_with_a_word_of_saying_and_not_before() -> None:
    code = (
        "import sys\n"
        "from nlp.speakers import attribute\n"
        "attribute([('The pooled budget grew by a third.', ''), ('“Single pot” is a label.', '')])\n"
        "print('spacy' in sys.modules)\n"
        "attribute([('Managers said that the budget grew.', '')])\n"
        "print('spacy' in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, timeout=120)
    assert done.stdout.split() == ["False", "True"], done.stderr


@pytest.mark.parametrize("word", ["said", "argues", "worried", "According", "wrote", "in the opinion of nurses"])
def test_words_of_saying_are_known_in_every_form(word: str) -> None:
    assert may_report(f"Plainly, {word}: it will not last.")


def test_the_version_of_the_tagger_names_the_spacy_model(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from nlp.codebook import load_codebook

    before = _version(load_codebook(), tmp_path)
    monkeypatch.setattr(speakers, "version", lambda name: "99.0")
    assert speakers.model_version() == f"{speakers.MODEL} 99.0"
    assert _version(load_codebook(), tmp_path) != before


@pytest.mark.parametrize(
    "text", ["said " * 20_000, "Managers said that " * 8_000, '"' * 60_000 + " said", "\x00\ud800 said\u202e", "said"]
)
def test_hostile_text_takes_little_time(text: str, found: dict[str, Attribution | None]) -> None:
    started = time.process_time()
    find_speakers([text])
    assert time.process_time() - started < 2
