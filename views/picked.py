"""Claims picked by hand, for a table of just those; they last as long as the browser's session."""

from __future__ import annotations

import streamlit as st

KEY = "claims-picked"


def ids() -> list[str]:
    """Return the claims picked so far, in the order they were picked."""
    return list(st.session_state.get(KEY, {}))


def box(claim: str) -> None:
    """Show the box that picks a claim or lets it go."""
    chosen: dict[str, None] = st.session_state.setdefault(KEY, {})
    key = f"pick-{claim}"
    st.session_state[key] = claim in chosen
    st.checkbox("Pick", key=key, on_change=_moved, args=(claim,))


def _moved(claim: str) -> None:
    chosen: dict[str, None] = st.session_state.setdefault(KEY, {})
    if st.session_state[f"pick-{claim}"]:
        chosen[claim] = None
    else:
        chosen.pop(claim, None)


def clear() -> None:
    """Let every picked claim go."""
    st.session_state[KEY] = {}
