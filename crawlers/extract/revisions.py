"""Pages of revision trackers, which show two versions of somebody else's article side by side.

Read as pages they say everything twice. Here each becomes one Document at its original address, with both versions as
``states``. Forms: a table with a column a version (News Sniffer), in HTML or as plain text with ``|`` between cells;
and
one text with insertions and deletions marked (NewsDiffs).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from warehouse.models import Document, State

_VERSION = re.compile(r"version\s\d{1,4}", re.I)
_CUES = re.compile(
    r"\barticle is from the source\b|\bfirst published or seen on\b|\barticle (?:has )?changed \d+ times?\b"
    r"|\boriginal source at\b"
    r"|\bnewsdiffs\b|\bcomparing\b.{0,200}\bversions?\b",
    re.I | re.S,
)
_SOURCE = re.compile(r"from the source ['‘\"]([^'’\"\n]{1,60})['’\"]")
_SEEN = re.compile(r"first published or seen on ([^\n.]{8,40})")
_LATER = re.compile(
    r"\(\s*(?:about|over|almost|less than|around)?\s*(an?|\d{1,4})\s(minute|hour|day|week|month)s?\slater\s*\)", re.I
)
_UNITS = {"minute": timedelta(minutes=1), "hour": timedelta(hours=1), "day": timedelta(days=1),
    "week": timedelta(weeks=1),
          "month": timedelta(days=30)}  # fmt: skip
_ADDRESS = re.compile(r"\bhttps?://[^\s<>\"|]{4,1000}")
_MOMENT = re.compile(r"((?:19|20)\d{2}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2})(?::\d{2})?)?")
Row = tuple[str, str]


@dataclass(frozen=True, slots=True)
class _Page:
    """What a tracking page gave: rows of (older, newer), the head of its columns and the words around them."""

    rows: Sequence[Row]
    head: Row
    words: str
    original: str | None


def read_revisions(tree: HtmlElement, url: str) -> Document | None:
    """Return a tracking page as the article it tracks, or None where it is no such page."""
    words = " ".join(f"{tree.findtext('.//title') or ''} {' '.join(tree.body.itertext())}".split())[:6000]
    if not _CUES.search(words):
        return None
    page = _table(tree, url, words) or _marked(tree, url, words)
    return _document(page, url) if page is not None else None


def read_text_revisions(text: str, url: str) -> Document | None:
    """Return the plain text of a tracking page as the article it tracks, or None where it is no such page."""
    lines = text.splitlines()
    at = next((n for n, line in enumerate(lines[:60]) if len(_VERSION.findall(line)) == 2 and "|" in line), None)
    before = "\n".join(lines[: at or 0])
    if at is None or not _CUES.search(before):
        return None
    table = [_cells(line) for line in lines[at:] if "|" in line]
    original = next((found for found in _ADDRESS.findall(before) if _foreign(found, url)), None)
    rows = [row for row in table[1:] if row is not None and not re.fullmatch(r"[\s:|-]*", "".join(row))]
    head = table[0]
    return _document(_Page(rows, head, before, original), url) if head is not None and rows else None


def _cells(line: str) -> Row | None:
    cells = [cell.strip() for cell in line.strip().strip("|").split("|")] if line.strip() != "|" else []
    if line.rstrip().endswith("|") and line.count("|") == 2 and len(cells) < 2:
        cells = [*cells, ""]
    return (cells[0], cells[1]) if len(cells) == 2 else (cells[0], "") if len(cells) == 1 else None


def _table(tree: HtmlElement, url: str, words: str) -> _Page | None:
    for table in tree.iter("table"):
        rows = [tuple(_line(cell) for cell in row.iter("td", "th")) for row in table.iter("tr")]
        at = next(
            (n for n, row in enumerate(rows) if len(row) == 2 and all(_VERSION.match(cell) for cell in row)), None
        )
        if at is not None:
            pairs = [(row[0], row[1] if len(row) > 1 else "") for row in rows[at + 1 :] if row and len(row) <= 2]
            return _Page(pairs, (rows[at][0], rows[at][1]), words, _original(tree, url))
    return None


def _marked(tree: HtmlElement, url: str, words: str) -> _Page | None:
    """A text in which what was taken out stands in ``del`` and what was put in stands in ``ins``."""
    blocks = [
        node for node in tree.iter("p", "h1", "h2", "li", "pre") if next(node.iter("ins", "del"), None) is not None
    ]
    if not blocks or (home := blocks[0].getparent()) is None:
        return None
    rows = [(_without(node, "ins"), _without(node, "del")) for node in home.iterchildren("p", "h1", "h2", "li", "pre")]
    stamps = [found for cell in tree.iter("th", "time", "td") if (found := _moment(_line(cell)))]
    head = (stamps[0].isoformat(), stamps[1].isoformat()) if len(stamps) > 1 else ("", "")
    return _Page([row for row in rows if any(row)], head, words, _original(tree, url))


def _without(node: HtmlElement, tag: str) -> str:
    pieces = [node.text or ""]
    for child in node:
        if child.tag != tag:
            pieces.append("".join(child.itertext()))
        pieces.append(child.tail or "")
    return " ".join("".join(pieces).split())


def _document(page: _Page, url: str) -> Document:
    seen = _SEEN.search(page.words)
    times: list[datetime | None] = [
        _moment(page.head[0]) or (_moment(seen[1]) if seen else None),
        _moment(page.head[1]),
    ]
    note = None
    rows = list(page.rows)
    for n, row in enumerate(rows[:3]):
        if found := _LATER.search(" ".join(row)):
            note = found[0].strip("() ")
            count = 1 if found[1].lower() in ("a", "an") else int(found[1])
            times[1] = times[1] or (times[0] + count * _UNITS[found[2].lower()] if times[0] else None)
            del rows[n]
            break
    title, body = (
        (rows[0], rows[1:]) if rows and all(rows[0]) and all(len(cell) < 300 for cell in rows[0]) else (("", ""), rows)
    )
    older, newer = ("\n\n".join(row[side] for row in body if row[side]) for side in (0, 1))
    source = _SOURCE.search(page.words)
    address = page.original or url
    return Document(
        url=address,
        canonical_url=page.original,
        text=newer,
        title=title[1] or None,
        published=times[0].date().isoformat() if times[0] else None,
        publisher=source[1] if source else None,
        states=(State(title[0] or None, older, times[0]), State(title[1] or None, newer, times[1], note)),
        extra={"tracked_at": url, "versions_shown": [cell for cell in page.head if cell]},
    )


def _moment(text: str) -> datetime | None:
    found = _MOMENT.search(text)
    try:
        return datetime.fromisoformat(f"{found[1]}T{found[2] or '00:00'}").replace(tzinfo=UTC) if found else None
    except ValueError:
        return None


def _original(tree: HtmlElement, url: str) -> str | None:
    """The address of the article: the first link to another site near the words that name it, else the first at all."""
    foreign = [node for node in tree.iter("a") if _foreign(node.get("href") or "", url)]
    near = [node for node in foreign if (up := node.getparent()) is not None and _NEAR.search(_line(up))]
    return next((str(node.get("href")) for node in [*near, *foreign]), None)


_NEAR = re.compile(r"original source|current article|comparing|original (?:article|page)", re.I)


def _foreign(href: str, url: str) -> bool:
    try:
        parts, home = urlsplit(href), urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.hostname != home.hostname


def _line(node: HtmlElement) -> str:
    return " ".join("".join(node.itertext()).split())
