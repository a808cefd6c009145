"""The whole tagger: shapes and offsets, context, hostile text, what is skipped, and that nothing is done twice."""

from __future__ import annotations

import json
from collections.abc import Iterator

import numpy as np
import pytest

from nlp.annotate import Annotator, to_json
from nlp.explain import explain
from nlp.model import Model
from warehouse.texts import whole_text

REPORT = """Pooling budgets: what we found

The audit found no robust evidence that the pooled budget saved money. Staff at the two trusts do not trust each other.

Barriers to joint work include:

- too few district nurses
- incompatible computer systems

Ministers should publish an evaluation by 2027.
"""


@pytest.fixture(scope="module")
def annotator() -> Iterator[Annotator]:
    import torch

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield Annotator.load()
    torch.set_num_threads(threads)


def test_a_report_is_tagged_with_exact_offsets(annotator: Annotator) -> None:
    done = annotator.annotate([REPORT])[0]
    assert done.vectors.shape == (len(done.annotations), 384)
    assert np.allclose(np.linalg.norm(done.vectors, axis=1), 1, atol=1e-3)
    for note in done.annotations:
        assert REPORT[note.start : note.end] == note.text
        assert all(note.start <= a < b <= note.end for tag in note.themes for a, b in tag.cues)
    by_start = {note.text[:12]: note for note in done.annotations}
    kinds = {start: note.claim.kind for start, note in by_start.items() if note.claim}
    assert kinds["The audit fo"] == "finding"
    assert kinds["Ministers sh"] == "recommendation"
    assert ("culture", "barrier") in [(tag.code, tag.polarity) for tag in by_start["Staff at the"].themes]
    assert by_start["Pooling budg"].type == "heading"


def test_the_lead_in_makes_each_item_a_barrier(annotator: Annotator) -> None:
    items = [note for note in annotator.annotate([REPORT])[0].annotations if note.type == "item"]
    said = [{tag.code: tag.polarity for tag in note.themes} for note in items]
    assert said[0].get("workforce") == "barrier"
    assert said[1].get("information_sharing") == "barrier"


def test_json_has_every_key_of_the_contract(annotator: Annotator) -> None:
    line = json.loads(json.dumps(to_json(annotator.annotate([REPORT])[0].annotations[1])))
    wanted = {"start", "end", "text", "type", "claim", "themes", "figures", "attribution", "named", "basis"}
    assert wanted <= line.keys()
    assert set(line["claim"]) == {"kind", "direction", "outcome", "intervention", "hedge", "score"}
    assert all(set(theme) == {"code", "polarity", "score", "cues"} for theme in line["themes"])


def test_comments_are_passages_beyond_the_text(annotator: Annotator) -> None:
    comments = ["Nobody asked the carers.", "I agree."]
    done = annotator.annotate(["An article."], comments=[comments])[0]
    whole = whole_text("An article.", comments)
    assert [(note.type, whole[note.start : note.end]) for note in done.annotations] == [
        ("sentence", "An article."),
        ("comment", "Nobody asked the carers."),
        ("comment", "I agree."),
    ]


def test_sentences_give_one_result_a_line_and_a_blank_line_parts_documents(annotator: Annotator) -> None:
    lines = ["Barriers include:", "- lack of trust", "", "  ", "Costs rose.", "x" * 100_000, "\x00\ud800", "—"]
    found = annotator.annotate_sentences(lines)
    assert [note.text for note in found] == [line.strip() for line in lines if line.strip()]
    alone = annotator.annotate_sentences(["Costs rose."])[0]
    assert alone.claim == found[2].claim
    assert found[3].skipped == "a word of more than 200 characters"


def test_a_second_run_over_unchanged_text_does_no_model_work(
    annotator: Annotator, monkeypatch: pytest.MonkeyPatch
) -> None:
    memo: dict[str, str] = {}
    first = annotator.annotate([REPORT], memo=memo)[0]

    def refuse(*_: object) -> None:
        raise AssertionError("the model ran again")

    monkeypatch.setattr(Model, "run", refuse)
    moved = annotator.annotate(["\n\n" + REPORT], memo=memo)[0]
    assert [note.themes and note.themes[0].code for note in moved.annotations] == [
        note.themes and note.themes[0].code for note in first.annotations
    ]
    assert all(("\n\n" + REPORT)[note.start : note.end] == note.text for note in moved.annotations)
    assert (moved.vectors == first.vectors).all()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Les services de santé et les services sociaux doivent travailler ensemble pour les personnes âgées.",
         "language: fr"),
        ("Die Zusammenarbeit zwischen Krankenhaus und Gemeinde wurde in den letzten Jahren deutlich besser.",
         "language: de"),
        ("https://www.example.org/equality/inequalities-improvement/", "an address"),
        ("a" * 100_000, "a word of more than 200 characters"),
    ],
    ids=["French", "German", "an address", "one long word"],
)  # fmt: skip
def test_what_is_not_english_prose_is_marked_and_not_tagged(annotator: Annotator, text: str, reason: str) -> None:
    notes = annotator.annotate([text])[0].annotations
    assert notes
    assert {note.skipped for note in notes} == {reason}
    assert not any(note.claim or note.themes for note in notes)


def test_columns_read_across_are_marked(annotator: Annotator) -> None:
    torn = "\n\n".join(f"revealed the extent of item {n} its current Over the past months." for n in range(60))
    said = ["A shortage of nurses holds our surgery back."]
    done = annotator.annotate([f"Our plan to 2030\n\n{torn}"], comments=[said])[0]
    *notes, comment = done.annotations
    assert {note.skipped for note in notes} == {"interleaved columns"}
    assert (comment.type, comment.skipped) == ("comment", None)
    assert [theme.code for theme in comment.themes] == ["workforce"]


def test_real_interleaved_files_are_marked_and_healthy_ones_are_not(annotator: Annotator, real: object) -> None:
    from pathlib import Path

    from nlp.passages import split
    from nlp.screen import interleaved

    folder = Path(str(real)) / "text"
    marked = {path.name[:9] for path in folder.iterdir() if interleaved(split(path.read_text("utf-8")))}
    assert marked == {"10-year-h", "medium-te"}


@pytest.mark.parametrize("text", ["", " \n ", "\x00\x01", "<div><p>", "| 1 | 2 |\n|---|---|\n| 3 | 4 |"])
def test_next_to_nothing_gives_no_tags(annotator: Annotator, text: str) -> None:
    assert not any(note.claim or note.themes for note in annotator.annotate([text])[0].annotations)


@pytest.mark.slow
def test_a_million_characters_are_tagged_and_offsets_hold(annotator: Annotator) -> None:
    text = (REPORT * 4_000)[:1_000_000]
    assert len(text) == 1_000_000
    notes = annotator.annotate([text])[0].annotations
    assert all(text[note.start : note.end] == note.text for note in notes)
    assert notes[-1].end > 999_000


def test_explain_gives_cues_scores_and_nearest_examples(annotator: Annotator) -> None:
    why = explain(annotator, "The pooled budget rewards hospitals for admitting patients.")
    top = why["themes"][0]
    assert (top["code"], top["tagged"]) == ("incentives", True)
    assert top["cues"]
    assert len(why["nearest"]) == 3
    assert json.dumps(why)
