"""A changed headline: the change that readers of a page notice first, and that no sentence of its text shows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from nlp.changes import classify
from nlp.changes_noise import comparable
from warehouse.models import Change

PART = "title"
_NAME = r"(?:[A-Z][\w.'’&]*|of|the|and|for|&)"
_SITE = re.compile(rf" (?:(?:[|·»]|::) [^|·»]{{2,60}}|[-–—] {_NAME}(?: {_NAME}){{0,6}})\Z")  # "… | The Vale Courier"


def title_change(old: str | None, new: str | None, text: Sequence[Change] = ()) -> Change | None:
    """Return what happened to a document's title, or None where nothing was said differently.

    A change of title is one of the kinds of a pair of sentences; its ``detail`` has ``"part": "title"``, and it has no
    spans, as the title is not in the text.

    Args:
        old, new: the two titles; one that is not known is no change.
        text: the changes of the text; a heading there that changed in the same way says it already.
    """
    if not old or not new:
        return None
    a, b = _bare(old), _bare(new)
    if a == b or _bare(_SITE.sub("", old)) == b or _bare(_SITE.sub("", new)) == a:
        return None
    if any((_bare(c.old or ""), _bare(c.new or "")) == (a, b) for c in text):
        return None
    change = classify(old, new)
    return replace(change, detail={**change.detail, "part": PART}) if change else None


def _bare(title: str) -> str:
    return comparable(title).casefold().rstrip(".")
