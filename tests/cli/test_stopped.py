"""A whole `claimwatch nightly` over the demonstration site, killed and stopped at its writes, and on a full disk."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from crawlers.demo.server import DemoSite
from crawlers.demo.sources import demo_sources, write_demo_sources
from warehouse.checks import check_home
from warehouse.errors import DiskFullError, NoBaseError
from warehouse.home import Home
from warehouse.queries import open_base

ROOT = Path(__file__).parents[2]
NOW = "2025-11-03T02:00:00+00:00"
KILLS = int(os.environ.get("CLAIMWATCH_NIGHTLY_KILLS", "5"))
pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]
# By a run's number or the worker's clock, not by what was found.
OF_A_RUN = {"run", "seq", "fetch_seq"}
# Which of two documents that say the same was first goes by the order they were seen in, which a killed night changes.
NOT_COMPARED = {"run", "run_source", "fetched", "migration", "echo"}


@pytest.fixture(scope="module")
def site() -> Iterator[DemoSite]:
    with DemoSite(port=0) as site:
        yield site


def new_home(folder: Path, site: DemoSite) -> Home:
    home = Home(folder).make()
    write_demo_sources(home.sources, site.port)
    return home


def start(home: Home, *command: str, at: int = 0, signals: Sequence[int] = (), prefix: Sequence[str] = ()) -> Any:
    """Run a command to its end, or to its ``at``-th write, where ``signals`` meet it."""
    play = {"at": at, "signals": list(signals), "now": NOW}
    claimwatch = [sys.executable, "-m", "tests.cli.dying", "--home", str(home.root), *command]
    env = {**os.environ, "CLAIMWATCH_DYING": json.dumps(play)}
    return subprocess.run([*prefix, *claimwatch], env=env, cwd=ROOT, capture_output=True, text=True, timeout=600)


def night(home: Home, site: DemoSite, **how: Any) -> Any:
    return start(home, "nightly", *demo_sources(site.port), **how)


def content(home: Home) -> dict[str, list[tuple[object, ...]]]:
    """Every published table, without what only says when and by which run."""
    base, found = open_base(home), {}
    with base.reader.cursor() as cursor:
        shown = (
            "select table_name, column_name, data_type from duckdb_columns() where schema_name = 'main' order by all"
        )
        columns: dict[str, list[str]] = {}
        for table, column, kind in cursor.execute(shown).fetchall():
            if table not in NOT_COMPARED and column not in OF_A_RUN and "TIMESTAMP" not in kind:
                columns.setdefault(table, []).append(column)
        for table in base.snapshot.counts:
            if table in columns:
                found[table] = cursor.table(table).select(*columns[table]).order("all").fetchall()
        found["echoed"] = cursor.execute("select distinct kind, member from echo order by all").fetchall()
    base.close()
    return found


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory, site: DemoSite) -> Home:
    site.set_night(1)
    home = new_home(tmp_path_factory.mktemp("undisturbed"), site)
    done = night(home, site)
    assert done.returncode == 0, done.stderr
    return home


KILL, TERM, INT = signal.SIGKILL, signal.SIGTERM, signal.SIGINT
WAYS = {(KILL,): {-KILL}, (TERM,): {143}, (INT, INT): {-INT, 130}, (INT,): {130}}


def test_a_night_killed_and_stopped_while_it_recovers_ends_as_one_undisturbed(
    tmp_path: Path, site: DemoSite, undisturbed: Home
) -> None:
    site.set_night(1)
    home, rng, died = new_home(tmp_path / "home", site), random.Random(11), 0
    ways = [*WAYS, (KILL,)]
    for turn in range(KILLS):
        way = ways[turn % len(ways)]
        done = night(home, site, at=rng.randrange(2, 90), signals=way)
        assert "Traceback" not in done.stderr, done.stderr
        died += done.returncode != 0
        assert ("stopped; what was kept is whole" in done.stderr) == (done.returncode in (130, 143)), done.stderr
        assert done.returncode in WAYS[way] | {0}, (way, done.returncode, done.stderr)
        nothing_half(home)
    assert died >= KILLS - 1
    done = night(home, site)
    assert done.returncode == 0, done.stderr
    nothing_half(home)
    assert content(home) == content(undisturbed)
    runs = open_base(home).runs(KILLS + 2)
    assert {run.exit_code for run in runs} <= {None, 0, 130, 143}


def nothing_half(home: Home) -> None:
    try:
        open_base(home).close()
    except NoBaseError:
        return
    assert check_home(home) == []


# In a file system of its own (no root needed where the system lets users have namespaces), so the disk is really full.
SMALL_DISK = """
set -e
mkdir -p "$0" && mount -t tmpfs -o size="$1" disk "$0" && cp -a "$2"/. "$0"
set +e
shift; from=$1; shift
"$@"; code=$?
rm -rf "$from" && cp -a "$0" "$from" && exit $code
"""


def has_namespaces() -> bool:
    try:
        tried = subprocess.run(["unshare", "-rm", "mount", "-t", "tmpfs", "x", "/mnt"], capture_output=True)
    except FileNotFoundError:
        return False
    return tried.returncode == 0


def test_a_full_disk_has_its_own_code_and_room_lets_the_next_run_complete(
    tmp_path: Path, site: DemoSite, undisturbed: Home
) -> None:
    if not has_namespaces():
        pytest.skip("no user namespaces here, so no small disk can be made")
    home, disk = Home(tmp_path / "home"), tmp_path / "disk"
    shutil.copytree(undisturbed.root, home.root)
    used_kib, first = du_kib(home), open_base(home).snapshot.name
    small = ["unshare", "-rm", "bash", "-c", SMALL_DISK, str(disk), f"{used_kib + 1_500}k", str(home.root)]
    done = start(Home(disk), "publish", prefix=small)
    assert done.returncode == DiskFullError.exit_code, done.stderr
    assert "the published base is as it was" in done.stderr
    assert open_base(home).snapshot.name == first
    assert check_home(home) == []
    assert start(home, "publish").returncode == 0
    assert check_home(home) == []


def du_kib(home: Home) -> int:
    return int(subprocess.run(["du", "-sk", home.root], capture_output=True, text=True, check=True).stdout.split()[0])


def test_a_home_that_cannot_be_written_says_so(tmp_path: Path, site: DemoSite, undisturbed: Home) -> None:
    if not has_namespaces():
        pytest.skip("no user namespaces here, so nothing can be mounted read-only")
    read_only = 'mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" && exec "$@"'
    prefix = ["unshare", "-rm", "bash", "-c", read_only, str(undisturbed.root)]
    done = start(undisturbed, "nightly", *demo_sources(site.port), prefix=prefix)
    assert (done.returncode, "Traceback" in done.stderr) == (1, False)
    assert "Read-only file system" in done.stderr
