"""Which sentence of a new version is which sentence of the old one: exact first, then by likeness, moves allowed.

Everything here is symmetric: ``align(new, old)`` pairs the same sentences as ``align(old, new)``. Ties are broken
by values that do not depend on which side is called old.
"""

from __future__ import annotations

import hashlib
import html
import re
import unicodedata
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

ANYWHERE = 0.60  # likeness from which two sentences pair wherever they stand
SAME_GAP = 0.45  # enough where both stand between the same two unchanged neighbours
ALONE = 0.42  # enough where they are the only two left there
WINDOW = 10_000  # where there are more pairs than this, the inverted index says which are worth comparing
COMMON = 60  # a word that stands in more sentences than this says nothing about which is which
SHARED = 3  # so many rarer words shared make two sentences far apart worth comparing
_LITTLE_WORDS = """a an and are as at be been but by for from had has have he her his i in into is it its of on or our
she so that the their them there these they this those to was we were which who will with would you your"""
LITTLE = frozenset(_LITTLE_WORDS.split())

_QUOTES = str.maketrans(
    dict.fromkeys("‘’‚‛′`´", "'") | dict.fromkeys("“”„‟″«»", '"') | dict.fromkeys("‐‑‒–—―−", "-")
    | {"…": "...", "\u00ad": None, "\u200b": None, "\u200c": None, "\u200d": None, "\u2060": None, "\ufeff": None}
)  # fmt: skip
_WORD = re.compile(r"[^\W_]+(?:[.,'][^\W_]+)*")
_DASH = re.compile(r"\s*-+\s*")
_LOOSE = re.compile(r"\s+(?=[,.;:!?)\]](?:\s|\Z))")
_DOUBLED = re.compile(r"''|``")

Cell = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Pair:
    """Sentence numbers on both sides (None: added or removed), likeness 0 to 1, and whether it changed place."""

    old: int | None
    new: int | None
    score: float = 0.0
    exact: bool = False
    moved: bool = False


def normalise(text: str) -> str:
    """Return ``text`` as it is compared: typographic quotes, dashes and runs of white space made plain."""
    text = html.unescape(text) if "&" in text else text
    plain = unicodedata.normalize("NFKC", text.translate(_QUOTES)).translate(_QUOTES)
    return " ".join(_DASH.sub("-", _LOOSE.sub("", _DOUBLED.sub('"', plain))).split())


def words(text: str) -> list[str]:
    """Return the words and numbers of ``text``, normalised, in small letters."""
    return _WORD.findall(normalise(text).casefold())


def align(old: Sequence[str], new: Sequence[str], key: Callable[[str], str] = normalise) -> list[Pair]:
    """Pair the sentences of two versions.

    Args:
        old, new: sentences in document order.
        key: two sentences with one key are the same sentence; an empty key takes part in nothing.

    Returns:
        One Pair a sentence or pair of sentences, in the order of the new version, each removed one standing after
        the nearest sentence before it that is still there.
    """
    known = {s: key(s) for s in {*old, *new}}
    old_keys, new_keys = [known[s] for s in old], [known[s] for s in new]
    exact = _match_exact(old_keys, new_keys)
    stays = _in_order(exact, [_weight(old_keys[i], old_keys[i]) for i, _ in exact])
    left = [i for i in _others(len(old), (i for i, _ in exact)) if old_keys[i]]
    right = [j for j in _others(len(new), (j for _, j in exact)) if new_keys[j]]
    likely = _match_alike(old_keys, new_keys, left, right, sorted(stays))
    pairs = [(i, j, 1.0, True) for i, j in exact] + [(i, j, score, False) for (i, j), score in likely.items()]
    weights = [_weight(old_keys[i], new_keys[j]) for i, j, *_ in pairs]
    ordered = _in_order([(i, j) for i, j, *_ in pairs], weights)
    found = [Pair(i, j, score, same, (i, j) not in ordered) for i, j, score, same in pairs]
    return _arrange(found, old_keys, new_keys)


def _weight(a: str, b: str) -> float:
    """Return what a pair weighs where the order is kept: as few as may be have moved, of equals the shorter.

    The hash parts what would else be a tie, in the same way whichever side is called old.
    """
    digest = hashlib.blake2b("\0".join(sorted((a, b))).encode("utf-8", "surrogatepass"), digest_size=4).digest()
    return 1 + min(len(a) + len(b), 1000) * 1e-4 + int.from_bytes(digest, "big") / 2**32 * 1e-5


