"""Evidence tables, each format read back by a parser that is not ours."""

from __future__ import annotations

import csv
import io
import json
from datetime import date, datetime
from typing import Any
from xml.etree import ElementTree

import lxml.html
import openpyxl
import pyarrow.parquet as pq
import pytest
import rispy
from bibtexparser.entrypoint import parse_string
from docx import Document
from docx.enum.section import WD_ORIENT

from tests.warehouse.tables import row, table, written
from warehouse.errors import UsageError
from warehouse.exports import xlsx
from warehouse.exports.about import companion
from warehouse.exports.columns import BY_NAME, COLUMNS, PRESETS, find_preset, own_preset
from warehouse.exports.writers import FORMATS
from warehouse.people import Decision, Overlay
from warehouse.queries import evidence

ROWS = [row(1), row(2), row(3, document="doc2", title="The plan", quote="The fund will cut admissions by 3%.")]


def read_csv(body: bytes, delimiter: str = ",") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"), newline=""), delimiter=delimiter))


def test_the_columns_are_those_of_the_contract_in_its_order() -> None:
    assert [column.name for column in COLUMNS] == list(evidence.COLUMNS)
    assert all(column.definition and column.who for column in BY_NAME.values())
    minimal = ["quote", "kind", "themes", "publisher", "published", "url", "deep_link"]
    assert list(PRESETS["minimal"].columns) == minimal


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("preset", PRESETS)
def test_every_format_holds_every_preset(format: str, preset: str) -> None:
    assert written(ROWS, format, preset)
    assert isinstance(written([], format, preset), bytes)


def test_csv_is_for_excel_and_for_programs() -> None:
    body = written(ROWS, "csv")
    assert body.startswith(b"\xef\xbb\xbf")
    assert body.count(b"\r\n") == 4
    first = read_csv(body)[0]
    assert (first["published"], first["first_seen"]) == ("2017-03-02", "2026-01-02T03:04:00Z")
    assert (first["themes"], first["figure_value"], first["confidence"]) == ("workforce:barrier", "0.25", "0.75")
    assert first["origin_of_each_value"].startswith("kind: machine (test-1)")
    assert read_csv(written(ROWS, "tsv"), "\t")[0] == first


def test_json_lines_keep_types_and_every_key() -> None:
    found = [json.loads(line) for line in written(ROWS, "jsonl").decode().splitlines()]
    assert list(found[0]) == [column.name for column in COLUMNS]
    assert found[0]["themes"] == ["workforce:barrier"]
    assert found[0]["figure_value"] == 0.25
    assert found[0]["comparator"] is None
    assert found[0]["origin_of_each_value"]["kind"] == "machine (test-1)"


def open_xlsx(body: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(body))


def test_excel_has_real_dates_numbers_links_filters_and_its_other_sheets() -> None:
    book = open_xlsx(written(ROWS, "xlsx"))
    assert book.sheetnames == ["Evidence", "About", "Codebook"]
    sheet = book["Evidence"]
    names = [column.name for column in COLUMNS]
    cells = dict(zip(names, sheet[2], strict=True))
    assert cells["published"].value == datetime(2017, 3, 2)
    assert cells["published"].number_format == "yyyy-mm-dd"
    assert cells["first_seen"].value == datetime(2026, 1, 2, 3, 4)
    assert (cells["figure_value"].value, cells["year"].value) == (0.25, 2017)
    assert cells["url"].hyperlink.target == "https://a.example/1"
    assert cells["quote"].alignment.wrap_text
    assert sheet.freeze_panes == "B2"
    assert sheet.auto_filter.ref == f"A1:{openpyxl.utils.get_column_letter(len(names))}4"
    about = {line[0].value: line[1].value for line in book["About"].iter_rows()}
    assert about["Query as run"] == "pooled budgets"
    assert about["Rows"] == "3 rows from 3 claims"
    assert about["Filters"] == "kinds: finding"
    assert "evidence-1" in str(about["Base"])
    assert [line[0].value for line in book["Codebook"].iter_rows(min_row=2)] == [*names, "workforce"]


