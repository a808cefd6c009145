"""Find which of many texts share passages, in time near linear in their number.

Each text becomes the set of hashes of its five-word shingles. Of these a fixed part (those that a divisor divides)
is kept as its sketch: two sketches estimate how much of one text stands in the other, which a MinHash signature
cannot say of a short text inside a long one (FracMinHash: Irber et al. 2022). Texts that share sketched hashes are
candidates; they are then compared exactly.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from zlib import crc32

import numpy as np
import numpy.typing as npt

from nlp.align import words

Hashes = npt.NDArray[np.uint64]
SHINGLE_WORDS = 5
KEPT_PART = 12  # one hash in so many is kept
MIN_SHARED = 2  # so many kept hashes shared make a candidate
CROWD = 40  # a hash in more texts than this (a notice on every page) links each to the first only
_MIX = np.uint64(0x9E3779B97F4A7C15)
_SHIFT = np.uint64(29)


def word_ids(text: str) -> Hashes:
    """Return a number for each word of ``text``, in order."""
    return np.array([crc32(word.encode("utf-8", "surrogatepass")) for word in words(text)], dtype=np.uint64)


def shingles(ids: Hashes) -> Hashes:
    """Return the sorted hashes of the five-word shingles of a text, of its words' numbers; empty if it is shorter."""
    if len(ids) < SHINGLE_WORDS:
        return np.empty(0, dtype=np.uint64)
    count = len(ids) - SHINGLE_WORDS + 1
    mixed = np.zeros(count, dtype=np.uint64)
    for n in range(SHINGLE_WORDS):
        mixed = (mixed ^ ids[n : n + count]) * _MIX
        mixed ^= mixed >> _SHIFT
    return np.unique(mixed)


def sketch(hashes: Hashes, part: int = KEPT_PART) -> Hashes:
    """Return the hashes that a sketch keeps: the same ones in every text."""
    kept: Hashes = hashes[hashes % np.uint64(part) == 0]
    return kept


def candidates(sketches: Iterable[Hashes], min_shared: int = MIN_SHARED) -> list[tuple[int, int]]:
    """Return the pairs of texts (numbers in order) that share at least ``min_shared`` hashes of their sketches."""
    parts = list(sketches)
    if not parts:
        return []
    owners = np.repeat(np.arange(len(parts), dtype=np.int64), [len(p) for p in parts])
    hashes = np.concatenate(parts)
    order = np.argsort(hashes, kind="stable")
    hashes, owners = hashes[order], owners[order]
    edges = np.flatnonzero(np.diff(hashes)) + 1
    found = [_pairs(group) for group in np.split(owners, edges) if len(group) > 1]
    if not found:
        return []
    packed, counts = np.unique(np.concatenate(found), return_counts=True)
    kept = packed[counts >= min_shared]
    return [(int(p >> 32), int(p & 0xFFFFFFFF)) for p in kept]


def _pairs(group: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Return the pairs of a group, each packed into one number; a crowd is linked to its first member only."""
    if len(group) > CROWD:
        star: npt.NDArray[np.int64] = (group[0] << 32) | group[1:]
        return star
    left, right = np.triu_indices(len(group), 1)
    packed: npt.NDArray[np.int64] = (group[left] << 32) | group[right]
    return packed


def overlap(a: Hashes, b: Hashes) -> tuple[float, float, int]:
    """Return Jaccard likeness, the part of the smaller set that stands in the other, and how many are shared."""
    shared = len(np.intersect1d(a, b, assume_unique=True))
    union, smaller = len(a) + len(b) - shared, min(len(a), len(b))
    return (shared / union if union else 0.0), (shared / smaller if smaller else 0.0), shared


def join(
    links: Sequence[tuple[float, int, int]], size: Sequence[int], fits: Callable[[int, int], bool]
) -> list[list[int]]:
    """Join linked texts into groups of two or more, the strongest links first.

    Two groups are joined only where ``fits`` says that their largest members (by ``size``) belong together too, so
    that a short text quoted in two long ones does not make those two one.
    """
    root = list(range(len(size)))
    members = {n: [n] for n in root}
    largest = list(root)
    for _, a, b in sorted(links, key=lambda link: (-link[0], link[1], link[2])):
        left, right = sorted((root[a], root[b]))
        heads = largest[left], largest[right]
        if left == right or not ({*heads} == {a, b} or fits(*heads)):
            continue
        for n in members[right]:
            root[n] = left
        members[left] += members.pop(right)
        largest[left] = max(heads, key=lambda n: (size[n], -n))
    return [sorted(group) for _, group in sorted(members.items()) if len(group) > 1]
