"""Rebuild: the whole base again from the ledger and the raw bodies, by the very stages that made it."""

from __future__ import annotations

from datetime import datetime

from commands import stages
from commands.pipeline import Outcome, run_stages
from warehouse.home import Home
from warehouse.store import Store


def rebuild_base(home: Home, now: datetime) -> Outcome:
    """Set the working database aside and make it again; what is published stays until the new one is whole.

    The outcome warns of every table that is not, row for row, what was published before.
    """
    from warehouse.rebuild import compare_with_ledger, set_aside

    make = [stages.load_stage(), stages.tag_stage, stages.link_stage, stages.publish_stage]
    outcome = run_stages(home, now, "rebuild", [tombstone_stage, *make], prepare=set_aside)
    outcome.warnings += compare_with_ledger(home)
    for aside in home.root.glob("work.aside.duckdb*"):
        aside.unlink()
    return outcome


def tombstone_stage(home: Home, store: Store, now: datetime, run: int, outcome: Outcome) -> None:
    """Take the ledger's tombstones in first, so that what was erased stays erased."""
    from crawlers.erase import restore_tombstones

    restore_tombstones(home, store)
