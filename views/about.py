"""About: the method, the codebook, how accurate each theme is, and what the machine cannot do."""

from __future__ import annotations

import json
from pathlib import Path

import streamlit as st

from views import words
from views.safe import put, table, tag
from views.state import base
from warehouse.exports.columns import COLUMNS

MEASURED = Path(__file__).parent.parent / "docs" / "measured.json"
METHOD = """\
Claimwatch fetches the sources' pages and records each night and keeps every version of each text. It cuts a text
into sentences and list items and reads, in each, whether it **claims** something and of what kind (finding,
commitment, recommendation, assertion), which **themes** it names and whether as barrier, enabler or mention, its
**figures** (planned or actual), **who says it**, and on what basis. Between versions it compares claim by claim.
Copies of a text are linked and counted once. Nothing is asked of any service: all of it runs on this machine.
"""
LIMITS = """\
- It reads one sentence at a time, with the one before for *this* and *they*. Irony, tables and pictures escape it.
- A theme that a sentence only implies is missed; a word used in another sense can mislead it.
- Direction is that of the words: it does not know whether a study was sound.
- What disagrees, and which outcome answers which promise, is a suggestion to be judged.
- What its sources do not publish openly it does not see, so silence is not absence of evidence.
- Every tag carries how sure the machine is. Where a person has decided, the person's word stands, beside the machine's.
"""


def page() -> None:
    """Show the page."""
    st.title("About this base")
    stats = base().stats()
    rows = [
        ["Documents", f"{stats.documents:,}"], ["Versions", f"{stats.versions:,}"], ["Claims", f"{stats.claims:,}"],
        *([words.plain(kind) + "s", f"{n:,}"] for kind, n in stats.claims_by_kind.items()),
        ["Changes between versions", f"{stats.changes:,}"], ["Sources", f"{stats.sources:,}"],
        ["Snapshot", f"{stats.snapshot}, published {words.time(stats.published_at)}"],
    ]  # fmt: skip
    put(table(["What", "How many"], rows, "What is in the base"))
    st.header("Method")
    st.markdown(METHOD)
    st.header("What the machine cannot do")
    st.markdown(LIMITS)
    st.header("Accuracy")
    _accuracy()
    st.header("Codebook")
    from commands.tables import codes

    counts = stats.barriers_by_theme
    themes = [[one.title, one.code, one.definition, f"{counts.get(one.code, 0):,}"] for one in codes()]
    put(table(["Theme", "Code", "Definition", "Passages that name it as a barrier"], themes, "The themes"))
    with st.expander("Columns of the evidence table"):
        put(table(["Column", "Who fills it", "Meaning"], [[c.name, c.who, c.definition] for c in COLUMNS], "Columns"))
    _versions()


def _accuracy() -> None:
    """Show the measured tables on tagging, as docs/accuracy.md has them."""
    kept = json.loads(MEASURED.read_text("utf-8")) if MEASURED.is_file() else {}
    tables = [one for made in kept.values() for one in made if one["page"] == "accuracy"]
    if not tables:
        st.info("Nothing has been measured in this checkout yet: `make bench` does it.")
    for one in tables:
        with st.expander(one["title"]):
            put(tag("p", one["notes"], cls="cw-small"))
            put(table(one["columns"], [[_cell(value) for value in row] for row in one["rows"]], one["title"]))


def _cell(value: object) -> str:
    return "" if value is None else f"{value:.3f}" if isinstance(value, float) else str(value)


def _versions() -> None:
    runs = base().runs(1)
    if runs and runs[0].versions:
        with st.expander("Versions of code and models"):
            put(table(["Part", "Version"], [[k, str(v)] for k, v in runs[0].versions.items()], "Of the last run"))
