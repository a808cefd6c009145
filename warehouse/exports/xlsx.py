"""Excel: real dates and numbers, filters, a frozen header, links, wrapped text, and never a formula made of text."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import IO, Any

from warehouse.errors import UsageError
from warehouse.exports.about import codebook
from warehouse.exports.columns import Column
from warehouse.exports.people import Maker, made_by
from warehouse.exports.table import Table
from warehouse.exports.text import as_text, is_web

MAX_CELL_CHARS = 32_767
MAX_URL_CHARS = 2_079
MAX_LINKS = 65_530
MAX_ROWS = 1_048_576
CUT = " [cut, see CSV]"
WIDTHS = {"long": 60, "link": 32, "list": 28, "map": 44, "text": 18, "date": 12, "time": 18, "number": 12, "whole": 9}
BLUE = "#0072B2"


def write_xlsx(table: Table, out: IO[bytes]) -> None:
    """Write the table with its About and Codebook sheets. Raises UsageError past Excel's rows, with advice."""
    import xlsxwriter

    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
               "strings_to_numbers": False, "default_date_format": "yyyy-mm-dd"}  # fmt: skip
    book = xlsxwriter.Workbook(out, options)
    book.set_properties({"title": table.about.cite(), "comments": "Made with Claimwatch; see the sheet About."})
    try:
        Sheet(book, table.columns).fill(table)
        _about(book, table)
        _codebook(book, table)
    finally:
        book.close()


class Sheet:
    """The sheet of evidence, written a row at a time."""

    def __init__(self, book: Any, columns: Sequence[Column]) -> None:
        self.columns, self.links = columns, 0
        self.sheet = book.add_worksheet("Evidence")
        top = {"valign": "top"}
        marks: dict[Maker, dict[str, bool]] = {"": {}, "machine": {"italic": True}, "person": {"bold": True}}
        self.plain = {maker: book.add_format({**top, **mark}) for maker, mark in marks.items()}
        self.wrap = {maker: book.add_format({**top, **mark, "text_wrap": True}) for maker, mark in marks.items()}
        self.day = book.add_format({**top, "num_format": "yyyy-mm-dd"})
        self.moment = book.add_format({**top, "num_format": "yyyy-mm-dd hh:mm"})
        self.link = book.add_format({**top, "font_color": BLUE, "underline": 1})
        self.head = book.add_format(
            {"bold": True, "valign": "top", "text_wrap": True, "bg_color": "#E8EEF2", "bottom": 1}
        )
        self.sheet.freeze_panes(1, min(1, len(columns) - 1))
        self.sheet.set_landscape()
        self.sheet.repeat_rows(0)
        for n, column in enumerate(columns):
            self.sheet.set_column(n, n, WIDTHS.get(column.shape, 14))

    def fill(self, table: Table) -> None:
        """Write the header and every row; the filter goes over all of it."""
        for n, column in enumerate(self.columns):
            self.sheet.write_string(0, n, column.title, self.head)
        at = 0
        for at, row in enumerate(table.rows(), 1):
            if at >= MAX_ROWS:
                raise UsageError(
                    f"Excel holds {MAX_ROWS - 1:,} rows and this table has more: narrow the search, or write "
                    "--format csv or parquet"
                )
            for n, column in enumerate(self.columns):
                self._cell(at, n, column, row.get(column.name), made_by(row, column.name))
        self.sheet.autofilter(0, 0, at, len(self.columns) - 1)

    def _cell(self, at: int, n: int, column: Column, value: Any, maker: Maker) -> None:
        if value is None or value == [] or value == "":
            return
        if isinstance(value, bool):
            self.sheet.write_string(at, n, as_text(value), self.plain[maker])
        elif isinstance(value, int | float):
            self.sheet.write_number(at, n, value, self.plain[maker])
        elif isinstance(value, date) and value.year >= 1900:
            moment = value if isinstance(value, datetime) else datetime(value.year, value.month, value.day)
            is_time = isinstance(value, datetime)
            self.sheet.write_datetime(at, n, moment.replace(tzinfo=None), self.moment if is_time else self.day)
        elif column.shape == "link" and self._as_link(at, n, str(value)):
            self.links += 1
        else:
            wrapped = column.shape in ("long", "list", "map")
            self.sheet.write_string(at, n, cut(as_text(value)), (self.wrap if wrapped else self.plain)[maker])

    def _as_link(self, at: int, n: int, url: str) -> bool:
        if self.links >= MAX_LINKS or len(url) > MAX_URL_CHARS or not is_web(url):
            return False
        return bool(self.sheet.write_url(at, n, url, self.link, string=cut(url)) == 0)


def cut(text: str) -> str:
    """Return text that a cell can hold, marked where it was cut (Excel counts UTF-16 units)."""
    if len(text.encode("utf-16-le", "replace")) // 2 <= MAX_CELL_CHARS:
        return text
    room = (MAX_CELL_CHARS - len(CUT)) * 2
    return text.encode("utf-16-le", "replace")[:room].decode("utf-16-le", "ignore") + CUT


def _about(book: Any, table: Table) -> None:
    _plain_sheet(book, "About", [("What", "Value"), *table.about.lines()], (24, 110))


def _codebook(book: Any, table: Table) -> None:
    head = ("Column or code", "Title", "Who fills it", "Definition")
    _plain_sheet(book, "Codebook", [head, *codebook(table.columns, table.about.codes)], (24, 28, 34, 90))


def _plain_sheet(book: Any, name: str, rows: Sequence[Sequence[str]], widths: Sequence[int]) -> None:
    sheet = book.add_worksheet(name)
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    bold = book.add_format({"bold": True, "valign": "top", "bg_color": "#E8EEF2", "bottom": 1})
    for n, width in enumerate(widths):
        sheet.set_column(n, n, width)
    for at, row in enumerate(rows):
        for n, value in enumerate(row):
            sheet.write_string(at, n, cut(as_text(value)), bold if at == 0 else wrap)
    sheet.freeze_panes(1, 0)
