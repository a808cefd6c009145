"""Changes: what changed since a day, claim by claim."""

from __future__ import annotations

from datetime import date, timedelta

import streamlit as st

from commands.looks import by_claim, looks
from views import words
from views.address import choice, here, put_there
from views.parts import go_link, lead
from views.review import again
from views.safe import note, put, tag
from views.state import base
from views.versions import sign, word_by_word
from warehouse.feeds import changes_feed
from warehouse.models import CHANGE_KINDS
from warehouse.queries.views import ChangeRow
from warehouse.times import as_date

SHOWN = 100
DEFAULT_DAYS = 30
ATOM = "application/atom+xml"
WHICH = {"claims": "Claims alone", "all": "Every sentence"}


def page() -> None:
    """Show the changes since the day in the address."""
    st.title("Changes")
    lead("Which claim was softened, which figure changed, what went or came, between two versions of a text.")
    newest = base().snapshot.published_at.date()
    since = as_date(here("since")) or newest - timedelta(days=DEFAULT_DAYS)
    left, middle, right = st.columns(3, vertical_alignment="bottom")
    with left:
        _since(since)
    with middle:
        kind = choice("Kind of change", "kind", ["all", *CHANGE_KINDS], _kind)
    with right:
        which = choice("Sentences", "which", list(WHICH), WHICH.__getitem__)
    rows = base().changes(since=since, kind=None if kind == "all" else kind, limit=2_000)
    shown = [row for row in rows if which == "all" or row.claim or row.kind == "correction_noted" or of_title(row)]
    put(tag("p", tag("strong", words.count(len(shown), "change")), f" since {words.day(since)}", cls="cw-line"))
    _feed(None if kind == "all" else kind)
    _again()
    if not shown:
        st.info("Nothing changed since then. An earlier day, or every sentence, may show more.")
    for row in shown[:SHOWN]:
        change_card(row)
    if len(shown) > SHOWN:
        note(f"The newest {SHOWN} are shown; `claimwatch changes` lists them all.")


def _kind(kind: str) -> str:
    return words.plain(words.CHANGES.get(kind, kind))


def _since(since: date) -> None:
    st.session_state["since-day"] = since
    st.date_input("Since", key="since-day", format="DD/MM/YYYY",
                  on_change=lambda: put_there(since=str(st.session_state["since-day"] or "")))  # fmt: skip


def _feed(kind: str | None) -> None:
    st.download_button(
        "Atom feed", lambda: changes_feed(base(), kind=kind).atom(), "changes.atom", ATOM, key="feed",
        on_click="ignore", help="`claimwatch serve` has it for feed readers, at /feeds/changes.atom.",
    )  # fmt: skip


def _again() -> None:
    """Show what people decided on sentences that have changed since."""
    groups = by_claim(looks(base()))
    if not groups:
        return
    with st.expander(f"{words.count(len(groups), 'reviewed claim')} to look at again", icon=":material/rate_review:"):
        for claim, group in list(groups.items())[:SHOWN]:
            again(group)
            go_link("claim", "Open claim and decide", claim=claim)


def of_title(row: ChangeRow) -> bool:
    """Whether it is the title that changed."""
    return row.detail.get("part") == "title"


def change_card(row: ChangeRow) -> None:
    """Show one change: both sentences, with the words that differ struck or underlined."""
    old, new = word_by_word(row.old or "", row.new or "") if row.old and row.new else (row.old, row.new)
    also = [words.CHANGES.get(kind, kind) for kind in row.also]
    head = words.plain(words.CHANGES.get(row.kind, row.kind)) + (f", also {', '.join(also)}" if also else "")
    head = f"Title: {head.lower()}" if of_title(row) else head
    sides = [tag("div", sign("−"), old, cls="cw-gone")] if old else []
    sides += [tag("div", sign("+"), new, cls="cw-new")] if new else []
    with st.container(border=True):
        put(
            tag("p", tag("strong", head), f" · {words.time(row.at)} · {row.publisher or 'unknown publisher'}",
                cls="cw-meta"),
            tag("div", *sides, cls="cw-sides", style="grid-template-columns:1fr"),
        )  # fmt: skip
        with st.container(horizontal=True, gap="medium"):
            if row.thread:
                go_link("claim", "Open claim", claim=row.thread)
            go_link("document", row.title or row.url, document=row.document, view="versions", old=row.old_version,
                    new=row.new_version)  # fmt: skip
