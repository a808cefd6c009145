"""What a page's JSON-LD says of its article. Source: schema.org, Article and CreativeWork."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from lxml.html import HtmlElement

_MAX_CHARS = 500_000
_MAX_NODES = 2_000
_CONTROL = re.compile(r"[\x00-\x1f]")
_ARTICLE = re.compile(r"(?:article|posting|report|webpage|guide|statement|document|creativework|pressrelease)$", re.I)
_WEAK = re.compile(r"webpage$", re.I)


def article_of(tree: HtmlElement) -> dict[str, Any]:
    """Return the JSON-LD node that describes the page's article, the fullest one, or an empty mapping."""
    nodes = [node for node in _nodes(tree) if any(_ARTICLE.search(name) for name in _types(node))]
    return max(nodes, key=_rank, default={})


def _rank(node: dict[str, Any]) -> tuple[bool, int]:
    strong = not any(_WEAK.search(name) for name in _types(node))
    return strong, sum(key in node for key in ("headline", "datePublished", "author", "publisher", "articleBody"))


def names(value: Any) -> list[str]:
    """Return the names in an author or publisher value: strings, nodes with a name, or lists of either."""
    if isinstance(value, str):
        return [value.strip()] if value.strip() else []
    if isinstance(value, dict):
        return names(value.get("name"))
    return [name for part in value[:50] for name in names(part)] if isinstance(value, list) else []


def text(value: Any) -> str | None:
    """Return a value as one line of text where it is one, or its first, or its address."""
    if isinstance(value, list):
        return text(value[0]) if value else None
    if isinstance(value, dict):
        return text(value.get("@id") or value.get("url") or value.get("name"))
    return " ".join(str(value).split()) or None if isinstance(value, str | int) else None


def _types(node: dict[str, Any]) -> list[str]:
    kind = node.get("@type")
    return [name for name in (kind if isinstance(kind, list) else [kind]) if isinstance(name, str)]


def _nodes(tree: HtmlElement) -> Iterator[dict[str, Any]]:
    for script in tree.iter("script"):
        if (script.get("type") or "").strip().lower() != "application/ld+json" or not script.text:
            continue
        raw = script.text.strip().removeprefix("<!--").removesuffix("-->").strip().rstrip(";")
        if len(raw) > _MAX_CHARS or ("headline" not in raw and "datePublished" not in raw and "author" not in raw):
            continue
        try:
            yield from _walk(json.loads(_CONTROL.sub(" ", raw)))
        except (ValueError, RecursionError):  # publishers' JSON is broken often enough; the page has other words
            continue


def _walk(root: Any) -> Iterator[dict[str, Any]]:
    waiting, seen = [root], 0
    while waiting and seen < _MAX_NODES:
        value = waiting.pop()
        seen += 1
        if isinstance(value, list):
            waiting += value
        elif isinstance(value, dict):
            yield value
            waiting += [
                part
                for key, part in value.items()
                if key in ("@graph", "mainEntity", "mainEntityOfPage", "itemListElement")
            ]
