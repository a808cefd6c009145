"""A chart with what must stand around it: words for those who don't see it, a table behind, and files to take away."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

import altair as alt
import streamlit as st

from views.safe import clean, put, table
from warehouse.exports.delimited import csv_bytes

OKABE_ITO = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#7A7A7A", "#000000"]
SHAPES = ["circle", "square", "diamond", "triangle-up", "cross", "triangle-down", "triangle-right", "stroke"]
INK, INK_ON_DARK = "#1B2733", "#E7ECEF"
PNG_SCALE = 2
PICTURE_PX = 820
AXIS_PX = 134  # for the names of rows
MAX_ROWS = 20_000
MOST_PERIODS = 400
NUMBERED = 30  # a grid of more periods has no numbers on its cells
Row = dict[str, Any]


def data(rows: Sequence[Row]) -> alt.InlineData:
    """Return rows as a chart's data, outside text cleaned; charts draw text as text, never as markup."""
    kept = [{name: clean(v) if isinstance(v, str) else v for name, v in row.items()} for row in rows[:MAX_ROWS]]
    return alt.InlineData(values=kept)


def on_dark() -> bool:
    """Whether this person sees the dark theme."""
    return st.context.theme.type == "dark"


def ink() -> str:
    """Return the colour of words on a chart: as dark or light as the page's own."""
    return INK_ON_DARK if on_dark() else INK


def show(
    chart: Any, name: str, says: str, heads: Sequence[str], rows: Sequence[Sequence[Any]], least: int = 0,
    **more: Any,
) -> Any:  # fmt: skip
    """Show a chart; ``says`` is what a screen reader says of it. Returns what was selected, where it can be.

    ``least``: how many pixels wide it is at least; a page that is narrower scrolls it. Its pictures are no narrower.
    """
    legible = (
        chart.properties(width="container")
        .configure_axis(labelColor=ink(), titleColor=ink(), labelFontSize=12, labelFlush=False)
        .configure_legend(labelColor=ink(), titleColor=ink(), labelFontSize=12)
    )  # fmt: skip
    with st.container(key=f"cw-wide-{name}"), st.container(width=least or "stretch"):
        chosen = st.altair_chart(legible, alt=says, **more)
    with st.expander("The figures as a table, and downloads"):
        put(table(heads, [[str(cell) for cell in row] for row in rows], says))
        with st.container(horizontal=True):
            st.download_button("SVG", lambda: picture(chart, "svg", least), f"{name}.svg", "image/svg+xml",
                               key=f"{name}-svg", on_click="ignore")  # fmt: skip
            st.download_button("PNG", lambda: picture(chart, "png", least), f"{name}.png", "image/png",
                               key=f"{name}-png", on_click="ignore")  # fmt: skip
            st.download_button("CSV", lambda: csv_bytes(heads, rows), f"{name}.csv", "text/csv",
                               key=f"{name}-csv", on_click="ignore")  # fmt: skip
    return chosen


def picture(chart: Any, kind: str, least: int = 0) -> bytes:
    """Return the chart as an SVG or PNG on white, drawn here: nothing is sent or fetched."""
    import vl_convert as vlc

    sized = chart.properties(width=max(PICTURE_PX, least), background="white")
    drawn = json.loads(sized.to_json().replace(INK_ON_DARK, INK))
    if kind == "svg":
        return str(vlc.vegalite_to_svg(drawn, allowed_base_urls=[])).encode()
    return bytes(vlc.vegalite_to_png(drawn, scale=PNG_SCALE, allowed_base_urls=[]))


def grid(rows: Sequence[Row], order: Sequence[str], when: Sequence[str], *, share: bool) -> Any:
    """Return a grid of rows by period, darker for more, each cell with its number; an empty cell is a nought.

    ``rows`` have ``name``, ``period``, ``value`` and ``said`` (the number as it is shown).
    """
    shades = [0.25, 0.95] if on_dark() else [0.1, 0.7]  # the words on a cell keep their contrast on all of these
    x = alt.X("period:O", title=None, axis=alt.Axis(labelAngle=0, orient="top", labelOverlap=True),
              scale=alt.Scale(domain=list(when)))  # fmt: skip
    y = alt.Y(
        "name:N", title=None, sort=list(order), axis=alt.Axis(labelLimit=220), scale=alt.Scale(domain=list(order))
    )
    number = alt.Tooltip("value:Q", title="Share" if share else "Works", format=".0%" if share else ",")
    cells = (
        alt.Chart(data(rows)).mark_rect(color=OKABE_ITO[0], cornerRadius=2)
        .encode(x=x, y=y, opacity=alt.Opacity("value:Q", scale=alt.Scale(range=shades), legend=None),
                tooltip=[alt.Tooltip("name:N", title="Theme"), alt.Tooltip("period:O", title="When"), number])
    )  # fmt: skip
    if len(when) > NUMBERED:
        return cells.properties(height=alt.Step(26))
    said = alt.Chart(data(rows)).mark_text(color=ink(), fontSize=12).encode(x=x, y=y, text="said:N")
    return alt.layer(cells, said).properties(height=alt.Step(26))


def grid_px(rows: Sequence[Row], when: Sequence[str]) -> int:
    """Return how wide a grid is at least, so that the numbers on its cells stay apart."""
    return AXIS_PX + (9 + 7 * max((len(row["said"]) for row in rows), default=0)) * min(len(when), NUMBERED)


def periods(found: Iterable[str], group: str) -> list[str]:
    """Return every period from the first to the last of those found: a year in which nothing was named shows too.

    ``group``: year, quarter or month (``2017``, ``2017-Q2``, ``2017-03``).
    """
    known = sorted(set(found))
    if not known:
        return []
    first, last = int(known[0][:4]), int(known[-1][:4])
    parts = {"year": [""], "quarter": [f"-Q{n}" for n in range(1, 5)], "month": [f"-{n:02}" for n in range(1, 13)]}
    every = [f"{year}{part}" for year in range(first, last + 1) for part in parts[group]]
    within = [period for period in every if known[0] <= period <= known[-1]]
    return within if len(within) <= MOST_PERIODS else known
