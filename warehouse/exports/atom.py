"""Atom feeds (RFC 4287) of changes: each entry carries the old and the new sentence, so that no click is needed.

An entry says it twice: plain in its summary, and as XHTML with the words that differ struck or underlined. Text from
outside goes in as text, never as markup; what XML cannot hold is taken out. Ids are tag addresses (RFC 4151) made of
what an entry is about, so that a reader sees an edit as new exactly where it is new.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol
from urllib.parse import quote, urlsplit, urlunsplit

from lxml import etree

ATOM = "http://www.w3.org/2005/Atom"
XHTML = "http://www.w3.org/1999/xhtml"
TAG = "tag:claimwatch.localhost,2026:"
MAX_TITLE_CHARS = 160
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SAFE_IN_URL = "%/:?@!$&'()*+,;=-._~"
_BARE_PERCENT = re.compile("%(?![0-9A-Fa-f]{2})")
_HOST = re.compile(r"(?:[\w.~!$&'()*+,;=:%-]*@)?(?:[\w.~-]+|\[[0-9A-Fa-f:.]+\])(?::\d*)?")

BEFORE, NOW = "Before: ", "Now: "
SIDES = {BEFORE: "delete", NOW: "insert"}
MARKS = {"delete": "del", "insert": "ins"}
Words = Sequence[Sequence[str]]  # (equal | delete | insert, text), as nlp's word_diff gives them


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry. ``key`` is what it is about, unique and for ever the same; ``text`` its paragraphs, plain.

    ``words`` are the differences between the two sentences that ``text`` gives after "Before:" and "Now:".
    """

    key: str
    title: str
    text: str
    updated: datetime
    link: str | None = None
    author: str | None = None
    categories: tuple[str, ...] = ()
    words: Words = ()


class ChangedSentence(Protocol):
    """A change as the read side gives it."""

    @property
    def id(self) -> str: ...  # noqa: D102
    @property
    def kind(self) -> str: ...  # noqa: D102
    @property
    def also(self) -> Sequence[str]: ...  # noqa: D102
    @property
    def old(self) -> str | None: ...  # noqa: D102
    @property
    def new(self) -> str | None: ...  # noqa: D102
    @property
    def title(self) -> str | None: ...  # noqa: D102
    @property
    def publisher(self) -> str | None: ...  # noqa: D102
    @property
    def url(self) -> str: ...  # noqa: D102
    @property
    def at(self) -> datetime: ...  # noqa: D102
    @property
    def themes(self) -> Sequence[str]: ...  # noqa: D102
    @property
    def detail(self) -> Mapping[str, Any]: ...  # noqa: D102


def change_entry(change: ChangedSentence) -> Entry:
    """Return a change as an entry: what happened, then the old sentence, then the new one."""
    kind = ("title " if change.detail.get("part") == "title" else "") + change.kind.replace("_", " ")
    also = f" (also {', '.join(k.replace('_', ' ') for k in change.also)})" if change.also else ""
    lines = [f"{kind}{also}"]
    lines += [f"{side}{' '.join(text.split())}" for side, text in ((BEFORE, change.old), (NOW, change.new)) if text]
    return Entry(
        key=f"change/{change.id}",
        title=f"{kind}: {change.title or change.url}",
        text="\n\n".join(lines),
        updated=change.at,
        link=change.url,
        author=change.publisher,
        categories=(change.kind, *change.also, *change.themes),
        words=change.detail.get("words", ()) if change.old and change.new else (),
    )


def write_feed(title: str, key: str, entries: Iterable[Entry], now: datetime, self_url: str | None = None) -> bytes:
    """Return a whole Atom feed as UTF-8 bytes, the newest entry first.

    Args:
        title: of the feed.
        key: what the feed is about, for ever the same; its id is made of it, so that it may move to another address.
        entries: of any order; two with one key are one (the later).
        now: the feed's time where it has no entry (UTC).
        self_url: the http(s) address where the feed is found, where there is one.
    """
    unique = {e.key: e for e in sorted(entries, key=lambda e: (_utc(e.updated), e.key))}
    newest_first = sorted(unique.values(), key=lambda e: (_utc(e.updated), e.key), reverse=True)
    feed = etree.Element(_name("feed"), nsmap={None: ATOM})
    _add(feed, "id", tag_address(f"feed/{key}"))
    _add(feed, "title", title)
    _add(feed, "updated", _stamp(newest_first[0].updated if newest_first else now))
    if self_url:
        _link(feed, "self", self_url)
    _author(feed, "Claimwatch")
    _add(feed, "generator", "Claimwatch")
    nodes = [_entry(feed, entry) for entry in newest_first]
    etree.indent(feed)
    for node, entry in zip(nodes, newest_first, strict=True):  # not indented: blanks between words would show
        _content(node, entry)
    body: bytes = etree.tostring(feed, encoding="utf-8", xml_declaration=True)
    return body + b"\n"


