"""Disagreements: claims on one outcome that point different ways, side by side."""

from __future__ import annotations

from itertools import groupby

import streamlit as st

from views import words
from views.parts import card, lead
from views.safe import label, note
from views.state import base, overlay

SHOWN = 40


def page() -> None:
    """Show the pairs by outcome."""
    st.title("Disagreements")
    lead("Claims on the same outcome, of the same intervention where one is named, that point different ways.")
    every = base().disagreements(overlay())
    if not every:
        st.info("No two claims in this base point different ways.")
        return
    shown = every[:SHOWN]
    for (outcome, intervention), rows in groupby(shown, key=lambda row: (row.outcome, row.intervention)):
        of = f", with {words.thing(intervention, first=False)}" if intervention else ""
        st.header(label(f"{words.thing(outcome)}{of}"))
        for row in rows:
            left, right = st.columns(2, gap="medium")
            with left:
                card(row.a, context=False)
            with right:
                card(row.b, context=False)
    if len(every) > SHOWN:
        note(f"The first {SHOWN} of {len(every):,} are shown.")
