"""The title of a page: what stands on it, confirmed by what its head says."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from urllib.parse import urlsplit

from lxml.html import HtmlElement

_SIGNS = re.compile(r"[\W_]+")
MAX_TITLE = 300
_SEPARATORS = re.compile(r"\s[|–—·»«:•-]{1,2}\s|\s?\|\s?|\s::\s")
_HIDDEN = re.compile(r"logo|site-?(?:title|name)|visually-?hidden|sr-only|brand", re.I)


def page_title(tree: HtmlElement, url: str, said: Sequence[str | None], publisher: str | None) -> str | None:
    """Return the title.

    ``said`` are titles given in the head (JSON-LD, citation_title, og:title), the surest first. A level-one heading
    that
    one of them, or the title element, confirms wins: it is what readers see. So does one in the article itself that
    shares more words with the address than the head's titles do. Else the first of ``said``, else the title element,
    each without the site's name.
    """
    head = _line("".join(tree.findtext(".//title") or ""))
    claims = [_without_site(_line(title), publisher) for title in said if title]
    bare = _without_site(head, publisher)
    headings = [(node, text) for node, text in _headings(tree) if _key(text) != _key(publisher or "")]
    known = [claim for claim in [*claims, bare] if claim]
    parts = {_key(part) for part in _SEPARATORS.split(head)}
    for _, heading in headings:
        if _key(heading) in parts or any(_alike(heading, claim) for claim in known):
            return heading[:MAX_TITLE]
    slug = _words(urlsplit(url).path)
    most = max((len(slug & _words(claim)) for claim in known), default=0)
    for node, heading in headings:
        inside = next(node.iterancestors("article", "main"), None) is not None
        if inside and len(slug & _words(heading)) > max(most, 1):
            return heading[:MAX_TITLE]
    chosen = next(iter(known), None) or next((heading for _, heading in headings), None)
    return chosen[:MAX_TITLE] if chosen else None


def _words(text: str) -> set[str]:
    return {word for word in re.split(r"[^\w]+|_", text.lower()) if len(word) > 3}


def site_name(tree: HtmlElement, title: str | None) -> str | None:
    """Return the site's name where the title element is ``title``, a separator and up to four words more."""
    parts = _SEPARATORS.split(_line("".join(tree.findtext(".//title") or "")))
    if title is None or len(parts) < 2 or len(parts[-1].split()) > 4:
        return None
    return parts[-1] if _key(parts[0]) == _key(title) or _key("".join(parts[:-1])) == _key(title) else None


def _headings(tree: HtmlElement) -> list[tuple[HtmlElement, str]]:
    nodes = [
        node for node in tree.iter("h1") if not _HIDDEN.search(f"{node.get('class') or ''} {node.get('id') or ''}")
    ]
    found = [(node, _line(" ".join(node.itertext()))) for node in nodes]
    return [(node, text) for node, text in found if 3 < len(text) <= MAX_TITLE]


def _alike(heading: str, claim: str) -> bool:
    one, other = _key(heading), _key(claim)
    if not one or not other:
        return False
    if one == other or (min(len(one), len(other)) > 15 and (one in other or other in one)):
        return True
    ours, theirs = _words(heading), _words(claim)
    if len(ours & theirs) >= 3 and len(ours & theirs) >= 0.4 * min(len(ours), len(theirs)):
        return True
    return SequenceMatcher(None, one[:200], other[:200], autojunk=False).ratio() > 0.75


def _without_site(title: str, publisher: str | None) -> str:
    """Take the site's name off either end; the title keeps its own dashes."""
    parts = _SEPARATORS.split(title)
    if len(parts) < 2:
        return title
    site = _key(publisher or "")
    first, last = parts[0], parts[-1]
    cut_last, cut_first = title[: title.rfind(last)].rstrip(" |–—·»«:•-"), title[len(first) :].lstrip(" |–—·»«:•-")
    if site and _key(last) and (_key(last) in site or site in _key(last)):
        return _without_site(cut_last, publisher) if len(parts) > 2 else cut_last
    if site and _key(first) and _key(first) in site:
        return cut_first
    if not site and len(last.split()) <= 4 and len(cut_last) > 2 * len(last):
        return cut_last
    return title


def _line(text: str) -> str:
    return " ".join(text.replace("\u200b", "").split())


def _key(text: str) -> str:
    return _SIGNS.sub("", text.lower())
