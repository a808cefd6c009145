"""trafilatura's tree of a text to blocks of plain text in our convention."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from lxml.etree import _Element

BlockKind = Literal["paragraph", "heading", "list", "table", "quote"]
_APART = frozenset({"lb", "p", "item", "list", "cell", "row", "head", "quote", "table"})
_QUOTE_PARTS = frozenset({"p", "list", "head"})


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph of the text to be: a list's items and a table's rows are its lines."""

    kind: BlockKind
    text: str


def render(blocks: Iterable[Block]) -> str:
    """Return blocks as text, parted by blank lines."""
    return "\n\n".join(block.text for block in blocks)


def blocks_of(body: _Element, kind: BlockKind = "paragraph") -> Iterator[Block]:
    """Yield the blocks of a trafilatura body, in order."""
    yield from _block(kind, body.text)
    for child in body:
        if child.tag == "list":
            yield from _block("list", "\n".join(f"- {text}" for item in child if (text := flat(item))))
        elif child.tag == "table":
            yield from _block("table", "\n".join(row for node in child.iter("row") if (row := _row(node))))
        elif child.tag == "quote":
            inside = any(part.tag in _QUOTE_PARTS for part in child)
            yield from blocks_of(child, "quote") if inside else _block("quote", flat(child))
        elif child.tag == "head":
            yield from _block("heading", flat(child))
        elif child.tag not in ("graphic", "lb"):
            yield from _block(kind, flat(child))
        yield from _block(kind, child.tail)


def flat(node: _Element) -> str:
    """All text below ``node`` on one line; a line break and a cell border become a space."""
    return " ".join("".join(_walk(node)).split())


def _walk(node: _Element) -> Iterator[str]:
    yield node.text or ""
    for child in node:
        apart = child.tag in _APART
        if apart:
            yield " "
        if isinstance(child.tag, str):
            yield from _walk(child)
        if apart:
            yield " "
        yield child.tail or ""


def _row(row: _Element) -> str:
    return " | ".join(text for cell in row.iter("cell") if (text := flat(cell)))


def _block(kind: BlockKind, text: str | None) -> Iterator[Block]:
    if not text:
        return
    lines = (
        [" ".join(line.split()) for line in text.split("\n")] if kind in ("list", "table") else [" ".join(text.split())]
    )
    if kept := "\n".join(line for line in lines if line):
        yield Block(kind, kept)
