"""The changes page, a document's versions and a claim's review: feeds to take, titles, and what needs another look."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.app.pages import markup, page
from tests.cli.versions import URL, publish_at, show
from tests.warehouse.make import at
from views.changes import changes_feed
from warehouse.feeds import document_feed
from warehouse.home import Home
from warehouse.people import People
from warehouse.queries import open_base
from warehouse.store import Store

FIRST = ("Fund will end delays", "Emergency admissions rose by 12%. Bed days rose in every ward. Delays fell.")
SECOND = ("Fund may ease delays", "Emergency admissions rose by 14%. Delays fell.")
THIRD = ("Fund may ease delays", "Emergency admissions rose by 15%. Delays fell.")


@pytest.fixture
def reviewed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    home = Home(tmp_path / "home").make()
    with Store.open(home) as store:
        show(store, [FIRST])
        base = publish_at(home, store, 0)
        for hit in base.search("admissions OR bed", mode="words").hits:
            People(home.people).decide(at(1), "Ann", hit.claim, "verdict", "accept", quote=hit.quote)
        People(home.people).save_search(at(1), "Ann", "admissions", "admissions", {})
        show(store, [SECOND, THIRD], first_day=2)
        publish_at(home, store, 3)
    monkeypatch.setenv("CLAIMWATCH_HOME", str(home.root))
    return home


def test_the_changes_page_has_titles_a_feed_and_what_needs_another_look(reviewed: Home) -> None:
    shown = page("changes", since="2026-01-01")
    assert list(shown.exception) == []
    text = markup(shown)
    assert "Title: softened" in text
    assert [one.label for one in shown.expander] == ["2 reviewed claims to look at again"]
    assert "Ann, 2026-03-02: verdict: Accept" in text
    assert shown.get("download_button")
    assert b"Bed days rose in every ward." in changes_feed(open_base(reviewed)).atom()


def test_a_claims_page_says_that_its_sentence_changed_since_it_was_reviewed(reviewed: Home) -> None:
    claim = next(d.subject for d in People(reviewed.people).decisions() if "admissions" in (d.quote or ""))
    shown = page("claim", claim=claim)
    assert any("The sentence has changed" in one.value for one in shown.warning)
    People(reviewed.people).decide(at(4), "Bea", claim, "verdict", "accept", quote="Emergency admissions rose by 15%.")
    assert not page("claim", claim=claim).warning


def test_any_two_versions_are_compared_not_only_neighbours(reviewed: Home) -> None:
    base = open_base(reviewed)
    view = base.document(URL)
    first, *_, last = view.versions
    text = markup(page("document", document=view.id, view="versions", old=first.id, new=last.id))
    assert "2 changes between them" in text
    assert "Figure changed" in text
    assert "Removed" in text
    assert document_feed(base, view.id).atom().count(b"<entry>") == 4


def test_saved_searches_have_feeds_to_take(reviewed: Home) -> None:
    shown = page("saved")
    assert list(shown.exception) == []
    assert "Atom feed" in [one.proto.label for one in shown.get("download_button")]
