"""Small bases for the tests: documents, fetches, annotations, and vectors from words alone (no model)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt

from warehouse.models import Annotation, Attribution, Claim, Document, Fetch, Figure, Named, Span, Tag
from warehouse.store import Store
from warehouse.texts import whole_text

NOW = datetime(2026, 3, 1, 2, 0, tzinfo=UTC)
TAGGER = "test-1"


def at(days: int = 0) -> datetime:
    return NOW + timedelta(days=days)


def fetch(seq: int, url: str, *, days: int = 0, outcome: str = "ok", role: str = "document", **more: Any) -> Fetch:
    body = hashlib.sha256(f"{seq} {url}".encode()).hexdigest() if outcome == "ok" else None
    fields: dict[str, Any] = {"final_url": url, "body_sha256": body, "status": 200, "bytes": 100, **more}
    return Fetch(seq=seq, run=1, source="test", url=url, at=at(days).isoformat(), outcome=outcome, role=role, **fields)


def document(url: str, text: str, **more: Any) -> Document:
    return Document(url=url, text=text, **{"title": "A page", **more})


class WordEncoder:
    """Unit vectors in which texts that share words are alike; needs no model."""

    def encode(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        vectors = np.zeros((len(texts), 384), np.float32)
        for row, text in zip(vectors, texts, strict=True):
            for word in re.findall(r"[a-z]{3,}", text.lower()):
                seed = int.from_bytes(hashlib.sha256(word[:6].encode()).digest()[:8], "big")
                row += np.random.default_rng(seed).standard_normal(384).astype(np.float32)
            norm = float(np.linalg.norm(row))
            row /= norm if norm else 1.0
        return vectors


def sentences(text: str) -> list[Span]:
    return [(m.start(), m.end()) for m in re.finditer(r"[^\s][^.\n]*\.?", text)]


def annotate(text: str, comments: Sequence[str] = ()) -> list[Annotation]:
    """Every sentence a passage; ones with ``found`` or ``will`` claims; themes by plain words."""
    whole = whole_text(text, comments)
    return [_annotation(whole, span, span[0] > len(text)) for span in sentences(whole)]


def _annotation(whole: str, span: Span, comment: bool) -> Annotation:
    quote = whole[span[0] : span[1]]
    kind = "commitment" if "will" in quote else "finding" if re.search(r"found|rose|fell", quote) else None
    outcome = "emergency_admissions" if "admissions" in quote else None
    direction = "worsened" if "rose" in quote else "improved" if "fell" in quote else None
    themes = tuple(
        Tag(code, "barrier", 0.9, ((span[0] + quote.index(word), span[0] + quote.index(word) + len(word)),), "s1")
        for code, word in (("workforce", "staff"), ("information_sharing", "records"))
        if word in quote
    )
    figures = tuple(
        Figure(float(m[1]), "%", "actual", span[0] + m.start(), span[0] + m.end())
        for m in re.finditer(r"(\d+)%", quote)
    )
    named = tuple(
        Named(i, k, span[0] + quote.index(w), span[0] + quote.index(w) + len(w))
        for i, k, w in (("better_care_fund", "programme", "Better Care Fund"), ("leeds", "place", "Leeds"))
        if w in quote
    )
    return Annotation(
        *span, quote, "comment" if comment else "sentence",
        claim=Claim(kind, 0.8, direction, outcome) if kind else None,  # type: ignore[arg-type]
        themes=themes, figures=figures, named=named, attribution=Attribution("body", "The auditor"),
    )  # fmt: skip


def tag_all(store: Store, tagger: str = TAGGER) -> int:
    """Tag every version not yet tagged, then mark pairs compared with no changes; return how many versions."""
    done = 0
    for batch in store.untagged(tagger):
        for item in batch:
            found = annotate(item.text, item.comments)
            vectors = WordEncoder().encode([a.text for a in found])
            store.put_annotated(item.version, found, vectors, tagger)
            done += 1
    return done


def load(store: Store, pages: Mapping[str, str], *, first_seq: int = 1, days: int = 0, **more: Any) -> None:
    """Load a page a URL, with sequence numbers from ``first_seq``."""
    for n, (url, text) in enumerate(pages.items()):
        store.load_fetch(fetch(first_seq + n, url, days=days), [document(url, text, **more)], extractor="x1")
