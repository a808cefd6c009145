"""Body, title, date and author of web pages, beside trafilatura's own in the same run, and what each costs.

Needs the pages of article-extraction-benchmark (real/pages; MIT, the pages their publishers') beside the checkout or in
``CLAIMWATCH_REAL``. Body: F1 of mean precision and mean recall over pages, on shingles of four words, as that
benchmark scores. Titles, dates and authors: labels_pages.json, 100 of its pages labelled by reading them.
"""

from __future__ import annotations

import gzip
import json
import os
import re
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import trafilatura
from trafilatura.metadata import extract_metadata

from benchmarks.table import Table
from crawlers.extract import extract
from warehouse.models import Document

ROOT = Path(__file__).parents[1]
REAL = Path(os.environ.get("CLAIMWATCH_REAL", ROOT.parent / "shared" / "real"))
LABELS = Path(__file__).with_name("labels_pages.json")
SHINGLE = 4
PROCESSES = 2
_WORD = re.compile(r"\w+")
Page = tuple[str, str, bytes]  # id, address, body
Reader = Callable[[Page], Document]


@dataclass(frozen=True, slots=True)
class Scored:
    """What one reader made of the pages: a Document each, and the processor time of all, in seconds."""

    documents: dict[str, Document]
    seconds: float


def run() -> list[Table]:
    """Measure our reader and trafilatura's three settings on the same pages; return the tables."""
    if not (REAL / "pages").is_dir():
        return [Table("Main text of web pages", ("reader",), [], "accuracy", f"No real material at {REAL}.")]
    truth = json.loads((REAL / "pages" / "ground-truth.json").read_text("utf-8"))
    pages = [(name, truth[name]["url"], _body(name)) for name in sorted(truth)]
    scored = {name: _read_all(reader, pages) for name, reader in READERS.items()}
    bodies = {name: text["articleBody"] for name, text in truth.items()}
    note = f"{len(pages)} pages; processor time in {PROCESSES} processes, ours with metadata and language."
    rows = [_body_row(name, found, bodies) for name, found in scored.items()]
    columns = ("reader", "F1", "precision", "recall", "ms a page")
    meta = [_meta_row(name, scored[name].documents) for name in ("Claimwatch", "trafilatura with metadata")]
    return [
        Table("Main text of web pages", columns, rows, "accuracy", note),
        Table("Title, date and author of web pages", ("reader", "title", "date", "authors"), meta, "accuracy",
              "Right of labelled; a title or author counts by its letters and figures, authors as a whole set."),
    ]  # fmt: skip


def _body(name: str) -> bytes:
    return gzip.decompress((REAL / "pages" / "html" / f"{name}.html.gz").read_bytes())


def ours(page: Page) -> Document:
    """Return what ``extract`` makes of a page."""
    return extract(page[2], page[1], "text/html")


def plain(page: Page) -> Document:
    """Return trafilatura's text without comments."""
    return Document(page[1], trafilatura.extract(page[2], include_comments=False) or "")


def precise(page: Page) -> Document:
    """Return trafilatura's text with its precision switch."""
    return Document(page[1], trafilatura.extract(page[2], include_comments=False, favor_precision=True) or "")


def with_metadata(page: Page) -> Document:
    """Return trafilatura's text and metadata."""
    text = plain(page).text
    found = extract_metadata(trafilatura.load_html(page[2]), page[1])
    names = tuple(name.strip() for name in (found.author or "").split(";") if name.strip())
    return Document(page[1], text, found.title, names, found.date)


READERS: dict[str, Reader] = {
    "Claimwatch": ours, "trafilatura": plain, "trafilatura, precision": precise,
    "trafilatura with metadata": with_metadata,
}  # fmt: skip


def _read_all(reader: Reader, pages: Sequence[Page]) -> Scored:
    with ProcessPoolExecutor(PROCESSES) as pool:
        list(pool.map(_timed, [reader] * 2, pages[:2]))  # models and modules are loaded before the clock counts
        answers = list(pool.map(_timed, [reader] * len(pages), pages, chunksize=8))
    return Scored({page[0]: found for page, (found, _) in zip(pages, answers, strict=True)}, sum(s for _, s in answers))


def _timed(reader: Reader, page: Page) -> tuple[Document, float]:
    started = time.process_time()
    return reader(page), time.process_time() - started


def _body_row(name: str, scored: Scored, bodies: dict[str, str]) -> tuple[str, float, float, float, float]:
    both = [precision_recall(scored.documents[page].text, body) for page, body in bodies.items()]
    precision, recall = (sum(pair[side] for pair in both) / len(both) for side in (0, 1))
    f1 = 2 * precision * recall / (precision + recall)
    return name, f1, precision, recall, 1000 * scored.seconds / len(both)


def precision_recall(found: str, true: str) -> tuple[float, float]:
    """Return precision and recall of ``found`` in shingles of four words, repeats counted."""
    ours, theirs = _shingles(found), _shingles(true)
    shared = sum((ours & theirs).values())
    return (
        shared / sum(ours.values()) if ours else float(not theirs),
        shared / sum(theirs.values()) if theirs else 1.0,
    )


def _shingles(text: str) -> Counter[tuple[str, ...]]:
    words = _WORD.findall(text)
    return (
        Counter(tuple(words[n : n + SHINGLE]) for n in range(max(1, len(words) - SHINGLE + 1))) if words else Counter()
    )


def _meta_row(name: str, documents: dict[str, Document]) -> tuple[str, str, str, str]:
    labels = json.loads(LABELS.read_text("utf-8"))
    title = [_key(documents[page].title) == _key(label["title"]) for page, label in labels.items()]
    dates = [documents[page].published == label["date"] for page, label in labels.items() if label["date"]]
    authors = [{*map(_key, documents[page].authors)} == {*map(_key, label["authors"])}
               for page, label in labels.items() if label["authors"] is not None]  # fmt: skip
    return name, _share(title), _share(dates), _share(authors)


def _key(text: str | None) -> str:
    return "".join(char for char in (text or "").lower() if char.isalnum())


def _share(right: Sequence[bool]) -> str:
    return f"{sum(right)} of {len(right)} ({sum(right) / len(right):.2f})"
