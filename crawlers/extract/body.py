"""The main text of a page: trafilatura's choice of region, and what is none of the text taken out of it."""

from __future__ import annotations

import logging
import re
import unicodedata
from collections.abc import Sequence

from lxml.html import HtmlElement
from trafilatura import bare_extraction

from crawlers.extract.candidate import Candidate, best_candidate
from crawlers.extract.loose import wrap_loose_text
from crawlers.extract.noise import is_date_line, is_noise, is_teaser
from crawlers.extract.render import Block, blocks_of, render

logging.getLogger("trafilatura").setLevel(logging.ERROR)  # it warns of every page without text; we say so ourselves
_SIGNS = re.compile(r"[\W_]+")
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u2060\ufeff\u00ad"))
_MOSTLY = 0.4  # of the text; less than that left over means that the rules took text for furniture
_HEADLINE_WORDS = 5
_TITLE_AMONG = 4  # the title comes again, if at all, among the first blocks


def main_text(tree: HtmlElement, title: str | None) -> str:
    """Return the main text of a page in the convention of ``extract``; the title itself is not part of it."""
    wrap_loose_text(tree)
    titles = {_key(text) for text in [title or "", *(_text(node) for node in tree.iter("h1"))]} - {""}
    links = link_texts(tree)
    candidate = best_candidate(tree)
    found = bare_extraction(tree, include_comments=False, with_metadata=False, fast=True, favor_recall=True)
    chosen = [] if found is None or isinstance(found, dict) else list(blocks_of(found.body))
    if candidate is not None and _is_better(candidate, chosen):
        chosen = candidate.blocks()
    cleaned = clean(chosen, titles, links)
    if _length(cleaned) < _MOSTLY * _length(chosen):  # a page of links: they are what it says
        cleaned = clean(chosen, titles, set())
    return unicodedata.normalize("NFC", render(cleaned).translate(_INVISIBLE))


def _is_better(candidate: Candidate, blocks: Sequence[Block]) -> bool:
    """Whether a candidate holds much more than the blocks chosen, and them too; or these are a page in one lump."""
    length = _length(blocks)
    if len(blocks) <= 2 and length > 1.2 * candidate.weight > 600:
        return True
    if candidate.weight < 1.4 * length:
        return False
    theirs = _key("".join(block.text for block in candidate.blocks()))
    inside = sum(len(block.text) for block in blocks if _key(block.text)[:60] in theirs)
    return inside >= 0.7 * length


def _length(blocks: Sequence[Block]) -> int:
    return sum(len(block.text) for block in blocks)


def clean(blocks: Sequence[Block], titles: set[str], links: set[str]) -> list[Block]:
    """Return the blocks that are text: without the title, teasers, sign-ups, credits and headings of nothing."""
    kept: list[Block] = []
    in_teaser = False
    for n, block in enumerate(blocks):
        key = _key(block.text)
        if n < _TITLE_AMONG and (key in titles or is_date_line(block.text)):
            continue
        if is_teaser(block.text) and len(block.text) < 60:
            in_teaser = True
            continue
        if in_teaser and _is_pointer(block):
            continue
        in_teaser = False
        if _is_linked(blocks, n, links) or _all_noise(block):
            continue
        kept.append(block)
    return _trimmed(kept, links)


def _trimmed(blocks: list[Block], links: set[str]) -> list[Block]:
    """Take headings of nothing, lists of links and date lines off the end."""
    while blocks:
        last = blocks[-1]
        lines = last.text.split("\n")
        linked = last.kind == "list" and all(_key(line) in links for line in lines)
        if not (last.kind == "heading" or linked or is_date_line(last.text)):
            break
        blocks = blocks[:-1]
    return blocks


def _all_noise(block: Block) -> bool:
    return all(is_noise(line.removeprefix("- ")) for line in block.text.split("\n"))


def _is_linked(blocks: Sequence[Block], n: int, links: set[str]) -> bool:
    """Whether a block is one link and no more: a pointer to another page, unless it heads a paragraph of this one."""
    block = blocks[n]
    if block.kind == "list" or len(block.text.split()) < _HEADLINE_WORDS or _key(block.text) not in links:
        return False
    heads = block.kind == "heading" and n + 1 < len(blocks) and len(blocks[n + 1].text) > len(block.text)
    return not heads


def _is_pointer(block: Block) -> bool:
    """Whether a block under a teaser heading is one of its headlines."""
    lines = block.text.split("\n")
    return all(len(line) < 140 and not line.endswith((".", "”", "’", '."')) for line in lines)


def link_texts(tree: HtmlElement) -> set[str]:
    """The keys of all links' texts, long enough to be a teaser's headline."""
    return {key for node in tree.iter("a") if len(key := _key(_text(node))) > 12}


def _text(node: HtmlElement) -> str:
    return "".join(node.itertext())


def _key(text: str) -> str:
    """A text by its letters and figures alone."""
    return _SIGNS.sub("", text.lower())
