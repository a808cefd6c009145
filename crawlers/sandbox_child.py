"""One parser process: started when first needed, told a job at a time, killed at its limits and started anew."""

from __future__ import annotations

import json
import os
import selectors
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from crawlers.adapters.base import Listing
from crawlers.errors import UnreadableError
from crawlers.packing import unpack_document, unpack_listing
from warehouse.models import Document

if TYPE_CHECKING:
    from crawlers.sources import SourceConfig

START_TIMEOUT_S = 60.0
MAX_ANSWER_BYTES = 256 << 20
JOBS_PER_CHILD = 2000  # a child is renewed after so many, so that no parser's leak grows
R = TypeVar("R")
Reads = Literal["pages", "listings"]
_ROOT = Path(__file__).resolve().parents[1]
_SPARED = ("PATH", "LANG", "LC_ALL", "TZ", "HOME", "SYSTEMROOT", "LD_LIBRARY_PATH")


@dataclass(frozen=True, slots=True)
class Job:
    """One body to read: by its source's adapter, or by ``extract`` alone where ``source`` is None.

    ``state`` is what the adapter left with the request of a listing.
    """

    url: str
    body: bytes
    content_type: str | None = None
    source: SourceConfig | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    hints: Mapping[str, Any] = field(default_factory=dict)
    state: Mapping[str, Any] = field(default_factory=dict)
    comments: bool = False


class Child:
    """One parser process; started when first needed, and again after it was killed.

    ``reads`` tells what it loads before its limits are set: readers of listings are a tenth of those of pages.
    """

    def __init__(self, memory_bytes: int, timeout_s: float, reads: Reads = "pages") -> None:
        self.memory_bytes, self.timeout_s, self.reads = memory_bytes, timeout_s, reads
        self._process: subprocess.Popen[bytes] | None = None
        self._jobs = 0
        self._told: dict[str, SourceConfig] = {}  # sources that the process knows: one may list thousands of addresses

    def read(self, job: Job) -> tuple[Document, ...]:
        """Return the documents of ``job``. Raises UnreadableError (also "timeout", "memory", "crashed")."""
        return self._answer(job, "documents", lambda told: tuple(unpack_document(packed) for packed in told))

    def read_listing(self, job: Job) -> Listing:
        """Return what the listing in ``job`` gave, by its source's adapter. Raises UnreadableError as ``read`` does."""
        return self._answer(job, "listing", unpack_listing)

    def _answer(self, job: Job, what: str, unpack: Callable[[Any], R]) -> R:
        answer = self._ask(job, what)
        self._jobs += 1
        if answer.get("retire") or self._jobs >= JOBS_PER_CHILD:
            self.close()
        if what not in answer:
            raise UnreadableError(str(answer.get("reason")), str(answer.get("message")))
        try:
            return unpack(answer[what])
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise UnreadableError("broken", f"the parser's answer is no {what}: {error!r}"[:500]) from error

    def _ask(self, job: Job, what: str) -> dict[str, Any]:
        process = self._running()
        head = {
            "url": job.url, "content_type": job.content_type, "headers": dict(job.headers), "hints": dict(job.hints),
            "state": dict(job.state), "comments": job.comments, "bytes": len(job.body), "what": what,
            "source": job.source.name if job.source else None,
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
        command.append(self.reads)
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
