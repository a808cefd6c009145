"""The text that offsets point into."""

from __future__ import annotations

from collections.abc import Sequence


def whole_text(text: str, comments: Sequence[str] = ()) -> str:
    """Return a version's text with its readers' comments after it, a line break before each.

    Offsets in the text alone are the same in the whole; a comment's passages lie beyond ``len(text)``.
    """
    return "\n".join([text, *comments])
