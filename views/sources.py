"""Sources and runs: how each source is doing, the last runs, warnings, and what was left out as off the field."""

from __future__ import annotations

import streamlit as st

from views import review, words
from views.parts import lead
from views.safe import label, link, put, table, tag
from views.state import ask_who, base, overlay
from warehouse.queries.views import RunRow, SourceRow

EXITS = {0: "done", 10: "done, with warnings", 11: "another run was going on", 12: "a source fell below its volume",
         13: "the disk was full", 1: "failed"}  # fmt: skip
LAST_WARNINGS = 40


def page() -> None:
    """Show sources, runs and what is held."""
    st.title("Sources and runs")
    lead("Each source's last good fetch and what it brought; then the runs, newest first.")
    every = base().sources()
    run = sorted((row for row in every if row.last_run), key=lambda row: (-row.claims, row.title))
    heads = ["Source", "State", "Last good fetch", "Documents", "Versions", "Claims", "Kept", "Licence"]
    put(table(heads, [_source(row) for row in run], words.count(len(run), "source")))
    waiting = [row for row in every if not row.last_run]
    if waiting:
        with st.expander(f"{words.count(len(waiting), 'source')} known and not run in this base"):
            put(table(heads, [_source(row) for row in waiting], "Not run yet"))
    st.header("Runs")
    runs = base().runs(30)
    put(table(["Run", "Command", "Started", "Took", "Ended as", "What it did"], [_run(run) for run in runs],
              "The last runs"))  # fmt: skip
    warnings = [(run.seq, text) for run in runs for text in run.warnings][:LAST_WARNINGS]
    if warnings:
        with st.expander(f"Warnings ({len(warnings)})"):
            put(table(["Run", "Warning"], [[str(seq), text] for seq, text in warnings], "Warnings, newest first"))
    _held()


def _source(row: SourceRow) -> list[str]:
    last = row.last_run or {}
    state = str(last.get("status") or "not run yet")
    message = f": {last['message']}" if last.get("message") else ""
    return [
        row.title, state + message, words.time(row.last_good), f"{row.documents:,}", f"{row.versions:,}",
        f"{row.claims:,}", row.storage, row.licence,
    ]  # fmt: skip


def _run(run: RunRow) -> list[str]:
    took = f"{(run.ended - run.started).total_seconds():.0f} s" if run.ended else "not ended"
    done = ", ".join(_counted(n, name) for name, n in run.counts.items() if isinstance(n, int) and n)
    code = run.exit_code
    ended = EXITS.get(code, f"code {code}") if code is not None else "not ended"
    return [str(run.seq), run.command, words.time(run.started), took, ended, done]


def _counted(number: int, name: str) -> str:
    """Return *1 document new*, *2 documents new*: the first word of a count's name is a plural."""
    first, _, rest = name.partition(" ")
    one = first.removesuffix("s") if number == 1 else first
    return f"{number:,} {one} {rest}".rstrip()


def _held() -> None:
    settled = {subject for subject, said in overlay().items() if said.value("admit")}
    waiting = [one for one in base().held() if one.document not in settled]
    st.header("Left out as off the field")
    if not waiting:
        st.info("No document waits here.")
        return
    lead("Kept, but not tagged or counted. Let one in, and the next run tags it.")
    name = ask_who()
    for one in waiting[:20]:
        with st.container(border=True):
            score = f"{one.relevance:.2f}" if one.relevance is not None else "no score"
            put(tag("p", tag("strong", one.title or "Untitled"), f" · {words.day(one.published)} · {score}: "
                    f"{one.reason or ''} · ", link(one.url, "look at it ↗"), cls="cw-meta"))  # fmt: skip
            if name:
                with st.container(horizontal=True):
                    for value, text in (("yes", "Let it in"), ("no", "Leave it out")):
                        if st.button(text, key=f"admit-{value}-{one.document}"):
                            review.save(one.document, {"admit": value}, name)
    for text in st.session_state.pop("saved", ()):
        st.success(label(text), icon=":material/check:")
