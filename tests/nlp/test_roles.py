"""The learned judge of roles: its data, what it reads, and that it changes roles and nothing else."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from nlp.annotate import Annotator
from nlp.figures import find_figures
from nlp.figures.learned import ROLES, Line, blank, in_role, in_roles, inputs, judge, look_at
from nlp.figures.marked import Marked, read
from nlp.figures.signs import SIZE, signs
from nlp.figures.teach import teach
from nlp.remember import inside, offsets
from warehouse.errors import ConfigError

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


def test_every_marked_sentence_is_valid_and_none_is_of_those_kept_apart() -> None:
    taught = {sentence.text for file in read().values() for sentence in file}
    apart = {sentence.text for sentence in read(Path(__file__).parent / "cases")["roles_sealed"]}
    assert len(taught) > 3_000
    assert len(apart) == 170
    assert not taught & apart


def test_signs_are_those_of_each_side_and_know_no_number() -> None:
    fourteen, fifteen = (
        signs(f"We will recruit {n} nurses.", "", find_figures(f"We will recruit {n} nurses."))[0] for n in (14, 15)
    )
    other = signs("We had recruited 14 nurses.", "", find_figures("We had recruited 14 nurses."))[0]
    assert fourteen == fifteen
    assert fourteen != other
    assert all(0 <= place < SIZE for place in fourteen)


def test_a_figure_is_read_as_such_whatever_stands_beside_its_line(annotator: Annotator) -> None:
    lines = [_line(f"The team saw {n} people and the {'long ' * (n % 9)}wait was {n} days.") for n in range(20, 60)]
    encoder = annotator.model.encoder
    together, alone = (
        inputs(lines, look_at(lines, encoder))[0],
        np.concatenate([inputs([line], look_at([line], encoder))[0] for line in lines]),
    )
    assert together.shape == (80, 1152)
    assert np.abs(together - alone).max() < 1e-4


def test_a_figure_past_the_tokens_that_are_read_has_no_state_and_a_role_all_the_same(annotator: Annotator) -> None:
    line = _line("Care was joined up, and then more of it was. " * 30 + "We will recruit 14 nurses.")
    assert not inputs([line], look_at([line], annotator.model.encoder))[0].any()
    assert annotator.model.judge_roles([line])[0][0] in ROLES


def test_other_roles_change_directions_and_nothing_else(annotator: Annotator) -> None:
    lines = [sentence.line() for sentence in read()["audits"][:60]]
    judged = [
        in_roles(line.text, line.figures, roles)
        for line, roles in zip(lines, annotator.model.judge_roles(lines), strict=True)
    ]
    before, after = (
        [figure for line in lines for figure in line.figures],
        [figure for each in judged for figure in each],
    )
    assert [figure.role for figure in before] != [figure.role for figure in after]
    for one, other in zip(before, after, strict=True):
        assert replace(one, role="context", direction=None) == replace(other, role="context", direction=None)


def test_a_role_taken_from_the_scene_brings_its_direction_and_one_given_to_it_takes_it() -> None:
    (figure,) = find_figures("Vacancies fell by 40 posts.")
    scene = in_role(figure, "context", "Vacancies fell by 40 posts.")
    assert (figure.role, figure.direction, scene.direction) == ("actual", "fall", None)
    assert in_role(scene, "actual", "Vacancies fell by 40 posts.") == figure


def test_without_weights_roles_are_those_of_the_rules(annotator: Annotator) -> None:
    line = _line("Work on 40 flats began in May.")
    assert replace(annotator.model, roles=None).judge_roles([line]) == [[figure.role for figure in line.figures]]
    assert set(judge([line], look_at([line], annotator.model.encoder), blank())[0]) == {ROLES[0]}


def test_teaching_learns_and_gives_the_same_bits(annotator: Annotator) -> None:
    sentences = read()["news"][:80]
    first, second = teach(sentences, annotator.model.encoder), teach(sentences, annotator.model.encoder)
    assert all(np.array_equal(first[name], second[name]) for name in blank())
    lines = [sentence.line() for sentence in sentences]
    taught = judge(lines, look_at(lines, annotator.model.encoder), first)
    right = [
        wanted == role
        for sentence, line, roles in zip(sentences, lines, taught, strict=True)
        for figure, role in zip(line.figures, roles, strict=True)
        if (wanted := sentence.role(figure))
    ]
    assert sum(right) / len(right) > 0.95


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
