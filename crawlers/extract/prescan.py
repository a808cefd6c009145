"""A look at the bytes of a page before any parser sees them, in linear time.

50,000 attributes on one tag hold libxml2 for 24 seconds, and 200,000 nested tags cost it its stack: no limit on
bytes stops either, and both are cheap to see beforehand. What gets past this look meets the sandbox's limits.
"""

from __future__ import annotations

import re

from crawlers.errors import UnreadableError

MAX_BYTES = 16 << 20
MAX_ATTRIBUTES = 2000  # in one tag
MAX_DEPTH = 2000
MAX_TAGS = 300_000
MAX_SPAN = 1000  # of a cell, as HTML caps them
_TAG = re.compile(rb"<(/?)([A-Za-z][A-Za-z0-9:-]{0,40})")
_TAG_START = re.compile(rb"<[A-Za-z]")
_RAW_TEXT = re.compile(rb"<(script|style|textarea)\b", re.I)
_QUOTED = re.compile(rb"\"[^\"]*\"|'[^']*'")
_CELL_SPAN = re.compile(rb"((?:col|row)span\s{0,5}=\s{0,5}[\"']?\s{0,5})(\d{4,400})", re.I)
_WIDE_SPAN = re.compile(rb"span\s{0,5}=\s{0,5}[\"']?\s{0,5}\d{4}")  # a literal first: 20 times faster to search
# Tags that are closed by none, or often left open: they say nothing about depth.
_OPEN_ENDED = frozenset(
    b"area base br col embed hr img input link meta source track wbr p li option td tr th dt dd".split()
)


def prescan(body: bytes, max_bytes: int = MAX_BYTES) -> bytes:
    """Return ``body`` fit for a parser, huge cell spans capped.

    Raises UnreadableError ("too large", "hostile markup").
    """
    if len(body) > max_bytes:
        raise UnreadableError("too large", f"{len(body):,} bytes of HTML; at most {max_bytes:,} are read")
    markup = without_raw_text(body)
    _check_nesting(markup)
    check_attributes(markup)
    return _CELL_SPAN.sub(rb"\g<1>%d" % MAX_SPAN, body) if _WIDE_SPAN.search(body.lower()) else body


def without_raw_text(body: bytes) -> bytes:
    """Return ``body`` without what stands in scripts, styles and text areas, where ``<`` starts no tag."""
    kept, at, lower = [], 0, body.lower()
    while found := _RAW_TEXT.search(body, at):
        end = lower.find(b"</" + found[1].lower(), found.end())
        opened = body.find(b">", found.end())
        if end < 0 or opened < 0:
            break
        kept.append(body[at : min(opened + 1, end)])
        at = end
    kept.append(body[at:])
    return b"".join(kept)


def _check_nesting(markup: bytes) -> None:
    tags = markup.count(b"<")
    if tags > MAX_TAGS:
        raise UnreadableError("hostile markup", f"{tags:,} tags; at most {MAX_TAGS:,} are parsed")
    depth = deepest = 0
    for closing, name in _TAG.findall(markup):
        if name.lower() in _OPEN_ENDED:
            continue
        depth = max(0, depth - 1) if closing else depth + 1
        deepest = max(deepest, depth)
    if deepest > MAX_DEPTH:
        raise UnreadableError("hostile markup", f"{deepest:,} tags deep; at most {MAX_DEPTH:,} are parsed")


def check_attributes(markup: bytes) -> None:
    """Refuse a tag with too many attributes; only stretches without a ``>`` that could hold them are looked at."""
    for stretch in markup.split(b">"):
        if len(stretch) < 2 * MAX_ATTRIBUTES or not (found := _TAG_START.search(stretch)):
            continue
        count = len(_QUOTED.sub(b"", stretch[found.start() :]).split())
        if count > MAX_ATTRIBUTES:
            raise UnreadableError("hostile markup", f"a tag with {count:,} attributes; at most {MAX_ATTRIBUTES:,}")
