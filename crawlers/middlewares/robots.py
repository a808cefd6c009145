"""Obeys robots.txt: asked for once an origin and run, kept in the ledger, before the first page of the origin."""

from __future__ import annotations

import asyncio
from typing import Any

from scrapy import Request, signals
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    ResponseDataLossError,
    StopDownload,
)

from crawlers.refusals import RefusedError
from crawlers.robots import MAX_BYTES, Copy, Rules, judge
from crawlers.urls import origin_of, site_of

AGENT = "claimwatch"
NO_ANSWER = (
    CannotResolveHostError, DownloadCancelledError, DownloadConnectionRefusedError, DownloadFailedError,
    DownloadTimeoutError, ResponseDataLossError, RefusedError,
)  # fmt: skip


class RobotsMiddleware:
    """Refuses what an origin's robots.txt does not allow."""

    def __init__(self, crawler: Any) -> None:
        self.crawler = crawler
        self._rules: dict[str, asyncio.Task[Rules]] = {}
        crawler.signals.connect(self.bytes_received, signal=signals.bytes_received)

    @classmethod
    def from_crawler(cls, crawler: Any) -> RobotsMiddleware:
        """Make the middleware (Scrapy calls this)."""
        return cls(crawler)

    def bytes_received(self, data: bytes, request: Request) -> None:
        """Stop reading a robots.txt where it no longer counts; what came is parsed (RFC 9309, 2.5)."""
        if request.meta.get("role") == "robots":
            request.meta["came_bytes"] = request.meta.get("came_bytes", 0) + len(data)
            if request.meta["came_bytes"] >= MAX_BYTES:
                raise StopDownload(fail=False)

    async def process_request(self, request: Request) -> None:
        """Return if the origin allows it. Raises RefusedError("robots")."""
        if request.meta.get("role") == "robots" or not self.crawler.settings["CLAIMWATCH"].obey_robots:
            return
        origin = origin_of(request.url)
        if origin not in self._rules:
            self._rules[origin] = asyncio.create_task(self._read(origin, request))
        rules = await asyncio.shield(self._rules[origin])
        if not rules.allows(request.url, AGENT):
            raise RefusedError("robots", f"{request.url}: {rules.why or 'robots.txt asks not to'}")

    async def _read(self, origin: str, cause: Request) -> Rules:
        spider = self.crawler.spider
        now_s, kept = spider.now_s(), spider.frontier.robots(origin)
        meta = {"role": "robots", "source": cause.meta["source"], "download_maxsize": 0}  # cut, not refused
        request = Request(f"{origin}/robots.txt", meta=meta, dont_filter=True)
        status, body, why = None, b"", None
        try:
            response = await self.crawler.engine.download_async(request)
            status, body = response.status, response.body[:MAX_BYTES]
            await spider.note_site_file(request, response)
        except NO_ANSWER as error:
            why = str(error)
            await spider.note_site_file(request, None, why)
        rules = judge(status, body, Copy(*kept) if kept else None, now_s)
        if status is not None and 200 <= status < 300 and not rules.disallow_all:
            spider.frontier.keep_robots(origin, body, now_s)
        spider.politeness.crawl_delay(site_of(origin), rules.crawl_delay_s(AGENT))
        await asyncio.sleep(spider.politeness.delay_s(site_of(origin)))
        return rules
