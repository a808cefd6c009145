"""How the time to find copies and repeated claims grows with their number, on made-up ones with known answers."""

from __future__ import annotations

import random
import time

import numpy as np
import numpy.typing as npt

from benchmarks.table import Table
from nlp.echoes import Text, find_copies
from nlp.echoes_claims import Said, same_claims

SIZES = (1_000, 10_000, 100_000)
COPIED = 0.05  # part of the documents that are a copy of an earlier one
WORDS = 3_000  # words of the made-up language, used unevenly as words are
DIMENSIONS = 384
SEED = 11


def make_texts(count: int, seed: int = SEED) -> tuple[list[Text], int]:
    """Return ``count`` documents of about 300 words and how many of them are copies, whole or in part."""
    dice = random.Random(seed)
    vocabulary = ["".join(dice.choices("aeioubcdfglmnprst", k=dice.randint(3, 9))) for _ in range(WORDS)]
    weights = [1 / (n + 5) for n in range(WORDS)]
    notice = " ".join(dice.choices(vocabulary, weights, k=30))  # what every page of a site says
    texts: list[Text] = []
    copies = 0
    for n in range(count):
        if texts and dice.random() < COPIED:
            said = dice.choice(texts).text.split()[30:]
            start = dice.choice((0, 0, len(said) // 4))
            body = " ".join([*dice.choices(vocabulary, weights, k=20), *said[start:]])
            copies += 1
        else:
            body = " ".join(dice.choices(vocabulary, weights, k=dice.randint(200, 400)))
        texts.append(
            Text(
                f"d{n:06}",
                f"{notice} {body}",
                " ".join(body.split()[20:26]),
                f"https://example.org/{n}",
                first_seen=f"{n:08}",
            )
        )
    return texts, copies


def make_claims(count: int, seed: int = SEED) -> tuple[list[Said], npt.NDArray[np.float32], int]:
    """Return ``count`` claims of about 15 words with unit vectors, and how many say again what an earlier one said."""
    dice, noise = random.Random(seed), np.random.default_rng(seed)
    vocabulary = ["".join(dice.choices("aeioubcdfglmnprst", k=dice.randint(4, 9))) for _ in range(WORDS)]
    weights = [1 / (n + 5) for n in range(WORDS)]
    vectors = noise.standard_normal((count, DIMENSIONS), dtype=np.float32)
    claims: list[Said] = []
    again = 0
    for n in range(count):
        words = dice.choices(vocabulary, weights, k=15)
        if claims and dice.random() < COPIED:
            before = dice.randrange(n)
            words = claims[before].text.rstrip(".").split()
            dice.shuffle(words)
            vectors[n] = vectors[before] + 0.2 * vectors[n]
            again += 1
        claims.append(Said(f"c{n:06}", f"d{n:06}", " ".join(words) + ".", "finding", f"{n:08}"))
    return claims, vectors / np.linalg.norm(vectors, axis=1, keepdims=True), again


def run() -> list[Table]:
    """Return seconds, and microseconds a document or claim, for each size; a flat last column is linear growth."""
    columns = ("copies made", "copies linked", "seconds", "microseconds each")
    texts = "Made-up documents of about 300 words under one notice; one in twenty copies another, whole or in part."
    claims = "Made-up claims of 15 words with vectors; one in twenty says again what another said."
    return [
        Table(
            "Finding copies as the base grows",
            ("documents", *columns),
            [_copies(n) for n in SIZES],
            "performance",
            texts,
        ),
        Table(
            "Finding the same claim elsewhere", ("claims", *columns), [_claims(n) for n in SIZES], "performance", claims
        ),
    ]


def _copies(size: int) -> tuple[int, int, int, float, float]:
    texts, copies = make_texts(size)
    started = time.perf_counter()
    groups = find_copies(texts)
    took = time.perf_counter() - started
    return size, copies, sum(len(group.members) - 1 for group in groups), took, took / size * 1e6


def _claims(size: int) -> tuple[int, int, int, float, float]:
    claims, vectors, again = make_claims(size)
    started = time.perf_counter()
    groups = same_claims(claims, vectors)
    took = time.perf_counter() - started
    return size, again, sum(len(group.members) - 1 for group in groups), took, took / size * 1e6


if __name__ == "__main__":
    for table in run():
        print(table.markdown())
