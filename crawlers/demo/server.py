"""Serve the demonstration site on loopback: several hosts on one port, told apart by the Host header.

Names under ``.localhost`` are loopback by RFC 6761. Browsers know it; many system resolvers do not, so a client of
ours must connect to 127.0.0.1 for them without asking. Nothing outside this machine can reach the site.
"""

from __future__ import annotations

import errno
import hashlib
import threading
from collections.abc import Mapping
from email.utils import format_datetime, parsedate_to_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self
from urllib.parse import parse_qsl, urlsplit

from crawlers.demo.apis import answer
from crawlers.demo.content import Address, Page, load_night

DEFAULT_PORT = 8710


class DemoSite:
    """The site, served from a thread while the context is open.

    It listens on ``port``, or on a free one where that is taken: ask ``port`` after entering.
    """

    def __init__(self, night: int = 1, port: int = DEFAULT_PORT) -> None:
        self._server = _bind(port)
        self.port: int = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self.night = 0
        self.set_night(night)

    def set_night(self, night: int) -> None:
        """Show the site as it is on ``night`` (1 or 2) from the next request on."""
        self._server.pages = load_night(night, self.port)
        self.night = night

    def url(self, host: str, path: str = "/") -> str:
        """Return the address of ``path`` on ``host``, such as ``audit.localhost``."""
        return f"http://{host}:{self.port}{path}"

    @property
    def requests(self) -> list[tuple[str, str, int]]:
        """Return what was asked so far, in order: host, path with query, status."""
        return list(self._server.seen)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    pages: Mapping[Address, Page]

    def __init__(self, address: tuple[str, int]) -> None:
        super().__init__(address, _Handler)
        self.pages = {}
        self.seen: list[tuple[str, str, int]] = []


def _bind(port: int) -> _Server:
    try:
        return _Server(("127.0.0.1", port))
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        return _Server(("127.0.0.1", 0))


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    server_version, sys_version = "ClaimwatchDemo/1", ""
    protocol_version = "HTTP/1.1"
    timeout = 10

    def do_GET(self) -> None:
        self._answer()

    def do_HEAD(self) -> None:
        self._answer()

    def _answer(self) -> None:
        host = self.headers.get("Host", "").partition(":")[0].lower()
        parts = urlsplit(self.path)
        page = self.server.pages.get((host, parts.path))
        if page is None:
            return self._send(host, 404, {}, b"There is no such page.\n")
        if page.status != 200:
            words = "This page has been withdrawn." if page.status == 410 else "There is no such page."
            return self._send(host, page.status, {}, words.encode() + b"\n")
        status, extra, body = answer(host, parts.path, page.body, dict(parse_qsl(parts.query)))
        headers = {"Content-Type": page.content_type, **extra}
        if status == 200:
            tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
            headers |= {"ETag": tag, "Last-Modified": format_datetime(page.modified, usegmt=True)}
            if self._has(tag, page):
                status, body = 304, b""
        self._send(host, status, headers, body)

    def _has(self, tag: str, page: Page) -> bool:
        """Tell whether the client holds this body: by ETag, else by date (RFC 9110, 13.2.2)."""
        tags = self.headers.get("If-None-Match")
        if tags is not None:
            return tags.strip() == "*" or tag in [each.strip().removeprefix("W/") for each in tags.split(",")]
        since = self.headers.get("If-Modified-Since")
        if since is None:
            return False
        try:
            return page.modified <= parsedate_to_datetime(since)
        except (ValueError, TypeError):  # not a date, or one without a zone: the header is to be ignored
            return False

    def _send(self, host: str, status: int, headers: Mapping[str, str], body: bytes) -> None:
        self.server.seen.append((host, self.path, status))
        self.send_response(status)
        for name, value in {"Content-Type": "text/plain; charset=utf-8", **headers}.items():
            self.send_header(name, value)
        if status != 304:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD" and status != 304:
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: ``DemoSite.requests`` keeps what was asked."""
