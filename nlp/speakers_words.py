"""The verbs of saying and the nouns of those who speak, kept as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml


@dataclass(frozen=True, slots=True)
class Words:
    """Lemmas, as ``speakers.yml`` explains them."""

    clause: frozenset[str]
    object: frozenset[str]
    evidence: frozenset[str]
    strict: frozenset[str]
    sorting: frozenset[str]
    views: frozenset[str]
    parts: frozenset[str]
    alone: frozenset[str]
    people: frozenset[str]
    bodies: frozenset[str]
    studies: frozenset[str]
    never: frozenset[str]
    own: frozenset[str]
    irregular: Mapping[str, tuple[str, ...]]


@cache
def load_words() -> Words:
    """Read ``speakers.yml``."""
    raw = yaml.safe_load(Path(__file__).with_name("speakers.yml").read_text(encoding="utf-8"))
    irregular = {verb: tuple(forms) for verb, forms in raw.pop("irregular").items()}
    return Words(**{name: frozenset(lemmas) for name, lemmas in raw.items()}, irregular=irregular)
