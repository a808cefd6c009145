"""Try a source out: fetch a few documents into a home that is thrown away, and show what would be stored."""

from __future__ import annotations

import tempfile
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from commands.pipeline import Outcome
from commands.stages import crawl_stage
from warehouse.errors import ClaimwatchError, UsageError
from warehouse.home import Home
from warehouse.latest import latest_documents
from warehouse.store import Store

if TYPE_CHECKING:
    from crawlers.sources import SourceConfig

SHOWN_CHARS = 160


def try_out(source: SourceConfig, limit: int, now: datetime, contact: str | None) -> list[dict[str, Any]]:
    """Return a row a document that a crawl of ``limit`` pages would store; the home in use is not touched."""
    if source.held:
        raise UsageError(f"{source.name} asks about works that a base holds, and a trial holds none: crawl it instead")
    few = source.model_copy(update={"max_pages": limit, "expected_min": 0})
    with tempfile.TemporaryDirectory(prefix="claimwatch-try-") as folder:
        home, outcome = Home(Path(folder)).make(), Outcome()
        with Store.open(home) as store:
            run = store.begin_run("try", now)
            crawl_stage(home, store, now, run, outcome, sources=[few], contact=contact)
            documents = [asdict(document) for document in latest_documents(store.con)]
    if not documents:
        raise ClaimwatchError(f"{source.name}: nothing came: {'; '.join(outcome.warnings) or 'it listed no documents'}")
    return [_row(document) for document in documents]


def _row(document: dict[str, Any]) -> dict[str, Any]:
    text = " ".join(document["text"].split())
    cut = text[:SHOWN_CHARS] + ("…" if len(text) > SHOWN_CHARS else "")
    names = ("title", "url", "published", "publisher", "authors", "doi", "kind")
    return {**{name: document[name] for name in names}, "shown": cut or "its storage allows no text to be kept"}
