"""Ids: a hash of a JSON list, so that no two different lists of parts give one id."""

from __future__ import annotations

import hashlib
import json

ID_CHARS = 20  # 80 bits: at a billion ids the chance of any clash is under one in a million


def make_id(*parts: str | int | None) -> str:
    """Return the id of ``parts`` (order matters): 20 hex digits of sha256 over their JSON list."""
    packed = json.dumps(parts, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(packed.encode("utf-8", "surrogatepass")).hexdigest()[:ID_CHARS]


def document_id(address: str) -> str:
    """Return the id of the document first seen at ``address`` (already normalised)."""
    return make_id("document", address)


def version_id(document: str, title: str | None, text: str) -> str:
    """Return the id of one distinct title and cleaned text of a document."""
    return make_id("version", document, title, text)


def passage_id(version: str, start: int, end: int) -> str:
    """Return the id of the passage ``version.text[start:end]`` (code points)."""
    return make_id("passage", version, start, end)


def body_sha256(body: bytes) -> str:
    """Return the sha256 of a body as hex, its name in ``raw/``."""
    return hashlib.sha256(body).hexdigest()
