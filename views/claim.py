"""A claim's permanent page: its words in context, why it was tagged so, its life, its echoes and its contradictions."""

from __future__ import annotations

import streamlit as st
from markupsafe import Markup

from views import review, words
from views.address import here
from views.notices import notices
from views.parts import between, cards, chips, go_link, quoted, spoken, where
from views.safe import link, marked, note, put, table, tag
from views.state import base, now, overlay
from warehouse.exports.citing import archive_link, citation, place_link
from warehouse.models import Annotation, Attribution
from warehouse.queries.views import ClaimView, DocumentView


def page() -> None:
    """Show the claim that the address names."""
    thread = here("claim")
    if not thread:
        st.title("Claim")
        st.info("A claim's page is reached from a search: choose *Open claim* on a card.")
        go_link("search", "Search the claims")
        return
    said = overlay()
    view = base().claim(thread, said)
    document = base().document(view.hit.document)
    st.title("Claim")
    if view.hit.rejected:
        st.warning("A person rejected this claim: it stays here, and is left out of trends, the map and every table.")
    notices(document)
    if not view.current:
        st.warning("The latest version of the document no longer has this claim; these were its last words.")
    with st.container(border=True):
        put(quoted(view.hit), where(view.hit), chips(view.hit))
    _links(view, document)
    left, right = st.columns([1.6, 1], gap="large")
    with left:
        _why(view)
        _history(view)
        st.header("The same claim elsewhere")
        cards(view.same_claim, "No other document in this base makes this claim.")
        st.header("What disagrees with it")
        cards(base().disagreeing(view.hit.claim, said), "No claim in this base points another way.")
    with right:
        review.panel(view, said.get(view.hit.claim))


def _links(view: ClaimView, document: DocumentView) -> None:
    hit, number = view.hit, page_number(view.annotation, document, view.hit.version)
    place = place_link(hit.url, hit.deep_link, number)
    archived = archive_link(hit.url, document.last_seen)
    found: list[Markup | str] = [link(place, f"At the source, page {number} ↗" if number else "At the source ↗")]
    found.append(link(archived, "Archived copy ↗") if archived else tag("span", "no archived copy of this address"))
    put(tag("p", *between(found, " · "), cls="cw-line"))
    go_link("document", "The whole document, with this claim marked", document=hit.document, claim=hit.claim)
    where_it_is = f"page {number}" if number else f"characters {view.annotation.start} to {view.annotation.end}"
    text = citation(
        authors=document.authors, publisher=hit.publisher, published=hit.published, title=hit.title,
        location=where_it_is, quote=hit.quote, url=place, version=hit.version, accessed=now().date(),
    )  # fmt: skip
    with st.expander("Cite this claim"):
        st.code(text, language=None, wrap_lines=True)


def page_number(found: Annotation, document: DocumentView, version: str) -> int | None:
    """Return the page of a paged document on which a passage starts."""
    pages = next((one.pages for one in document.versions if one.id == version), None)
    return next((n for n, (start, end) in enumerate(pages or (), 1) if start <= found.start < end), None)


def _why(view: ClaimView) -> None:
    found, hit = view.annotation, view.hit
    st.header("Why it was tagged so")
    figures = [(one.start - found.start, one.end - found.start, "cw-figure") for one in found.figures]
    put(tag("p", marked(found.text, [*spoken(found), *figures]), cls="cw-quote"))
    put(tag("p", "Dotted: words that spoke for a theme. Underlined in green: figures. What is both has both lines.",
            cls="cw-small"))  # fmt: skip
    rows: list[list[str]] = []
    if found.claim:
        sure = words.confidence(found.claim.score)
        rows.append(["Kind", words.plain(found.claim.kind), sure])
        rows.append(["Direction", words.DIRECTIONS.get(found.claim.direction or "", "not said"), ""])
        rows.append(["Outcome", _thing(found.claim.outcome), ""])
        rows.append(["Intervention", _thing(found.claim.intervention), ""])
        rows.append(["Hedge", {"none": "none: said outright"}.get(found.claim.hedge, found.claim.hedge), ""])
    for one in found.themes:
        cues = ", ".join(f"“{found.text[a - found.start : b - found.start]}”" for a, b in one.cues)
        rows.append([f"Theme: {words.theme_title(one.code)}", one.polarity,
                     f"{words.confidence(one.score)}{'; by ' + cues if cues else '; by its meaning'}"])  # fmt: skip
    rows.append(["Basis", found.basis or "not said", ""])
    put(table(["What", "Value", "How sure, and by what"], rows, f"What the machine ({view.tagger}) read in it"))
    st.header("Who says it")
    speaker = found.attribution
    put(tag("p", _who(speaker), cls="cw-line"))
    if hit.attribution:
        go_link("speaker", f"All that {hit.attribution} claims", speaker=hit.attribution)
    if found.figures:
        st.header("Figures")
        cells = [
            [found.text[one.start - found.start : one.end - found.start], words.figure(one.value, one.unit), one.role,
             one.measure or "", one.bound or "", one.period or ""] for one in found.figures
        ]  # fmt: skip
        put(table(["As written", "Value", "Role", "Measure", "Bound", "Period"], cells, "Figures in the claim"))


def _thing(code: str | None) -> str:
    return words.thing(code) if code else "not said"


def _who(speaker: Attribution) -> str:
    """Say who speaks: a name with its role, a role alone, or what kind of speaker it is."""
    if speaker.type == "author" and not speaker.name:
        return "The document's own author: nobody is quoted here."
    known = [part for part in (speaker.name, speaker.role) if part]
    return f"{', '.join(known)} ({speaker.type})" if known else f"A {speaker.type} that is not named"


def _history(view: ClaimView) -> None:
    st.header("Its history")
    for change in view.changes:
        put(tag("p", tag("strong", words.plain(words.CHANGES.get(change.kind, change.kind))),
                f" on {words.time(change.at)}", cls="cw-line"))  # fmt: skip
    rows = [
        [words.time(at.seen_at), at.quote, words.plain(at.kind), words.DIRECTIONS.get(at.direction or "", ""), at.hedge]
        for at in view.history
    ]
    heads = ["Seen", "Words", "Kind", "Direction", "Hedge"]
    put(table(heads, rows, f"As each version had it; first seen {words.time(view.first_seen)}"))
    note(f"Permanent id: {view.hit.claim}")
