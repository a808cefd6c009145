"""Crawl: network and folders -> raw bodies, ledger, frontier. The work is done in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from crawlers.settings import Options
from crawlers.tally import CrawlReport, SourceReport, unpack_report
from warehouse.errors import ClaimwatchError, DiskFullError, UsageError
from warehouse.home import Home

if TYPE_CHECKING:
    from crawlers.sources import SourceConfig

__all__ = ["CrawlReport", "Crawling", "Options", "SourceReport", "crawl", "need_contact"]
_ROOT = Path(__file__).resolve().parents[1]
END_S = 10.0  # what a crawl that is told to end may still take; it writes nothing that a kill could harm


def crawl(
    home: Home, sources: Sequence[SourceConfig], now: datetime, *, run: int, contact: str | None = None,
    progress: Callable[[int, str], object] | None = None, options: Options | None = None,
) -> CrawlReport:  # fmt: skip
    """Fetch what is due of ``sources`` and return what came, a row a source.

    ``now`` (UTC) is when the run began: schedules go by it. ``progress`` is called with a count and a source's name.
    Raises UsageError where the public web would be crawled without a contact, DiskFullError, and ClaimwatchError
    naming the log where the crawl process broke.
    """
    with Crawling(home, sources, now, run=run, contact=contact, progress=progress, options=options) as crawling:
        return crawling.report()


class Crawling:
    """A crawl that goes on while other work is done, such as loading what it brought. Use as a context manager.

    Leaving the block ends the crawl, done or not; nothing that it kept is lost. ``progress`` is called from a thread.
    """

    def __init__(
        self, home: Home, sources: Sequence[SourceConfig], now: datetime, *, run: int, contact: str | None = None,
        progress: Callable[[int, str], object] | None = None, options: Options | None = None,
    ) -> None:  # fmt: skip
        from crawlers.job import CrawlJob

        contact = contact or os.environ.get("CLAIMWATCH_CONTACT") or None
        need_contact(sources, contact)
        home.make()
        self._job = CrawlJob(home, tuple(sources), now, run, contact, options or Options())
        self._log = home.logs / f"crawl-{run}.log"
        self._progress = progress
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="crawl")

    def __enter__(self) -> Crawling:
        path = os.pathsep.join([str(_ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
        with open(self._log, "w", encoding="utf-8") as errors:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "crawlers.crawl_worker"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                stderr=errors, env={**os.environ, "PYTHONPATH": path}, text=True, encoding="utf-8",
            )  # fmt: skip
        self._report = self._thread.submit(_follow, self._process, self._job.pack(), self._progress, self._log)
        return self

    def __exit__(self, *_: object) -> None:
        if self._process.poll() is None:
            self._process.terminate()
        try:
            self._process.wait(END_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._thread.shutdown()

    def is_running(self) -> bool:
        """Tell whether the ledger may still grow."""
        return self._process.poll() is None and not self._report.done()

    def report(self) -> CrawlReport:
        """Wait for the end; return what came. Raises as ``crawl`` does."""
        return self._report.result()


def _follow(
    process: subprocess.Popen[str], job: str, progress: Callable[[int, str], object] | None, log: Path
) -> CrawlReport:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(job + "\n")
    process.stdin.close()
    report: CrawlReport | None = None
    for line in process.stdout:
        said = json.loads(line)
        if "done" in said and progress is not None:
            progress(said["done"], said["source"])
        elif said.get("fault") == "disk_full":
            raise DiskFullError(f"the disk is full ({said['message']}); make room and run it again: nothing is lost")
        elif "fault" in said:
            raise ClaimwatchError(f"the crawl could not go on: {said['message']}; {log} says more")
        elif "report" in said:
            report = unpack_report(said["report"])
    code = process.wait()
    if report is None:
        raise ClaimwatchError(f"the crawl process ended early (status {code}); run it again; nothing is lost ({log})")
    return report


def need_contact(sources: Sequence[SourceConfig], contact: str | None) -> None:
    """Raise UsageError where a public source would be crawled by nobody that its site could write to."""
    public = [source.name for source in sources if source.type != "local" and not source.allow_private]
    if public and (contact is None or "@" not in contact):
        raise UsageError(
            f"crawling {', '.join(public[:3])}{' …' if len(public) > 3 else ''} needs an e-mail address that a site "
            "can write to: give --contact you@example.org or set CLAIMWATCH_CONTACT"
        )
