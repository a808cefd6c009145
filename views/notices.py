"""What other works say of a work: that it was retracted, corrected or updated."""

from __future__ import annotations

import streamlit as st

from views import words
from views.parts import between
from views.safe import link, put, tag
from warehouse.queries.views import DocumentView
from warehouse.times import as_date


def notices(view: DocumentView) -> None:
    """Warn of a retraction, and name the works that retract, correct or update this one."""
    if view.retracted:
        st.warning("This work is said to be retracted. Do not use its claims without reading why.")
    if view.updated_by:
        named = [
            tag("span", f"{words.plain(kind)}{', ' + words.day(as_date(day)) if day else ''}: ",
                link(f"https://doi.org/{doi}", doi))
            for kind, doi, day in view.updated_by
        ]  # fmt: skip
        put(tag("p", "See also ", *between(named, " · "), cls="cw-line"))
