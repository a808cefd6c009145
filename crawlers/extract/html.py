"""A web page to a Document."""

from __future__ import annotations

from dataclasses import replace

from lxml import etree
from lxml import html as lxml_html

from crawlers.errors import UnreadableError
from crawlers.extract.body import main_text
from crawlers.extract.charset import decode
from crawlers.extract.comments import page_comments
from crawlers.extract.language import language_of
from crawlers.extract.metadata import page_metadata
from crawlers.extract.prescan import prescan
from crawlers.extract.revisions import read_revisions
from crawlers.extract.suspects import suspicion
from warehouse.models import Document

_PARSER = {"huge_tree": False, "remove_comments": True, "remove_pis": True, "no_network": True}
_UNSEEN = frozenset({"script", "style", "noscript", "template", "svg", "head"})


def parse_html(body: bytes, charset: str | None = None) -> tuple[lxml_html.HtmlElement, str | None]:
    """Return the tree of a page, and why its text is suspect or None. Raises UnreadableError."""
    text, suspect = decode(prescan(body), charset)
    text = text.replace("\x00", "")
    parser = lxml_html.HTMLParser(encoding="utf-8", **_PARSER)
    try:
        tree = lxml_html.document_fromstring(text.encode("utf-8", "replace"), parser=parser, ensure_head_body=True)
    except (etree.ParserError, etree.XMLSyntaxError) as error:
        raise UnreadableError("empty", f"no element in the page ({error})") from error
    if tree.find("body") is None:
        raise UnreadableError("empty", "no body in the page")
    return tree, suspect


def read_html(body: bytes, url: str, charset: str | None = None, *, comments: bool = False) -> Document:
    """Return a page as a Document. Raises UnreadableError where nothing can be read."""
    tree, garbled = parse_html(body, charset)
    if (tracked := read_revisions(tree, url)) is not None:
        return replace(tracked, suspect=garbled)
    meta = page_metadata(tree, url)
    said = page_comments(tree) if comments else ()  # before the body's rules change the tree
    text = main_text(tree, meta["title"])
    meta["language"] = language_of(text, meta["language"])
    suspect = garbled or suspicion(meta["title"], text, _all_text(tree) if len(text) < 2500 else "")
    return Document(url=url, text=text, comments=said, suspect=suspect, **meta)


def _all_text(tree: lxml_html.HtmlElement) -> str:
    """The first words of a page, whatever they belong to."""
    pieces: list[str] = []
    for node in tree.body.iter(etree.Element):
        if node.tag not in _UNSEEN and node.text:
            pieces.append(node.text)
        if node.tail:
            pieces.append(node.tail)
        if len(pieces) > 2000:
            break
    return " ".join(" ".join(pieces).split())[:4000]
