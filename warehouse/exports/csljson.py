"""CSL-JSON: one item a report, for Zotero, Pandoc and citation processors."""

from __future__ import annotations

import json
from datetime import date
from typing import IO, Any

from warehouse.exports.records import Report, parted, reports
from warehouse.exports.table import Table

TYPES = {"JOUR": "article-journal", "RPRT": "report", "GOVDOC": "report", "NEWS": "article-newspaper",
         "BLOG": "post-weblog", "HEAR": "hearing", "CONF": "paper-conference", "CHAP": "chapter",
         "THES": "thesis"}  # fmt: skip
CONTAINED = ("JOUR", "NEWS", "BLOG", "ELEC", "CONF", "CHAP")


def write_csljson(table: Table, out: IO[bytes]) -> None:
    """Write the items as one JSON list."""
    between = b"[\n"
    for report in reports(table):
        out.write(between + json.dumps(item(report), ensure_ascii=False).encode("utf-8", "backslashreplace"))
        between = b",\n"
    out.write(b"\n]\n" if between == b",\n" else b"[]\n")


def item(report: Report) -> dict[str, Any]:
    """Return a report as a CSL item."""
    year = report.published.year if report.published else report.year
    contained = report.type in CONTAINED
    found: dict[str, Any] = {
        "id": report.id, "type": TYPES.get(report.type, "webpage"), "title": report.title,
        "author": [_name(name) for name in report.authors], "issued": _day(report.published, year),
        "accessed": _day(report.accessed, None), "container-title": report.publisher if contained else None,
        "publisher": report.publisher, "DOI": report.doi, "URL": report.url, "archive_location": report.archive_url,
        "language": report.language, "abstract": report.abstract, "keyword": ", ".join(report.keywords),
        "note": "; ".join(report.notes), "source": "Claimwatch",
    }  # fmt: skip
    return {name: value for name, value in found.items() if value}


def _name(name: str) -> dict[str, str]:
    family, given = parted(name)
    return {"family": family, "given": given} if given else {"literal": family}


def _day(day: date | None, year: int | None) -> dict[str, Any] | None:
    if day:
        return {"date-parts": [[day.year, day.month, day.day]]}
    return {"date-parts": [[year]]} if year else None
