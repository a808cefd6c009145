"""Bytes that arrive packed though nothing said so (``sitemap.xml.gz``): unpacked under a cap."""

from __future__ import annotations

import zlib

from crawlers.errors import UnreadableError

GZIP = b"\x1f\x8b"


def unpacked(data: bytes, max_bytes: int) -> bytes:
    """Return ``data``, gunzipped where it is gzip, to at most ``max_bytes``. Raises UnreadableError beyond that."""
    if not data.startswith(GZIP):
        if len(data) > max_bytes:
            raise UnreadableError("too large", f"{len(data):,} bytes; at most {max_bytes:,} are read")
        return data
    unpacker = zlib.decompressobj(wbits=31)
    try:
        found = unpacker.decompress(data, max_bytes + 1)
    except zlib.error as error:
        raise UnreadableError("broken", f"gzip that cannot be unpacked: {error}") from error
    if len(found) > max_bytes:
        raise UnreadableError("too large", f"gzip that unpacks to more than {max_bytes:,} bytes")
    return found
