"""Asks each origin once a run what it says of text and data mining, before the first of its pages, as TDMRep has it."""

from __future__ import annotations

import asyncio
from typing import Any

from scrapy import Request

from crawlers.middlewares.robots import NO_ANSWER
from crawlers.rights import MAX_BYTES, PATH, Rule, read_rules, stated
from crawlers.urls import origin_of, site_of


class RightsMiddleware:
    """Leaves in ``meta["rights"]`` of each request what its origin's file says of it; nothing is refused for it."""

    def __init__(self, crawler: Any) -> None:
        self.crawler = crawler
        self._rules: dict[str, asyncio.Task[tuple[Rule, ...]]] = {}

    @classmethod
    def from_crawler(cls, crawler: Any) -> RightsMiddleware:
        """Make the middleware (Scrapy calls this)."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Note what the site says of this address."""
        if request.meta.get("role") in ("robots", "rights") or not self.crawler.settings["CLAIMWATCH"].ask_rights:
            return
        origin = origin_of(request.url)
        if origin not in self._rules:
            self._rules[origin] = asyncio.create_task(self._read(origin, request))
        request.meta["rights"] = stated(await asyncio.shield(self._rules[origin]), request.url)

    async def _read(self, origin: str, cause: Request) -> tuple[Rule, ...]:
        spider = self.crawler.spider
        meta = {"role": "rights", "source": cause.meta["source"], "download_maxsize": MAX_BYTES}
        request, rules = Request(origin + PATH, meta=meta, dont_filter=True), tuple[Rule, ...]()
        try:
            response = await self.crawler.engine.download_async(request)
            await spider.note_site_file(request, response)
            rules = read_rules(response.body) if response.status == 200 else ()
        except NO_ANSWER as error:
            await spider.note_site_file(request, None, str(error))
        await asyncio.sleep(spider.politeness.delay_s(site_of(origin)))
        return rules
