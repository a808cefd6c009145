"""A night on a disk that becomes full at one of its stages: code 13, the published base as it was, no child left."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawlers.demo.server import DemoSite
from crawlers.demo.sources import demo_sources, write_demo_sources
from tests.cli.test_stopped import has_namespaces
from warehouse.checks import check_home
from warehouse.errors import DiskFullError
from warehouse.home import Home
from warehouse.queries import open_base

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]
ROOT = Path(__file__).parents[2]
FIRST, SECOND = "2025-11-03T02:00:00+00:00", "2025-12-08T02:00:00+00:00"
# In a file system of its own, made for the command and copied back when it has ended.
SMALL_DISK = """
set -e
mkdir -p "$0" && mount -t tmpfs -o size=200m disk "$0" && cp -a "$1"/. "$0"
set +e
from=$1; shift
"$@"; code=$?
rm -f "$0/filler"; rm -rf "$from" && cp -a "$0" "$from" && exit $code
"""


def night(home: Home, site: DemoSite, stage: str = "", left: int = 0, *, disk: Path | None = None, now: str = SECOND):
    at = disk or home.root
    play = {"stage": stage, "left": left, "limit": disk is None, "now": now, "home": str(at)}
    command = [sys.executable, "-m", "tests.cli.filling", "--home", str(at), "nightly", *demo_sources(site.port)]
    if disk is not None:
        command = ["unshare", "-rm", "bash", "-c", SMALL_DISK, str(disk), str(home.root), *command]
    env = {**os.environ, "CLAIMWATCH_FILLING": json.dumps(play)}
    return subprocess.run(command, env=env, cwd=ROOT, capture_output=True, text=True, timeout=240)


@pytest.fixture(scope="module")
def site() -> Iterator[DemoSite]:
    with DemoSite(port=0) as site:
        yield site


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory, site: DemoSite) -> Home:
    site.set_night(1)
    home = Home(tmp_path_factory.mktemp("first")).make()
    write_demo_sources(home.sources, site.port)
    done = night(home, site, now=FIRST)
    assert done.returncode == 0, done.stderr
    site.set_night(2)
    return home


# Where the disk becomes full, and how many bytes still fit then: on a small disk in all, else in any one file.
PLACES = {
    "crawl: the frontier cannot be opened": ("crawl", 0, 0),
    "crawl: the frontier cannot be written": ("crawl", 40_000, 40_000),
    "crawl: a page cannot be kept": ("crawl", 100_000, 2_000),
    "load": ("load", 0, 100_000),
    "tag": ("tag", 0, 100_000),
    "link": ("link", 0, 100_000),
    "publish": ("publish", 300_000, 300_000),
}


@pytest.mark.parametrize("place", PLACES)
def test_a_disk_full_at_any_stage_stops_the_night_and_room_lets_the_next_one_complete(
    place: str, first: Home, site: DemoSite, tmp_path: Path
) -> None:
    home, before = Home(tmp_path / "home"), open_base(first).snapshot.name
    shutil.copytree(first.root, home.root)
    stage, on_disk, in_file = PLACES[place]
    disk = tmp_path / "disk" if has_namespaces() else None
    done = night(home, site, stage, on_disk if disk else in_file, disk=disk)
    assert done.returncode == DiskFullError.exit_code, (done.returncode, done.stderr)
    assert "Traceback" not in done.stderr
    assert open_base(home).snapshot.name == before
    assert check_home(home) == []
    done = night(home, site)
    assert done.returncode == 0, done.stderr
    assert check_home(home) == []
    base = open_base(home)
    assert (base.snapshot.name != before, len(base.changes()) > 0) == (True, True)


@pytest.mark.parametrize("stage", ["crawl", "load", "publish"])
def test_a_limit_to_the_size_of_files_has_the_code_of_a_full_disk(
    stage: str, first: Home, site: DemoSite, tmp_path: Path
) -> None:
    home, before = Home(tmp_path / "home"), open_base(first).snapshot.name
    shutil.copytree(first.root, home.root)
    done = night(home, site, stage, 2_000)
    assert done.returncode == DiskFullError.exit_code, (done.returncode, done.stderr)
    assert "Traceback" not in done.stderr
    assert open_base(home).snapshot.name == before
