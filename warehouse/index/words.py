"""The word index: its fields, its analysers, and writing entries into it."""

from __future__ import annotations

import atexit
import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import tantivy

from warehouse.errors import DamagedError

FORMAT = 2  # count on where the schema, an analyser or what is stored changes: nothing older is then built upon
# Facets, and the filters of the same name: raw strings, several an entry, counted by tantivy's aggregations.
FACETS = (
    "kind", "theme", "outcome", "direction", "programme", "care_model", "place", "publisher", "source_type", "basis",
    "speaker", "change",
)  # fmt: skip
RAW = (*FACETS, "document")
NUMBERS = ("row", "dated", "changed_at", "repeats")
LONGEST_WORD_CHARS = 60
WRITER_BYTES = 192_000_000
THREADS = 2


@lru_cache(maxsize=1)
def schema() -> tantivy.Schema:
    """Return the fields: ``text`` and ``title`` stemmed, ``plain`` for prefixes, facets as they stand."""
    builder = tantivy.SchemaBuilder()
    for name in ("text", "title"):
        builder.add_text_field(name, tokenizer_name="stems", index_option="position")
    builder.add_text_field("plain", tokenizer_name="plain", index_option="freq")
    builder.add_text_field("publisher_words", tokenizer_name="stems", index_option="position")
    for name in RAW:
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=True)
    builder.add_integer_field("year", indexed=True, fast=True)
    for name in NUMBERS:
        builder.add_integer_field(name, indexed=name == "row", fast=True)
    # What a hit shows, as JSON: a page of hits comes from here, without a join over the base.
    builder.add_bytes_field("stored", stored=True, indexed=False)
    return builder.build()


@lru_cache(maxsize=1)
def plain() -> tantivy.TextAnalyzer:
    """Return the analyser that lowers case and folds accents."""
    return _plain_builder().build()


@lru_cache(maxsize=1)
def stems() -> tantivy.TextAnalyzer:
    """Return the analyser that stems (English) as well."""
    return _plain_builder().filter(tantivy.Filter.stemmer("english")).build()


def _plain_builder() -> tantivy.TextAnalyzerBuilder:
    filters = (tantivy.Filter.remove_long(LONGEST_WORD_CHARS), tantivy.Filter.lowercase(), tantivy.Filter.ascii_fold())
    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
    for one in filters:
        builder = builder.filter(one)
    return builder


def open_index(folder: Path) -> tantivy.Index:
    """Open, or make, the word index in ``folder``. Raises DamagedError for one of another version, or damaged."""
    folder.mkdir(parents=True, exist_ok=True)
    try:
        index = tantivy.Index(schema(), path=str(folder if os.access(folder, os.W_OK) else _linked(folder)))
    except ValueError as error:
        raise DamagedError(
            f"{folder}: cannot be searched by this Claimwatch ({error}); run `claimwatch publish`, which makes it anew"
        ) from error
    index.register_tokenizer("plain", plain())
    index.register_tokenizer("stems", stems())
    return index


def _linked(folder: Path) -> Path:
    """Return a folder of links to an index that cannot be written: even a reader puts a lock file beside it."""
    made = Path(tempfile.mkdtemp(prefix="claimwatch-index-"))
    atexit.register(shutil.rmtree, made, ignore_errors=True)
    for path in (path for path in folder.iterdir() if path.suffix != ".lock"):
        (made / path.name).symlink_to(path.resolve())
    return made


def memory_index() -> tantivy.Index:
    """Return an empty word index in memory."""
    index = tantivy.Index(schema())
    index.register_tokenizer("plain", plain())
    index.register_tokenizer("stems", stems())
    return index


def write(index: tantivy.Index, added: Iterable[Mapping[str, Any]], removed: Sequence[int] = ()) -> int:
    """Remove rows, add entries, commit; return how many were added."""
    writer = index.writer(WRITER_BYTES, THREADS)
    for row in removed:
        writer.delete_documents_by_term("row", row)
    count = 0
    for entry in added:
        writer.add_document(tantivy.Document.from_dict(_fields(entry), schema()))
        count += 1
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    return count


def _fields(entry: Mapping[str, Any]) -> dict[str, Any]:
    """Return an entry as tantivy takes it: no nulls, text under both analysers."""
    found: dict[str, Any] = {
        name: entry[name] for name in (*RAW, *NUMBERS, "year") if entry.get(name) not in (None, [])
    }
    found["text"] = found["plain"] = entry["text"]
    if entry.get("stored"):
        shown = {"copies": entry["copies"], "repeats": entry["repeats"]}
        found["stored"] = f'{json.dumps(shown)[:-1]}, "row": {entry["row"]}, "members": {entry["stored"]}}}'.encode()
    if entry.get("title"):
        found["title"] = entry["title"]
    if entry.get("publisher"):
        found["publisher_words"] = entry["publisher"]
    return found
