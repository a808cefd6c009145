"""The only writes to the working database. One process, one Store; every method is one transaction."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt

from warehouse import erasing, store_links, store_load, store_reads, store_tags
from warehouse.commits import begin_anew
from warehouse.compact import compact_store
from warehouse.errors import ClaimwatchError
from warehouse.home import Home
from warehouse.memo import Memo
from warehouse.migrate import as_ours, connect, create, migrate
from warehouse.models import Annotation, Change, Document, Fetch, Span, Storage
from warehouse.rows import append, as_json, column
from warehouse.store_links import EchoRow, Pair
from warehouse.store_load import Loaded, Loading
from warehouse.store_tags import Untagged
from warehouse.times import utc
from warehouse.writer import Writer


class Store(Writer):
    """The writer's side of a base. Use as a context manager; the caller holds the run lock."""

    def __init__(self, con: duckdb.DuckDBPyConnection, path: Path, migrated_copy: Path | None = None) -> None:
        super().__init__(con, path)
        self.migrated_copy = migrated_copy
        self.memo = Memo(con)

    @classmethod
    def open(cls, home: Home) -> Store:
        """Open, or make, the home's working database; an older one is migrated after a copy is kept.

        Raises BaseTooNewError, BusyError (another process writes), DamagedError, DiskFullError.
        """
        home.make()
        if not home.work.exists():
            begin_anew(home.work)
            create(home.work)
        con = connect(home.work, home.root)
        try:
            return cls(con, home.work, migrate(con, home.work))
        except (duckdb.Error, ClaimwatchError) as error:
            con.close()
            raise as_ours(error, home.work) if isinstance(error, duckdb.Error) else error from error

    def close(self) -> None:
        """Write what is buffered, fold the log into the file, close."""
        try:
            with self.transaction():
                self.memo.flush()
            self.checkpoint()
            blanked = bool(column(self.con, "select 1 from setting where name = 'blanked'"))
        except duckdb.Error as error:
            raise as_ours(error, self.path) from error
        finally:
            self._let_go()
        if blanked:
            compact_store(self.path)

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self.close()
        else:
            self._let_go()

    # -- runs and sources

    def begin_run(
        self,
        command: str,
        now: datetime,
        settings: Mapping[str, Any] | None = None,
        versions: Mapping[str, str] | None = None,
    ) -> int:
        """Record the start of a run; return its number."""
        with self.transaction():
            run = int(column(self.con, "select coalesce(max(seq), 0) + 1 from run")[0])
            row = {"seq": run, "command": command, "started": utc(now), "settings": as_json(dict(settings or {}))}
            append(self.con, "run", [{**row, "versions": as_json(dict(versions or {}))}])
        return run

    def end_run(
        self, run: int, ended: datetime, exit_code: int, counts: Mapping[str, Any] | None = None,
        warnings: Sequence[str] = (),
    ) -> None:  # fmt: skip
        """Record how a run ended."""
        values = [utc(ended), exit_code, as_json(dict(counts or {})), as_json(list(warnings)), run]
        update = "update run set ended = ?, exit_code = ?, counts = ?, warnings = ? where seq = ?"
        self._one(lambda: self.con.execute(update, values))

    def put_run_sources(self, run: int, rows: Sequence[Mapping[str, Any]]) -> None:
        """Record what a run did at each source (columns of ``run_source`` but ``run``), anew."""
        packed = [{**row, "run": run, "failures": as_json(row.get("failures"))} for row in rows]
        with self.transaction():
            self.con.execute("delete from run_source where run = ?", [run])
            append(self.con, "run_source", packed)

    def put_sources(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Replace the table of sources (columns of ``source``; ``config`` as a mapping)."""
        with self.transaction():
            self.con.execute("delete from source")
            append(self.con, "source", [{**row, "config": as_json(row["config"]) or "{}"} for row in rows])

    # -- loading

    def last_loaded_seq(self) -> int:
        """Return the sequence number of the last ledger line that is in the store."""
        found = column(self.con, "select value from setting where name = 'loaded_seq'")
        return int(found[0]) if found else 0

    def load_fetch(
        self, fetch: Fetch, documents: Sequence[Document], *, storage: Storage = "full", extractor: str = ""
    ) -> Loaded:
        """Load one ledger line; see ``load_fetches``."""
        return self.load_fetches([Loading(fetch, documents, storage, extractor)])

    def load_fetches(self, batch: Sequence[Loading]) -> Loaded:
        """Load ledger lines, in their order, in one transaction with the last sequence number. Idempotent."""
        with self.transaction():
            loaded = store_load.load(self.con, batch)
            self._set_loaded(max((loading.fetch.seq for loading in batch), default=0))
        return loaded

    def ledger_mark(self) -> str | None:
        """Return the place in the ledger up to which it was loaded, as ``LedgerTail`` names it."""
        found = column(self.con, "select value from setting where name = 'ledger_mark'")
        return str(found[0]) if found else None

    def mark_loaded(self, seq: int, mark: str | None = None) -> None:
        """Record that every ledger line up to ``seq`` is dealt with (lines that bring nothing), and where it ends."""
        with self.transaction():
            self._set_loaded(seq)
            if mark is not None and mark != self.ledger_mark():
                self.con.execute("delete from setting where name = 'ledger_mark'")
                append(self.con, "setting", [{"name": "ledger_mark", "value": mark}])

    def _set_loaded(self, seq: int) -> None:
        if seq > self.last_loaded_seq():
            self.con.execute("delete from setting where name = 'loaded_seq'")
            append(self.con, "setting", [{"name": "loaded_seq", "value": str(seq)}])

    def dois(self) -> list[str]:
        """Return the DOIs of the documents held, each once."""
        return column(self.con, "select distinct lower(doi) as doi from document where doi is not null order by doi")

    def last_bodies(self, fetches: Sequence[Fetch]) -> dict[int, str]:
        """Return, by sequence number, the hash of the body last read for each fetch's page, where there is one."""
        return store_reads.last_bodies(self.con, fetches)

    def outdated(self, batch: Sequence[Loading], extractor: str) -> list[Fetch]:
        """Return the fetches whose bodies must be read again by ``extractor`` before ``batch`` is loaded."""
        return store_reads.outdated(self.con, batch, extractor)

    def quiet_fetches(self, after_seq: int) -> list[tuple[int, str]]:
        """Return number and address of the later fetches whose new body held the same text as before."""
        return store_reads.quiet_fetches(self.con, after_seq)

    def bodies_of(self, sources: Sequence[str], roles: Sequence[str]) -> list[str]:
        """Return the hashes of bodies fetched for these sources and roles alone."""
        return store_reads.bodies_of(self.con, sources, roles)

    def settled_bodies(self, sources: Sequence[str], roles: Sequence[str]) -> list[str]:
        """Return ``bodies_of``, without those whose text is still kept whole because it waits to be tagged."""
        return store_reads.settled_bodies(self.con, sources, roles)

    # -- tagging

    def untagged(self, tagger: str, *, batch: int = 64) -> Iterator[list[Untagged]]:
        """Yield batches of versions not tagged by ``tagger``, oldest first; write between batches freely."""
        return store_tags.untagged(self.con, tagger, batch)

    def put_annotated(
        self, version_id: str, annotations: Sequence[Annotation], vectors: npt.NDArray[np.float32], tagger: str, *,
        threads: Mapping[Span, str] | None = None,
    ) -> None:  # fmt: skip
        """Replace all that was found in a version. ``vectors``: float32 [n, 384], one an annotation, unit length.

        Spans are offsets in the version's text; a comment's are offsets in ``whole_text(text, comments)``.
        ``threads`` gives the thread of a claim's span; a claim without one begins a thread.
        """
        with self.transaction():
            self.memo.flush()
            store_tags.put(self.con, version_id, annotations, vectors, tagger, threads or {})

    def latest_two(self, document: str) -> Pair | None:
        """Return the last two showings of a document with their annotations, or None where there is only one."""
        return store_links.latest_two(self.con, document)

    def pairs_to_compare(self) -> Iterator[Pair]:
        """Yield each pair of neighbouring showings, both tagged, not compared yet; a document's follow each other."""
        return store_links.pairs_to_compare(self.con)

    def put_changes(
        self, pair: Pair, changes: Sequence[Change], run: int, *, threads: Mapping[Span, str] | None = None
    ) -> None:
        """Replace the changes between a pair's versions and mark the pair compared."""
        self._one(lambda: store_links.put_changes(self.con, pair, changes, run, threads or {}))

    # -- links over the whole base

    def replace_echoes(self, kind: str, rows: Sequence[EchoRow], unsure: Sequence[tuple[str, str, float]] = ()) -> None:
        """Replace every echo of one kind (copy, near_copy, same_work: members are documents; same_claim: threads)."""
        self._one(lambda: store_links.replace_echoes(self.con, kind, rows, unsure))

    def replace_promises(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Replace the promises (columns of ``promise`` but ``id``)."""
        self._one(lambda: store_links.replace_promises(self.con, rows))

    def replace_disagreements(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Replace the disagreements (columns of ``disagreement`` but ``id``)."""
        self._one(lambda: store_links.replace_disagreements(self.con, rows))

    def set_document_status(
        self, document: str, status: str, relevance: float | None = None, reason: str | None = None
    ) -> None:
        """Record whether a document is live, held, suspect or gone, and the relevance that says so."""
        update = "update document set status = ?, relevance = ?, relevance_reason = ? where id = ?"
        self._one(lambda: self.con.execute(update, [status, relevance, reason, document]))

    def set_relevance(self, document: str, score: float, reason: str, *, held: bool) -> None:
        """Record how much a document is about the field; one that is held leaves search until a person lets it in."""
        update = (
            "update document set relevance = ?, relevance_reason = ?,"
            " status = case when ? then 'held' else status end where id = ?"
        )
        self._one(lambda: self.con.execute(update, [score, reason, held, document]))

    # -- erasing

    def erase_documents(self, documents: Sequence[str], now: datetime, why: str | None = None) -> list[str]:
        """Erase documents and what hangs on them, leave tombstones; return the bodies that nothing needs any more."""
        return self._one(lambda: store_links.erase(self.con, list(documents), utc(now), why))

    def settle_storage(self) -> int:
        """Blank what may not be kept: of an ``excerpt`` source's tagged text all but its claims. Returns versions."""
        return self._one(lambda: store_links.settle_excerpts(self.con))

    def addresses_of(self, documents: Sequence[str]) -> list[str]:
        """Return every address and DOI key that documents go by."""
        known = "select address from alias where document in (select unnest(?::varchar[])) order by address"
        return column(self.con, known, [list(documents)])

    def add_tombstones(self, tombstones: Sequence[str], now: datetime, why: str | None = None) -> None:
        """Note addresses (``domain:HOST`` for a whole site) that may never come back."""
        self._one(lambda: erasing.add_tombstones(self.con, tombstones, utc(now), why))

    def blank_fetches(self, tombstones: Sequence[str]) -> int:
        """Leave of the requests to what is erased only that they were made; return how many there were."""
        return self._one(lambda: erasing.blank_fetches(self.con, tombstones))

    def tombstones(self) -> list[str]:
        """Return the address keys that may never come back."""
        return column(self.con, "select address from tombstone order by address")
