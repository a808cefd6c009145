"""The resolver that connections ask: it gives the addresses that the guard has checked, and no others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from twisted.internet.address import IPv4Address, IPv6Address
from twisted.internet.interfaces import IHostnameResolver
from zope.interface import implementer  # type: ignore[import-untyped]

from crawlers.guard import Guard


class _Resolution:
    def __init__(self, name: str) -> None:
        self.name = name

    def cancel(self) -> None:
        """Do nothing: the answer was there before the question."""


@implementer(IHostnameResolver)
class PinnedResolver:
    """Twisted's name resolver over a Guard's pins. A name that was never checked has no address."""

    guard: ClassVar[Guard | None] = None  # one crawl a process; Scrapy makes the resolver before any spider is there

    def __init__(self, reactor: Any) -> None:
        self.reactor = reactor

    @classmethod
    def from_crawler(cls, crawler: Any, reactor: Any) -> PinnedResolver:
        """Make the resolver (Scrapy calls this)."""
        return cls(reactor)

    def install_on_reactor(self) -> None:
        """Take the place of the reactor's own."""
        self.reactor.installNameResolver(self)

    def resolveHostName(
        self, resolutionReceiver: Any, hostName: str, portNumber: int = 0,
        addressTypes: Sequence[Any] | None = None, transportSemantics: str = "TCP",
    ) -> _Resolution:  # fmt: skip
        """Answer with the pinned addresses of ``hostName``."""
        resolution = _Resolution(hostName)
        resolutionReceiver.resolutionBegan(resolution)
        for address in self.guard.pinned(hostName) if self.guard is not None else ():
            kind = IPv4Address if address.version == 4 else IPv6Address
            if addressTypes is None or kind in addressTypes:
                resolutionReceiver.addressResolved(kind("TCP", str(address), portNumber))
        resolutionReceiver.resolutionComplete()
        return resolution
