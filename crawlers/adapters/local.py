"""A folder of files: pages, PDFs, Word files, text, articles in JATS, reference exports, web archives.

Nothing is fetched: ``bodies`` reads them, in order, and never follows a link out of the folder.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from crawlers.adapters.base import Body, Listing, Request
from crawlers.adapters.common import read_page
from crawlers.adapters.matching import fits
from crawlers.adapters.packed import GZIP, unpacked
from crawlers.adapters.references import read_references, reference_kind
from crawlers.adapters.warc import is_warc, warc_bodies
from crawlers.errors import UnreadableError
from warehouse.errors import ConfigError
from warehouse.models import Document

if TYPE_CHECKING:
    from crawlers.sources import SourceConfig

MAX_BYTES = 64 << 20
TYPES = {
    ".html": "text/html", ".htm": "text/html", ".xhtml": "application/xhtml+xml", ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".md": "text/markdown", ".markdown": "text/markdown", ".txt": "text/plain", ".text": "text/plain",
    ".xml": "application/xml", ".nxml": "application/xml", ".jats": "application/xml", ".json": "application/json",
    ".ris": "application/x-research-info-systems", ".bib": "application/x-bibtex", ".csv": "text/csv",
    ".tsv": "text/tab-separated-values", ".nbib": "application/nbib", ".warc": "application/warc",
}  # fmt: skip


class LocalAdapter:
    """Files of a folder. ``start`` asks for nothing; whoever crawls reads ``bodies`` instead."""

    def start(self, source: SourceConfig, now: datetime) -> Sequence[Request]:
        """Return nothing: a folder is read, not requested."""
        return []

    def listing(self, source: SourceConfig, body: Body) -> Listing:
        """Return nothing: the folder is the list."""
        return Listing()

    def documents(self, source: SourceConfig, body: Body) -> Sequence[Document]:
        """Return what one file holds: a Document, or one for each record of a reference export."""
        if reference_kind(body.content, body.url):
            return read_references(body.content, body.url)
        return read_page(source, body)

    def bodies(self, source: SourceConfig) -> Iterator[Body]:
        """Yield the files of the folder as bodies, sorted by path, at addresses ``local:NAME/relative/path``.

        Left out: hidden files, links that lead out of the folder, what is no regular file, types not known. A file over
        the limit or an archive that breaks comes as an empty body whose hints say why (``unread``). Raises ConfigError
        where the folder is not there.
        """
        folder = Path(source.path or "").expanduser()
        if not folder.is_dir():
            raise ConfigError(f"{source.file or source.name}: path: {folder} is not a folder that can be read")
        root = folder.resolve()
        for path in sorted(_files(root)):
            relative = path.relative_to(root).as_posix()
            if _is_wanted(source, relative):
                yield from _read(source, path, relative)


def _files(root: Path) -> Iterator[Path]:
    for folder, folders, names in os.walk(root, followlinks=False):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            path = Path(folder, name)
            if not name.startswith(".") and path.resolve().is_relative_to(root):
                yield path


def _is_wanted(source: SourceConfig, relative: str) -> bool:
    if any(fits(pattern.split("*"), relative) for pattern in source.exclude):
        return False
    if source.include:
        return any(fits(pattern.split("*"), relative) for pattern in source.include)
    return _type(relative) is not None


def _type(name: str) -> str | None:
    plain = name.lower().removesuffix(".gz")
    return TYPES.get(Path(plain).suffix)


def _read(source: SourceConfig, path: Path, relative: str) -> Iterator[Body]:
    url = f"local:{source.name}/{quote(relative)}"
    content_type = _type(relative)
    headers = {"content-type": content_type} if content_type else {}
    try:
        data = _bytes(path)
        if is_warc(data):
            yield from warc_bodies(data, MAX_BYTES)
            return
        yield Body(url, unpacked(data, MAX_BYTES) if data.startswith(GZIP) else data, content_type, headers)
    except UnreadableError as error:
        yield Body(url, b"", content_type, headers, {"unread": f"{error.reason}: {error}"})
    except OSError as error:
        yield Body(url, b"", content_type, headers, {"unread": f"cannot be read: {error.strerror}"})


def _bytes(path: Path) -> bytes:
    with open(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb") as file:  # a named pipe must not hold the run up
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode):
            raise UnreadableError("unknown type", f"{path.name} is not a regular file")
        if status.st_size > MAX_BYTES:
            raise UnreadableError("too large", f"{path.name}: {status.st_size:,} bytes; at most {MAX_BYTES:,} are read")
        return file.read(MAX_BYTES + 1)
