"""Ledger and raw bodies into the store. Idempotent: each batch and its last ledger number are one transaction.

Loading the whole ledger into an empty store is ``rebuild``. A body is read once: an unchanged fetch, or the same bytes
again, costs no parsing. Where an older extractor read a page's last body, that body is read again before a new one is
loaded, so that like is compared with like and an upgrade alone is no change.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING

from crawlers import extract
from crawlers.erase import drop_erased, restore_tombstones
from crawlers.errors import UnreadableError
from crawlers.extract.contacts import spare_persons
from crawlers.following import Lines, Running
from crawlers.quiet import note_quiet_pages
from crawlers.sandbox import Job, Reading, Sandbox
from crawlers.soft404 import Probes
from crawlers.storage import drop_read_bodies
from warehouse.errors import DamagedError
from warehouse.home import Home
from warehouse.models import Fetch, Storage
from warehouse.raw import get_body
from warehouse.store_load import Loaded, Loading

if TYPE_CHECKING:
    from crawlers.sources import SourceConfig
    from warehouse.store import Store

BATCH = 64  # bodies in one transaction
LINES = 512  # ledger lines in one transaction
LOOK_UP = 32  # ledger lines looked up in one query
_READ_ROLES = ("document", "records")


@dataclass(slots=True)
class LoadReport:
    """What a load did. ``failures`` counts bodies that could not be read by reason; ``missing`` those not kept."""

    fetches: int = 0
    documents: int = 0
    versions: int = 0
    read: int = 0
    reread: int = 0
    suspect: int = 0
    missing: int = 0
    failures: dict[str, int] = field(default_factory=dict)
    shown: list[tuple[str, str]] = field(default_factory=list)
    unconfigured: set[str] = field(default_factory=set)

    @property
    def warnings(self) -> list[str]:
        """What a person should know, a line each."""
        found = [
            f"{count} {'body' if count == 1 else 'bodies'} not read: {reason}"
            for reason, count in sorted(self.failures.items())
        ]
        if self.suspect:
            found.append(f"{self.suspect} pages are suspect (walls, garbled or missing text) and made no new version")
        if self.missing:
            found.append(f"{self.missing} bodies are not kept any more; what hung on them alone was not rebuilt")
        names = ", ".join(sorted(self.unconfigured))
        return [*found, *([f"no source file for {names}: loaded as metadata, bodies kept"] if names else [])]


@dataclass(frozen=True, slots=True)
class _Line:
    """A fetch on its way in. ``again``: loaded before, read anew by a newer extractor."""

    fetch: Fetch
    again: bool = False


def load(
    home: Home, store: Store, sources: Mapping[str, SourceConfig], now: datetime,
    progress: Callable[[int], object] | None = None, *, sandbox: Sandbox | None = None, crawl: Running | None = None,
) -> LoadReport:  # fmt: skip
    """Load every ledger line that the store has not seen, under the settings of ``sources`` by name.

    A body that cannot be read is a failure of its own fetch, counted by reason; the run goes on. Lines of a source that
    is configured no more are loaded as metadata and their bodies left. ``progress`` is called with the number of lines
    after each batch. While ``crawl`` goes on, its lines are loaded as they come. Raises DamagedError where the ledger
    itself is broken.
    """
    report = LoadReport()
    if not store.last_loaded_seq():
        restore_tombstones(home, store)
    after = store.last_loaded_seq()
    with nullcontext(sandbox) if sandbox is not None else Sandbox() as box:
        lines = Lines(home, box, after, crawl, store.ledger_mark())
        for count in _Loader(home, store, sources, box, report, lines.probes).take_all(lines):
            if progress is not None:
                progress(count)
        store.mark_loaded(lines.tail.seq, lines.tail.mark)
    note_quiet_pages(home, store, after, now)
    drop_read_bodies(home, store, sources)
    drop_erased(home, store)
    return report


@dataclass(frozen=True, slots=True)
class _Loader:
    home: Home
    store: Store
    sources: Mapping[str, SourceConfig]
    box: Sandbox
    report: LoadReport
    probes: Probes

    def take_all(self, fetches: Iterable[Fetch]) -> Iterator[int]:
        """Load batch by batch, and yield how many lines each had; the next bodies are read while one is written."""
        batch: list[Loading] = []
        bodies = 0
        for reading in self.box.read_all(self._jobs(fetches)):
            batch.append(self._loading(reading))
            bodies += _is_readable(reading.key.fetch)
            if bodies >= BATCH or len(batch) >= LINES:
                yield self._take(batch)
                batch, bodies = [], 0
        yield self._take(batch)

    def _take(self, batch: Sequence[Loading]) -> int:
        """Load a batch in one transaction, and before it, in the same, the older bodies that must be read anew."""
        again: list[Loading] = []
        if any(loading.documents for loading in batch):
            old = [_Line(fetch, again=True) for fetch in self.store.outdated(batch, extract.EXTRACTOR)]
            jobs = ((line, self._job(line.fetch)) for line in old if _is_readable(line.fetch))
            again = [self._loading(reading) for reading in self.box.read_all(jobs)]
        if batch:
            self._count(self.store.load_fetches([*again, *batch]))
        return len(batch)

    def _jobs(self, fetches: Iterable[Fetch]) -> Iterator[tuple[_Line, Job | None]]:
        """Tell what is to be read of each line, looked up a few lines at a time."""
        every = iter(fetches)
        while some := list(islice(every, LOOK_UP)):
            readable = [fetch for fetch in some if _is_readable(fetch)]
            last_bodies = self.store.last_bodies(readable) if readable else {}
            for fetch in some:
                is_needed = _is_readable(fetch) and last_bodies.get(fetch.seq) != fetch.body_sha256
                job = self._job(fetch) if is_needed else None
                self.report.missing += is_needed and job is None
                yield _Line(fetch), job

    def _job(self, fetch: Fetch) -> Job | None:
        """The reading of a fetch's body, or None where the body is not kept any more."""
        try:
            body = get_body(self.home.raw, fetch.body_sha256 or "")
        except DamagedError:
            return None
        source = self.sources.get(fetch.source)
        return Job(
            url=fetch.final_url or fetch.url, body=body, content_type=fetch.headers.get("content-type"), source=source,
            headers=fetch.headers, hints=fetch.hints,
        )  # fmt: skip

    def _loading(self, reading: Reading[_Line]) -> Loading:
        fetch, documents = reading.key.fetch, reading.documents
        if reading.error is not None:
            fetch, documents = self._failed(fetch, reading.error), ()
        elif documents:
            documents = tuple(spare_persons(self.probes.judge(document, fetch)) for document in documents)
            self.report.read += 1
            self.report.reread += reading.key.again
            self.report.suspect += sum(document.suspect is not None for document in documents)
        source = self.sources.get(fetch.source)
        return Loading(
            fetch, documents, self._storage(fetch), extract.EXTRACTOR, self.home.is_demo, reading.key.again,
            about_held=source is not None and source.held,
        )  # fmt: skip

    def _failed(self, fetch: Fetch, error: UnreadableError) -> Fetch:
        self.report.failures[error.reason] = self.report.failures.get(error.reason, 0) + 1
        return replace(fetch, outcome="suspect", reason=f"{error.reason}: {error}"[:500])

    def _storage(self, fetch: Fetch) -> Storage:
        source = self.sources.get(fetch.source)
        if source is None:
            self.report.unconfigured.add(fetch.source)
            return "metadata"
        return source.storage

    def _count(self, loaded: Loaded) -> None:
        self.report.fetches += loaded.fetches
        self.report.documents += loaded.documents
        self.report.versions += loaded.versions
        self.report.shown += loaded.shown


def _is_readable(fetch: Fetch) -> bool:
    return fetch.role in _READ_ROLES and fetch.outcome == "ok" and bool(fetch.body_sha256)
