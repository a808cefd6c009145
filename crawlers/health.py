"""How each source is doing, from the rows of its runs: pure, for ``claimwatch sources health`` and the app."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from statistics import fmean
from typing import Any, Literal

Row = Mapping[str, Any]
Trend = Literal["new", "rising", "steady", "falling"]
SPAN = 7  # runs that are set against the 7 before them
SILENT_RUNS = 14
LATE_H = 72
RISING, FALLING = 1.5, 0.5


@dataclass(frozen=True, slots=True)
class Health:
    """One source. ``last_success`` is ISO 8601 to the minute; ``silent_runs`` is how many runs brought nothing new."""

    source: str
    last_success: str | None
    documents: int
    trend: Trend
    silent_runs: int
    wrong: str | None


def health(rows: Iterable[Row], now: datetime) -> list[Health]:
    """Return a line a source, those with something wrong first.

    ``rows`` are those of ``run_source`` in any order (``failures`` as a mapping or JSON). A column ``documents``, how
    many the base holds of the source, is used where it is there; else what was kept is added up.
    """
    by_source: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_source[row["source"]].append(row)
    judged = [
        _judge(source, sorted(found, key=lambda row: row["run"]), now) for source, found in sorted(by_source.items())
    ]
    return sorted(judged, key=lambda line: (line.wrong is None, line.source))


def _judge(source: str, runs: Sequence[Row], now: datetime) -> Health:
    good = [_time(row) for row in runs if row["status"] != "failed"]
    last = max((at for at in good if at), default=None)
    silent = _silent(runs)
    held = runs[-1].get("documents")
    return Health(
        source=source,
        last_success=last.strftime("%Y-%m-%dT%H:%MZ") if last else None,
        documents=int(held) if held is not None else sum(int(row["kept"]) for row in runs),
        trend=_trend([int(row["listed"]) for row in runs]),
        silent_runs=silent,
        wrong="; ".join(_faults(runs, last, silent, now)) or None,
    )


def _faults(runs: Sequence[Row], last: datetime | None, silent: int, now: datetime) -> Iterable[str]:
    newest = runs[-1]
    if newest["status"] != "ok":
        yield newest["message"] or _failures(newest) or f"the last run ended as {newest['status']}"
    failing = 0
    while failing < len(runs) and runs[-1 - failing]["status"] == "failed":
        failing += 1
    if failing > 1:
        yield f"failed {failing} runs in a row"
    if silent >= SILENT_RUNS and newest["status"] == "ok":
        yield f"nothing new in {silent} runs"
    if last is not None and (now - last).total_seconds() > LATE_H * 3600 and newest["status"] != "failed":
        yield f"not crawled since {last:%Y-%m-%d}"


def _failures(row: Row) -> str:
    found = row.get("failures") or {}
    counts = json.loads(found) if isinstance(found, str) else found
    return ", ".join(f"{reason} ×{count}" for reason, count in sorted(counts.items()))


def _silent(runs: Sequence[Row]) -> int:
    """How many of the newest runs in a row brought nothing new (unchanged pages aside)."""
    count = 0
    for row in reversed(runs):
        if int(row["fetched"]):
            break
        count += 1
    return count


def _trend(listed: Sequence[int]) -> Trend:
    if len(listed) < 2 * SPAN:
        return "new"
    before, after = fmean(listed[-2 * SPAN : -SPAN]), fmean(listed[-SPAN:])
    if after > RISING * before:
        return "rising"
    return "falling" if after < FALLING * before else "steady"


def _time(row: Row) -> datetime | None:
    at = row["ended"] or row["started"]
    found = datetime.fromisoformat(at) if isinstance(at, str) else at
    return found.replace(tzinfo=UTC) if found is not None and found.tzinfo is None else found
