"""The main job on the demonstration site: two nights through the real crawler, tagged, published, shown."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from commands.context import CONTEXT, now, say
from warehouse.errors import UsageError
from warehouse.home import DEMO_MARK, Home, find_home

if TYPE_CHECKING:
    from crawlers.demo.server import DemoSite
    from warehouse.queries import Base

QUERY = "barriers to sharing information"


def demo(
    app: Annotated[bool, typer.Option(help="Open the app on the demo base at the end.")] = True,
    port: Annotated[int, typer.Option(help="The app's port.")] = 8501,
) -> None:
    """Run the main job on a small demonstration site: crawl it on two nights, tag, publish, search, export, open."""
    from commands.see import run_app
    from crawlers.demo.server import DemoSite

    home = wipe(demo_home())
    with DemoSite() as site:
        run_two_nights(home, site)
        base = summarise(home)
        write_evidence_table(base, home.root / "evidence.csv")
        if app:
            sys.exit(run_app(home, port))
    say(f"open it with: claimwatch --home {home.root} app")


def demo_home() -> Home:
    """Return the demo's own home: beside the user's, or the one named by --home."""
    if CONTEXT.home_option:
        return CONTEXT.home
    usual = find_home().root
    return Home(usual.with_name(usual.name + "-demo"))


def wipe(home: Home) -> Home:
    """Empty the demo's home and mark it. Raises UsageError where the folder holds anything but a demo."""
    if home.root.exists() and any(home.root.iterdir()) and not home.is_demo:
        raise UsageError(f"{home.root}: holds a base that is not the demo; the demo wipes its home, so name another")
    if home.root.exists():
        shutil.rmtree(home.root)
    home.make()
    (home.root / DEMO_MARK).write_text("demonstration material, written for Claimwatch; `claimwatch demo` wipes this\n")
    return home


def run_two_nights(home: Home, site: DemoSite) -> None:
    """Crawl, tag and publish the site as it is on each of its two nights."""
    from commands.pipeline import run_stages
    from commands.run import full_run
    from crawlers.demo.content import NIGHTS
    from crawlers.demo.sources import demo_sources, write_demo_sources

    write_demo_sources(home.sources, site.port)
    sources = list(demo_sources(site.port).values())
    for night, at in NIGHTS.items():
        site.set_night(night)
        say(f"night {night}: crawling {len(sources)} sources at http://*.localhost:{site.port}")
        outcome = run_stages(home, at, "nightly", full_run(sources))
        say("  " + ", ".join(f"{count:,} {name}" for name, count in outcome.counts.items()))
        for warning in outcome.warnings:
            say(f"  warning: {warning}")


def summarise(home: Home) -> Base:
    """Print what the base holds: documents, claims by kind, barriers by theme, changes, one search."""
    from commands.filters import describe_change
    from commands.find import encoder, show_hits
    from warehouse.queries import open_base

    base = open_base(home)
    stats = base.stats()
    say(f"\n{stats.documents} documents in {stats.versions} versions; {stats.claims} claims")
    say("claims by kind:     " + ", ".join(f"{kind} {count}" for kind, count in stats.claims_by_kind.items()))
    say("barriers by theme:  " + ", ".join(f"{code} {count}" for code, count in stats.barriers_by_theme.items()))
    changes = base.changes(limit=1000)
    say(f"\n{len(changes)} changes since the first night, among them:")
    for change in [row for row in changes if row.claim or row.kind == "correction_noted"][:6]:
        say(describe_change(change.to_json()))
    say(f'\nsearch "{QUERY}":')
    show_hits(base.search(QUERY, mode="both", encoder=encoder("both", base), size=5))
    return base


def write_evidence_table(base: Base, path: Path) -> None:
    """Write the whole evidence table as CSV and JSON Lines."""
    from commands.tables import write_table
    from warehouse.queries import Filters

    for file in (path, path.with_suffix(".jsonl")):
        count = write_table(base, "", Filters(), format=file.suffix[1:], preset="full", output=file, now=now())
        say(f"{file}: {count} rows")
