"""Scrapy's scheduler over the frontier: which page is next, and when its host may be asked again."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from typing import Any

from scrapy import Request
from scrapy.core.scheduler import BaseScheduler

from crawlers.urls import site_of

MAX_UNSETTLED = 64


class FrontierScheduler(BaseScheduler):
    """Leases pages from the frontier. Redirects and probes follow up a lease and are held in memory alone."""

    def __init__(self, crawler: Any) -> None:
        self.crawler = crawler
        self.options = crawler.settings["CLAIMWATCH"]
        self._followups: list[Request] = []
        self._sites: dict[str, None] = {}
        self._asked: Counter[str] = Counter()
        self._timer: asyncio.TimerHandle | None = None

    @classmethod
    def from_crawler(cls, crawler: Any) -> FrontierScheduler:
        """Make the scheduler (Scrapy calls this)."""
        return cls(crawler)

    def open(self, spider: Any) -> None:
        """Begin with what is due."""
        self.spider = spider
        spider.scheduler = self
        self.refresh()

    def refresh(self) -> None:
        """Look for hosts with pages queued: after a listing, or when retries fall due."""
        try:
            self.spider.frontier.wake(self.spider.now_s())
            self._sites = dict.fromkeys(self.spider.frontier.sites())
        except OSError as error:  # raised into Scrapy's or the loop's code it would be logged, and asked for again
            self.spider.break_off(error)
        self.nudge()

    def nudge(self) -> None:
        """Have the engine ask for the next request now, and not at its next heartbeat."""
        slot = getattr(self.crawler.engine, "_slot", None)  # Scrapy has no public call for this
        if slot is not None:
            slot.nextcall.schedule()

    def close(self, reason: str) -> None:
        """Stop the timer."""
        if self._timer is not None:
            self._timer.cancel()

    def enqueue_request(self, request: Request) -> bool:
        """Take a follow-up of a lease. Its host has answered: held, two that redirect to each other would wait."""
        for site in request.meta.pop("sites", ()):
            self.spider.politeness.release(site, time.monotonic())
        self._followups.append(request)
        return True

    def has_pending_requests(self) -> bool:
        """Tell whether this run has anything left to wait for."""
        if self.spider.broken is not None:
            return False
        if self._followups or self.spider.unsettled or self._sites:
            return True
        retry = self.spider.frontier.next_retry()
        return retry is not None and retry - self.spider.now_s() <= self.options.patience_s

    def next_request(self) -> Request | None:
        """Return the next request whose host may be asked now, or None; then a timer says when to look again."""
        if self.spider.broken is not None or len(self.spider.unsettled) >= MAX_UNSETTLED:
            return None
        try:
            return self._next()
        except OSError as error:
            self.spider.break_off(error)
            return None

    def _next(self) -> Request | None:
        now, waits = time.monotonic(), []
        for request in self._followups:
            site = site_of(request.url)
            wait_s = self._wait_s(site, now)
            request.meta["held"] = wait_s is not None and wait_s > self.options.patience_s  # refused further on
            if wait_s == 0 or request.meta["held"]:
                self._followups.remove(request)
                self._take(request, site)
                return request
            waits.append(wait_s)
        for site in list(self._sites):
            wait_s = self._wait_s(site, now)
            if wait_s == 0:
                leased = self._lease(site)
                if leased is not None:
                    return leased
            elif wait_s is not None and wait_s > self.options.patience_s:
                del self._sites[site]
                self.spider.left[site] = f"{site} is left alone for now"
            waits.append(wait_s)
        self._look_again(waits)
        return None

    def _wait_s(self, site: str, now: float) -> float | None:
        wait_s: float | None = self.spider.politeness.wait_s(site, now)
        if wait_s is None:
            return None
        held_s: float = self.spider.frontier.not_before(site) - self.spider.now_s()
        return max(wait_s, held_s, 0.0)

    def _lease(self, site: str) -> Request | None:
        if self._asked[site] >= self.options.site_budget:
            self.spider.left[site] = f"{self.options.site_budget} requests to {site} were made"
            page = None
        else:
            page = self.spider.frontier.lease(site, self.spider.now_s(), without=self.spider.full_sources())
        if page is None:
            self._sites.pop(site, None)
            return None
        self.spider.left.pop(site, None)
        request: Request = self.spider.request_for(page)
        self._take(request, site)
        return request

    def _take(self, request: Request, site: str) -> None:
        self._asked[site] += 1
        if site not in request.meta.setdefault("sites", []):
            request.meta["sites"].append(site)
            self.spider.politeness.take(site)

    def _look_again(self, waits: list[float | None]) -> None:
        known = [wait_s for wait_s in waits if wait_s]
        retry = self.spider.frontier.next_retry()
        if retry is not None:
            known.append(max(retry - self.spider.now_s(), 0.01))
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if known and min(known) <= self.options.patience_s:
            call = self.refresh if retry is not None else self.nudge
            self._timer = asyncio.get_running_loop().call_later(min(known) + 0.005, call)
