"""What a page says of itself: JSON-LD first, then the meta elements of its trade, then what stands on it."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from crawlers.extract import jsonld
from crawlers.extract.bylines import authors
from crawlers.extract.meta_tags import Tags, every, first, link_tags, meta_tags, web_address
from crawlers.extract.page_dates import published, updated
from crawlers.extract.titles import page_title, site_name

_DOI = re.compile(r"\b(10\.\d{4,9}/[^\s\"'<>&?#]{1,200})")
_LICENCES = ("creativecommons.org/licenses/", "creativecommons.org/publicdomain/", "open-government-licence",
             "open-parliament-licence")  # fmt: skip
_RIGHTS = ("tdm-reservation", "tdm-policy", "robots")


def page_metadata(tree: HtmlElement, url: str) -> dict[str, Any]:
    """Return the fields of a Document that the head, JSON-LD and byline of a page give."""
    article, tags, links = jsonld.article_of(tree), meta_tags(tree), link_tags(tree)
    language = _language(tree, article, tags)
    day_first = (language or "").lower() != "en-us"
    publisher = _publisher(article, tags)
    titles = [jsonld.text(article.get("headline")), first(tags, "citation_title"), first(tags, "og:title", "dc.title",
              "dcterms.title", "twitter:title"), jsonld.text(article.get("name"))]  # fmt: skip
    study = bool(tags.get("citation_journal_title")) or "ScholarlyArticle" in str(article.get("@type"))
    canonical = _canonical(url, links, tags)
    title = page_title(tree, url, titles, publisher)
    publisher = publisher or site_name(tree, title)
    return {
        "title": title,
        "authors": authors(_said_authors(article, tags), tree, publisher, url),
        "published": published(tree, url, article, tags, day_first=day_first),
        "updated": updated(article, tags, day_first=day_first),
        "publisher": publisher,
        "language": language.split("-")[0].lower() if language else None,
        "canonical_url": canonical,
        "licence": _licence(tree, url, article, tags, links),
        "doi": _doi(article, tags),
        "kind": "study" if study else "page",
        "aliases": _aliases(url, links, tags),
        "extra": {f"page_{name}": tags[name][0] for name in _RIGHTS if tags.get(name)},
    }


def _said_authors(article: dict[str, Any], tags: Tags) -> list[str]:
    return (
        jsonld.names(article.get("author"))
        or [_given_first(name) for name in every(tags, "citation_author", "citation_authors")]
        or every(tags, "author", "dc.creator", "dcterms.creator", "parsely-author", "sailthru.author", "byl",
            "article:author",
                 "byline", "twitter:data1" if "by" in (first(tags, "twitter:label1") or "").lower() else "-")
    )  # fmt: skip


def _given_first(name: str) -> str:
    family, comma, given = name.partition(", ")
    return f"{given} {family}" if comma and "," not in given else name


def _publisher(article: dict[str, Any], tags: Tags) -> str | None:
    said = jsonld.names(article.get("publisher"))
    return (
        first(tags, "citation_journal_title")
        or (said[0] if said else None)
        or first(tags, "og:site_name", "citation_publisher", "dc.publisher", "dcterms.publisher", "application-name")
    )


def _language(tree: HtmlElement, article: dict[str, Any], tags: Tags) -> str | None:
    said = (
        tree.get("lang")
        or jsonld.text(article.get("inLanguage"))
        or first(tags, "og:locale", "dc.language", "content-language")
    )
    found = re.match(r"[A-Za-z]{2}(?:[-_][A-Za-z]{2})?\b", said or "")
    return found[0].replace("_", "-") if found else None


def _canonical(url: str, links: Tags, tags: Tags) -> str | None:
    """The address the page gives itself; one that only names the site's front page is a mistake of its template."""
    found = web_address(url, [*links.get("canonical", []), first(tags, "og:url")])
    if (
        found
        and urlsplit(found).path in ("", "/")
        and not urlsplit(found).query
        and urlsplit(url).path not in ("", "/")
    ):
        return None
    return found


def _aliases(url: str, links: Tags, tags: Tags) -> tuple[str, ...]:
    said = [*links.get("amphtml", [])[:1], *links.get("shortlink", [])[:1]]
    return tuple(dict.fromkeys(found for href in said if (found := web_address(url, [href]))))


def _licence(tree: HtmlElement, url: str, article: dict[str, Any], tags: Tags, links: Tags) -> str | None:
    declared = web_address(url, links.get("license", [])) or jsonld.text(article.get("license"))
    declared = declared or first(tags, "dcterms.license", "dc.rights.license", "dcterms.rights", "dc.rights")
    if declared:
        return declared[:300]
    for node in tree.iter("a"):
        href = node.get("href") or ""
        if node.get("rel") == "license" or any(mark in href for mark in _LICENCES):
            return (web_address(url, [href]) or href)[:300]
    return None


def _doi(article: dict[str, Any], tags: Tags) -> str | None:
    said = [first(tags, "citation_doi", "prism.doi", "bepress_citation_doi"), *every(tags, "dc.identifier",
        "dcterms.identifier"),
            jsonld.text(article.get("sameAs")), jsonld.text(article.get("identifier"))]  # fmt: skip
    for value in said:
        if value and (found := _DOI.search(value)):
            return found[1].rstrip(".,;)").lower()
    return None
