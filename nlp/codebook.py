"""The codebook: thirteen themes, each with its definition, cues, near misses and examples (``codebook.yml``)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from nlp.cues import Matcher, Word
from warehouse.errors import ConfigError
from warehouse.models import POLARITIES, Span

PATH = Path(__file__).with_name("codebook.yml")
KEYS = ("title", "definition", "cues", "hints", "not", "examples", "near_misses")
CUE_KEYS = ("cues", "hints", "not")
REQUIRED = ("title", "definition", "cues", "examples")


@dataclass(frozen=True, slots=True)
class Theme:
    """One stanza. ``digest`` changes when the stanza does."""

    code: str
    title: str
    definition: str
    examples: tuple[tuple[str, str], ...]
    near_misses: tuple[str, ...]
    digest: str


@dataclass(frozen=True, slots=True)
class Codebook:
    """All themes by code, in order, and the words that speak for each polarity."""

    codes: dict[str, Theme]
    matcher: Matcher = field(repr=False)
    digest: str

    def find(self, found: Sequence[Word]) -> Hits:
        """Return what the cues say of the words of one passage."""
        spans = self.matcher.find(found)
        cues, hints = {}, {}
        for code in self.codes:
            refused = spans.get(f"{code} not", [])
            cues[code] = [hit for hit in spans.get(f"{code} cues", []) if not _covered(hit, refused)]
            hints[code] = [hit for hit in spans.get(f"{code} hints", []) if not _covered(hit, [*refused, *cues[code]])]
        return Hits(cues, hints, {name: spans.get(f"polarity {name}", []) for name in POLARITIES})


@dataclass(frozen=True, slots=True)
class Hits:
    """Spans of cues and hints by code, and of the words that speak for a polarity."""

    cues: dict[str, list[Span]]
    hints: dict[str, list[Span]]
    polarity: dict[str, list[Span]]


def _covered(hit: Span, spans: Sequence[Span]) -> bool:
    return any(a < hit[1] and hit[0] < b for a, b in spans)


@lru_cache(maxsize=4)
def load_codebook(path: Path = PATH) -> Codebook:
    """Read and check a codebook; ``ConfigError`` names the file, the key and what is valid."""
    try:
        raw = yaml.load(path.read_text("utf-8"), Loader=_UniqueKeys)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: not readable as YAML: {error}") from None
    if not isinstance(raw, dict) or set(raw) != {"words", "polarity", "themes"}:
        raise ConfigError(f"{path}: the top level must have exactly the keys words, polarity, themes")
    _same_keys(path, "polarity", raw["polarity"], POLARITIES)
    if not isinstance(raw["themes"], dict) or not raw["themes"]:
        raise ConfigError(f"{path}: themes must map each code to its stanza")
    codes = {str(code): _theme(path, str(code), stanza) for code, stanza in raw["themes"].items()}
    patterns = [(f"polarity {name}", _plain(cue)) for name in POLARITIES for cue in raw["polarity"][name]]
    for code, stanza in raw["themes"].items():
        for key in CUE_KEYS:
            patterns += [(f"{code} {key}", cue) for cue in _cues(path, f"themes.{code}.{key}", stanza, key)]
    try:
        matcher = Matcher(patterns, raw["words"])
    except (KeyError, ValueError) as error:
        raise ConfigError(f"{path}: cue {error}; word lists: {', '.join(raw['words'])}") from None
    return Codebook(codes, matcher, _digest(raw))


def _theme(path: Path, code: str, stanza: Any) -> Theme:
    where = f"themes.{code}"
    if not isinstance(stanza, dict):
        raise ConfigError(f"{path}: {where} must be a stanza with the keys {', '.join(KEYS)}")
    for key in stanza:
        if key not in KEYS:
            raise ConfigError(f"{path}: {where}.{key} is no key of a theme; valid: {', '.join(KEYS)}")
    for key in REQUIRED:
        if not stanza.get(key):
            raise ConfigError(f"{path}: {where}.{key} is missing")
    for example in stanza["examples"]:
        if not isinstance(example, list) or len(example) != 2 or example[1] not in POLARITIES:
            raise ConfigError(f"{path}: {where}.examples: each is [sentence, {' | '.join(POLARITIES)}]")
    return Theme(
        code=code,
        title=stanza["title"],
        definition=stanza["definition"],
        examples=tuple((text, polarity) for text, polarity in stanza["examples"]),
        near_misses=tuple(stanza.get("near_misses") or ()),
        digest=_digest(stanza)[:12],
    )


def _cues(path: Path, where: str, stanza: dict[str, Any], key: str) -> list[str]:
    patterns = stanza.get(key) or []
    if not isinstance(patterns, list):
        raise ConfigError(f"{path}: {where} must be a list of cues")
    return [_plain(pattern) for pattern in patterns]


def _plain(pattern: Any) -> str:
    if isinstance(pattern, bool):  # YAML reads a bare `no` as false
        return "yes" if pattern else "no"
    return str(pattern)


def _same_keys(path: Path, where: str, given: Any, wanted: Sequence[str]) -> None:
    if not isinstance(given, dict) or set(given) != set(wanted):
        raise ConfigError(f"{path}: {where} must have exactly the keys {', '.join(wanted)}")


def _digest(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True, default=str).encode()).hexdigest()


class _UniqueKeys(yaml.SafeLoader):
    """YAML in which one key given twice is an error, not the last one winning."""

    def construct_mapping(self, node: Any, deep: bool = False) -> Any:
        seen: set[Any] = set()
        for key, _ in node.value:
            name = self.construct_object(key, deep=deep)
            if name in seen:
                raise yaml.constructor.ConstructorError(None, None, f"{name!r} is there twice", key.start_mark)
            seen.add(name)
        return super().construct_mapping(node, deep)
