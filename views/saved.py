"""Saved searches: opened, renamed, taken away, exported, and what is new in each since it was last looked at."""

from __future__ import annotations

from functools import partial

import streamlit as st

from views import downloads, picked, words
from views.asked import FACETS, Asked
from views.parts import card, cards, lead, page_of
from views.safe import label, note, plain, put, tag
from views.state import ask_who, base, now, overlay, people, who
from warehouse.feeds import in_path, search_feed
from warehouse.people import SavedSearch
from warehouse.queries import Filters

SHOWN_NEW = 30


def page() -> None:
    """Show every saved search, and the claims picked by hand."""
    st.title("Saved searches")
    lead("A search kept under a name says which claims are new in it since somebody last looked.")
    for text in st.session_state.pop("saved", ()):
        st.success(label(text), icon=":material/check:")
    every = people().saved() if people().path.exists() else []
    if not every:
        st.info("None yet. Search for something, then choose *Save this search* above its results.")
        st.page_link(page_of("search"), label="Search the claims")
    by = ask_who() if every else None
    for kept in every:
        _saved(kept, by)
    _picked()


def threads(kept: SavedSearch) -> list[str]:
    """Return the claims that a saved search finds now."""
    return base().threads_of(kept.query, Filters.from_json(kept.filters), overlay())


def seen(name: str) -> frozenset[str]:
    """Return the claims that were there when somebody last looked; `claimwatch saved run` keeps the same record."""
    return frozenset(people().recall(f"seen:{name}").get("threads", "").split())


def mark_seen(name: str, found: list[str]) -> None:
    """Remember that these claims were looked at."""
    people().remember(
        now(), who() or "someone", f"seen:{name}", "threads", " ".join(sorted(seen(name).union(found)))
    )  # fmt: skip


def keep(asked: Asked) -> None:
    """Show the form that keeps a search under a name."""
    with st.popover("Save this search", icon=":material/bookmark:"):
        by = ask_who()
        if by is None:
            note("Your name stands beside what you save.")
            return
        with st.form("save-search", border=False):
            name = st.text_input("Name", max_chars=80, value=plain(asked.query, 60))
            watch = st.checkbox("Tell me when something new matches (in the nightly alerts)")
            if st.form_submit_button("Save") and name.strip():
                people().save_search(
                    now(), by, name, asked.query, asked.filters().to_json(), watch=watch, mode=asked.mode
                )  # fmt: skip
                kept = people().saved_search(name.strip())
                mark_seen(kept.name, threads(kept))
                st.session_state["saved"] = [f"Saved as {kept.name}. What is new in it shows here from now on."]
                st.switch_page(page_of("saved"))


def _saved(kept: SavedSearch, by: str | None) -> None:
    asked = Asked.of_filters(kept.query, Filters.from_json(kept.filters), kept.mode)
    found = threads(kept)
    fresh = [thread for thread in found if thread not in seen(kept.name)]
    with st.container(border=True):
        put(tag("h2", kept.name, cls="cw-name"), tag("p", described(asked), cls="cw-line"))
        new = f"{words.count(len(fresh), 'claim')} new" if fresh else "nothing new"
        watched = " · watched: the nightly alerts tell of it" if kept.watch else ""
        put(tag("p", tag("strong", new), f" since it was last looked at · {words.count(len(found), 'claim')} in all · "
                f"saved by {kept.by} on {words.day_of(kept.at)}{watched}", cls="cw-meta"))  # fmt: skip
        with st.container(horizontal=True, vertical_alignment="center"):
            st.page_link(page_of("search"), label="Open", icon=":material/search:", query_params=asked.address())
            if fresh:
                st.button("Mark all as seen", key=f"seen-{kept.name}", on_click=mark_seen, args=(kept.name, found))
            downloads.popover({f"All {len(found):,} found": (asked, None), **_new_rows(asked, fresh)},
                              key=f"saved-{kept.name}", name=kept.name)  # fmt: skip
            st.download_button(
                "Atom feed", partial(_feed, kept), f"{downloads.file_name(kept.name)}.atom", "application/atom+xml",
                key=f"feed-{kept.name}", on_click="ignore",
                help=f"`claimwatch serve` keeps it at /feeds/saved/{in_path(kept.name)}.atom.",
            )  # fmt: skip
            if by:
                _edit(kept, by)
        if fresh:
            with st.expander(f"What is new ({len(fresh):,})"):
                for hit in base().hits(fresh[:SHOWN_NEW], overlay()):
                    card(hit, context=False)
                if len(fresh) > SHOWN_NEW:
                    note(f"The first {SHOWN_NEW} are shown; the download has them all.")


def _feed(kept: SavedSearch) -> bytes:
    return search_feed(base(), kept, overlay()).atom()


def _new_rows(asked: Asked, fresh: list[str]) -> downloads.Choices:
    return {f"The {len(fresh):,} new": (asked, fresh)} if fresh else {}


def _edit(kept: SavedSearch, by: str) -> None:
    with st.popover("Rename or remove", icon=":material/edit:"):
        with st.form(f"edit-{kept.name}", border=False):
            name = st.text_input("Name", value=kept.name, max_chars=80)
            if st.form_submit_button("Rename") and name.strip() != kept.name:
                people().rename_saved(now(), by, kept.name, name)
                st.session_state["saved"] = [f"Renamed to {name.strip()}."]
                st.rerun()
        if st.button("Remove it", key=f"remove-{kept.name}"):
            people().remove_saved(now(), by, kept.name)
            st.session_state["saved"] = [f"{kept.name} is removed. It stays in the record of {people().path.name}."]
            st.rerun()


def described(asked: Asked) -> str:
    """Return what was asked for in words."""
    parts = [f"“{asked.query}”"] if asked.query else ["Every claim"]
    for name, values in asked.facets.items():
        parts.append(f"{FACETS[name][2].lower()}: {' or '.join(words.facet_value(name, value) for value in values)}")
    parts += [f"from {asked.since}"] if asked.since else []
    parts += [f"until {asked.until}"] if asked.until else []
    return "; ".join(parts)


def _picked() -> None:
    st.header("Picked by hand")
    ids = picked.ids()
    if not ids:
        note("Tick “Pick” on any claim in a search: the picked claims gather here, to be downloaded as one table.")
        return
    with st.container(horizontal=True):
        downloads.popover({f"The {len(ids)} picked": (Asked(), ids)}, key="picked", name="picked")
        st.button("Let them all go", on_click=picked.clear)
    cards(base().hits(ids, overlay()), "The claims that were picked are no longer in force.", pick=True)
