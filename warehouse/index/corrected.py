"""What people say of an entry's kind, direction or themes instead of the machine, as filters and facets count it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Correction:
    """An entry's values of one facet: the machine's, which the index holds, and those in force."""

    before: frozenset[str]
    after: frozenset[str]


Corrections = Mapping[str, Mapping[int, Correction]]  # by facet, by row


def rows_with(corrected: Mapping[int, Correction], values: Iterable[str]) -> list[int]:
    """Return the corrected rows that now have one of ``values``."""
    wanted = frozenset(values)
    return sorted(row for row, correction in corrected.items() if correction.after & wanted)
