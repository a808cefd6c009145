"""Clauses by their joints, without a parser: a role or direction does not cross "but", "while" or a semicolon."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from pathlib import Path

from nlp.rules import load_rules

_RULES = load_rules(Path(__file__).with_name("clauses.yml"))
_RUN = _RULES["run"]
_JOINT = _RULES["joint"]


REACH = 400  # characters; also keeps a table turned to text from costing its length squared


def calm(text: str) -> str:
    """Break runs of more than eight spaces, in place, so that no rule walks them over and over."""
    return _RUN.sub("\0", text)


@dataclass(frozen=True, slots=True)
class Clauses:
    """The clause spans of one passage. ``text[start:end]`` of a clause begins with its joint."""

    text: str
    starts: tuple[int, ...]

    def span(self, at: int) -> tuple[int, int]:
        """Return the clause that holds a position, or as much of a boundless one as a reader would take in."""
        index = bisect_right(self.starts, at) - 1
        end = self.starts[index + 1] if index + 1 < len(self.starts) else len(self.text)
        return max(self.starts[index], at - REACH), min(end, at + REACH)

    def before(self, at: int) -> tuple[int, int] | None:
        """Return the clause before the one that holds a position."""
        start, _ = self.span(at)
        return self.span(start - 1) if start else None


def clauses(text: str) -> Clauses:
    """Split a passage at its joints; a full stop inside a number is none."""
    return Clauses(text, (0, *(match.start() for match in _JOINT.finditer(text) if match.start())))
