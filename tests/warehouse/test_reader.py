"""What a reader meets: too little memory, and clocks that jump."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from tests.warehouse.make import at, document, fetch, tag_all
from warehouse.errors import ClaimwatchError
from warehouse.home import Home
from warehouse.publish import publish
from warehouse.queries import open_base, reader
from warehouse.queries.reader import Reader
from warehouse.snapshots import as_of, current
from warehouse.store import Store

HUNGRY = "select count(*) from (select distinct random() || repeat('x', 200) from range(2000000))"
URL = "https://a.example/page"


def show(home: Home, seq: int, text: str, hours: float) -> str:
    """Load one text at that hour by the clock, publish, return the snapshot's name."""
    when = at() + timedelta(hours=hours)
    with Store.open(home) as store:
        line = fetch(seq, URL)
        store.load_fetches([loading(line, text, when.isoformat())])
        tag_all(store)
        return publish(home, store, when, store.begin_run("test", when)).name


def loading(line, text: str, when: str):
    from dataclasses import replace

    from warehouse.store_load import Loading

    return Loading(replace(line, at=when), [document(URL, text)], extractor="x1")


def test_a_query_that_needs_too_much_memory_says_so_and_the_next_one_is_answered(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    show(home, 1, "Admissions rose.", 0)
    small = {**reader.CONFIG, "memory_limit": "40MB", "max_temp_directory_size": "0MB"}
    monkeypatch.setattr(reader, "CONFIG", small)
    one = Reader(current(home).base(home))
    with pytest.raises(ClaimwatchError, match="needs more memory than it may have; ask for less"):
        one.rows(HUNGRY)
    assert one.rows("select count(*) as n from document") == [{"n": 1}]
    one.close()


@pytest.mark.parametrize(
    ("hours", "note"),
    [(-1, "a summer time that ends"), (-24 * 9, "a clock set right"), (24 * 365 * 12, "a clock past 2038")],
)
def test_what_came_last_is_in_force_whatever_the_clock_says(home: Home, hours: float, note: str) -> None:
    show(home, 1, "Admissions rose by 12%.", 0)
    last = show(home, 2, "Admissions rose by 14%.", hours)
    base = open_base(home)
    assert base.snapshot.name == last, note
    (hit,) = base.search("admissions", mode="words").hits
    assert hit.quote == "Admissions rose by 14%."
    shown = base.reader.rows("select n, version from showing order by n")
    assert [row["n"] for row in shown] == [1, 2]
    assert as_of(home, (at() + timedelta(hours=max(hours, 0))).date()).name == last


def test_after_a_wrong_clock_the_next_right_night_is_in_force(home: Home, tmp_path: Path) -> None:
    show(home, 1, "Admissions rose by 12%.", 24 * 365 * 12)
    last = show(home, 2, "Admissions rose by 14%.", 0)
    assert current(home).name == last
    assert as_of(home, at().date()).name == last
