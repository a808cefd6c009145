"""What a line is read with: the line before it, and the heading or lead-in above it."""

from __future__ import annotations

import re
from collections.abc import Sequence

HEADING_CHARS = 90
REACH = 15  # lines

_ENDS = re.compile(r"""[.!?…;,]["'”’)\]]*(?:\[?\d{1,3}\]?)?\s*\Z""")


def is_heading(line: str) -> bool:
    """Whether a line looks like a heading: short, and without an end mark."""
    return len(line) <= HEADING_CHARS and not _ENDS.search(line) and not line[:1].islower()


def places(lines: Sequence[str]) -> list[tuple[int | None, int | None]]:
    """Return for each line of one document the places of the line before and of the heading or lead-in above."""
    found: list[tuple[int | None, int | None]] = []
    above: int | None = None
    for at, line in enumerate(lines):
        near = above if above is not None and at - above <= REACH else None
        found.append((at - 1 if at else None, near))
        if line.rstrip().endswith(":") or is_heading(line):
            above = at
    return found
