"""docs/data-dictionary.md, written from the schema: every table and column of the published base, with its note.

The notes are the comments beside each table in the migrations and in snapshot.sql, so they cannot drift from it.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from warehouse import snapshot_tables
from warehouse.migrate import migrate
from warehouse.publish import NOT_PUBLISHED

ABOUT = {
    "document": "One work: where it is, who published it and when. Status: live, gone, held, suspect.",
    "alias": "Other addresses (as keys) of a document.",
    "version": "One distinct title and cleaned text of a document; all offsets point into it.",
    "fetched": "One request, as the ledger has it.",
    "showing": "Which version a document showed, in order: A, B, A is three rows.",
    "passage": "A sentence, heading, list item, quote or comment: `version.text[start_at:end_at]` (code points).",
    "claim": "A passage that claims; `thread` carries one claim through versions.",
    "tag": "A theme of the codebook in a passage, with its polarity and the words that decided.",
    "figure": "A figure in a passage; a share is a fraction.",
    "named": "A programme, care model, outcome, body or place in a passage.",
    "thread": "A claim through all versions of its document; what links and reviews hang on.",
    "change": "What happened to a sentence between two showings (n - 1 and n).",
    "echo": "Members of a cluster: documents (copy, near_copy, same_work) or threads (same_claim).",
    "unsure": "Pairs that a person should look at before they are called the same.",
    "promise": "A planned figure and the actual one that answers it.",
    "disagreement": "Two threads that point different ways on one outcome.",
    "source": "A place that is watched.",
    "run": "One command: when, settings, versions of code and models, counts, exit code.",
    "run_source": "What a run did at one source.",
    "tombstone": "Addresses that were erased and may not come back.",
    "tagged": "Which tagger last went over a version.",
    "migration": "Steps of the schema that were applied.",
    "latest": "The version in force of each document that is not held or suspect.",
    "current_claim": "One row a claim in force, with what searches filter by; `n` is its number in this snapshot.",
    "entry": "One row an entry of the search index: a claim with its folded copies (`members` are numbers `n`).",
}
INTRO = """# Data dictionary

Written by `python -m warehouse.dictionary` from the schema; a test holds it up to date. These are the tables of a
published base (`published/evidence-<run>.duckdb`), which any DuckDB can open read-only. Times are UTC without a zone.
Text is stored once, in `version`; a quote is `substr(text, start_at + 1, end_at - start_at)`.
"""


def dictionary() -> str:
    """Return the page."""
    with duckdb.connect() as con:
        con.execute("attach ':memory:' as work")
        con.execute("use work")
        migrate(con, Path("memory"))
        con.execute("attach ':memory:' as pub")
        con.execute("attach ':memory:' as scratch")
        snapshot_tables.make(con)
        con.execute("create table pub.entry (row integer, members integer[], dated bigint, changed_at bigint,"
                    " copies bigint, repeats bigint)")  # fmt: skip
        columns = con.execute(
            "select table_name, column_name, lower(data_type), not is_nullable from duckdb_columns()"
            " where database_name in ('work', 'pub') and not internal order by table_name,"
            " column_index"
        ).fetchall()
    parts = [INTRO]
    tables = sorted({table for table, *_ in columns} - set(NOT_PUBLISHED))
    for table in tables:
        parts.append(f"## {table}\n\n{ABOUT[table]}\n\n| column | type | always there |\n| --- | --- | --- |")
        parts[-1] += "".join(
            f"\n| `{name}` | {kind} | {'yes' if needed else ''} |" for of, name, kind, needed in columns if of == table
        )
        parts[-1] += "\n"
    return "\n".join(parts)


def main() -> None:
    """Write the page."""
    path = Path(__file__).parent.parent / "docs" / "data-dictionary.md"
    path.write_text(dictionary(), "utf-8")


if __name__ == "__main__":
    main()
