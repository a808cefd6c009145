"""Read bibliographic records from CSV, TSV and RIS files, as reference managers and databases write them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import rispy

from nlp.dedupe_prep import Record, from_mapping
from warehouse.errors import UsageError

MAX_BYTES = 500_000_000
MAX_FIELD_CHARS = 1_000_000
ID_NAMES = ("id", "record_id", "record id", "accession_number")


def read_records(path: Path) -> list[Record]:
    """Return the records of a CSV, TSV or RIS file; a record without an id of its own gets its number from 1.

    Raises:
        UsageError: the file is too large, is of another kind, has no title column, or cannot be read.
    """
    if path.stat().st_size > MAX_BYTES:
        raise UsageError(f"{path}: larger than {MAX_BYTES // 1_000_000} MB; split it")
    text = _decode(path.read_bytes())
    kind = path.suffix.casefold()
    if kind == ".ris" or (kind == ".txt" and "\nTY  -" in f"\n{text[:20_000]}"):
        rows = list(_ris(text, path))
    elif kind in (".csv", ".tsv", ".tab"):
        rows = list(_table(text, path))
    else:
        raise UsageError(f"{path}: give a .csv, .tsv or .ris file")
    return _identified(rows)


def _decode(body: bytes) -> str:
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return body.decode(encoding)
        except UnicodeDecodeError:
            continue
    return body.decode("latin-1")


def _table(text: str, path: Path) -> Iterator[dict[str, str]]:
    head = text[: text.find("\n") + 1] or text
    delimiter = max(",;\t", key=head.count)
    csv.field_size_limit(MAX_FIELD_CHARS)
    reader = csv.DictReader(io.StringIO(text), delimiter=delimiter)
    names = [(name or "").strip().casefold() for name in reader.fieldnames or ()]
    if not {"title", "primary_title", "article title", "document title"} & set(names):
        raise UsageError(f"{path}: no column named title among: {', '.join(names) or 'none'}")
    try:
        for row in reader:
            yield {n: v for n, v in zip(names, row.values(), strict=False) if isinstance(v, str)}
    except csv.Error as error:
        raise UsageError(f"{path}: line {reader.line_num} is not CSV: {error}") from error


def _ris(text: str, path: Path) -> Iterator[dict[str, str]]:
    try:
        entries: list[dict[str, Any]] = rispy.loads(text)
    except (OSError, ValueError, KeyError, IndexError) as error:
        raise UsageError(f"{path}: not RIS: {error}") from error
    if not entries:
        raise UsageError(f"{path}: no RIS record in it (a record begins with a line 'TY  - ')")
    for entry in entries:
        yield {name.casefold(): _joined(name, value) for name, value in entry.items() if isinstance(value, str | list)}


def _joined(name: str, value: str | list[Any]) -> str:
    return value if isinstance(value, str) else (" and " if "author" in name else " ").join(map(str, value))


def _identified(rows: list[dict[str, str]]) -> list[Record]:
    """Give every record an id: its own where those are there and differ, else its number."""
    own = [_own_id(row) for row in rows]
    unique = all(own) and len(set(own)) == len(own)
    return [from_mapping(own[n] if unique else str(n + 1), row) for n, row in enumerate(rows)]


def _own_id(row: Mapping[str, str]) -> str:
    return next((value for name in ID_NAMES if (value := (row.get(name) or "").strip())), "")
