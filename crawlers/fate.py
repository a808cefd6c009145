"""A page of the frontier, what became of a fetch of it, and what follows: its next state and when it is due."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from crawlers.adapters.base import Request, Role
from crawlers.schedule import DAY_S, due_after, first_wait_s, is_quiet, next_wait_s, retry_wait_s

if TYPE_CHECKING:
    from crawlers.sources import Revisit

GONE_LOOKS = 3
GONE_WAIT_S = 7 * DAY_S
REDONE = ("listing", "records")  # asked for again on every run; documents wait until they are due
_SIGNALS = ("updated", "modified", "lastmod", "changed", "public_updated_at")


@dataclass(frozen=True, slots=True)
class Page:
    """One row, leased. ``state`` is the adapter's; the validators are those of the last body that was taken."""

    n: int
    source: str
    key: str
    url: str
    site: str
    role: Role
    tries: int = 0
    etag: str | None = None
    last_modified: str | None = None
    body_sha256: str | None = None
    hints: Mapping[str, Any] = field(default_factory=dict)
    state: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a fetch. ``again``: a passing failure, to be tried again; ``wait_s``: the host's own wish."""

    outcome: str
    seq: int
    reason: str | None = None
    body_sha256: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    final_url: str | None = None
    again: bool = False
    wait_s: float | None = None
    failed_host: bool = False


@dataclass(frozen=True, slots=True)
class Added:
    """What ``add`` did: the keys listed, and how many of them wait to be fetched on this run."""

    keys: tuple[str, ...] = ()
    queued: int = 0


@dataclass(frozen=True, slots=True)
class Change:
    """The state that follows, when the page is due (None: not by itself), and the wait that led there."""

    state: str
    due: float | None
    tries: int = 0
    wait_s: float | None = None


def what_follows(
    row: sqlite3.Row, fate: Fate, now_s: float, revisit: Revisit, *, max_tries: int, retry_first_s: float
) -> Change:
    """Return the next state of a page: ``row`` is how it stood when it was leased."""
    redone = row["role"] in REDONE
    if fate.outcome == "ok":
        wait_s = first_wait_s(revisit)
        return Change("done", None if redone else due_after(now_s, wait_s), wait_s=wait_s)
    if fate.outcome == "unchanged":
        wait_s = next_wait_s(row["wait_s"] or first_wait_s(revisit), revisit)
        if not redone and is_quiet(row["changed_at"] or row["first_seen"], now_s, revisit):
            return Change("quiet", None, wait_s=wait_s)
        return Change("done", None if redone else due_after(now_s, wait_s), wait_s=wait_s)
    tries = row["tries"] + 1
    if fate.outcome == "gone":
        return Change("gone", now_s + GONE_WAIT_S if tries < GONE_LOOKS and not redone else None, tries)
    if fate.again:
        if tries >= max_tries:  # enough for this run; the next one starts afresh
            return Change("retry", due_after(now_s, first_wait_s(revisit)), 0)
        wait_s = max(retry_wait_s(row["key"], tries, retry_first_s), fate.wait_s or 0.0)
        return Change("retry", now_s + wait_s, tries)
    return Change("blocked", None if redone else now_s + GONE_WAIT_S, tries)


def joined_hints(old: Mapping[str, Any], request: Request, first_url: str) -> dict[str, Any]:
    """Return the hints of ``request`` with the other spellings of the address that were listed so far."""
    aliases = [*old.get("aliases", ()), *([request.url] if request.url != first_url else [])]
    return {**request.hints, **({"aliases": sorted(set(aliases))[:20]} if aliases else {})}


def signals(hints: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return what a listing says of when the page changed."""
    return sorted((name, str(value)) for name, value in hints.items() if name in _SIGNALS)


def page_of(row: sqlite3.Row) -> Page:
    """Return a row as the noun."""
    return Page(
        n=row["n"], source=row["source"], key=row["key"], url=row["url"], site=row["site"], role=row["role"],
        tries=row["tries"], etag=row["etag"], last_modified=row["last_modified"], body_sha256=row["body_sha256"],
        hints=json.loads(row["hints"]), state=json.loads(row["state_json"]), headers=json.loads(row["headers"]),
    )  # fmt: skip
