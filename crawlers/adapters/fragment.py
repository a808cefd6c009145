"""HTML inside an API's answer to text: paragraphs parted by a blank line, ``- `` for items, `` | `` for cells.

There is no page around it, so nothing is judged to be navigation and nothing left out but scripts and the like.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lxml import html as lxml_html

from crawlers.errors import UnreadableError

_BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "html",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
        "sec",
        "title",
    ]
)
_SKIPPED = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "svg",
        "math",
        "iframe",
        "object",
        "button",
        "input",
        "select",
        "textarea",
    ]
)
MAX_CHARS = 4_000_000
MAX_DEPTH = 200


def fragment_text(markup: str | None) -> str:
    """Return the text of an HTML fragment. Raises UnreadableError where it is past any real page."""
    if not markup or not markup.strip():
        return ""
    if "<" not in markup and "&" not in markup:
        return "\n\n".join(" ".join(part.split()) for part in markup.split("\n\n") if part.strip())
    root = _parse(markup)
    return "\n\n".join(_blocks(root, 0))


def _parse(markup: str) -> Any:
    from crawlers.extract.prescan import prescan

    if len(markup) > MAX_CHARS:
        raise UnreadableError("too large", f"{len(markup):,} characters of HTML in one record")
    wrapped = f"<html><body><div>{markup}</div></body></html>".encode("utf-8", "replace")
    parser = lxml_html.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    return lxml_html.document_fromstring(prescan(wrapped), parser=parser)


def _blocks(node: Any, depth: int) -> Iterator[str]:
    """Yield the blocks below ``node``; a run of inline text between blocks is one block."""
    if depth > MAX_DEPTH:
        raise UnreadableError("hostile markup", "HTML nested deeper than any page")
    if node.tag in ("ul", "ol"):
        yield from _joined(f"- {text}" for item in node if (text := _inline(item)))
        return
    if node.tag == "table":
        rows = (" | ".join(filter(None, map(_inline, row.iter("td", "th")))) for row in node.iter("tr"))
        yield from _joined(row for row in rows if row)
        return
    line = [node.text or ""]
    for child in node:
        if child.tag in _BLOCKS:
            yield from _line(line)
            line = []
            yield from _blocks(child, depth + 1)
        elif child.tag == "br":
            line.append(" ")
        elif isinstance(child.tag, str) and child.tag not in _SKIPPED:
            if any(below.tag in _BLOCKS for below in child.iterdescendants()):
                yield from _line(line)
                line = []
                yield from _blocks(child, depth + 1)
            else:
                line.append(_inline(child, squeeze=False))
        line.append(child.tail or "")
    yield from _line(line)


def _joined(lines: Iterator[str]) -> Iterator[str]:
    if text := "\n".join(lines):
        yield text


def _line(parts: list[str]) -> Iterator[str]:
    if text := " ".join("".join(parts).split()):
        yield text


def _inline(node: Any, *, squeeze: bool = True) -> str:
    pieces: list[str] = []
    for event, below in _walk(node):
        if event == "start":
            pieces.append(" " if below.tag in _BLOCKS or below.tag == "br" else "")
            pieces.append(below.text or "")
        else:
            pieces.append(" " if below.tag in _BLOCKS else "")
            pieces.append(below.tail or "" if below is not node else "")
    text = "".join(pieces)
    return " ".join(text.split()) if squeeze else text


def _walk(node: Any) -> Iterator[tuple[str, Any]]:
    """Yield start and end of every shown element, without recursion."""
    stack: list[tuple[str, Any]] = [("start", node)]
    while stack:
        event, at = stack.pop()
        if event == "start" and (not isinstance(at.tag, str) or at.tag in _SKIPPED):
            yield "end", at
            continue
        yield event, at
        if event == "start":
            stack.append(("end", at))
            stack.extend(("start", child) for child in reversed(at))
