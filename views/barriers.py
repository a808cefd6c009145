"""Barriers over time: works that name each theme, a copied work once; and a theme's own page with its quotes."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import streamlit as st

from views import charts, downloads, words
from views.address import choice, here, put_there
from views.asked import Asked
from views.parts import card, go_link, lead, page_of
from views.safe import label, put, table
from views.state import base, overlay
from warehouse.filters import Filters
from warehouse.queries import Hit
from warehouse.queries.barriers import Named
from warehouse.queries.views import Count

QUOTES = 4
WHO_SHOWN = 3
POLARITY_WORDS = {"barrier": "Named as barriers", "enabler": "Named as helps", "mention": "Only mentioned"}
POLARITY_COLOURS = ["#D55E00", "#009E73", "#7A7A7A"]


def page() -> None:
    """Show all themes, or the one that the address names."""
    theme = here("theme")
    if theme:
        _theme(theme)
        return
    st.title("Barriers over time")
    lead("Which barriers are named most, by whom and when. Works are counted, not pages: a work that was copied to "
         "other sites counts once, in the year it came out.")  # fmt: skip
    left, middle, right, last = st.columns([1.6, 1, 1, 1.2])
    with left:
        polarity = choice("Themes", "as", list(POLARITY_WORDS), POLARITY_WORDS.__getitem__)
    with middle:
        since = _year("From year", "since")
    with right:
        until = _year("Until year", "until")
    with last:
        group = choice("By", "by", ["year", "quarter", "month"], words.plain)
    named = base().most_named(polarity, since, until, overlay())
    if not named:
        st.info("No work of those years names a theme so. Widen the years, or choose other themes.")
        return
    _most(named, polarity, since, until)
    _over_time(named, polarity, group, since, until)


def _year(heading: str, name: str) -> int | None:
    asked = here(name)
    st.session_state[f"year-{name}"] = int(asked) if asked.isdecimal() and 1900 <= int(asked) <= 2100 else None
    found = st.number_input(
        heading, min_value=1900, max_value=2100, step=1, format="%d", key=f"year-{name}", placeholder="any",
        on_change=lambda: put_there(**{name: str(st.session_state[f"year-{name}"] or "")}),
    )  # fmt: skip
    return None if found is None else int(found)


def _most(named: Sequence[Named], polarity: str, since: int | None, until: int | None) -> None:
    st.header("Named most, and by whom")
    rows = [
        [words.theme_title(one.code), f"{one.works:,}", f"{one.passages:,}",
         _few(one.publishers), _few([(words.plain(kind), n) for kind, n in one.source_types])] for one in named
    ]  # fmt: skip
    heads = ["Theme", "Works", "Passages", "Most by", "Kinds of source"]
    put(table(heads, rows, f"{POLARITY_WORDS[polarity]}{_years(since, until)}; in brackets, works"))
    asked = Asked(
        mode="words", since=since, until=until, facets={"theme": tuple(f"{one.code}:{polarity}" for one in named)}
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        downloads.popover({"All claims that name them": (asked, None)}, key="barriers", name=f"{polarity}s")
        st.page_link(page_of("search"), label="These claims in the search", query_params=asked.address())
    st.subheader("Look closer at one")
    with st.container(horizontal=True, gap="small"):
        for one in named:
            text = label(f"{words.theme_title(one.code)} · {one.works:,}")
            st.button(text, key=f"theme-{one.code}", on_click=put_there, kwargs={"theme": one.code})


def _few(pairs: Sequence[tuple[str, int]]) -> str:
    return "; ".join(f"{name} ({n:,})" for name, n in pairs[:WHO_SHOWN])


def _years(since: int | None, until: int | None) -> str:
    return (f" from {since}" if since else "") + (f" until {until}" if until else "")


def _over_time(named: Sequence[Named], polarity: str, group: str, since: int | None, until: int | None) -> None:
    st.header("Over time")
    measure = choice("Count", "count", ["works", "share"], _measure, buttons=True)

    def within(period: str) -> bool:
        return (since or 0) <= int(period[:4]) <= (until or 9_999)

    works = {period: n for period, n in base().works_over_time(group).items() if within(period)}
    counts = {
        (one.code, one.period): one for one in base().barriers_over_time(group, polarity, overlay())
        if within(one.period)
    }  # fmt: skip
    every = charts.periods((period for _, period in counts), group)
    rows = [_cell(counts.get((one.code, period)), one.code, period, works.get(period, 0), measure)
            for one in named for period in every]  # fmt: skip
    order = [words.theme_title(one.code) for one in named]
    named_rows = [row for row in rows if row["works"]]
    drawn = charts.grid(named_rows, order, every, share=measure == "share")
    heads = ["Period", "Theme", "Works", "All works of the period", "Share"]
    cells = [[r["period"], r["name"], r["works"], r["all"], f"{r['share']:.0%}" if r["all"] else ""] for r in rows]
    charts.show(drawn, "barriers-over-time", f"{_measure(measure)} by {group} and theme", heads, cells,
                charts.grid_px(named_rows, every))  # fmt: skip


def _measure(name: str) -> str:
    return {"works": "Works", "share": "Share of all works"}[name]


def _cell(count: Count | None, code: str, period: str, every: int, measure: str) -> charts.Row:
    works = count.works if count else 0
    share = works / every if every else 0.0
    return {
        "name": words.theme_title(code), "period": period, "works": works, "all": every, "share": share,
        "value": share if measure == "share" else works, "said": f"{share:.0%}" if measure == "share" else f"{works:,}",
    }  # fmt: skip


def _theme(code: str) -> None:
    view = base().theme(code, overlay())
    st.button("← All themes", on_click=lambda: put_there(theme=None), type="tertiary")
    st.title(label(words.theme_title(code)))
    lead(_definition(code))
    rows = [{"period": c.period, "polarity": c.polarity, "works": c.works, "claims": c.claims} for c in view.counts]
    years = charts.periods((c.period for c in view.counts), "year")
    bars = (
        alt.Chart(charts.data(rows)).mark_bar()
        .encode(
            x=alt.X("period:O", title=None, axis=alt.Axis(labelAngle=0, labelOverlap=True),
                    scale=alt.Scale(domain=years)),
            y=alt.Y("works:Q", title="Works", axis=alt.Axis(tickMinStep=1)),
            color=alt.Color("polarity:N", title=None, legend=alt.Legend(orient="top"),
                            scale=alt.Scale(domain=list(POLARITY_WORDS), range=POLARITY_COLOURS)),
            xOffset=alt.XOffset("polarity:N", sort=list(POLARITY_WORDS)), tooltip=["period:O", "polarity:N", "works:Q"],
        ).properties(height=260)
    )  # fmt: skip
    heads, cells = ["Period", "Named as", "Works", "Passages"], [list(row.values()) for row in rows]
    charts.show(bars, f"theme-{code}", f"Works that name {words.theme_title(code)}, by year and polarity", heads, cells)
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
        found = base().search("", filters=Filters(themes=(code,), rejected=False), size=1, overlay=overlay())
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
    asked = Filters(themes=(f"{code}:{polarity}",), rejected=False)
    found = base().search("", filters=asked, sort="repeated", size=60, overlay=overlay())

    def strength(hit: Hit) -> tuple[bool, int, float]:
        sure = max((score for c, p, score in hit.themes if (c, p) == (code, polarity)), default=0.0)
        return hit.kind == "finding", hit.repeats, sure * hit.confidence

    return sorted(found.hits, key=strength, reverse=True)[:QUOTES]
