"""A second opinion on where the text of a page is: the container, or the containers alike, with most long paragraphs.

trafilatura takes the first region that looks like a body. Where that is one part of several (a text cut up by
promotions), or where it fell back to the whole page as one lump, this view shows it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from lxml.html import HtmlElement

from crawlers.extract.render import Block, BlockKind

_LONG = 80  # characters of a paragraph that is text rather than a label
_KINDS: dict[str, BlockKind] = {
    "p": "paragraph", "h1": "heading", "h2": "heading", "h3": "heading", "h4": "heading", "h5": "heading",
    "h6": "heading",
    "blockquote": "quote", "ul": "list", "ol": "list", "pre": "paragraph", "dl": "list",
}  # fmt: skip
_SKIPPED = frozenset({"script", "style", "noscript", "figure", "aside", "nav", "footer", "form", "button", "iframe",
    "svg",
                      "template", "select", "textarea", "header", "table"})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Candidate:
    """Containers of one kind, in document order, and how many characters of long paragraphs stand right in them."""

    containers: tuple[HtmlElement, ...]
    weight: int

    def blocks(self) -> list[Block]:
        """Return the blocks in the containers."""
        return [block for container in self.containers for block in _blocks(container)]


def best_candidate(tree: HtmlElement) -> Candidate | None:
    """Return the containers with most paragraphs, those alike under the same article or main element as one."""
    weights: dict[HtmlElement, int] = defaultdict(int)
    for paragraph in tree.iter("p"):
        text = "".join(paragraph.itertext())
        if len(text) >= _LONG and (parent := paragraph.getparent()) is not None:
            linked = sum(len("".join(link.itertext())) for link in paragraph.iter("a"))
            weights[parent] += 0 if linked * 2 > len(text) else len(text)
    if not weights:
        return None
    best = max(weights, key=lambda node: weights[node])
    alike = [node for node in weights if _signature(node) == _signature(best)] if best.get("class") else [best]
    if len(alike) > 1 and not _one_text(alike):
        alike = [best]
    return Candidate(tuple(alike), sum(weights[node] for node in alike))


def _signature(node: HtmlElement) -> tuple[str, str, int]:
    """What makes containers alike: tag, class and the article or main element they stand in."""
    home = next((up for up in node.iterancestors("article", "main")), None)
    return node.tag, node.get("class") or "", id(home)


def _one_text(nodes: list[HtmlElement]) -> bool:
    """Whether containers are parts of one text: no headline stands between them, outside of them."""
    inside = {id(part) for node in nodes for part in node.iter("h1", "h2", "article")}
    above = set(nodes[-1].iterancestors())
    shared = next((up for up in nodes[0].iterancestors() if up in above), None)
    if shared is None:
        return False
    return all(id(head) in inside for head in shared.iter("h1", "h2", "article") if head is not shared)


def _blocks(node: HtmlElement) -> Iterator[Block]:
    yield from _paragraph(node.text)
    for child in node:
        tag = child.tag
        if not isinstance(tag, str) or tag in _SKIPPED:
            pass
        elif tag in ("ul", "ol", "dl"):
            items = (_line("".join(item.itertext())) for item in child.iter("li", "dt", "dd"))
            if text := "\n".join(f"- {item}" for item in items if item):
                yield Block("list", text)
        elif tag in _KINDS:
            if text := _line("".join(child.itertext())):
                yield Block(_KINDS[tag], text)
        elif len(child):
            yield from _blocks(child)
        else:
            yield from _paragraph(child.text)
        yield from _paragraph(child.tail)


def _paragraph(text: str | None) -> Iterator[Block]:
    if line := _line(text or ""):
        yield Block("paragraph", line)


def _line(text: str) -> str:
    return " ".join(text.split())
