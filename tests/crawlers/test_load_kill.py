"""A load killed at random points and run again loses nothing and doubles nothing."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.crawlers.test_load import Recorder, page
from warehouse.home import Home
from warehouse.store import Store

PAGES = 200
KILLS = 20
ROOT = Path(__file__).parents[2]
LOAD = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from crawlers import load as loading
from tests.crawlers.test_load import source
from warehouse.home import Home
from warehouse.store import Store
loading.BATCH = 8
home = Home(Path(sys.argv[1]))
with Store.open(home) as store:
    loading.load(home, store, {"sample": source()}, datetime(2024, 3, 1, tzinfo=UTC))
"""


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_kills_lose_and_double_nothing(home: Home) -> None:
    recorder = Recorder(home)
    for n in range(PAGES):
        recorder.fetch(f"p{n % 150}", page(f"Waits fell by {n}% at this place.", title=f"Page number {n % 150}"))
    random_s = random.Random(7)
    command = [sys.executable, "-c", LOAD, str(home.root)]
    for _ in range(KILLS):
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(random_s.uniform(0.3, 2.5))
        process.kill()
        process.wait()
    subprocess.run(command, cwd=ROOT, check=True)
    with Store.open(home) as store:
        counted = store.con.execute(
            "select (select count(*) from document), (select count(*) from version), (select count(*) from showing),"
            " (select count(*) from fetched), (select count(distinct seq) from fetched)"
        ).fetchall()
    assert counted == [(150, PAGES, PAGES, PAGES, PAGES)]
