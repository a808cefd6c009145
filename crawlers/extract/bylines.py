"""Who wrote a page: names out of the head, JSON-LD and the visible byline, cleaned."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from lxml.html import HtmlElement

_SIGNS = re.compile(r"[\W_]+")
_MAX_AUTHORS = 40
_BYLINE = re.compile(
    r"(?:^|[\s_-])(?:by-?line|author|authors|writer|contributor|posted-?by|written-?by)(?:$|[\s_-]|name)", re.I
)
_NOT_BYLINE = re.compile(
    r"bio|about|comment|avatar|image|photo|social|follow|related|more|box|card|description|footer|share", re.I
)
_BY = re.compile(
    r"^[\s|,;:–-]{0,9}(?:(?:written|posted|published|reported|words|story|review(?:ed)?|text)?\s{0,3}by\b[:\s]{0,5}){1,3}",
    re.I,
)
_LABEL = re.compile(r"^(?:authors?|by|from|reporter|written by)\s*:\s*", re.I)
_SPLIT = re.compile(r"(?<=[a-z]{3})\.\s+(?=[A-Z])|\s?[;|•·\n]\s?|\s(?:and|&|with)\s|,\s(?:and\s)?", re.I)
_TAIL = re.compile(
    r"\s?(?:\(|\bin\b\s|\bfor\b\s|\bof the\b|\bat\b\s|https?:|@|[|–—]|\bupdated\b|\bpublished\b|\bposted\b"
    r"|\bon\b\s).*$",
    re.I | re.S,
)
_ROLE = re.compile(
    r"\b(?:editor|reporter|correspondent|writer|columnist|contributor|producer|staff|director|manager|journalist|analyst"
    r"|officer|fellow|professor|researcher|chief|executive|head of|senior|policy|adviser|press|desk|team|bureau)\b",
    re.I,
)
_NAME = re.compile(r"(?:[^\W\d_][\w'’.-]*)(?:\s+[^\W\d_][\w'’.-]*){0,5}")
_AGENCY = re.compile(r"[\s,]{1,4}(?:(?:the )?associated press|ap|reuters|afp|pa media|press association)$", re.I)
_OUTLET = re.compile(
    r"\b(?:media|news|press|times|agency|agencies|international|bureau|network|services?|daily|post|herald|magazine|online|wire)\b"
    r"|\.(?:com|org|net|co\.uk|uk)\b",
    re.I,
)
_NOBODY = {
    "admin",
    "administrator",
    "editor",
    "webmaster",
    "guest",
    "staff",
    "user",
    "unknown",
    "author",
    "none",
    "null",
    "root",
}


def authors(said: Iterable[str], tree: HtmlElement, publisher: str | None, url: str) -> tuple[str, ...]:
    """Return the names of a page's authors: those its head gives, or the visible byline where that names them and more.

    The publisher is not its own author; an agency beside a person is where that person works.
    """
    sites = {key for key in (_key(publisher or ""), _key(_host(url)), _key(_host(url).split(".")[0])) if key}
    declared = _people(said, sites)
    shown = _people(_visible(tree), sites)
    found = shown if not declared or {_key(n) for n in declared} < {_key(n) for n in shown} else declared
    return tuple(found[:_MAX_AUTHORS])


def _people(values: Iterable[str], sites: set[str]) -> list[str]:
    names = list(dict.fromkeys(name for value in values for name in clean_names(value)))
    names = [name for name in names if not any(site.startswith(_key(name)) for site in sites)]
    people = [name for name in names if " " in name and not _OUTLET.search(name)]
    return people or names


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")


def _key(text: str) -> str:
    return _SIGNS.sub("", text.lower())


def clean_names(value: str) -> Iterator[str]:
    """Yield the names in one byline: without "By", roles, addresses and dates."""
    value = " ".join(_LABEL.sub("", _BY.sub("", value[:400].strip())).split())
    if value.startswith(("http", "www.", "/")):
        return
    parts = [part.strip(" .,:;-–|") for part in _SPLIT.split(value) if part and part.strip()]
    for n, part in enumerate(parts):
        name = _AGENCY.sub("", _TAIL.sub("", _BY.sub("", part))).strip(" .,:;-–|\"'")
        if not name or len(name) > 80 or name.lower() in _NOBODY or any(char.isdigit() for char in name):
            continue
        if n > 0 and _ROLE.search(name):
            continue
        if _NAME.fullmatch(name) and any(char.isupper() or not char.isascii() for char in name):
            yield name.title() if name.isupper() and len(name) > 5 else name


def _visible(tree: HtmlElement) -> list[str]:
    """The text of the first element that marks a byline, the surest marks first."""
    marks: list[list[str]] = [[], [], []]
    for node in tree.iter("a", "span", "div", "p", "address", "li", "strong", "h3", "h4", "cite"):
        label = f"{node.get('class') or ''} {node.get('id') or ''}"
        sure = node.get("rel") == "author" or "author" in (node.get("itemprop") or "")
        marked = sure or (len(label) > 1 and _BYLINE.search(label) and not _NOT_BYLINE.search(label))
        if len(node) >= 12 or not (marked or (node.text or "").lstrip()[:3] == "By "):
            continue
        text = " ".join("".join(node.itertext()).split())
        if 3 < len(text) < 160:
            marks[0 if sure else 1 if marked and _BY.match(text) else 2].append(text)
    best = next((found for found in marks if found), [])
    return list(dict.fromkeys(best))[: 3 if best is marks[0] else 1]
