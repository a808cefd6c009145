"""Scrapy's download handler with a bound on headers: no other limit holds there, and they may come for ever."""

from __future__ import annotations

from typing import Any, ClassVar

from scrapy.core.downloader.handlers.http11 import (
    HTTP11DownloadHandler,
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
)
from twisted.python.failure import Failure


class HeadersTooLongError(Exception):
    """The head of an answer is over the limit."""


class BoundedProtocol(_LenientHTTP11ClientProtocol):
    """Counts the bytes of an answer's head, and hangs up on one that is too long."""

    limit_bytes: ClassVar[int] = 256 << 10  # one crawl a process
    head_bytes = 0

    def request(self, request: Any) -> Any:
        """Send a request; its answer's head is counted from nothing."""
        self.head_bytes = 0
        return super().request(request)

    def dataReceived(self, data: bytes) -> None:
        """Take what the server sent."""
        if self.transport is not None and self._parser is not None and self._parser.state in ("STATUS", "HEADER"):
            self.head_bytes += len(data)
            if self.head_bytes > self.limit_bytes + (64 << 10):  # the piece that ends the head may begin the body
                self.transport.abortConnection()
                error = HeadersTooLongError(f"headers of over {self.limit_bytes:,} bytes")
                self._disconnectParser(Failure(error))  # type: ignore[no-untyped-call]
                return
        super().dataReceived(data)  # type: ignore[no-untyped-call]


class BoundedFactory(_LenientHTTP11ClientFactory):
    """Builds BoundedProtocols."""

    def buildProtocol(self, addr: Any) -> BoundedProtocol:
        """Return the protocol of a new connection."""
        return BoundedProtocol(self._quiescentCallback)  # type: ignore[no-untyped-call]


class BoundedHandler(HTTP11DownloadHandler):
    """Downloads over HTTP/1.1 with bounded headers."""

    def __init__(self, crawler: Any) -> None:
        super().__init__(crawler)
        BoundedProtocol.limit_bytes = crawler.settings["CLAIMWATCH"].header_bytes
        self._pool._factory = BoundedFactory
