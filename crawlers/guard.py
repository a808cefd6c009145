"""Where a crawl may connect: the public web, and private addresses only for a source that says ``allow_private``.

Each host is resolved once a run and the answer pinned: what was checked is what is connected to, so a name that answers
a public address first and a private one later (DNS rebinding) gains nothing. Names under ``.localhost`` are loopback
without asking anybody (RFC 6761).
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Callable, Sequence
from urllib.parse import urlsplit

from crawlers.refusals import RefusedError
from crawlers.urls import SCHEMES

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Lookup = Callable[[str], Sequence[str]]

PUBLIC_PORTS = frozenset({80, 443, 8080, 8443})
# Ports where something other than a web server listens: a line of HTTP can be a command there.
NEVER_PORTS = frozenset({
    1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 79, 110, 111, 113, 119, 123, 135, 137, 139,
    143, 161, 179, 389, 445, 465, 512, 513, 514, 515, 587, 636, 993, 995, 1433, 1521, 2049, 2375, 3306, 3389, 5432,
    5900, 6000, 6379, 9200, 11211, 27017,
})  # fmt: skip
_NAT64 = (ipaddress.IPv6Network("64:ff9b::/96"), ipaddress.IPv6Network("64:ff9b:1::/48"))
_COMPATIBLE = ipaddress.IPv6Network("::/96")


def system_lookup(host: str) -> Sequence[str]:
    """Return the addresses that the system's resolver gives for ``host``. Raises OSError."""
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(answer[4][0]).partition("%")[0] for answer in found))


def is_public(address: Address) -> bool:
    """Tell whether ``address`` is on the public internet, also by the IPv4 address that an IPv6 one carries."""
    if isinstance(address, ipaddress.IPv6Address):
        carried = _carried(address)
        if carried is not None:
            return is_public(carried)
    return address.is_global and not address.is_multicast


def _carried(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if address.teredo is not None:
        return address.teredo[1]
    if any(address in network for network in _NAT64) or address in _COMPATIBLE:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return None


class Guard:
    """Checks addresses and pins what they resolve to. One a crawl; ``lookup`` is what asks the DNS."""

    def __init__(self, lookup: Lookup = system_lookup) -> None:
        self._lookup = lookup
        self._pins: dict[str, asyncio.Task[tuple[Address, ...]]] = {}
        self._private_ok: set[str] = set()

    async def check(self, url: str, *, allow_private: bool) -> None:
        """Return if ``url`` may be requested. Raises RefusedError (its reason is a word of REASONS)."""
        parts = urlsplit(url)
        if parts.scheme.lower() not in SCHEMES:
            raise RefusedError("blocked_scheme", f"{parts.scheme or 'no scheme'}: only http and https are fetched")
        try:
            host, port = parts.hostname or "", parts.port or (443 if parts.scheme.lower() == "https" else 80)
        except ValueError as error:
            raise RefusedError("bad_address", f"{url[:200]}: {error}") from error
        if port in NEVER_PORTS or (not allow_private and port not in PUBLIC_PORTS):
            raise RefusedError("blocked_port", f"port {port} is not one that web pages are served on")
        addresses = await self.resolve(host)
        private = [address for address in addresses if not is_public(address)]
        if private and not allow_private:
            raise RefusedError("private_address", f"{host} is {private[0]}, which is not on the public internet")
        if private:
            self._private_ok.add(host)

    async def resolve(self, host: str) -> tuple[Address, ...]:
        """Return the addresses of ``host``, asked for once a run. Raises RefusedError("dns")."""
        if host not in self._pins:
            self._pins[host] = asyncio.create_task(self._ask(host))
        try:
            return await asyncio.shield(self._pins[host])
        except (OSError, UnicodeError) as error:
            self._pins.pop(host, None)
            raise RefusedError("dns", f"{host}: {getattr(error, 'strerror', None) or error}") from error

    async def _ask(self, host: str) -> tuple[Address, ...]:
        if host == "localhost" or host.endswith(".localhost"):
            return (ipaddress.IPv4Address("127.0.0.1"),)
        try:
            return (ipaddress.ip_address(host.partition("%")[0]),)
        except ValueError:
            found = await asyncio.to_thread(self._lookup, host)
        if not found:
            raise OSError(f"{host} has no address")
        return tuple(ipaddress.ip_address(address) for address in found)

    def pinned(self, host: str) -> tuple[Address, ...]:
        """Return what a checked ``host`` may be connected to; nothing for one that never passed ``check``."""
        task = self._pins.get(host)
        if task is None or not task.done() or task.cancelled() or task.exception() is not None:
            return ()
        return tuple(address for address in task.result() if is_public(address) or host in self._private_ok)
