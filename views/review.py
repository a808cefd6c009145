"""Review: a person's decisions on a claim. The machine's value stays visible; "saved" means that it is on disk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import streamlit as st

from commands.looks import looks
from views import words
from views.safe import label, note, put, table, tag
from views.state import ask_who, base, has_login, now, people, who
from views.versions import sign, word_by_word
from warehouse.models import BASES, CLAIM_KINDS, DIRECTIONS, POLARITIES
from warehouse.people import Overlay
from warehouse.queries.views import ClaimView

if TYPE_CHECKING:
    from commands.looks import Look

KEEP = "as it is"
NONE = "none"


def panel(view: ClaimView, said: Overlay | None) -> None:
    """Show what people decided on a claim, and a form to decide."""
    st.header("Review")
    for text in st.session_state.pop("saved", ()):
        st.success(text, icon=":material/check:")
    if said:
        conflicts(said)
    found = looks(base(), view.hit.claim)
    if found:
        st.warning("The sentence has changed since somebody decided on it. Decide anew, and this goes away.")
        again(found)
    decided(view.hit.claim)
    name = ask_who()
    if name is None:
        how = "Sign in" if has_login() else "Give your name once"
        note(f"{how}, and you can correct, accept or reject this claim.")
        return
    note(f"You decide as {name}.")
    _form(view, said, name)


def conflicts(said: Overlay) -> None:
    """Show where people decided differently."""
    for field, decisions in said.conflicts.items():
        views = "; ".join(f"{d.by}: {_value(d.value)} ({d.at[:10]})" for d in decisions)
        st.warning(label(f"People differ on {_field(field)}. {views}", 500), icon=":material/call_split:")


def again(group: Sequence[Look]) -> None:
    """Show a sentence as people saw it and as it is now, and what they had decided."""
    change = group[0].change
    before, now_said = word_by_word(change.old or "", change.new) if change.new else (change.old or "", "removed")
    sides = tag("div", sign("−"), before, cls="cw-gone"), tag("div", sign("+"), now_said, cls="cw-new")
    put(tag("div", *sides, cls="cw-sides", style="grid-template-columns:1fr"))
    for look in group:
        said = look.review
        put(tag("p", f"{said.by}, {said.at[:10]}: {_field(said.field)}: {_value(said.value)}", cls="cw-small"))


def _field(field: str) -> str:
    return f"the theme {words.theme_title(field[6:])}" if field.startswith("theme:") else words.plain(field).lower()


def _value(value: str | None) -> str:
    return words.plain(value) if value else "taken back"


def _form(view: ClaimView, said: Overlay | None, by: str) -> None:
    machine = _machine(view)
    with st.form("review", border=True):
        verdict = st.segmented_control("Verdict", ["accept", "reject"], format_func=words.plain, key="rv-verdict")
        picked = {"kind": _pick("Kind", (*CLAIM_KINDS, NONE), machine["kind"], "rv-kind"),
                  "direction": _pick("Direction", DIRECTIONS, machine["direction"], "rv-direction"),
                  "basis": _pick("Basis", BASES, machine["basis"], "rv-basis")}  # fmt: skip
        codes = list(words.theme_titles())
        theme = st.selectbox("Theme to set", [KEEP, *codes], format_func=_title, key="rv-theme")
        polarity = st.selectbox("It is a", [*POLARITIES, NONE], format_func=words.plain, key="rv-polarity")
        if view.annotation.figures:
            value = st.number_input("Figure", value=None, format="%f", key="rv-figure",
                                    placeholder=str(machine["figure_value"]))  # fmt: skip
            picked["figure_value"] = KEEP if value is None else f"{value:.15g}"
            picked["figure_role"] = _pick("The figure is", ("planned", "actual", "context"), machine["figure_role"],
                                          "rv-role")  # fmt: skip
        note = st.text_area("Note", max_chars=2_000, key="rv-note")
        if not st.form_submit_button("Save"):
            return
    decided = {name: value for name, value in picked.items() if value != KEEP}
    decided |= {"verdict": verdict} if verdict else {}
    decided |= {f"theme:{theme}": polarity} if theme != KEEP else {}
    decided |= {"note": note.strip()} if note.strip() else {}
    save(view.hit.claim, decided, by, view.hit.quote)


def save(subject: str, decided: Mapping[str, str], by: str, quote: str | None = None) -> None:
    """Write decisions; only what is on disk is said to be saved."""
    if not decided:
        st.info("Nothing was changed, so nothing was saved.")
        return
    store, done = people(), []
    for field, value in decided.items():
        number = store.decide(now(), by, subject, field, value, quote=quote)
        done.append(label(f"Saved as no. {number}: {_field(field)} is {value}", 200))
    st.session_state["saved"] = done
    st.rerun()


def _machine(view: ClaimView) -> dict[str, str | None]:
    found = view.annotation
    figure = next((one for one in found.figures if one.role != "context"), next(iter(found.figures), None))
    return {
        "kind": found.claim.kind if found.claim else None, "basis": found.basis,
        "direction": found.claim.direction if found.claim else None,
        "figure_value": f"{figure.value:.15g}" if figure else None, "figure_role": figure.role if figure else None,
    }  # fmt: skip


def _pick(heading: str, valid: tuple[str, ...], machine: str | None, key: str) -> str:
    said = f"{heading} (the machine says: {words.plain(machine or 'nothing')})"
    return st.selectbox(said, [KEEP, *valid], format_func=_title, key=key) or KEEP


def _title(value: str) -> str:
    return value if value == KEEP else words.theme_titles().get(value) or words.plain(value)


def decided(subject: str) -> None:
    """Show every decision on a subject, taken back or not; one's own can be undone."""
    store = people()
    every = store.decisions(subject, undone=True)
    standing = {decision.seq for decision in store.decisions(subject)}
    if not every:
        note("Nobody has decided on this yet.")
        return
    rows = [
        [str(d.seq), d.by, d.at[:16].replace("T", " "), _field(d.field), _value(d.value),
         "" if d.seq in standing else "taken back"] for d in every
    ]  # fmt: skip
    put(table(["No.", "Who", "When (UTC)", "What", "Value", "State"], rows, "Decisions, oldest first"))
    me = who()
    mine = [d for d in every if d.seq in standing and d.by == me]
    if me and mine:
        last = mine[-1]
        if st.button(label(f"Undo my no. {last.seq} ({_field(last.field)})"), key="rv-undo"):
            store.undo(now(), me, last.seq)
            st.session_state["saved"] = [f"No. {last.seq} is taken back; it stays in the record."]
            st.rerun()
