"""The process that crawls: one job on standard input, lines of progress and one of report on standard output."""

from __future__ import annotations

import fcntl
import gc
import json
import os
import sys
import threading
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict
from datetime import datetime
from typing import IO, TYPE_CHECKING

from crawlers.frontier import Frontier
from crawlers.full import is_full
from crawlers.guard import Guard
from crawlers.job import CrawlJob
from crawlers.recorder import Recorder
from crawlers.sandbox import Sandbox
from crawlers.settings import scrapy_settings
from crawlers.sources import SourceConfig
from crawlers.tally import SourceReport, Tally, report

if TYPE_CHECKING:
    from crawlers.spider import SourceSpider

TELL_EVERY_S = 0.2
_ENDED = {  # by Scrapy's reason
    "closespider_timeout": "the time of a run was over",
    "memusage_exceeded": "the crawl held more memory than it may",
    "shutdown": "the crawl was told to stop",
}


class _Progress:
    """Tells how many pages are done, a few times a second: a line a page would wake the reader for each."""

    def __init__(self, out: IO[str]) -> None:
        self._out = out
        self._done: Counter[str] = Counter()
        self._told = time.monotonic()

    def __call__(self, count: int, source: str) -> None:
        """Count ``count`` more pages of ``source`` as done."""
        self._done[source] += count
        if time.monotonic() - self._told >= TELL_EVERY_S:
            self.flush()

    def fault(self, error: OSError) -> None:
        """Tell at once why the crawl cannot go on: it may take a while to end."""
        self._out.write(json.dumps({"fault": "disk_full" if is_full(error) else "os_error", "message": str(error)}))
        self._out.write("\n")
        self._out.flush()

    def flush(self) -> None:
        """Tell what was not told yet."""
        for source, count in self._done.items():
            self._out.write(json.dumps({"done": count, "source": source}) + "\n")
        self._out.flush()
        self._done.clear()
        self._told = time.monotonic()


def run_job(job: CrawlJob, out: IO[str], guard: Guard | None = None) -> None:
    """Crawl, writing progress and the report to ``out``. Once a process: the reactor does not start twice."""
    tell = _Progress(out)
    try:
        rows = _crawl(job, guard or Guard(), tell)
    except OSError as error:
        tell.fault(error)
        return
    tell.flush()
    out.write(json.dumps({"report": [asdict(row) for row in rows]}) + "\n")


def _crawl(job: CrawlJob, guard: Guard, tell: _Progress) -> list[SourceReport]:
    tallies: dict[str, Tally] = {}
    spider: SourceSpider | None = None
    with (
        closing(Recorder(job.home)) as recorder,
        closing(
            Frontier(
                job.home.frontier, job.run, retry_first_s=job.options.retry_first_s, max_tries=job.options.max_tries
            )
        ) as frontier,
    ):
        frontier.begin(job.now.timestamp())
        folders = [source for source in job.sources if source.type == "local"]
        if folders:
            tallies |= _read_folders(job, folders, frontier, recorder, tell)
        web = [source for source in job.sources if source.type != "local"]
        if web:
            spider = _crawl_web(job, web, frontier, recorder, guard, tell)
            tallies |= spider.tallies
        return [_report(source, tallies[source.name], frontier, job.now, spider) for source in job.sources]


def _read_folders(
    job: CrawlJob, sources: Sequence[SourceConfig], frontier: Frontier, recorder: Recorder, tell: _Progress
) -> dict[str, Tally]:
    from crawlers.folders import read_folder

    return {source.name: read_folder(source, frontier, recorder, job.now, job.run, tell) for source in sources}


def _report(
    source: SourceConfig, tally: Tally, frontier: Frontier, now: datetime, spider: SourceSpider | None
) -> SourceReport:
    for site, count in frontier.left(source.name).items():
        tally.left[_why_left(source, tally, site, spider)] += count
    since_s = now.timestamp() - source.window_days * 86_400
    return report(source, tally, frontier.listed_since(source.name, since_s))


def _crawl_web(
    job: CrawlJob, sources: Sequence[SourceConfig], frontier: Frontier, recorder: Recorder, guard: Guard,
    tell: _Progress,
) -> SourceSpider:  # fmt: skip
    import scrapy.core.downloader.handlers.http11  # noqa: F401 - slow to load from deep within the reactor
    from scrapy.crawler import AsyncCrawlerProcess

    from crawlers.middlewares.resolver import PinnedResolver
    from crawlers.spider import SourceSpider

    PinnedResolver.guard = guard
    process = AsyncCrawlerProcess(scrapy_settings(job.options, job.contact))
    crawler = process.create_crawler(SourceSpider)
    with Sandbox(workers=1, reads="listings") as box:
        process.crawl(
            crawler, sources=sources, frontier=frontier, recorder=recorder, guard=guard, box=box, options=job.options,
            now=job.now, run=job.run, tell=tell, broke=tell.fault,
        )  # fmt: skip
        process.start()
    spider = crawler.spider
    if not isinstance(spider, SourceSpider):
        raise OSError("the crawl did not start; its log says why")
    if spider.broken is not None:
        raise spider.broken
    return spider


def _why_left(source: SourceConfig, tally: Tally, site: str, spider: SourceSpider | None) -> str:
    if spider and (why := _ENDED.get(spider.ended) or spider.left.get(site)):
        return why
    if tally.asked >= source.max_pages:
        return f"max_pages ({source.max_pages}) was reached"
    return "they were not reached"


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(1)  # whoever asked for this crawl is gone, and with them the lock that made us the only writer


def main() -> None:
    """Run the job on standard input."""
    gc.freeze()  # modules stay; looking through them again and again took a tenth of a crawl's time
    gc.set_threshold(20_000, 20, 20)
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    job = CrawlJob.unpack(sys.stdin.readline())
    try:
        job.home.make()
        lock = open(job.home.raw / "crawl.lock", "w")
    except OSError as error:
        return _Progress(sys.stdout).fault(error)
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # a crawl whose parent was killed ends within a second
        run_job(job, sys.stdout)


if __name__ == "__main__":
    main()
