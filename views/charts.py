"""A chart with what must stand around it: words for those who don't see it, a table behind, and files to take away."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import altair as alt
import streamlit as st

from views.safe import clean, put, table
from warehouse.exports.delimited import csv_bytes

OKABE_ITO = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#7A7A7A", "#000000"]
SHAPES = ["circle", "square", "diamond", "triangle-up", "cross", "triangle-down", "triangle-right", "stroke"]
PNG_SCALE = 2
MAX_ROWS = 20_000
Row = dict[str, Any]


def data(rows: Sequence[Row]) -> alt.InlineData:
    """Return rows as a chart's data, outside text cleaned; charts draw text as text, never as markup."""
    kept = [{name: clean(v) if isinstance(v, str) else v for name, v in row.items()} for row in rows[:MAX_ROWS]]
    return alt.InlineData(values=kept)


def show(
    chart: Any, name: str, says: str, heads: Sequence[str], rows: Sequence[Sequence[Any]],
    **more: Any,
) -> Any:  # fmt: skip
    """Show a chart; ``says`` is what a screen reader says of it. Returns what was selected, where it can be."""
    sized = chart.properties(width="container")
    chosen = st.altair_chart(sized, alt=says, **more)
    with st.expander("The figures as a table, and downloads"):
        put(table(heads, [[str(cell) for cell in row] for row in rows], says))
        with st.container(horizontal=True):
            st.download_button("SVG", lambda: picture(chart, "svg"), f"{name}.svg", "image/svg+xml",
                               key=f"{name}-svg", on_click="ignore")  # fmt: skip
            st.download_button("PNG", lambda: picture(chart, "png"), f"{name}.png", "image/png",
                               key=f"{name}-png", on_click="ignore")  # fmt: skip
            st.download_button("CSV", lambda: csv_bytes(heads, rows), f"{name}.csv", "text/csv",
                               key=f"{name}-csv", on_click="ignore")  # fmt: skip
    return chosen


def picture(chart: Any, kind: str) -> bytes:
    """Return the chart as an SVG or PNG on white, drawn here: nothing is sent or fetched."""
    import vl_convert as vlc

    drawn = chart.properties(width=820, background="white").to_json()
    if kind == "svg":
        return str(vlc.vegalite_to_svg(json.loads(drawn), allowed_base_urls=[])).encode()
    return bytes(vlc.vegalite_to_png(json.loads(drawn), scale=PNG_SCALE, allowed_base_urls=[]))
