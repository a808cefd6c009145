"""The labelled sentences under ``nlp/training``: reading, checking, and the fixed split by document."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from nlp.tuned_names import KINDS
from warehouse.errors import ConfigError
from warehouse.models import POLARITIES

FOLDER = Path(__file__).parent / "training"
FOLDS = 3
TEST_SHARE = 0.12
INDIRECT_WEIGHT = 0.4


@dataclass(frozen=True, slots=True)
class Labelled:
    """One labelled sentence: its document, text, kind (``none`` included), themes with polarity, and weight.

    A person's correction may speak of less: ``kind`` None is not known, ``judged`` names the themes that are.
    """

    doc: str
    text: str
    kind: str | None
    themes: dict[str, str]
    weight: float = 1.0
    judged: frozenset[str] | None = None  # None: every theme

    def knows(self, code: str) -> bool:
        """Whether the label says if this theme is there."""
        return self.judged is None or code in self.judged


def read(codes: Sequence[str], folder: Path = FOLDER) -> list[Labelled]:
    """Return all labelled sentences, in file and document order; ``ConfigError`` names file, line and key."""
    return [row for path in sorted(folder.glob("*.jsonl")) for row in _read_file(path, codes)]


def _read_file(path: Path, codes: Sequence[str]) -> Iterable[Labelled]:
    weight = INDIRECT_WEIGHT if path.name.startswith("indirect_") else 1.0
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if not line.strip():
            continue
        where = f"{path.name}, line {number}"
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            raise ConfigError(f"{where}: not JSON ({error})") from None
        for key in ("doc", "text", "claim", "themes"):
            if key not in row:
                raise ConfigError(f"{where}: the key {key!r} is missing")
        if row["claim"] not in KINDS:
            raise ConfigError(f"{where}: claim {row['claim']!r}; valid: {', '.join(KINDS)}")
        for code, polarity in row["themes"].items():
            if code not in codes or polarity not in POLARITIES:
                raise ConfigError(f"{where}: theme {code!r}: {polarity!r} is not in the codebook")
        yield Labelled(row["doc"], row["text"], row["claim"], row["themes"], weight)


def part(doc: str) -> int:
    """Return -1 for a document of the test part, else its fold (0 to 2): by its hash, so that it never moves."""
    number = int.from_bytes(hashlib.sha256(doc.encode()).digest()[:8], "big")
    if (number % 10_000) / 10_000 < TEST_SHARE:
        return -1
    return (number // 10_000) % FOLDS
