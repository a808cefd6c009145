"""Claims keep their threads, and changes their ids, through every showing of a page, however they were compared."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.versions import Shown, publish_at, settle, show
from warehouse.home import Home
from warehouse.store import Store

A = "Emergency admissions rose by 12% in the north. The fund will cut delays."
B = "The fund will cut delays."
EDITED = "Emergency admissions rose by 14% in the north. The fund will cut delays."
NO_CLAIM = "Emergency admissions were 12% in the north. The fund will cut delays."


def threads(store: Store) -> list[dict[str, str]]:
    """Return for each version, in order of first showing, the thread of each claim by its quote."""
    rows = store.con.execute(
        "select s.first, v.text[p.start_at + 1 : p.end_at], c.thread from claim c join passage p on p.id = c.passage"
        " join version v on v.id = c.version"
        " join (select version, min(n) as first from showing group by version) s on s.version = v.id order by 1, p.n"
    ).fetchall()
    found: dict[int, dict[str, str]] = {}
    for first, quote, thread in rows:
        found.setdefault(first, {})[quote] = thread
    return list(found.values())


def home_of(folder: Path, name: str) -> Home:
    return Home(folder / name).make()


@pytest.mark.parametrize("together", [False, True], ids=["night by night", "in one go, as a rebuild does"])
@pytest.mark.parametrize(
    ("pages", "is_the_first", "note"),
    [
        ((A, B, A + " More was said."), [True, True], "gone, and back beside a new sentence"),
        ((A, B, EDITED, A), [True, False], "back in another wording is a new claim"),
        ((A, B, EDITED, B, A + " Yes."), [True, False, True], "and back as it was, what it was"),
        ((A, NO_CLAIM, EDITED), [True, True], "no claim for a while, but the same sentence"),
        ((A, B, "Something else rose.", A + " Yes."), [True, True], "gone for two versions"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_sentence_that_left_and_came_back_is_the_claim_that_it_was(
    home: Home, pages: tuple[Shown, ...], is_the_first: list[bool], note: str, together: bool
) -> None:
    with Store.open(home) as store:
        show(store, pages, together=together)
        found = [thread for version in threads(store) for quote, thread in version.items() if "admissions" in quote]
    assert [thread == found[0] for thread in found] == is_the_first


def test_night_by_night_and_in_one_go_give_the_same_threads_and_changes(tmp_path: Path) -> None:
    pages = [A, B, EDITED, NO_CLAIM, A, B + " Staff will go.", A + " Staff may go.", A]
    outcomes = []
    for together in (False, True):
        with Store.open(home_of(tmp_path, str(together))) as store:
            show(store, pages, together=together)
            changes = store.con.execute(
                "select id, n, kind, old, new, thread, old_passage, new_passage from change order by id"
            ).fetchall()
            outcomes.append((threads(store), changes, store.con.execute("select id from thread order by 1").fetchall()))
    assert outcomes[0] == outcomes[1]


def test_a_new_tagger_compares_anew_and_changes_and_threads_keep_their_names(home: Home) -> None:
    with Store.open(home) as store:
        show(store, [A, EDITED, B])
        before = threads(store), store.con.execute("select id, kind, thread from change order by 1").fetchall()
        store.con.execute("delete from change")  # what is worked out anew shows in this
        settle(store, "test-2")
        after = threads(store), store.con.execute("select id, kind, thread from change order by 1").fetchall()
    assert before == after
    assert before[1]


def test_two_changes_of_one_wording_have_ids_of_their_own(home: Home) -> None:
    with Store.open(home) as store:
        show(store, ["Delays rose.\n\nStaff left.\n\nDelays rose.", "Staff left."])
        ids = [row[0] for row in store.con.execute("select id from change where kind = 'removed'").fetchall()]
    assert len(set(ids)) == 2


def test_a_changed_title_is_a_change_with_both_titles(home: Home) -> None:
    with Store.open(home) as store:
        show(store, [("Fund will end delays", A), ("Fund may ease delays", A), ("Fund may ease delays", EDITED)])
        base = publish_at(home, store, 5)
    (text, title) = base.changes()
    assert (title.kind, title.old, title.new) == ("softened", "Fund will end delays", "Fund may ease delays")
    assert title.detail["part"] == "title"
    assert not title.claim
    assert title.thread is None
    assert text.kind == "figure_changed"
    assert "part" not in text.detail


def test_changes_of_one_night_stand_in_reading_order(home: Home) -> None:
    old = " ".join(f"Ward {name} had {n} beds." for n, name in enumerate("ABCDEFGH", 11))
    with Store.open(home) as store:
        show(store, [old, old.replace("beds", "bed spaces").replace("had", "has")])
        base = publish_at(home, store, 3)
    wards = [f"Ward {name} had {n} beds." for n, name in enumerate("ABCDEFGH", 11)]
    assert [row.old for row in base.changes()] == wards
