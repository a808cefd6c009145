"""Keeps what came: bodies, then ledger lines, many at a time with one sync; only then may the frontier move on."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from warehouse.home import Home
from warehouse.ids import body_sha256
from warehouse.models import Fetch
from warehouse.raw import Ledger, put_body

MAX_BATCH = 64
GATHER_S = 0.02  # what comes within it shares one sync
WRITERS = 4  # a body waits for the disk twice; four wait together


@dataclass(frozen=True, slots=True)
class Record:
    """One fetch to keep. ``fetch.seq`` is given when it is written; ``body`` is None where there is none to keep."""

    fetch: Fetch
    body: bytes | None = None


class Recorder:
    """The one writer of raw bodies and ledger during a crawl."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self.ledger = Ledger(home.ledger)
        self._threads = ThreadPoolExecutor(WRITERS, thread_name_prefix="bodies")
        self._waiting: list[tuple[Record, asyncio.Future[Fetch]]] = []
        self._task: asyncio.Task[None] | None = None
        self._broken: OSError | None = None

    async def keep(self, record: Record) -> Fetch:
        """Return the fetch as the ledger holds it, durable. Raises OSError (disk full, folder gone)."""
        future: asyncio.Future[Fetch] = asyncio.get_running_loop().create_future()
        self._waiting.append((record, future))
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._drain())
        return await future

    async def _drain(self) -> None:
        while self._waiting:
            if len(self._waiting) < MAX_BATCH:
                await asyncio.sleep(GATHER_S)
            batch, self._waiting = self._waiting[:MAX_BATCH], self._waiting[MAX_BATCH:]
            try:
                fetches = await asyncio.to_thread(self.write, [record for record, _ in batch])
            except OSError as error:
                for _, future in batch:
                    future.set_exception(error)
                continue
            for (_, future), fetch in zip(batch, fetches, strict=True):
                future.set_result(fetch)

    def write(self, records: Sequence[Record]) -> list[Fetch]:
        """Write a batch: every body, then every line, then one sync of the ledger.

        Raises OSError; from then on always, for what is left of a half-written line may yet be written.
        """
        if self._broken is not None:
            raise self._broken
        try:
            return self._write(records)
        except OSError as error:
            self._broken = error
            raise

    def _write(self, records: Sequence[Record]) -> list[Fetch]:
        bodies = {body_sha256(record.body): record.body for record in records if record.body is not None}
        list(self._threads.map(lambda body: put_body(self.home.raw, body), bodies.values()))
        fetches = []
        for record in records:
            fetch = replace(record.fetch, seq=self.ledger.next_seq)
            self.ledger.append_fetch(fetch, sync=False)
            fetches.append(fetch)
        self.ledger.sync()
        return fetches

    def close(self) -> None:
        """Close the ledger."""
        self._threads.shutdown()
        try:
            self.ledger.close()
        except OSError as error:
            raise self._broken or error from None
