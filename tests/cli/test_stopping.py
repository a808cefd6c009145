"""Stopping: Ctrl-C and SIGTERM have codes of their own, the record of the run is closed, and one run goes at a time."""

from __future__ import annotations

import os
import signal
import threading
import time
from datetime import UTC, datetime

import pytest

from commands.main import main
from commands.pipeline import Outcome, run_stages
from commands.stages import publish_stage
from commands.stopping import StoppedRun, stoppable
from tests.warehouse.make import load
from warehouse.errors import BusyError, DamagedError, DiskFullError
from warehouse.home import Home
from warehouse.queries import open_base
from warehouse.raw import Ledger
from warehouse.store import Store

NOW = datetime(2026, 3, 1, 2, tzinfo=UTC)


def raising(error: BaseException):
    def stage(home: Home, store: Store, now: datetime, run: int, outcome: Outcome) -> None:
        raise error

    return stage


def signalled(number: int):
    def stage(home: Home, store: Store, now: datetime, run: int, outcome: Outcome) -> None:
        os.kill(os.getpid(), number)

    return stage


def recorded(home: Home) -> list[tuple[object, ...]]:
    with Store.open(home) as store:
        return store.con.execute("select command, exit_code, ended is not null from run order by seq").fetchall()


def exit_code(*arguments: str) -> int:
    with pytest.raises(SystemExit) as stop:
        main(list(arguments))
    return int(stop.value.code or 0)


def test_ctrl_c_ends_a_command_with_its_own_code(
    home: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("warehouse.queries.open_base", interrupted)
    assert exit_code("--home", str(home.root), "status") == 130
    assert "stopped; what was kept is whole" in capsys.readouterr().err


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_stops_a_run_and_closes_its_record(
    home: Home, number: int, code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("commands.stages.publish_stage", signalled(number))
    before = signal.getsignal(number)
    try:
        assert exit_code("--home", str(home.root), "publish") == code
    finally:
        for each in (signal.SIGINT, signal.SIGTERM):
            signal.signal(each, signal.default_int_handler if each == signal.SIGINT else signal.SIG_DFL)
        signal.signal(number, before)
    assert recorded(home) == [("publish", code, True)]
    assert "Traceback" not in capsys.readouterr().err


def test_a_run_that_ends_leaves_signals_as_they_were() -> None:
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    with stoppable():
        assert signal.getsignal(signal.SIGTERM) != before[1]
    assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)] == before


def test_a_run_begun_in_a_thread_leaves_signals_alone(home: Home) -> None:
    done: list[Outcome] = []
    thread = threading.Thread(target=lambda: done.append(run_stages(home, NOW, "add", [])))
    thread.start()
    thread.join()
    assert done[0].exit_code == 0


@pytest.mark.parametrize(
    ("error", "code"),
    [(DiskFullError("full"), 13), (DamagedError("broken"), 1), (ValueError("ours"), 1), (StoppedRun(15), 143)],
)
def test_the_record_of_a_run_says_how_it_failed(home: Home, error: BaseException, code: int) -> None:
    with pytest.raises(type(error)):
        run_stages(home, NOW, "nightly", [raising(error)])
    assert recorded(home) == [("nightly", code, True)]
    run_stages(home, NOW, "nightly", [])
    assert recorded(home)[1] == ("nightly", 0, True)


def test_the_record_of_a_run_says_how_long_it_took(home: Home) -> None:
    def slowly(home: Home, store: Store, now: datetime, run: int, outcome: Outcome) -> None:
        time.sleep(0.2)
        publish_stage(home, store, now, run, outcome)

    run_stages(home, NOW, "nightly", [slowly])
    (run,) = open_base(home).runs()
    assert run.ended is not None
    assert 0.2 <= (run.ended - run.started).total_seconds() < 100


def test_a_second_run_ends_with_its_own_code_and_names_the_first(
    home: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    codes: list[int] = []

    def meanwhile(home: Home, store: Store, now: datetime, run: int, outcome: Outcome) -> None:
        codes.append(exit_code("--home", str(home.root), "publish"))

    run_stages(home, NOW, "nightly", [meanwhile])
    assert codes == [BusyError.exit_code]
    shown = capsys.readouterr().err
    assert f"another run is going on (process {os.getpid()})" in shown
    assert recorded(home) == [("nightly", 0, True)]


def test_a_ledger_that_ends_before_what_was_loaded_is_noticed(home: Home) -> None:
    with Store.open(home) as store:
        load(store, {f"https://a.example/{n}": "Admissions rose." for n in range(3)})
    ledger = Ledger(home.ledger)
    ledger.append({"type": "fetch", "seq": 2})
    ledger.close()
    with pytest.raises(DamagedError, match=r"ends at number 2, but lines up to 3 were loaded.*claimwatch rebuild"):
        run_stages(home, NOW, "nightly", [])
