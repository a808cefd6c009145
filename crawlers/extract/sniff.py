"""What a body is, decided by its first bytes; what the server or the file name said only breaks ties."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import Literal
from urllib.parse import urlsplit

Kind = Literal["html", "pdf", "docx", "jats", "xml", "markdown", "text", "zip", "empty", "no pdf", "unknown"]

PDF_HEADER_WITHIN = 1024  # bytes; some writers put a line before it
_PDF_TYPES = ("application/pdf", "application/x-pdf")
_HEAD = 4096
_MAGIC: tuple[tuple[bytes, Kind], ...] = (
    (b"PK\x03\x04", "zip"), (b"PK\x05\x06", "zip"),
    *((magic, "unknown") for magic in (
        b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"BZh", b"\xd0\xcf\x11\xe0",
        b"7z\xbc\xaf",
        b"Rar!", b"\x7fELF", b"MZ", b"OggS", b"ID3", b"RIFF", b"\x00\x00\x01\x00", b"wOFF", b"wOF2", b"SQLite format",
    )),
)  # fmt: skip
_HTML = re.compile(
    rb"<!doctype\s{1,20}html|<(?:html|head|body|title|meta|div|article|main|section|p|h1|span|table)[\s>/]", re.I
)
_XML = re.compile(rb"<\?xml\s|<[A-Za-z][\w.-]{0,60}(?::[\w.-]{1,60})?[\s>/]")
_JATS = re.compile(rb"<(?:article|pmc-articleset|front-stub)\b[^>]{0,2000}>\s{0,200}(?:<!--.{0,500}?-->\s{0,200})?"
                   rb"<(?:front|article|processing-meta|article-meta)\b|-//NLM//DTD JATS|-//NLM//DTD Journal",
                       re.S)  # fmt: skip
_XHTML = b"http://www.w3.org/1999/xhtml"
_MARKDOWN_ENDINGS = {".md", ".markdown", ".mdown"}


def sniff(body: bytes, url: str = "", content_type: str | None = None) -> Kind:
    """Return the kind of ``body``.

    Binary signatures and markup decide; between Markdown and plain text, which have no signature, the media type
    and the ending of the address do. What would be text and says that it is a PDF is neither ("no pdf").
    """
    if not body.strip(b"\x00 \t\r\n\xef\xbb\xbf"):
        return "empty"
    if b"%PDF-" in body[:PDF_HEADER_WITHIN]:
        return "pdf"
    for magic, kind in _MAGIC:
        if body.startswith(magic):
            return "docx" if kind == "zip" and b"word/" in body else kind
    media, ending = (content_type or "").split(";")[0].strip().lower(), PurePosixPath(urlsplit(url).path).suffix.lower()
    kind = _sniff_text(body, ending, media)
    return "no pdf" if kind in ("text", "markdown") and (media in _PDF_TYPES or ending == ".pdf") else kind


def _sniff_text(body: bytes, ending: str, media: str) -> Kind:
    head = body[:_HEAD]
    wide = head[:2] in (b"\xff\xfe", b"\xfe\xff") or head[:64].count(0) > 8
    if wide:
        head = head.replace(b"\x00", b"")
    elif b"\x00" in head and head.count(0) > len(head) // 100:
        return "unknown"
    start = head.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    if start.startswith(b"<"):
        return _sniff_markup(start, body, media)
    if media in ("text/html", "application/xhtml+xml") and _HTML.search(body):
        return "html"
    if media == "text/markdown" or ending in _MARKDOWN_ENDINGS:
        return "markdown"
    if media not in ("text/plain", "") or ending in (".html", ".htm"):
        return "html" if _HTML.search(head) else "text"
    return "text"


def _sniff_markup(start: bytes, body: bytes, media: str) -> Kind:
    if _JATS.search(body[: 16 * _HEAD]):
        return "jats"
    if start.lower().startswith((b"<!doctype html", b"<html")) or _XHTML in start:
        return "html"
    if start.startswith(b"<?xml") and not _HTML.search(start):
        return "xml"
    if _HTML.search(body[: 16 * _HEAD]) or media in ("text/html", "application/xhtml+xml"):
        return "html"
    return "xml" if _XML.match(start) else "text"
