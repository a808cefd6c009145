"""Import what a reviewer has: reference files into the base, duplicates linked, nothing fetched.

Records are written as one plain table into the home's ``added`` folder, which the nightly run reads like any folder,
so that a rebuild finds them too.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from commands.by_hand import add_folder
from commands.context import CONTEXT, say
from warehouse.imports.read import read_records
from warehouse.imports.records import Record
from warehouse.raw import write_durably

COLUMNS = ("title", "abstract", "authors", "date", "journal", "doi", "url", "keywords", "language", "type")


def register(app: typer.Typer) -> None:
    """Add this command."""
    app.command("import", epilog="Example: claimwatch import screened.ris")(import_file)


def import_file(
    file: Annotated[Path, typer.Argument(help="RIS, BibTeX, CSV, TSV, PubMed or EndNote XML.")],
    look: Annotated[bool, typer.Option("--look", help="Say what is in it, and put nothing into the base.")] = False,
) -> None:
    """Take the records of a reference file into the base, link duplicates, fetch nothing."""
    records = read_records(file)
    clusters, unsure = duplicates(records)
    say(f"{file}: {len(records)} records, {clusters} groups of duplicates, {unsure} unsure pairs for a person")
    if look:
        return
    from commands.run import run_and_report

    source = add_folder(CONTEXT.home)
    write_durably(CONTEXT.home.root / "added" / f"{file.stem}.csv", as_table(records))
    run_and_report("import", [source])


def duplicates(records: Sequence[Record]) -> tuple[int, int]:
    """Return how many groups of duplicates, and how many unsure pairs, the records of a file hold."""
    from nlp.dedupe import Record as Compared
    from nlp.dedupe import dedupe

    found = dedupe([
        Compared(
            str(n), one.title or "", "; ".join(one.authors), (one.published or "")[:4], one.journal or "",
            doi=one.doi or "", abstract=one.abstract or "",
        )
        for n, one in enumerate(records)
    ])  # fmt: skip
    return len(found["clusters"]), len(found["unsure"])


def as_table(records: Sequence[Record]) -> bytes:
    """Return records as a CSV that the folder source reads back."""
    sheet = io.StringIO(newline="")
    writer = csv.writer(sheet)
    writer.writerow(COLUMNS)
    for one in records:
        authors, keywords = "; ".join(one.authors), "; ".join(one.keywords)
        row = (one.title, one.abstract, authors, one.published, one.journal, one.doi, one.url, keywords)
        writer.writerow([value or "" for value in (*row, one.language, one.type)])
    return sheet.getvalue().encode("utf-8")
