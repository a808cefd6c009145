"""The read side: one published snapshot, opened once and shared by any number of threads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import cached_property
from typing import Any

import numpy as np

from warehouse import snapshots
from warehouse.errors import DamagedError
from warehouse.filters import Filters
from warehouse.home import Home
from warehouse.index import vectors, words
from warehouse.index.engine import Engine
from warehouse.people import Overlay
from warehouse.queries import barriers, claims, counts, decided, documents, evidence, find, following, trends
from warehouse.queries.barriers import Named
from warehouse.queries.find import Encode
from warehouse.queries.reader import Reader
from warehouse.queries.results import Hit, SearchResult
from warehouse.queries.views import (
    ChangeRow,
    ClaimView,
    Count,
    DisagreementRow,
    DocumentView,
    EchoView,
    MapCell,
    PromiseRow,
    RunRow,
    SourceRow,
    SpeakerView,
    Stats,
    ThemeView,
)
from warehouse.snapshots import Snapshot

WHOLE_CHECK_MAX_BYTES = 1_000_000_000  # up to here, a million claims, every byte is hashed at start: about 0.3 s


class Base:
    """A published snapshot. People's decisions come in as ``overlay`` (``People.overlay()``), never from here."""

    def __init__(self, home: Home, snapshot: Snapshot) -> None:
        self.home = home
        self.snapshot = snapshot
        self.reader = Reader(snapshot.base(home))

    @cached_property
    def engine(self) -> Engine:
        """The index, opened at the first search. Raises DamagedError where another version of Claimwatch wrote it."""
        if self.snapshot.parts.get("index") != words.FORMAT:
            raise DamagedError(
                f"{self.snapshot.words(self.home)}: was written by another version of Claimwatch; "
                "run `claimwatch publish`, which makes it anew"
            )
        folder = self.snapshot.vectors(self.home)
        return Engine(
            words.open_index(self.snapshot.words(self.home)), vectors.load(folder), np.load(folder / "alive.npy")
        )

    def has_vectors(self) -> bool:
        """Whether a search by meaning can be answered."""
        return int(self.snapshot.parts["vectors"]) > 0

    def close(self) -> None:
        """Let go of the files."""
        self.reader.close()

    def search(
        self, query: str = "", *, filters: Filters | None = None, mode: str = "both", encoder: Encode | None = None,
        sort: str = "relevance", page: int = 1, size: int = 20, overlay: Mapping[str, Overlay] | None = None,
        facets: bool = True,
    ) -> SearchResult:  # fmt: skip
        """Search the claims in force. ``encoder``: texts -> unit vectors; without one, words answer (a note says so).
        ``facets``: false for hits and their total alone, in less than half the time.

        Raises UsageError for a query of more than 10,000 characters, an unknown mode or sort, a page out of range.
        """
        return find.search(
            self.reader, self.engine, self.snapshot.name, query, filters=filters or Filters(), mode=mode,
            encoder=encoder, sort=sort, page=page, size=size, overlay=overlay or {}, facets=facets,
        )  # fmt: skip

    def evidence_rows(
        self, query: str = "", *, filters: Filters | None = None, ids: Sequence[str] | None = None,
        mode: str = "words", encoder: Encode | None = None, overlay: Mapping[str, Overlay] | None = None,
    ) -> Iterator[dict[str, Any]]:  # fmt: skip
        """Yield the evidence table's rows (columns of ``evidence.COLUMNS``, with thread, passage, document, tagger).

        Of a search's whole set, of the claims ``ids`` (threads), or of all. Streams: memory does not grow with rows.
        """
        if ids is not None:
            numbers: list[int] | None = claims.numbers_of(self.reader, ids)
        elif query.strip() or filters:
            asked, answered, *_ = find.question(
                self.reader, query, filters or Filters(), "words" if encoder is None else mode, encoder,  # type: ignore[arg-type]
                overlay or {},
            )  # fmt: skip
            numbers = find.claim_numbers(self.reader, self.engine.rows_of(asked, answered).tolist())
        else:
            numbers = None
        return evidence.rows(self.reader, numbers)

    def threads_of(self, query: str, filters: Filters, overlay: Mapping[str, Overlay] | None = None) -> list[str]:
        """Return the claims that a search by words finds, copies too, without what people rejected."""
        said = overlay or {}
        asked, answered, *_ = find.question(self.reader, query, filters, "words", None, said)
        numbers = find.claim_numbers(self.reader, self.engine.rows_of(asked, answered).tolist())
        gone = self.rejected(said)
        return [thread for thread in claims.threads_of(self.reader, numbers) if thread not in gone]

    def hits(self, threads: Sequence[str], overlay: Mapping[str, Overlay] | None = None) -> list[Hit]:
        """Return claims in force by their threads, in that order."""
        return claims.of_threads(self.reader, threads, overlay)

    def claim(self, thread: str, overlay: Mapping[str, Overlay] | None = None) -> ClaimView:
        """Return a claim by its thread (or a passage's id). Raises UsageError where there is none."""
        return claims.claim(self.reader, thread, overlay or {})

    def same_claim(self, thread: str) -> list[Hit]:
        """Return the claims elsewhere that say the same."""
        return claims.same_claim(self.reader, thread)

    def document(self, document: str) -> DocumentView:
        """Return a document by its id or any of its addresses. Raises UsageError where there is none."""
        return documents.document(self.reader, document)

    def retracted(self) -> frozenset[str]:
        """Return the ids of documents that are said to be retracted."""
        return documents.retracted(self.reader)

    def annotations(self, version: str) -> claims.Annotated:
        """Return what was found in a version: its whole text, annotations, threads."""
        return claims.annotated(self.reader, version)

    def changes(
        self, since: date | datetime | None = None, theme: str | None = None, kind: str | None = None,
        source: str | None = None, limit: int = 200, document: str | None = None,
        threads: Iterable[str] | None = None,
    ) -> list[ChangeRow]:  # fmt: skip
        """Return changes, newest first. ``theme``: code or code:polarity, on either side of the change."""
        return documents.changes(self.reader, since, theme, kind, source, limit, document, threads)

    def changes_of_search(
        self, query: str, filters: Filters, threads: Iterable[str] | None = None, *,
        overlay: Mapping[str, Overlay] | None = None, **narrowed: Any,
    ) -> list[ChangeRow]:  # fmt: skip
        """Return changes in claims that a search finds, or would have found as they were: a removed one shows too.

        ``threads``: of the claims it finds, where they are known; ``narrowed``: what ``changes`` takes.
        """
        if threads is None:
            threads = (row["thread"] for row in self.evidence_rows(query, filters=filters, overlay=overlay))
        return following.changes_of_search(self.reader, threads, query, filters, **narrowed)

    def echoes(self, document: str) -> list[EchoView]:
        """Return the documents that say the same as this one."""
        return documents.echoes(self.reader, document)

    def rejected(self, overlay: Mapping[str, Overlay]) -> frozenset[str]:
        """Return the claims that people rejected, with their copies: they are in no count and no table."""
        return decided.rejected(self.reader, overlay)

    def barriers_over_time(
        self, group: str = "year", polarity: str | None = "barrier", overlay: Mapping[str, Overlay] | None = None
    ) -> list[Count]:
        """Return works that name each theme, by ``year``, ``quarter`` or ``month``; copies of a work count once."""
        return trends.barriers_over_time(self.reader, group, polarity, said=decided.decided(self.reader, overlay))

    def most_named(
        self, polarity: str = "barrier", since: int | None = None, until: int | None = None,
        overlay: Mapping[str, Overlay] | None = None,
    ) -> list[Named]:  # fmt: skip
        """Return themes by the works of those years that name them, with who names each; copies count once."""
        return barriers.most_named(self.reader, polarity, since, until, decided.decided(self.reader, overlay))

    def evidence_map(self, rows: str = "care_model", overlay: Mapping[str, Overlay] | None = None) -> list[MapCell]:
        """Return works and findings by ``care_model``, ``programme`` or ``theme`` and outcome."""
        return trends.evidence_map(self.reader, rows, decided.decided(self.reader, overlay))

    def works_over_time(self, group: str = "year") -> dict[str, int]:
        """Return all works by period: what a theme's share is a share of."""
        return counts.works_over_time(self.reader, group)

    def unsure(self, limit: int = 200) -> list[counts.UnsurePair]:
        """Return pairs of documents that may be one work and wait for a person."""
        return counts.unsure(self.reader, limit)

    def held(self, limit: int = 200) -> list[counts.HeldDocument]:
        """Return documents left out as off the field, for a person to let in."""
        return counts.held(self.reader, limit)

    def disagreeing(self, thread: str, overlay: Mapping[str, Overlay] | None = None) -> list[Hit]:
        """Return the claims that point another way than this one."""
        return counts.disagreeing(self.reader, thread, overlay)

    def speakers(self, limit: int = 500) -> Sequence[tuple[str, str, int]]:
        """Return (name, type, claims) of those who are quoted."""
        return counts.speakers(self.reader, limit)

    def promises(self, overlay: Mapping[str, Overlay] | None = None) -> list[PromiseRow]:
        """Return planned figures with the actual ones that answer them."""
        return trends.promises(self.reader, overlay)

    def disagreements(self, overlay: Mapping[str, Overlay] | None = None) -> list[DisagreementRow]:
        """Return pairs of claims that point different ways on one outcome."""
        return trends.disagreements(self.reader, overlay)

    def theme(self, code: str, overlay: Mapping[str, Overlay] | None = None) -> ThemeView:
        """Return one theme over time, who names it, its newest claims."""
        return trends.theme(self.reader, code, decided.decided(self.reader, overlay))

    def speaker(self, name: str, overlay: Mapping[str, Overlay] | None = None) -> SpeakerView:
        """Return what one speaker says. Raises UsageError where nobody of that name is quoted."""
        return trends.speaker(self.reader, name, overlay)

    def runs(self, limit: int = 50) -> list[RunRow]:
        """Return the last runs, newest first."""
        return trends.runs(self.reader, limit)

    def sources(self) -> list[SourceRow]:
        """Return the sources and how each is doing."""
        return trends.sources(self.reader)

    def source_history(self) -> list[dict[str, Any]]:
        """Return every run's row of every source, oldest first: what ``sources health`` judges."""
        return trends.source_history(self.reader)

    def stats(self) -> Stats:
        """Return counts over the base."""
        return trends.stats(self.reader, self.snapshot)


def open_base(home: Home, as_of: date | None = None) -> Base:
    """Open the snapshot in force, or the one that answered on a day.

    Raises NoBaseError, with what to run, where there is none; DamagedError naming the file where one is missing, cut
    or (bases up to 1 GB; larger ones: ``claimwatch check``) holds another byte than was published.
    """
    snapshot = snapshots.as_of(home, as_of) if as_of else snapshots.current(home)
    if sum(size for size, _ in snapshot.files.values()) <= WHOLE_CHECK_MAX_BYTES:
        snapshots.check_content(home, snapshot)
    else:
        snapshots.check_sizes(home, snapshot)
    return Base(home, snapshot)
