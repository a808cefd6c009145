"""Barriers over time: works that name each theme, a copied work once; and a theme's own page with its quotes."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import streamlit as st

from views import charts, words
from views.address import choice, here, put_there
from views.parts import card, go_link, lead
from views.safe import label, note
from views.state import base, overlay
from warehouse.filters import Filters
from warehouse.queries import Hit
from warehouse.queries.views import Count

LINES = 6
QUOTES = 4
POLARITY_WORDS = {"barrier": "Named as barriers", "enabler": "Named as enablers", "mention": "Only mentioned"}
POLARITY_COLOURS = ["#D55E00", "#009E73", "#7A7A7A"]


def page() -> None:
    """Show all themes, or the one that the address names."""
    theme = here("theme")
    if theme:
        _theme(theme)
        return
    st.title("Barriers over time")
    lead("How many works name each theme. A work that was copied to other sites counts once, in the year it came out.")
    left, middle, right = st.columns(3)
    with left:
        polarity = choice("Themes", "as", list(POLARITY_WORDS), POLARITY_WORDS.__getitem__)
    with middle:
        group = choice("By", "by", ["year", "quarter", "month"], words.plain)
    with right:
        measure = choice("Count", "count", ["works", "share"], _measure)
    counts = base().barriers_over_time(group, polarity)
    if not counts:
        st.info("No work in this base names a theme so yet.")
        return
    _trend(counts, base().works_over_time(group), measure)
    st.header("Look closer")
    totals: dict[str, int] = {}
    for one in counts:
        totals[one.code] = totals.get(one.code, 0) + one.works
    with st.container(horizontal=True, gap="small"):
        for code, works in sorted(totals.items(), key=lambda pair: (-pair[1], pair[0])):
            text = label(f"{words.theme_title(code)}: {words.count(works, 'work')}")
            st.button(text, key=f"theme-{code}", on_click=put_there, kwargs={"theme": code})


def _measure(name: str) -> str:
    return {"works": "Works", "share": "Share of all works"}[name]


def _trend(counts: Sequence[Count], works: dict[str, int], measure: str) -> None:
    totals: dict[str, int] = {}
    for one in counts:
        totals[one.code] = totals.get(one.code, 0) + one.works
    shown = sorted(totals, key=lambda code: (-totals[code], code))
    rows = [
        {"period": one.period, "theme": words.theme_title(one.code), "works": one.works,
         "share": one.works / works[one.period] if works.get(one.period) else None} for one in counts
    ]  # fmt: skip
    top = [words.theme_title(code) for code in shown[:LINES]]
    legend = alt.Legend(orient="bottom", title=None, columns=3, labelLimit=260)
    axis = alt.Axis(format="%") if measure == "share" else alt.Axis(tickMinStep=1)
    line = (
        alt.Chart(charts.data([row for row in rows if row["theme"] in top]))
        .mark_line(point=alt.OverlayMarkDef(size=70, filled=True), strokeWidth=2)
        .encode(
            x=alt.X("period:O", title=None, axis=alt.Axis(labelAngle=0)),
            y=alt.Y(f"{measure}:Q", title=_measure(measure), axis=axis),
            color=alt.Color("theme:N", sort=top, legend=legend,
                            scale=alt.Scale(domain=top, range=charts.OKABE_ITO[:LINES])),
            shape=alt.Shape("theme:N", sort=top, legend=legend,
                            scale=alt.Scale(domain=top, range=charts.SHAPES[:LINES])),
            tooltip=["period:O", "theme:N", "works:Q", alt.Tooltip("share:Q", format=".0%")],
        )
        .properties(height=360)
    )  # fmt: skip
    says = f"{_measure(measure)} by period for {', '.join(top)}"
    heads = ["Period", "Theme", "Works", "Share of works"]
    table = [[r["period"], r["theme"], r["works"], f"{r['share']:.0%}" if r["share"] is not None else ""] for r in rows]
    charts.show(line, "barriers-over-time", says, heads, table)
    if len(shown) > LINES:
        note(f"The chart shows the {LINES} themes named most; the table has all {len(shown)}.")


def _theme(code: str) -> None:
    view = base().theme(code)
    st.button("← All themes", on_click=lambda: put_there(theme=None), type="tertiary")
    st.title(label(words.theme_title(code)))
    lead(_definition(code))
    rows = [{"period": c.period, "polarity": c.polarity, "works": c.works, "claims": c.claims} for c in view.counts]
    bars = (
        alt.Chart(charts.data(rows)).mark_bar()
        .encode(
            x=alt.X("period:O", title=None, axis=alt.Axis(labelAngle=0)),
            y=alt.Y("works:Q", title="Works", axis=alt.Axis(tickMinStep=1)),
            color=alt.Color("polarity:N", title=None, legend=alt.Legend(orient="bottom"),
                            scale=alt.Scale(domain=list(POLARITY_WORDS), range=POLARITY_COLOURS)),
            xOffset=alt.XOffset("polarity:N", sort=list(POLARITY_WORDS)), tooltip=["period:O", "polarity:N", "works:Q"],
        ).properties(height=260)
    )  # fmt: skip
    heads, table = ["Period", "Named as", "Works", "Passages"], [list(row.values()) for row in rows]
    charts.show(bars, f"theme-{code}", f"Works that name {words.theme_title(code)}, by year and polarity", heads, table)
    _who(code, view.publishers)
    left, right = st.columns(2, gap="large")
    for column, polarity, heading in ((left, "barrier", "Named as a barrier"), (right, "enabler", "Named as a help")):
        with column:
            st.header(heading)
            quotes = strongest(code, polarity)
            for hit in quotes:
                card(hit, context=False)
            if quotes:
                go_link("search", "All of them", theme=f"{code}:{polarity}")
            else:
                st.info("No claim says so in this base.")


def _definition(code: str) -> str:
    from commands.tables import codes

    return next((one.definition for one in codes() if one.code == code), "")


def _who(code: str, publishers: Sequence[tuple[str, int]]) -> None:
    left, right = st.columns(2, gap="large")
    with left:
        st.header("By publisher")
        _bars([(name, works) for name, works in publishers[:12]], f"{code}-publishers", "Works by publisher", "Works")
    with right:
        st.header("By kind of source")
        found = base().search("", filters=Filters(themes=(code,)), size=1, overlay=overlay())
        kinds = [(words.plain(name), n) for name, n in found.facets.get("source_type", ())[:12]]
        _bars(kinds, f"{code}-kinds", "Claims by kind of source", "Claims")


def _bars(pairs: Sequence[tuple[str, int]], name: str, says: str, unit: str) -> None:
    if not pairs:
        st.info("Nothing to count yet.")
        return
    rows = [{"name": label_, "n": n} for label_, n in pairs]
    bars = (
        alt.Chart(charts.data(rows)).mark_bar(color=charts.OKABE_ITO[0])
        .encode(x=alt.X("n:Q", title=unit, axis=alt.Axis(tickMinStep=1)),
                y=alt.Y("name:N", sort=None, title=None, axis=alt.Axis(labelLimit=220)), tooltip=["name:N", "n:Q"])
        .properties(height=alt.Step(26))
    )  # fmt: skip
    charts.show(bars, name, says, [says.split(" by ")[1].capitalize(), unit], [list(pair) for pair in pairs])


def strongest(code: str, polarity: str) -> list[Hit]:
    """Return the strongest quotes: findings first, then what most works repeat and the tagger is surest of."""
    found = base().search(
        "", filters=Filters(themes=(f"{code}:{polarity}",)), sort="repeated", size=60, overlay=overlay()
    )

    def strength(hit: Hit) -> tuple[bool, int, float]:
        sure = max((score for c, p, score in hit.themes if (c, p) == (code, polarity)), default=0.0)
        return hit.kind == "finding", hit.repeats, sure * hit.confidence

    return sorted(found.hits, key=strength, reverse=True)[:QUOTES]