def _others(count: int, taken: Iterable[int]) -> list[int]:
    gone = set(taken)
    return [n for n in range(count) if n not in gone]


def _match_exact(old: Sequence[str], new: Sequence[str]) -> list[Cell]:
    """Pair equal keys; those that stand there more often on one side by their neighbours first, then in order."""
    matched: list[Cell] = []
    left = [i for i, k in enumerate(old) if k]
    right = [j for j, k in enumerate(new) if k]
    uneven = Counter(old[i] for i in left)
    uneven.subtract(Counter(new[j] for j in right))
    for before, after in [(1, 1), (1, 0), (0, 1), (0, 0)] if any(uneven.values()) else [(0, 0)]:
        waiting: dict[tuple[str | None, ...], list[int]] = defaultdict(list)
        for j in reversed(right):
            waiting[_around(new, j, before, after)].append(j)
        found = [(i, queue.pop()) for i in left if (queue := waiting.get(_around(old, i, before, after)))]
        matched += found
        gone_left, gone_right = {i for i, _ in found}, {j for _, j in found}
        left, right = [i for i in left if i not in gone_left], [j for j in right if j not in gone_right]
    return _uncrossed(matched, old)


def _uncrossed(matched: Sequence[Cell], keys: Sequence[str]) -> list[Cell]:
    """Pair equal sentences in one order on both sides: which of them is which is nobody's to tell."""
    same: dict[str, list[Cell]] = defaultdict(list)
    for cell in matched:
        same[keys[cell[0]]].append(cell)
    cells = (zip(sorted(i for i, _ in group), sorted(j for _, j in group), strict=True) for group in same.values())
    return sorted(cell for group in cells for cell in group)


def _around(keys: Sequence[str], n: int, before: int, after: int) -> tuple[str | None, ...]:
    return tuple(keys[k] if 0 <= k < len(keys) else None for k in range(n - before, n + after + 1))


def _in_order(cells: Sequence[Cell], weights: Sequence[float]) -> set[Cell]:
    """Return the heaviest subset of ``cells`` that stands in one order on both sides; the rest has moved.

    Neighbours on both sides count as one block, so that this costs n log n in the number of blocks, not cells.
    """
    blocks: list[list[Cell]] = []
    heavy: list[float] = []
    for cell, weight in sorted(zip(cells, weights, strict=True)):
        if blocks and blocks[-1][-1] == (cell[0] - 1, cell[1] - 1):
            blocks[-1].append(cell)
            heavy[-1] += weight
        else:
            blocks.append([cell])
            heavy.append(weight)
    return {cell for n in _heaviest_chain([block[0][1] for block in blocks], heavy) for cell in blocks[n]}


def _heaviest_chain(values: Sequence[int], weights: Sequence[float]) -> list[int]:
    """Return the places of the heaviest increasing subsequence of ``values`` (a Fenwick tree of prefix maxima)."""
    rank = {value: n + 1 for n, value in enumerate(sorted(values))}
    best: list[tuple[float, int]] = [(0.0, -1)] * (len(values) + 1)
    came_from: list[int] = []
    for n, value in enumerate(values):
        at, top = rank[value] - 1, (0.0, -1)
        while at > 0:
            top, at = max(top, best[at]), at - (at & -at)
        came_from.append(top[1])
        here, at = (top[0] + weights[n], n), rank[value]
        while at <= len(values):
            best[at], at = max(best[at], here), at + (at & -at)
    n, chain = max(best)[1], []
    while n >= 0:
        chain.append(n)
        n = came_from[n]
    return chain


