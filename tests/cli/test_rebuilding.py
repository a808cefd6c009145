"""Rebuild, as a person uses it after damage: the same tables, people's decisions where they were, clear messages."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from commands.main import main
from warehouse.home import Home
from warehouse.people import People
from warehouse.raw import read_ledger
from warehouse.snapshots import current

pytestmark = pytest.mark.timeout(360)
LINKED = (
    "claim",
    "tag",
    "figure",
    "thread",
    "change",
    "echo",
    "promise",
    "disagreement",
    "showing",
    "fetched",
    "alias",
)


def run(capsys: pytest.CaptureFixture[str], home: Home, *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as stop:
        main(["--home", str(home.root), *arguments])
    shown = capsys.readouterr()
    return int(stop.value.code or 0), shown.out, shown.err


def found(capsys: pytest.CaptureFixture[str], home: Home, *arguments: str) -> list[dict[str, object]]:
    _, out, _ = run(capsys, home, "search", "admissions", "--mode", "words", "--json", *arguments)
    hits: list[dict[str, object]] = json.loads(out)["hits"]
    return hits


@pytest.mark.slow
def test_a_damaged_base_is_rebuilt_row_for_row_with_peoples_decisions_in_place(
    demo: Home, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    first, second = found(capsys, demo)[:2]
    for arguments in (["--accept", "--kind", "assertion"], ["--theme", "workforce:barrier", "--note", "seen"]):
        assert run(capsys, demo, "review", str(first["claim"]), "--by", "Ann", *arguments)[0] == 0
    assert run(capsys, demo, "review", str(second["claim"]), "--by", "Ben", "--reject")[0] == 0
    assert run(capsys, demo, "backup", str(tmp_path / "people.sqlite"))[0] == 0
    said, before = People(demo.people).decisions(), current(demo)
    assert all(before.counts[table] for table in LINKED)

    count = demo.root / "work.duckdb.commits"  # as if the log had been lost with the last of them
    count.write_text(f"{int(count.read_text()) + 3:016d}\n")
    for command in ("tag", "publish"):
        code, _, err = run(capsys, demo, command)
        assert (code, "claimwatch rebuild" in err) == (1, True), err
    assert found(capsys, demo)[0]["claim"] == first["claim"], "readers go on meanwhile"

    code, out, err = run(capsys, demo, "rebuild")
    assert (code, "warning" in err) == (0, False), out + err
    after = current(demo)
    differ = [table for table in LINKED if after.hashes[table] != before.hashes[table]]
    assert differ == []
    assert People(demo.people).decisions() == said
    assert not list(demo.root.glob("work.aside*"))
    assert run(capsys, demo, "check")[:2] == (0, "every check holds\n")


def test_check_names_a_working_database_that_lost_writes(demo: Home, capsys: pytest.CaptureFixture[str]) -> None:
    beside = demo.root / "work.duckdb.commits"
    beside.write_text(f"{int(beside.read_text()) + 3:016d}\n")
    code, _, err = run(capsys, demo, "check")
    assert code == 1
    assert "3 of" in err
    assert err.count("claimwatch rebuild") == 1


def test_status_says_which_run_did_not_end(demo: Home, capsys: pytest.CaptureFixture[str]) -> None:
    from tests.warehouse.make import at
    from warehouse.publish import publish
    from warehouse.store import Store

    with Store.open(demo) as store:
        publish(demo, store, at(), store.begin_run("nightly", at()))
    _, out, _ = run(capsys, demo, "status")
    assert "nightly  did not end" in out
    assert sum(entry["type"] == "publish" for entry in read_ledger(demo.ledger)) == 3
