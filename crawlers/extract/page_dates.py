"""When a page was published and updated: what its head declares, else what stands on it."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from htmldate import find_date
from lxml.html import HtmlElement

from crawlers.extract.dates import iso_date
from crawlers.extract.meta_tags import Tags, first

_PUBLISHED = (
    "article:published_time", "citation_publication_date", "citation_online_date", "citation_date", "dcterms.issued",
    "dc.date.issued", "datepublished", "article:published", "og:published_time", "parsely-pub-date", "sailthru.date",
    "publish_date", "publish-date", "pubdate", "publication_date", "dcterms.created", "dc.date.created", "dcterms.date",
    "dc.date", "article.published", "cxenseparse:recs:publishtime", "date", "ptime", "dcsext.articlefirstpublished",
    "displaydate", "originalpublicationdate", "article_date_original", "govuk:first-published-at",
)  # fmt: skip
_UPDATED = (
    "article:modified_time", "dcterms.modified", "dc.date.modified", "datemodified", "og:updated_time", "lastmod",
    "last-modified",
    "article:modified", "utime", "dcsext.articleupdated",
    "govuk:public-updated-at", "govuk:updated-at",
)  # fmt: skip
_IN_PATH = re.compile(r"/((?:19|20)\d{2})[/-](0?[1-9]|1[0-2]|[a-z]{3})[/-](0?[1-9]|[12]\d|3[01])(?=[/_.-]|$)", re.I)
_WRITTEN = re.compile(r"(?:published|posted|first published|date|created|issued)\b[^\n]{0,12}", re.I)
_MARK = re.compile(
    r"publish|posted|pub-?date|entry-date|post-date|article-?date|date-?line|timestamp|dateline|created|(?:^|[\s_-])date(?:$|[\s_-])",
    re.I,
)


def published(tree: HtmlElement, url: str, article: dict[str, Any], tags: Tags, *, day_first: bool) -> str | None:
    """Return the date of publication as YYYY-MM-DD, or None where the page does not say.

    A declared moment is often in UTC; where the page itself, or its address, dates it a day apart, readers' date
    stands.
    """
    for value in (article.get("datePublished"), article.get("dateCreated"), first(tags, *_PUBLISHED)):
        if isinstance(value, str) and (found := iso_date(value, day_first=day_first)):
            shown = (_from_path(url) or _visible(tree, day_first=day_first)) if ":" in value else None
            return shown if shown and _days_apart(found, shown) == 1 else found
    return _visible(tree, day_first=day_first) or _from_path(url) or _searched(tree, url)


def _days_apart(one: str, other: str) -> int:
    return abs((date.fromisoformat(one) - date.fromisoformat(other)).days)


def updated(article: dict[str, Any], tags: Tags, *, day_first: bool) -> str | None:
    """Return the date of the last update that the head declares, or None."""
    for value in (article.get("dateModified"), first(tags, *_UPDATED)):
        if isinstance(value, str) and (found := iso_date(value, day_first=day_first)):
            return found
    return None


def _visible(tree: HtmlElement, *, day_first: bool) -> str | None:
    """The first time element, or element marked as a date, that holds one."""
    for node in tree.iter("time"):
        marked = f"{node.get('itemprop') or ''} {node.get('class') or ''}".lower()
        if "modif" in marked or "updated" in marked:
            continue
        if found := iso_date(node.get("datetime"), day_first=day_first) or iso_date(_text(node), day_first=day_first):
            return found
    for node in tree.iter("span", "div", "p", "li", "small", "abbr", "em", "dd"):
        label = f"{node.get('class') or ''} {node.get('id') or ''} {node.get('itemprop') or ''}"
        labelled = len(label) > 2 and _MARK.search(label)
        if len(node) >= 8 or not (labelled or _WRITTEN.match((node.text or "").lstrip())):
            continue
        if not 5 < len(text := _text(node)) < 120:
            continue
        if found := iso_date(node.get("content") or node.get("title"), day_first=day_first) or iso_date(
            text, day_first=day_first
        ):
            return found
    return None


def _text(node: HtmlElement) -> str:
    return " ".join("".join(node.itertext()).split())


def _from_path(url: str) -> str | None:
    found = _IN_PATH.search(url)
    return iso_date(f"{found[3]} {found[2]} {found[1]}" if found[2].isalpha() else "-".join(
        (found[1], found[2].zfill(2), found[3].zfill(2)))) if found else None  # fmt: skip


def _searched(tree: HtmlElement, url: str) -> str | None:
    return find_date(tree, url=url, original_date=True, extensive_search=False)
