"""PDFs: pages kept, furniture out, words whole, columns in order."""

from __future__ import annotations

from crawlers.extract import extract
from tests.crawlers.pages import pdf

URL = "https://trust.example/plan.pdf"
Lines = list[tuple[float, float, float, str]]


def flow(texts: list[str], *, x: float = 72, top: float = 720, size: float = 11, step: float = 14) -> Lines:
    return [(x, top - n * step, size, text) for n, text in enumerate(texts)]


def report_page(number: int, texts: list[str]) -> Lines:
    return [(72, 800, 9, "County Trust annual report 2024"), *flow(texts), (290, 30, 9, f"Page {number} of 3")]


def test_page_spans_give_each_pages_own_text() -> None:
    pages = [
        [f"This is what page {name} says of the joint plan.", "It ends with a full stop."]
        for name in ("one", "two", "three")
    ]
    document = extract(pdf([report_page(n, texts) for n, texts in enumerate(pages, 1)]), URL)
    assert document.pages is not None
    found = [document.text[start:end] for start, end in document.pages]
    assert found == [" ".join(texts) for texts in pages]


def test_running_heads_and_page_numbers_are_no_text() -> None:
    document = extract(pdf([report_page(n, [f"Sentence number {n} stands alone here."]) for n in (1, 2, 3)]), URL)
    assert "annual report" not in document.text
    assert "Page" not in document.text


def test_hyphenation_at_line_ends_is_joined_and_compounds_keep_their_hyphen() -> None:
    lines = flow(
        ["The integra-", "tion of services needs long-", "term funding and a joined-", "up record for each person."]
    )
    document = extract(pdf([lines]), URL)
    assert (
        document.text == "The integration of services needs long-term funding and a joined-up record for each person."
    )


def test_two_columns_are_read_one_after_the_other() -> None:
    left = flow([f"Left column line {n} goes on" for n in range(9)], x=60)
    right = flow([f"right column line {n} goes on" for n in range(9)], x=320)
    interleaved = [line for pair in zip(left, right, strict=True) for line in pair]
    text = extract(pdf([interleaved]), URL).text
    order = [text.index(f"{side} column line {n}") for side in ("Left", "right") for n in range(9)]
    assert order == sorted(order)


def test_a_wide_title_stays_above_its_columns() -> None:
    left = flow([f"Left column line {n} goes on" for n in range(9)], x=60, top=600)
    right = flow([f"right column line {n} goes on" for n in range(9)], x=320, top=600)
    lines = [
        (60, 700, 20, "A heading that runs over both of the columns"),
        *(x for pair in zip(left, right, strict=True) for x in pair),
    ]
    assert extract(pdf([lines]), URL).text.startswith("A heading that runs over both of the columns\n\nLeft")


def test_paragraphs_and_lists() -> None:
    lines = [*flow(["The first paragraph says one thing.", "It has two lines of its own here."]),
             *flow(["The second paragraph stands apart."], top=660),
             *flow(["• one record for each person", "• one number for all"], top=620)]  # fmt: skip
    assert extract(pdf([lines]), URL).text == (
        "The first paragraph says one thing. It has two lines of its own here.\n\nThe second paragraph stands "
        "apart.\n\n"
        "- one record for each person\n- one number for all"
    )


def test_a_sentence_that_runs_over_a_page_break_stays_one() -> None:
    document = extract(pdf([flow(["The board agreed that the pooled"]), flow(["budget will go on for a year."])]), URL)
    assert document.text == "The board agreed that the pooled budget will go on for a year."
    assert document.pages == ((0, 32), (33, len(document.text)))


def test_metadata_is_taken_where_a_person_wrote_it() -> None:
    info = "/Title (The joint plan for the county) /Author (Ann Example; Bo Sample) /CreationDate (D:20240305101500Z)"
    document = extract(pdf([flow(["Text of the plan."])], info), URL)
    assert document.title == "The joint plan for the county"
    assert document.authors == ("Ann Example", "Bo Sample")
    assert document.published == "2024-03-05"


def test_a_file_name_is_no_title_and_a_login_no_author() -> None:
    info = "/Title (Microsoft Word - plan v3 final.docx) /Author (aexample)"
    lines = [
        (72, 760, 24, "The joint plan for the county"),
        *flow([f"Sentence number {n} of the plan." for n in range(8)]),
    ]
    document = extract(pdf([lines], info), URL)
    assert document.title == "The joint plan for the county"
    assert document.authors == ()


def test_a_scan_without_text_is_suspect() -> None:
    document = extract(pdf([[], []]), URL)
    assert document.suspect is not None
    assert document.pages == ((0, 0), (0, 0))
