"""Pages of lines to one text: running headers and page numbers out, hyphenation joined, paragraphs rebuilt."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from crawlers.extract.pdf_layout import Line

_EDGE = 0.12  # share of the page height, top and bottom, where running heads and page numbers stand
_NUMBER = re.compile(r"\d+")
_PAGE_NUMBER = re.compile(r"(?:page\s)?[\d ivxlc|/–-]{1,12}(?:of\s\d{1,4})?", re.I)
_LEADERS = re.compile(r"(?:\.\s?){5}\d{0,4}$")  # a line of a table of contents
_BULLET = re.compile(r"[•●▪◦‣■–○]\s?|-\s|o\s(?=[A-Z])")
_ENDS = (".", "!", "?", ":", ";", "”", '"', ")")
_WORD = re.compile(r"[a-z]{2,40}-$")
MAX_TITLE = 200


def join_pages(pages: Sequence[Sequence[Line]]) -> tuple[str, list[tuple[int, int]], str | None]:
    """Return the text, the span of each page in it (code points) and the title read off the first page, or None.

    Pages are parted by a blank line, or by a space where a sentence runs on over the break.
    """
    running = _running(pages)
    text, spans = "", []
    for lines in pages:
        paragraphs = _paragraphs([line for line in lines if not _is_furniture(line, running)])
        body = "\n\n".join(paragraphs)
        if text and body:
            text += " " if _runs_on(text, body) else "\n\n"
        spans.append((len(text), len(text) + len(body)))
        text += body
    return text, spans, _title(pages[0]) if pages else None


def _key(line: Line) -> str:
    return _NUMBER.sub("#", line.text.lower())


def _at_edge(line: Line) -> bool:
    return line.bottom < _EDGE or line.top > 1 - _EDGE


def _running(pages: Sequence[Sequence[Line]]) -> set[str]:
    """Edge lines that come again, numbers apart, on a third of the pages (at least three)."""
    seen = Counter(key for lines in pages for key in {_key(line) for line in lines if _at_edge(line)})
    return {key for key, count in seen.items() if count >= max(3, len(pages) // 3) or (count == len(pages) == 2)}


def _is_furniture(line: Line, running: set[str]) -> bool:
    if _LEADERS.search(line.text):
        return True
    return _at_edge(line) and (_key(line) in running or bool(_PAGE_NUMBER.fullmatch(line.text)))


def _paragraphs(lines: Sequence[Line]) -> list[str]:
    """Lines gathered: a new one at a wider gap, a jump upwards (the next column), a bullet, or a change of size."""
    if not lines:
        return []
    gap = _usual_gap(lines)
    right = sorted(line.right for line in lines)[len(lines) * 3 // 4]
    paragraphs = [_start(lines[0])]
    for before, line in pairwise(lines):
        step = line.top - before.bottom
        height = max(before.bottom - before.top, 0.001)
        new_column = line.top < before.top - height
        apart = step > max(gap * 1.6, gap + 0.4 * height) or abs(_size(line) - _size(before)) > 0.15 * height
        short = before.right < right - 0.2 and before.text.endswith(_ENDS) and line.text[:1].isupper()
        runs_on = new_column and not paragraphs[-1].endswith(_ENDS) and line.text[:1].islower()
        if _BULLET.match(line.text) or short or ((apart or new_column) and not runs_on):
            paragraphs.append(_start(line))
        else:
            paragraphs[-1] = _glue(paragraphs[-1], line.text)
    return _lists([paragraph.replace("\u00ad", "") for paragraph in paragraphs])


def _size(line: Line) -> float:
    return line.bottom - line.top


def _usual_gap(lines: Sequence[Line]) -> float:
    steps = sorted(b.top - a.bottom for a, b in pairwise(lines) if b.top > a.top)
    return max(steps[len(steps) // 3], 0.0) if steps else 0.0


def _start(line: Line) -> str:
    bullet = _BULLET.match(line.text)
    return f"- {line.text[bullet.end() :].strip()}" if bullet else line.text


def _glue(text: str, more: str) -> str:
    """Join two lines of a paragraph; a word broken at the line end becomes one word again."""
    text = f"{text[:-1]}-" if text.endswith("\u00ad") else text
    if _WORD.search(text[-42:]) and more[:1].islower():
        return text + more if _is_compound(text, more) else text[:-1] + more
    return text + more if text.endswith("-") and text[-2:-1].isalnum() else f"{text} {more}"


def _is_compound(text: str, more: str) -> bool:
    """Whether the hyphen belongs to the word: "long-" + "term", "co-" + "ordination"."""
    left = text.rsplit(" ", 1)[-1][:-1].lower().lstrip("(“‘\"'")
    return left in _PREFIXES or "-" in left or more.split(" ", 1)[0].lower().rstrip(".,;:)") in _SUFFIXES


_PREFIXES = {"long", "short", "well", "self", "non", "co", "cross", "multi", "high", "low", "full", "part", "mid",
    "pre", "post",
             "evidence", "community", "place", "person", "patient", "joined", "follow", "day", "decision",
             "long-term"}  # fmt: skip
_SUFFIXES = {
    "term",
    "based",
    "led",
    "centred",
    "wide",
    "up",
    "to",
    "making",
    "being",
    "day",
    "year",
    "old",
    "related",
    "level",
}


def _lists(paragraphs: list[str]) -> list[str]:
    """List items that follow each other stand on lines of one paragraph."""
    joined: list[str] = []
    for paragraph in paragraphs:
        if joined and paragraph.startswith("- ") and joined[-1].startswith("- "):
            joined[-1] += "\n" + paragraph
        else:
            joined.append(paragraph)
    return joined


def _runs_on(text: str, body: str) -> bool:
    return not text.endswith(_ENDS) and body[:1].islower() and not text.rsplit("\n", 1)[-1].startswith("- ")


def _title(lines: Sequence[Line]) -> str | None:
    """The largest lines of the upper part of the first page, where clearly larger than the rest."""
    sizes = sorted(_size(line) for line in lines if len(line.text) > 2)
    if not sizes:
        return None
    largest = max((_size(line) for line in lines if line.top < 0.7 and len(line.text) > 3), default=0.0)
    if largest < 1.25 * sizes[len(sizes) // 2] and len(sizes) > 3:
        return None
    chosen = [line.text for line in lines if _size(line) > 0.85 * largest and line.top < 0.7]
    return " ".join(chosen)[:MAX_TITLE].strip() or None
