"""Saved searches, claims picked by hand, and people's own columns, all inside the app."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from tests.app.pages import claim_of, markup, one_page, page
from views import picked
from views.asked import Asked
from views.downloads import file_name, made
from views.saved import described
from warehouse.home import Home
from warehouse.people import People

NOW = datetime(2026, 2, 3, 4, 5, tzinfo=UTC)


@pytest.fixture
def people(shown: Home) -> Iterator[People]:
    """The small base's people, with nothing decided or saved; taken away after."""
    shown.people.unlink(missing_ok=True)
    yield People(shown.people)
    for tail in ("", "-wal", "-shm"):
        shown.people.with_name(shown.people.name + tail).unlink(missing_ok=True)


def button(at: Any, text: str) -> Any:
    return next(one for one in at.button if one.label == text)


def test_a_search_is_saved_under_a_name_with_what_is_there_already_seen(people: People) -> None:
    at = page("search", q="admissions", mode="words", kind=["finding"])
    at.text_input(key="who_asked").set_value("Ann").run()
    name = next(box for box in at.text_input if box.label == "Name")
    assert name.value == "admissions"
    name.set_value("Rising admissions")
    button(at, "Save").click().run()
    (kept,) = people.saved()
    assert (kept.name, kept.query, dict(kept.filters), kept.mode, kept.by) == (
        "Rising admissions", "admissions", {"kinds": ["finding"]}, "words", "Ann",
    )  # fmt: skip
    text = markup(page("saved"))
    assert "nothing new" in text
    assert "“admissions”; kind of claim: Finding" in text


def test_what_is_new_shows_until_it_is_marked_as_seen(people: People, shown: Home) -> None:
    people.save_search(NOW, "Ann", "admissions", "admissions", {})
    people.remember(NOW, "Ann", "seen:admissions", "threads", claim_of(shown, "14%"))
    at = page("saved")
    assert "2 claims new" in markup(at)
    assert "Better Care Fund will cut" in markup(at)
    at.button(key="seen-admissions").click().run()
    assert "nothing new" in markup(at)
    assert claim_of(shown, "14%") in people.recall("seen:admissions")["threads"]


def test_a_saved_search_is_renamed_and_removed(people: People) -> None:
    people.save_search(NOW, "Ann", "first", "admissions", {})
    at = page("saved")
    assert not [one for one in at.button if one.label == "Rename"]  # nobody has given a name
    at.text_input(key="who_asked").set_value("Bo").run()
    next(box for box in at.text_input if box.label == "Name").set_value("second")
    button(at, "Rename").click().run()
    assert [one.name for one in people.saved()] == ["second"]
    at.button(key="remove-second").click().run()
    assert people.saved() == []
    assert "None yet" in at.info[0].value


def test_claims_are_picked_on_cards_and_gather_for_one_table(people: People, shown: Home) -> None:
    claim = claim_of(shown, "14%")
    at = page("search", mode="words")
    at.checkbox(key=f"pick-{claim}").check().run()
    assert "The 1 claim that you picked" in at.radio(key="dl-rows").options
    at.text_input(key="q").set_value("staff").run()  # another search: what was picked stays picked
    assert "The 1 claim that you picked" in at.radio(key="dl-rows").options
    rows = list(csv.DictReader(io.StringIO(made(Asked(), [claim], "minimal", "csv").decode("utf-8-sig"))))
    assert [row["quote"] for row in rows] == ["Emergency admissions rose by 14% in Leeds."]


def test_the_picked_claims_stand_together_on_their_page(people: People, shown: Home) -> None:
    claim = claim_of(shown, "14%")
    at = AppTest.from_function(one_page, args=("saved",), default_timeout=30)
    at.session_state[picked.KEY] = {claim: None}
    at.run()
    assert list(at.exception) == []
    assert "Emergency admissions rose by" in markup(at)
    button(at, "Let them all go").click().run()
    assert "Emergency admissions rose by" not in markup(at)


def test_a_persons_own_columns_are_kept_used_and_forgotten(people: People, shown: Home) -> None:
    at = page("search", mode="words")
    next(box for box in at.multiselect if box.label == "Columns").set_value(["quote", "year"])
    next(box for box in at.text_input if box.label == "Keep them under the name").set_value("mine")
    button(at, "Keep these columns").click().run()
    assert "mine" in at.selectbox(key="dl-preset").options or "Yours: mine" in at.selectbox(key="dl-preset").options
    body = made(Asked(), [claim_of(shown, "14%")], "mine", "csv").decode("utf-8-sig")
    assert body.splitlines()[0] == "quote,year"
    at.selectbox(key="dl-preset").select("mine").run()
    at.button(key="dl-forget").click().run()
    assert "Yours: mine" not in at.selectbox(key="dl-preset").options


def test_a_saved_search_opens_at_the_same_address_again() -> None:
    asked = Asked(query="budgets", mode="words", facets={"theme": ("workforce:barrier",)}, since=2015, rejected=False)
    assert Asked.of_filters("budgets", asked.filters(), "words") == asked
    assert described(asked) == "“budgets”; theme: Workforce, barrier; from 2015"
    again = {name: [value] if isinstance(value, str) else value for name, value in asked.address().items()}
    assert Asked.of(again) == asked


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("Rising admissions", "Rising-admissions"),
        ("../../etc/passwd", "etc-passwd"),
        ("…", "evidence"),
        ("=1+1", "1-1"),
    ],
)
def test_a_file_is_named_after_the_search_and_never_as_a_path(name: str, file: str) -> None:
    assert file_name(name) == file
