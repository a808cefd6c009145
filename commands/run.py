"""The run and its parts: crawl, tag, publish, nightly; and what looks after a base: status, check, rebuild."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from commands import stages
from commands.collect import CONTACT, pick_sources
from commands.context import CONTEXT, emit, now, say, warn
from commands.pipeline import Outcome, run_stages
from warehouse.errors import DamagedError

if TYPE_CHECKING:
    from crawlers.sources import SourceConfig

NAMES = typer.Argument(help="Names of sources (default: all that are on).", metavar="[SOURCE]…")


def register(app: typer.Typer) -> None:
    """Add these commands."""
    from commands.demo import demo

    app.command(epilog="Example: claimwatch demo --no-app")(demo)
    app.command(epilog="Example: claimwatch crawl nao kings-fund --contact you@example.org")(crawl)
    app.command(epilog="Example: claimwatch tag")(tag)
    app.command(epilog="Example: claimwatch publish")(publish)
    app.command(epilog="Example: claimwatch nightly --contact you@example.org")(nightly)
    app.command(epilog="Example: claimwatch status --json")(status)
    app.command(epilog="Example: claimwatch check")(check)
    app.command(epilog="Example: claimwatch rebuild")(rebuild)


def crawl(names: Annotated[list[str] | None, NAMES] = None, contact: Annotated[str | None, CONTACT] = None) -> None:
    """Fetch what is new at the sources and keep it; tagging and publishing come after."""
    sources = pick_sources(names or [])
    fetch = partial(stages.crawl_stage, sources=sources, contact=contact)
    finish(run_stages(CONTEXT.home, now(), "crawl", [fetch]))


def tag() -> None:
    """Find claims, barriers, figures and changes in what is not tagged yet."""
    finish(run_stages(CONTEXT.home, now(), "tag", [stages.load_stage(), stages.tag_stage, stages.link_stage]))


def publish() -> None:
    """Check the base and put a new snapshot before the readers."""
    finish(run_stages(CONTEXT.home, now(), "publish", [stages.publish_stage]))


def nightly(
    names: Annotated[list[str] | None, NAMES] = None,
    contact: Annotated[str | None, CONTACT] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The run record as JSON.")] = False,
) -> None:
    """Crawl, tag and publish in one; the exit code tells a scheduler how it went (docs/contracts.md)."""
    run_and_report("nightly", pick_sources(names or []), contact, as_json=as_json)


def run_and_report(
    command: str, sources: Sequence[SourceConfig], contact: str | None = None, *, as_json: bool = False
) -> None:
    """Run every stage over ``sources`` and exit with the contract's code."""
    from commands.alerts import after_a_night

    at = now()
    outcome = run_stages(CONTEXT.home, at, command, full_run(sources, contact))
    if command == "nightly":
        after_a_night(CONTEXT.home, at, outcome)
    finish(outcome, as_json=as_json)


def full_run(sources: Sequence[SourceConfig], contact: str | None = None) -> list[stages.Stage]:
    """Return the stages of a whole run over ``sources``."""
    fetch = partial(stages.crawl_stage, sources=sources, contact=contact)
    return [fetch, stages.tag_stage, stages.link_stage, stages.publish_stage]


def finish(outcome: Outcome, *, as_json: bool = False) -> None:
    """Say what a run did and exit with its code."""
    if as_json:
        emit({"counts": outcome.counts, "warnings": outcome.warnings, "exit_code": outcome.exit_code})
    else:
        for warning in outcome.warnings:
            warn(warning)
        say(", ".join(f"{count:,} {name}" for name, count in outcome.counts.items()) or "nothing to do")
    sys.exit(outcome.exit_code)


def status(as_json: Annotated[bool, typer.Option("--json")] = False) -> None:
    """Say what is in the base, how big each part is, and how the last runs went."""
    from warehouse.queries import open_base
    from warehouse.sizes import sizes

    base = open_base(CONTEXT.home, CONTEXT.as_of.date() if CONTEXT.as_of else None)
    stats, parts, runs = base.stats(), sizes(CONTEXT.home), base.runs(limit=5)
    if as_json:
        kept = {"home": str(CONTEXT.home.root), "stats": stats.to_json(), "bytes": parts}
        emit({**kept, "runs": [asdict(run) for run in runs]})
        return
    mark = "  (demonstration material)" if stats.demo else ""
    say(f"{CONTEXT.home.root}{mark}; snapshot {stats.snapshot} of {stats.published_at:%Y-%m-%d %H:%M} UTC")
    say(f"{stats.documents:,} documents  {stats.versions:,} versions  {stats.claims:,} claims")
    say("  ".join(f"{name} {size / 1e6:,.1f} MB" for name, size in parts.items()))
    for run in runs:
        ended = "did not end" if run.exit_code is None else f"exit {run.exit_code}"
        say(f"run {run.seq}  {run.started:%Y-%m-%d %H:%M}  {run.command}  {ended}")


def check() -> None:
    """Check the published base against the ledger and the working database against what it held; damage is named."""
    from warehouse.checks import check_home, check_work

    problems = [*check_home(CONTEXT.home), *check_work(CONTEXT.home)]
    if problems:
        raise DamagedError("\n".join(problems))
    say("every check holds")


def rebuild() -> None:
    """Make the base again from the ledger and the raw bodies; what is published stays until the new one is whole."""
    from commands.rebuilding import rebuild_base

    finish(rebuild_base(CONTEXT.home, now()))
