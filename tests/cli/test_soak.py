"""Nights in a row over a site that changes: nothing grows but what the site brought (C20)."""

from __future__ import annotations

import gc
import os
import tempfile
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import psutil
import pytest

from commands.pipeline import run_stages
from commands.run import full_run
from tests.crawlers.faultserver import Asked, FaultServer, http
from tests.crawlers.nights import NOW, pages
from warehouse.checks import check_home
from warehouse.home import Home
from warehouse.queries import open_base
from warehouse.snapshots import every

# The whole size is 24 nights; the default keeps `make test-slow` short.
NIGHTS = int(os.environ.get("CLAIMWATCH_SOAK_NIGHTS", "5"))
SETTLED = 2  # by then models, pools and caches are there
PAGES, CHANGED = 8, 2
REVISIT = {"factor": 1.0, "stop_after_days": None}  # every page, every night
PAGE = """<html><head><title>Report {n}</title></head><body><article><h1>Report {n}</h1>
<p>The board of area {n} has written about its joined-up care team for the people who live there. The team works from
one office, and its nurses and social workers share a list of those whom they see each week.</p>
<p>We found that emergency admissions in area {n} rose by {figure}% in the year, against a plan of a fall by 4%.</p>
<p>The main barrier was a lack of staff, and records could not be shared between the hospital and the council.</p>
<p>The council will recruit {figure} more care workers, and the hospital has said that it may pay for half of
them.</p></article></body></html>"""
pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]


@dataclass(frozen=True, slots=True)
class Sample:
    """What a night left: of this process and on the disk (bytes)."""

    tagged: int
    resident: int
    files: int
    threads: int
    children: int
    temporary: int
    work: int
    snapshots: int


def sample(home: Home, temporary: Path, tagged: int) -> Sample:
    gc.collect()
    me = psutil.Process()
    return Sample(
        tagged, me.memory_info().rss, me.num_fds(), me.num_threads(), len(me.children(recursive=True)),
        len(left_in(temporary)) + len(unfinished(home)), home.work.stat().st_size, len(every(home)),
    )  # fmt: skip


def left_in(temporary: Path) -> list[Path]:
    """Return what lies in the folder of temporary files, torch's own folder left out."""
    return [path for path in temporary.iterdir() if not path.name.startswith("torchinductor")]


def unfinished(home: Home) -> list[Path]:
    """Return files under names of our own for what is being made; tantivy's own are parts of an index."""
    return [path for path in home.root.rglob(".*") if ".index/" not in str(path)]


def test_nothing_grows_from_night_to_night(home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    monkeypatch.setattr(tempfile, "tempdir", None)
    shown = dict.fromkeys(range(PAGES), 5)

    def answer(asked: Asked) -> bytes:
        n = int(asked.path.strip("/")) if asked.path.strip("/").isdigit() else None
        return http(PAGE.format(n=n, figure=shown[n]).encode()) if n in shown else http(b"none", "404 Not Found")

    samples = []
    with FaultServer({"site": answer}) as server:
        site = pages("site", *[server.url("site", f"/{n}") for n in shown], max_pages=PAGES, revisit=REVISIT)
        for night in range(NIGHTS):
            for n in range(CHANGED):
                shown[(night * CHANGED + n) % PAGES] += 1
            outcome = run_stages(home, NOW + timedelta(days=night), "nightly", full_run([site]))
            assert outcome.warnings == []
            samples.append(sample(home, temporary, outcome.counts["versions tagged"]))
    print(*samples, sep="\n")
    settled, last = samples[SETTLED - 1], samples[-1]
    assert [each.tagged for each in samples[1:]] == [CHANGED] * (NIGHTS - 1)
    assert {each.children for each in samples} == {0}
    assert {each.temporary for each in samples} == {0}
    assert last.files <= settled.files
    assert last.threads <= settled.threads
    # The rise slows, to some 200 MB in 24 nights; nights that are not a test's are a process each.
    assert last.resident < settled.resident + (150 + 10 * NIGHTS << 20)
    assert last.work < settled.work + (NIGHTS - SETTLED) * (1 << 20)
    assert last.snapshots <= 7 + 1 + NIGHTS // 7
    assert check_home(home) == []
    assert open_base(home).stats().versions == PAGES + CHANGED * (NIGHTS - 1)
