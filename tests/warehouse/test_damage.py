from __future__ import annotations

import itertools
import os
import random
import shutil
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest

from tests.warehouse.make import WordEncoder, at, load, tag_all
from warehouse.checks import check_home, find_problems
from warehouse.errors import ClaimwatchError, DamagedError, DiskFullError, NoBaseError
from warehouse.home import Home
from warehouse.publish import publish
from warehouse.queries import open_base
from warehouse.raw import read_ledger
from warehouse.rebuild import compare_with_ledger, set_aside
from warehouse.sizes import sizes
from warehouse.snapshots import Snapshot, as_of, current, every, keep_by_rule, remove_old
from warehouse.store import Store

TEXT = "Intro. Emergency admissions rose by 12% in Leeds. The Better Care Fund will recruit staff."
PAGES = {f"https://a.example/{n}": f"{TEXT} We found number {n}." for n in range(5)}


def fill(home: Home, days: int = 0, pages: dict[str, str] | None = None, first_seq: int = 1) -> Snapshot:
    with Store.open(home) as store:
        load(store, pages or PAGES, first_seq=first_seq, days=days)
        tag_all(store)
        return publish(home, store, at(days), store.begin_run("test", at(days)))


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home(tmp_path_factory.mktemp("whole") / "home").make()
    fill(home)
    return home


def notices(home: Home) -> bool:
    try:
        base = open_base(home)
        base.close()
    except (DamagedError, NoBaseError):
        return True
    return bool(check_home(home))


def test_every_flipped_bit_in_a_published_file_or_its_record_is_noticed(whole: Home, tmp_path: Path) -> None:
    assert check_home(whole) == []
    rng = random.Random(7)
    files = [whole.published / name for name in current(whole).files] + [whole.current, whole.ledger]
    for turn in range(64):
        path = files[turn % len(files)]
        good = path.read_bytes()
        if not good:
            continue
        bad = bytearray(good)
        bad[rng.randrange(len(bad))] ^= 1 << rng.randrange(8)
        path.write_bytes(bytes(bad))
        try:
            assert notices(whole), path
        finally:
            path.write_bytes(good)
    assert not notices(whole)


