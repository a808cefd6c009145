"""Evidence tables to files: from a base, a query and filters; the same for the command line and the app."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from warehouse.errors import FULL, ClaimwatchError, DiskFullError, UsageError
from warehouse.exports.about import About, Code, companion
from warehouse.exports.columns import find_preset
from warehouse.exports.table import Table, make_table
from warehouse.exports.writers import find_format
from warehouse.people import Overlay, People
from warehouse.queries import Base, Filters

COLUMN_SETS = "columns"  # where People.recall keeps persons' own column sets
Encode = Callable[..., Any]


def write_table(
    base: Base, query: str, filters: Filters, *, format: str, preset: str, output: Path | None, now: datetime
) -> int:
    """Write an evidence table; return its rows. ``output`` None: standard output.

    A format that has no place for About and Codebook gets a companion file, ``NAME.about.txt``. Raises UsageError for
    an unknown format or preset, and for a binary format on a terminal.
    """
    kind = find_format(format)
    table = table_of(base, query, filters, preset=preset, now=now)
    if output is None:
        if kind.binary and sys.stdout.isatty():
            raise UsageError(f"{format} is not for a terminal: name a file with --output, or pipe it")
        kind.writer()(table, sys.stdout.buffer)
        sys.stdout.buffer.flush()
        return table.about.rows
    _write_file(output, lambda out: kind.writer()(table, out))
    if not kind.inside:
        text = companion(table.about).encode("utf-8", "replace")
        _write_file(companion_path(output), lambda out: out.write(text))
    return table.about.rows


def companion_path(output: Path) -> Path:
    """Return where About and Codebook of a file go."""
    return output.with_name(f"{output.name}.about.txt")


def table_of(
    base: Base, query: str, filters: Filters, *, preset: str, now: datetime, mode: str = "words",
    encoder: Encode | None = None, ids: Sequence[str] | None = None, formulas_as_text: bool = True,
) -> Table:  # fmt: skip
    """Return the table of what a search finds (or of the claims ``ids``), with people's values over the machine's."""
    overlay = people_say(base)
    rows = base.evidence_rows(query, filters=filters, ids=ids, mode=mode, encoder=encoder, overlay=overlay)
    own = column_sets(People(base.home.people))
    stats, runs = base.stats(), base.runs(1)
    asked = f"{len(ids):,} claims picked by hand" if ids is not None else query
    about = About(
        query=asked, mode=mode if encoder else "words", filters=filters.to_json(), made_at=now,
        snapshot=stats.snapshot, published_at=stats.published_at, demo=stats.demo, preset=find_preset(preset, own),
        versions=dict(runs[0].versions) if runs else {}, documents_in_base=stats.documents,
        claims_in_base=stats.claims, codes=codes(),
    )  # fmt: skip
    return make_table(rows, overlay, about, formulas_as_text=formulas_as_text, rejected=base.rejected(overlay))


def column_sets(people: People) -> dict[str, str]:
    """Return persons' own column sets, name -> JSON list of columns; one that was forgotten has none."""
    kept = people.recall(COLUMN_SETS) if people.path.exists() else {}
    return {name: columns for name, columns in kept.items() if columns}


def people_say(base: Base) -> dict[str, Overlay]:
    """Return people's decisions on this base, by subject."""
    return People(base.home.people).overlay() if base.home.people.exists() else {}


def codes() -> list[Code]:
    """Return the themes of the codebook."""
    from nlp.codebook import load_codebook

    return [Code(code, one.title, " ".join(one.definition.split())) for code, one in load_codebook().codes.items()]


def _write_file(path: Path, write: Callable[[IO[bytes]], Any]) -> None:
    """Write beside the file and rename, so that a reader, or a crash, never meets half a table."""
    making = path.with_name(f".{path.name}.making")
    try:
        with making.open("wb") as out:
            write(out)
        making.replace(path)
    except OSError as error:
        kind = DiskFullError if error.errno in FULL else ClaimwatchError
        raise kind(f"{path}: {error.strerror or error}; the table was not written") from error
    finally:
        making.unlink(missing_ok=True)
