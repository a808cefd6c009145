"""Pieces that several pages show: a claim as a card, chips, notices, links between pages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import streamlit as st
from markupsafe import Markup

from views import picked, words
from views.safe import Mark, label, link, marked, put, tag
from views.state import retracted
from warehouse.models import Annotation
from warehouse.queries import Hit

SHOWN_CHARS = 900
RETRACTED = "⚠ said to be retracted"
Pages = dict[str, Callable[[], None]]


def page_of(name: str) -> st.Page:
    """Return another page, to link to."""
    from views.pages import as_page

    return as_page(name)


def go_link(name: str, text: str, icon: str | None = None, **query: str) -> None:
    """Show a link to another page of the app; ``text`` may be outside text."""
    st.page_link(page_of(name), label=label(text), icon=icon, query_params=query or None)


def chips(hit: Hit) -> Markup:
    """Return a claim's kind, themes, direction, change and state of review as a list; a retraction stands first."""
    found = [("cw-chip cw-retracted", RETRACTED)] if hit.document in retracted() else []
    found.append(("cw-chip cw-kind", words.plain(hit.kind)))
    found += [(f"cw-chip cw-{polarity}", f"{words.theme_title(code)}: {polarity}") for code, polarity, *_ in hit.themes]
    if hit.direction:
        found.append(("cw-chip", words.DIRECTIONS.get(hit.direction, hit.direction)))
    if hit.change:
        when = f" {words.day(hit.changed_at)}" if hit.changed_at else ""
        found.append(("cw-chip cw-change", f"{words.CHANGES.get(hit.change, hit.change)}{when}"))
    if hit.rejected:
        found.append(("cw-chip cw-rejected", "rejected by a person: in no count, no table"))
    elif hit.reviewed:
        found.append(("cw-chip", "reviewed by a person"))
    return tag("ul", *(tag("li", text, cls=cls) for cls, text in found), cls="cw-chips", aria_label="Tags")


def quoted(hit: Hit, *, context: bool = True) -> Markup:
    """Return a claim's words with a sentence either side; what the search matched is marked."""
    text = hit.quote if len(hit.quote) <= SHOWN_CHARS else hit.quote[: SHOWN_CHARS - 1] + "…"
    body = marked(text, [(start, end, "cw-hit") for start, end in hit.matched])
    before = tag("span", hit.before.strip() + " ", cls="cw-around") if context and hit.before.strip() else None
    after = tag("span", " " + hit.after.strip(), cls="cw-around") if context and hit.after.strip() else None
    return tag("blockquote", before, tag("span", body), after, cls="cw-quote", style="border:0;padding:0;margin:0")


def where(hit: Hit) -> Markup:
    """Return publisher, date, kind of source, title, speaker and confidence as lines."""
    first = [
        tag("strong", hit.publisher or "Unknown publisher"),
        words.day(hit.published),
        words.plain(hit.source_type),
    ]
    if hit.said_by:
        first.append(f"said by {hit.said_by}")
    first.append(words.confidence(hit.confidence))
    line = tag("p", *between(first, " · "), cls="cw-meta")
    return line + tag("p", tag("span", hit.title or "Untitled", cls="cw-title"), cls="cw-small")


def spoken(found: Annotation) -> list[Mark]:
    """Return the words of a passage that spoke for its themes, as marks; a figure that one cuts into is wholly in it.

    "£" and "billion" speak for funding, and are shown as the "£9 billion" that stands there.
    """
    cues = [span for theme in found.themes for span in theme.cues]
    cut = [(one.start, one.end) for one in found.figures if any(a < one.end and one.start < b for a, b in cues)]
    return [(a - found.start, b - found.start, "cw-cue") for a, b in [*cues, *cut]]


def between(parts: Iterable[Markup | str], mark: str) -> list[Markup | str]:
    """Return parts with a mark between each two."""
    found: list[Markup | str] = []
    for part in parts:
        found += [mark, part] if found else [part]
    return found


def card(hit: Hit, *, context: bool = True, pick: bool = False) -> None:
    """Show a claim as a card that links to its page, its document and the words at the source.

    ``pick``: with the box that picks it for a table.
    """
    with st.container(border=True):
        put(quoted(hit, context=context), where(hit), chips(hit))
        with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
            go_link("claim", "Open claim", claim=hit.claim)
            go_link("document", "Document", document=hit.document, claim=hit.claim)
            put(tag("p", link(hit.deep_link, "At the source ↗"), cls="cw-small"))
            if hit.copies:
                others = words.count(hit.copies, "other document carries", "other documents carry")
                put(tag("p", f"{others} these words", cls="cw-small"))
            if pick:
                picked.box(hit.claim)


def cards(hits: Sequence[Hit], empty: str, *, pick: bool = False) -> None:
    """Show claims as cards, or say that there are none."""
    if not hits:
        st.info(empty)
    for hit in hits:
        card(hit, context=False, pick=pick)


def lead(text: str) -> None:
    """Show the sentence under a page's title that says what it is for."""
    put(tag("p", text, cls="cw-line"))
