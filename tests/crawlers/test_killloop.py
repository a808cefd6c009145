"""Killed twenty times and more at random points, then run once: every page is there, and none twice."""

from __future__ import annotations

import math
import random
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest

from crawlers.crawl import Options
from crawlers.crawl_worker import CrawlJob
from tests.crawlers.faultserver import PAGE, Asked, FaultServer, http
from tests.crawlers.nights import NOW, fetches, night, pages
from warehouse.home import Home
from warehouse.raw import get_body

PAGES, KILLS = 400, 20


@dataclass
class Gate:
    """Lets so many pages through and holds the rest, so that no machine is too quick for a kill."""

    passes: float = 0

    def page(self, asked: Asked) -> bytes:
        self.passes -= 1
        ends = time.monotonic() + 30
        while self.passes < 0 and time.monotonic() < ends:
            time.sleep(0.005)
        return http(PAGE + asked.path.encode())


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_crawl_killed_at_random_points_ends_with_every_page_once(home: Home) -> None:
    chance, options, gate = random.Random(7), Options(probe=False, timeout_s=300), Gate()  # a machine may stand still
    with FaultServer({"site": gate.page}) as server:
        source = pages("site", *[server.url("site", f"/{n}") for n in range(PAGES)], max_pages=PAGES)
        for run in range(1, KILLS + 1):
            _killed(CrawlJob(home, (source,), NOW, run, None, options), gate, chance)
        gate.passes = math.inf
        night(home, [source], run=KILLS + 1, options=options)
    counted = Counter(fetch.url for fetch in fetches(home) if fetch.outcome == "ok")
    assert len(counted) == PAGES
    bodies = {(fetch.url, fetch.body_sha256) for fetch in fetches(home) if fetch.body_sha256}
    assert len(bodies) == PAGES, "a page has two different bodies"
    assert all(get_body(home.raw, sha256 or "") for _, sha256 in bodies)
    numbers = [fetch.seq for fetch in fetches(home)]
    assert numbers == sorted(set(numbers))


def _killed(job: CrawlJob, gate: Gate, chance: random.Random) -> None:
    """Start the crawl process and kill it a moment after it has got some more pages, fewer than are left."""
    gate.passes = chance.randint(1, PAGES // KILLS - 4)
    process = subprocess.Popen(
        [sys.executable, "-m", "crawlers.crawl_worker"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL, cwd=Path(__file__).parents[2], text=True,
    )  # fmt: skip
    assert process.stdin is not None
    process.stdin.write(job.pack() + "\n")
    process.stdin.close()
    while gate.passes > 0 and process.poll() is None:
        time.sleep(0.001)
    time.sleep(chance.uniform(0, 0.03))
    assert process.poll() is None, "the crawl ended before it could be killed"
    process.kill()
    process.wait()
