"""Downloads of evidence tables: made only when they are asked for, by the same code as ``claimwatch export``."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from io import BytesIO

import streamlit as st

from commands.tables import COLUMN_SETS, column_sets, table_of
from views.asked import Asked
from views.safe import plain
from views.state import base, encoder, now, people, who
from warehouse.exports.about import companion
from warehouse.exports.columns import COLUMNS, PRESETS, own_preset
from warehouse.exports.writers import FORMATS

Choices = Mapping[str, tuple[Asked, Sequence[str] | None]]  # label -> the search, and which of its claims (None: all)
FIRST = ("xlsx", "docx", "csv")  # what most people want stands first


def popover(choices: Choices, *, key: str = "dl", name: str = "evidence") -> None:
    """Show the choice of rows, columns and format, and a button that makes the file."""
    with st.popover("Download a table", icon=":material/download:"):
        own = column_sets(people())
        names = {**{one: preset.title for one, preset in PRESETS.items()}, **{one: f"Yours: {one}" for one in own}}
        rows = st.radio("Rows", list(choices), key=f"{key}-rows") or next(iter(choices))
        preset = st.selectbox("Columns", list(names), key=f"{key}-preset", format_func=lambda one: plain(names[one]))
        formats = [*FIRST, *(one for one in FORMATS if one not in FIRST)]
        format = st.selectbox("Format", formats, key=f"{key}-format", format_func=lambda one: FORMATS[one].title)
        asked, ids = choices[rows]
        kind, file = FORMATS[format], file_name(name)
        st.download_button(
            f"Download {kind.title}", lambda: made(asked, ids, preset, format), f"{file}{kind.suffix}", kind.mime,
            key=key, on_click="ignore", type="primary",
        )  # fmt: skip
        if not kind.inside:
            st.download_button(
                "About and codebook (text)", lambda: made(asked, ids, preset, "about"),
                f"{file}{kind.suffix}.about.txt", "text/plain", key=f"{key}-about", on_click="ignore",
            )  # fmt: skip
        _own_columns(key, preset if preset in own else None)


def file_name(name: str) -> str:
    """Return a name for a file: letters, digits and hyphens of the name that a person gave."""
    return re.sub(r"[^\w-]+", "-", name).strip("-_")[:60] or "evidence"


def made(asked: Asked, ids: Sequence[str] | None, preset: str, format: str) -> bytes:
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


def _own_columns(key: str, chosen: str | None) -> None:
    with st.expander("Your own columns"), st.form(f"{key}-columns", border=False):
        titles = {column.name: column.title for column in COLUMNS}
        picked = st.multiselect("Columns", list(titles), format_func=titles.__getitem__)
        name = st.text_input("Keep them under the name", max_chars=40)
        if st.form_submit_button("Keep these columns") and picked and name.strip():
            own_preset(name, picked)
            _keep(name.strip(), json.dumps(picked))
    if chosen and st.button("Forget these columns", key=f"{key}-forget"):
        _keep(chosen, "")


def _keep(name: str, columns: str) -> None:
    people().remember(now(), who() or "someone", COLUMN_SETS, name, columns)
    st.rerun()
