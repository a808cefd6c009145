"""A web page to a Document."""

from __future__ import annotations

from lxml import html as lxml_html

from crawlers.errors import UnreadableError
from crawlers.extract.body import main_text
from crawlers.extract.charset import decode
from crawlers.extract.metadata import page_metadata
from crawlers.extract.prescan import prescan
from warehouse.models import Document


def parse_html(body: bytes, charset: str | None = None) -> tuple[lxml_html.HtmlElement, str | None]:
    """Return the tree of a page, and why its text is suspect or None. Raises UnreadableError."""
    text, suspect = decode(prescan(body), charset)
    text = text.replace("\x00", "")
    parser = lxml_html.HTMLParser(
        encoding="utf-8", huge_tree=False, remove_comments=True, remove_pis=True, no_network=True
    )
    tree = lxml_html.document_fromstring(text.encode("utf-8", "replace"), parser=parser, ensure_head_body=True)
    if tree is None or tree.find("body") is None:
        raise UnreadableError("empty", "no element in the page")
    return tree, suspect


def read_html(body: bytes, url: str, charset: str | None = None, *, comments: bool = False) -> Document:
    """Return a page as a Document. Raises UnreadableError where nothing can be read."""
    tree, suspect = parse_html(body, charset)
    meta = page_metadata(tree, url)
    text = main_text(tree, meta["title"])
    return Document(url=url, text=text, suspect=suspect, **meta)
