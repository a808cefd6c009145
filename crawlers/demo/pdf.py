"""Write a report as a PDF of several pages, from plain text, the same bytes every time.

The demonstration's long report is kept as text that people can read and change; the site serves the PDF made here.
A report begins with ``key: value`` lines (title, subtitle, author, created, header), then after a blank line its
paragraphs, ``## `` and ``### `` headings and ``- `` items, each on one line.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

WIDTH, HEIGHT, MARGIN = 595, 842, 72
LEADING = 14
# Helvetica's letters are about half as wide as the type is high, so that 84 of them at 10.5 points fit the measure.
COLUMNS = 84
_PLAIN, _BOLD = "F1", "F2"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of type: what, in which font and size, how far in and how far down from the line before (points)."""

    text: str
    font: str = _PLAIN
    size: float = 10.5
    indent: float = 0
    drop: float = LEADING


def render_report(source: str) -> bytes:
    """Return the PDF of ``source``: a title page, then its text with a running header and page numbers."""
    head, _, body = source.partition("\n\n")
    meta = dict(line.split(": ", 1) for line in head.splitlines())
    pages = [_title_page(meta), *_paginate(list(_lines(body)))]
    streams = [_stream(page, meta["header"] if n > 1 else "", str(n)) for n, page in enumerate(pages, 1)]
    return _assemble(streams, meta)


def _title_page(meta: dict[str, str]) -> list[Line]:
    label = meta["header"].partition(" | ")[2]
    subtitle = [Line(part, size=14, drop=20) for part in textwrap.wrap(meta["subtitle"], 60)]
    end = [Line(meta["author"], drop=60), Line(meta["created"]), Line(label, _BOLD, drop=40)]
    return [Line(meta["title"], _BOLD, 26, drop=160), *subtitle, *end]


def _lines(body: str) -> Iterator[Line]:
    for block in body.splitlines():
        if block.startswith("### "):
            yield Line(block[4:], _BOLD, 11.5, drop=24)
        elif block.startswith("## "):
            yield Line(block[3:], _BOLD, 15, drop=34)
        elif block.startswith("- "):
            for n, part in enumerate(textwrap.wrap(block[2:], COLUMNS - 4)):
                yield Line(("" if n else "• ") + part, indent=10 if n else 0, drop=LEADING if n else 18)
        elif block:
            for n, part in enumerate(textwrap.wrap(block, COLUMNS)):
                yield Line(part, drop=LEADING if n else 20)


def _paginate(lines: Sequence[Line]) -> Iterator[list[Line]]:
    room = HEIGHT - 2 * MARGIN
    page: list[Line] = []
    used = 0.0
    for line in lines:
        # A heading needs two lines of text below it, or it goes over to the next page.
        needed = line.drop + (3 * LEADING if line.font == _BOLD else 0)
        if used + needed > room:
            yield page
            page, used = [], 0.0
        page.append(line)
        used += line.drop
    yield page


def _stream(lines: Sequence[Line], header: str, number: str) -> bytes:
    parts = [_show(Line(header, size=8), MARGIN, HEIGHT - 46)] if header else []
    y = float(HEIGHT - MARGIN)
    for line in lines:
        y -= line.drop
        parts.append(_show(line, MARGIN + line.indent, y))
    parts.append(_show(Line(number, size=9), WIDTH / 2, 40))
    return b"\n".join(parts)


def _show(line: Line, x: float, y: float) -> bytes:
    return b"BT /%s %g Tf %g %g Td (%s) Tj ET" % (line.font.encode(), line.size, x, y, _literal(line.text))


def _literal(text: str) -> bytes:
    raw = text.encode("cp1252")
    return raw.replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")


def _assemble(streams: Sequence[bytes], meta: dict[str, str]) -> bytes:
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /%s /Encoding /WinAnsiEncoding >>"
    first = 6  # objects 1 to 5 are catalogue, page tree, two fonts, information; then a page and its stream by turns
    kids = b" ".join(b"%d 0 R" % (first + 2 * n) for n in range(len(streams)))
    day = meta["created"].replace("-", "").encode()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R /Lang (en-GB) >>",
        b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, len(streams)),
        font % b"Helvetica",
        font % b"Helvetica-Bold",
        b"<< /Title (%s) /Author (%s) /CreationDate (D:%s090000Z) >>"
        % (_literal(meta["title"]), _literal(meta["author"]), day),
    ]
    for n, stream in enumerate(streams):
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %d %d] /Contents %d 0 R "
            b"/Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> >>" % (WIDTH, HEIGHT, first + 2 * n + 1)
        )
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
    return _file(objects)


def _file(objects: Sequence[bytes]) -> bytes:
    out = bytearray(b"%PDF-1.4\n")
    offsets = []
    for number, obj in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, obj)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer\n<< /Size %d /Root 1 0 R /Info 5 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(out)
