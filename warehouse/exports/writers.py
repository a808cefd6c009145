"""The formats: what each is called, its file, and how it is written. ``write(table, format, out)``."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO, cast

from warehouse.errors import UsageError
from warehouse.exports.table import Table

Write = Callable[[Table, IO[bytes]], None]


@dataclass(frozen=True, slots=True)
class Format:
    """``inside``: whether About and Codebook are parts of the file; else they go into ``NAME.about.txt`` beside it."""

    name: str
    title: str
    suffix: str
    mime: str
    binary: bool
    inside: bool
    where: str

    def writer(self) -> Write:
        """Return the function that writes it; its library is loaded only now."""
        module, name = self.where.split(":")
        return cast(Write, getattr(importlib.import_module(f"warehouse.exports.{module}"), name))


XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
FORMATS = {
    one.name: one
    for one in (
        Format("csv", "CSV", ".csv", "text/csv", False, False, "delimited:write_csv"),
        Format("tsv", "TSV", ".tsv", "text/tab-separated-values", False, False, "delimited:write_tsv"),
        Format("xlsx", "Excel", ".xlsx", XLSX, True, True, "xlsx:write_xlsx"),
        Format("docx", "Word", ".docx", DOCX, True, True, "docx:write_docx"),
        Format("ris", "RIS", ".ris", "application/x-research-info-systems", False, False, "ris:write_ris"),
        Format("bibtex", "BibTeX", ".bib", "application/x-bibtex", False, False, "bibtex:write_bibtex"),
        Format("csljson", "CSL JSON", ".json", "application/json", False, False, "csljson:write_csljson"),
        Format("endnote", "EndNote XML", ".xml", "application/xml", False, False, "endnote:write_endnote"),
        Format("jsonl", "JSON Lines", ".jsonl", "application/jsonl", False, False, "lines:write_jsonl"),
        Format("parquet", "Parquet", ".parquet", "application/vnd.apache.parquet", True, True,
               "parquet:write_parquet"),
        Format("html", "Web page", ".html", "text/html", False, True, "html:write_html"),
    )
}  # fmt: skip


def find_format(name: str) -> Format:
    """Return a format. Raises UsageError naming those that there are."""
    if name not in FORMATS:
        raise UsageError(f"--format {name!r}: choose from {', '.join(FORMATS)}")
    return FORMATS[name]


def write(table: Table, format: str, out: IO[bytes]) -> None:
    """Write ``table`` in a format to ``out``. Raises UsageError where the format cannot hold it."""
    find_format(format).writer()(table, out)
