"""What may differ between two versions without anything having been said differently.

White space, typographic quotes and dashes; and the lines that pages put around an article (``furniture.yml``):
datelines, counters, links to elsewhere. A line counts as such only as a whole, so that a sentence that speaks of a
date or of sharing is never lost.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from nlp.align import normalise
from nlp.passages import flat

TABLE = Path(__file__).with_name("furniture.yml")
MAX_LINE_CHARS = 160
MAX_TRAILER_CHARS = 24
MAX_LINE_WORDS = 14  # a line with more words and no full stop is still a sentence
_ENDS_SENTENCE = re.compile(r"[.!?][\"')\]]*\Z")
_PART = re.compile(r"<(\w+)>")


def is_noise(text: str) -> bool:
    """Return whether ``text``, as a whole, is a dateline, a counter, a link to elsewhere or other page furniture."""
    return _is_furniture(normalise(flat(text)))


def comparable(text: str) -> str:
    """Return what of ``text`` is compared between versions; empty where nothing is (it is furniture).

    A dateline before a sentence and a "read more" behind it are taken off. In a short line that is no sentence
    (a byline with its date), whole dates are taken out.
    """
    line = normalise(flat(text))
    if _is_furniture(line):
        return ""
    patterns = _patterns()
    line = _without_ends(line, patterns)
    if not _ENDS_SENTENCE.search(line) and len(line.split()) <= MAX_LINE_WORDS:
        bare = patterns["stamp"].sub("", line).strip(" ,|-:")
        return bare if bare and not _is_furniture(bare) else line
    return line


def _without_ends(line: str, patterns: dict[str, re.Pattern[str]]) -> str:
    """Take off a dateline in front and a link or counter behind; only the ends are looked at, for speed."""
    front = patterns["dateline"].match(line)
    rest = line[front.end() :] if front else line
    behind = patterns["trailer"].search(rest, max(0, len(rest) - MAX_TRAILER_CHARS))
    return (rest[: behind.start()] if behind else rest).strip() or line


def _is_furniture(line: str) -> bool:
    line = line.strip(" .|>»→·•*#[]-")
    if len(line) > MAX_LINE_CHARS:
        return False
    return not any(c.isalnum() for c in line) or bool(_patterns()["line"].fullmatch(line))


def furniture() -> dict[str, Any]:
    """Return the table of page furniture: parts, and lines with their examples and near misses."""
    table: dict[str, Any] = yaml.safe_load(TABLE.read_text(encoding="utf-8"))
    return table


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    table = furniture()
    parts: dict[str, str] = {}
    for name, options in table["parts"].items():
        parts[name] = _either(options, parts)
    lines = _either([option for line in table["lines"].values() for option in line["any"]], parts)
    place = r"[A-Z][A-Z .,'/]{2,30}(?:, ?(?i:<date>))? ?(?:\((?:Reuters|PA|AP|AFP|PA Media|Press Association)\))? ?-+ ?"
    day = r"\(?(?i:<date><time>?)\)? ?[-:|] ?(?=[A-Z\"'])"
    full = r"(?:<weekday>?<day> (?:of )?<month>,? \d{4}|<month> <day>,? \d{4}|\d{4}-\d{2}-\d{2}|<day>/<day>/\d{2,4})"
    trailer = (
        r" ?(?:\[?(?:read|see|find out|learn) more\]?(?: ?<arrow>)?|\(?<count> (?:shares?|comments?|views?)\)?) ?\Z"
    )
    return {
        "line": re.compile(lines, re.I),
        "dateline": re.compile(r"\A" + _either([place, day], parts)),
        "stamp": re.compile(_either([rf"(?:[,|·•(-] ?|\b(?:on|at|of) )?\b{full}<time>?\)?"], parts), re.I),
        "trailer": re.compile(_either([trailer], parts), re.I),
    }


def _either(options: list[str], parts: dict[str, str]) -> str:
    return "(?:" + "|".join(_PART.sub(lambda m: parts[m[1]], option) for option in options) + ")"
