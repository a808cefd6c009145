"""An upgrade of the extractor is no change: the last body is read again and like is compared with like."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np
import pytest

from crawlers import extract as extraction
from crawlers.extract import extract
from crawlers.load import load
from crawlers.sandbox import Job, Reading
from tests.crawlers.test_load import NOW, Recorder, page, source
from warehouse.home import Home
from warehouse.models import Document
from warehouse.store import Store
from warehouse.store_load import Loading


class Reader:
    """Reads in this process, as a sandbox of one version of the extractor would. ``read`` counts the bodies."""

    def __init__(self, adds: str = "") -> None:
        self.adds = adds
        self.read = 0

    def read_all(self, jobs: Iterable[tuple[object, Job | None]]) -> Iterator[Reading[object]]:
        for key, job in jobs:
            yield Reading(key, (self._document(job),) if job is not None else ())

    def _document(self, job: Job) -> Document:
        self.read += 1
        found = extract(job.body, job.url, job.content_type)
        return replace(found, text=found.text + self.adds)


def night(home: Home, reader: Reader, version: str, monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, bool]]:
    """Load what the ledger holds with one version of the extractor; return (showing, comparable) of each new pair."""
    monkeypatch.setattr(extraction, "EXTRACTOR", version)
    with Store.open(home) as store:
        load(home, store, {"sample": source()}, NOW, sandbox=reader)  # type: ignore[arg-type]
        for batch in store.untagged("test"):
            for item in batch:
                store.put_annotated(item.version, [], np.zeros((0, 384), np.float32), "test")
        pairs = [(pair.new.n, pair.comparable) for pair in store.pairs_to_compare()]
        for pair in list(store.pairs_to_compare()):
            store.put_changes(pair, [], 1)
    return pairs


def texts(home: Home) -> list[tuple[str, str]]:
    with Store.open(home) as store:
        return store.con.execute(
            "select v.text, v.extractor from showing s join version v on v.id = s.version order by s.n"
        ).fetchall()


def test_an_upgrade_that_reads_otherwise_is_no_change(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    recorder = Recorder(home)
    recorder.fetch("a", page("Waits fell by 12%."))
    assert night(home, Reader("\n\nA line that the older version left in."), "0", monkeypatch) == []
    recorder.fetch("a", page("Waits fell by 12%.", footer="2 March"))
    assert night(home, Reader(), "1", monkeypatch) == [(2, False)]
    assert [extractor for _, extractor in texts(home)] == ["0", "1"]


def test_a_real_change_on_the_night_of_the_upgrade_is_found(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    recorder = Recorder(home)
    recorder.fetch("a", page("Waits fell by 12%."))
    night(home, Reader("\n\nA line that the older version left in."), "0", monkeypatch)
    recorder.fetch("a", page("Waits fell by 9%."))
    assert night(home, Reader(), "1", monkeypatch) == [(2, False), (3, True)]
    found = [text for text, _ in texts(home)]
    assert "12%" in found[1]
    assert "9%" in found[2]
    assert not any("left in" in text for text in found[1:])


def test_an_upgrade_that_reads_the_same_adds_nothing_and_renews_the_mark(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorder = Recorder(home)
    recorder.fetch("a", page("Waits fell by 12%."))
    night(home, Reader(), "0", monkeypatch)
    recorder.fetch("a", page("Waits fell by 12%.", footer="2 March"))
    assert night(home, Reader(), "1", monkeypatch) == []
    assert [extractor for _, extractor in texts(home)] == ["1"]
    recorder.fetch("a", page("Waits fell by 9%.", footer="3 March"))
    assert night(home, Reader(), "1", monkeypatch) == [(2, True)]


def test_without_reading_again_the_upgrade_would_be_a_change(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    recorder = Recorder(home)
    recorder.fetch("a", page("Waits fell by 12%."))
    night(home, Reader("\n\nA line that the older version left in."), "0", monkeypatch)
    recorder.fetch("a", page("Waits fell by 12%.", footer="2 March"))
    monkeypatch.setattr(Store, "outdated", lambda self, batch, extractor: [])
    monkeypatch.setattr(extraction, "EXTRACTOR", "0")  # nothing says that the text came of another extractor
    with Store.open(home) as store:
        load(home, store, {"sample": source()}, NOW, sandbox=Reader())  # type: ignore[arg-type]
        assert store.con.execute("select count(*) from showing").fetchall() == [(2,)]


def test_unchanged_pages_are_not_read_again_by_an_upgrade(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    recorder = Recorder(home)
    recorder.fetch("a", page("Waits fell by 12%."))
    night(home, Reader(), "0", monkeypatch)
    recorder.fetch("a", None, outcome="unchanged")
    reader = Reader()
    night(home, reader, "1", monkeypatch)
    assert reader.read == 0


def test_a_kill_between_batches_loses_and_doubles_nothing(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    recorder = Recorder(home)
    for n in range(70):
        recorder.fetch(f"p{n}", page(f"Waits fell by {n}% at this place.", title=f"Page number {n}"))
    real = Store.load_fetches

    def dies_once(self: Store, batch: list[Loading]):  # type: ignore[no-untyped-def]
        found = real(self, batch)
        monkeypatch.setattr(Store, "load_fetches", real)
        raise KeyboardInterrupt  # after the commit, before the loader hears of it
        return found

    monkeypatch.setattr(Store, "load_fetches", dies_once)
    with pytest.raises(KeyboardInterrupt), Store.open(home) as store:
        load(home, store, {"sample": source()}, NOW, sandbox=Reader())  # type: ignore[arg-type]
    with Store.open(home) as store:
        load(home, store, {"sample": source()}, NOW, sandbox=Reader())  # type: ignore[arg-type]
        counted = store.con.execute(
            "select (select count(*) from document), (select count(*) from version), (select count(*) from fetched)"
        ).fetchall()
    assert counted == [(70, 70, 70)]
