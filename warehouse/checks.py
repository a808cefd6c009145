"""The integrity that foreign keys would hold: each check is a query that finds what must not be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import duckdb

from warehouse import snapshots
from warehouse.errors import BusyError, ClaimwatchError, DamagedError
from warehouse.home import Home
from warehouse.lock import run_lock
from warehouse.raw import last_seq, read_ledger
from warehouse.store import Store

SHOWN = 3


@dataclass(frozen=True, slots=True)
class Check:
    """A rule and the query that returns the ids that break it."""

    rule: str
    sql: str


@dataclass(frozen=True, slots=True)
class Problem:
    """A broken rule: how often, and a few of the ids."""

    rule: str
    count: int
    ids: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.rule}: {self.count} ({', '.join(self.ids)})"


@lru_cache(maxsize=1)
def checks() -> tuple[Check, ...]:
    """Return the checks of checks.sql: each a comment line with its rule, then its query."""
    parts = (Path(__file__).parent / "checks.sql").read_text("utf-8").split("\n-- ")[1:]
    split = (part.split("\n", 1) for part in parts)
    return tuple(Check(rule.strip(), sql.strip().rstrip(";")) for rule, sql in split)


def find_problems(con: duckdb.DuckDBPyConnection, which: Sequence[Check] | None = None) -> list[Problem]:
    """Run the checks; return the rules that are broken."""
    problems = []
    for check in checks() if which is None else which:
        found = con.execute(check.sql).fetchall()
        if found:
            problems.append(Problem(check.rule, len(found), tuple(str(row[0]) for row in found[:SHOWN])))
    return problems


def require_whole(con: duckdb.DuckDBPyConnection, where: Path) -> None:
    """Raise DamagedError naming every broken rule."""
    problems = find_problems(con)
    if problems:
        listed = "; ".join(str(problem) for problem in problems)
        raise DamagedError(f"{where}: not published, for it is not whole: {listed}; run `claimwatch rebuild`")


def check_ledger(home: Home, store: Store) -> None:
    """Raise DamagedError where the ledger ends before what was loaded from it: new lines would be taken for old ones.

    Reads the ledger's end alone.
    """
    ends, loaded = last_seq(home.ledger), store.last_loaded_seq()
    if ends < loaded:
        raise DamagedError(
            f"{home.ledger}: ends at number {ends:,}, but lines up to {loaded:,} were loaded from it; restore it from "
            "a backup, or run `claimwatch rebuild`, which makes the base from what is left of it"
        )


def check_work(home: Home) -> list[str]:
    """Return what is wrong with the working database: unreadable, writes missing, ahead of the ledger.

    Waits for nobody: nothing is said of it while another run has it open.
    """
    try:
        with run_lock(home), Store.open(home) as store:
            check_ledger(home, store)
    except BusyError:
        return []
    except ClaimwatchError as error:
        return [str(error)]
    return []


def check_home(home: Home) -> list[str]:
    """Return what is wrong with a home: the bytes of the snapshot in force, its manifest against the ledger.

    Reads everything (about 2 GB/s a core); a line a problem, each naming its file.
    """
    try:
        snapshot = snapshots.current(home)
        recorded = [entry for entry in read_ledger(home.ledger) if entry.get("type") == "publish"]
        snapshots.check_content(home, snapshot)
    except ClaimwatchError as error:
        return [str(error)]
    mine = [entry for entry in recorded if entry["name"] == snapshot.name]
    if not mine:
        return [f"{home.ledger}: holds no line on {snapshot.name}, which is in force; run `claimwatch publish`"]
    files = {name: sha256 for name, (_, sha256) in snapshot.files.items()}
    if mine[-1]["files"] != files or mine[-1]["hashes"] != dict(snapshot.hashes):
        return [f"{home.current}: is not the snapshot that the ledger says; run `claimwatch publish`"]
    return []