def _match_alike(
    old: Sequence[str], new: Sequence[str], left: Sequence[int], right: Sequence[int], anchors: Sequence[Cell]
) -> dict[Cell, float]:
    """Pair what is left by likeness, the most alike first; the same gap between unchanged neighbours lowers the bar."""
    olds, news = [i for i, _ in anchors], [j for _, j in anchors]
    gap_old = {i: bisect_right(olds, i) for i in left}
    gap_new = {j: bisect_right(news, j) for j in right}
    sizes_old, sizes_new = Counter(gap_old.values()), Counter(gap_new.values())
    bags_old = {i: Counter(map(_stem, words(old[i]))) for i in left}
    bags_new = {j: Counter(map(_stem, words(new[j]))) for j in right}
    scored: list[tuple[float, int, int, int, Cell]] = []
    for i, j in _candidates(gap_old, gap_new, bags_old, bags_new):
        near = gap_old[i] == gap_new[j]
        alone = near and sizes_old[gap_old[i]] == 1 == sizes_new[gap_new[j]]
        score = likeness(old[i], new[j], bags_old[i], bags_new[j])
        if score >= (ALONE if alone else SAME_GAP if near else ANYWHERE):
            scored.append((-score, not near, i + j, abs(i - j), (i, j)))
    found: dict[Cell, float] = {}
    taken_old: set[int] = set()
    taken_new: set[int] = set()
    for score, _, _, _, (i, j) in sorted(scored):
        if i not in taken_old and j not in taken_new:
            found[i, j] = -score
            taken_old.add(i)
            taken_new.add(j)
    return found


def _candidates(
    gap_old: dict[int, int],
    gap_new: dict[int, int],
    bags_old: dict[int, Counter[str]],
    bags_new: dict[int, Counter[str]],
) -> set[Cell]:
    """Return the pairs worth comparing: all of few; of many, those in one gap or sharing rare words anywhere."""
    if len(gap_old) * len(gap_new) <= WINDOW:
        return {(i, j) for i in gap_old for j in gap_new}
    in_gap: dict[int, list[int]] = defaultdict(list)
    for j, gap in gap_new.items():
        in_gap[gap].append(j)
    close = Counter(gap_old.values())
    cells = {(i, j) for i, g in gap_old.items() if close[g] * len(in_gap[g]) <= WINDOW for j in in_gap[g]}
    holders_old, holders_new = _holders(bags_old), _holders(bags_new)
    shared: Counter[Cell] = Counter()
    for word, olds in holders_old.items():
        news = holders_new.get(word, [])
        if len(olds) * len(news) <= COMMON * COMMON and len(word) > 2:
            shared.update((i, j) for i in olds for j in news)
    return cells | {cell for cell, count in shared.items() if count >= SHARED or count == len(bags_old[cell[0]])}


def _holders(bags: dict[int, Counter[str]]) -> dict[str, list[int]]:
    holders: dict[str, list[int]] = defaultdict(list)
    for n, bag in bags.items():
        for word in bag:
            holders[word].append(n)
    return holders


def _stem(word: str) -> str:
    return word if word[:1].isdigit() else word[:5]


def likeness(a: str, b: str, bag_a: Counter[str] | None = None, bag_b: Counter[str] | None = None) -> float:
    """Return how alike two normalised sentences are, 0 to 1: by word stems (little words weigh less) and letters."""
    bag_a = Counter(map(_stem, words(a))) if bag_a is None else bag_a
    bag_b = Counter(map(_stem, words(b))) if bag_b is None else bag_b
    total = _weigh(bag_a) + _weigh(bag_b)
    shared = 2 * _weigh(bag_a & bag_b) / total if total else 0.0
    return (shared + fuzz.token_sort_ratio(a.casefold(), b.casefold()) / 100) / 2


def _weigh(bag: Counter[str]) -> float:
    return sum(count * (0.3 if word in LITTLE else 1.0) for word, count in bag.items())


def _arrange(found: list[Pair], old: Sequence[str], new: Sequence[str]) -> list[Pair]:
    """Return pairs, added and removed sentences in reading order; sentences with an empty key are left out."""
    by_old = {p.old: p for p in found if p.old is not None}
    by_new = {p.new: p for p in found if p.new is not None}
    removed_after: dict[int, list[Pair]] = defaultdict(list)
    at = -1
    for i, key in enumerate(old):
        here = by_old.get(i)
        if here is not None and here.new is not None:
            at = at if here.moved else here.new
        elif key:
            removed_after[at].append(Pair(i, None))
    out = list(removed_after[-1])
    for j, key in enumerate(new):
        if j in by_new:
            out.append(by_new[j])
        elif key:
            out.append(Pair(None, j))
        out += removed_after[j]
    return out
