"""Bibliographic duplicates on public sets with known answers, by bib-dedupe's measure a record."""

from __future__ import annotations

import csv
import os
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.table import Table
from nlp.dedupe import Record, dedupe, read_records

REAL = Path(os.environ.get("CLAIMWATCH_REAL", Path(__file__).parents[2] / "shared" / "real"))
SETS = ("digital_work", "stroke", "cytology_screening", "special_cases")
PUBLISHED = {"digital_work": (0.9986, 0.5811), "stroke": (0.9968, 0.9732), "cytology_screening": (0.9961, 0.9798)}


@dataclass(frozen=True, slots=True)
class Outcome:
    """Counts a record: of each true group one record stays, every other one should be linked away."""

    tp: int
    fp: int
    fn: int
    tn: int

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and sensitivity."""
        return 2 * self.tp / (2 * self.tp + self.fp + self.fn) if self.tp else 0.0


def truth(folder: Path) -> list[list[str]]:
    """Return the true groups of a set."""
    with (folder / "merged_record_ids.csv").open(encoding="utf-8", newline="") as file:
        return [row["merged_ids"].split(";") for row in csv.DictReader(file)]


def per_record(ids: Iterable[str], groups: Sequence[Sequence[str]], clusters: Sequence[Sequence[str]]) -> Outcome:
    """Count as bib-dedupe's evaluation does: one record a cluster is kept, the rest of it is taken away.

    A record that is in no true group and taken away is a false positive, as is a true group of which none is left.
    """
    gone = {record for cluster in clusters for record in cluster[1:]}
    grouped = {record for group in groups for record in group}
    single = [record for record in ids if record not in grouped]
    fp = sum(record in gone for record in single)
    tp = fn = 0
    tn = len(single) - fp
    for group in groups:
        left = sum(record not in gone for record in group)
        fp, tn = fp + (left == 0), tn + (left > 0)
        fn += max(left - 1, 0)
        tp += len(group) - max(left, 1)
    return Outcome(tp, fp, fn, tn)


def false_merges(groups: Sequence[Sequence[str]], clusters: Sequence[Sequence[str]]) -> list[tuple[str, str]]:
    """Return, one pair each, the records that were put with a record of another work."""
    group_of = {record: n for n, group in enumerate(groups) for record in group}
    wrong = []
    for cluster in clusters:
        kinds: dict[object, str] = {}
        for record in cluster:
            kinds.setdefault(group_of.get(record, record), record)
        first, *others = kinds.values()
        wrong += [(first, other) for other in others]
    return wrong


def run() -> list[Table]:
    """Return per-record F1 on each set beside the published ones, and every false merge by name."""
    if not (REAL / "dedupe").is_dir():
        return [Table("Bibliographic duplicates", ("set",), [], "accuracy", f"No real material at {REAL}.")]
    rows = []
    wrong = []
    for name in SETS:
        records = read_records(REAL / "dedupe" / name / "records_pre_merged.csv")
        groups = truth(REAL / "dedupe" / name)
        started = time.perf_counter()
        found = dedupe(records)
        took = time.perf_counter() - started
        o = per_record([r.id for r in records], groups, found["clusters"])
        rows.append(
            (name, len(records), o.tp, o.fp, o.fn, o.f1, *PUBLISHED.get(name, (None, None)), len(found["unsure"]), took)
        )
        by_id = {r.id: r for r in records}
        wrong += [(name, _name(by_id[a]), _name(by_id[b])) for a, b in false_merges(groups, found["clusters"])]
    columns = ("set", "records", "TP", "FP", "FN", "F1", "bib-dedupe F1", "asreview F1", "unsure pairs", "seconds")
    notes = "Sets of bib-dedupe's benchmark; its measure a record, recomputed here. Unsure pairs count as not merged."
    merges = Table(
        "False merges, one by one", ("set", "record", "merged with"), wrong, "accuracy", f"{len(wrong)} in all."
    )
    return [Table("Bibliographic duplicates", columns, rows, "accuracy", notes), merges]


def _name(record: Record) -> str:
    parts = (
        record.authors.split(" and ")[0],
        record.year,
        record.title[:90],
        record.journal[:40],
        record.volume,
        record.pages,
    )
    return f"{record.id}: " + ", ".join(part for part in parts if part)


if __name__ == "__main__":
    for table in run():
        print(table.markdown())
