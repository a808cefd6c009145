"""Erase an address or a site from every part of a base, the published copies too."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from commands import stages
from commands.pipeline import Outcome, run_stages
from warehouse.home import Home
from warehouse.snapshots import current, every, remove
from warehouse.store import Store


def erase_everywhere(home: Home, what: str, why: str | None, now: datetime) -> str:
    """Erase ``what`` (address or domain), publish without it, remove older snapshots; return what to say."""
    erase = partial(erase_stage, what=what, why=why)
    outcome = run_stages(home, now, "erase", [erase, stages.link_stage, stages.publish_stage])
    in_force = current(home).name
    older = [snapshot.name for snapshot in every(home) if snapshot.name != in_force]
    for name in older:
        remove(home, name)
    counts = ", ".join(f"{outcome.counts[name]} {name}" for name in ("documents erased", "bodies erased"))
    known = "" if outcome.counts["documents erased"] else " (no document was known by it)"
    return f"{what}: {counts}{known}; {len(older)} older snapshots removed; it will not be fetched again"


def erase_stage(
    home: Home, store: Store, now: datetime, run: int, outcome: Outcome, *, what: str, why: str | None
) -> None:
    """Remove it from bodies, store and frontier, and leave the tombstone that keeps it away."""
    from crawlers.erase import erase

    done = erase(home, store, what, now, why)
    outcome.counts["documents erased"] = done.documents
    outcome.counts["bodies erased"] = done.bodies + done.shared
