"""How a claim is cited, linked and archived."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from warehouse.exports.text import is_web, one_line

ARCHIVE = "https://web.archive.org/web/"


def reference(row: Any) -> str:
    """Return ``Authors (date). Title. Publisher. Address.`` of a row; what is unknown is left out."""
    who = "; ".join(row["authors"] or ()) or row["publisher"] or "No author"
    when = row["published"].isoformat() if row["published"] else "no date"
    place = row["publisher"] if row["publisher"] and row["publisher"] != who else None
    parts = [f"{who} ({when})", row["title"], place, row["doi"] and f"doi:{row['doi']}", row["url"]]
    return one_line(". ".join(str(part).rstrip(".") for part in parts if part)) + "."


def citation(
    *, authors: Sequence[str], publisher: str | None, published: date | None, title: str | None, location: str,
    quote: str, url: str, version: str, accessed: date,
) -> str:  # fmt: skip
    """Return the citation of one claim, to copy: source, place, the words, address, day and version."""
    source = reference(
        {"authors": authors, "publisher": publisher, "published": published, "title": title, "doi": None, "url": None}
    )
    where = f" {location[:1].upper()}{location[1:]}." if location else ""
    return f"{source}{where} “{one_line(quote)}” {url}. Accessed {accessed.isoformat()}. Version {version[:12]}."


def archive_link(url: str, seen: datetime | None) -> str | None:
    """Return the Internet Archive's copy nearest to ``seen``; None where the address is not of the public web."""
    host = url.split("/")[2] if is_web(url) else ""
    if not host or "localhost" in host or host.split(":")[0].replace(".", "").isdigit():
        return None
    return f"{ARCHIVE}{seen:%Y%m%d%H%M%S}/{url}" if seen else f"{ARCHIVE}{url}"


def place_link(url: str, deep_link: str, page: int | None) -> str:
    """Return the address of the words: a PDF's page where the document has pages, else the text fragment."""
    return f"{url.split('#')[0]}#page={page}" if page and is_web(url) else deep_link
