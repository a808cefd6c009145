"""Promises and outcomes: what was planned against what came of it, each with its quote, document and date."""

from __future__ import annotations

import streamlit as st

from views import words
from views.address import choice
from views.parts import RETRACTED, go_link, lead
from views.safe import link, note, put, tag
from views.state import base, overlay, retracted
from warehouse.queries import Hit
from warehouse.queries.views import PromiseRow

SHOWN = 60


def page() -> None:
    """Show the pairs."""
    st.title("Promises and outcomes")
    lead("A figure that was planned beside the figure that was reached, on the same measure. Judge the pair yourself: "
         "the machine is careful, and can still pair what does not belong together.")  # fmt: skip
    every = base().promises(overlay())
    if not every:
        st.info("No planned figure in this base has met its outcome yet.")
        return
    verdicts = ["all", *dict.fromkeys(row.verdict for row in every)]
    wanted = choice("What came of it", "verdict", verdicts, _verdict, buttons=True)
    rows = [row for row in every if wanted in ("all", row.verdict)]
    put(tag("p", f"{words.count(len(rows), 'pair')}, the surest first", cls="cw-line"))
    for row in rows[:SHOWN]:
        _pair(row)
    if len(rows) > SHOWN:
        note(f"The surest {SHOWN} are shown.")


def _verdict(verdict: str) -> str:
    return words.VERDICTS.get(verdict, verdict).capitalize()


def _pair(row: PromiseRow) -> None:
    with st.container(border=True):
        verdict = tag("span", words.VERDICTS.get(row.verdict, row.verdict), cls="cw-chip cw-kind")
        put(tag("p", tag("strong", words.plain(row.measure or row.unit)), " ", verdict, cls="cw-line"))
        left, right = st.columns(2, gap="small")
        known = row.planned_way and row.actual_way  # one alone may be a word that only stands near
        one_quote = row.planned_claim.claim == row.actual_claim.claim
        with left:
            _figure("Planned", row.planned, row.unit, row.planned_way if known else None)
        with right:
            _figure("What came", row.actual, row.unit, row.actual_way if known else None)
        if one_quote:
            _quote(row.planned_claim)
            return
        with left:
            _quote(row.planned_claim)
        with right:
            _quote(row.actual_claim)


def _figure(heading: str, value: float, unit: str, way: str | None) -> None:
    put(tag("p", heading, cls="cw-small"), tag("p", words.moved(value, unit, way), cls="cw-figure-big"))


def _quote(hit: Hit) -> None:
    put(
        tag("p", tag("span", RETRACTED, cls="cw-chip cw-retracted")) if hit.document in retracted() else None,
        tag("p", hit.quote, cls="cw-quote"),
        tag("p", tag("strong", hit.publisher or "Unknown publisher"), f" · {words.day(hit.published)} · ",
            link(hit.deep_link, "at the source ↗"), cls="cw-meta"),
    )  # fmt: skip
    go_link("claim", hit.title or "Open claim", claim=hit.claim)
