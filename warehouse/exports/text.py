"""Outside text made fit for a file format, changed as little as the format allows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

# What no format of ours can carry: C0 and C1 controls but tab and newlines, lone surrogates, non-characters.
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_LINES = re.compile(r"[\r\n\t\v\f\x1c-\x1e\x85\u2028\u2029]+")
# Overrides and isolates turn the order of a whole cell, file name or line round; marks (200e, 200f) do not.
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def fit(text: str) -> str:
    """Return text without characters that XML, Excel or UTF-8 cannot hold; tabs and newlines stay."""
    if text.isprintable():  # no control, surrogate or newline: nearly every cell
        return text
    return _UNFIT.sub("�", text.replace("\r\n", "\n").replace("\r", "\n"))


def one_line(text: str) -> str:
    """Return text as one line, for formats in which a newline starts the next field; no bidirectional overrides."""
    return " ".join(_BIDI.sub("", _UNFIT.sub("�", _LINES.sub(" ", text))).split())


def formula_safe(text: str) -> str:
    """Return text that a spreadsheet takes as text: an apostrophe before what would start a formula."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def as_text(value: Any) -> str:
    """Return a cell as text: ISO dates, lists joined by semicolons, a map as ``name: value``, None as nothing."""
    if value is None:
        return ""
    if isinstance(value, str):
        return fit(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.replace(microsecond=0).isoformat() + ("Z" if value.tzinfo is None else "")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        texts = (one if type(one) is str else as_text(one) for one in value.values())
        return fit("; ".join([f"{name}: {text}" for name, text in zip(value, texts, strict=True)]))
    if isinstance(value, list | tuple):
        return "; ".join(as_text(one) for one in value)
    return f"{value:.15g}" if isinstance(value, float) else str(value)


def is_web(url: str | None) -> bool:
    """Whether an address may become a link: http and https only, and nothing that ends a line or a quote."""
    return bool(url) and bool(re.match(r"https?://[^\s<>\"\\^`{|}\x00-\x20]+\Z", url or "", re.IGNORECASE))
