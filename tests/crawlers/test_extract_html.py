"""Pages: the text without the furniture, in the documented convention."""

from __future__ import annotations

import pytest

from crawlers.extract import extract
from tests.crawlers.pages import PARAGRAPHS, page

URL = "https://ledger.example/2024/03/05/joint-teams"
TEXT = "\n\n".join(PARAGRAPHS)


def text_of(body: bytes) -> str:
    return extract(body, URL, "text/html").text


def test_text_is_the_paragraphs_parted_by_blank_lines() -> None:
    assert text_of(page()) == TEXT


# Each stands after the paragraphs or before them, and is no part of the text.
FURNITURE = [
    (
        "a list of related pages",
        "",
        "<h3>Related articles</h3><ul><li><a href='/a'>Four lessons from the pilot sites</a></li></ul>",
    ),
    ("a read-more line", "", "<p>Read more: <a href='/b'>Why the county chose one budget</a></p>"),
    ("a sign-up box", "", "<p>Sign up for our newsletter and get the week's stories in your inbox.</p>"),
    ("a share list", "", "<ul class='share'><li>Share on Facebook</li><li>Share on Twitter</li></ul>"),
    ("a follow line", "", "<p>Follow the Care Ledger on Twitter @careledger</p>"),
    ("a rights line", "", "<p>© 2024 The Care Ledger. All rights reserved.</p>"),
    ("a credit", "", "<p>Additional reporting by Ann Example and Bo Sample.</p>"),
    ("a date line", "<p>Published 5 March 2024</p>", ""),
    ("a reading time", "<p>4 min read</p>", ""),
    ("a counter", "", "<p>1,204 views</p>"),
    ("a heading of nothing", "", "<h2>You may also like</h2>"),
    ("an e-mail address", "", "<p>newsdesk@ledger.example</p>"),
    ("a photo credit", "", "<p>The ward before it opened. (Photo: Ann Example)</p>"),
]


@pytest.mark.parametrize(("top", "bottom"), [row[1:] for row in FURNITURE], ids=[row[0] for row in FURNITURE])
def test_furniture_is_not_text(top: str, bottom: str) -> None:
    assert text_of(page(top=top, bottom=bottom)) == TEXT


# Sentences that talk of the same things and are text.
KEPT = [
    "Patients can sign up to the scheme at any of the four practices, and most of them have done so since it began.",
    "The board read more than 200 comments from staff before it agreed the terms of the review last month.",
    "Related services such as housing advice sit in the same building, which families said made a difference to them.",
    "Copyright in the old training films lies with the college, so the trust had to pay for each of the new ones.",
]


@pytest.mark.parametrize("sentence", KEPT)
def test_sentences_that_only_sound_like_furniture_stay(sentence: str) -> None:
    assert sentence in text_of(page(paragraphs=(*PARAGRAPHS, sentence)))


def test_headings_and_lists_follow_the_convention() -> None:
    bottom = (
        "<h2>What is still missing</h2><ul><li>one record for each person</li><li>one telephone number for "
        "all</li></ul>" + (f"<p>{PARAGRAPHS[0]}</p>")
    )
    text = text_of(page(bottom=bottom))
    assert "\n\nWhat is still missing\n\n- one record for each person\n- one telephone number for all\n\n" in text


def test_a_text_cut_up_by_promotions_is_read_whole() -> None:
    chunk = "<div class='row'><div class='body part'>{}</div></div><div class='promo'><a href='/x'>Join</a></div>"
    halves = "".join(
        chunk.format("".join(f"<p>{text}</p>" for text in part)) for part in (PARAGRAPHS[:2], PARAGRAPHS[2:] * 3)
    )
    body = f"<html><body><article><h1>A title here</h1>{halves}</article></body></html>".encode()
    text = text_of(body)
    assert all(paragraph in text for paragraph in PARAGRAPHS)


def test_text_that_stands_loose_in_a_container_is_kept() -> None:
    loose = "The first sentence of this page stands in its container with no paragraph of its own around it at all."
    body = (
        page()
        .replace(b"<article>", f"<article><div class='content'>{loose}<br>".encode())
        .replace(b"</article>", b"</div></article>")
    )
    assert loose in text_of(body)


@pytest.mark.parametrize("change", [
    ("Served on 1 March", "Served on 2 March"), ("nonce-1", "nonce-2"), ("1,204 views", "1,377 views"), ("advert A",
    "advert B"),
])  # fmt: skip
def test_a23_a_page_that_changes_only_in_its_furniture_reads_the_same(change: tuple[str, str]) -> None:
    bottom = "<p>1,204 views</p><div class='ad-slot'>advert A</div><p class='served'>Served on 1 March 2024</p>"
    first = page(head="<script nonce='nonce-1'>var a = 1;</script>", bottom=bottom)
    second = first.replace(*(part.encode() for part in change))
    assert first != second
    assert text_of(first) == text_of(second)


def test_a_page_with_no_text_is_suspect() -> None:
    document = extract(b"<!doctype html><html><body><div id=app></div><script src=app.js></script></body></html>", URL)
    assert document.suspect


WALLS = [
    ("soft 404", "Page not found", ("Sorry, the page you requested could not be found. Try the search.",)),
    ("consent", "Before you go on", (
        "We and our partners store and access cookies on your device.",
        "You can accept all cookies or manage preferences.",
        "Your consent applies to this site only, and our cookie policy says more.",
    )),
    ("login", "Members", ("You must log in to read this article. Register to continue reading it today.",)),
    ("robot", "One moment", ("Checking your browser. Please verify you are human by completing the captcha.",)),
]  # fmt: skip


@pytest.mark.parametrize(("word", "title", "paragraphs"), WALLS, ids=[wall[0] for wall in WALLS])
def test_a14_walls_are_suspect(word: str, title: str, paragraphs: tuple[str, ...]) -> None:
    document = extract(page(title=title, paragraphs=paragraphs), URL, "text/html")
    assert document.suspect is not None
    assert document.suspect.startswith(word)


def test_an_article_about_walls_is_an_article() -> None:
    about = "The regulator said cookie banners that offer no way to reject all are unlawful, and consent must be free."
    assert extract(page(paragraphs=(*PARAGRAPHS * 3, about)), URL, "text/html").suspect is None


def test_no_page_of_real_material_crashes_the_reader(real) -> None:  # type: ignore[no-untyped-def]
    import gzip

    for file in sorted((real / "pages" / "html").glob("*.html.gz"))[::6]:
        document = extract(gzip.decompress(file.read_bytes()), "https://example.org/x", "text/html")
        assert document.text


def test_a_page_of_links_keeps_them() -> None:
    items = "".join(
        f"<p><a href='/{n}'>Plan number {n} of the integrated care board for the year</a></p>" for n in range(12)
    )
    body = f"<html><head><title>All plans</title></head><body><main><h1>All plans</h1>{items}</main>".encode()
    assert text_of(body).count("Plan number") >= 10


def test_invisible_characters_make_no_difference() -> None:
    shy = tuple(
        paragraph.replace("councils", "coun\u00adcils").replace("the ", "the \u200b") for paragraph in PARAGRAPHS
    )
    assert text_of(page(paragraphs=shy)) == TEXT
