"""Where a base lives: one folder, and the names of what is in it (contract: docs/contracts.md)."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import platformdirs

DEMO_MARK = "DEMO"


@dataclass(frozen=True, slots=True)
class Home:
    """The folder of one base. Nothing is made on disk until ``make`` is called."""

    root: Path

    @property
    def sources(self) -> Path:
        """The user's own source files, beside the shipped ones."""
        return self.root / "sources"

    @property
    def raw(self) -> Path:
        """Bodies by sha256, and the ledger."""
        return self.root / "raw"

    @property
    def ledger(self) -> Path:
        """The append-only record of fetches and publishes."""
        return self.raw / "ledger"

    @property
    def frontier(self) -> Path:
        """What to fetch and when."""
        return self.root / "frontier.sqlite"

    @property
    def work(self) -> Path:
        """The writer's database."""
        return self.root / "work.duckdb"

    @property
    def published(self) -> Path:
        """Snapshots that readers open."""
        return self.root / "published"

    @property
    def current(self) -> Path:
        """The file that names the snapshot in force."""
        return self.published / "current.json"

    @property
    def people(self) -> Path:
        """People's decisions: the only file that cannot be rebuilt."""
        return self.root / "people.sqlite"

    @property
    def logs(self) -> Path:
        """Run logs."""
        return self.root / "logs"

    @property
    def lock(self) -> Path:
        """Held by the one process that writes."""
        return self.root / "run.lock"

    @property
    def is_demo(self) -> bool:
        """Whether this base holds demonstration material."""
        return (self.root / DEMO_MARK).exists()

    def make(self) -> Home:
        """Create the folders; return self."""
        for folder in (self.sources, self.raw, self.published, self.logs):
            folder.mkdir(parents=True, exist_ok=True)
        return self


def find_home(option: str | Path | None = None) -> Home:
    """Return the home: the option, else ``CLAIMWATCH_HOME``, else the platform's user data folder."""
    chosen = option or os.environ.get("CLAIMWATCH_HOME") or platformdirs.user_data_dir("claimwatch")
    return Home(Path(chosen).expanduser().resolve())
