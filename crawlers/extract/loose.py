"""Text that stands in a container without a paragraph of its own gets one, so that no extractor passes it over."""

from __future__ import annotations

import re

from lxml import etree
from lxml.html import HtmlElement

_CONTAINERS = ("div", "section", "article", "td", "main")
_INLINE = frozenset({"a", "abbr", "b", "cite", "code", "em", "font", "i", "mark", "q", "s", "small", "span",
    "strong", "sub", "sup",
                     "time", "u"})  # fmt: skip
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_ENOUGH = 60  # characters of loose text that are text rather than a label


def wrap_loose_text(tree: HtmlElement) -> None:
    """Wrap the text with which a container begins, and what runs on inline from it, in a paragraph, in place."""
    for node in list(tree.iter(*_CONTAINERS)):
        if not node.text or len(node) == 0 or len(node.text.strip()) < 20:
            continue
        run = []
        for child in node:
            if child.tag not in _INLINE:
                break
            run.append(child)
        length = len(node.text.strip()) + sum(len("".join(part.itertext())) + len(part.tail or "") for part in run)
        if length >= _ENOUGH and len(run) < len(node):
            paragraph = etree.Element("p")
            paragraph.text, node.text = _CONTROL.sub("", node.text), None  # parsed by lxml, but not taken back by it
            for part in run:
                paragraph.append(part)  # moves its tail along
            node.insert(0, paragraph)
