"""The stages of a run, one after the other; each can be killed at any point and run again.

crawl: network -> raw and ledger, and at once what load does. load: ledger -> versions. tag: versions -> claims,
barriers, changes. link: echoes, promises, disagreements over the whole base. publish: a verified snapshot.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import duckdb

from warehouse.errors import BELOW_EXPECTED, DONE, FAILED, FULL, WARNINGS, ClaimwatchError, DiskFullError
from warehouse.home import Home

if TYPE_CHECKING:
    from warehouse.store import Store


@dataclass(slots=True)
class Outcome:
    """What a run did: counts a stage, warnings, and whether a source fell below its expected volume."""

    counts: dict[str, int] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    below_expected: bool = False
    _began: float = field(default_factory=time.monotonic)

    def ended(self, now: datetime) -> datetime:
        """Return when a run that began at ``now`` ends, by a clock that never jumps."""
        return now + timedelta(seconds=time.monotonic() - self._began)

    @property
    def exit_code(self) -> int:
        """The contract's code."""
        return BELOW_EXPECTED if self.below_expected else WARNINGS if self.warnings else DONE


@contextmanager
def prepared(home: Home, prepare: Callable[[Home], object] | None) -> Iterator[None]:
    """Do what must be done before the store is opened."""
    if prepare:
        prepare(home)
    yield


def run_stages(
    home: Home,
    now: datetime,
    command: str,
    stages: Sequence[Callable[[Home, Store, datetime, int, Outcome], None]],
    settings: Mapping[str, Any] | None = None,
    *,
    prepare: Callable[[Home], object] | None = None,
) -> Outcome:
    """Run stages under the lock, as one recorded run. The record is closed however the run ends.

    ``prepare`` is called under the lock, before the store is opened.
    """
    from commands.stopping import stoppable
    from commands.versions import versions
    from warehouse.checks import check_ledger
    from warehouse.lock import run_lock
    from warehouse.store import Store

    with stoppable(), run_lock(home), prepared(home, prepare), Store.open(home) as store:
        check_ledger(home, store)
        run, outcome = store.begin_run(command, now, settings, versions()), Outcome()
        try:
            for stage in stages:
                stage(home, store, now, run, outcome)
        except OSError as error:
            full = error.errno in FULL
            found = DiskFullError(f"{error}: make room; the published base is as it was") if full else error
            note_failure(store, run, now, outcome, found)
            raise found from error
        except BaseException as error:
            note_failure(store, run, now, outcome, error)
            raise
        store.end_run(run, outcome.ended(now), outcome.exit_code, outcome.counts, outcome.warnings)
        return outcome


def note_failure(store: Store, run: int, now: datetime, outcome: Outcome, error: BaseException) -> None:
    """Close the record of a run that failed, where the store still can; what failed first is the error to tell."""
    code = getattr(error, "exit_code", FAILED)
    with suppress(ClaimwatchError, duckdb.Error):
        store.end_run(run, outcome.ended(now), code, outcome.counts, [*outcome.warnings, str(error) or "stopped"])
