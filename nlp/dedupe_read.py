"""Read the records to compare out of any file of references that can be imported; duplicates need more of a record."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nlp.dedupe_prep import Record, from_mapping
from warehouse.errors import UsageError
from warehouse.imports import read_rows

ID_NAMES = ("id", "record_id", "accession_number", "pubmed_id", "pmid", "key")


def read_records(path: Path) -> list[Record]:
    """Return the records of a CSV, TSV, RIS, BibTeX, PubMed or EndNote XML file.

    A record's id is its own where every record has one and they differ, else its number from 1.

    Raises:
        UsageError: the file is missing, too large, of another kind, or without a record.
    """
    rows = [{name: _one(name, value) for name, value in row.items()} for row in read_rows(path)]
    own = [_own_id(row) for row in rows]
    unique = all(own) and len(set(own)) == len(own)
    records = [from_mapping(own[n] if unique else str(n + 1), row) for n, row in enumerate(rows)]
    if not any(record.title or record.doi or record.kind for record in records):
        names = ", ".join(list(rows[0])[:20]) if rows else "none"
        raise UsageError(f"{path}: no title, DOI or type in any record; its columns are: {names}")
    return records


def _one(name: str, value: Any) -> str:
    """Return a value as one text: people joined as names are, other lists by blanks."""
    if isinstance(value, list | tuple):
        return (" and " if "author" in name else " ").join(str(part) for part in value if part)
    return value if isinstance(value, str) else "" if value is None else str(value)


def _own_id(row: Mapping[str, str]) -> str:
    return next((value for name in ID_NAMES if (value := (row.get(name) or "").strip())), "")
