"""Files of references to records: the format is told by what is inside, as names of such files often lie."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from warehouse.errors import UsageError
from warehouse.imports.records import NAMES, Record, Row, as_record, unique

MAX_BYTES = 200_000_000
MAX_RECORDS = 500_000
MAX_FIELD_CHARS = 4_000_000
FORMATS = "RIS, BibTeX, CSV, TSV, PubMed (.nbib) or EndNote XML"
_RIS = re.compile(r"(?m)\A\s*(?:\d{1,9}\.\s*)?TY {1,2}-")
_NBIB = re.compile(r"(?m)\A\s*PMID ?- ")
_BIBTEX = re.compile(r"(?m)^\s{0,20}@[A-Za-z]{1,30}\s{0,20}[{(]")
_KEY = re.compile(r"[^a-z0-9]+")
_INNER = {"titles", "contributors", "dates", "urls", "keywords", "periodical"}


def read_records(path: Path) -> list[Record]:
    """Return the records of a file; those with neither title nor abstract are left out.

    Raises UsageError, naming the file and what can be read, where it is missing, too large, broken or none of them.
    """
    found = [record for row in read_rows(path) if (record := as_record(row)) is not None]
    if not found:
        raise UsageError(f"{path}: no record with a title or an abstract in it; give {FORMATS}")
    return unique(found)


def read_rows(path: Path) -> list[Row]:
    """Return what a file says of each record, by the file's own names in small letters (``article_title``).

    Raises UsageError as ``read_records`` does.
    """
    if not path.is_file():
        raise UsageError(f"{path}: no such file; give a file of references ({FORMATS})")
    if path.stat().st_size > MAX_BYTES:
        raise UsageError(f"{path}: larger than {MAX_BYTES // 1_000_000} MB; split it")
    text = _decoded(path.read_bytes())
    reader = reader_of(text, path)
    found = []
    for n, row in enumerate(reader(text, path)):
        if n >= MAX_RECORDS:
            raise UsageError(f"{path}: more than {MAX_RECORDS:,} records; split it")
        if any(row.values()):
            found.append(row)
    return found


def reader_of(text: str, path: Path) -> Callable[[str, Path], Iterator[Row]]:
    """Return what reads a file, told by its content, a table by its header; by its ending where that tells nothing.

    Some exports begin with lines of their own: who provides them, and when they were made.
    """
    head = text[:20_000]
    if head.lstrip()[:100].startswith(("<?xml", "<xml", "<records")):
        return _endnote
    if _RIS.search(head):
        return _ris
    if _NBIB.search(head):
        return _nbib
    if _BIBTEX.search(head):
        return _bibtex
    if any(name in _header(text)[1] for what in ("title", "abstract") for name in NAMES[what]):
        return _table
    if found := _BY_ENDING.get(path.suffix.lower()):
        return found
    raise UsageError(f"{path}: not a file of references that is read here; give {FORMATS}")


def _decoded(body: bytes) -> str:
    for encoding in ("utf-16" if body[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig", "cp1252"):
        try:
            return body.decode(encoding)
        except UnicodeDecodeError:
            continue
    return body.decode("latin-1")


def _ris(text: str, path: Path) -> Iterator[Row]:
    import rispy

    # EndNote numbers records, and some exports leave one space before the hyphen.
    lines = re.sub(r"(?m)^\s{0,9}\d{1,9}\.\s{1,9}(?=TY {1,2}-)", "", text)
    lines = re.sub(r"(?m)^([A-Z][A-Z0-9]) {1,2}-(?: |$)", r"\1  - ", lines)
    try:
        yield from rispy.loads(lines, skip_unknown_tags=True)
    except (OSError, ValueError, KeyError, IndexError, TypeError) as error:
        raise UsageError(f"{path}: not RIS that can be read ({error}); export it anew") from error


def _nbib(text: str, path: Path) -> Iterator[Row]:
    import nbib

    for record in nbib.read(text):
        people = [author.get("author") or author.get("author_abbreviated") for author in record.get("authors", ())]
        yield {**record, "authors": people}


def _bibtex(text: str, path: Path) -> Iterator[Row]:
    from bibtexparser.entrypoint import parse_string

    for entry in parse_string(text).entries:
        fields: dict[str, Any] = {
            name.lower(): str(field.value)
            .translate(str.maketrans("", "", "{}"))
            .replace("\\&", "&")
            .replace("\\_", "_")
            for name, field in entry.fields_dict.items()
        }
        fields["author"] = re.split(r"\s+and\s+", fields["author"]) if fields.get("author") else []
        yield {**fields, "type": entry.entry_type, "key": entry.key}


def _endnote(text: str, path: Path) -> Iterator[Row]:
    """EndNote's XML, parsed with entities refused; text may stand in ``style`` elements."""
    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import ParseError, fromstring

    try:
        root = fromstring(text.encode("utf-8"))
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise UsageError(f"{path}: not EndNote XML that can be read ({error})") from error
    for record in root.iter("record"):
        yield _flat(record)


def _flat(record: Any) -> dict[str, Any]:
    """Return a record element's parts by our names; repeated ones as lists."""
    found: dict[str, list[str]] = {}
    for element in record.iter():
        name = element.tag.replace("-", "_")
        text = "".join(element.itertext()).strip()
        if text and element.tag not in (*_INNER, "style", "record", "authors", "related_urls", "web_urls"):
            found.setdefault(name, []).append(text)
    kind = record.find("ref-type")
    return {
        **{name: values[0] if len(values) == 1 else values for name, values in found.items()},
        "type": kind.get("name") if kind is not None else None, "accession_number": found.get("accession_num"),
        "author": [author.rstrip(",") for author in found.get("author", [])],
    }  # fmt: skip


def _header(text: str) -> tuple[str, list[str]]:
    line = text[:50_000].lstrip("\ufeff").split("\n", 1)[0]
    delimiter = max("\t;,", key=line.count)
    names = next(csv.reader([line], delimiter=delimiter), [])
    return delimiter, [_KEY.sub("_", name.lower()).strip("_") for name in names]


def _table(text: str, path: Path) -> Iterator[Row]:
    delimiter, names = _header(text)
    csv.field_size_limit(MAX_FIELD_CHARS)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        next(rows, None)
        for row in rows:
            yield {name: value for name, value in zip(names, row, strict=False) if name}
    except csv.Error as error:
        raise UsageError(f"{path}: not a table that can be read ({error}); save it as CSV again") from error


_BY_ENDING: dict[str, Callable[[str, Path], Iterator[Row]]] = {
    ".ris": _ris, ".bib": _bibtex, ".nbib": _nbib, ".csv": _table, ".tsv": _table, ".tab": _table,
}  # fmt: skip
