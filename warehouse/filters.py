"""What a search can be narrowed by, and how it is answered and sorted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Literal, Self

from warehouse.errors import UsageError

Mode = Literal["words", "meaning", "both"]
Sort = Literal["relevance", "newest", "changed", "repeated"]
MODES: tuple[Mode, ...] = ("words", "meaning", "both")
SORTS: tuple[Sort, ...] = ("relevance", "newest", "changed", "repeated")


@dataclass(frozen=True, slots=True)
class Filters:
    """What hits must also be. Values of one filter are alternatives; filters all hold together.

    ``themes`` are ``code`` or ``code:polarity``; ``changes`` are kinds of change or ``unchanged``; ``reviewed`` asks
    for claims that a person has (true) or has not (false) decided on; ``rejected`` likewise for those that a person
    rejected, which a search shows as such and trends, map and tables leave out.
    """

    kinds: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    outcomes: tuple[str, ...] = ()
    directions: tuple[str, ...] = ()
    programmes: tuple[str, ...] = ()
    care_models: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    publishers: tuple[str, ...] = ()
    source_types: tuple[str, ...] = ()
    bases: tuple[str, ...] = ()
    speakers: tuple[str, ...] = ()
    changes: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    since_year: int | None = None
    until_year: int | None = None
    reviewed: bool | None = None
    rejected: bool | None = None

    def __bool__(self) -> bool:
        return self != Filters()

    def to_json(self) -> dict[str, Any]:
        """Return the filters that are set, as plain values."""
        kept = {f.name: getattr(self, f.name) for f in fields(self)}
        return {name: list(v) if isinstance(v, tuple) else v for name, v in kept.items() if v not in ((), None)}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        """Return filters from ``to_json``'s shape. Raises UsageError for a name that is no filter."""
        names = [f.name for f in fields(cls)]
        unknown = sorted(set(kept) - set(names))
        if unknown:
            raise UsageError(f"no filter named {', '.join(unknown)}; choose from: {', '.join(names)}")
        values: dict[str, Any] = {name: tuple(v) if isinstance(v, list) else v for name, v in kept.items()}
        return cls(**values)
