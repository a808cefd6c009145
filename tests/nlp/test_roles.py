"""The learned judge of roles: its data, what it reads, and that it changes roles and nothing else."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from benchmarks.figures import read_cases
from benchmarks.roles import apart as apart_table
from nlp.annotate import Annotator
from nlp.embed import SPAN_DIMENSIONS
from nlp.figures import find_figures
from nlp.figures.learned import Line, in_roles, logits
from nlp.figures.learned import read as read_states
from nlp.figures.marked import Marked, read
from nlp.figures.signs import SIZE, signs
from nlp.figures.teach import gather, teach
from nlp.remember import inside, offsets
from warehouse.errors import ConfigError

CASES = Path(__file__).parent / "cases"
WORDS = ("expected", "booked", "in doubt", "there", "what we heard of")
PROMISE = "The trust had promised {£14m|planned}, and {£3.6m|actual} was found."


@pytest.fixture(scope="module")
def annotator() -> Annotator:
    return Annotator.load()


def _line(text: str, above: str = "") -> Line:
    return Line(text, above, find_figures(text, heading=above))


def _read(folder: Path, text: str) -> list[Marked]:
    (folder / "one.txt").write_text(text, "utf-8")
    return read(folder)["one"]


def test_marked_sentences_give_text_and_roles_by_place(tmp_path: Path) -> None:
    first, item, after = _read(tmp_path, f"{PROMISE}\n# We will:\ntrain {{40 nurses|planned}}\n\nCosts rose by 3%.\n")
    assert first.text == "The trust had promised £14m, and £3.6m was found."
    assert {first.text[low:high]: role for (low, high), role in first.roles.items()} == {
        "£14m": "planned",
        "£3.6m": "actual",
    }
    assert [first.role(figure) for figure in first.line().figures] == ["planned", "actual"]
    assert (item.above, after.above) == ("We will:", "")
    assert [after.role(figure) for figure in after.line().figures] == [None]


@pytest.mark.parametrize(
    ("text", "says"), [("{£1m|promised}", "line 1: role 'promised'; valid: planned, "), ("{£1m}", "line 1: a brace")]
)
def test_a_wrong_mark_is_refused_with_file_and_line(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(ConfigError, match=says):
        _read(tmp_path, text)


def test_nothing_that_judges_was_taught() -> None:
    taught = {sentence.text for file in read().values() for sentence in file}
    apart = {sentence.text for sentence in read(CASES)["roles_sealed"]}
    locked = {case["text"] for case in read_cases(CASES / "figures_locked.jsonl")}
    assert len(taught) > 3_000
    assert len(apart) == 170
    assert not taught & (apart | locked)


def test_the_judge_does_what_is_said_of_it_on_sentences_kept_apart(annotator: Annotator) -> None:
    role, figures, right, by_rules = apart_table(annotator.model).rows[-1]
    assert (role, int(str(figures)) > 300) == ("all", True)
    assert float(str(right)) > max(0.85, float(str(by_rules)))


def test_signs_are_those_of_each_side_and_know_no_number_but_a_year() -> None:
    def of(text: str) -> dict[int, float]:
        return signs(text, "", find_figures(text))[0]

    assert of("We will recruit 14 nurses.") == of("We will recruit 15 nurses.")
    assert of("We will recruit 14 nurses.") != of("We had recruited 14 nurses.")
    assert of("In 2019, we saw 14 nurses.") == of("In 2020, we saw 14 nurses.") != of("In 900, we saw 14 nurses.")
    assert all(0 <= place < SIZE for place in of("We will recruit 14 nurses."))


def test_a_figure_is_read_as_such_whatever_stands_beside_its_line(annotator: Annotator) -> None:
    lines = [_line(f"The team saw {n} people and the {'long ' * (n % 9)}wait was {n} days.") for n in range(20, 60)]
    together = read_states(lines, annotator.model.encoder)
    for row, line in enumerate(lines):
        assert together[row].shape == (2, SPAN_DIMENSIONS)
        assert np.abs(together[row] - read_states([line], annotator.model.encoder)[0]).max() < 1e-2  # in half precision


def test_a_figure_past_the_tokens_that_are_read_has_no_state_and_a_role_all_the_same(annotator: Annotator) -> None:
    line = _line("Care was joined up, and then more of it was. " * 30 + "We will recruit 14 nurses.")
    assert not read_states([line], annotator.model.encoder)[0].any()
    assert annotator.model.judge_roles([line]) == [["planned"]]


def test_other_roles_change_directions_and_nothing_else(annotator: Annotator) -> None:
    lines = [sentence.line() for sentence in read()["audits"][:60]]
    before = [figure for line in lines for figure in line.figures]
    after = [
        figure
        for line, roles in zip(lines, annotator.model.judge_roles(lines), strict=True)
        for figure in in_roles(line.text, line.figures, roles)
    ]
    assert [figure.role for figure in before] != [figure.role for figure in after]
    for one, other in zip(before, after, strict=True):
        assert replace(one, role="context", direction=None) == replace(other, role="context", direction=None)


@pytest.mark.parametrize("text", ["Vacancies fell by 40 posts.", f"Costs fell{' ' * 12}but 40 nurses were hired."])
def test_a_role_taken_from_the_scene_brings_its_direction_and_one_given_to_it_takes_it(text: str) -> None:
    figures = find_figures(text)
    scene = in_roles(text, figures, ["context"])
    assert (figures[0].role, figures[0].direction, scene[0].direction) == ("actual", "fall", None)
    assert in_roles(text, scene, ["actual"]) == figures


def test_the_two_ends_of_a_range_have_one_role_and_those_of_a_change_need_not(annotator: Annotator) -> None:
    texts = [f"Savings of between £{n} million and £{n + 2} million are {word}." for n in range(3, 9) for word in WORDS]
    lines = [_line(text) for text in texts]
    assert all(first == second for first, second in annotator.model.judge_roles(lines))
    change = _line("We will raise the share with a care plan from 26% to 60% by 2027.")
    assert annotator.model.judge_roles([change]) == [["context", "planned"]]


def test_many_figures_in_a_passage_take_no_time(annotator: Annotator) -> None:
    line = _line("5% of a" + " " * 12 + "board or 6% " * 90)
    started = time.process_time()
    (roles,) = annotator.model.judge_roles([line])
    other = in_roles(line.text, line.figures, ["context" if role != "context" else "actual" for role in roles])
    assert len(other) > 80
    assert time.process_time() - started < 5  # a second on a quiet machine; it was eight


def test_without_weights_roles_are_those_of_the_rules(annotator: Annotator) -> None:
    line = _line("Work on 40 flats began in May.")
    alone = replace(annotator.model, roles=None)
    assert alone.judge_roles([line]) == [[figure.role for figure in line.figures]]
    assert alone.run(annotator.codebook, [line.text], [(None, None)], {0: [(8, 16)]}).span_states == {}


def test_teaching_learns_and_gives_the_same_bits(annotator: Annotator) -> None:
    sentences = read()["news"]
    known, unknown = (gather(part, annotator.model.encoder) for part in (sentences[:200], sentences[200:]))
    first, second = teach(known), teach(known)
    assert all(np.array_equal(first[name], second[name]) for name in first)
    right = logits(unknown.states, unknown.words, first).argmax(1) == unknown.roles
    assert right.mean() > 0.6  # a third by chance


def test_what_lacks_a_role_teaches_none(annotator: Annotator) -> None:
    sentences = [sentence for sentence in read()["news"][:40] if "actual" not in sentence.roles.values()]
    with pytest.raises(ConfigError, match="no figure is marked actual"):
        teach(gather(sentences, annotator.model.encoder))


def test_the_annotator_says_what_the_judge_says(annotator: Annotator) -> None:
    text = "Some **41 care homes** have so far signed\nthe pledge that all 96 homes were to have signed by Easter."
    (note,) = annotator.annotate([text])[0].annotations
    (alone,) = annotator.model.judge_roles([_line(text.replace("**", "").replace("\n", " "))])
    assert [figure.role for figure in note.figures] == alone == ["actual", "planned"]
    assert [text[figure.start : figure.end] for figure in note.figures] == ["41 care homes", "96 homes"]


def test_places_in_a_text_are_found_again_on_its_one_line() -> None:
    text, line = "Some **41\nhomes** signed, of 96.", "Some 41 homes signed, of 96."
    spans = [(text.index("41"), text.index("**", 8)), (text.index("96"), text.index("96") + 2)]
    found = inside(text, line, spans)
    assert [line[low:high] for low, high in found] == ["41 homes", "96"]
    assert list(offsets(text, line, found)) == spans
