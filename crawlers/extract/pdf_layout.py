"""The lines of one PDF page in reading order, two columns read one after the other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import pypdfium2

_GAP = 0.025  # share of the page width: a wider gap inside a line parts two columns, or two cells
_MIDDLE = (0.3, 0.7)  # where a gutter between two columns may lie
_COLUMN_LINES = 6  # lines on each side before a page counts as two columns
_LINE = re.compile(r"[^\r\n\ufffe\x02]+[\ufffe\x02]?")  # pdfium writes a hyphen at a line end so, and no line break
_HYPHENS = str.maketrans({"\ufffe": "\u00ad", "\x02": "\u00ad", "\x00": None})


@dataclass(frozen=True, slots=True)
class Line:
    """One line, or one column's part of it: its text and its box as shares of the page (0 at left and top)."""

    text: str
    left: float
    right: float
    top: float
    bottom: float


def page_lines(page: pypdfium2.PdfPage) -> list[Line]:
    """Return the lines of ``page`` in reading order and close it. A hyphen at a line end comes as a soft hyphen."""
    textpage = page.get_textpage()
    try:
        width, height = page.get_size()
        lines = list(_pieces(textpage, max(width, 1.0), max(height, 1.0)))
    finally:
        textpage.close()
        page.close()
    return in_order(lines)


def _pieces(textpage: pypdfium2.PdfTextPage, width: float, height: float) -> Iterator[Line]:
    text = textpage.get_text_range()
    for found in _LINE.finditer(text):
        for begin, end in _split_at_gaps(textpage, text, *found.span(), width):
            piece = " ".join(text[begin:end].translate(_HYPHENS).split())
            if piece:
                left, bottom, right, top = _box(textpage, begin, end - 1)
                yield Line(piece, left / width, right / width, 1 - top / height, 1 - bottom / height)


def _split_at_gaps(
    textpage: pypdfium2.PdfTextPage, text: str, start: int, end: int, width: float
) -> Iterator[tuple[int, int]]:
    """The parts of one line between wide gaps; only the characters around spaces are measured."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    at = start
    for index in range(start + 1, end - 1):
        if text[index] == " " and text[index + 1] != " ":
            before = index - 1
            while before > at and text[before] == " ":
                before -= 1
            right, left = textpage.get_charbox(before)[2], textpage.get_charbox(index + 1)[0]
            if left - right > _GAP * width:
                yield at, index
                at = index + 1
    if end > at:
        yield at, end


def _box(textpage: pypdfium2.PdfTextPage, first: int, last: int) -> tuple[float, float, float, float]:
    a, b = textpage.get_charbox(first, loose=True), textpage.get_charbox(last, loose=True)
    return min(a[0], b[0]), min(a[1], b[1]), max(a[2], b[2]), max(a[3], b[3])


def in_order(lines: list[Line]) -> list[Line]:
    """Return ``lines`` as a person reads them.

    The file's own order stands unless the page has two columns and that order jumps between them line by line;
    then each band between full-width lines is read left column first.
    """
    gutter = _gutter(lines)
    if gutter is None:
        return lines
    sides = [_side(line, gutter) for line in lines]
    turns = sum(1 for a, b in pairwise(sides) if {a, b} == {"left", "right"})
    if turns <= 3:
        return lines
    ordered: list[Line] = []
    band: list[Line] = []
    for line in sorted(lines, key=lambda line: (round(line.top, 3), line.left)):
        if _side(line, gutter) == "both":
            ordered += _columns(band, gutter)
            ordered.append(line)
            band = []
        else:
            band.append(line)
    return ordered + _columns(band, gutter)


def _columns(band: list[Line], gutter: float) -> list[Line]:
    return [line for side in ("left", "right") for line in band if _side(line, gutter) == side]


def _side(line: Line, gutter: float) -> str:
    return "left" if line.right <= gutter else "right" if line.left >= gutter else "both"


def _gutter(lines: list[Line]) -> float | None:
    """The x of a gutter with many lines on either side and few across, or None."""
    starts = sorted(line.left for line in lines if _MIDDLE[0] < line.left < _MIDDLE[1] and len(line.text) > 12)
    if len(starts) < _COLUMN_LINES:
        return None
    gutter = starts[len(starts) // 4] - 0.004
    sides = [_side(line, gutter) for line in lines if len(line.text) > 12]
    left, right, both = (sides.count(side) for side in ("left", "right", "both"))
    return gutter if min(left, right) >= _COLUMN_LINES and both < (left + right) / 3 else None
