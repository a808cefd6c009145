"""The words around a figure that tell its role, as hashed signs for the learned judge of roles."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Sequence
from itertools import pairwise

from warehouse.models import Figure

SIZE = 1 << 14
NEAR = 8  # words on each side that count as near
_WORD = re.compile(r"[A-Za-z’']+|\d+(?:[.,]\d+)*|[^\sA-Za-z\d]")
_YEAR = re.compile(r"(?:19|20)\d\d")
_PLAIN_UNITS = frozenset({"GBP", "USD", "EUR", "%", "share", "times", "percentage points", "p", "CI", "ratio"})

Sign = tuple[str, float]


def signs(text: str, above: str, figures: Sequence[Figure]) -> list[dict[int, float]]:
    """Return the signs of each figure of a line, by hash: the strongest where two fall together.

    ``above`` is the heading or lead-in. What the rules made of the figure and of its neighbours are signs too.
    """
    roles = ["", *(figure.role for figure in figures), ""]
    out = []
    for at, figure in enumerate(figures):
        found: dict[int, float] = {}
        for name, weight in [*_words(text, above, figure), *_rules(roles[at : at + 3], figure)]:
            place = zlib.crc32(name.encode()) % SIZE
            found[place] = max(found.get(place, 0.0), weight)
        out.append(found)
    return out


def _words(text: str, above: str, figure: Figure) -> Iterator[Sign]:
    sides = {"before": _read(text[: figure.start])[::-1], "after": _read(text[figure.end :])}
    for side, words in sides.items():
        yield f"{side} nothing" if not words else f"{side} next {words[0]}", 0.7
        for distance, word in enumerate(words):
            yield f"{side} anywhere {word}", 0.4
            if distance < NEAR:
                yield f"{side} {word}", 1.0 if distance < NEAR // 2 else 0.7
        for first, second in list(pairwise(words))[: NEAR // 2]:
            yield f"{side} {first} {second}", 0.8
    for word in _read(text[figure.start : figure.end]):
        yield f"own {word}", 0.6
    for word in _read(above):
        yield f"above {word}", 0.5
    yield f"above: {bool(above)}", 1.0


def _rules(roles: Sequence[str], figure: Figure) -> Iterator[Sign]:
    """``roles`` are those that the rules gave the figure before, this one and the one after."""
    kind = figure.unit if figure.unit in _PLAIN_UNITS else "count"
    yield f"kind {kind}", 1.0
    yield f"rules {roles[1]}", 1.5
    yield f"rules {roles[1]} {kind}", 1.5
    yield f"rules before {roles[0]}", 1.0
    yield f"rules after {roles[2]}", 1.0
    yield f"rules {' '.join(roles)}", 1.0


def _read(text: str) -> list[str]:
    """Return the words, numbers and marks of a text; one number is like another, but for years."""
    return [
        ("year" if _YEAR.fullmatch(word) else "number") if word[0].isdigit() else word.lower()
        for word in _WORD.findall(text)
    ]