def test_excel_refuses_more_rows_than_it_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx, "MAX_ROWS", 3)
    with pytest.raises(UsageError, match="--format csv"):
        written(ROWS, "xlsx")


def test_excel_writes_addresses_as_text_past_its_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx, "MAX_LINKS", 2)
    long = row(2, url="https://a.example/" + "x" * 3_000)
    sheet = open_xlsx(written([long, row(1), row(3)], "xlsx", "minimal"))["Evidence"]
    assert [cell.hyperlink is not None for cell in sheet["F"][1:]] == [False, True, False]
    assert len(sheet["F"][1].value) > 3_000


def test_word_is_landscape_with_a_repeated_header_and_references() -> None:
    document = Document(io.BytesIO(written(ROWS, "docx", "nice")))
    section = document.sections[0]
    assert section.orientation == WD_ORIENT.LANDSCAPE
    assert section.page_width > section.page_height
    evidence_table = document.tables[0]
    assert "w:tblHeader" in evidence_table.rows[0]._tr.xml
    assert len(evidence_table.rows) == 4
    headings = [p.text for p in document.paragraphs if p.style.name.startswith("Heading")]
    assert headings == ["References", "About this table", "Codebook"]
    cited = [p.text for p in document.paragraphs if p.style.name == "List Number"]
    assert cited[0].startswith("Ann Example (2017-03-02). Pooled budgets examined. Audit Office")
    assert len(cited) == 2


def test_word_puts_a_wide_table_into_groups_and_loses_nothing() -> None:
    document = Document(io.BytesIO(written(ROWS, "docx", "full")))
    heads = [cell.text for cell in document.tables[0].rows[0].cells]
    assert heads == ["Quote", "Claim", "Study", "Figure", "Source", "History", "Review"]
    text = " ".join(cell.text for cell in document.tables[0].rows[1].cells)
    assert "Direction: worsened" in text
    assert "Machine confidence: 0.75" in text


def test_ris_has_a_record_a_report_by_the_rules() -> None:
    body = written(ROWS, "ris")
    assert not body.startswith(b"\xef\xbb\xbf")
    records = rispy.loads(body.decode("utf-8"))
    assert len(records) == 2
    first = records[0]
    assert (first["type_of_reference"], first["title"], first["year"]) == ("RPRT", "Pooled budgets examined", "2017")
    assert first["authors"] == ["Example, Ann"]
    assert first["date"] == "2017/03/02"
    assert first["keywords"] == ["workforce:barrier"]
    assert records[1]["abstract"].count(" / ") == 1
    assert first["urls"] == ["https://a.example/1"]


@pytest.mark.parametrize(
    ("name", "line"),
    [("Ann Example", "Example, Ann"), ("Example, Ann B.", "Example, Ann B."), ("National Audit Office",
      "National Audit Office"), ("NHS England", "NHS England"), ("A Committee, of Sorts", "A Committee, of Sorts")],
)  # fmt: skip
def test_ris_turns_people_round_and_leaves_bodies(name: str, line: str) -> None:
    (record,) = rispy.loads(written([row(authors=[name])], "ris").decode())
    assert record["authors"] == [line]


@pytest.mark.parametrize(
    ("kind", "type"),
    [("study", "JOUR"), ("news", "NEWS"), ("report", "RPRT"), ("guidance", "GOVDOC"), ("page", "ELEC"),
     ("post", "BLOG"), ("speech", "HEAR")],
)  # fmt: skip
def test_ris_knows_the_kinds_of_source(kind: str, type: str) -> None:
    (record,) = rispy.loads(written([row(source_type=kind)], "ris").decode())
    assert record["type_of_reference"] == type


def test_bibtex_reads_back() -> None:
    library = parse_string(written(ROWS, "bibtex").decode())
    assert library.failed_blocks == []
    entry = library.entries[0]
    assert entry.entry_type == "techreport"
    assert entry["author"] == "Example, Ann"
    assert "Pooled budgets examined" in entry["title"]
    assert entry["url"] == "https://a.example/1"
    assert len({one.key for one in library.entries}) == 2


