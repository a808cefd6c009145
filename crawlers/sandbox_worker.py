"""The child that parses outside bytes: one job at a time, over its standard input and output, under its own limits.

A frame is one line of JSON and, after it, as many raw bytes as its ``bytes`` says. Nothing is pickled.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import sys
import time
from pathlib import Path
from typing import Any, BinaryIO

_known: dict[str, Any] = {}  # sources by name, each told with the first job of it
GRACE_S = 5  # the parent kills first; a child whose parent is gone ends itself this much later


def main() -> None:
    """Serve jobs until standard input ends."""
    memory_bytes, timeout_s, reads = int(sys.argv[1]), float(sys.argv[2]), sys.argv[3]
    source, sink = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints must not enter the channel
    _preload(reads)
    _limit(memory_bytes)
    _send(sink, {"ready": True})
    while line := source.readline():
        job = json.loads(line)
        body = source.read(int(job["bytes"]))
        signal.setitimer(signal.ITIMER_REAL, timeout_s + GRACE_S)  # its default action ends the process
        answer = _answer(job, body)
        signal.setitimer(signal.ITIMER_REAL, 0)
        _send(sink, answer)


def _preload(reads: str) -> None:
    """Load modules and models before the limits are set and before the first job waits for them."""
    import crawlers.adapters

    if reads == "listings":
        return
    import crawlers.extract.html
    import crawlers.extract.pdf  # noqa: F401
    from crawlers.extract.language import language_of

    language_of("A page of some words, long enough to tell its language by. " * 4)  # its model unpacks to a file


def _limit(memory_bytes: int) -> None:
    """Cap what may be added to the memory mapped by now; no core files, no files written.

    Where the system does not say what is mapped (macOS), the parent's time limit alone holds.
    """
    statm = Path("/proc/self/statm")
    if statm.exists():
        mapped = int(statm.read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (mapped + memory_bytes, mapped + memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def _answer(job: dict[str, Any], body: bytes) -> dict[str, Any]:
    from crawlers.errors import UnreadableError

    started = time.perf_counter()
    try:
        found = _read(job, body)
    except UnreadableError as error:
        return {"reason": error.reason, "message": str(error)}
    except MemoryError:
        return {"reason": "memory", "message": "the parser asked for more memory than it may have", "retire": True}
    except RecursionError:
        return {"reason": "hostile markup", "message": "nested deeper than the parser can follow"}
    except Exception as error:
        return {"reason": "broken", "message": f"{type(error).__name__}: {error}"[:500]}
    return {job["what"]: found, "seconds": time.perf_counter() - started}


def _read(job: dict[str, Any], body: bytes) -> Any:
    from crawlers.packing import pack_document, pack_listing

    if job["source"] is None:
        from crawlers.extract import extract

        return [pack_document(extract(body, job["url"], job["content_type"], comments=job["comments"]))]
    from crawlers.adapters import ADAPTERS
    from crawlers.adapters.base import Body
    from crawlers.sources import SourceConfig

    if "told" in job:
        _known[job["source"]] = SourceConfig.model_validate(job["told"])
    source = _known[job["source"]]
    read = Body(job["url"], body, job["content_type"], job["headers"], job["hints"], job["state"])
    if job["what"] == "listing":
        return pack_listing(ADAPTERS[source.type].listing(source, read))
    return [pack_document(document) for document in ADAPTERS[source.type].documents(source, read)]


def _send(sink: BinaryIO, answer: dict[str, Any]) -> None:
    packed = json.dumps(answer, ensure_ascii=True, default=str).encode()
    sink.write(b"%d\n" % len(packed) + packed)
    sink.flush()


if __name__ == "__main__":
    main()
