"""What a page says of itself."""

from __future__ import annotations

from typing import Any

from trafilatura.metadata import extract_metadata


def page_metadata(tree: Any, url: str) -> dict[str, Any]:
    """Return the fields of a Document that the head and byline of a page give."""
    found = extract_metadata(tree, url, {"extensive_search": True, "original_date": True})
    return {
        "title": found.title,
        "authors": tuple(name.strip() for name in (found.author or "").split(";") if name.strip()),
        "published": found.date,
        "publisher": found.sitename,
        "language": found.language,
        "canonical_url": found.url,
        "licence": found.license,
    }
