"""What a line is read with: the line before it, and the heading or lead-in above it."""

from __future__ import annotations

import re
from collections.abc import Sequence

HEADING_CHARS = 90
REACH = 15  # lines
PROSE_REACH = 4  # lines of a list whose items are whole sentences without a mark

_ENDS = re.compile(r"""[.!?…;,]["'”’)\]]*(?:\[?\d{1,3}\]?)?\s*\Z""")
_SENTENCE = re.compile(r"""["'“‘(]?[A-Z].*[.!?…]["'”’)\]]*(?:\[?\d{1,3}\]?)?\s*\Z""", re.S)


def is_heading(line: str) -> bool:
    """Whether a line looks like a heading: short, and without an end mark."""
    return len(line) <= HEADING_CHARS and not _ENDS.search(line) and not line[:1].islower()


def places(lines: Sequence[str]) -> list[tuple[int | None, int | None]]:
    """Return for each line of one document the places of the line before and of the heading or lead-in above.

    A heading reaches ``REACH`` lines. A lead-in (its line ends in a colon) reaches as far as its list goes: to the
    first whole sentence after items that were none, and over ``PROSE_REACH`` items that are whole sentences.
    """
    found: list[tuple[int | None, int | None]] = []
    heading: int | None = None
    lead: int | None = None
    for at, line in enumerate(lines):
        if lead is not None and _ends_list(lines, lead, at):
            lead = None
        above = lead if lead is not None else heading
        near = above if above is not None and at - above <= REACH else None
        found.append((at - 1 if at else None, near))
        if line.rstrip().endswith(":"):
            lead = at
        elif is_heading(line) and lead is None:
            heading = at
    return found


def _ends_list(lines: Sequence[str], lead: int, at: int) -> bool:
    """Whether the line at ``at`` no longer belongs to the list that the line at ``lead`` opens."""
    if at == lead + 1 or not _SENTENCE.match(lines[at]):
        return False
    return at - lead > PROSE_REACH or not _SENTENCE.match(lines[lead + 1])
