"""Plain text and Markdown: the text is the input unchanged, so that offsets are code points of the input."""

from __future__ import annotations

import re
from dataclasses import replace

import yaml

from crawlers.extract.charset import decode
from crawlers.extract.dates import iso_date
from crawlers.extract.language import language_of
from crawlers.extract.revisions import read_text_revisions
from warehouse.models import Document

_FRONT = re.compile(r"\A---[ \t]*\r?\n(.{0,20000}?)\r?\n(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.S)
_HEADING = re.compile(r"^#{1,3}[ \t]{1,8}(\S[^\r\n]{0,300})$", re.M)
_UNDERLINED = re.compile(r"^(\S[^\r\n]{0,200})\r?\n={3,200}[ \t]*\r?$", re.M)
_MARKS = re.compile(r"[*_`]{1,3}|\[([^\]\[]{0,200})\]\([^()]{0,500}\)")
MAX_TITLE = 200
MAX_WORD = 50_000


def read_text(body: bytes, url: str, charset: str | None = None) -> Document:
    """Return a plain text as a Document; its title is the first line where that stands alone and is short."""
    text, suspect = decode(body, charset)
    if (tracked := read_text_revisions(text, url)) is not None:
        return replace(tracked, suspect=suspect)
    first, _, rest = text.lstrip("\ufeff\r\n ").partition("\n")
    alone = rest.startswith(("\n", "\r\n")) and 0 < len(first.strip()) <= MAX_TITLE and not first.rstrip().endswith(".")
    return Document(url=url, text=text, title=first.strip() if alone else None, language=language_of(text),
                    suspect=suspect or _no_text(text))  # fmt: skip


def read_markdown(body: bytes, url: str, charset: str | None = None) -> Document:
    """Return a Markdown file as a Document: front matter where there is some, else its first heading as title."""
    text, suspect = decode(body, charset)
    front = _front_matter(text)
    title = _string(front.get("title")) or _first_heading(text)
    return Document(
        url=url,
        text=text,
        title=title,
        authors=_names(front.get("author") or front.get("authors")),
        published=iso_date(_string(front.get("date") or front.get("published"))),
        updated=iso_date(_string(front.get("updated") or front.get("lastmod"))),
        publisher=_string(front.get("publisher")),
        licence=_string(front.get("licence") or front.get("license")),
        language=_string(front.get("language") or front.get("lang")) or language_of(text),
        doi=_string(front.get("doi")),
        canonical_url=_string(front.get("canonical_url") or front.get("url")),
        suspect=suspect or _no_text(text),
    )


def _no_text(text: str) -> str | None:
    """Why a text is none: a word too long for any language is no word."""
    longest = max((len(word) for word in text.split()), default=0)
    return f"no words: {longest:,} characters without a space" if longest > MAX_WORD else None


def _front_matter(text: str) -> dict[str, object]:
    found = _FRONT.match(text)
    if not found or re.search(r"[&*]\w|!!", found[1]):  # aliases multiply; tags build objects
        return {}
    try:
        front = yaml.safe_load(found[1])
    except yaml.YAMLError:
        return {}
    return front if isinstance(front, dict) else {}


def _first_heading(text: str) -> str | None:
    head = text[:20000]
    found = [match for match in (_HEADING.search(head), _UNDERLINED.search(head)) if match]
    if not found:
        return None
    title = min(found, key=lambda match: match.start())[1].strip().rstrip("#").strip()
    return _MARKS.sub(lambda mark: mark[1] or "", title)[:MAX_TITLE] or None


def _string(value: object) -> str | None:
    return str(value).strip() or None if value is not None and not isinstance(value, dict | list) else None


def _names(value: object) -> tuple[str, ...]:
    values = value if isinstance(value, list) else [value]
    return tuple(name for name in map(_string, values) if name)
