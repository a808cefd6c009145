"""Cut a text into passages: sentences, list items, headings, quotations, comments, with exact offsets.

``text[p.start:p.end] == p.text`` always. A list item keeps its lead-in (the line that ends in a colon above the
list), and every passage the heading that it stands under, because both decide what it says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from nlp.blocks import Block, cut, marker
from warehouse.models import PassageType, Span

MAX_PASSAGE_CHARS = 2_000
MAX_WORD_CHARS = 200

_BREAK = re.compile(
    r"[.!?…]{1,4}[\"'”’)\]*_]{0,4}(?:\[\d{1,3}\]|(?<!\d\.)\d{1,3}(?=\s))?\s+(?=[\"'“‘(\[*_]{0,3}[A-Z0-9£€$À-Þ])"
)
_ABBREVIATION = re.compile(
    r"(?:\b(?:Dr|Mr|Mrs|Ms|Prof|Sir|St|Rev|Hon|No|Nos|Fig|Figs|Tab|Ref|Vol|Ch|Sec|para|paras|pp|p|cf|vs|al|approx|ca|c"
    r"|e\.g|i\.e|eg|ie|viz|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec|Ltd|Inc|Co|Dept|Gov|Lt|Col|Gen|ed|eds|rev)"
    r"|\b[A-Z]|\b[A-Z]\.[A-Z]|\A[\s*_(]*(?:\d{1,3}|[a-z]))\.[*_]*\s\Z"
)
_COMMENTS_HEADING = re.compile(
    r"(?:leave a |reader |readers['’] |\d+ |add a |post a )?comments?(?: \(\d+\))?\W*\Z", re.I
)


@dataclass(frozen=True, slots=True)
class Passage:
    """One passage. ``lead`` and ``heading`` are spans of the same text; ``paragraph`` numbers the block."""

    start: int
    end: int
    text: str
    type: PassageType
    lead: Span | None = None
    heading: Span | None = None
    paragraph: int = 0
    row: bool = False


def flat(text: str) -> str:
    """Return ``text`` on one line, control characters and Markdown marks taken out: what models and rules read."""
    text = _MARKS.sub("", _CONTROL.sub(" ", text))
    return " ".join(text.split())


_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufffd\ud800-\udfff]")
_MARKS = re.compile(r"\*{2,}|_{2,}|\\(?=[()\[\].!*_#-])|(?<!\w)[*_](?=\w)|(?<=\w)[*_](?!\w)")


def split(text: str, comments: Sequence[Span] = ()) -> list[Passage]:
    """Return the passages of ``text`` in order. ``comments`` are spans of it that readers wrote."""
    found: list[Passage] = []
    heading: Span | None = None
    lead: Span | None = None
    in_comments = False
    for number, block in enumerate(_blocks(text, comments)):
        if block.type == "rule":
            continue
        if block.type == "heading":
            in_comments = in_comments or bool(_COMMENTS_HEADING.match(flat(text[block.start : block.end])))
        commented = in_comments or any(a <= block.start < b for a, b in comments)
        passages = [
            Passage(a, b, text[a:b], _type(block, commented), None, heading, number, block.type == "row")
            for a, b in _sentences(text, block)
        ]
        if block.type == "item" and lead is not None:
            passages = [_with_lead(p, lead) for p in passages]
        elif block.type not in ("row", "quote"):
            lead = None
        found.extend(passages)
        if not passages:
            continue
        last = passages[-1]
        if last.text.rstrip("*_ ").endswith(":"):
            lead = (last.start, last.end)
        if block.type == "heading":
            heading = (last.start, last.end)
    return found


def _blocks(text: str, comments: Sequence[Span]) -> Iterator[Block]:
    """Yield the blocks of the text and then of each comment: one line break parts them, which alone parts no block."""
    body = min((start for start, _ in comments), default=len(text))
    for start, end in [(0, body), *comments]:
        for block in cut(text[start:end]):
            yield replace(block, start=block.start + start, end=block.end + start)


def _type(block: Block, commented: bool) -> PassageType:
    if block.type == "heading":
        return "heading"
    if commented:
        return "comment"
    return block.type if block.type in ("item", "quote") else "sentence"


def _with_lead(passage: Passage, lead: Span) -> Passage:
    return Passage(
        passage.start, passage.end, passage.text, passage.type, lead, passage.heading, passage.paragraph, passage.row
    )


def _sentences(text: str, block: Block) -> Iterator[Span]:
    """Yield the sentence spans of a block, without markers and outer blanks; none is longer than the cap."""
    start = block.start + marker(text[block.start : min(block.end, block.start + 400)])
    if block.type == "row":
        yield from _cells(text, block)
        return
    cursor = start
    if block.type != "heading":
        for match in _BREAK.finditer(text, start, block.end):
            if match.start() == cursor or _ABBREVIATION.search(
                text[max(cursor, match.start() - 12) : match.start() + 1] + " "
            ):
                continue
            yield from _capped(text, cursor, match.end())
            cursor = match.end()
    yield from _capped(text, cursor, block.end)


def _cells(text: str, block: Block) -> Iterator[Span]:
    """Yield the cells of a table row that hold words, each once (revision pages set old and new side by side)."""
    seen: set[str] = set()
    for match in re.finditer(r"[^|]+", text[block.start : block.end]):
        if match.group().strip() in seen:
            continue
        seen.add(match.group().strip())
        cell = Block(block.start + match.start(), block.start + match.end(), "paragraph")
        yield from _sentences(text, cell)


def _capped(text: str, start: int, end: int) -> Iterator[Span]:
    """Yield the span without outer blanks, cut at blanks (else hard) where it is longer than a passage may be."""
    while start < end and (text[start].isspace() or text[start] == "\ufeff"):
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    while end - start > MAX_PASSAGE_CHARS:
        at = max(text.rfind(" ", start, start + MAX_PASSAGE_CHARS), text.rfind("\n", start, start + MAX_PASSAGE_CHARS))
        stop = at if at > start else start + MAX_PASSAGE_CHARS
        yield from _capped(text, start, stop)
        start = stop
        while start < end and text[start].isspace():
            start += 1
    if start < end and any(char.isalnum() for char in text[start:end]):
        yield start, end
