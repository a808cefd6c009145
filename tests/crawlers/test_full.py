"""A full disk as SQLite says it, a recorder that could not write, and a parser that ended for a passing reason."""

from __future__ import annotations

import errno
import sqlite3
from pathlib import Path

import pytest

from commands.tables import _write_file
from crawlers.errors import UnreadableError
from crawlers.full import connect, is_full
from crawlers.recorder import Record, Recorder
from crawlers.sandbox import Child, Job, Sandbox
from warehouse.errors import DiskFullError
from warehouse.home import Home
from warehouse.models import Fetch


def test_a_database_that_may_not_grow_says_that_the_disk_is_full(tmp_path: Path) -> None:
    db = connect(tmp_path / "small.sqlite")
    db.execute("create table page (text)")
    db.execute("pragma max_page_count = 3")
    with pytest.raises(OSError, match="SQLITE_FULL") as raised:
        db.execute("insert into page values (?)", ["x" * 100_000])
    assert is_full(raised.value)
    with pytest.raises(OSError, match="no such table") as raised:
        db.execute("select * from other")
    assert (is_full(raised.value), raised.value.errno) == (False, errno.EIO)
    assert isinstance(raised.value.__cause__, sqlite3.OperationalError)


def test_a_recorder_that_could_not_write_writes_no_more(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    recorder = Recorder(home)
    line = Record(Fetch(seq=0, run=1, source="s", url="https://a.example/", final_url="https://a.example/",
                        at="2026-03-01T02:00:00.000+00:00", status=200, outcome="ok"))  # fmt: skip

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(recorder.ledger, "append_fetch", full)
        with pytest.raises(OSError, match="No space"):
            recorder.write([line])
    with pytest.raises(OSError, match="No space"):
        recorder.write([line])
    recorder.close()
    assert home.ledger.read_bytes() == b""


def test_a_table_that_finds_no_room_has_the_code_of_a_full_disk(tmp_path: Path) -> None:
    def full(_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(DiskFullError, match=r"claims.csv: No space left.*not written"):
        _write_file(tmp_path / "claims.csv", full)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("reason", "times"), [("crashed", 2), ("timeout", 1), ("memory", 1)])
def test_a_body_whose_parser_ended_by_itself_is_read_once_more(reason: str, times: int) -> None:
    asked: list[Job] = []

    def ask(child: Child, job: Job) -> str:
        asked.append(job)
        raise UnreadableError(reason, "as it went")

    with Sandbox(workers=1) as box, pytest.raises(UnreadableError):
        box._submit(ask, Job("https://a.example/", b"x")).result()
    assert len(asked) == times
