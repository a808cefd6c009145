"""The meta and link elements of a page, by lower-case name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from urllib.parse import urljoin, urlsplit

from lxml.html import HtmlElement

_MAX_VALUE = 2_000
Tags = Mapping[str, list[str]]


def meta_tags(tree: HtmlElement) -> dict[str, list[str]]:
    """Return the contents of meta elements by their name, property or itemprop, in document order."""
    found: dict[str, list[str]] = defaultdict(list)
    for node in tree.iter("meta"):
        content = " ".join((node.get("content") or "")[:_MAX_VALUE].split())
        if not content:
            continue
        for attribute in ("name", "property", "itemprop", "http-equiv"):
            if name := node.get(attribute):
                found[name.strip().lower().replace("dcterms:", "dcterms.").replace("dc:", "dc.")].append(content)
    return dict(found)


def link_tags(tree: HtmlElement) -> dict[str, list[str]]:
    """Return the addresses of link elements by each word of their ``rel``."""
    found: dict[str, list[str]] = defaultdict(list)
    for node in tree.iter("link"):
        href = (node.get("href") or "").strip()
        if href and len(href) <= _MAX_VALUE:
            for rel in (node.get("rel") or "").lower().split():
                found[rel].append(href)
    return dict(found)


def first(tags: Tags, *names: str) -> str | None:
    """Return the first content under the first of ``names`` that has one."""
    return next((tags[name][0] for name in names if tags.get(name)), None)


def every(tags: Tags, *names: str) -> list[str]:
    """Return all contents under the first of ``names`` that has any."""
    return next((tags[name] for name in names if tags.get(name)), [])


def web_address(base: str, hrefs: Iterable[str | None]) -> str | None:
    """Return the first of ``hrefs`` that is an http(s) address, made absolute."""
    for href in hrefs:
        if not href:
            continue
        try:
            joined = urljoin(base, href)
            parts = urlsplit(joined)
        except ValueError:
            continue
        if parts.scheme in ("http", "https") and parts.hostname:
            return joined
    return None
