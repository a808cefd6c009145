"""RIS: one record a report, by the rules that Covidence, Rayyan, EPPI-Reviewer, RevMan, Zotero and EndNote share.

UTF-8 without a BOM, ``TY`` first and ``ER`` last, one author a line, no newline inside a value.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO

from warehouse.exports.records import Report, parted, reports
from warehouse.exports.table import Table
from warehouse.exports.text import one_line


def write_ris(table: Table, out: IO[bytes]) -> None:
    """Write the records."""
    for report in reports(table):
        lines = [f"{tag}  - {one_line(value)}" for tag, value in _fields(report) if one_line(value)]
        out.write("\r\n".join([*lines, "ER  - ", "", ""]).encode("utf-8"))


def _fields(report: Report) -> Iterator[tuple[str, str]]:
    yield "TY", report.type
    yield "TI", report.title
    for name in report.authors:
        family, given = parted(name)
        yield "AU", f"{family}, {given}" if given else family.replace(",", " ")
    if report.published or report.year:
        yield "PY", f"{report.published.year if report.published else report.year:04d}"
    if report.published:
        yield "DA", f"{report.published:%Y/%m/%d}"
    yield "T2", (report.publisher or "") if report.type in ("JOUR", "NEWS", "BLOG", "ELEC") else ""
    yield "PB", report.publisher or ""
    yield "AB", report.abstract
    yield "DO", report.doi or ""
    yield "UR", report.url or ""
    yield "L2", report.archive_url or ""
    yield "Y2", f"{report.accessed:%Y/%m/%d}" if report.accessed else ""
    yield "LA", report.language or ""
    for word in report.keywords:
        yield "KW", word
    for note in report.notes:
        yield "N1", note
    yield "DB", "Claimwatch"
    yield "DP", "Claimwatch"
    yield "AN", report.id
