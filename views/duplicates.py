"""Duplicates: pairs of records that may be one work; a person settles them."""

from __future__ import annotations

import streamlit as st

from views import review, words
from views.parts import go_link, lead
from views.safe import put, tag
from views.state import ask_who, base, overlay
from warehouse.queries.counts import Side, UnsurePair

SHOWN = 20
FIELD = "same_work"


def subject_of(pair: UnsurePair) -> str:
    """Return what a decision on a pair hangs on: both ids, in order."""
    return "pair:" + "|".join(sorted((pair.a.document, pair.b.document)))


def page() -> None:
    """Show the pairs that nobody has settled."""
    st.title("Duplicates")
    lead("Records that may be one work. Say which: works are counted once, so trends and tables follow your word "
         "after the next run.")  # fmt: skip
    for text in st.session_state.pop("saved", ()):
        st.success(text, icon=":material/check:")
    said = overlay()
    every = base().unsure()
    waiting = [pair for pair in every if subject_of(pair) not in said or not said[subject_of(pair)].value(FIELD)]
    put(tag("p", tag("strong", words.count(len(waiting), "pair")), f" to settle; {len(every) - len(waiting)} settled",
            cls="cw-line"))  # fmt: skip
    if not waiting:
        st.info("Nothing to settle. Pairs come here when two records look like one work and the machine is not sure.")
        return
    name = ask_who()
    for pair in waiting[:SHOWN]:
        _pair(pair, name)


def _pair(pair: UnsurePair, name: str | None) -> None:
    with st.container(border=True):
        put(tag("p", f"{pair.score:.0%} speaks for one work", cls="cw-small"))
        for column, side in zip(st.columns(2, gap="large"), (pair.a, pair.b), strict=True):
            with column:
                _side(side)
        if name:
            with st.container(horizontal=True):
                for value, text in (("yes", "One work"), ("no", "Two works")):
                    if st.button(text, key=f"{value}-{subject_of(pair)}"):
                        review.save(subject_of(pair), {FIELD: value}, name)


def _side(side: Side) -> None:
    put(
        tag("p", tag("strong", side.title or "Untitled"), cls="cw-line"),
        tag("p", f"{'; '.join(side.authors) or 'no authors'} · {side.publisher or 'no publisher'} · "
            f"{words.day(side.published)} · {side.doi or 'no DOI'}", cls="cw-meta"),
    )  # fmt: skip
    go_link("document", "Document", document=side.document)
