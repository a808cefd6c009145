"""Checks every address before it is asked, and follows redirects one checked hop at a time."""

from __future__ import annotations

from typing import Any

from scrapy import Request
from scrapy.http import Response

from crawlers.refusals import RefusedError
from crawlers.urls import SCHEMES, is_trap, resolve

_MOVED = (301, 302, 303, 307, 308)


class AddressMiddleware:
    """The guard at work: schemes, ports, private addresses, traps, hops."""

    def __init__(self, crawler: Any) -> None:
        self.crawler = crawler
        self.options = crawler.settings["CLAIMWATCH"]

    @classmethod
    def from_crawler(cls, crawler: Any) -> AddressMiddleware:
        """Make the middleware (Scrapy calls this)."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Refuse an address that may not be asked. Raises RefusedError."""
        if request.meta.get("held"):
            raise RefusedError("circuit", f"{request.url[:200]}: its host is left alone for now")
        if self.options.refuse_traps and is_trap(request.url):
            raise RefusedError("trap", f"{request.url[:200]}: looks endless")
        spider = self.crawler.spider
        await spider.guard.check(request.url, allow_private=spider.may_be_private(request))

    def process_response(self, request: Request, response: Response) -> Response | Request:
        """Return the next hop of a redirect, or the response. Raises RefusedError past the last hop."""
        location = response.headers.get("Location")
        if response.status not in _MOVED or not location:
            return response
        hops: tuple[str, ...] = (*request.meta.get("hops", ()), request.url)
        try:
            url = resolve(location.decode("utf-8", "replace"), response.url)
        except ValueError as error:
            raise RefusedError("bad_address", f"redirect to no address: {error}") from error
        if url.partition(":")[0].lower() not in SCHEMES:
            raise RefusedError("blocked_scheme", f"redirect to {url[:100]}")
        if len(hops) > self.options.max_redirects or url in hops:
            raise RefusedError("redirects", f"{len(hops)} redirects from {hops[0]}, or a loop of them")
        return request.replace(url=url, meta={**request.meta, "hops": hops}, dont_filter=True)
