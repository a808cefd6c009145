"""Bytes to text: the charset that is declared, unless the bytes say otherwise."""

from __future__ import annotations

import codecs
import re

from charset_normalizer import from_bytes

MAX_REPLACED = 0.01  # share of U+FFFD above which a text is held back as garbled
_SAMPLE = 64 << 10
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_META = re.compile(rb"<meta[^>]{0,300}?charset\s{0,5}=\s{0,5}[\"']?\s{0,5}([\w.:-]{2,40})", re.I)
_XML = re.compile(rb"^\s{0,20}<\?xml[^>]{0,200}?encoding\s{0,5}=\s{0,5}[\"']([\w.:-]{2,40})", re.I)
_HEADER = re.compile(r"charset\s{0,5}=\s{0,5}[\"']?\s{0,5}([\w.:-]{2,40})", re.I)
# Browsers read these labels as their Windows supersets (WHATWG Encoding), which is what such pages mean.
_SUPERSETS = {"iso8859-1": "cp1252", "ascii": "cp1252", "iso8859-9": "cp1254", "gb2312": "gb18030", "gbk": "gb18030"}
_REFUSED = {"utf-7", "idna", "punycode", "unicode_escape", "raw_unicode_escape"}
_WESTERN = frozenset("àáâäãåæçèéêëìíîïñòóôöõøœùúûüýÿßÀÁÂÄÃÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÖÕØŒÙÚÛÜ‘’“”–—…•£€©®°·«»½¼\xa0")
_UTF7 = re.compile(rb"\+A[A-Za-z0-9+/]{2}-")


def declared_charset(content_type: str | None) -> str | None:
    """Return the charset a Content-Type header names, or None."""
    found = _HEADER.search(content_type or "")
    return found[1] if found else None


def decode(body: bytes, charset: str | None = None) -> tuple[str, str | None]:
    """Return ``body`` as text, and why it is suspect or None.

    A byte-order mark wins, then strict UTF-8 (no other encoding passes for it by chance), then what header, meta or
    XML declaration name where that fits without loss, then detection. Text in which more than MAX_REPLACED of the
    characters had to be replaced is returned with a reason, so that it becomes no version.
    """
    for mark, name in _BOMS:
        if body.startswith(mark):
            return _judged(body.decode(name, "replace"))
    if (wide := _wide_without_mark(body)) is not None:
        return _judged(body.decode(wide, "replace"))
    names = [*_known(charset), *_known(_declared_inside(body))]
    for name in ["utf-8", *names]:
        try:
            return _judged(body.decode(name), body)
        except UnicodeDecodeError:
            continue
    return _judged(_detected(body, names))


def _known(name: str | None) -> list[str]:
    if not name:
        return []
    try:
        known = codecs.lookup(name).name
    except LookupError:
        return []
    return (
        [] if known in _REFUSED or known.startswith(("utf-8", "utf-16", "utf-32")) else [_SUPERSETS.get(known, known)]
    )


def _declared_inside(body: bytes) -> str | None:
    found = _XML.search(body[:400]) or _META.search(body[:4096])
    return found[1].decode("ascii") if found else None


def _wide_without_mark(body: bytes) -> str | None:
    sample = body[:2000]
    if len(sample) < 8:
        return None
    even, odd = sample[::2].count(0) / len(sample[::2]), sample[1::2].count(0) / len(sample[1::2])
    if odd > 0.4 > even * 8:
        return "utf-16-le"
    return "utf-16-be" if even > 0.4 > odd * 8 else None


def _detected(body: bytes, names: list[str]) -> str:
    nearly = body.decode("utf-8", "replace")
    if nearly.count("\ufffd") <= len(nearly) / 1000:  # a few bad bytes in a UTF-8 page: keep the rest as it is
        return nearly
    if _looks_western(western := body.decode("cp1252", "replace")):
        return western
    best = from_bytes(body[:_SAMPLE], threshold=0.2).best()
    name = best.encoding if best else (names[0] if names else "cp1252")
    return body.decode(name, "replace")


def _looks_western(text: str) -> bool:
    """Whether a text read as Windows-1252 has few letters beyond ASCII, and those of western Europe."""
    sample = text[:_SAMPLE]
    beyond = [char for char in sample if char > "\x7f"]
    letters = sum(char.isalpha() for char in sample)
    usual = sum(char in _WESTERN for char in beyond)
    return len(beyond) < 0.3 * max(letters, 1) and usual > 0.9 * len(beyond)


def _judged(text: str, body: bytes = b"") -> tuple[str, str | None]:
    replaced = text.count("\ufffd")
    if replaced > MAX_REPLACED * max(len(text), 1):
        return text, f"garbled: {replaced:,} of {len(text):,} characters could not be decoded"
    if body.isascii() and len(_UTF7.findall(body[:_SAMPLE])) > 5:
        return text, "garbled: looks like UTF-7, which is not decoded"
    return text, None
