"""Downloads of evidence tables: made only when they are asked for, by the same code as ``claimwatch export``."""

from __future__ import annotations

import json
from io import BytesIO

import streamlit as st

from commands.tables import COLUMN_SETS, table_of
from views.asked import Asked
from views.safe import plain
from views.state import base, encoder, now, people, who
from warehouse.exports.about import companion
from warehouse.exports.columns import COLUMNS, PRESETS, own_preset
from warehouse.exports.writers import FORMATS
from warehouse.queries import SearchResult


def popover(asked: Asked, found: SearchResult) -> None:
    """Show the choice of rows, columns and format, and a button that makes the file."""
    with st.popover("Download a table", icon=":material/download:"):
        own = people().recall(COLUMN_SETS)
        names = {**{name: preset.title for name, preset in PRESETS.items()}, **{name: f"Yours: {name}" for name in own}}
        rows = st.radio("Rows", [f"All {found.total:,} found, with copies", "Those on this page"], key="dl-rows")
        preset = st.selectbox("Columns", list(names), key="dl-preset", format_func=lambda name: plain(names[name]))
        format = st.selectbox("Format", list(FORMATS), key="dl-format", format_func=lambda name: FORMATS[name].title)
        ids = [hit.claim for hit in found.hits] if rows == "Those on this page" else None
        kind = FORMATS[format]
        st.download_button(
            f"Download {kind.title}", lambda: made(asked, ids, preset, format), f"evidence{kind.suffix}", kind.mime,
            key="dl", on_click="ignore",
        )  # fmt: skip
        if not kind.inside:
            st.download_button(
                "About and codebook (text)", lambda: made(asked, ids, preset, "about"),
                f"evidence{kind.suffix}.about.txt", "text/plain", key="dl-about", on_click="ignore",
            )  # fmt: skip
        _own_columns()


def made(asked: Asked, ids: list[str] | None, preset: str, format: str) -> bytes:
    """Return the file's bytes; ``about``: the companion text of the table."""
    encode = encoder().encode if asked.mode != "words" and asked.query.strip() and ids is None else None
    table = table_of(
        base(), asked.query, asked.filters(), preset=preset, now=now(), mode=asked.mode, encoder=encode, ids=ids
    )
    if format == "about":
        for _ in table.rows():
            pass
        return companion(table.about).encode("utf-8", "replace")
    out = BytesIO()
    FORMATS[format].writer()(table, out)
    return out.getvalue()


def _own_columns() -> None:
    st.divider()
    with st.form("own-columns", border=False):
        titles = {column.name: column.title for column in COLUMNS}
        picked = st.multiselect("Your own columns", list(titles), format_func=titles.__getitem__)
        name = st.text_input("Keep them under the name", max_chars=40)
        if st.form_submit_button("Keep these columns") and picked and name.strip():
            own_preset(name, picked)
            people().remember(now(), who() or "someone", COLUMN_SETS, name.strip(), json.dumps(picked))
            st.rerun()
