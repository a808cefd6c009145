"""The main text of a page: trafilatura's choice of region, and what is none of the text taken out of it."""

from __future__ import annotations

from collections.abc import Sequence

from lxml.html import HtmlElement
from trafilatura import bare_extraction

from crawlers.extract.noise import is_noise, is_teaser
from crawlers.extract.render import Block, blocks_of, render

_TITLE_AMONG = 4  # the title comes again, if at all, among the first blocks


def main_text(tree: HtmlElement, title: str | None) -> str:
    """Return the main text of a page in the convention of ``extract``; the title itself is not part of it."""
    found = bare_extraction(tree, include_comments=False, with_metadata=False, fast=True, favor_recall=True)
    if found is None or isinstance(found, dict):
        return ""
    titles = {_key(text) for text in [title or "", *(_text(node) for node in tree.iter("h1"))]} - {""}
    return render(clean(list(blocks_of(found.body)), titles, link_texts(tree)))


def clean(blocks: Sequence[Block], titles: set[str], links: set[str]) -> list[Block]:
    """Return the blocks that are text: without the title, teasers, sign-ups, credits and headings of nothing."""
    kept: list[Block] = []
    in_teaser = False
    for n, block in enumerate(blocks):
        key = _key(block.text)
        if n < _TITLE_AMONG and key in titles:
            continue
        if is_teaser(block.text) and len(block.text) < 60:
            in_teaser = True
            continue
        if in_teaser and _is_pointer(block):
            continue
        in_teaser = False
        if (block.kind != "list" and key in links) or is_noise(block.text):
            continue
        kept.append(block)
    while kept and kept[-1].kind == "heading":
        kept.pop()
    return kept


def link_texts(tree: HtmlElement) -> set[str]:
    """The keys of all links' texts, long enough to be a teaser's headline."""
    return {key for node in tree.iter("a") if len(key := _key(_text(node))) > 12}


def _is_pointer(block: Block) -> bool:
    """Whether a block under a teaser heading is one of its headlines."""
    lines = block.text.split("\n")
    return all(len(line) < 140 and not line.endswith((".", "”", "’", '."')) for line in lines)


def _text(node: HtmlElement) -> str:
    return "".join(node.itertext())


def _key(text: str) -> str:
    """A text by its letters and figures alone."""
    return "".join(char for char in text.lower() if char.isalnum())
