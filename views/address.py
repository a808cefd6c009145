"""Widgets whose value stands in the address: read from it, written to it, so that a link shows the same."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st


def here(name: str, default: str = "") -> str:
    """Return a value of the address."""
    return str(st.query_params.get(name, default))


def put_there(**values: str | None) -> None:
    """Set values of the address; None or nothing takes one away."""
    for name, value in values.items():
        if value:
            st.query_params[name] = value
        else:
            st.query_params.pop(name, None)


def choice(
    heading: str, name: str, options: Sequence[str], shown: Callable[[str], str], *, buttons: bool = False
) -> str:
    """Show a choice of one; the first option is the default, which stays out of the address."""
    value = here(name, options[0])
    chosen = value if value in options else options[0]
    key = f"choice-{name}"
    st.session_state[key] = chosen

    def moved() -> None:
        picked = st.session_state[key] or options[0]
        put_there(**{name: None if picked == options[0] else picked})

    if buttons:
        st.segmented_control(heading, options, key=key, format_func=shown, on_change=moved, required=True)
    else:
        st.selectbox(heading, options, key=key, format_func=shown, on_change=moved)
    return chosen
