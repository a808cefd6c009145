"""What a body is, and each kind that is not a page."""

from __future__ import annotations

import io
import random

import docx
import pytest

from crawlers.errors import REASONS, UnreadableError
from crawlers.extract import extract
from crawlers.extract.sniff import sniff
from tests.crawlers.pages import JATS, archive, page, pdf

SENTENCE = "Emergency admissions of people over 75 fell by 6% in the first year."


def word_file() -> bytes:
    file = docx.Document()
    file.add_heading("Joint teams", 1)
    file.add_paragraph(SENTENCE)
    file.add_paragraph("one record", style="List Bullet")
    file.add_paragraph("one number", style="List Bullet")
    file.add_table(1, 2).rows[0].cells[0].text = "planned"
    file.tables[0].rows[0].cells[1].text = "actual"
    out = io.BytesIO()
    file.save(out)
    return out.getvalue()


PDF, NOISE = pdf([[(72, 700, 12, SENTENCE)]]), random.Random(7).randbytes(3000)
KINDS = [
    ("a PDF called text/html", PDF, "https://x.example/a.html", "text/html", "pdf"),
    ("a page called application/pdf", page(), "https://x.example/a.pdf", "application/pdf", "html"),
    ("a Word file called zip", word_file(), "https://x.example/a", "application/zip", "docx"),
    ("a zip called PDF", archive({"a.txt": b"x"}), "https://x.example/a.pdf", "application/pdf", "zip"),
    (
        "a PDF after a line of its server's",
        b"HTTP/1.1 200\r\n" + PDF,
        "https://x.example/a.pdf",
        "application/pdf",
        "pdf",
    ),
    ("noise called PDF", NOISE, "local:here/a.PDF", None, "no pdf"),
    ("noise said to be PDF", NOISE, "https://x.example/a", "application/pdf; qs=0.9", "no pdf"),
    ("a PDF whose header comes too late", b"." * 1020 + PDF, "https://x.example/a.pdf", "application/pdf", "no pdf"),
    ("text called PDF", b"Plain words only.", "https://x.example/a.pdf", "text/plain", "no pdf"),
    ("nothing", b"", "https://x.example/a", "text/html", "empty"),
    ("spaces", b" \n\t ", "https://x.example/a", "text/html", "empty"),
    ("a picture", b"\x89PNG\r\n\x1a\n" + bytes(200), "https://x.example/a.html", "text/html", "unknown"),
    ("an article in JATS", JATS, "https://x.example/a", "application/xml", "jats"),
    ("Markdown by its name", b"# A title\n\nText.", "https://x.example/a.md", "text/plain", "markdown"),
    ("Markdown by its type", b"# A title\n\nText.", "https://x.example/a", "text/markdown; charset=utf-8", "markdown"),
    ("text", b"Plain words only.", "https://x.example/a.txt", "text/plain", "text"),
    ("text that talks of tags", b"The <p> tag is not used here.", "https://x.example/a.txt", "text/plain", "text"),
    ("a page in UTF-16", page().decode().encode("utf-16"), "https://x.example/a", None, "html"),
]


@pytest.mark.parametrize(
    ("body", "url", "declared", "expected"), [row[1:] for row in KINDS], ids=[row[0] for row in KINDS]
)
def test_b10_the_first_bytes_decide(body: bytes, url: str, declared: str | None, expected: str) -> None:
    assert sniff(body, url, declared) == expected


def test_b10_a_mismatch_is_recorded() -> None:
    document = extract(pdf([[(72, 700, 12, SENTENCE)]]), "https://x.example/a.html", "text/html")
    assert document.text == SENTENCE
    assert document.extra["declared_type"] == "text/html"


@pytest.mark.parametrize(
    ("body", "reason"), [(b"", "empty"), (b"\x89PNG" + bytes(99), "unknown type"), (b"%PDF-1.7 cut", "broken")]
)
def test_what_cannot_be_read_says_why(body: bytes, reason: str) -> None:
    with pytest.raises(UnreadableError) as caught:
        extract(body, "https://x.example/a")
    assert caught.value.reason == reason


def test_a_file_that_only_calls_itself_a_pdf_is_refused_and_says_why() -> None:
    with pytest.raises(UnreadableError, match="no PDF header in its first 1,024 bytes") as caught:
        extract(NOISE, "local:here/noise.pdf", "application/pdf")
    assert caught.value.reason in REASONS


@pytest.mark.parametrize("ending", ["txt", "md"])
@pytest.mark.parametrize("raw", ["# Title\r\n\r\nText  with\tall its\r\nspaces \n", "é ü — “q”\n\n- a\n- b\n"])
def test_text_and_markdown_come_back_unchanged(raw: str, ending: str) -> None:
    assert extract(raw.encode(), f"file:///a.{ending}").text == raw


def test_markdown_titles() -> None:
    front = (
        b"---\ntitle: Joint plan\nauthor: [Ann Example]\ndate: 2024-03-05\nlicence: OGL-UK-3.0\n---\n\n# Other\n\nText."
    )
    document = extract(front, "file:///a.md")
    assert (document.title, document.authors, document.published) == ("Joint plan", ("Ann Example",), "2024-03-05")
    assert extract(b"Intro.\n\n## The *second* [heading](x)\n\nText.", "file:///a.md").title == "The second heading"
    assert extract(b"A title\n=======\n\nText.", "file:///a.md").title == "A title"


def test_front_matter_with_aliases_builds_nothing() -> None:
    bomb = b"---\na: &a [x,x]\nb: &b [*a,*a]\ntitle: Boom\n---\n\n# Real title\n\nText."
    assert extract(bomb, "file:///a.md").title == "Real title"


def test_jats() -> None:
    document = extract(JATS, "https://europepmc.example/PMC1")
    assert document.title == "Co-located teams and admissions"
    assert document.authors == ("Ada Okafor", "Rhys Price")
    assert (document.published, document.doi, document.publisher) == (
        "2023-03-09",
        "10.5555/jjc.2023.7",
        "Journal of Joined Care",
    )
    assert (document.kind, document.peer_reviewed, document.language) == ("study", True, "en")
    assert document.licence == "https://creativecommons.org/licenses/by/4.0/"
    assert document.text == (
        "Abstract\n\nWe followed 412 patients for a year.\n\nMethods\n\nWards were matched by size, as Price "
        "2019 did.\n\n"
        "- First arm\n- Second arm\n\nResults\n\nAdmissions fell by 6%."
    )


def test_word_files() -> None:
    document = extract(word_file(), "file:///a.docx")
    assert document.text == f"Joint teams\n\n{SENTENCE}\n\n- one record\n- one number\n\nplanned | actual"
    assert document.title == "Joint teams"


def test_every_real_article_in_jats_gives_title_authors_and_text(real) -> None:  # type: ignore[no-untyped-def]
    files = sorted((real / "api" / "jats").glob("*.nxml"))
    for file in files:
        document = extract(file.read_bytes(), file.as_uri())
        assert document.title, file.name
        assert document.published, file.name
        assert len(document.text) > 300, file.name
