"""The spider: every source's pages over one frontier. It keeps bodies and ledger lines, and reads listings; no more."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from scrapy import Request, Spider
from scrapy.http import Response
from twisted.python.failure import Failure

from crawlers.adapters import ADAPTERS
from crawlers.adapters.base import Listing
from crawlers.adapters.secrets import mask, reveal
from crawlers.fate import Fate, Page
from crawlers.frontier import Frontier
from crawlers.full import is_full
from crawlers.guard import Guard
from crawlers.politeness import Politeness
from crawlers.probe import probe_url
from crawlers.recorder import Record, Recorder
from crawlers.sandbox import Job, Sandbox
from crawlers.settings import Options
from crawlers.sources import SourceConfig
from crawlers.taken import Taken, kept_headers, read_answer, read_failure
from crawlers.tally import Tally
from crawlers.urls import origin_of, site_of
from warehouse.errors import ClaimwatchError, DamagedError
from warehouse.models import Fetch
from warehouse.raw import body_path, get_body


class SourceSpider(Spider):
    """Crawls sources. Made by ``crawlers.crawl_worker`` with all it needs; ``now`` is when the run began."""

    name = "sources"

    def __init__(
        self, *, sources: Sequence[SourceConfig], frontier: Frontier, recorder: Recorder, guard: Guard, box: Sandbox,
        options: Options, now: datetime, run: int, tell: Callable[[int, str], None],
        broke: Callable[[OSError], None], **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(**kwargs)
        self.sources = {source.name: source for source in sources}
        self.frontier, self.recorder, self.guard, self.options = frontier, recorder, guard, options
        self.box, self.run, self.now, self.tell, self._broke = box, run, now, tell, broke
        self.politeness = Politeness(options.per_site)
        self.tallies = {source.name: Tally() for source in sources}
        self.unsettled: set[asyncio.Task[None]] = set()
        self.left: dict[str, str] = {}  # sites of which pages are left for the next run, and why
        self.ended = "finished"
        self.broken: OSError | None = None
        self.scheduler: Any = None
        self._strangers = frontier.strangers(tuple(self.sources))
        self._probed: set[str] = set()
        self._began = time.monotonic()

    def now_s(self) -> float:
        """Return the run's own time: when it began, and what a clock that never jumps says has passed since."""
        return self.now.timestamp() + time.monotonic() - self._began

    def at(self) -> str:
        """Return that time as the ledger writes it."""
        return datetime.fromtimestamp(self.now_s(), UTC).isoformat(timespec="milliseconds")

    async def start(self) -> AsyncIterator[Any]:
        """Queue every source's first requests; the scheduler hands them out."""
        for source in self.sources.values():
            tally = self.tallies[source.name]
            tally.started = self.at()
            try:
                requests = ADAPTERS[source.type].start(source, self.now)
            except ClaimwatchError as error:
                tally.lost.append(str(error))
                continue
            tally.request = " ".join(mask(request.url) for request in requests[:3])
            try:
                self.frontier.add(source.name, requests, self.now_s())
            except OSError as error:
                self.break_off(error)
                return
            tally.list_pages(requests)
        self.scheduler.refresh()
        return
        yield

    def request_for(self, page: Page) -> Request:
        """Return the request that fetches a leased page: conditional where the last body is still what we go by."""
        source = self.sources[page.source]
        self.politeness.source_delay(page.site, source.delay_s)
        if page.role == "document":
            self.tallies[page.source].asked += 1
        headers = dict(page.headers)
        held = page.role == "document" or (
            page.body_sha256 is not None and body_path(self.recorder.home.raw, page.body_sha256).exists()
        )
        if page.body_sha256 and held:
            headers |= {"If-None-Match": page.etag} if page.etag else {}
            headers |= {"If-Modified-Since": page.last_modified} if page.last_modified else {}
        return Request(
            reveal(page.url), headers=headers, callback=self.came, errback=self.failed, dont_filter=True,
            meta={"page": page, "source": page.source, "asked": any(name.startswith("If-") for name in headers)},
        )  # fmt: skip

    def full_sources(self) -> list[str]:
        """Return the sources that had their pages of this run, or are none of this run."""
        full = [name for name, tally in self.tallies.items() if tally.asked >= self.sources[name].max_pages]
        return self._strangers + full

    def may_be_private(self, request: Request) -> bool:
        """Tell whether the request's source vouches for private addresses."""
        return self.sources[request.meta["source"]].allow_private

    def came(self, response: Response) -> None:
        """Take an answer."""
        request = response.request
        assert request is not None
        headers = _headers(response)
        page: Page | None = request.meta.get("page")
        known = page.body_sha256 if page else None
        taken = read_answer(
            response.status, headers, response.body, known, request.meta.get("asked", False), self.now_s()
        )
        self._settle_later(request, taken, headers, response)

    def failed(self, failure: Failure) -> None:
        """Take a failure."""
        error = failure.value
        if isinstance(error, OSError) and is_full(error):  # ours, before the request went out, and not the page's
            self.break_off(error)
        self._settle_later(failure.request, read_failure(failure), {}, None)  # type: ignore[attr-defined]

    def _settle_later(
        self, request: Request, taken: Taken, headers: Mapping[str, str], response: Response | None
    ) -> None:
        if taken.outcome in ("ok", "unchanged"):  # else its host waits until what went wrong has been noted
            self._release(request, response)
        task = asyncio.get_running_loop().create_task(self._settle(request, taken, headers, response))
        self.unsettled.add(task)
        task.add_done_callback(lambda done: self._settled(done, request, response))

    def closed(self, reason: str) -> None:
        """Note why the crawl ended (Scrapy calls this)."""
        self.ended = reason

    def _release(self, request: Request, response: Response | None) -> None:
        latency = request.meta.get("download_latency") if response is not None else None
        for site in request.meta.pop("sites", ()):
            self.politeness.release(site, time.monotonic(), latency)

    def _settled(self, task: asyncio.Task[None], request: Request, response: Response | None) -> None:
        self.unsettled.discard(task)
        self._release(request, response)
        error = task.exception()
        if isinstance(error, OSError):
            self.break_off(error)
        elif error is not None:
            self.tallies[request.meta["source"]].lost.append(f"internal error at {request.url}: {error!r}")
            self.logger.error("settling %s", request.url, exc_info=error)
        self.scheduler.nudge()

    def break_off(self, error: OSError) -> None:
        """End the crawl where what comes can be kept no more: nothing is asked for any longer."""
        if self.broken is not None:
            return
        self.broken = error
        self._broke(error)
        if self.crawler.engine is not None and self.crawler.engine.running:
            asyncio.get_running_loop().create_task(self.crawler.engine.close_spider_async(reason="disk"))

    async def _settle(
        self, request: Request, taken: Taken, headers: Mapping[str, str], response: Response | None
    ) -> None:
        page: Page | None = request.meta.get("page")
        body = response.body if response is not None and taken.outcome == "ok" else None
        fetch = self._fetch(request, taken, headers, response)
        if page is None:
            await self.recorder.keep(Record(fetch, body))
            return
        source = self.sources[page.source]
        listing, taken = await self._listing(source, page, taken, body, fetch)
        fetch = await self.recorder.keep(Record(replace(fetch, outcome=taken.outcome, reason=_told(taken)), body))
        found = [*listing.requests, *self._more(source, listing)]
        fate = Fate(
            outcome=taken.outcome, seq=fetch.seq, reason=taken.reason, body_sha256=taken.sha256,
            etag=headers.get("etag"), last_modified=headers.get("last-modified"), final_url=fetch.final_url,
            again=taken.again, wait_s=taken.wait_s, failed_host=taken.failed_host,
        )  # fmt: skip
        added = self.frontier.settle(page, fate, self.now_s(), source.revisit, found)
        tally = self.tallies[page.source]
        tally.count(page, taken, listing, self.at())
        tally.list_pages(listing.requests)
        if added.queued:
            self.scheduler.refresh()
        self._probe(page, taken, headers)
        self.tell(1, page.source)

    async def _listing(
        self, source: SourceConfig, page: Page, taken: Taken, body: bytes | None, fetch: Fetch
    ) -> tuple[Listing, Taken]:
        """Read a listing, the one held where it is unchanged; a listing that can't be read is a failure."""
        if page.role == "document" or taken.outcome not in ("ok", "unchanged"):
            return Listing(), taken
        try:
            content = body if body is not None else get_body(self.recorder.home.raw, taken.sha256 or "")
            kind = fetch.headers.get("content-type")
            job = Job(fetch.final_url, content, kind, source, fetch.headers, page.hints, page.state)
            return await asyncio.wrap_future(self.box.read_listing(job)), taken
        except DamagedError as error:
            return Listing(), Taken("failed", "missing", str(error), again=True)
        except ClaimwatchError as error:
            return Listing(), replace(taken, outcome="suspect", reason="unreadable", message=str(error))

    def _more(self, source: SourceConfig, listing: Listing) -> Sequence[Any]:
        tally = self.tallies[source.name]
        if not listing.more or tally.listings < self.options.listing_budget:
            return listing.more
        tally.notes.append(f"the listing goes on past {self.options.listing_budget} pages; the rest was not read")
        return ()

    def _fetch(
        self, request: Request, taken: Taken, headers: Mapping[str, str], response: Response | None
    ) -> Fetch:  # fmt: skip
        page: Page | None = request.meta.get("page")
        hops = request.meta.get("hops", ())
        kept = kept_headers(headers)
        if hops:
            kept["redirects"] = " ".join(mask(hop) for hop in hops)
        if "tdm-reservation" not in kept:
            kept |= request.meta.get("rights", {})
        role = page.role if page else request.meta.get("role", "probe")
        final_url = mask(response.url if response is not None else request.url)
        return Fetch(
            seq=0, run=self.run, source=request.meta["source"], url=mask(hops[0] if hops else request.url),
            final_url=final_url, at=self.at(), status=response.status if response is not None else None,
            outcome=taken.outcome, role=role, headers=kept, body_sha256=taken.sha256,
            bytes=len(response.body) if response is not None else 0, hints=dict(page.hints) if page else {},
            reason=_told(taken),
        )  # fmt: skip

    async def note_site_file(self, request: Request, response: Response | None, why: str | None = None) -> None:
        """Keep a robots.txt or tdmrep.json, or that there was no answer, in the ledger."""
        if response is None:
            taken = Taken("failed", request.meta["role"], why)
        else:
            taken = read_answer(response.status, {}, response.body, None, False, self.now_s())
        body = response.body if response is not None and taken.outcome == "ok" else None
        headers = _headers(response) if response is not None else {}
        await self.recorder.keep(Record(self._fetch(request, taken, headers, response), body))

    def _probe(self, page: Page, taken: Taken, headers: Mapping[str, str]) -> None:
        """Ask each host once for a page that can't be there: what comes is how its "not found" looks."""
        is_page = page.role == "document" and taken.outcome == "ok" and "html" in headers.get("content-type", "")
        if not self.options.probe or not is_page or page.site in self._probed:
            return
        self._probed.add(page.site)
        meta = {"source": page.source, "page": None}
        url = probe_url(origin_of(page.url), self.run)
        request = Request(url, callback=self.came, errback=self.failed, dont_filter=True, meta=meta)
        assert site_of(url) == page.site
        self.crawler.engine.crawl(request)


def _told(taken: Taken) -> str | None:
    return f"{taken.reason}: {taken.message}" if taken.message else taken.reason


def _headers(response: Response) -> dict[str, str]:
    return {
        name.decode("latin-1").lower(): b", ".join(values).decode("latin-1").strip()
        for name, values in response.headers.items()
    }
