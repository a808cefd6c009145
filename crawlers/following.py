"""The ledger's lines on their way into the store, also while a crawl is still writing them.

What a host says for "not found" must be known before its new pages are judged, so a page waits until its host's probe
is in the ledger, or until the crawl is over.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterable, Iterator
from copy import copy
from typing import Any, Protocol

from crawlers.sandbox import Job, Sandbox
from crawlers.soft404 import Probes, probe_lines
from crawlers.urls import site_of
from warehouse.errors import DamagedError
from warehouse.home import Home
from warehouse.models import Document, Fetch
from warehouse.raw import LedgerTail, as_fetch, get_body

AT_ONCE = 512  # ledger lines in memory
LOOK_AGAIN_S = 0.1


class Running(Protocol):
    """A crawl that may still be going on."""

    def is_running(self) -> bool:
        """Tell whether more lines may come."""


class Lines:
    """Every fetch of the ledger after a number, in order; ``probes`` holds what the hosts' probes brought.

    ``mark`` is the place of the last line that was loaded: a ledger of years is read from there.
    """

    def __init__(
        self, home: Home, box: Sandbox, after_seq: int, crawl: Running | None = None, mark: str | None = None
    ) -> None:
        self.home, self.box, self.crawl = home, box, crawl
        self.tail = LedgerTail(home.ledger, after_seq, mark)
        self.tail.read(0)  # what is old is passed over once, for both readers
        self._found: dict[str, Document] = {}
        self.probes = Probes(self._found)
        self._probed: set[tuple[int, str]] = set()
        self._learn(_probes_of(copy(self.tail)))

    def __iter__(self) -> Iterator[Fetch]:
        waiting: deque[Fetch] = deque()
        while True:
            over = self.crawl is None or not self.crawl.is_running()  # asked first: what it wrote last is then read
            entries = self.tail.read(AT_ONCE - len(waiting))
            fresh = [as_fetch(entry) for entry in entries if entry["type"] == "fetch"]
            self._learn(fetch for fetch in fresh if fetch.role == "probe")
            waiting += fresh
            while waiting and (over or self._is_ready(waiting[0])):
                yield waiting.popleft()
            if not entries and over:
                return
            if not entries:
                time.sleep(LOOK_AGAIN_S)

    def _is_ready(self, fetch: Fetch) -> bool:
        is_page = fetch.role == "document" and fetch.outcome == "ok" and "html" in fetch.headers.get("content-type", "")
        return not is_page or (fetch.run, site_of(fetch.url)) in self._probed

    def _learn(self, fetches: Iterable[Fetch]) -> None:
        """Read how hosts say "not found"."""
        fresh = [fetch for fetch in fetches if (fetch.run, site_of(fetch.url)) not in self._probed]
        self._probed |= {(fetch.run, site_of(fetch.url)) for fetch in fresh}
        for reading in self.box.read_all(self._jobs(fresh)):
            for document in reading.documents:
                self._found[reading.key] = document

    def _jobs(self, fetches: Iterable[Fetch]) -> Iterator[tuple[str, Job]]:
        for host, fetch in probe_lines(fetches).items():
            try:
                body = get_body(self.home.raw, fetch.body_sha256 or "")
            except DamagedError:
                continue  # not kept any more
            yield host, Job(fetch.final_url or fetch.url, body, fetch.headers.get("content-type"))


def _probes_of(tail: LedgerTail) -> Iterator[Fetch]:
    entries: list[dict[str, Any]]
    while entries := tail.read(AT_ONCE):
        yield from (as_fetch(entry) for entry in entries if entry.get("role") == "probe")
