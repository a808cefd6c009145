"""BibTeX: one entry a report; every character that TeX or a parser takes for its own is escaped."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO

from warehouse.exports.records import Report, parted, reports
from warehouse.exports.table import Table
from warehouse.exports.text import one_line

ENTRY = {"JOUR": "article", "NEWS": "article", "RPRT": "techreport", "GOVDOC": "techreport", "THES": "phdthesis",
         "CHAP": "incollection", "CONF": "inproceedings"}  # fmt: skip
PUBLISHER = {"article": "journal", "techreport": "institution", "phdthesis": "school", "incollection": "booktitle",
             "inproceedings": "booktitle"}  # fmt: skip
ESCAPES = str.maketrans({
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "%": r"\%", "$": r"\$", "&": r"\&", "#": r"\#", "_": r"\_",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", '"': "''",
})  # fmt: skip


def write_bibtex(table: Table, out: IO[bytes]) -> None:
    """Write the entries."""
    for report in reports(table):
        kind = ENTRY.get(report.type, "misc")
        lines = [f"  {name} = {{{value}}}" for name, value in _fields(report, kind) if value]
        out.write((f"@{kind}{{{key(report)},\n" + ",\n".join(lines) + "\n}\n\n").encode("utf-8"))


def key(report: Report) -> str:
    """Return a citation key that is the same every time: year and our id."""
    return f"cw{report.year or ''}{report.id}"


def tex(text: str) -> str:
    """Return text as TeX shows it: no command, brace or comment of the outside's survives."""
    return one_line(text).translate(ESCAPES)


def _fields(report: Report, kind: str) -> Iterator[tuple[str, str]]:
    yield "title", f"{{{tex(report.title)}}}"
    yield "author", " and ".join(_author(name) for name in report.authors)
    if report.published or report.year:
        yield "year", f"{report.published.year if report.published else report.year:04d}"
    if report.published:
        yield "date", report.published.isoformat()
    yield PUBLISHER.get(kind, "publisher"), tex(report.publisher or "")
    yield "doi", tex(report.doi or "")
    yield "url", _address(report.url)
    yield "urldate", report.accessed.isoformat() if report.accessed else ""
    yield "language", tex(report.language or "")
    yield "abstract", tex(report.abstract)
    yield "keywords", ", ".join(tex(word) for word in report.keywords)
    yield "note", tex("; ".join(report.notes))


def _address(url: str | None) -> str:
    """Addresses are read word for word: what would end the field is written as a percent escape."""
    return (url or "").replace("{", "%7B").replace("}", "%7D").replace("\\", "%5C")


def _author(name: str) -> str:
    family, given = parted(name)
    return f"{tex(family)}, {tex(given)}" if given else f"{{{tex(family)}}}"
