"""Alerts: what a person asked to be told of since the last run, as Markdown, as Atom entries, as an e-mail.

Told of are claims that newly match a watched search, figures that changed in a watched claim, pages that are gone and
sources that have been silent. Rows come in, a Digest goes out; nothing here reads the base.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from warehouse.exports.atom import Entry, web_address

_MARKDOWN = re.compile(
    r"[\\`*_\[\]<>|~&$^@]"  # marks wherever they stand
    r"|:(?=//)|(?<=www)\.|:(?=[\w/+-]{1,40}:)"  # what would make a bare address a link, or a word a picture
    r"|\A[#+=>-]|(?<=\A\d)[.)]|(?<=\A\d\d)[.)]|(?<=\A\d{3})[.)]|(?<=\A\d{4})[.)]"  # marks at the start of a line
)
MAX_QUOTE_CHARS = 600
MAX_LISTED = 50  # rows of one section that an alert lists; the rest is counted


@dataclass(frozen=True, slots=True)
class Watched:
    """A saved search with a watch."""

    name: str
    query: str


@dataclass(frozen=True, slots=True)
class NewClaim:
    """A claim that matches the watched search ``search`` and did not before. ``link`` leads to the quote."""

    search: str
    thread: str
    quote: str
    kind: str
    title: str
    publisher: str | None
    link: str
    seen: datetime


@dataclass(frozen=True, slots=True)
class FigureChange:
    """A figure that changed in a claim of the watched search ``search``; ``id`` is the change's."""

    search: str
    id: str
    old: str
    new: str
    title: str
    link: str
    at: datetime


@dataclass(frozen=True, slots=True)
class GonePage:
    """A document whose page is gone, as a request at ``at`` found."""

    document: str
    title: str
    url: str
    at: datetime


@dataclass(frozen=True, slots=True)
class SilentSource:
    """A source that gave nothing for ``nights`` runs; ``last`` is when it last did, if ever."""

    source: str
    title: str
    nights: int
    last: datetime | None


@dataclass(frozen=True, slots=True)
class Digest:
    """What there is to tell at ``at``: sections of a heading and their entries, in a fixed order."""

    at: datetime
    sections: tuple[tuple[str, tuple[Entry, ...]], ...]

    @property
    def entries(self) -> tuple[Entry, ...]:
        """All entries, as a feed takes them."""
        return tuple(entry for _, entries in self.sections for entry in entries)

    @property
    def subject(self) -> str:
        """One line that counts what is inside."""
        counts = ", ".join(f"{heading} ({len(entries)})" for heading, entries in self.sections)
        return f"Claimwatch: {counts or 'nothing new'}"

    def markdown(self) -> str:
        """Return the digest as Markdown; everything from outside is escaped, so that it stays text."""
        lines = [f"# Claimwatch, {self.at:%d %B %Y}", ""]
        for heading, entries in self.sections:
            lines += [f"## {escape(heading)} ({len(entries)})", ""]
            lines += [line for entry in entries[:MAX_LISTED] for line in _item(entry)]
            lines += _more(entries)
        return "\n".join(lines if self.sections else [*lines, "Nothing new.", ""])

    def text(self) -> str:
        """Return the digest as plain text, as an e-mail carries it: nothing in it is read as a mark."""
        lines = [f"Claimwatch, {self.at:%d %B %Y}", ""]
        for heading, entries in self.sections:
            title = f"{heading} ({len(entries)})"
            lines += [title, "-" * len(title), ""]
            for entry in entries[:MAX_LISTED]:
                lines += [" ".join(entry.title.split()), *(f"  {line}" for line in entry.text.split("\n\n"))]
                lines += [f"  {entry.link}", ""] if entry.link and web_address(entry.link) else [""]
            lines += _more(entries)
        return "\n".join(lines if self.sections else [*lines, "Nothing new.", ""])


def digest(
    saved: Sequence[Watched],
    new_claims: Sequence[NewClaim],
    figure_changes: Sequence[FigureChange],
    gone_pages: Sequence[GonePage],
    silent_sources: Sequence[SilentSource],
    now: datetime,
) -> Digest:
    """Return what to tell of watched searches, pages and sources, told once each, empty sections left out.

    Rows of a search that is not among ``saved`` (its watch was taken off meanwhile) are not told.
    """
    sections: list[tuple[str, list[Entry]]] = []
    for search in saved:
        sections.append((f"New claims for “{search.name}”", [_claim(c) for c in new_claims if c.search == search.name]))
        figures = [_figure(c) for c in figure_changes if c.search == search.name]
        sections.append((f"Figures changed in “{search.name}”", figures))
    sections.append(("Pages gone", [_gone(page) for page in gone_pages]))
    sections.append(("Silent sources", [_silent(source, now) for source in silent_sources]))
    return Digest(now, tuple((heading, _once(entries)) for heading, entries in sections if entries))


def _once(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    unique: Mapping[str, Entry] = {entry.key: entry for entry in entries}
    return tuple(sorted(unique.values(), key=lambda e: (e.updated.replace(tzinfo=None), e.key), reverse=True))


def _claim(c: NewClaim) -> Entry:
    text = f"{_short(c.quote)}\n\n{c.title}{f', {c.publisher}' if c.publisher else ''}"
    return Entry(f"alert/{c.search}/claim/{c.thread}", f"{c.kind}: {c.title}", text, c.seen, c.link, c.publisher)


def _figure(c: FigureChange) -> Entry:
    text = f"Before: {_short(c.old)}\n\nNow: {_short(c.new)}"
    return Entry(f"alert/{c.search}/figure/{c.id}", f"figure changed: {c.title}", text, c.at, c.link)


def _gone(page: GonePage) -> Entry:
    text = f"The page is gone since {page.at:%d %B %Y}. What it said is kept."
    return Entry(f"alert/gone/{page.document}/{page.at:%Y%m%d}", f"gone: {page.title}", text, page.at, page.url)


def _silent(source: SilentSource, now: datetime) -> Entry:
    since = f"{source.last:%d %B %Y}" if source.last else "never"
    text = f"Nothing came for {source.nights} nights; last: {since}. Try `claimwatch sources check {source.source}`."
    since_key = f"{source.last:%Y%m%d}" if source.last else "never"
    return Entry(f"alert/silent/{source.source}/{since_key}", f"silent: {source.title}", text, source.last or now)


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= MAX_QUOTE_CHARS else text[: MAX_QUOTE_CHARS - 1] + "…"


def _more(entries: Sequence[Entry]) -> list[str]:
    return [f"… and {len(entries) - MAX_LISTED} more.", ""] if len(entries) > MAX_LISTED else []


def escape(text: str) -> str:
    """Return ``text`` so that Markdown shows it as it is: no link, no emphasis, no HTML, on one line."""
    return _MARKDOWN.sub(r"\\\g<0>", " ".join(text.split()))


def _item(entry: Entry) -> list[str]:
    link = web_address(entry.link) if entry.link else None
    title = f"[{escape(entry.title)}](<{link}>)" if link else escape(entry.title)
    return [f"- {title}", *(f"  {escape(part)}  " for part in entry.text.split("\n\n")), ""]