@pytest.mark.parametrize("harm", ["cut", "grown", "gone", "log beside it"])
def test_a_half_file_is_named_at_start(whole: Home, tmp_path: Path, harm: str) -> None:
    home = Home(tmp_path / "copy")
    shutil.copytree(whole.root, home.root)
    path = current(home).base(home)
    if harm == "gone":
        path.unlink()
    elif harm == "log beside it":
        Path(f"{path}.wal").write_bytes(b"x")
    else:
        os.truncate(path, path.stat().st_size // 2 if harm == "cut" else path.stat().st_size + 1)
    with pytest.raises(DamagedError, match=path.name) as raised:
        open_base(home)
    assert "claimwatch rebuild" in str(raised.value)


def test_a_store_that_is_not_whole_is_not_published_and_every_broken_rule_is_named(home: Home) -> None:
    first = fill(home)
    with Store.open(home) as store:
        store.con.execute("delete from thread")
        store.con.execute("update passage set end_at = 9999 where n = 0")
        with pytest.raises(DamagedError, match="has its thread") as raised:
            publish(home, store, at(1), 2)
        assert "inside its version's text" in str(raised.value)
        assert len(find_problems(store.con)) == 2
    assert current(home) == first
    assert [path.name for path in home.published.glob(".making*")] == []


def test_publishing_again_builds_on_the_earlier_index_and_finds_the_same(home: Home, tmp_path: Path) -> None:
    fill(home)
    more = {"https://a.example/1": f"{TEXT} We found another number.", "https://b.example/": "We found a new thing."}
    second = fill(home, 1, more, 50)
    assert (second.parts["added"], second.parts["removed"]) == (4, 3)
    other = Home(tmp_path / "other").make()
    with Store.open(other) as store:
        load(store, PAGES)
        tag_all(store)
        load(store, more, first_seq=50, days=1)
        tag_all(store)
        publish(other, store, at(1), 1)
    grown, anew = open_base(home), open_base(other)
    for query in ("", "found", "admissions AND leeds", "staff"):
        one, two = (b.search(query, mode="words", size=50) for b in (grown, anew))
        assert one.total == two.total
        assert one.facets == two.facets
        assert {hit.quote for hit in one.hits} == {hit.quote for hit in two.hits}


def test_nothing_new_is_nothing_added(home: Home) -> None:
    fill(home)
    with Store.open(home) as store:
        again = publish(home, store, at(1), store.begin_run("test", at(1)))
    assert (again.parts["added"], again.parts["removed"]) == (0, 0)


def test_a_row_that_was_emptied_is_never_given_the_vector_of_another(home: Home) -> None:
    """Row numbers go up for ever: the last entry goes, another comes, and meaning finds the other for what it says."""
    urls = [f"https://z.example/{n}" for n in range(6)]
    fill(home, 0, {url: f"We found word{n} in place{n}." for n, url in enumerate(urls)})
    encode = WordEncoder().encode
    for turn in range(4):
        with Store.open(home) as store:
            last = store.con.execute("select document from claim order by passage desc limit 1").fetchall()[0][0]
            store.set_document_status(last, "held")
            publish(home, store, at(turn + 1), store.begin_run("test", at(turn + 1)))
        text = f"We found {('apples', 'bricks', 'candles', 'drums')[turn]} near the corner."
        fill(home, turn + 1, {f"https://y.example/{turn}": text}, 200 + turn)
        base = open_base(home)
        hits = base.search(text, mode="meaning", encoder=encode).hits
        assert hits[0].quote == text
        assert hits[0].likeness == pytest.approx(1.0, abs=0.02)


def test_a_reader_keeps_its_snapshot_while_others_come_and_go(home: Home) -> None:
    fill(home)
    reader = open_base(home)
    before = reader.search("admissions", mode="words").total
    for n in range(1, 12):
        fill(home, n * 7, {f"https://new.example/{n}": f"Emergency admissions rose in year {n}."}, 100 + n)
    (home.published / f"{reader.snapshot.name}.json").unlink(missing_ok=True)
    shutil.rmtree(home.published / f"{reader.snapshot.name}.index", ignore_errors=True)
    reader.snapshot.base(home).unlink(missing_ok=True)
    assert reader.search("admissions", mode="words").total == before
    assert reader.search("", mode="words").hits
    assert open_base(home).search("admissions", mode="words").total > before


def test_snapshots_are_kept_by_the_rule_last_seven_then_weekly() -> None:
    def snapshot(day: int) -> Snapshot:
        return Snapshot(f"evidence-{day}", day, at(day).isoformat(), 1, False, {}, {}, {})

    kept = keep_by_rule([snapshot(day) for day in range(60)])
    days = sorted(int(name.split("-")[1]) for name in kept)
    assert days[-7:] == list(range(53, 60))
    assert all(later - earlier <= 7 for earlier, later in itertools.pairwise(days))
    assert len(days) <= 7 + 9


def test_as_of_answers_what_was_known_then(home: Home) -> None:
    first = fill(home)
    fill(home, 10, {"https://late.example/": "Admissions rose later."}, 70)
    assert as_of(home, at(3).date()) == first
    assert open_base(home, as_of=at(5).date()).search("later", mode="words").total == 0
    assert open_base(home).search("later", mode="words").total == 1
    with pytest.raises(NoBaseError, match="oldest"):
        open_base(home, as_of=date(2001, 1, 1))


def test_old_snapshots_are_removed_with_all_their_files(home: Home) -> None:
    for n in range(10):
        fill(home, n, {f"https://a.example/{n}": "Admissions rose."}, 10 + n)
    names = {snapshot.name for snapshot in every(home)}
    assert {path.name.split(".")[0] for path in home.published.glob("evidence-*")} == names
    assert 7 <= len(names) < 10
    assert remove_old(home) == []


def test_a_rebuild_gives_the_same_tables_row_for_row(home: Home) -> None:
    fill(home)
    with Store.open(home) as store:
        store.erase_documents([store.con.execute("select min(id) from document").fetchall()[0][0]], at())
        publish(home, store, at(1), store.begin_run("erase", at(1)))
    aside = set_aside(home)
    assert aside is not None
    fill(home)
    assert compare_with_ledger(home) == []
    with Store.open(home) as store:
        assert len(store.tombstones()) == 1
        assert store.con.execute("select count(*) from run where command = 'erase'").fetchall() == [(1,)]


def test_a_rebuild_that_comes_out_different_says_which_table(home: Home) -> None:
    fill(home)
    set_aside(home)
    fill(home, 0, {url: text.replace("12%", "13%") for url, text in PAGES.items()})
    assert any(line.startswith("table version") for line in compare_with_ledger(home))


def test_a_damaged_working_database_is_rebuilt_with_what_the_snapshot_carries(home: Home) -> None:
    fill(home)
    home.work.write_bytes(b"nothing" * 4000)
    with pytest.raises(DamagedError, match="rebuild"):
        Store.open(home)
    set_aside(home)
    fill(home)
    assert compare_with_ledger(home) == []
    with Store.open(home) as store:
        assert store.con.execute("select count(*) from run").fetchall() == [(2,)]


def test_the_ledger_tells_of_every_publish(home: Home) -> None:
    snapshot = fill(home)
    (line,) = [entry for entry in read_ledger(home.ledger) if entry["type"] == "publish"]
    assert line["counts"] == dict(snapshot.counts)


def test_anyone_can_open_the_published_base_with_duckdb(whole: Home) -> None:
    with duckdb.connect(str(current(whole).base(whole)), read_only=True) as con:
        assert con.execute("select count(*) from current_claim").fetchall() == [(15,)]


def test_sizes_count_shared_files_once(home: Home) -> None:
    fill(home)
    once = sizes(home)["word indexes"]
    with Store.open(home) as store:
        publish(home, store, at(1) + timedelta(hours=1), store.begin_run("test", at(1)))
    assert sizes(home)["word indexes"] < 2 * once
    assert sizes(home)["published databases"] > 0


LIMITED = """
import resource, signal, sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from tests.warehouse.make import WordEncoder, at, load, tag_all
from warehouse.errors import ClaimwatchError
from warehouse.home import Home
from warehouse.publish import publish
from warehouse.store import Store
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
home = Home(Path(sys.argv[1]))
try:
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]), resource.RLIM_INFINITY))
    with Store.open(home) as store:
        pages = {f"https://big.example/{n}": f"Admissions rose, we found. {n} " * 2000 for n in range(12)}
        load(store, pages, first_seq=500)
        tag_all(store)
        publish(home, store, at(3), store.begin_run("test", at(3)))
except ClaimwatchError as error:
    print(type(error).__name__, error)
    sys.exit(error.exit_code)
"""


@pytest.mark.parametrize("limit", [600_000, 3_000_000, 5_000_000])
def test_a_full_disk_stops_the_run_with_its_own_code_and_the_next_run_completes(home: Home, limit: int) -> None:
    import subprocess
    import sys

    first = fill(home)
    root = str(Path(__file__).parents[2])
    command = [sys.executable, "-c", LIMITED, str(home.root), root]
    done = subprocess.run([*command, str(limit)], capture_output=True, text=True, check=False)
    assert done.returncode == DiskFullError.exit_code, done.stdout + done.stderr[-2000:]
    assert current(home) == first
    assert open_base(home).search("admissions", mode="words").total == 5
    done = subprocess.run([*command, str(10**12)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr[-2000:]
    assert check_home(home) == []
    assert isinstance(first, Snapshot)
    assert issubclass(DiskFullError, ClaimwatchError)
