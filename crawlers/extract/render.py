"""trafilatura's tree of a text to plain text in our convention."""

from __future__ import annotations

from collections.abc import Iterator

from lxml.etree import _Element


def render(body: _Element) -> str:
    """Return the blocks of ``body`` parted by blank lines; list items on lines of their own that start with "- "."""
    return "\n\n".join(blocks(body))


def blocks(body: _Element) -> Iterator[str]:
    """Yield the text of each paragraph, heading, list, quote or table, in order."""
    yield from _loose(body.text)
    for child in body:
        if child.tag == "list":
            yield from _joined(f"- {text}" for item in child if (text := flat(item)))
        elif child.tag == "table":
            yield from _joined(_row(row) for row in child.iter("row"))
        elif child.tag == "quote" and len(child) and any(part.tag in ("p", "list") for part in child):
            yield from blocks(child)
        elif child.tag not in ("graphic", "lb"):
            yield from _loose(flat(child))
        yield from _loose(child.tail)


def flat(node: _Element) -> str:
    """All text below ``node`` on one line; a line break and a cell border become a space."""
    pieces: list[str] = []
    for event_text in _walk(node):
        pieces.append(event_text)
    return " ".join("".join(pieces).split())


def _walk(node: _Element) -> Iterator[str]:
    yield node.text or ""
    for child in node:
        if child.tag in ("lb", "p", "item", "list", "cell", "row", "head", "quote"):
            yield " "
        if isinstance(child.tag, str):
            yield from _walk(child)
        if child.tag in ("p", "item", "list", "cell", "row", "head", "quote"):
            yield " "
        yield child.tail or ""


def _row(row: _Element) -> str:
    return " | ".join(text for cell in row.iter("cell") if (text := flat(cell)))


def _joined(lines: Iterator[str]) -> Iterator[str]:
    kept = [line for line in lines if line]
    if kept:
        yield "\n".join(kept)


def _loose(text: str | None) -> Iterator[str]:
    if text and (found := " ".join(text.split())):
        yield found
