"""The pages of the app: their names in the address, their titles, and where each stands in the menu."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import streamlit as st

from views.state import shows_errors


@dataclass(frozen=True, slots=True)
class Entry:
    """A page: ``module`` is in views/ and has ``page()``; a hidden one is reached from others, or by its address."""

    name: str
    title: str
    icon: str
    hidden: bool = False


MENU: Mapping[str, tuple[Entry, ...]] = {
    "Find": (
        Entry("search", "Search", "search"), Entry("saved", "Saved searches", "bookmark"),
        Entry("claim", "Claim", "format_quote", hidden=True),
        Entry("document", "Document", "article", hidden=True), Entry("speaker", "Speaker or body", "record_voice_over"),
    ),
    "Understand": (
        Entry("barriers", "Barriers over time", "show_chart"), Entry("evidence_map", "Evidence map", "grid_on"),
        Entry("promises", "Promises and outcomes", "flag"), Entry("disagreements", "Disagreements", "compare_arrows"),
    ),
    "Watch": (
        Entry("changes", "Changes", "history"), Entry("sources", "Sources and runs", "monitor_heart"),
        Entry("duplicates", "Duplicates", "content_copy"), Entry("add", "Add a page", "add"),
    ),
    "About": (Entry("about", "About", "info"),),
}  # fmt: skip
ENTRIES = {entry.name: entry for entries in MENU.values() for entry in entries}


def run(name: str) -> None:
    """Show a page; its module is imported only now."""
    shown: Callable[[], None] = importlib.import_module(f"views.{name}").page
    shows_errors(shown)()


def as_page(name: str) -> st.Page:
    """Return a page as Streamlit knows it."""
    entry = ENTRIES[name]
    shown = partial(run, name)
    shown.__name__ = name  # type: ignore[attr-defined]
    return st.Page(
        shown, title=entry.title, icon=f":material/{entry.icon}:", url_path=name, default=name == "search",
        visibility="hidden" if entry.hidden else "visible",
    )  # fmt: skip


def menu() -> dict[str, list[st.Page]]:
    """Return every page under its heading."""
    return {heading: [as_page(entry.name) for entry in entries] for heading, entries in MENU.items()}
