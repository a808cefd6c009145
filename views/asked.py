"""What a search page was asked: wholly in the address, so that a link shows the same page to anybody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Self

import streamlit as st

from warehouse.filters import MODES, SORTS, Filters

# Name in the address -> (field of Filters, facet of a search, heading).
FACETS: dict[str, tuple[str, str, str]] = {
    "kind": ("kinds", "kind", "Kind of claim"), "theme": ("themes", "theme", "Theme"),
    "direction": ("directions", "direction", "Direction"), "outcome": ("outcomes", "outcome", "Outcome"),
    "publisher": ("publishers", "publisher", "Publisher"), "type": ("source_types", "source_type", "Kind of source"),
    "programme": ("programmes", "programme", "Programme"), "model": ("care_models", "care_model", "Care model"),
    "place": ("places", "place", "Place"), "basis": ("bases", "basis", "Basis of evidence"),
    "speaker": ("speakers", "speaker", "Who says it"), "change": ("changes", "change", "Change"),
}  # fmt: skip
MAX_VALUES = 50
YES_NO = {"yes": True, "no": False}
MAX_CHARS = 10_000


@dataclass(frozen=True, slots=True)
class Asked:
    """A search as asked: what the address holds. What cannot be read there falls back to its default."""

    query: str = ""
    mode: str = "both"
    sort: str = "relevance"
    page: int = 1
    facets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    since: int | None = None
    until: int | None = None
    reviewed: bool | None = None
    rejected: bool | None = None
    document: str | None = None

    @classmethod
    def of_address(cls) -> Self:
        """Read the address of this page."""
        values = {name: st.query_params.get_all(name) for name in st.query_params}
        return cls.of(values)

    @classmethod
    def of(cls, values: Mapping[str, Sequence[str]]) -> Self:
        """Read names and values of an address."""
        last = {name: found[-1] for name, found in values.items() if found}
        facets = {name: tuple(dict.fromkeys(values[name]))[:MAX_VALUES] for name in FACETS if values.get(name)}
        reviewed, rejected = (YES_NO.get(last.get(name, "")) for name in ("reviewed", "rejected"))
        return cls(
            query=last.get("q", "")[:MAX_CHARS], mode=_one_of(last.get("mode"), MODES, "both"),
            sort=_one_of(last.get("sort"), SORTS, "relevance"), page=_whole(last.get("page"), 1, 1, 5_000) or 1,
            facets=facets, since=_whole(last.get("since"), None, 1900, 2100),
            until=_whole(last.get("until"), None, 1900, 2100), reviewed=reviewed, rejected=rejected,
            document=last.get("document"),
        )  # fmt: skip

    @classmethod
    def of_filters(cls, query: str, filters: Filters, mode: str = "both") -> Self:
        """Return the search with these filters, as a saved search keeps them."""
        facets = {name: values for name, (field_, *_) in FACETS.items() if (values := getattr(filters, field_))}
        return cls(
            query=query, mode=_one_of(mode, MODES, "both"), facets=facets, since=filters.since_year,
            until=filters.until_year, reviewed=filters.reviewed, rejected=filters.rejected,
            document=filters.documents[0] if filters.documents else None,
        )  # fmt: skip

    def address(self) -> dict[str, str | list[str]]:
        """Return the names and values that make this search again; defaults stay out."""
        plain = {
            "q": self.query, "mode": self.mode if self.mode != "both" else "",
            "sort": self.sort if self.sort != "relevance" else "", "page": str(self.page) if self.page > 1 else "",
            "since": str(self.since or ""), "until": str(self.until or ""),
            "reviewed": _yes_no(self.reviewed), "rejected": _yes_no(self.rejected),
            "document": self.document or "",
        }  # fmt: skip
        kept: dict[str, str | list[str]] = {name: value for name, value in plain.items() if value}
        return kept | {name: list(values) for name, values in self.facets.items() if values}

    def filters(self) -> Filters:
        """Return the filters asked for."""
        named: dict[str, Any] = {FACETS[name][0]: values for name, values in self.facets.items()}
        return Filters(
            **named, since_year=self.since, until_year=self.until, reviewed=self.reviewed, rejected=self.rejected,
            documents=(self.document,) if self.document else (),
        )  # fmt: skip

    def go(self, **changes: Any) -> None:
        """Put the search with ``changes`` into the address; all but a new page starts at the first page again."""
        changed = replace(self, **({"page": 1} | changes))
        st.query_params.from_dict(changed.address())

    def with_facet(self, name: str, values: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
        """Return the facets with one of them set."""
        return {**self.facets, name: tuple(values)}


def change(**changes: Any) -> None:
    """Change the search in the address as it is now: two widgets may move at once, and each keeps the other's."""
    Asked.of_address().go(**changes)


def change_facet(name: str, values: Sequence[str]) -> None:
    """Set one facet of the search in the address."""
    now = Asked.of_address()
    now.go(facets=now.with_facet(name, values))


def _yes_no(value: bool | None) -> str:
    return "" if value is None else "yes" if value else "no"


def _one_of(value: str | None, valid: Sequence[str], default: str) -> str:
    return value if value is not None and value in valid else default


def _whole(value: str | None, default: int | None, least: int, most: int) -> int | None:
    try:
        number = int(value or "")
    except ValueError:
        return default
    return number if least <= number <= most else default
