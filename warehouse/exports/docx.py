"""Word: a landscape table whose header repeats on every page, a citation list, then About and Codebook."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import IO, Any

from warehouse.errors import UsageError
from warehouse.exports.about import codebook
from warehouse.exports.citing import reference
from warehouse.exports.columns import Column
from warehouse.exports.people import Maker, made_by
from warehouse.exports.table import Row, Table
from warehouse.exports.text import as_text, is_web

MAX_ROWS = 10_000
MAX_COLUMNS = 12  # more are not legible on a page; then a cell holds a group of them, each with its title
HEAD_FILL = "E8EEF2"
MARKS: dict[Maker, str] = {"machine": "w:i", "person": "w:b"}
Cell = list[tuple[str, Maker]]


def write_docx(table: Table, out: IO[bytes]) -> None:
    """Write the table. Raises UsageError past MAX_ROWS, with advice: Word grows slow there."""
    from docx import Document
    from docx.enum.section import WD_ORIENT
    from docx.shared import Cm, Pt

    document = Document()
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Cm(29.7), Cm(21.0)
    for side in ("left_margin", "right_margin", "top_margin", "bottom_margin"):
        setattr(section, side, Cm(1.5))
    document.styles["Normal"].font.size = Pt(9)
    document.styles["Normal"].font.name = "Calibri"
    document.core_properties.title = "Evidence table"
    document.core_properties.author = "Claimwatch"
    document.add_heading("Evidence table", 0)
    cited: dict[str, str] = {}
    groups = list(grouped(table.columns))
    _table(document, [title for title, _ in groups], _rows(table, groups, cited))
    _references(document, cited)
    document.add_heading("About this table", 1)
    _table(document, ("What", "Value"), table.about.lines())
    document.add_heading("Codebook", 1)
    _table(document, ("Name", "Title", "Who fills it", "Definition"), codebook(table.columns, table.about.codes))
    document.save(out)


def grouped(columns: Sequence[Column]) -> Iterator[tuple[str, list[Column]]]:
    """Yield (heading, columns) of each Word column: one each, or a group each where there are too many."""
    if len(columns) <= MAX_COLUMNS:
        yield from ((column.title, [column]) for column in columns)
        return
    found: dict[str, list[Column]] = {}
    for column in columns:
        found.setdefault("Quote" if column.name in ("quote", "findings") else column.group, []).append(column)
    yield from sorted(found.items(), key=lambda pair: pair[0] != "Quote")


def _rows(table: Table, groups: Sequence[tuple[str, list[Column]]], cited: dict[str, str]) -> Iterator[list[Cell]]:
    for n, row in enumerate(table.rows(), 1):
        if n > MAX_ROWS:
            raise UsageError(
                f"a Word table of more than {MAX_ROWS:,} rows does not open well: narrow the search, or write "
                "--format xlsx or csv"
            )
        if row.get("document"):
            cited.setdefault(row["document"], reference(row))
        yield [_cell(row, columns) for _, columns in groups]


def _cell(row: Row, columns: Sequence[Column]) -> Cell:
    """Return a cell's lines, each with who made its value."""
    if len(columns) == 1:
        name = columns[0].name
        return [(line, made_by(row, name)) for line in as_text(row.get(name)).split("\n")]
    said = [(f"{column.title}: {value}", column.name) for column in columns if (value := as_text(row.get(column.name)))]
    return [(line, made_by(row, name)) for text, name in said for line in text.split("\n")] or [("", "")]


def _references(document: Any, cited: dict[str, str]) -> None:
    if cited:
        document.add_heading("References", 1)
    for line in sorted(cited.values(), key=str.casefold):
        paragraph = document.add_paragraph(style="List Number")
        words, _, address = line.rstrip(".").rpartition(" ")
        paragraph.add_run(f"{words} ")
        if is_web(address):
            _link(paragraph, address)
        else:
            paragraph.add_run(address)


def _link(paragraph: Any, url: str) -> None:
    from docx.opc.constants import RELATIONSHIP_TYPE
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), paragraph.part.relate_to(url, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
    run = paragraph.add_run(url)
    run.font.underline = True
    link.append(run._r)
    paragraph._p.append(link)


def _table(document: Any, heads: Sequence[str], rows: Any) -> None:
    """Add a table by its XML: python-docx's own ``add_row`` looks over the whole table each time."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    made = document.add_table(rows=1, cols=len(heads), style="Table Grid")
    made.autofit = True
    first = made.rows[0]._tr
    repeat = OxmlElement("w:tblHeader")
    repeat.set(qn("w:val"), "true")
    first.get_or_add_trPr().append(repeat)
    for cell, head in zip(made.rows[0].cells, heads, strict=True):
        cell.paragraphs[0].add_run(head).bold = True
        fill = OxmlElement("w:shd")
        for name, value in (("val", "clear"), ("color", "auto"), ("fill", HEAD_FILL)):
            fill.set(qn(f"w:{name}"), value)
        cell._tc.get_or_add_tcPr().append(fill)
    for row in rows:
        line = OxmlElement("w:tr")
        whole = OxmlElement("w:trPr")
        whole.append(OxmlElement("w:cantSplit"))
        line.append(whole)
        for value in row:
            line.append(_tc([(one, "") for one in value.split("\n")] if isinstance(value, str) else value))
        made._tbl.append(line)


def _tc(lines: Cell) -> Any:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    cell, paragraph = OxmlElement("w:tc"), OxmlElement("w:p")
    for n, (line, maker) in enumerate(lines):
        run = OxmlElement("w:r")
        if maker:
            mark = OxmlElement("w:rPr")
            mark.append(OxmlElement(MARKS[maker]))
            run.append(mark)
        if n:
            run.append(OxmlElement("w:br"))
        written = OxmlElement("w:t")
        written.text = line
        written.set(qn("xml:space"), "preserve")
        run.append(written)
        paragraph.append(run)
    cell.append(paragraph)
    return cell
