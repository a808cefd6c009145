"""docs/faults.md says what is true: every test that it names is there, and every fault of ours has both its tests."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.crawlers.test_guards_flip import GUARDS

HERE = Path(__file__).parent
TABLE = (HERE.parents[1] / "docs" / "faults.md").read_text(encoding="utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")] for line in TABLE.splitlines() if re.match(r"\| [AB]\d", line)
]
HELD = {test.partition("[")[0] for _, test, _ in GUARDS}
NAMED = sorted(set(re.findall(r"`([\w/]+\.py)::(\w+)`", TABLE)))
OURS = {f"A{n}" for n in range(1, 25)} | {f"B{n}" for n in range(1, 18)} - {"B6", "B14", "B15"}


@pytest.mark.parametrize("row", ROWS, ids=[row[0][:40] for row in ROWS])
def test_a_guard_is_held_by_a_test_and_shown_off_by_another(row: list[str]) -> None:
    fault, guard, held, off = row
    assert guard
    assert "::test_" in held
    assert "::test_" in off or fault.startswith("A21 ")


@pytest.mark.parametrize("row", ROWS, ids=[row[0][:60] for row in ROWS])
def test_the_test_that_holds_a_guard_is_run_without_it(row: list[str]) -> None:
    if row[0].split()[0] in ("A21", "B13"):  # no guard of ours; a guard that is itself a test
        return
    found = re.search(r"`([\w/]+\.py::\w+)`", row[2])
    assert found
    assert found[1] in HELD


def test_no_fault_is_left_out() -> None:
    assert {row[0].split()[0] for row in ROWS} == OURS


@pytest.mark.parametrize(("file", "name"), NAMED)
def test_every_test_that_the_table_names_is_there(file: str, name: str) -> None:
    path = HERE.parents[1] / file if file.startswith("tests/") else HERE / file
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_every_module_that_the_table_names_is_there() -> None:
    root = HERE.parents[1]
    for cell in (row[1] for row in ROWS):
        for path in re.findall(r"`([\w/]+\.py)", cell):
            assert (root / "crawlers" / path).exists() or (root / path).exists(), path
