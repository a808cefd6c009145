"""Unpacks bodies under a limit, and notices where one ends too early.

Scrapy's own takes half a gzip body for the whole page; here the end of the stream must be there.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from typing import Any

import brotli  # type: ignore[import-untyped]
import zstandard
from scrapy import Request, signals
from scrapy.http import Response
from scrapy.responsetypes import responsetypes

from crawlers.refusals import RefusedError
from crawlers.robots import MAX_BYTES as ROBOTS_BYTES

ACCEPTED = "gzip, deflate, br, zstd"
BOMB_RATIO = 15  # HTML packs five to ten times
MAX_LAYERS = 1  # a page packed twice is a bomb or a mistake
SITE_FILES = ("robots", "rights")  # have limits of their own
_PIECE = 64 << 10


def decode(body: bytes, encoding: str, limit: int, *, whole: bool = True, cut: bool = False) -> bytes:
    """Return ``body`` unpacked. ``encoding`` is the header's value; ``limit`` the most bytes that may come out.

    With ``cut`` the first ``limit`` bytes come back whatever follows them: a robots.txt counts so far and no further.
    Raises RefusedError: ``truncated`` where the stream has no end (unless ``whole`` is false), ``encoding`` where it is
    no such stream or names several, ``bomb`` or ``too_large`` past the limit.
    """
    names = [name for name in (part.strip().lower() for part in encoding.split(",")) if name not in ("", "identity")]
    if not names or not body:
        return body
    if len(names) > MAX_LAYERS or any(name not in _UNPACKERS for name in names):
        reason = "bomb" if len(names) > MAX_LAYERS else "encoding"
        raise RefusedError(reason, f"content-encoding {encoding[:80]!r}: one of {ACCEPTED} is read")
    unpacked, ended = body, True
    try:
        for name in reversed(names):
            unpacked, ended = _UNPACKERS[name](unpacked, limit)
    except (zlib.error, brotli.error, zstandard.ZstdError) as error:
        raise RefusedError("encoding", f"the body is not {name}: {error}") from error
    if cut:
        return unpacked[:limit]
    if len(unpacked) > limit:
        reason = "bomb" if len(unpacked) > BOMB_RATIO * len(body) else "too_large"
        raise RefusedError(reason, f"{len(body):,} bytes of {encoding[:20]} unpack to more than {limit:,}")
    if whole and not ended:
        raise RefusedError("truncated", f"{len(body):,} bytes of {encoding[:20]} end before the stream does")
    return unpacked


def _gzip(body: bytes, limit: int) -> tuple[bytes, bool]:
    out, rest = bytearray(), body
    while rest and len(out) <= limit:
        stream = zlib.decompressobj(16 + zlib.MAX_WBITS)
        out += stream.decompress(rest, limit - len(out) + 1)
        if not stream.eof:
            return bytes(out), False
        rest = stream.unused_data.lstrip(b"\x00")  # servers pad; another member may follow
        if rest[:2] != b"\x1f\x8b":
            break
    return bytes(out), True


def _deflate(body: bytes, limit: int) -> tuple[bytes, bool]:
    for window in (zlib.MAX_WBITS, -zlib.MAX_WBITS):  # RFC 9110 says zlib; some servers send the bare stream
        stream = zlib.decompressobj(window)
        try:
            return stream.decompress(body, limit + 1), stream.eof
        except zlib.error:
            if window < 0:
                raise
    raise AssertionError


def _brotli(body: bytes, limit: int) -> tuple[bytes, bool]:
    stream, out = brotli.Decompressor(), bytearray()
    out += stream.process(body, output_buffer_limit=_PIECE)
    while not stream.is_finished() and len(out) <= limit:
        piece = stream.process(b"", output_buffer_limit=_PIECE)
        if not piece and stream.can_accept_more_data():
            return bytes(out), False
        out += piece
    return bytes(out), stream.is_finished()


def _zstd(body: bytes, limit: int) -> tuple[bytes, bool]:
    stream, out, at = zstandard.ZstdDecompressor(max_window_size=1 << 27).decompressobj(), bytearray(), 0
    reader = zstandard.ZstdDecompressor(max_window_size=1 << 27).stream_reader(body)
    while len(out) <= limit:
        piece = reader.read(_PIECE)
        if not piece:
            break
        out += piece
    if len(out) > limit:
        return bytes(out), True
    while at < len(body) and not stream.eof:  # the reader says nothing of a missing end; this does, on a known size
        stream.decompress(body[at : at + _PIECE])
        at += _PIECE
    return bytes(out), stream.eof


_UNPACKERS: dict[str, Callable[[bytes, int], tuple[bytes, bool]]] = {
    "gzip": _gzip, "x-gzip": _gzip, "deflate": _deflate, "br": _brotli, "zstd": _zstd,
}  # fmt: skip


class DecodingMiddleware:
    """Asks for packed bodies, sets the size limit by content type, and unpacks."""

    def __init__(self, crawler: Any) -> None:
        self.options = crawler.settings["CLAIMWATCH"]
        crawler.signals.connect(self.headers_received, signal=signals.headers_received)

    @classmethod
    def from_crawler(cls, crawler: Any) -> DecodingMiddleware:
        """Make the middleware (Scrapy calls this)."""
        return cls(crawler)

    def headers_received(self, headers: Any, request: Request) -> None:
        """Bound what is read of a page more tightly than what is read of a PDF."""
        if b"html" in (headers.get("Content-Type") or b"").lower() and request.meta.get("role") not in SITE_FILES:
            request.meta["download_maxsize"] = self.options.html_bytes

    def process_request(self, request: Request) -> None:
        """Say which encodings are read."""
        request.headers.setdefault("Accept-Encoding", ACCEPTED)

    def process_response(self, request: Request, response: Response) -> Response:
        """Return the response with its body unpacked. Raises RefusedError."""
        encoding = (response.headers.get("Content-Encoding") or b"").decode("latin-1")
        if not encoding:
            return response
        robots = request.meta.get("role") == "robots"
        limit = ROBOTS_BYTES if robots else request.meta.get("download_maxsize", self.options.max_bytes)
        body = decode(response.body, encoding, limit, whole=self.options.check_truncation, cut=robots)
        headers = response.headers.copy()
        headers.pop("Content-Encoding", None)
        headers["X-Was-Encoded"] = encoding
        kind = responsetypes.from_args(headers=headers, url=response.url, body=body[:5000])
        return response.replace(body=body, headers=headers, cls=kind)
