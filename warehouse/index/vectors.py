"""Meaning: exact search over int8 vectors, memory-mapped; sign bits find candidates where there are many."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]
DIMENSIONS = 384
WORDS = DIMENSIONS // 64
EXACT_UP_TO = 20_000  # rows scored in full; above, the nearest by sign bits are
CANDIDATES = 4_000
BLOCK = 1 << 17
THREADS = 2


@dataclass(frozen=True, slots=True)
class Vectors:
    """One or more vectors a row. ``owner[i]`` is the row of vector ``i``; ``whole[i]`` tells the row's own vector from
    those of its parts (sentences). ``signs`` has a column a vector: shape [6, n], so that a scan reads straight on.
    """

    values: npt.NDArray[np.int8]
    scale: Floats
    signs: npt.NDArray[np.uint64]
    owner: npt.NDArray[np.int32] | None = None

    @property
    def size(self) -> int:
        """Return how many vectors there are."""
        return len(self.scale)

    def exact(self, query: Floats, rows: Ints) -> Floats:
        """Return the likeness (cosine) of ``query`` to each of ``rows``."""
        return (self.values[rows].astype(np.float32) @ query) * self.scale[rows]

    def nearest(self, query: Floats, count: int, allowed: npt.NDArray[np.bool_] | None = None) -> tuple[Ints, Floats]:
        """Return up to ``count`` rows nearest to ``query`` with their likeness, most alike first.

        ``allowed``: a flag a row, or None for all. Ties go to the lower row.
        """
        rows: Ints | None = None if allowed is None else np.flatnonzero(allowed[: self.size])
        many = self.size if rows is None else len(rows)
        if many > EXACT_UP_TO:
            rows = self._by_signs(query, rows, max(CANDIDATES, 2 * count))
        elif rows is None:
            rows = np.arange(self.size)
        likeness = self.exact(query, rows)
        best = np.lexsort((rows, -likeness))[:count]
        return rows[best], likeness[best]

    def _by_signs(self, query: Floats, rows: Ints | None, count: int) -> Ints:
        bits = pack_signs(query[None, :])[:, 0]
        many = self.size if rows is None else len(rows)
        apart = np.empty(many, np.uint16)

        def scan(first: int) -> None:
            part = slice(first, first + BLOCK)
            total = np.zeros(len(apart[part]), np.uint16)
            for line, word in zip(self.signs, bits, strict=True):
                total += np.bitwise_count((line[part] if rows is None else line[rows[part]]) ^ word)
            apart[part] = total

        with ThreadPoolExecutor(THREADS) as pool:
            list(pool.map(scan, range(0, many, BLOCK)))
        # A histogram finds the distance within which ``count`` lie: a bound that no order of ties can move.
        within = int(np.searchsorted(np.cumsum(np.bincount(apart, minlength=DIMENSIONS + 1)), count))
        near = np.flatnonzero(apart <= within)
        return near if rows is None else rows[near]


def pack_signs(values: npt.NDArray[np.float32] | npt.NDArray[np.int8]) -> npt.NDArray[np.uint64]:
    """Return the sign bits of [n, 384] as uint64 [6, n]."""
    packed = np.packbits(values > 0, axis=1)
    return np.ascontiguousarray(packed.view(np.uint64).T)


def save(folder: Path, values: npt.NDArray[np.int8], scale: Floats) -> None:
    """Write vectors as plain npy files, which ``load`` maps."""
    folder.mkdir(parents=True, exist_ok=True)
    np.save(folder / "values.npy", values)
    np.save(folder / "scale.npy", scale.astype(np.float32))
    np.save(folder / "signs.npy", signs_of(values))


def signs_of(values: npt.NDArray[np.int8]) -> npt.NDArray[np.uint64]:
    """Return the sign bits of many rows, a block at a time."""
    signs = np.empty((WORDS, len(values)), np.uint64)
    for first in range(0, len(values), BLOCK):
        signs[:, first : first + BLOCK] = pack_signs(values[first : first + BLOCK])
    return signs


def load(folder: Path) -> Vectors:
    """Map what ``save`` wrote."""
    values, scale, signs = (np.load(folder / f"{name}.npy", mmap_mode="r") for name in ("values", "scale", "signs"))
    return Vectors(values, scale, signs)