def test_csl_json_reads_back() -> None:
    items = json.loads(written(ROWS, "csljson"))
    assert items[0]["author"] == [{"family": "Example", "given": "Ann"}]
    assert items[0]["issued"] == {"date-parts": [[2017, 3, 2]]}
    assert items[0]["type"] == "report"
    assert json.loads(written([], "csljson")) == []


def test_endnote_xml_reads_back() -> None:
    records = ElementTree.fromstring(written(ROWS, "endnote")).findall("records/record")
    assert len(records) == 2

    def text(path: str) -> str:
        found = records[0].find(path)
        return "" if found is None else "".join(found.itertext())

    assert text("titles/title") == "Pooled budgets examined"
    assert text("contributors/authors/author") == "Example, Ann"
    assert text("dates/year") == "2017"
    assert text("ref-type") == "27"


def test_parquet_is_typed_and_says_what_it_is() -> None:
    found = pq.read_table(io.BytesIO(written(ROWS, "parquet")))
    assert found.column("published")[0].as_py() == date(2017, 3, 2)
    assert found.column("themes")[0].as_py() == ["workforce:barrier"]
    file = pq.ParquetFile(io.BytesIO(written(ROWS, "parquet")))
    about = dict(json.loads(file.metadata.metadata[b"claimwatch.about"]))
    assert about["Query as run"] == "pooled budgets"


def test_a_web_page_holds_table_about_and_codebook() -> None:
    page = written(ROWS, "html", "minimal").decode()
    assert page.count("<h2>") == 2
    assert 'href="https://a.example/1"' in page
    assert "<script" not in page


def test_the_companion_says_how_the_table_was_made() -> None:
    made = table(ROWS, "minimal")
    list(made.rows())
    text = companion(made.about)
    parts = (
        "Query as run: pooled budgets", "3 rows from 3 claims", "evidence-1", "claimwatch: 0.1.0", "How to cite",
        "tagger and codebook: test-1", "quote (Quote; base)", "workforce (Workforce; theme)",
    )  # fmt: skip
    assert [part for part in parts if part not in text] == []


def test_a_table_with_a_retracted_work_names_it() -> None:
    made = table([row(1), row(2, retracted=True, url="https://a.example/gone")])
    list(made.rows())
    said = "https://a.example/gone: said to be retracted"
    assert said in companion(made.about)
    assert said in written([row(1), row(2, retracted=True, url="https://a.example/gone")], "html").decode()
    whole = table([row(1)])
    list(whole.rows())
    assert "etracted" not in companion(whole.about)


# --- presets that gather


def test_cochrane_gathers_a_document_into_a_row() -> None:
    found = read_csv(written(ROWS, "csv", "cochrane"))
    assert [one["claims"] for one in found] == ["1", "2"]
    assert found[1]["findings"] == "“Emergency admissions rose by 2%.”\n“The fund will cut admissions by 3%.”"


def test_cerqual_gathers_themes_and_leaves_the_judgement_to_a_person() -> None:
    rows = [*ROWS, row(4, themes=["workforce:barrier", "funding:enabler"])]
    found = read_csv(written(rows, "csv", "cerqual-soqf"))
    assert [(one["number"], one["finding"], one["documents"], one["claims"]) for one in found] == [
        ("1", "workforce named as barrier", "3", "4"), ("2", "funding named as enabler", "1", "1"),
    ]  # fmt: skip
    assert {one["cerqual"] for one in found} == {""}


def test_a_persons_own_columns_are_a_preset() -> None:
    assert read_csv(written(ROWS, "csv", own_preset("mine", ["title", "quote"])))[0] == {
        "title": "Pooled budgets examined", "quote": "Emergency admissions rose by 1%.",
    }  # fmt: skip
    assert find_preset("mine", {"mine": '["quote"]'}).columns == ("quote",)
    with pytest.raises(UsageError, match="jbi-scoping, cerqual-soqf, mine"):
        find_preset("nothing", {"mine": '["quote"]'})
    with pytest.raises(UsageError, match="choose from"):
        own_preset("mine", ["nothing"])


