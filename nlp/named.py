"""Named things: programmes, care models, outcomes, bodies and places, by gazetteer.

A name counts in any case; an abbreviation only in its own case and where it can mean that: "PACS" beside
"vanguard" is a care model, beside "radiology" an imaging system. The gazetteers are ``gazetteer/*.yml``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from warehouse.errors import ConfigError
from warehouse.models import Named

FOLDER = Path(__file__).with_name("gazetteer")
KINDS = {
    "programmes": "programme",
    "care_models": "care_model",
    "outcomes": "outcome",
    "bodies": "body",
    "places": "place",
}
_WORD = re.compile(r"['’]s\b|[^\W_]+(?:['’](?!s\b)[^\W_]+)*|&")
_APOSTROPHE = str.maketrans("’", "'")


class Entry(BaseModel):
    """One thing of a gazetteer. ``better`` is the way in which an outcome improves."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    name: str
    aliases: tuple[str, ...] = ()
    abbreviations: tuple[str, ...] = ()
    only_with: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    not_after: tuple[str, ...] = ()
    not_before: tuple[str, ...] = ()
    exact: bool = False
    better: Literal["up", "down"] | None = None
    kind: str = ""


@dataclass(slots=True)
class _Node:
    children: dict[str, _Node] = field(default_factory=dict)
    ends: list[_Name] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Name:
    entry: Entry
    surface: str
    abbreviation: bool
    only_with: frozenset[str]
    unless: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Token:
    key: str
    start: int
    end: int


def read_gazetteer(path: Path, kind: str) -> list[Entry]:
    """Return the entries of one file.

    Raises:
        ConfigError: the file is not a list of entries, or an entry has a wrong or missing key.
    """
    rows = yaml.load(path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    if not isinstance(rows, list):
        raise ConfigError(f"{path.name}: expected a list of entries, each with id, name and aliases")
    entries = []
    for number, row in enumerate(rows, 1):
        try:
            entries.append(Entry(**{**row, "kind": kind}))
        except (ValidationError, TypeError) as error:
            keys = ", ".join(Entry.model_fields)
            what = error.errors()[0] if isinstance(error, ValidationError) else {"loc": (), "msg": str(error)}
            where = ".".join(map(str, what["loc"])) or "entry"
            raise ConfigError(f"{path.name}: entry {number}: {where}: {what['msg']}; the keys are {keys}") from error
    return entries


@cache
def gazetteer(folder: Path = FOLDER) -> dict[str, Entry]:
    """Return every entry by id. Two entries of one id are a `ConfigError`."""
    found: dict[str, Entry] = {}
    for stem, kind in KINDS.items():
        for entry in read_gazetteer(folder / f"{stem}.yml", kind):
            if entry.id in found:
                raise ConfigError(f"{stem}.yml: the id {entry.id} is there twice; give each entry an id of its own")
            found[entry.id] = entry
    return found


def find_named(text: str) -> list[Named]:
    """Return the named things of a passage, the longest name at each place, in order, none inside another.

    "the BCF plan" names a programme; "BCF yarn" does not.
    """
    return list(_found(text))


@lru_cache(maxsize=1024)  # one passage is asked about by figures, attribution and description
def _found(text: str) -> tuple[Named, ...]:
    tokens = [_Token(m.group().lower().translate(_APOSTROPHE), m.start(), m.end()) for m in _WORD.finditer(text)]
    root, passage = _trie(), _Passage(text, {token.key for token in tokens})
    found: list[Named] = []
    at = 0
    while at < len(tokens):
        for name, stop in _longest_first(root, tokens, at):
            start, end = tokens[at].start, tokens[stop - 1].end
            if _counts(name, text, start, end, passage):
                found.append(Named(name.entry.id, name.entry.kind, start, end))
                at = stop - 1
                break
        at += 1
    return tuple(found)


@cache
def _trie() -> _Node:
    root = _Node()
    for entry in gazetteer().values():
        for surface, short in [
            *((name, False) for name in (entry.name, *entry.aliases)),
            *((name, True) for base in entry.abbreviations for name in (base, base + "s")),
        ]:
            unless, only_with = frozenset(entry.unless), frozenset(entry.only_with)
            node = root
            for key in _WORD.findall(surface.lower().translate(_APOSTROPHE)):
                node = node.children.setdefault(key, _Node())
            node.ends.append(_Name(entry, surface, short, only_with, unless))
    return root


def _longest_first(root: _Node, tokens: list[_Token], at: int) -> Iterator[tuple[_Name, int]]:
    node, steps = root, []
    for stop in range(at, len(tokens)):
        step = node.children.get(tokens[stop].key)
        if step is None:
            break
        node = step
        if node.ends:
            steps.append((node.ends, stop + 1))
    for ends, stop in reversed(steps):
        for name in ends:
            yield name, stop


class _Passage:
    """What the words of a passage say of a name, found out once a name."""

    def __init__(self, text: str, words: set[str]) -> None:
        self._lower = text.lower()
        self._words = words
        self._allows: dict[int, bool] = {}

    def allows(self, name: _Name) -> bool:
        key = id(name)
        if key not in self._allows:
            self._allows[key] = self._decide(name)
        return self._allows[key]

    def _decide(self, name: _Name) -> bool:
        entry = name.entry
        if entry.abbreviations and (not name.abbreviation or self._spelled_out(entry)):
            return True
        if any(word in self._words or (" " in word and word in self._lower) for word in name.unless):
            return False
        if not name.only_with or not (name.abbreviation or entry.exact):
            return True
        return bool((name.only_with & self._words) - {name.surface.lower()})

    def _spelled_out(self, entry: Entry) -> bool:
        return any(name.lower() in self._lower for name in (entry.name, *entry.aliases))


def _counts(name: _Name, text: str, start: int, end: int, passage: _Passage) -> bool:
    if (name.abbreviation or name.entry.exact) and not _same_case(text[start:end], name.surface, text, start):
        return False
    return not _stands_by(name.entry, text, start, end) and passage.allows(name)


def _same_case(found: str, surface: str, text: str, start: int) -> bool:
    if "-" in found or "-" in surface or "’" in found or "," in found:
        found, surface = (re.sub(r"[^\w&]+", " ", word) for word in (found, surface))
    if start and text[start - 1] in "-#@/" and surface.isupper():
        return False
    return found == surface


def _stands_by(entry: Entry, text: str, start: int, end: int) -> bool:
    before, after = text[max(0, start - 24) : start].rstrip(), text[end : end + 24].lstrip()
    return any(before.endswith(word) for word in entry.not_after) or any(
        after.startswith(word) for word in entry.not_before
    )
