"""``claimwatch export``: files, companions, standard output, refusals."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from pathlib import Path

import pytest

from commands.tables import COLUMN_SETS, write_table
from tests.warehouse.test_search import base, made  # noqa: F401
from warehouse.errors import UsageError
from warehouse.exports.writers import FORMATS
from warehouse.people import People
from warehouse.queries import Base, Filters

NOW = datetime(2026, 11, 24, tzinfo=UTC)


@pytest.mark.parametrize("format", FORMATS)
def test_a_file_is_written_whole_with_its_companion(base: Base, tmp_path: Path, format: str) -> None:  # noqa: F811
    path = tmp_path / f"table{FORMATS[format].suffix}"
    count = write_table(base, "", Filters(), format=format, preset="full", output=path, now=NOW)
    assert count == 8
    inside = FORMATS[format].inside
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted([path.name] + [f"{path.name}.about.txt"] * (not inside))


def test_a_query_and_filters_narrow_the_table(base: Base, tmp_path: Path) -> None:  # noqa: F811
    path = tmp_path / "t.csv"
    filters = Filters(kinds=("finding",))
    assert write_table(base, "admissions", filters, format="csv", preset="minimal", output=path, now=NOW) == 2
    about = (tmp_path / "t.csv.about.txt").read_text("utf-8")
    assert "Query as run: admissions" in about
    assert "Filters: kinds: finding" in about
    rows = list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"), newline="")))
    assert all("admissions" in row["quote"] for row in rows)


def test_a_persons_own_columns_can_be_named(base: Base, tmp_path: Path) -> None:  # noqa: F811
    People(base.home.people).remember(NOW, "Ann", COLUMN_SETS, "mine", '["title", "year"]')
    path = tmp_path / "t.csv"
    write_table(base, "", Filters(), format="csv", preset="mine", output=path, now=NOW)
    assert path.read_text("utf-8-sig").splitlines()[0] == "title,year"


@pytest.mark.parametrize(("format", "preset"), [("pdf", "full"), ("csv", "everything")])
def test_what_there_is_not_is_refused_with_what_there_is(base: Base, tmp_path: Path, format: str, preset: str) -> None:  # noqa: F811
    with pytest.raises(UsageError, match="choose from"):
        write_table(base, "", Filters(), format=format, preset=preset, output=tmp_path / "x", now=NOW)
    assert list(tmp_path.iterdir()) == []
