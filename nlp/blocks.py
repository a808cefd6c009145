"""Cut a text into blocks: paragraphs (hard-wrapped lines joined), headings, list items, quotations, table rows.

A block is a span of the text, so offsets stay exact; only where blocks begin and end is decided here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

BlockType = Literal["paragraph", "heading", "item", "quote", "row", "rule"]

HEADING_CHARS = 90
WRAP_CHARS = (45, 130)  # a hard-wrapped paragraph has its longest line between these
LEAD_CHARS = 30

_MARKDOWN_HEADING = re.compile(r"\s{0,3}#{1,6}\s+\S")
_BULLET = re.compile(
    r"\s*(?:[•●▪◦‣∙·○■\uf0b7*]|[-–—](?=\s)|\(?(?:[a-z]|[ivx]{1,4}|\d{1,2})\)|\d{1,2}[.)](?=\s))\s+(?=\S)"
)
_NUMBERED_PARAGRAPH = re.compile(r"\s*\d{1,2}[.)]\s")
_RULE = re.compile(r"[\s\-–—=_*|.:+~#<>]*")
_BOLD_LINE = re.compile(r"\s*(?:\*\*|__)[^*_]+(?:\*\*|__)\s*:?\s*")
_TERMINAL = re.compile(r"""[.!?…]["'”’)\]*_]*(?:\[?\d{1,3}\]?)?\s*\Z""")
_LOWER_START = re.compile(r"[\s*_]*[a-z]")
_QUOTED = re.compile(r"\s*[“\"‘].{20,}[”\"’]\s*\Z", re.S)


@dataclass(frozen=True, slots=True)
class Block:
    """One span of a text and what it is; a ``rule`` holds no words."""

    start: int
    end: int
    type: BlockType


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    end: int
    text: str
    after_blank: bool


def cut(text: str) -> list[Block]:
    """Return the blocks of ``text`` in order; every letter of the text lies in one of them."""
    blocks: list[Block] = []
    group: list[_Line] = []
    kind: BlockType = "paragraph"
    lines = _lines(text)
    for at, line in enumerate(lines):
        line_kind = _kind(line)
        if group and _continues(group, kind, line, line_kind):
            group.append(line)
            continue
        _close(text, group, kind, blocks)
        group, kind = [line], line_kind
        if kind == "paragraph" and _stands_alone(line, lines[at + 1] if at + 1 < len(lines) else None):
            kind = "heading"
    _close(text, group, kind, blocks)
    return blocks


def _lines(text: str) -> list[_Line]:
    lines: list[_Line] = []
    blank = True
    for match in re.finditer(r"[^\n\r\x0b\x0c\x85\u2028\u2029]+", text):
        if match.group().isspace():
            blank = True
            continue
        gap = text[lines[-1].end : match.start()] if lines else ""
        blank = blank or gap.count("\n") > 1 or "\x0c" in gap
        lines.append(_Line(match.start(), match.end(), match.group(), blank))
        blank = False
    return lines


def _kind(line: _Line) -> BlockType:
    short = line.text[:400]
    if _RULE.fullmatch(line.text):
        return "rule"
    if _MARKDOWN_HEADING.match(short):
        return "heading"
    if " | " in line.text or line.text.count("|") > 1:
        return "row"
    if short.lstrip().startswith(">"):
        return "quote"
    if is_item(short):
        return "paragraph" if _NUMBERED_PARAGRAPH.match(short) and len(line.text) > HEADING_CHARS else "item"
    if _BOLD_LINE.fullmatch(line.text) and len(line.text) <= HEADING_CHARS and not _ends(line.text):
        return "heading"
    return "paragraph"


def _continues(group: list[_Line], kind: BlockType, line: _Line, line_kind: BlockType) -> bool:
    """Whether ``line`` belongs to the block of ``group``: a wrapped paragraph or item, or one more quoted line."""
    if kind == "quote" and line_kind == "quote":
        return not line.after_blank
    if kind not in ("paragraph", "item") or line_kind != "paragraph":
        return False
    last = group[-1].text
    if _ends(last) or last.rstrip().endswith(":"):
        return not line.after_blank and kind == "paragraph" and _wrapped(group, line)
    if _LOWER_START.match(line.text):
        return not line.after_blank or len(last) >= WRAP_CHARS[0]
    return not line.after_blank and _wrapped(group, line)


def _wrapped(group: list[_Line], line: _Line) -> bool:
    """Whether the last line is long for its block, so that its break is a wrap and not an end."""
    widest = max(len(part.text) for part in [*group, line])
    return WRAP_CHARS[0] <= widest <= WRAP_CHARS[1] and len(group[-1].text) >= 0.75 * widest


def _stands_alone(line: _Line, after: _Line | None) -> bool:
    text = line.text.strip()
    if len(text) > HEADING_CHARS or _ends(text) or text.endswith((":", ",", ";")) or _LOWER_START.match(text):
        return False
    if after is None or after.after_blank:
        return True
    return not _LOWER_START.match(after.text) and (len(text) < WRAP_CHARS[0] or len(after.text) > 1.5 * len(text))


def _ends(text: str) -> bool:
    return bool(_TERMINAL.search(text[-60:]))


def _close(text: str, group: list[_Line], kind: BlockType, blocks: list[Block]) -> None:
    if not group:
        return
    start, end = group[0].start, group[-1].end
    if kind == "paragraph" and _QUOTED.match(text[start:end]) and text[start:end].count("“") <= 1:
        kind = "quote"
    blocks.append(Block(start, end, kind))


def is_item(line: str) -> bool:
    """Whether a line begins with the mark of a list item."""
    return bool(_BULLET.match(line[:400])) and not line.lstrip().startswith("**")


def marker(text: str) -> int:
    """Return how many characters of an item, heading or quoted line are its marker (``- ``, ``## ``, ``> ``)."""
    for pattern in (_MARKDOWN_HEADING, _BULLET, re.compile(r"\s*(?:>\s*)+")):
        match = pattern.match(text[:400])
        if match:
            return match.end() - (1 if pattern is _MARKDOWN_HEADING else 0)
    return len(text) - len(text.lstrip())
