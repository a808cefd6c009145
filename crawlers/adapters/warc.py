"""Web archives (WARC 1.0 and 1.1): every answered page as the body it was, at its own address."""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator
from typing import Any

from crawlers.adapters.base import Body
from crawlers.adapters.common import clean_hints, web_link
from crawlers.adapters.packed import GZIP
from crawlers.errors import UnreadableError

MARK = b"WARC/"
MAX_RECORDS = 100_000
_READ = ("text/html", "application/xhtml+xml", "application/pdf", "text/plain", "text/xml", "application/xml")


def is_warc(data: bytes) -> bool:
    """Tell whether ``data`` is a web archive, packed or not."""
    if not data.startswith(GZIP):
        return data.startswith(MARK)
    try:
        return zlib.decompressobj(wbits=31).decompress(data[:65_536], len(MARK)) == MARK
    except zlib.error:
        return False


def warc_bodies(data: bytes, max_bytes: int) -> Iterator[Body]:
    """Yield the pages, PDFs and articles answered with 200. Raises UnreadableError where the archive is broken."""
    from warcio.archiveiterator import ArchiveIterator
    from warcio.exceptions import ArchiveLoadFailed

    try:
        for n, record in enumerate(ArchiveIterator(io.BytesIO(data))):
            if n >= MAX_RECORDS:
                raise UnreadableError("too large", f"more than {MAX_RECORDS:,} records in one archive")
            if (body := _body(record, max_bytes)) is not None:
                yield body
    except (ArchiveLoadFailed, EOFError, ValueError) as error:
        raise UnreadableError("broken", f"a web archive that breaks off: {error}") from error


def _body(record: Any, max_bytes: int) -> Body | None:
    headers, http = record.rec_headers, record.http_headers
    address = headers.get_header("WARC-Target-URI") or ""
    url = web_link(address, address)
    if record.rec_type != "response" or url is None or http is None or http.get_statuscode() != "200":
        return None
    content_type = http.get_header("Content-Type") or ""
    if content_type.split(";")[0].strip().lower() not in _READ:
        return None
    content = record.content_stream().read(max_bytes + 1)
    if len(content) > max_bytes:
        return None
    kept = clean_hints(**{"content-type": content_type, "last-modified": http.get_header("Last-Modified")})
    return Body(url, content, content_type, kept, clean_hints(archived=headers.get_header("WARC-Date")))
