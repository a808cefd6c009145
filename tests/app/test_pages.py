"""Every page on a small base: it shows what it should, and never a traceback."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from tests.app.pages import APP, claim_of, markup, page
from tests.warehouse.test_search import PAGES
from views.pages import ENTRIES
from warehouse.home import Home
from warehouse.people import People
from warehouse.queries import open_base

NOW = datetime(2026, 3, 20, tzinfo=UTC)


@pytest.mark.parametrize("name", ENTRIES)
def test_every_page_opens_without_an_error(shown: Home, name: str) -> None:
    at = page(name)
    assert list(at.exception) == list(at.error) == []
    assert len(at.title) == 1


def test_the_app_itself_opens_on_the_search(shown: Home) -> None:
    at = AppTest.from_file(str(APP), default_timeout=30).run()
    assert list(at.exception) == []
    assert at.title[0].value == "Search the claims"


def test_without_a_base_the_app_says_what_to_run(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLAIMWATCH_HOME", str(tmp_path))
    at = AppTest.from_file(str(APP), default_timeout=30).run()
    assert list(at.exception) == []
    assert "nothing has been published" in at.error[0].value
    assert "claimwatch demo" in at.code[0].value


# --- search


def test_a_search_is_wholly_in_the_address(shown: Home) -> None:
    at = page("search", q="admissions", mode="words", kind=["finding"])
    assert "2 claims" in markup(at)
    assert '<mark class="cw-hit">admissions</mark>' in markup(at)
    assert at.text_input(key="q").value == "admissions"
    assert at.button(key="chip-0").label == "Kind of claim\\: Finding ✕"


def test_a_facet_narrows_and_its_chip_widens_again(shown: Home) -> None:
    at = page("search")
    assert "8 claims" in markup(at)
    at.button_group(key="facet-kind").set_value(["commitment"]).run()
    assert "2 claims" in markup(at)
    assert at.query_params["kind"] in ("commitment", ["commitment"])
    at.button(key="chip-0").click().run()
    assert "8 claims" in markup(at)


def test_typing_a_query_puts_it_into_the_address(shown: Home) -> None:
    at = page("search", mode="words", page="9")
    at.text_input(key="q").set_value("Leeds").run()
    assert at.query_params["q"] in ("Leeds", ["Leeds"])
    assert "page" not in at.query_params


@pytest.mark.parametrize(
    "address",
    [{"page": "x"}, {"page": "-1"}, {"page": "99999"}, {"mode": "loud"}, {"sort": "up"}, {"since": "soon"},
     {"kind": ["nonsense"]}, {"kind": ["x"] * 80}, {"q": "a" * 20_000}, {"reviewed": "maybe"},
     {"document": "' or 1=1"}],
)  # fmt: skip
def test_a_broken_address_shows_something_and_never_fails(shown: Home, address: dict[str, Any]) -> None:
    at = page("search", **address)
    assert list(at.exception) == []
    assert at.title


@pytest.mark.parametrize(
    "query", ["'; drop table claim; --", "%", "_", "\\", "a\x00b", '"', "((", "read_csv('/etc/passwd')"]
)
def test_a_hostile_query_is_only_words(shown: Home, query: str) -> None:
    at = page("search", q=query, mode="words")
    assert list(at.exception) == list(at.error) == []


def test_nothing_found_says_what_may_help(shown: Home) -> None:
    at = page("search", q="nosuchword", mode="words", kind=["finding"])
    assert "No claim fits" in at.info[0].value
    labels = [button.label for button in at.button]
    assert {"Drop every filter", "Search by meaning as well", "Show everything"} <= set(labels)


# --- claim and review


@pytest.fixture
def reviewing(shown: Home) -> Any:
    """The small base with an empty record of decisions, which is taken away after."""
    shown.people.unlink(missing_ok=True)
    yield shown
    for tail in ("", "-wal", "-shm"):
        shown.people.with_name(shown.people.name + tail).unlink(missing_ok=True)


def test_a_claims_page_holds_its_whole_life(shown: Home) -> None:
    text = markup(page("claim", claim=claim_of(shown, "14%")))
    for part in ("Emergency admissions rose by", "14%", "12%", "figure changed", "At the source", "Archived copy",
                 "As each version had it", "The auditor"):  # fmt: skip
        assert part in text, part


def test_a_decision_is_saved_shown_and_undone(reviewing: Home) -> None:
    claim = claim_of(reviewing, "14%")
    at = page("claim", claim=claim)
    at.text_input(key="who_asked").set_value("Ann").run()
    at.selectbox(key="rv-kind").select("assertion")
    at.text_area(key="rv-note").set_value("read the annex")
    at.button[-1].click().run()
    assert [message.value for message in at.success] == [
        "Saved as no\\. 1\\: kind is assertion", "Saved as no\\. 2\\: note is read the annex",
    ]  # fmt: skip
    assert People(reviewing.people).overlay()[claim].value("kind") == "assertion"
    assert any("the machine says: Finding" in box.label for box in at.selectbox)
    at.button(key="rv-undo").click().run()
    assert [d.field for d in People(reviewing.people).decisions(claim)] == ["kind"]
    assert "taken back" in markup(at)


def test_two_people_who_differ_are_shown_as_a_conflict(reviewing: Home) -> None:
    claim = claim_of(reviewing, "14%")
    people = People(reviewing.people)
    people.decide(NOW, "Ann", claim, "kind", "assertion")
    people.decide(NOW, "Bo", claim, "kind", "commitment")
    at = page("claim", claim=claim)
    assert "Ann\\: Assertion" in at.warning[0].value
    assert "Bo\\: Commitment" in at.warning[0].value
    assert "Commitment" in markup(at)


def test_saving_nothing_saves_nothing(reviewing: Home) -> None:
    at = page("claim", claim=claim_of(reviewing, "14%"))
    at.text_input(key="who_asked").set_value("Ann").run()
    at.button[-1].click().run()
    assert not People(reviewing.people).decisions()
    assert any("Nothing was changed" in message.value for message in at.info)


def test_an_unknown_claim_or_document_is_said_to_be_unknown(shown: Home) -> None:
    for name in ("claim", "document"):
        at = page(name, **{name: "<b>nothing</b>"})
        assert list(at.exception) == []
        assert "\\<b\\>nothing" in at.error[0].value


# --- document and the rest


def test_a_documents_versions_stand_side_by_side_readable_without_colour(shown: Home) -> None:
    text = markup(page("document", document=PAGES[0][0], view="versions"))
    assert "<del>12</del>" in text
    assert "<ins>14</ins>" in text
    assert 'aria-label="gone:"' in text
    assert "Figure changed" in text


@pytest.mark.parametrize(
    ("view", "part"),
    [("text", 'class="cw-claim"'), ("history", "Every request"), ("copies", "Near copy"), ("nonsense", "cw-text")],
)
def test_a_documents_views(shown: Home, view: str, part: str) -> None:
    assert part in markup(page("document", document=PAGES[0][0], view=view))


def test_a_retracted_work_warns_on_its_page_and_on_its_claims(shown: Home) -> None:
    claim = claim_of(shown, "integrated teams cut costs")
    for at in (page("document", document=PAGES[3][0]), page("claim", claim=claim)):
        assert any("retracted" in warning.value for warning in at.warning)
        assert "https://doi.org/10.5555/notice" in markup(at)
    assert not page("document", document=PAGES[0][0]).warning


def test_a_card_says_that_its_work_is_said_to_be_retracted(shown: Home) -> None:
    badge = '<li class="cw-chip cw-retracted">⚠ said to be retracted</li>'
    assert badge in markup(page("search", q="integrated teams cut costs", mode="words"))
    assert badge not in markup(page("search", q="admissions", mode="words"))


def test_a_documents_date_can_be_corrected(reviewing: Home) -> None:
    at = page("document", document=PAGES[0][0], view="correct")
    at.text_input(key="who_asked").set_value("Ann").run()
    at.text_input[2].set_value("soon")
    at.button[0].click().run()
    assert "no date" in at.error[0].value
    at.text_input[2].set_value("2015-01-02")
    at.button[0].click().run()
    assert "2 January 2015" in markup(at)


def test_a_theme_has_its_trend_and_quotes(shown: Home) -> None:
    text = markup(page("barriers", theme="workforce"))
    assert "staff shortages" in text
    assert "Works that name Workforce" in text


def test_a_cell_of_the_map_lists_its_claims(shown: Home) -> None:
    text = markup(page("evidence_map", rows="place", row="leeds", outcome="emergency_admissions"))
    assert "Emergency admissions rose by" in text


def test_changes_since_a_day(shown: Home) -> None:
    assert "1 change" in markup(page("changes", since="2026-01-01"))
    assert "0 changes" in markup(page("changes", since="2026-12-01"))


def test_a_speakers_claims(shown: Home) -> None:
    assert "We found staff shortages" in markup(page("speaker", speaker="The auditor"))


def test_a_page_that_is_added_must_be_a_web_address(shown: Home) -> None:
    at = page("add")
    at.text_input[0].set_value("javascript:alert(1)")
    at.button[0].click().run()
    assert "http://" in at.error[0].value


def test_the_small_base_is_as_the_tests_think(shown: Home) -> None:
    assert open_base(shown).stats().claims == 8
