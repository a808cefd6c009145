"""The main text of a page."""

from __future__ import annotations

from typing import Any

from trafilatura import bare_extraction

from crawlers.extract.render import render


def main_text(tree: Any, url: str) -> str:
    """Return the main text of a page in the convention of ``extract``."""
    found = bare_extraction(tree, url=url, include_comments=False, with_metadata=False)
    return render(found.body) if found is not None else ""
