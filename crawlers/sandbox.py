"""Parsing of outside bytes in killable children: a hostile body costs its own job, never the run.

Each child has a memory limit of its own and a wall-clock limit that the parent holds; on excess it is killed and
replaced. Answers come back as JSON and are checked against the nouns, so that nothing a parser was talked into can run
in the parent.
"""

from __future__ import annotations

import json
import os
import selectors
import subprocess
import sys
import time
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from crawlers.errors import UnreadableError
from crawlers.packing import unpack_document
from warehouse.models import Document

if TYPE_CHECKING:
    from crawlers.sources import SourceConfig

MEMORY_BYTES = 1 << 30
TIMEOUT_S = 20.0
START_TIMEOUT_S = 60.0
WORKERS = 2
MAX_ANSWER_BYTES = 256 << 20
AHEAD = 8  # jobs a child that wait read, so that no child waits while the caller writes; bodies are 30 MiB at most
JOBS_PER_CHILD = 2000  # a child is renewed after so many, so that no parser's leak grows
_ROOT = Path(__file__).resolve().parents[1]
_SPARED = ("PATH", "LANG", "LC_ALL", "TZ", "HOME", "SYSTEMROOT", "LD_LIBRARY_PATH")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Job:
    """One body to read: by its source's adapter, or by ``extract`` alone where ``source`` is None."""

    url: str
    body: bytes
    content_type: str | None = None
    source: SourceConfig | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    hints: Mapping[str, Any] = field(default_factory=dict)
    comments: bool = False


@dataclass(frozen=True, slots=True)
class Reading(Generic[T]):
    """What became of one job: its documents, or the error that says why there are none. ``key`` is the caller's."""

    key: T
    documents: tuple[Document, ...] = ()
    error: UnreadableError | None = None


class Child:
    """One parser process; started when first needed, and again after it was killed."""

    def __init__(self, memory_bytes: int, timeout_s: float) -> None:
        self.memory_bytes = memory_bytes
        self.timeout_s = timeout_s
        self._process: subprocess.Popen[bytes] | None = None
        self._jobs = 0
        self._told: dict[str, SourceConfig] = {}  # sources that the process knows: one may list thousands of addresses

    def read(self, job: Job) -> tuple[Document, ...]:
        """Return the documents of ``job``. Raises UnreadableError (also "timeout", "memory", "crashed")."""
        answer = self._ask(job)
        self._jobs += 1
        if answer.get("retire") or self._jobs >= JOBS_PER_CHILD:
            self.close()
        if "documents" not in answer:
            raise UnreadableError(str(answer.get("reason")), str(answer.get("message")))
        return tuple(unpack_document(packed) for packed in answer["documents"])

    def _ask(self, job: Job) -> dict[str, Any]:
        process = self._running()
        head = {
            "url": job.url, "content_type": job.content_type, "headers": dict(job.headers), "hints": dict(job.hints),
            "comments": job.comments, "bytes": len(job.body), "source": job.source.name if job.source else None,
        }  # fmt: skip
        if job.source is not None and self._told.get(job.source.name) is not job.source:
            head["told"] = job.source.model_dump(mode="json", exclude_unset=True)
            self._told[job.source.name] = job.source
        try:
            assert process.stdin is not None
            process.stdin.write(json.dumps(head).encode() + b"\n" + job.body)
            process.stdin.flush()
        except BrokenPipeError:
            raise self._ended() from None
        return self._receive(self.timeout_s)

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is not None and self._process.poll() is None:
            return self._process
        self.close()
        env = {name: os.environ[name] for name in _SPARED if name in os.environ}
        env |= {"PYTHONPATH": str(_ROOT), "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "PYTHONHASHSEED": "0",
                "PYTHONDONTWRITEBYTECODE": "1", "MALLOC_ARENA_MAX": "2"}  # fmt: skip
        command = [sys.executable, "-m", "crawlers.sandbox_worker", str(self.memory_bytes), str(self.timeout_s)]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=env, cwd="/",
            start_new_session=True,
        )  # fmt: skip
        self._receive(START_TIMEOUT_S)
        return self._process

    def _receive(self, timeout_s: float) -> dict[str, Any]:
        """Read one answer frame, or kill the child and say why."""
        assert self._process is not None
        assert self._process.stdout is not None
        deadline, buffer, wanted = time.monotonic() + timeout_s, bytearray(), -1
        handle = self._process.stdout.fileno()
        with selectors.DefaultSelector() as selector:
            selector.register(handle, selectors.EVENT_READ)
            while wanted < 0 or len(buffer) < wanted:
                left = deadline - time.monotonic()
                if left <= 0 or not selector.select(left):
                    self.kill()
                    raise UnreadableError("timeout", f"the parser was stopped after {timeout_s:g} s")
                piece = os.read(handle, 1 << 20)
                if not piece:
                    raise self._ended()
                buffer += piece
                if wanted < 0 and (end := buffer.find(b"\n", 0, 24)) >= 0:
                    wanted = int(buffer[:end])
                    del buffer[: end + 1]
                if wanted > MAX_ANSWER_BYTES or (wanted < 0 and len(buffer) > 24):
                    self.kill()
                    raise UnreadableError("too large", f"the text read from it is over {MAX_ANSWER_BYTES:,} bytes")
        answer: dict[str, Any] = json.loads(bytes(buffer))
        return answer

    def _ended(self) -> UnreadableError:
        assert self._process is not None
        code = self._process.wait()
        self.kill()
        return UnreadableError("crashed", f"the parser process ended by itself (status {code})")

    def kill(self) -> None:
        """End the child at once; the next job starts a new one."""
        process, self._process, self._jobs = self._process, None, 0
        self._told.clear()
        if process is None:
            return
        process.kill()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                _close(pipe)
        process.wait()

    close = kill


def _close(pipe: Any) -> None:
    try:
        pipe.close()
    except BrokenPipeError:  # bytes that the dead child never read
        return


class Sandbox:
    """A few children side by side. Use as a context manager."""

    def __init__(self, workers: int = WORKERS, memory_bytes: int = MEMORY_BYTES, timeout_s: float = TIMEOUT_S) -> None:
        self._children = [Child(memory_bytes, timeout_s) for _ in range(workers)]
        self._free = deque(self._children)
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="sandbox")

    def read(self, job: Job) -> tuple[Document, ...]:
        """Return the documents of one body. Raises UnreadableError."""
        return self._threads.submit(self._read, job).result()

    def read_all(self, jobs: Iterable[tuple[T, Job | None]]) -> Iterator[Reading[T]]:
        """Yield a Reading for each (key, job), in order, a few read ahead; a job of None passes straight through."""
        ahead: deque[tuple[T, Future[tuple[Document, ...]] | None]] = deque()
        for key, job in jobs:
            ahead.append((key, self._threads.submit(self._read, job) if job is not None else None))
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

    def _read(self, job: Job) -> tuple[Document, ...]:
        child = self._free.popleft()  # as many threads as children: one is always free
        try:
            return child.read(job)
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
