"""Rebuild: the whole base again from the ledger and the raw bodies, by the very stages that made it."""

from __future__ import annotations

from datetime import datetime

from commands import stages
from commands.context import say
from commands.pipeline import Outcome, run_stages
from warehouse.home import Home


def rebuild_base(home: Home, now: datetime) -> Outcome:
    """Set the working database aside and make it again; the old one is deleted once the new one is published."""
    from warehouse.rebuild import compare_with_ledger, set_aside

    aside = set_aside(home)
    if aside:
        say(f"the working database is set aside as {aside.name}")
    work = [stages.load_stage(), stages.tag_stage, stages.link_stage, stages.publish_stage]
    outcome = run_stages(home, now, "rebuild", work)
    outcome.warnings += compare_with_ledger(home)
    if aside:
        aside.unlink()
    return outcome
