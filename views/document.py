"""A document: its text with claims and barriers marked, versions side by side, fetches, licence, copies."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st
from markupsafe import Markup

from nlp.changes import diff_annotations
from views import review, words
from views.address import choice, here, put_there
from views.notices import notices
from views.parts import between, go_link, spoken
from views.safe import clean, label, link, marked, note, plain, put, table, tag
from views.state import ask_who, base, overlay
from views.versions import side_by_side
from warehouse.feeds import document_feed
from warehouse.models import Annotation, Change
from warehouse.people import Overlay
from warehouse.queries.views import ChangeRow, DocumentView, VersionView
from warehouse.times import as_date

PART_CHARS = 30_000
VIEWS = {
    "text": "Text", "versions": "Versions side by side", "history": "Fetches", "copies": "Licence and copies",
    "correct": "Correct",
}  # fmt: skip


def page() -> None:
    """Show the document that the address names."""
    name = here("document")
    if not name:
        st.title("Document")
        st.info("A document's page is reached from a claim, or by its address:")
        wanted = st.text_input("Address of a document", placeholder="https://…")
        if wanted:
            put_there(document=base().document(wanted).id)
            st.rerun()
        return
    view = base().document(name)
    said = overlay().get(view.id)
    st.title(label(_said(said, "title", view.title) or "Untitled", 200))
    _facts(view, said)
    if said:
        review.conflicts(said)
    shown = choice("Show", "view", list(VIEWS), VIEWS.__getitem__, buttons=True)
    {"text": _text, "versions": _versions, "history": _history, "copies": _copies, "correct": _correct}[shown](view)


def _said(said: Overlay | None, field: str, machine: str | None) -> str | None:
    return (said and said.value(field)) or machine


def _facts(view: DocumentView, said: Overlay | None) -> None:
    day = as_date(said.value("published")) if said and said.value("published") else view.published
    first: list[Markup | str] = [
        tag("strong", _said(said, "publisher", view.publisher) or "Unknown publisher"), words.day(day)
    ]  # fmt: skip
    first += ["; ".join(view.authors)] if view.authors else []
    first += [words.plain(view.kind), words.count(len(view.versions), "version")]
    put(tag("p", *between(first, " · "), cls="cw-meta"), tag("p", link(view.url, view.url), cls="cw-small"))
    if said and any(name in said.values for name in ("title", "published", "publisher")):
        machine = f"{view.title or 'no title'}; {view.publisher or 'no publisher'}; {words.day(view.published)}"
        note(f"Corrected by a person. As read by the machine: {machine}")
    notices(view)
    if view.status == "gone":
        st.warning("The page is gone from its address; what it said is kept here.")


def _version(view: DocumentView, name: str, default: int) -> VersionView:
    chosen = here(name)
    return next((one for one in view.versions if one.id == chosen), view.versions[default])


def _when(one: VersionView) -> str:
    return f"{words.time(one.declared_at or one.first_seen)}{' · ' + one.note if one.note else ''}"


def _text(view: DocumentView) -> None:
    version = _pick(view, "version", "Version", len(view.versions) - 1)
    if version.kept != "full":
        st.info("The source's licence allows only extracts to be kept: what is no claim is blank here.")
    found = base().annotations(version.id)
    thread = here("claim")
    at = next((a.start for a, t in zip(found.annotations, found.threads, strict=True) if t == thread), 0)
    parts = max(1, -(-len(found.text) // PART_CHARS))
    part = 1
    if parts > 1:
        st.session_state.setdefault("doc-part", at // PART_CHARS + 1)
        part = st.pagination(parts, key="doc-part")
    put(tag("p", "Underlined: a claim. Dotted: words that name a barrier or enabler. ⟦ ⟧: the claim you came from.",
            cls="cw-small"))  # fmt: skip
    start, end = (part - 1) * PART_CHARS, part * PART_CHARS
    put(text_marked(found.text, found.annotations, found.threads, thread, start, end))
    claims = [(a, t) for a, t in zip(found.annotations, found.threads, strict=True) if t and start <= a.start < end]
    with st.expander(f"Claims in this part as a list ({len(claims)})", expanded=False):
        for one, t in claims:
            go_link("claim", one.text, claim=t or "")


def text_marked(
    text: str, found: Sequence[Annotation], threads: Sequence[str | None], chosen: str, start: int, end: int
) -> Markup:  # fmt: skip
    """Return a stretch of text with claims and the words that spoke for a theme marked."""
    parts: list[Markup | str] = []
    at = start
    for one, thread in zip(found, threads, strict=True):
        if one.start < at or one.start >= end or not (one.claim or one.themes):
            continue
        parts += [text[at : one.start], _passage(one, chosen=bool(thread) and thread == chosen)]
        at = one.end
    parts.append(text[at : max(at, end)])
    return tag("div", *parts, cls="cw-text", lang="en")


def _passage(one: Annotation, *, chosen: bool) -> Markup:
    inside = marked(one.text, spoken(one))
    if not one.claim:
        return inside
    why = ", ".join([one.claim.kind, *(f"{theme.code} ({theme.polarity})" for theme in one.themes)])
    body = Markup("⟦{}⟧").format(inside) if chosen else inside
    return tag("mark", body, cls="cw-claim", title=clean(why))


def _pick(view: DocumentView, name: str, heading: str, default: int) -> VersionView:
    """Show a choice of a version, kept in the address."""
    order = [view.versions[default], *(one for one in view.versions if one is not view.versions[default])]
    if len(order) == 1:
        return order[0]
    titles = {one.id: _when(one) for one in order}
    chosen = choice(heading, name, list(titles), lambda one: plain(titles[one]))
    return next(one for one in order if one.id == chosen)


def _versions(view: DocumentView) -> None:
    if len(view.versions) < 2:
        st.info("This document has had one version so far.")
        return
    left, right = st.columns(2)
    with left:
        old = _pick(view, "old", "Older", len(view.versions) - 2)
    with right:
        new = _pick(view, "new", "Newer", len(view.versions) - 1)
    rows = [
        [_what(kind, part), "claim" if claim else "", before or "", after or ""]
        for kind, part, claim, before, after in between_versions(view, old, new)
    ]
    if rows:
        put(table(["What happened", "", "Before", "After"], rows, f"{words.count(len(rows), 'change')} between them"))
    st.download_button(
        "Atom feed of this document", lambda: document_feed(base(), view.id).atom(), "document.atom",
        "application/atom+xml", key="feed", on_click="ignore",
        help=f"`claimwatch serve` keeps it at /feeds/document/{view.id}.atom, where a feed reader can follow it.",
    )  # fmt: skip
    st.header("Side by side")
    put(side_by_side(old.text, new.text, _when(old), _when(new)))


Said = tuple[str, str, bool, str | None, str | None]  # kind, part, whether a claim, before, after


def between_versions(view: DocumentView, old: VersionView, new: VersionView) -> list[Said]:
    """Return what changed between any two versions: as recorded where one followed the other, else worked out now."""
    recorded = [one for one in view.changes if (one.old_version, one.new_version) == (old.id, new.id)]
    found: Sequence[Change | ChangeRow] = recorded
    if not recorded and old.id != new.id and "metadata" not in (old.kept, new.kept):
        whole = "excerpt" not in (old.kept, new.kept)
        both = [base().annotations(one.id).annotations for one in (old, new)]
        found = diff_annotations(*([a for a in side if whole or a.claim] for side in both))
    said = ((one.kind, str(one.detail.get("part", "")), one.claim, one.old, one.new) for one in found)
    return list(dict.fromkeys(said))


def _what(kind: str, part: str) -> str:
    return ("Title: " if part else "") + words.plain(words.CHANGES.get(kind, kind))


def _history(view: DocumentView) -> None:
    names = {one.id: f"version {n}" for n, one in enumerate(view.versions, 1)}
    rows = [
        [words.time(one.at), str(one.status or ""), one.outcome, names.get(one.version or "", ""), one.reason or "",
         one.url] for one in view.fetches
    ]  # fmt: skip
    put(table(["When", "Status", "Outcome", "Text", "Reason", "Address"], rows, "Every request for this document"))
    if view.history:
        st.header("Its own change notes")
        notes = [[words.stamp(when), text] for when, text in view.history]
        put(table(["When", "Note"], notes, "As the publisher lists them"))


def _copies(view: DocumentView) -> None:
    kept = {"full": "its whole text", "excerpt": "quotes of its claims", "metadata": "title and date alone"}
    rows = [
        ["Licence", view.licence or "not stated"], ["Kept here", kept.get(view.storage, view.storage)],
        ["Source", view.source], ["DOI", view.doi or "none"], ["Language", view.language or "not known"],
        ["Peer reviewed", {True: "yes", False: "no", None: "not known"}[view.peer_reviewed]],
        ["First and last seen", f"{words.time(view.first_seen)}; {words.time(view.last_seen)}"],
        ["Addresses", "\n".join(view.addresses)],
        ["Of the field", "not asked" if view.relevance is None else f"{view.relevance:.2f}: {view.relevance_reason}"],
    ]  # fmt: skip
    put(table(["What", "Value"], rows, "Facts of the document"))
    st.header("Copies and other records of it")
    if not view.echoes:
        st.info("No other document in this base carries the same text or is the same work.")
    for echo in view.echoes:
        first = " · the original" if echo.original else ""
        put(tag("p", tag("strong", words.plain(echo.kind)), f" · {echo.publisher or ''} · {words.day(echo.published)}"
                f"{first}{' · ' + echo.why if echo.why else ''}", cls="cw-meta"))  # fmt: skip
        go_link("document", echo.title or echo.url, document=echo.document)


def _correct(view: DocumentView) -> None:
    name = ask_who()
    if name is None:
        return
    for text in st.session_state.pop("saved", ()):
        st.success(text, icon=":material/check:")
    with st.form("correct-document"):
        title = st.text_input("Title", value=clean(view.title or ""), max_chars=500)
        publisher = st.text_input("Publisher", value=clean(view.publisher or ""), max_chars=200)
        day = st.text_input("Published (2017, 2017-03 or 2017-03-02)", value=str(view.published or ""), max_chars=10)
        sent = st.form_submit_button("Save")
    if sent and day and as_date(day) is None:
        st.error("That is no date: write 2017, 2017-03 or 2017-03-02.")
    elif sent:
        was = {
            "title": clean(view.title or ""),
            "publisher": clean(view.publisher or ""),
            "published": str(view.published or ""),
        }
        new = {"title": title.strip(), "publisher": publisher.strip(), "published": day.strip()}
        review.save(view.id, {field: value for field, value in new.items() if value and value != was[field]}, name)
    review.decided(view.id)
