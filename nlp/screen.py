"""What must not be tagged as if it were sound English prose: other languages, broken columns, monster words.

Two-column pages read line by line across the columns leave a trace: many paragraphs that begin in mid-sentence.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from nlp.passages import MAX_WORD_CHARS, Passage, flat

BROKEN_SHARE = 0.4
BROKEN_MINIMUM = 40  # paragraphs, below which nothing can be said
LANGUAGE_WORDS = 8
ENGLISH_SHARE = 0.12

_COMMON = frozenset(
    """
    the of and to in a is that for it as was with be by on not he this are or his from at which but have an
    had they you were their one all we can her has there been if more when will would who so no our into than
    its other some could these may do us any my about over how should must also between because people care
    health
    """.split()  # noqa: SIM905
)
_LONG_WORD = re.compile(rf"\S{{{MAX_WORD_CHARS},}}")
_ADDRESS = re.compile(r"\W*(?:https?://|www\.)\S{1,2000}(?:\s\S{1,200}/)?\S{0,200}\s*")
_LETTERS = re.compile(r"[^\W\d_]+")


def interleaved(passages: Sequence[Passage]) -> bool:
    """Whether the passages look like two columns read across: a large share begin a paragraph in mid-sentence."""
    starts: dict[int, Passage] = {}
    for passage in passages:
        if passage.type == "sentence" and not passage.row:
            starts.setdefault(passage.paragraph, passage)
    if len(starts) < BROKEN_MINIMUM:
        return False
    torn = sum(1 for first in starts.values() if first.text[:1].islower())
    return torn / len(starts) >= BROKEN_SHARE


def language(text: str) -> str:
    """Return the language code of a text of some length; short or plainly English text is ``en``."""
    found = [word.lower() for word in _LETTERS.findall(text[:20_000])]
    if len(found) < LANGUAGE_WORDS or sum(word in _COMMON for word in found) / len(found) >= ENGLISH_SHARE:
        return "en"
    import py3langid

    return str(py3langid.classify(" ".join(found)[:5_000])[0])


def reason_to_skip(text: str) -> str | None:
    """Return why one passage is not tagged, or None: a word no language has, or hardly a word at all."""
    if _LONG_WORD.search(text) and len(text) > 2 * MAX_WORD_CHARS:
        return "a word of more than 200 characters"
    if _ADDRESS.fullmatch(text):
        return "an address"
    if not any(len(word) > 1 for word in _LETTERS.findall(flat(text)[:400])):
        return "no words"
    return None
