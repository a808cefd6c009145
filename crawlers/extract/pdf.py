"""PDF: text page by page with its spans, for ``#page=N`` links."""

from __future__ import annotations

import pypdfium2

from crawlers.errors import UnreadableError
from crawlers.extract.dates import iso_date
from crawlers.extract.pdf_layout import page_lines
from crawlers.extract.pdf_text import join_pages
from warehouse.models import Document

MAX_PAGES = 2000


def read_pdf(body: bytes, url: str) -> Document:
    """Return a PDF as a Document with ``pages``: the span of each page in ``text``, empty pages included.

    Raises UnreadableError ("encrypted", "too large", "broken"). A PDF without a text layer (a scan) comes back suspect.
    """
    document = _open(body)
    try:
        count = len(document)
        if count > MAX_PAGES:
            raise UnreadableError("too large", f"{count:,} pages; at most {MAX_PAGES:,} are read")
        pages = [page_lines(document[index]) for index in range(count)]
        meta = {name.lower(): " ".join(value.split()) for name, value in document.get_metadata_dict().items()}
    except pypdfium2.PdfiumError as error:
        raise UnreadableError("broken", f"a page cannot be read: {error}") from error
    finally:
        document.close()
    text, spans, title = join_pages(pages)
    return Document(
        url=url,
        text=text,
        title=_title(meta.get("title")) or title,
        authors=_authors(meta.get("author", "")),
        published=iso_date(_pdf_date(meta.get("creationdate"))),
        updated=iso_date(_pdf_date(meta.get("moddate"))),
        kind="report",
        pages=tuple(spans),
        suspect=None if text.strip() else "no text: a scan without a text layer?",
        extra={"page_count": count},
    )


def _open(body: bytes) -> pypdfium2.PdfDocument:
    try:
        return pypdfium2.PdfDocument(body)
    except pypdfium2.PdfiumError as error:
        reason = "encrypted" if "password" in str(error).lower() else "broken"
        raise UnreadableError(reason, f"the PDF cannot be opened: {error}") from error


def _pdf_date(value: str | None) -> str | None:
    return value.removeprefix("D:")[:8] if value else None


_TOOLS = (
    ".doc",
    ".indd",
    ".pdf",
    ".qxd",
    ".ppt",
    ".xls",
    "microsoft word",
    "untitled",
    "layout 1",
    "powerpoint presentation",
)


def _title(value: str | None) -> str | None:
    """A title that a person wrote, not the file name a tool left there."""
    if not value or len(value) < 4 or " " not in value or any(mark in value.lower() for mark in _TOOLS):
        return None
    return value[:300]


def _authors(value: str) -> tuple[str, ...]:
    """Names in the author field; login names and addresses (one word, digits, @) are nobody's byline."""
    names = (name.strip() for name in value.replace(" and ", ";").replace(", ", ";").split(";"))
    return tuple(name for name in names if " " in name and not any(char.isdigit() or char in "@\\/" for char in name))
