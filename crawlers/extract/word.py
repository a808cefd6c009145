"""Word files: paragraphs, headings, lists and tables in order."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from datetime import datetime

import docx
from docx.document import Document as WordFile
from docx.opc.exceptions import OpcError
from docx.table import Table
from docx.text.paragraph import Paragraph

from crawlers.archives import open_archive, read_member
from crawlers.errors import UnreadableError
from crawlers.extract.render import Block, render
from crawlers.xml import refuse_entities
from warehouse.models import Document

# python-docx takes a part for what its content type says and its relations for whole, and asks it for what only such a
# part has: a damaged file shows as any of these.
FAULTS = (
    OpcError, zipfile.BadZipFile, zlib.error, SyntaxError, ValueError, TypeError, AttributeError, KeyError, IndexError,
)  # fmt: skip


def read_docx(body: bytes, url: str) -> Document:
    """Return a Word file as a Document. Raises UnreadableError (broken, too large, hostile archive, entities)."""
    with open_archive(body) as archive:
        for name in archive.namelist():
            if name.endswith((".xml", ".rels")):
                refuse_entities(read_member(archive, name))
    try:
        return _read(docx.Document(io.BytesIO(body)), url)
    except FAULTS as error:
        raise UnreadableError(
            "broken", f"the Word file cannot be read: {type(error).__name__}: {error}"[:300]
        ) from error


def _read(file: WordFile, url: str) -> Document:
    blocks = _joined_lists(list(_blocks(file)))
    properties = file.core_properties
    heading = next((block.text for block in blocks if block.kind == "heading"), None)
    text = render(blocks)
    return Document(
        url=url,
        text=text,
        title=(properties.title or "").strip() or heading,
        authors=tuple(name.strip() for name in (properties.author or "").split(";") if " " in name.strip()),
        published=_day(properties.created),
        updated=_day(properties.modified),
        kind="report",
        suspect=None if text.strip() else "no text found in the file",
    )


def _day(moment: datetime | None) -> str | None:
    return moment.date().isoformat() if moment else None


def _blocks(file: WordFile) -> Iterator[Block]:
    for part in file.iter_inner_content():
        if isinstance(part, Table):
            rows = (
                " | ".join(dict.fromkeys(_line(cell.text) for cell in row.cells if cell.text.strip()))
                for row in part.rows
            )
            if text := "\n".join(row for row in rows if row):
                yield Block("table", text)
        elif isinstance(part, Paragraph) and (text := _line(part.text)):
            style = ((part.style.name if part.style else None) or "").lower()
            numbered = part._p.pPr is not None and part._p.pPr.numPr is not None
            if style.startswith(("heading", "title")):
                yield Block("heading", text)
            elif style.startswith("list") or numbered:
                yield Block("list", f"- {text}")
            else:
                yield Block("paragraph", text)


def _joined_lists(blocks: list[Block]) -> list[Block]:
    joined: list[Block] = []
    for block in blocks:
        if joined and block.kind == "list" and joined[-1].kind == "list":
            joined[-1] = Block("list", f"{joined[-1].text}\n{block.text}")
        else:
            joined.append(block)
    return joined


def _line(text: str) -> str:
    return " ".join(text.split())