def tag_address(key: str) -> str:
    """Return the stable id of what ``key`` names."""
    return TAG + quote(key.encode("utf-8", "replace"), safe="/-._~:")


def _entry(feed: etree._Element, entry: Entry) -> etree._Element:
    node = etree.SubElement(feed, _name("entry"))
    _add(node, "id", tag_address(entry.key))
    title = " ".join(entry.title.split())
    _add(node, "title", title if len(title) <= MAX_TITLE_CHARS else title[: MAX_TITLE_CHARS - 1] + "…")
    _add(node, "updated", _stamp(entry.updated))
    if entry.author:
        _author(node, entry.author)
    if entry.link:
        _link(node, "alternate", entry.link)
    for term in filter(None, dict.fromkeys(clean(term).strip() for term in entry.categories)):
        etree.SubElement(node, _name("category"), term=term)
    _add(node, "summary", entry.text).set("type", "text")
    return node


def _content(node: etree._Element, entry: Entry) -> None:
    """Write the paragraphs as XHTML; of a changed pair, what went is struck and what came underlined."""
    content = etree.SubElement(node, _name("content"), type="xhtml")
    division = etree.SubElement(content, f"{{{XHTML}}}div", nsmap={None: XHTML})
    for part in entry.text.split("\n\n"):
        side = next((side for side in SIDES if entry.words and part.startswith(side)), None)
        _runs(etree.SubElement(division, f"{{{XHTML}}}p"), _marked(side, entry.words) if side else [("equal", part)])


def _marked(side: str, words: Words) -> list[tuple[str, str]]:
    return [("equal", side), *((op, text) for op, text in words if op in ("equal", SIDES[side]))]


def _runs(paragraph: etree._Element, runs: Iterable[tuple[str, str]]) -> None:
    last: etree._Element | None = None
    for op, text in runs:
        if op in MARKS:
            last = etree.SubElement(paragraph, f"{{{XHTML}}}{MARKS[op]}")
            last.text = clean(text)
        elif last is None:
            paragraph.text = (paragraph.text or "") + clean(text)
        else:
            last.tail = (last.tail or "") + clean(text)


def clean(text: str) -> str:
    """Return ``text`` without the characters that XML cannot hold."""
    return _NOT_XML.sub("", text)


def web_address(url: str) -> str | None:
    """Return ``url`` as it may stand in a link (RFC 3986), or None where it leads to no web page."""
    try:
        parts = urlsplit(clean(url).strip())
        host = parts.hostname
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not host or not _HOST.fullmatch(parts.netloc):
        return None
    escaped = (_escaped(part) for part in (parts.path, parts.query, parts.fragment))
    return urlunsplit((parts.scheme, parts.netloc, *escaped))


def _escaped(part: str) -> str:
    return quote(_BARE_PERCENT.sub("%25", part).encode("utf-8", "replace"), safe=_SAFE_IN_URL)


def _name(local: str) -> str:
    return f"{{{ATOM}}}{local}"


def _add(parent: etree._Element, local: str, text: str) -> etree._Element:
    node = etree.SubElement(parent, _name(local))
    node.text = clean(text)
    return node


def _author(parent: etree._Element, name: str) -> None:
    _add(etree.SubElement(parent, _name("author")), "name", clean(name).strip() or "unknown")


def _link(parent: etree._Element, rel: str, url: str) -> None:
    href = web_address(url)
    if href:
        node = etree.SubElement(parent, _name("link"), rel=rel, href=href)
        if rel == "self":
            node.set("type", "application/atom+xml")


def _utc(at: datetime) -> datetime:
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def _stamp(at: datetime) -> str:
    return _utc(at).strftime("%Y-%m-%dT%H:%M:%SZ")
