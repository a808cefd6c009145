"""People's decisions: append-only, undoable, two people's differences kept."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from warehouse.errors import UsageError
from warehouse.people import People

NOW = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)


@pytest.fixture
def people(tmp_path: Path) -> People:
    return People(tmp_path / "people.sqlite")


def test_the_last_word_of_a_person_counts_and_the_first_stays_on_record(people: People) -> None:
    people.decide(NOW, "Ann", "t1", "kind", "finding", quote="Admissions rose.")
    people.decide(NOW, "Ann", "t1", "kind", "assertion", quote="Admissions rose.")
    overlay = people.overlay()["t1"]
    assert overlay.value("kind") == "assertion"
    assert overlay.conflicts == {}
    assert [d.value for d in people.decisions("t1")] == ["finding", "assertion"]


def test_two_people_who_differ_make_a_conflict_and_neither_is_lost(people: People) -> None:
    people.decide(NOW, "Ann", "t1", "verdict", "accept")
    people.decide(NOW, "Ben", "t1", "verdict", "reject")
    overlay = people.overlay("t1")["t1"]
    assert overlay.value("verdict") == "reject"
    assert [(d.by, d.value) for d in overlay.conflicts["verdict"]] == [("Ann", "accept"), ("Ben", "reject")]


def test_undo_brings_back_what_was_there_before(people: People) -> None:
    people.decide(NOW, "Ann", "t1", "kind", "finding")
    second = people.decide(NOW, "Ann", "t1", "kind", "assertion")
    people.undo(NOW, "Ann", second)
    assert people.overlay()["t1"].value("kind") == "finding"
    assert len(people.decisions(undone=True)) == 2
    with pytest.raises(UsageError, match="not one of Ben's"):
        people.undo(NOW, "Ben", second)


def test_saved_searches_are_added_replaced_and_removed(people: People) -> None:
    people.save_search(NOW, "Ann", "data", "sharing records", {"theme": ["information_sharing:barrier"]}, watch=True)
    people.save_search(NOW, "Ann", "data", "shared care record", {})
    assert [(s.name, s.query, s.watch) for s in people.saved()] == [("data", "shared care record", False)]
    people.remove_saved(NOW, "Ann", "data")
    assert people.saved() == []
    with pytest.raises(UsageError, match="none yet"):
        people.saved_search("data")


def test_a_backup_comes_back_whole_and_what_it_replaces_is_kept(people: People, tmp_path: Path) -> None:
    people.decide(NOW, "Ann", "t1", "kind", "finding")
    people.backup(tmp_path / "copy.sqlite")
    people.decide(NOW, "Ann", "t2", "kind", "finding")
    with pytest.raises(UsageError, match="--force"):
        people.restore(tmp_path / "copy.sqlite")
    kept = people.restore(tmp_path / "copy.sqlite", force=True)
    assert [d.subject for d in people.decisions()] == ["t1"]
    assert kept is not None
    assert [d.subject for d in People(kept).decisions()] == ["t1", "t2"]


def test_a_file_that_is_no_backup_is_refused(people: People, tmp_path: Path) -> None:
    (tmp_path / "x").write_text("not a database, but long enough to be looked at as one")
    with pytest.raises(UsageError, match="not a backup"):
        people.restore(tmp_path / "x")


@pytest.mark.parametrize("name", ["", "  ", "a\nb", "x" * 81])
def test_a_name_that_would_break_a_list_is_refused(people: People, name: str) -> None:
    with pytest.raises(UsageError, match="printable"):
        people.decide(NOW, name, "t1", "kind", "finding")


def test_a_saved_search_is_renamed_with_what_was_seen_of_it(people: People) -> None:
    people.save_search(NOW, "Ann", "data", "records", {"kinds": ["finding"]}, watch=True, mode="both")
    people.remember(NOW, "Ann", "seen:data", "threads", "t1 t2")
    people.rename_saved(NOW, "Ann", "data", "records ")
    (kept,) = people.saved()
    assert (kept.name, kept.query, dict(kept.filters), kept.watch, kept.mode) == (
        "records", "records", {"kinds": ["finding"]}, True, "both",
    )  # fmt: skip
    assert people.recall("seen:records") == {"threads": "t1 t2"}
    people.rename_saved(NOW, "Ann", "records", "records")
    assert len(people.saved()) == 1
    people.save_search(NOW, "Ann", "other", "x", {})
    with pytest.raises(UsageError, match="already"):
        people.rename_saved(NOW, "Ann", "records", "other")
