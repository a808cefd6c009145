"""Parsing of outside bytes in killable children: a hostile body costs its own job, never the run.

Each child has a memory limit of its own and a wall-clock limit that the parent holds; on excess it is killed and
replaced. Answers come back as JSON and are checked against the nouns, so that nothing a parser was talked into can run
in the parent. Pages and records are read while loading; listings while crawling, since they say what comes next.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from types import TracebackType
from typing import Generic, TypeVar

from crawlers.adapters.base import Listing
from crawlers.errors import UnreadableError
from crawlers.sandbox_child import Child, Job, Reads
from warehouse.models import Document

__all__ = ["Child", "Job", "Reading", "Sandbox"]
MEMORY_BYTES = 1 << 30
TIMEOUT_S = 20.0
WORKERS = 2
AHEAD = 8  # jobs a child that wait read, so that no child waits while the caller writes; bodies are 30 MiB at most
R = TypeVar("R")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Reading(Generic[T]):
    """What became of one job: its documents, or the error that says why there are none. ``key`` is the caller's."""

    key: T
    documents: tuple[Document, ...] = ()
    error: UnreadableError | None = None


class Sandbox:
    """A few children side by side. Use as a context manager."""

    def __init__(
        self, workers: int = WORKERS, memory_bytes: int = MEMORY_BYTES, timeout_s: float = TIMEOUT_S,
        reads: Reads = "pages",
    ) -> None:  # fmt: skip
        self._children = [Child(memory_bytes, timeout_s, reads) for _ in range(workers)]
        self._free = deque(self._children)
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="sandbox")

    def read(self, job: Job) -> tuple[Document, ...]:
        """Return the documents of one body. Raises UnreadableError."""
        return self._submit(Child.read, job).result()

    def read_listing(self, job: Job) -> Future[Listing]:
        """Begin to read a listing by its source's adapter; the result may be an UnreadableError."""
        return self._submit(Child.read_listing, job)

    def read_all(self, jobs: Iterable[tuple[T, Job | None]]) -> Iterator[Reading[T]]:
        """Yield a Reading for each (key, job), in order, a few read ahead; a job of None passes straight through."""
        ahead: deque[tuple[T, Future[tuple[Document, ...]] | None]] = deque()
        for key, job in jobs:
            ahead.append((key, self._submit(Child.read, job) if job is not None else None))
            while len(ahead) > AHEAD * len(self._children):
                yield self._reading(*ahead.popleft())
        while ahead:
            yield self._reading(*ahead.popleft())

    @staticmethod
    def _reading(key: T, future: Future[tuple[Document, ...]] | None) -> Reading[T]:
        try:
            return Reading(key, future.result() if future is not None else ())
        except UnreadableError as error:
            return Reading(key, error=error)

    def _submit(self, ask: Callable[[Child, Job], R], job: Job) -> Future[R]:
        return self._threads.submit(self._with_child, ask, job)

    def _with_child(self, ask: Callable[[Child, Job], R], job: Job) -> R:
        child = self._free.popleft()  # as many threads as children: one is always free
        try:
            try:
                return ask(child, job)
            except UnreadableError as error:
                if error.reason != "crashed":
                    raise
                return ask(child, job)  # what ended it may have been the machine's; a body that ends it does so again
        finally:
            self._free.append(child)

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._threads.shutdown(wait=kind is None, cancel_futures=True)
        for child in self._children:
            child.close()
        self._threads.shutdown(wait=True)
