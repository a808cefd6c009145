"""Loading while a crawl goes on: the same base as loading after it, and no page judged before its host's probe."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from crawlers.crawl import Crawling
from crawlers.following import Lines
from crawlers.load import load
from crawlers.sandbox import Sandbox
from tests.crawlers.faultserver import FaultServer, http
from tests.crawlers.nights import NOW, QUICK, pages
from tests.crawlers.test_load import Recorder, page
from warehouse import raw
from warehouse.errors import DamagedError
from warehouse.home import Home
from warehouse.raw import LedgerTail
from warehouse.store import Store

PAGES = 30


class Crawl:
    """A crawl that does its next step each time somebody asks whether it is running."""

    def __init__(self, *steps: Callable[[], object]) -> None:
        self.steps = list(steps)

    def is_running(self) -> bool:
        if not self.steps:
            return False
        self.steps.pop(0)()
        return True


@pytest.fixture
def box() -> Iterator[Sandbox]:
    with Sandbox(workers=1) as sandbox:
        yield sandbox


def test_lines_come_while_they_are_written(home: Home, box: Sandbox) -> None:
    recorder = Recorder(home)
    steps = [lambda n=n: recorder.fetch(f"p{n}", None, outcome="unchanged") for n in range(5)]
    lines = iter(Lines(home, box, 0, Crawl(*steps)))
    assert next(lines).url.endswith("/p0")
    assert recorder.ledger.next_seq == 2, "the first line waited for the rest"
    assert [fetch.url[-2:] for fetch in lines] == ["p1", "p2", "p3", "p4"]


def test_a_new_page_waits_for_the_probe_of_its_host(home: Home, box: Sandbox) -> None:
    recorder = Recorder(home)
    lines = Lines(home, box, 0, Crawl(
        lambda: recorder.fetch("p0", page("Waits fell.")),
        lambda: recorder.fetch("p1", page("Waits rose.")),
        lambda: recorder.fetch("no-such-page", page("There is no such page."), role="probe"),
        lambda: recorder.fetch("p2", page("Waits stayed.")),
    ))  # fmt: skip
    first = next(iter(lines))
    assert first.url.endswith("/p0")
    assert recorder.ledger.next_seq > 3, "the page was let through before the probe had come"
    assert "example.org" in lines.probes.by_host


def test_what_waits_for_a_probe_that_never_comes_is_loaded_at_the_end(home: Home, box: Sandbox) -> None:
    recorder = Recorder(home)
    lines = Lines(home, box, 0, Crawl(*[lambda n=n: recorder.fetch(f"p{n}", page("Waits fell.")) for n in range(3)]))
    assert len(list(lines)) == 3


def test_a_crawl_and_its_load_side_by_side_bring_every_page_once(home: Home) -> None:
    with FaultServer({"site": lambda asked: http(page(f"Waits fell at {asked.path}.", title=asked.path))}) as server:
        source = pages("site", *[server.url("site", f"/{n}") for n in range(PAGES)], max_pages=PAGES)
        options = replace(QUICK, per_site=4, concurrency=4, probe=True)
        with Crawling(home, [source], NOW, run=1, options=options) as crawling, Store.open(home) as store:
            report = load(home, store, {"site": source}, NOW, crawl=crawling)
            (row,) = crawling.report().sources
            again = load(home, store, {"site": source}, NOW)
            last = store.last_loaded_seq()
    assert (row.fetched, report.documents, report.versions) == (PAGES, PAGES, PAGES)
    assert report.failures == {}
    assert (again.fetches, again.documents) == (0, 0)
    tail = LedgerTail(home.ledger)
    tail.read(0)
    assert len(tail.read(1000)) == last == tail.seq


def test_leaving_the_block_ends_a_crawl_that_goes_on(home: Home) -> None:
    held = threading.Event()
    with FaultServer({"site": lambda asked: (held.wait(5) and b"") or http(page("Waits fell."))}) as server:
        source = pages("site", *[server.url("site", f"/{n}") for n in range(PAGES)])
        with Crawling(home, [source], NOW, run=1, options=QUICK) as crawling:
            assert crawling.is_running()
        held.set()
        assert not crawling.is_running()


def test_a_tail_passes_what_was_read_and_stops_at_a_half_written_line(home: Home) -> None:
    recorder = Recorder(home)
    for n in range(5):
        recorder.fetch(f"p{n}", None, outcome="unchanged")
    tail = LedgerTail(home.ledger, after_seq=2)
    assert tail.read(0) == []
    assert [entry["seq"] for entry in tail.read(2)] == [3, 4]
    with open(home.ledger, "ab") as file:
        file.write(b"00000000 {half")
    assert [entry["seq"] for entry in tail.read(9)] == [5]
    assert tail.read(9) == []
    with open(home.ledger, "ab") as file:
        file.write(b" a line}\n")
    recorder.ledger.append({"type": "publish", "seq": 6})
    with pytest.raises(DamagedError, match="damaged at byte"):
        tail.read(9)


def _counting(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """Note every ledger line that is decoded."""
    decoded: list[bytes] = []
    unpack = raw._unpack
    monkeypatch.setattr(raw, "_unpack", lambda line: (decoded.append(line), unpack(line))[1])
    return decoded


def test_a_load_reads_of_the_ledger_only_what_is_new(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    recorder = Recorder(home)
    for n in range(50):
        recorder.fetch(f"p{n}", None, outcome="unchanged")
    with Store.open(home) as store:
        load(home, store, {}, NOW)
        recorder.fetch("late", None, outcome="unchanged")
        decoded = _counting(monkeypatch)
        assert load(home, store, {}, NOW).fetches == 1
    assert len(decoded) < 10  # the marked line and the new one, for each of two readers


def test_a_ledger_that_is_another_one_is_read_whole(home: Home) -> None:
    recorder = Recorder(home)
    for n in range(9):
        recorder.fetch(f"p{n}", None, outcome="unchanged")
    tail = LedgerTail(home.ledger, after_seq=9)
    tail.read(0)
    mark = tail.mark
    assert LedgerTail(home.ledger, 9, mark).offset == home.ledger.stat().st_size
    assert LedgerTail(home.ledger, 4, mark).offset == 0, "a store that is behind its mark must not pass over lines"
    home.ledger.write_bytes(b"".join(home.ledger.read_bytes().splitlines(keepends=True)[1:]))
    assert LedgerTail(home.ledger, 9, mark).offset == 0
    home.ledger.write_bytes(b"")
    assert LedgerTail(home.ledger, 9, mark).offset == 0
