"""How the time to find copies grows with the number of documents, on made-up documents with known copies."""

from __future__ import annotations

import random
import time

from benchmarks.table import Table
from nlp.echoes import Text, find_copies

SIZES = (1_000, 10_000, 100_000)
COPIED = 0.05  # part of the documents that are a copy of an earlier one
WORDS = 3_000  # words of the made-up language, used unevenly as words are
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


def run() -> list[Table]:
    """Return seconds, and microseconds a document, for each size; a flat last column is linear growth."""
    rows = []
    for size in SIZES:
        texts, copies = make_texts(size)
        started = time.perf_counter()
        groups = find_copies(texts)
        took = time.perf_counter() - started
        linked = sum(len(group.members) - 1 for group in groups)
        rows.append((size, copies, linked, took, took / size * 1e6))
    columns = ("documents", "copies made", "copies linked", "seconds", "microseconds a document")
    notes = "Made-up documents of about 300 words under one notice; one in twenty copies another, whole or in part."
    return [Table("Finding copies as the base grows", columns, rows, "performance", notes)]


if __name__ == "__main__":
    for table in run():
        print(table.markdown())
