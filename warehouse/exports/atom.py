"""Atom feeds (RFC 4287) of changes: each entry carries the old and the new sentence, so that no click is needed.

Text from outside goes in as text, never as markup; what XML cannot hold is taken out. Ids are tag addresses
(RFC 4151) made of what an entry is about, so that a reader sees an edit as new exactly where it is new.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol
from urllib.parse import quote, urlsplit
from xml.etree import ElementTree

ATOM = "http://www.w3.org/2005/Atom"
TAG = "tag:claimwatch.localhost,2026:"
MAX_TITLE_CHARS = 160
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SAFE_IN_URL = "%/:?#[]@!$&'()*+,;=-._~"

ElementTree.register_namespace("", ATOM)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry. ``key`` is what it is about, unique and for ever the same; ``text`` its content, plain."""

    key: str
    title: str
    text: str
    updated: datetime
    link: str | None = None
    author: str | None = None
    categories: tuple[str, ...] = ()


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


def change_entry(change: ChangedSentence) -> Entry:
    """Return a change as an entry: what happened, then the old sentence, then the new one."""
    kind = change.kind.replace("_", " ")
    also = f" (also {', '.join(k.replace('_', ' ') for k in change.also)})" if change.also else ""
    lines = [f"{kind}{also}"]
    lines += [f"Before: {change.old}"] if change.old is not None else []
    lines += [f"Now: {change.new}"] if change.new is not None else []
    return Entry(
        key=f"change/{change.id}",
        title=f"{kind}: {change.title or change.url}",
        text="\n\n".join(lines),
        updated=change.at,
        link=change.url,
        author=change.publisher,
        categories=(change.kind, *change.also, *change.themes),
    )


def write_feed(title: str, self_url: str, entries: Iterable[Entry], now: datetime) -> bytes:
    """Return a whole Atom feed as UTF-8 bytes, the newest entry first.

    Args:
        title: of the feed.
        self_url: where the feed will be found; its id is made of it.
        entries: of any order; two with one key are one (the later).
        now: the feed's time where it has no entry (UTC).
    """
    unique = {e.key: e for e in sorted(entries, key=lambda e: (_utc(e.updated), e.key))}
    newest_first = sorted(unique.values(), key=lambda e: (_utc(e.updated), e.key), reverse=True)
    feed = ElementTree.Element(_name("feed"))
    _add(feed, "id", tag_address(f"feed/{self_url}"))
    _add(feed, "title", title)
    _add(feed, "updated", _stamp(newest_first[0].updated if newest_first else now))
    _link(feed, "self", self_url)
    _author(feed, "Claimwatch")
    _add(feed, "generator", "Claimwatch")
    for entry in newest_first:
        _entry(feed, entry)
    ElementTree.indent(feed)
    body: bytes = ElementTree.tostring(feed, encoding="utf-8", xml_declaration=True)
    return body + b"\n"


def tag_address(key: str) -> str:
    """Return the stable id of what ``key`` names."""
    return TAG + quote(key.encode("utf-8", "replace"), safe="/-._~:")


def _entry(feed: ElementTree.Element, entry: Entry) -> None:
    node = ElementTree.SubElement(feed, _name("entry"))
    _add(node, "id", tag_address(entry.key))
    title = " ".join(entry.title.split())
    _add(node, "title", title if len(title) <= MAX_TITLE_CHARS else title[: MAX_TITLE_CHARS - 1] + "…")
    _add(node, "updated", _stamp(entry.updated))
    if entry.author:
        _author(node, entry.author)
    if entry.link:
        _link(node, "alternate", entry.link)
    for term in filter(None, dict.fromkeys(clean(term).strip() for term in entry.categories)):
        ElementTree.SubElement(node, _name("category"), term=term)
    _add(node, "content", entry.text).set("type", "text")


def clean(text: str) -> str:
    """Return ``text`` without the characters that XML cannot hold."""
    return _NOT_XML.sub("", text)


def web_address(url: str) -> str | None:
    """Return ``url`` as it may stand in a link, or None where it leads to no web page."""
    try:
        scheme = urlsplit(url).scheme
    except ValueError:
        return None
    return quote(clean(url).encode("utf-8", "replace"), safe=_SAFE_IN_URL) if scheme in ("http", "https") else None


def _name(local: str) -> str:
    return f"{{{ATOM}}}{local}"


def _add(parent: ElementTree.Element, local: str, text: str) -> ElementTree.Element:
    node = ElementTree.SubElement(parent, _name(local))
    node.text = clean(text)
    return node


def _author(parent: ElementTree.Element, name: str) -> None:
    _add(ElementTree.SubElement(parent, _name("author")), "name", clean(name).strip() or "unknown")


def _link(parent: ElementTree.Element, rel: str, url: str) -> None:
    href = web_address(url)
    if href:
        node = ElementTree.SubElement(parent, _name("link"), rel=rel, href=href)
        if rel == "self":
            node.set("type", "application/atom+xml")


def _utc(at: datetime) -> datetime:
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def _stamp(at: datetime) -> str:
    return _utc(at).strftime("%Y-%m-%dT%H:%M:%SZ")
