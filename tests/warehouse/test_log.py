"""The working database's log, harmed in every way: what was acknowledged is there, or its lack is told."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from tests.warehouse.make import at, load, tag_all
from warehouse import commits
from warehouse.commits import beside
from warehouse.errors import BusyError, DamagedError, DiskFullError
from warehouse.home import Home
from warehouse.raw import Ledger, last_seq
from warehouse.rebuild import set_aside
from warehouse.store import Store

ROOT = Path(__file__).parents[2]
PAGES = {f"https://a.example/{n}": f"Emergency admissions rose by {n}%. We found page {n}." for n in range(6)}
TABLES = ("document", "version", "showing", "fetched", "passage", "claim", "figure", "vector")
# What a killed run leaves: writes that are only in the log.
KILLED = """
import os, sys
from pathlib import Path
from tests.warehouse.test_log import PAGES, load, tag_all
from warehouse.home import Home
from warehouse.store import Store
store = Store.open(Home(Path(sys.argv[1])))
load(store, PAGES)
tag_all(store)
os.kill(os.getpid(), 9)
"""


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home(tmp_path_factory.mktemp("killed") / "home").make()
    Store.open(home).close()
    done = subprocess.run([sys.executable, "-c", KILLED, str(home.root)], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == -9, done.stderr
    assert log_of(home).stat().st_size > 10_000
    return home


def log_of(home: Home) -> Path:
    return Path(f"{home.work}.wal")


def copy(home: Home, to: Path) -> Home:
    shutil.copytree(home.root, to, dirs_exist_ok=True)
    return Home(to)


def rows(home: Home) -> dict[str, list[tuple[object, ...]]]:
    with Store.open(home) as store:
        return {table: store.con.table(table).order("all").fetchall() for table in TABLES}


def told_or_whole(home: Home, whole: dict[str, list[tuple[object, ...]]]) -> str:
    try:
        found = rows(home)
    except DamagedError as error:
        told = str(error)
    else:
        assert found == whole, "rows are missing, and nothing was said"
        return "whole"
    assert "claimwatch rebuild" in told
    assert home.work.name in told
    return "told"


def test_a_killed_runs_log_is_taken_in(killed: Home, tmp_path: Path) -> None:
    found = rows(copy(killed, tmp_path / "copy"))
    assert [len(found[table]) for table in ("document", "claim")] == [6, 12]


@pytest.mark.parametrize("harm", ["cut", "flipped"])
def test_a_harmed_log_is_noticed_at_the_next_start(killed: Home, tmp_path: Path, harm: str) -> None:
    whole, rng = rows(copy(killed, tmp_path / "whole")), random.Random(4)
    good, results = log_of(killed).read_bytes(), []
    for turn in range(40):
        home = copy(killed, tmp_path / str(turn))
        at = rng.randrange(len(good))
        bad = bytearray(good[:at] if harm == "cut" else good)
        if harm == "flipped":
            bad[at] ^= 1 << rng.randrange(8)
        log_of(home).write_bytes(bytes(bad))
        results.append(told_or_whole(home, whole))
        shutil.rmtree(home.root)
    assert results.count("told") >= 39


@pytest.mark.parametrize("gone", [".wal", ""], ids=["the log", "the file"])
def test_what_is_gone_is_noticed_and_a_rebuild_begins_anew(killed: Home, tmp_path: Path, gone: str) -> None:
    home = copy(killed, tmp_path / "copy")
    Path(f"{home.work}{gone}").unlink()
    for _ in range(2):  # noticing it once does not make it right
        with pytest.raises(DamagedError, match=r"writes are missing.*claimwatch rebuild"):
            Store.open(home)
    set_aside(home)
    with Store.open(home) as store:
        assert store.last_loaded_seq() == 0


def test_an_older_copy_of_the_file_is_noticed(home: Home, tmp_path: Path) -> None:
    with Store.open(home) as store:
        load(store, PAGES)
    shutil.copy(home.work, tmp_path / "older")
    with Store.open(home) as store:
        tag_all(store)
    shutil.copy(tmp_path / "older", home.work)
    with pytest.raises(DamagedError, match="an older copy"):
        Store.open(home)


def test_without_the_count_lost_writes_go_unnoticed(
    killed: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = copy(killed, tmp_path / "copy")
    log_of(home).unlink()
    monkeypatch.setattr(commits, "_read", lambda file: 0)
    assert rows(home)["document"] == []


@pytest.mark.parametrize("text", ["", "12", "not a number at"])
def test_a_count_that_cannot_be_read_holds_nothing_up(home: Home, text: str) -> None:
    with Store.open(home) as store:
        load(store, PAGES)
    beside(home.work).write_text(text)
    with Store.open(home) as store:
        assert store.last_loaded_seq() == 6


def test_a_rebuild_that_was_killed_before_it_carried_anything_over_loses_nothing(home: Home) -> None:
    with Store.open(home) as store:
        load(store, PAGES)
        store.begin_run("nightly", at())
    aside = home.root / "work.aside.duckdb"
    home.work.replace(aside)
    duckdb.connect(str(home.work)).close()  # begun, and killed
    assert set_aside(home) == aside
    with Store.open(home) as store:
        assert store.con.execute("select command from run").fetchall() == [("nightly",)]


def test_two_processes_never_write_the_ledger_at_once(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("warehouse.raw.WAIT_S", 0.1)
    first = Ledger(home.ledger)
    with pytest.raises(BusyError, match="ledger"):
        Ledger(home.ledger)
    first.append({"type": "publish", "seq": 1})
    first.close()
    assert Ledger(home.ledger).next_seq == 2


@pytest.mark.parametrize(("lines", "tail"), [(0, b""), (3, b""), (3, b"0000 half"), (3000, b"x")])
def test_the_last_number_is_read_from_the_ledgers_end(home: Home, lines: int, tail: bytes) -> None:
    ledger = Ledger(home.ledger)
    for seq in range(1, lines + 1):
        ledger.append({"type": "fetch", "seq": seq, "pad": "x" * 50}, sync=False)
    ledger.close()
    with open(home.ledger, "ab") as file:
        file.write(tail)
        os.fsync(file.fileno())
    assert last_seq(home.ledger) == lines


def test_a_base_is_never_half_made(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise duckdb.IOException("Could not write file: No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("warehouse.migrate.migrate", full)
        with pytest.raises(DiskFullError, match=r"work\.duckdb: the disk is full"):
            Store.open(home)
    assert list(home.root.glob("*work.duckdb*")) == []
    (home.root / ".work.duckdb.making").write_bytes(b"what a kill left")
    with Store.open(home) as store:
        assert store.last_loaded_seq() == 0
    assert not (home.root / ".work.duckdb.making").exists()
