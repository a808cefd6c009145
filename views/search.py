"""Search: one box, facets with counts, cards; the whole state in the address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from views import downloads, picked, saved, words
from views.asked import FACETS, MAX_CHARS, Asked, change, change_facet
from views.parts import card, page_of
from views.safe import label, note, put, tag
from views.state import base, encoder, overlay
from warehouse.queries import SearchResult

PAGE_SIZE = 20
OPEN_AT_FIRST = ("kind", "publisher")
# Themes stand in three groups, which are one filter: what is named as a barrier, as a help, and in any way.
THEMES = {"barrier": "Named as a barrier", "enabler": "Named as a help", "": "Theme, however named"}
NO_FILTERS: dict[str, Any] = {
    "facets": {}, "since": None, "until": None, "reviewed": None, "rejected": None, "document": None,
}  # fmt: skip
HELP = """\
- `pooled budgets` finds claims with these words, in any form of them
- `"shared care record"` finds the phrase; `"staff shortages"~5` finds the words near each other
- `budgets AND (pooled OR joint) NOT tariff` joins them; `integrat*` finds every ending
- `title:vanguard` and `publisher:auditors` look there alone
- **Meaning** also finds claims that say it in other words: ask a whole question
"""


def page() -> None:
    """Show the page."""
    if claim := st.query_params.get("claim"):  # the permanent address of a claim is the app's, with ?claim=
        st.switch_page(page_of("claim"), query_params={"claim": claim})
    st.title("Search the claims")
    asked = Asked.of_address()
    _box(asked)
    found = _ask(asked)
    with st.sidebar:
        st.header("Narrow down")
        _facets(asked, found.facets)
    _chips(asked)
    _line(asked, found)
    for odd in found.notes:
        st.info(label(odd, 500))
    if not found.total:
        _nothing(asked)
        return
    for hit in found.hits:
        card(hit, pick=True)
    _pages(asked, found)


def _box(asked: Asked) -> None:
    st.session_state["q"] = asked.query
    st.session_state["mode"] = asked.mode
    st.session_state["sort"] = asked.sort
    box, how = st.columns([5, 1.1], vertical_alignment="bottom")
    box.text_input(
        "Search for", key="q", type="search", placeholder="staff shortages in discharge teams",
        on_change=lambda: change(query=st.session_state["q"][:MAX_CHARS]),
    )  # fmt: skip
    with how.popover("How to search", width="stretch"):
        st.markdown(HELP)
    left, right = st.columns([3, 1.3], vertical_alignment="bottom")
    left.segmented_control(
        "Find by", list(words.MODES), key="mode", format_func=words.MODES.__getitem__, required=True,
        on_change=lambda: change(mode=st.session_state["mode"] or "both"),
    )  # fmt: skip
    right.selectbox(
        "Sort by", list(words.SORTS), key="sort", format_func=words.SORTS.__getitem__,
        on_change=lambda: change(sort=st.session_state["sort"]),
    )  # fmt: skip


def _ask(asked: Asked) -> SearchResult:
    here = base()
    by_meaning = asked.mode != "words" and bool(asked.query.strip()) and here.has_vectors()
    loading = encoder() if by_meaning else None
    found = here.search(
        asked.query, filters=asked.filters(), mode=asked.mode, encoder=loading.encode if loading else None,
        sort=asked.sort, page=asked.page, size=PAGE_SIZE, overlay=overlay(),
    )  # fmt: skip
    if loading and loading.encode is None and not loading.failed:
        _await_meaning()
    elif loading and loading.failed:
        st.warning(label(f"Only words are searched: the model of meaning did not load ({loading.failed})", 500))
    return found


@st.fragment(run_every=1.0)
def _await_meaning() -> None:
    """Show that meaning is being loaded, and ask again once it is there."""
    loading = encoder()
    if loading.encode or loading.failed:
        st.rerun()
    note("Hits by words are below; those by meaning follow in a few seconds …")


def _facets(asked: Asked, facets: Mapping[str, tuple[tuple[str, int], ...]]) -> None:
    for name, (_, facet, heading) in FACETS.items():
        chosen = asked.facets.get(name, ())
        counts = dict(facets.get(facet, ()))
        values = list(dict.fromkeys([*chosen, *counts]))
        if not values:
            continue
        if name == "theme":
            _themes(chosen, values, counts)
            continue
        with st.expander(heading, expanded=bool(chosen) or name in OPEN_AT_FIRST):
            _facet(asked, name, values, counts)
    with st.expander("Year", expanded=bool(asked.since or asked.until)):
        _years(asked)
    with st.expander("Review", expanded=(asked.reviewed, asked.rejected) != (None, None)):
        _reviewed(asked)


def _facet(asked: Asked, name: str, values: list[str], counts: Mapping[str, int]) -> None:
    key = f"facet-{name}"
    st.session_state[key] = list(asked.facets.get(name, ()))
    shown = {value: f"{label(words.facet_value(name, value), 60)} · {counts.get(value, 0):,}" for value in values}
    st.pills(
        FACETS[name][2], values, key=key, selection_mode="multi", label_visibility="collapsed",
        format_func=shown.__getitem__,
        on_change=lambda: change_facet(name, st.session_state[key]),
    )  # fmt: skip


def _themes(chosen: Sequence[str], values: Sequence[str], counts: Mapping[str, int]) -> None:
    for polarity, heading in THEMES.items():
        mine = [value for value in values if value.partition(":")[2] == polarity]
        picked_here = [value for value in chosen if value in mine]
        if not mine:
            continue
        key = f"facet-theme-{polarity}"
        st.session_state[key] = picked_here
        shown = {one: f"{label(words.theme_title(one.partition(':')[0]), 60)} · {counts.get(one, 0):,}" for one in mine}
        with st.expander(heading, expanded=bool(picked_here) or polarity == "barrier"):
            st.pills(
                heading, mine, key=key, selection_mode="multi", label_visibility="collapsed",
                format_func=shown.__getitem__, on_change=_theme_moved, args=(key, tuple(mine)),
            )  # fmt: skip


def _theme_moved(key: str, group: Sequence[str]) -> None:
    others = [value for value in Asked.of_address().facets.get("theme", ()) if value not in group]
    change_facet("theme", [*others, *st.session_state[key]])


def _years(asked: Asked) -> None:
    st.session_state["since"], st.session_state["until"] = asked.since, asked.until
    left, right = st.columns(2)
    for column, key, heading in ((left, "since", "From"), (right, "until", "Until")):
        column.number_input(
            heading, key=key, min_value=1900, max_value=2100, step=1, format="%d",
            on_change=lambda key=key: change(**{key: st.session_state[key]}),
        )  # fmt: skip


def _reviewed(asked: Asked) -> None:
    for name, heading, options, now in (
        ("reviewed", "Decided on", {"any": None, "by a person": True, "by nobody yet": False}, asked.reviewed),
        ("rejected", "Rejected", {"shown as such": None, "left out": False, "alone": True}, asked.rejected),
    ):
        st.session_state[name] = next(text for text, value in options.items() if value == now)
        st.radio(heading, list(options), key=name, on_change=_answered, args=(name, options))


def _answered(name: str, options: Mapping[str, bool | None]) -> None:
    change(**{name: options[st.session_state[name]]})


def _chips(asked: Asked) -> None:
    """Show each filter in force as a button that takes it away."""
    chips: list[tuple[str, dict[str, object]]] = [
        (f"{FACETS[name][2]}: {words.facet_value(name, value)}",
         {"facets": asked.with_facet(name, [one for one in values if one != value])})
        for name, values in asked.facets.items() for value in values
    ]  # fmt: skip
    chips += [(f"From {asked.since}", {"since": None})] if asked.since else []
    chips += [(f"Until {asked.until}", {"until": None})] if asked.until else []
    chips += (
        [("Reviewed" if asked.reviewed else "Not reviewed", {"reviewed": None})] if asked.reviewed is not None else []
    )
    if asked.rejected is not None:
        chips.append(("Rejected alone" if asked.rejected else "Without rejected", {"rejected": None}))
    chips += [("One document", {"document": None})] if asked.document else []
    if not chips:
        return
    with st.container(horizontal=True, gap="small"):
        for n, (text, without) in enumerate(chips):
            st.button(f"{label(text, 60)} ✕", key=f"chip-{n}", on_click=change, kwargs=without, help="Take it away")
        st.button("Clear all", key="chip-all", type="tertiary", on_click=change, kwargs=NO_FILTERS)


def _line(asked: Asked, found: SearchResult) -> None:
    documents = f" in {words.count(found.documents, 'document')}" if found.documents is not None else ""
    took = f"{found.took_ms / 1000:.2f} s" if found.took_ms >= 10 else "under 0.01 s"
    facts = f" · {took} · data of {words.time(base().snapshot.published_at)}"
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        put(tag("p", tag("strong", words.count(found.total, "claim")), documents, facts, cls="cw-line", role="status"))
        if found.total:
            with st.container(horizontal=True, width="content"):
                saved.keep(asked)
                downloads.popover(_rows(asked, found))


def _rows(asked: Asked, found: SearchResult) -> downloads.Choices:
    """Return which rows a table of this page may have."""
    ids = picked.ids()
    mine: downloads.Choices = {f"The {words.count(len(ids), 'claim')} that you picked": (asked, ids)} if ids else {}
    return {
        f"All {found.total:,} found, with copies": (asked, None),
        "Those on this page": (asked, [hit.claim for hit in found.hits]), **mine,
    }  # fmt: skip


def _nothing(asked: Asked) -> None:
    st.info("No claim fits. Any of these may help:")
    if asked.filters():
        st.button("Drop every filter", on_click=change, kwargs=NO_FILTERS)
    if asked.mode == "words":
        st.button("Search by meaning as well", on_click=change, kwargs={"mode": "both"})
    if asked.query:
        st.button("Show everything", on_click=change, kwargs={"query": ""})
    st.markdown("Look at the spelling, use fewer words, or end a word with `*` to find its other endings.")


def _pages(asked: Asked, found: SearchResult) -> None:
    number = -(-found.total // PAGE_SIZE)
    if number > 1:
        st.session_state["page"] = min(asked.page, number)
        st.pagination(number, key="page", on_change=lambda: change(page=st.session_state["page"]))