# --- people


def decision(seq: int, field: str, value: str, by: str = "Ann", **more: Any) -> Decision:
    return Decision(seq, "2026-11-20T10:00:00+00:00", by, "claim1", field, value, more.get("note"), None)


def says(*decisions: Decision) -> dict[str, Overlay]:
    return {"claim1": Overlay({one.field: one for one in decisions})}


def test_a_persons_value_wins_and_says_so_with_what_the_machine_had() -> None:
    overlay = says(decision(1, "kind", "assertion"), decision(2, "theme:workforce", "none"),
                   decision(3, "theme:funding", "barrier"), decision(4, "verdict", "accept", by="Bo"),
                   decision(5, "comparator", "usual care"), decision(6, "note", "look at the annex"))  # fmt: skip
    changed, untouched, _ = read_csv(written(ROWS, "csv", overlay=overlay))
    assert (changed["kind"], changed["themes"], changed["comparator"]) == ("assertion", "funding:barrier", "usual care")
    assert (changed["review_verdict"], changed["reviewer"], changed["review_date"]) == (
        "accept",
        "Ann; Bo",
        "2026-11-20",
    )
    assert changed["note"] == "look at the annex"
    assert "kind: person (Ann, 2026-11-20); machine had said finding" in changed["origin_of_each_value"]
    assert untouched["reviewer"] == ""
    assert "person" not in untouched["origin_of_each_value"]


def test_excel_word_and_a_web_page_show_who_made_a_value_in_every_preset() -> None:
    overlay = says(decision(1, "kind", "assertion"))
    sheet = open_xlsx(written(ROWS, "xlsx", "minimal", overlay=overlay))["Evidence"]
    fonts = [[(cell.font.b, cell.font.i) for cell in line[:3]] for line in sheet.iter_rows(min_row=2, max_row=3)]
    plain, person, machine = (False, False), (True, False), (False, True)
    assert fonts == [[plain, person, machine], [plain, machine, machine]]
    word = Document(io.BytesIO(written(ROWS, "docx", "minimal", overlay=overlay))).tables[0]
    runs = [[cell.paragraphs[0].runs[0] for cell in line.cells[:3]] for line in word.rows[1:3]]
    marks = [[(bool(run.bold), bool(run.italic)) for run in line] for line in runs]
    assert marks == fonts
    page = lxml.html.fromstring(written(ROWS, "html", "minimal", overlay=overlay))
    cells = [[cell.get("class") for cell in line.xpath("td")[:3]] for line in page.xpath("(//tbody)[1]/tr")[:2]]
    assert cells == [["long", "short person", "short machine"], ["long", "short machine", "short machine"]]


def test_a_verdict_in_a_reference_names_the_reviewer_and_the_day() -> None:
    (first, *_) = rispy.loads(written(ROWS, "ris", overlay=says(decision(1, "verdict", "accept"))).decode())
    assert "accept by Ann, 2026-11-20" in first["notes"]


def test_a_rejected_claim_leaves_the_table_and_is_counted() -> None:
    made = table(ROWS, overlay=says(decision(1, "verdict", "reject")))
    assert [one["claim_id"] for one in made.rows()] == ["claim2", "claim3"]
    assert "1 that a person rejected are left out" in dict(made.about.lines())["Rows"]


def test_a_corrected_date_and_title_of_a_document_reach_its_claims() -> None:
    said = {"published": decision(1, "published", "2018-04-05"), "title": decision(2, "title", "Better")}
    (first, *_) = read_csv(written(ROWS, "csv", overlay={"doc1": Overlay(said)}))
    assert (first["published"], first["year"], first["title"]) == ("2018-04-05", "2018", "Better")
    assert "title: person (Ann, 2026-11-20)" in first["origin_of_each_value"]


def test_a_pdf_is_linked_at_its_page() -> None:
    (found,) = read_csv(written([row(location="page 7")], "csv", "minimal"))
    assert found["deep_link"] == "https://a.example/1#page=7"
