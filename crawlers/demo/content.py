"""Read the demonstration's files into the pages of one night.

``content/night1/HOST/PATH`` is the site as the first night finds it. ``content/night2`` holds only what is new or
other on the second night, and ``removed.yml``: the paths that are gone by then, with the status they answer.
In a file ``{port}`` stands for the port that the site listens on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import yaml

from crawlers.demo.pdf import render_report

CONTENT = Path(__file__).with_name("content")
LABEL = "Demonstration material written for Claimwatch"
NIGHTS: Mapping[int, datetime] = {
    1: datetime(2025, 11, 3, 2, 0, tzinfo=UTC),
    2: datetime(2025, 11, 4, 2, 0, tzinfo=UTC),
}
"""When each night's crawl is said to begin: pages carry no later date than this."""

_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".xml": "application/xml",
    ".json": "application/json; charset=utf-8",
    ".pdf": "application/pdf",
    ".txt": "text/plain; charset=utf-8",
}
_FEED = "application/rss+xml; charset=utf-8"
# The night before each crawl, so that a page's Last-Modified lies in that crawl's past.
_SAVED = {night: at.replace(hour=1) for night, at in NIGHTS.items()}

Address = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Page:
    """What one address answers: a body with its type and date, or only a ``status`` where the page is gone."""

    body: bytes = b""
    content_type: str = "text/plain; charset=utf-8"
    modified: datetime = _SAVED[1]
    status: int = 200


def load_night(night: int, port: int) -> dict[Address, Page]:
    """Return every page of ``night`` (1 or 2) by host and path, with ``port`` written into its addresses."""
    if night not in NIGHTS:
        raise ValueError(f"the demonstration has nights {', '.join(map(str, NIGHTS))}, not {night}")
    pages: dict[Address, Page] = {}
    for each in range(1, night + 1):
        for file in sorted((CONTENT / f"night{each}").glob("*/**/*")):
            if file.is_file():
                address, page = _read(file, each, port)
                pages[address] = page
        for host, path, status in removals(each):
            pages[host, path] = Page(modified=_SAVED[each], status=status)
    return pages


def removals(night: int) -> list[tuple[str, str, int]]:
    """Return the host, path and status of each page that is gone from ``night`` on."""
    file = CONTENT / f"night{night}" / "removed.yml"
    if not file.is_file():
        return []
    table: dict[str, dict[str, int]] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return [(host, path, status) for host, paths in table.items() for path, status in paths.items()]


def _read(file: Path, night: int, port: int) -> tuple[Address, Page]:
    host, *parts = file.relative_to(CONTENT / f"night{night}").parts
    path = "/" + "/".join(parts)
    body = file.read_bytes().replace(b"{port}", str(port).encode())
    if path.endswith(".pdf.txt"):
        path, body = path.removesuffix(".txt"), render_report(body.decode())
    suffix = Path(path).suffix
    content_type = _FEED if b"<rss" in body[:200] else _TYPES[suffix]
    return (host, _address(path)), Page(body, content_type, _SAVED[night])


def _address(path: str) -> str:
    """Return the path that a file answers at: an index answers at its folder, and an API's JSON without its ending."""
    folder, _, name = path.rpartition("/")
    if name.startswith("index."):
        return folder + "/"
    return path.removesuffix(".json") if name != "search.json" else path
