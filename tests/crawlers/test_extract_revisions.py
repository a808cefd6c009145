"""Revision trackers' pages: one Document with both states, at the article's own address. Samples made by us."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from crawlers.extract import extract

TRACKER = "https://tracker.example/articles/7/diff/0/1"
ORIGINAL = "http://paper.example/society/2024/joint-teams"
SNIFFER = f"""<!doctype html><html><head><title>Tracker</title></head><body><p>This article is from the source
'paper' and was first
published or seen on 2024-03-05 09:10. It last changed over 40 days ago.</p><p>You can find the current article at
its original source
at <a href="{ORIGINAL}">{ORIGINAL}</a></p><p>The article has changed 1 times.</p><table class="diff">
<tr><th>Version 0</th><th>Version 1</th></tr>
<tr><td>Joint teams save a fifth</td><td>Joint teams may save a fifth</td></tr><tr><td>(about 3 hours
later)</td><td></td></tr>
<tr><td>The plan will save 20% a year.</td><td>The plan may save 20% a year.</td></tr>
<tr><td>No other county has tried it.</td><td></td></tr>
<tr><td>The board meets in May.</td><td>The board meets in May.</td></tr></table></body></html>"""
NEWSDIFFS = f"""<html><head><title>NewsDiffs | Joint teams</title></head><body><h2>Comparing: <a
href="{ORIGINAL}">Joint teams</a></h2>
<table><tr><th>2024-03-05 09:10</th><th>2024-03-05 17:45</th></tr></table><div id="compare"><p>Joint teams
<del>save</del>
<ins>may save</ins> a fifth</p><p>The plan <del>will</del><ins>may</ins> save 20% a year.</p><p><del>No other
county has tried it.</del>
</p><p>The board meets in May.</p></div></body></html>"""
OLD = "The plan will save 20% a year.\n\nNo other county has tried it.\n\nThe board meets in May."
NEW = "The plan may save 20% a year.\n\nThe board meets in May."


def test_a_two_column_page_is_one_document_with_two_states() -> None:
    document = extract(SNIFFER.encode(), TRACKER, "text/html")
    assert (document.url, document.canonical_url) == (ORIGINAL, ORIGINAL)
    assert (document.title, document.text) == ("Joint teams may save a fifth", NEW)
    old, new = document.states
    assert (old.title, old.text, old.at) == ("Joint teams save a fifth", OLD, datetime(2024, 3, 5, 9, 10, tzinfo=UTC))
    assert (new.text, new.at, new.note) == (NEW, datetime(2024, 3, 5, 12, 10, tzinfo=UTC), "about 3 hours later")
    assert document.publisher == "paper"


def test_a_page_with_marked_insertions_is_read_the_same() -> None:
    document = extract(NEWSDIFFS.encode(), TRACKER, "text/html")
    assert document.url == ORIGINAL
    assert [state.text for state in document.states] == [OLD, NEW]
    assert [state.title for state in document.states] == ["Joint teams save a fifth", "Joint teams may save a fifth"]
    assert [state.at for state in document.states] == [
        datetime(2024, 3, 5, 9, 10, tzinfo=UTC), datetime(2024, 3, 5, 17, 45, tzinfo=UTC),
    ]  # fmt: skip


def test_a_page_about_versions_is_a_page() -> None:
    body = "<html><body><article><p>Version 2 of the guidance replaces version 1.</p><table><tr><th>Version 1</th>"
    body += "<th>Version 2</th></tr><tr><td>May</td><td>June</td></tr></table></article></body></html>"
    assert extract(body.encode(), "https://x.example/a", "text/html").states == ()


def test_states_with_equal_texts_are_both_kept() -> None:
    same = SNIFFER.replace("may save", "save").replace("may save", "save")
    same = same.replace("The plan save 20%",
        "The plan will save 20%").replace("<td>No other county has tried it.</td><td></td>",
                        "<td>No other county has tried it.</td><td>No other county has tried it.</td>")  # fmt: skip
    document = extract(same.encode(), TRACKER, "text/html")
    assert document.states[0].text == document.states[1].text
    assert len(document.states) == 2


def test_the_real_page_in_plain_text_is_one_document(real: Path) -> None:
    document = extract(
        (real / "text" / "revision-page-two-versions.txt").read_bytes(), "file:///page.txt", "text/plain"
    )
    assert document.url.startswith("http://www.theguardian.com/social-care-network/2015/mar/26/")
    old, new = (state.text.split("\n\n") for state in document.states)
    only_old, only_new = [row for row in old if row not in new], [row for row in new if row not in old]
    assert len(only_old) == 1
    assert only_old[0].startswith("There are three types of model")
    assert only_new == []
    assert document.states[1].note == "about 3 hours later"
    assert "Version 0" not in document.text
    assert "hours later" not in document.text
