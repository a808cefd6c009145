"""Readers' comments stand apart, and say nothing of who made them (B16)."""

from __future__ import annotations

from crawlers.extract import extract
from tests.crawlers.pages import PARAGRAPHS, page

URL = "https://ledger.example/blog/joint-teams"
BELOW = """<section id="comments"><h2>2 comments</h2><ol class="comment-list"><li class="comment depth-1"
id="comment-1">
<div class="comment-author vcard">Planted Name says:</div><div class="comment-meta">5 March 2024</div><div
class="comment-content">
<p>The records problem is worse than this. Write to me at planted.name@mail.example or ring 01632 960 123.</p></div>
<ol class="children"><li class="comment depth-2" id="comment-2"><div class="comment-author">Other Planted</div><div
class="comment-content">
<p>Agreed with @plantedname, and our ward has no shared records at all.</p></div></li></ol></li></ol></section>"""
PLANTED = ("Planted", "planted.name@mail.example", "01632", "@plantedname")


def test_comments_are_left_out_unless_asked_for() -> None:
    document = extract(page(bottom=BELOW), URL, "text/html")
    assert document.comments == ()
    assert document.text == "\n\n".join(PARAGRAPHS)


def test_comments_come_apart_and_redacted() -> None:
    document = extract(page(bottom=BELOW), URL, "text/html", comments=True)
    assert document.comments == (
        "The records problem is worse than this. Write to me at [e-mail] or ring [phone].",
        "Agreed with [name], and our ward has no shared records at all.",
    )
    assert document.text == "\n\n".join(PARAGRAPHS)


def test_nothing_planted_is_anywhere_in_the_document() -> None:
    for comments in (False, True):
        document = repr(extract(page(bottom=BELOW), URL, "text/html", comments=comments))
        assert not [word for word in PLANTED if word in document]
