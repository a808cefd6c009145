"""Outside bytes to a Document: pure, no network, no clock.

What ``text`` looks like, whatever the input was: paragraphs are parted by a blank line; a heading stands alone as a
paragraph of one line; list items stand on lines of their own that start with ``- ``; the cells of a table row are
parted by `` | ``. The title is not repeated in it. Plain text and Markdown are the exception: there ``text`` is the
input unchanged, so that offsets are code points of the input. A revision tracker's page comes back as the article that
it tracks, at its own address, with both versions in ``states``.
"""

from __future__ import annotations

from crawlers.errors import UnreadableError
from crawlers.extract.charset import declared_charset
from crawlers.extract.sniff import PDF_HEADER_WITHIN, Kind, sniff
from warehouse.models import Document

MAX_TEXT_CHARS = 5_000_000  # fifty long reports; a text beyond that is data, or meant to wear the tagger out
EXTRACTOR = "3"  # change it with every change to what any body comes out as
__all__ = ["EXTRACTOR", "extract"]


def extract(body: bytes, url: str, content_type: str | None = None, *, comments: bool = False) -> Document:
    """Return the one Document that ``body``, fetched from ``url``, holds.

    The first bytes decide what it is, not ``content_type`` (which names the charset and tells Markdown from text);
    where the two differ, ``extra["declared_type"]`` says so. Readers' comments are left out unless ``comments``. A
    Document may come back ``suspect`` (garbled, a consent wall, no text): it is then kept apart and makes no version.
    Raises UnreadableError where nothing can be read, or more than MAX_TEXT_CHARS. Call it in the sandbox: parsers of
    outside bytes can hang.
    """
    kind = sniff(body, url, content_type)
    document = _read(kind, body, url, declared_charset(content_type), comments)
    if len(document.text) > MAX_TEXT_CHARS:
        raise UnreadableError("too large", f"{len(document.text):,} characters of text; at most {MAX_TEXT_CHARS:,}")
    declared = (content_type or "").split(";")[0].strip().lower()
    if declared and kind not in _FITS.get(declared, (kind,)):
        document.extra["declared_type"] = declared
    return document


_FITS: dict[str, tuple[Kind, ...]] = {
    "text/html": ("html",), "application/xhtml+xml": ("html",), "application/pdf": ("pdf",),
    "text/plain": ("text", "markdown"), "text/markdown": ("markdown", "text"), "application/zip": ("docx",),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ("docx",),
}  # fmt: skip


def _read(kind: Kind, body: bytes, url: str, charset: str | None, comments: bool) -> Document:
    """Each reader is imported when first needed: a text costs no PDF library."""
    if kind == "html":
        from crawlers.extract.html import read_html

        return read_html(body, url, charset, comments=comments)
    if kind == "pdf":
        from crawlers.extract.pdf import read_pdf

        return read_pdf(body, url)
    if kind == "jats":
        from crawlers.extract.jats import read_jats

        return read_jats(body, url)
    if kind == "docx":
        from crawlers.extract.word import read_docx

        return read_docx(body, url)
    if kind in ("text", "markdown"):
        from crawlers.extract.plain import read_markdown, read_text

        return (read_markdown if kind == "markdown" else read_text)(body, url, charset)
    if kind == "empty":
        raise UnreadableError("empty", "the body is empty")
    if kind == "no pdf":
        said = f"says that it is a PDF, but has no PDF header in its first {PDF_HEADER_WITHIN:,} bytes"
        raise UnreadableError("unknown type", said)
    raise UnreadableError("unknown type", f"neither page, PDF, Word file, JATS nor text, by its first bytes ({kind})")
