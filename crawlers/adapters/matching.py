"""Which addresses a source wants: patterns with ``*``, matched in time linear in the address.

A pattern with ``://`` is held against the whole address, any other against path and query. ``*`` stands for any run of
characters; without a ``*`` the pattern must be the whole of it. Regular expressions are not read: one typed badly can
take hours on one address.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from crawlers.sources import SourceConfig


def wanted(source: SourceConfig, url: str) -> bool:
    """Tell whether the source's ``include`` and ``exclude`` let this address in (no include: all)."""
    if any(matches(pattern, url) for pattern in source.exclude):
        return False
    return not source.include or any(matches(pattern, url) for pattern in source.include)


def matches(pattern: str, url: str) -> bool:
    """Tell whether ``pattern`` fits ``url``."""
    if "://" in pattern:
        return fits(pattern.split("*"), url)
    parts = urlsplit(url)
    return fits(pattern.split("*"), (parts.path or "/") + (f"?{parts.query}" if parts.query else ""))


def fits(pieces: Sequence[str], text: str) -> bool:
    """Tell whether ``text`` is the ``pieces`` in order with anything between them; each is sought once."""
    if len(pieces) == 1:
        return text == pieces[0]
    head, *middle, tail = pieces
    if len(text) < len(head) + len(tail) or not text.startswith(head) or not text.endswith(tail):
        return False
    at, end = len(head), len(text) - len(tail)
    for piece in middle:
        found = text.find(piece, at, end)
        if found < 0:
            return False
        at = found + len(piece)
    return True
