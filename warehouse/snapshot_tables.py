"""What a snapshot holds besides the working tables, and what its index is made of: SQL over parts of the claims."""

from __future__ import annotations

from pathlib import Path

import duckdb

from warehouse.rows import column

CLAIMS_A_PART = 100_000
FOLDER = Path(__file__).parent


def make(con: duckdb.DuckDBPyConnection) -> None:
    """Make ``pub.latest``, ``pub.current_claim`` and, of claims folded with their copies, ``scratch.entry_new``.

    The working database is in use; ``pub`` and ``scratch`` are attached.
    """
    run(con, "snapshot.sql", {"claims": CLAIMS_A_PART})
    claims = (FOLDER / "snapshot_claims.sql").read_text("utf-8")
    into, first = "create table scratch.claim_now as ", 0
    for part in column(con, "select distinct part from scratch.placed order by part") or [0]:
        con.execute(into + claims, {"part": part, "first": first})
        into = "insert into scratch.claim_now "
        first = column(con, "select count(*) from scratch.claim_now")[0]
    run(con, "snapshot_entries.sql", {})


def run(con: duckdb.DuckDBPyConnection, name: str, values: dict[str, int]) -> None:
    """Run a file's statements one by one; each gets those of ``values`` that it names."""
    for statement in (FOLDER / name).read_text("utf-8").split(";\n"):
        if statement.strip():
            con.execute(statement, {key: value for key, value in values.items() if f"${key}" in statement})
