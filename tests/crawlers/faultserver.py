"""A server that does everything wrong on request: raw sockets, loopback, a mode a host name, stops with its context."""

from __future__ import annotations

import contextlib
import functools
import gzip
import socket
import ssl
import threading
import time
import zlib
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.utils import formatdate

import brotli
import zstandard

PAGE = (
    b"<html><head><title>A page</title></head><body><article>"
    + b"<p>Care was joined up here.</p>" * 40
    + b"</article></body></html>"
)


@dataclass(frozen=True)
class Asked:
    """One request as the server saw it."""

    host: str
    path: str
    headers: Mapping[str, str]
    at: float
    hit: int


Answer = bytes | Callable[[socket.socket, Asked], None]
Mode = Callable[[Asked], Answer]


def http(body: bytes = PAGE, status: str = "200 OK", *, length: int | None = None, **headers: str) -> bytes:
    """Return an answer; header names are given with underscores."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body) if length is None else length}", "Connection: close"]
    named = {name.replace("_", "-").title(): value for name, value in headers.items()}
    named.setdefault("Content-Type", "text/html; charset=utf-8")
    lines += [f"{name}: {value}" for name, value in named.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def moved(to: str, status: str = "302 Found") -> bytes:
    """Return a redirect."""
    return http(b"", status, location=to)


def drip(prefix: bytes, every_s: float = 0.5) -> Callable[[socket.socket, Asked], None]:
    """Send ``prefix``, then a byte now and then, until the client goes away."""

    def send(connection: socket.socket, asked: Asked) -> None:
        connection.sendall(prefix)
        for _ in range(200):
            connection.sendall(b"x")
            time.sleep(every_s)

    return send


def endless(prefix: bytes, piece: bytes) -> Callable[[socket.socket, Asked], None]:
    """Send ``prefix``, then ``piece`` for ever (a gigabyte at most)."""

    def send(connection: socket.socket, asked: Asked) -> None:
        connection.sendall(prefix)
        for _ in range((1 << 30) // len(piece)):
            connection.sendall(piece)

    return send


@functools.cache
def bomb(kind: str, size: int = 64 << 20) -> bytes:
    """Return a few kilobytes that unpack to ``size`` bytes."""
    if kind == "gzip":
        return gzip.compress(bytes(size), 6)
    if kind == "deflate":
        return zlib.compress(bytes(size), 6)
    if kind == "br":
        return bytes(brotli.compress(bytes(size), quality=1))
    if kind == "zstd":
        return zstandard.compress(bytes(size), 1)
    return bytes(brotli.compress(gzip.compress(gzip.compress(bytes(size), 6))))


def cached(asked: Asked) -> bytes:
    """Answer as a polite server does: validators, and 304 where the client has the page."""
    if asked.headers.get("if-none-match") == '"v1"':
        return http(b"", "304 Not Modified", etag='"v1"')
    return http(etag='"v1"', last_modified=formatdate(1_700_000_000, usegmt=True))


@dataclass
class FaultServer:
    """Modes by the first label of the host name. ``seen`` is what was asked, ``connections`` counts every accept."""

    modes: dict[str, Mode]
    address: str = "127.0.0.1"
    port: int = 0
    context: ssl.SSLContext | None = None
    seen: list[Asked] = field(default_factory=list)
    connections: int = 0

    def __enter__(self) -> FaultServer:
        self._hits: Counter[tuple[str, str]] = Counter()
        self._listener = socket.create_server((self.address, self.port), backlog=200)
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(OSError):  # wakes accept, which close alone does not
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def url(self, mode: str, path: str = "/page") -> str:
        """Return the address at which a mode is played."""
        return f"{'https' if self.context else 'http'}://{mode}.localhost:{self.port}{path}"

    def asked(self, mode: str, path: str | None = None) -> list[Asked]:
        """Return what was asked of a mode, robots.txt left out."""
        paths = [path] if path else [seen.path for seen in self.seen if seen.path != "/robots.txt"]
        return [seen for seen in self.seen if seen.host.split(".")[0] == mode and seen.path in paths]

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        connection.settimeout(10)
        with contextlib.suppress(OSError, ValueError), connection:
            if self.context is not None:
                connection = self.context.wrap_socket(connection, server_side=True)
            self._answer(connection)

    def _answer(self, connection: socket.socket) -> None:
        data = b""
        while b"\r\n\r\n" not in data:
            piece = connection.recv(65536)
            if not piece:
                return
            data += piece
        head = data.decode("latin-1").split("\r\n")
        path = head[0].split(" ")[1]
        headers = dict(line.lower().split(": ", 1) for line in head[1:] if ": " in line)
        host = headers.get("host", "").partition(":")[0]
        self._hits[host, path] += 1
        asked = Asked(host, path, headers, time.monotonic(), self._hits[host, path])
        self.seen.append(asked)
        if path == "/robots.txt" and not host.startswith("robots"):
            answer: Answer = http(b"", "404 Not Found")
        else:
            answer = self.modes.get(host.split(".")[0], lambda _: http())(asked)
        if callable(answer):
            answer(connection, asked)
        else:
            connection.sendall(answer)
