from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.warehouse.killed import PAGES, load, publish_again, rebuild
from tests.warehouse.make import WordEncoder, at, document, tag_all
from tests.warehouse.make import fetch as make_fetch
from warehouse.checks import check_home, find_problems
from warehouse.home import Home
from warehouse.people import People
from warehouse.publish import publish
from warehouse.queries import open_base
from warehouse.store import Store

ROOT = Path(__file__).parents[2]
# The whole size is 60 kills a loop and 120 s; the defaults keep `make test-slow` short.
KILLS = int(os.environ.get("CLAIMWATCH_KILLS", "15"))
SOAK_S = int(os.environ.get("CLAIMWATCH_SOAK_S", "20"))
pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]
TABLES = ("document", "alias", "version", "showing", "fetched", "passage", "claim", "thread", "tag", "figure", "named")


def start(what: str, home: Home) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.warehouse.killed", what, str(home.root)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT)


def kill_somewhere(what: str, home: Home, rng: random.Random, longest_s: float) -> list[str]:
    """Start, kill at a random moment after it has begun, return what it said."""
    process = start(what, home)
    assert process.stdout is not None
    first = process.stdout.readline()
    time.sleep(rng.uniform(0, longest_s))
    process.send_signal(signal.SIGKILL)
    rest, errors = process.communicate()
    assert "Error" not in errors, errors
    return [first.strip(), *rest.split()]


def content(home: Home) -> dict[str, object]:
    with Store.open(home) as store:
        assert find_problems(store.con) == []
        return {table: store.con.table(table).order("all").fetchall() for table in TABLES}


def test_kills_while_loading_lose_nothing(home: Home, tmp_path: Path) -> None:
    undisturbed = Home(tmp_path / "undisturbed").make()
    load(undisturbed)
    rng, acknowledged = random.Random(1), 0
    for turn in range(KILLS):
        if turn % 6 == 0:  # a few kills a base, so that every stretch of the work is met
            home = Home(tmp_path / f"home{turn}").make()
            acknowledged = 0
        said = [int(word) for word in kill_somewhere("load", home, rng, 0.6) if word.isdigit()]
        acknowledged = max([acknowledged, *said])
        with Store.open(home) as store:
            assert store.last_loaded_seq() >= acknowledged
            assert find_problems(store.con, None) == [] or store.last_loaded_seq() < 3 * PAGES
        if turn % 6 == 5:
            load(home)
            assert content(home) == content(undisturbed)


def test_kills_while_publishing_leave_a_whole_snapshot_in_force(home: Home) -> None:
    load(home)
    publish_again(home)
    rng, before = random.Random(2), 0
    for _ in range(KILLS):
        kill_somewhere("publish", home, rng, 0.9)
        base = open_base(home)
        total = base.search("admissions rose", mode="words").total
        assert total >= before
        assert base.engine.searcher.num_docs == base.reader.rows("select count(*) as n from entry")[0]["n"]
        base.close()
        assert check_home(home) == []
        before = total
    publish_again(home)
    assert check_home(home) == []
    assert list(home.published.glob(".making*")) == []


def test_kills_while_rebuilding_end_in_the_same_tables(home: Home) -> None:
    load(home)
    whole = content(home)
    with Store.open(home) as store:
        publish(home, store, at(5), store.begin_run("test", at(5)))
    hits = open_base(home).search("admissions", mode="words").total
    rng = random.Random(3)
    for _ in range(KILLS):
        kill_somewhere("rebuild", home, rng, 1.2)
        assert open_base(home).search("admissions", mode="words").total == hits
    rebuild(home)
    assert content(home) == whole


def test_one_writer_eight_readers_and_two_reviewers(home: Home) -> None:
    """Readers check the identity of what they get, not only that nothing is raised."""
    load(home)
    with Store.open(home) as store:
        publish(home, store, at(5), store.begin_run("test", at(5)))
    ends, wrong, saved = time.monotonic() + SOAK_S, list[str](), list[tuple[str, str]]()
    people, encode = People(home.people), WordEncoder().encode

    def keep_on(work: Callable[[int], None]) -> Callable[[int], None]:
        def loop(seed: int) -> None:
            turn = 0
            while time.monotonic() < ends:
                try:
                    work(seed * 1_000_000 + turn)
                except Exception as error:  # the test's finding: anything at all that a person would see
                    wrong.append(repr(error))
                    return
                turn += 1

        return loop

    shared = open_base(home)

    def read(turn: int) -> None:
        page = turn % PAGES
        base = shared if turn % 3 else open_base(home)
        result = base.search(f'"page {page}"', mode="both", encoder=encode)
        words = base.search(f'"page {page}"', mode="words")
        if [hit.quote for hit in words.hits] != [f"We found page {page}."] or result.total < 1:
            wrong.append(f"page {page}: {[hit.quote for hit in words.hits]}")
        view = base.claim(words.hits[0].claim)
        if view.hit.quote != words.hits[0].quote or base.document(view.hit.document).id != view.hit.document:
            wrong.append(f"page {page}: another claim or document came back")

    def review(turn: int) -> None:
        subject = f"thread{turn}"
        people.decide(at(), f"Reviewer {turn // 1_000_000}", subject, "verdict", "accept")
        saved.append((f"Reviewer {turn // 1_000_000}", subject))

    def write(turn: int) -> None:
        with Store.open(home) as store:
            seq = store.last_loaded_seq() + 1
            url = f"https://new.example/{seq}"
            store.load_fetch(make_fetch(seq, url), [document(url, f"Emergency admissions rose in year {seq}.")])
            tag_all(store)
            publish(home, store, at(seq), store.begin_run("test", at(seq)))

    jobs = [*[(read, n) for n in range(8)], (review, 8), (review, 9), (write, 10)]
    threads = [threading.Thread(target=keep_on(work), args=(seed,)) for work, seed in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert {(d.by, d.subject) for d in people.decisions()} == set(saved)
    assert check_home(home) == []
