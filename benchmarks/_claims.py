"""A base of made-up claims: the same for the same size, with the words and the skew that the field's texts have."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from warehouse import ids
from warehouse.rows import append
from warehouse.store import Store

NOW = datetime(2026, 6, 1, 2, 0, tzinfo=UTC)
CLAIMS_A_DOCUMENT = 20
CENTRES = 200
DIMENSIONS = 384
VOCABULARY = 20_000
FIELD = """
care health integrated social service hospital patients staff budget local community budgets admissions
emergency discharge pooled funding workforce information sharing records leadership evaluation outcomes
evidence cost savings councils commissioners providers delayed transfers reduced increased found improved will
should better fund pilot programme teams primary acute mental older people residents homes home support
planning joint commissioning trust governance incentives contracts payment data systems trusts boards
partnership strategy delivery capacity demand recruitment retention training culture regulation accountability
targets quality experience waiting access
"""
COMMON = FIELD.split()
THEMES = tuple(f"theme{n:02d}" for n in range(24))
KINDS = ("finding", "commitment", "recommendation", "assertion")
DIRECTIONS = ("improved", "worsened", "no_effect", "mixed", "unclear")
POLARITIES = ("barrier", "enabler", "mention")
PUBLISHERS = tuple(f"Publisher {n:03d}" for n in range(200))


def vocabulary(rng: np.random.Generator) -> list[str]:
    """Return words, the commonest first: those of the field, then made ones."""
    letters = np.array(list("bcdfghlmnprst")), np.array(list("aeiou"))
    made = {"".join("".join((rng.choice(letters[0]), rng.choice(letters[1]))) for _ in range(n)) for n in (
        rng.integers(2, 5, VOCABULARY))}  # fmt: skip
    return [*COMMON, *sorted(made - set(COMMON))]


def sentences(count: int, seed: int = 1) -> Iterator[str]:
    """Yield ``count`` sentences of 8 to 24 words, drawn by Zipf's law."""
    rng = np.random.default_rng(seed)
    words = np.array(vocabulary(np.random.default_rng(0)))
    weights = 1 / (np.arange(len(words)) + 2.7)
    weights /= weights.sum()
    for first in range(0, count, 10_000):
        many = min(10_000, count - first)
        lengths = rng.integers(8, 25, many)
        drawn = words[rng.choice(len(words), int(lengths.sum()), p=weights)]
        ends = np.cumsum(lengths)
        for end, length in zip(ends, lengths, strict=True):
            yield " ".join(drawn[end - length : end]).capitalize() + "."


def centred(count: int, seed: int = 2) -> tuple[npt.NDArray[np.int8], npt.NDArray[np.float32]]:
    """Return vectors around seeded centres, quantised as the store keeps them."""
    rng = np.random.default_rng(seed)
    centres = np.random.default_rng(0).standard_normal((CENTRES, DIMENSIONS)).astype(np.float32)
    values, scale = np.empty((count, DIMENSIONS), np.int8), np.empty(count, np.float32)
    for first in range(0, count, 50_000):
        many = min(50_000, count - first)
        found = centres[rng.integers(0, CENTRES, many)] + rng.standard_normal((many, DIMENSIONS), np.float32)
        found /= np.linalg.norm(found, axis=1, keepdims=True)
        top = np.abs(found).max(axis=1) / 127
        values[first : first + many], scale[first : first + many] = np.rint(found / top[:, None]), top
    return values, scale


def centre(n: int) -> npt.NDArray[np.float32]:
    """Return one centre, unit length: what a query by meaning looks like here."""
    found = np.random.default_rng(0).standard_normal((CENTRES, DIMENSIONS)).astype(np.float32)[n]
    unit: npt.NDArray[np.float32] = found / np.linalg.norm(found)
    return unit


def fill(store: Store, claims: int, *, seed: int = 1, first_document: int = 0) -> None:
    """Append ``claims`` claims, twenty a document, in batches, as loading and tagging would have left them."""
    texts, step = sentences(claims, seed), 50_000
    for first in range(0, claims, step):
        many = min(step, claims - first)
        quotes = [next(texts) for _ in range(many)]
        with store.transaction():
            _append(store, quotes, first_document + first // CLAIMS_A_DOCUMENT, seed * 1_000 + first)


def _append(store: Store, quotes: Sequence[str], first_document: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in TABLES}
    passages: list[str] = []
    seen = NOW.replace(tzinfo=None)
    for number, first in enumerate(range(0, len(quotes), CLAIMS_A_DOCUMENT), first_document):
        mine = quotes[first : first + CLAIMS_A_DOCUMENT]
        text, address = " ".join(mine), f"https://example.org/{number}"
        document = ids.document_id(address)
        version = ids.version_id(document, None, text)
        published = (NOW - timedelta(days=int(rng.integers(0, 7_000)))).date()
        rows["document"].append({
            "id": document, "source": f"source{number % 12}", "url": address, "title": f"Report {number}",
            "kind": "page", "published": published, "authors": [], "publisher": PUBLISHERS[number % 200],
            "storage": "full", "status": "live", "demo": False, "first_seen": seen, "last_seen": seen,
        })  # fmt: skip
        rows["alias"].append({"address": address, "document": document})
        rows["version"].append({
            "id": version, "document": document, "text": text, "text_sha256": ids.body_sha256(text.encode()),
            "extractor": "made", "kept": "full", "first_seen": seen,
        })  # fmt: skip
        rows["showing"].append({"document": document, "n": 1, "version": version, "seen_at": seen})
        rows["tagged"].append({"version": version, "tagger": "made"})
        at = 0
        for n, quote in enumerate(mine):
            passages.append(_claim(rows, document, version, n, at, len(quote), rng, seen))
            at += len(quote) + 1
    for name, table in rows.items():
        append(store.con, name, table)
    values, scale = centred(len(passages), seed)
    vectors = pa.FixedSizeListArray.from_arrays(pa.array(values.ravel()), DIMENSIONS)
    store.con.from_arrow(pa.table({"passage": passages, "scale": scale, "v": vectors})).insert_into("vector")


TABLES = ("document", "alias", "version", "showing", "tagged", "passage", "claim", "thread", "tag")


def _claim(
    rows: dict[str, list[dict[str, Any]]], document: str, version: str, n: int, start: int, length: int,
    rng: np.random.Generator, seen: datetime,
) -> str:  # fmt: skip
    passage = ids.passage_id(version, start, start + length)
    drawn = rng.integers(0, 1_000_000, 4)
    rows["passage"].append({
        "id": passage, "version": version, "n": n, "start_at": start, "end_at": start + length, "type": "sentence",
        "tagger": "made",
    })  # fmt: skip
    rows["claim"].append({
        "passage": passage, "thread": passage, "document": document, "version": version,
        "kind": KINDS[drawn[0] % 4], "score": 0.8, "direction": DIRECTIONS[drawn[1] % 5],
        "outcome": f"outcome{drawn[2] % 30}", "hedge": "none", "attribution_type": "author", "tagger": "made",
    })  # fmt: skip
    rows["thread"].append({"id": passage, "document": document, "first_passage": passage, "first_seen": seen})
    code = THEMES[min(int(rng.zipf(1.3)) - 1, 23)]
    rows["tag"].append({
        "id": ids.make_id("tag", passage), "passage": passage, "code": code, "polarity": POLARITIES[drawn[3] % 3],
        "score": 0.9, "cues": json.dumps([[start, start + 4]]), "stanza": "s", "tagger": "made",
    })  # fmt: skip
    return passage
