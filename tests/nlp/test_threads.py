"""A claim keeps one thread through edits, moves, reverts and absences; a new sentence begins its own."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.passages import Passage, split
from nlp.threads import assign_threads, thread_id
from warehouse.ids import passage_id

A = "Budgets are separate. The fund will save £5m. Trust is scarce."
B = "Trust is scarce. Budgets are separate. The fund may save £4m. Nurses left."


def named(*texts: str, known: dict[str, dict[tuple[int, int], str]] | None = None) -> list[dict[str, str]]:
    """Threads of each text, by sentence."""
    versions: list[tuple[str, list[Passage]]] = [(f"v{n}", split(text)) for n, text in enumerate(texts)]
    threads = assign_threads("doc", versions, known)
    return [{text[a:b]: name for (a, b), name in threads[f"v{n}"].items()} for n, text in enumerate(texts)]


def test_a_thread_is_named_after_the_first_passage() -> None:
    [first] = named(A)
    assert first["Budgets are separate."] == thread_id("doc", passage_id("v0", 0, 21))


def test_edits_and_moves_keep_the_thread() -> None:
    first, second = named(A, B)
    assert second["The fund may save £4m."] == first["The fund will save £5m."]
    assert second["Trust is scarce."] == first["Trust is scarce."]
    assert second["Nurses left."] not in first.values()


def test_a_sentence_that_comes_back_takes_its_old_thread() -> None:
    first, _, third = named(A, "Budgets are separate.", A)
    assert third == first


def test_threads_given_before_are_kept() -> None:
    known = {"v0": {(0, 21): "kept"}, "v1": {(17, 38): "also kept"}}
    first, second = named(A, B, known=known)
    assert first["Budgets are separate."] == "kept"
    assert second["Budgets are separate."] == "also kept"


@settings(deadline=None)
@given(
    st.lists(st.lists(st.sampled_from(["A b c.", "A b d.", "X y.", "12 comments", "No x."]), max_size=6), max_size=4)
)
def test_every_passage_has_a_thread_and_no_two_of_a_version_share_one(versions: list[list[str]]) -> None:
    texts = ["\n\n".join(sentences) for sentences in versions]
    found = assign_threads("doc", [(f"v{n}", split(t)) for n, t in enumerate(texts)])
    for n, text in enumerate(texts):
        threads = found[f"v{n}"]
        assert list(threads) == [(p.start, p.end) for p in split(text)]
        assert len(set(threads.values())) == len(threads)
