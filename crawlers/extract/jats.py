"""Journal articles in JATS: what they say of themselves, and their text by sections, without the reference list.

Source: Journal Article Tag Suite 1.3 (ANSI/NISO Z39.96), element descriptions.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lxml import etree

from crawlers.errors import UnreadableError
from crawlers.extract.dates import build_date
from crawlers.xml import parse_xml
from warehouse.models import Document

_SKIPPED = {
    "ref-list", "fig", "fig-group", "table-wrap", "table-wrap-group", "supplementary-material", "disp-formula",
    "inline-formula", "media", "graphic", "fn-group", "fn", "object-id", "permissions", "alternatives", "tex-math",
}  # fmt: skip
_PARAGRAPHS = {"p", "disp-quote", "verse-group", "statement", "boxed-text", "def-item"}
_REVIEWED = {"research-article", "review-article", "systematic-review", "brief-report", "case-report", "meta-analysis"}
_NOT_REVIEWED = {"editorial", "letter", "news", "obituary", "book-review", "correction", "retraction", "preprint"}
_DATES = (("epub", "electronic"), ("ppub", "print"), ("collection", None), (None, None))


def read_jats(body: bytes, url: str) -> Document:
    """Return a JATS article as a Document of kind ``study``; its title and DOI also stand for its identity."""
    root = parse_xml(body, recover=True)
    _strip_namespaces(root)
    article = root if root.tag == "article" else next(root.iter("article"), None)
    if article is None:
        raise UnreadableError("unknown type", "JATS without an article element")
    meta = article.find("front/article-meta")
    if meta is None:
        meta = etree.Element("article-meta")
    ids = {node.get("pub-id-type"): _flat(node) for node in meta.iterfind("article-id")}
    kind = article.get("article-type", "")
    return Document(
        url=url,
        text="\n\n".join(_blocks(article)),
        title=_text_at(meta, "title-group/article-title"),
        authors=tuple(_authors(meta)),
        published=_published(meta),
        updated=None,
        publisher=_text_at(article, "front/journal-meta//journal-title") or _text_at(article, "front//publisher-name"),
        language=article.get("lang"),
        licence=_licence(meta),
        doi=ids.get("doi"),
        kind="study",
        aliases=(f"https://doi.org/{ids['doi']}",) if ids.get("doi") else (),
        peer_reviewed=_peer_reviewed(kind, article),
        extra=_extra(kind, ids, article),
    )


def _strip_namespaces(root: etree._Element) -> None:
    for node in root.iter(etree.Element):
        node.tag = str(node.tag).rsplit("}", 1)[-1].rsplit(":", 1)[-1] or "x"  # a mended prefix is no namespace
        if (language := node.get("{http://www.w3.org/XML/1998/namespace}lang")) is not None:
            node.set("lang", language)


def _flat(node: etree._Element | None) -> str:
    """All text below ``node`` on one line, without footnote marks and other skipped parts."""
    return " ".join("".join(_pieces(node)).split()) if node is not None else ""


def _pieces(node: etree._Element) -> Iterator[str]:
    yield node.text or ""
    for child in node:
        if isinstance(child.tag, str) and child.tag not in _SKIPPED and not _is_citation(child):
            yield from _pieces(child)
        elif isinstance(child.tag, str) and _is_citation(child):
            yield _kept_citation(child)
        yield child.tail or ""


def _is_citation(node: etree._Element) -> bool:
    return node.tag == "xref" and node.get("ref-type") in ("bibr", "fn", "table-fn", "aff", "corresp")


def _kept_citation(node: etree._Element) -> str:
    text = "".join(node.itertext())
    return text if any(char.isalpha() for char in text) else ""  # "Smith 2010" reads on; a superscript 12 does not


def _text_at(node: etree._Element, path: str) -> str | None:
    return _flat(node.find(path)) or None


def _authors(meta: etree._Element) -> Iterator[str]:
    for group in meta.iterfind("contrib-group"):
        for contributor in group.iterfind("contrib"):
            if contributor.get("contrib-type", "author") != "author":
                continue
            name = contributor.find("name")
            given, surname = (
                ("", "") if name is None else (_flat(name.find("given-names")), _flat(name.find("surname")))
            )
            full = (
                f"{given} {surname}".strip()
                or _flat(contributor.find("collab"))
                or _flat(contributor.find("string-name"))
            )
            if full:
                yield full


def _published(meta: etree._Element) -> str | None:
    dates = meta.findall("pub-date")
    for kind, form in _DATES:
        for node in dates:
            named = node.get("pub-type") == kind or (form is not None and node.get("publication-format") == form)
            if (named or kind is None) and (year := node.findtext("year")):
                found = build_date(year, node.findtext("month") or "1", node.findtext("day") or "1")
                if found:
                    return found
    return None


def _licence(meta: etree._Element) -> str | None:
    for node in meta.iterfind("permissions//license"):
        for holder in node.iter():
            for name, value in holder.attrib.items():
                if name.endswith("href") and "creativecommons" in str(value):
                    return str(value)
        return _flat(node)[:300] or None
    return None


def _peer_reviewed(kind: str, article: etree._Element) -> bool | None:
    if kind in _NOT_REVIEWED:
        return False
    journal = article.find("front/journal-meta//journal-title")
    return True if kind in _REVIEWED and journal is not None else None


def _extra(kind: str, ids: dict[str | None, str], article: etree._Element) -> dict[str, Any]:
    volume, issue = _text_at(article, "front/article-meta/volume"), _text_at(article, "front/article-meta/issue")
    found = {"article_type": kind or None, "pmcid": ids.get("pmc") or ids.get("pmcid"), "pmid": ids.get("pmid"),
             "volume": volume, "issue": issue}  # fmt: skip
    return {name: value for name, value in found.items() if value}


def _blocks(article: etree._Element) -> Iterator[str]:
    for abstract in article.iterfind("front/article-meta/abstract"):
        if abstract.get("abstract-type") in (None, "summary", "executive-summary", "structured"):
            if abstract.find("title") is None:
                yield "Abstract"
            yield from _section(abstract)
    body = article.find("body")
    if body is not None:
        yield from _section(body)


def _section(section: etree._Element) -> Iterator[str]:
    for child in section:
        if not isinstance(child.tag, str) or child.tag in _SKIPPED:
            continue
        if child.tag == "list":
            yield from _list(child)
        elif child.tag == "p" and child.find("list") is not None:
            yield from _split_paragraph(child)
        elif child.tag in _PARAGRAPHS or child.tag in ("title", "label", "caption"):
            if child.tag != "label" and (text := _flat(child)):
                yield text
        else:
            yield from _section(child)


def _list(node: etree._Element) -> Iterator[str]:
    items = [f"- {text}" for item in node.iterfind("list-item") if (text := _flat(item))]
    if items:
        yield "\n".join(items)


def _split_paragraph(paragraph: etree._Element) -> Iterator[str]:
    """A paragraph with lists inside: the text before, between and after them, and the lists, in order."""
    run = [paragraph.text or ""]
    for child in paragraph:
        if child.tag == "list":
            if text := " ".join("".join(run).split()):
                yield text
            yield from _list(child)
            run = []
        elif isinstance(child.tag, str) and child.tag not in _SKIPPED:
            run += _pieces(child) if not _is_citation(child) else [_kept_citation(child)]
        run.append(child.tail or "")
    if text := " ".join("".join(run).split()):
        yield text
