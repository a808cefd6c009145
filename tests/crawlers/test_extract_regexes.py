"""B13: every regular expression of extraction is linear: four times the hostile input takes about four times as long.

A machine's speed cancels out of that ratio; most patterns are so quick that it is not asked.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
import time

import pytest

import crawlers.extract
from crawlers import xml

QUICK_S = 0.1  # of CPU on 100 kB: no question of growth
SIZE = 100_000
PART = 4
MOST_GROWTH = 2 * PART  # a quadratic pattern grows by PART ** 2
TRIES = 3
pytestmark = pytest.mark.timeout(60)


def _patterns() -> list[tuple[str, re.Pattern[str] | re.Pattern[bytes]]]:
    modules = [
        importlib.import_module(f"crawlers.extract.{found.name}")
        for found in pkgutil.iter_modules(crawlers.extract.__path__)
    ]
    found = [(f"{module.__name__.rsplit('.')[-1]}.{name}", value) for module in [*modules, xml] for name,
        value in vars(module).items()
             if isinstance(value, re.Pattern)]  # fmt: skip
    return sorted(found, key=lambda pair: pair[0])


SEEDS = [
    "a", " ", "\n", "-", ".", "1", "'", '"', "(", "<", "a ", "a.", "1 ", "1-", "@a", "a@", "<p ", "<a '", "by ",
    "By By ", "more ",
    "a-", "&", "#", "= ", "__", ". ", ", ", "http://", "www.", "0 0", "(0", "+1 ", "[x](", "--- \n", "version 1 ",
    "may 1 ", "1 may ",
    "article ", "follow ", "sign in ", "follow a", "from the source '", "colspan=", "<meta ", "<article ", "\u00ad",
    "é",
]  # fmt: skip
ENDINGS = ["!"]


def _inputs() -> list[str]:
    return [(seed * (SIZE // len(seed)))[: SIZE - 1] + ending for seed in SEEDS for ending in ENDINGS]


def _slow(pattern: re.Pattern[str] | re.Pattern[bytes], texts: list[str]) -> str | None:
    """Return the input on which a pattern's time outgrows its length, or None."""
    for text in texts:
        data = text.encode() if isinstance(pattern.pattern, bytes) else text
        for use in (pattern.search, pattern.fullmatch):
            if _timed(use, data) > QUICK_S and _growth(use, data) > MOST_GROWTH:
                return f"{use.__name__} on {text[:12]!r}…"
    return None


def _growth(use, data) -> float:  # type: ignore[no-untyped-def]
    """Return how many times longer all of ``data`` takes than a part of it: the least of some tries of each."""
    part = data[: len(data) // PART] + data[-1:]
    least = [min(_timed(use, given) for _ in range(TRIES)) for given in (data, part)]
    return least[0] / max(least[1], 1e-6)


def _timed(use, data) -> float:  # type: ignore[no-untyped-def]
    started = time.process_time()
    use(data)
    return time.process_time() - started


def test_there_are_patterns_to_time() -> None:
    assert len(_patterns()) > 40


@pytest.mark.parametrize(("name", "pattern"), _patterns(), ids=[name for name, _ in _patterns()])
def test_b13_patterns_are_linear(name: str, pattern: re.Pattern[str] | re.Pattern[bytes]) -> None:
    assert _slow(pattern, _inputs()) is None


def test_b13_a_pattern_that_is_not_linear_is_found() -> None:
    assert _slow(re.compile(r"\s+$"), [" " * 12_000 + "!"]) is not None
