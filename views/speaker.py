"""A speaker or body: all that it claimed, over time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import altair as alt
import streamlit as st

from views import charts, words
from views.address import here, put_there
from views.parts import cards, go_link, lead
from views.safe import label, note, plain, put, tag
from views.state import base, overlay

PAGE = 20
MOST = 40


def page() -> None:
    """Show the speaker that the address names, or a choice of all."""
    st.title("Speaker or body")
    lead("All that a person, body or study is quoted as claiming.")
    every = base().speakers()
    if not every:
        st.info("Nobody is quoted by name in this base yet.")
        return
    counts = {name: n for name, _, n in every}
    asked = here("speaker")
    names = list(dict.fromkeys([*([asked] if asked else []), *counts]))
    st.session_state["speaker"] = asked or None
    st.selectbox(
        "Who", names, key="speaker", placeholder="Choose, or type a name",
        format_func=lambda name: plain(f"{name} ({words.count(counts.get(name, 0), 'claim')})"),
        on_change=lambda: put_there(speaker=st.session_state["speaker"]),
    )  # fmt: skip
    if asked:
        _speaker(asked)
    else:
        _most_quoted(every)


def _most_quoted(every: Sequence[tuple[str, str, int]]) -> None:
    st.header("Quoted most")
    with st.container(horizontal=True, gap="small"):
        for n, (name, kind, claims) in enumerate(every[:MOST]):
            text = f"{name} · {words.count(claims, 'claim')}"
            st.button(label(text), key=f"who-{n}", help=kind, on_click=put_there, kwargs={"speaker": name})
    if len(every) > MOST:
        note(f"The {MOST} quoted most of {len(every):,}; the box above has the others.")


def _years(rows: Sequence[charts.Row]) -> list[str]:
    """Return the chart's years without a hole between them."""
    known = [row["year"] for row in rows if row["year"].isdecimal()]
    return [*charts.periods(known, "year"), *sorted({row["year"] for row in rows} - set(known))]


def _speaker(name: str) -> None:
    view = base().speaker(name, overlay())
    put(tag("p", tag("strong", view.name), f" ({view.type})", ", ".join(["", *view.roles]), cls="cw-line"))
    years = Counter((hit.published.year if hit.published else "no date", hit.kind) for hit in view.claims)
    rows = [{"year": str(y), "kind": words.plain(k), "claims": n} for (y, k), n in sorted(years.items(), key=str)]
    bars = (
        alt.Chart(charts.data(rows)).mark_bar(size=28)
        .encode(x=alt.X("year:O", title=None, axis=alt.Axis(labelAngle=0, labelOverlap=True),
                        scale=alt.Scale(domain=_years(rows))),
                y=alt.Y("claims:Q", title="Claims", axis=alt.Axis(tickMinStep=1)),
                color=alt.Color("kind:N", title=None, scale=alt.Scale(range=charts.OKABE_ITO),
                                legend=alt.Legend(orient="bottom")), tooltip=["year:O", "kind:N", "claims:Q"])
        .properties(height=220)
    )  # fmt: skip
    table = [[row["year"], row["kind"], row["claims"]] for row in rows]
    charts.show(bars, "speaker", f"Claims of {name} by year and kind", ["Year", "Kind", "Claims"], table)
    if view.themes:
        said = ", ".join(f"{words.theme_title(code)} ({n})" for code, n in view.themes[:8])
        put(tag("p", f"Speaks of: {said}", cls="cw-line"))
    st.header("Claims, newest first")
    cards(view.claims[:PAGE], "No claim is in force.")
    if view.total > PAGE:
        go_link("search", f"All {view.total:,} in the search", speaker=name)
