"""Two versions of a text side by side: signs, strikes and underlines say what changed, colour only helps."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from markupsafe import Markup

from views.safe import tag

_SENTENCES = re.compile(r"[^\n.!?]+(?:[.!?]+[”\"')\]]*|\n|$)|\n")
_WORDS = re.compile(r"\d[\d,.]*\d|\w+|\s+|[^\w\s]")
MAX_SENTENCES = 4_000
MAX_WORDS = 400
CONTEXT = 1


def sentences(text: str) -> list[str]:
    """Return a text's sentences and lines, without the empty ones."""
    return [part for part in (m.group().strip() for m in _SENTENCES.finditer(text)) if part][:MAX_SENTENCES]


def side_by_side(old: str, new: str, old_head: str, new_head: str) -> Markup:
    """Return two versions as two columns; runs that are alike are folded to their first and last sentence."""
    a, b = sentences(old), sentences(new)
    rows: list[Markup] = [
        tag("div", f"Older: {old_head}", cls="cw-head"),
        tag("div", f"Newer: {new_head}", cls="cw-head"),
    ]
    for kind, i, j, k, m in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        rows += _alike(a[i:j]) if kind == "equal" else _changed(a[i:j], b[k:m])
    return tag("div", *rows, cls="cw-sides", role="group", aria_label="Two versions side by side")


def _alike(run: Sequence[str]) -> Iterator[Markup]:
    if len(run) <= 2 * CONTEXT + 1:
        shown: list[str] = list(run)
    else:
        between = f"… {len(run) - 2 * CONTEXT} sentences unchanged …"
        shown = [*run[:CONTEXT], between, *run[-CONTEXT:]]
    for text in shown:
        yield tag("div", text)
        yield tag("div", text, cls="cw-again")  # a phone, which has one column, says it once


def _changed(old: Sequence[str], new: Sequence[str]) -> Iterator[Markup]:
    for n in range(max(len(old), len(new))):
        left = old[n] if n < len(old) else None
        right = new[n] if n < len(new) else None
        yield from _pair(left, right)


def _pair(old: str | None, new: str | None) -> Iterator[Markup]:
    before, after = word_by_word(old, new) if old and new else (Markup.escape(old or ""), Markup.escape(new or ""))
    if old and not new:
        before = tag("del", before)
    if new and not old:
        after = tag("ins", after)
    yield tag("div", sign("−"), before, cls="cw-gone") if old else tag("div")
    yield tag("div", sign("+"), after, cls="cw-new") if new else tag("div")


def sign(mark: str) -> Markup:
    """Return a sign that says gone or new to those who see no colour; spoken as a word."""
    return tag("span", mark, cls="cw-sign", aria_label="gone:" if mark == "−" else "new:", role="img")


def word_by_word(old: str, new: str) -> tuple[Markup, Markup]:
    """Return both sentences with the words that differ struck or underlined."""
    a, b = _WORDS.findall(old)[:MAX_WORDS], _WORDS.findall(new)[:MAX_WORDS]
    left, right = Markup(""), Markup("")
    for kind, i, j, k, m in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        gone, came = "".join(a[i:j]), "".join(b[k:m])
        left += tag("span", gone) if kind == "equal" else tag("del", gone) if gone else Markup("")
        right += tag("span", came) if kind == "equal" else tag("ins", came) if came else Markup("")
    return left, right
