"""Feeds out: Atom, for those who follow changes in a reader."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from warehouse.exports.atom import change_entry, write_feed
from warehouse.queries.views import ChangeRow


def changes_feed(rows: Sequence[ChangeRow], now: datetime, title: str = "Claimwatch: what changed") -> str:
    """Return an Atom feed whose entries carry the change itself, old sentence and new."""
    return write_feed(title, "urn:claimwatch:changes", [change_entry(row) for row in rows], now).decode("utf-8")
