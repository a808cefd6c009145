"""People's decisions, corrections and saved searches: append-only, durable before anyone is told "saved".

The only part of a base that cannot be rebuilt, so the nightly run never writes it. A decision hangs on a
claim's thread (or a document's id) and keeps the quote that the person saw, so that it survives a re-crawl
and shows for another look where the sentence has changed since. Undoing is one more line, not a deletion.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from warehouse.errors import ClaimwatchError, DiskFullError, UsageError

SCHEMA = """
create table if not exists event (
    seq integer primary key autoincrement, at text not null, by text not null, what text not null,
    subject text not null, field text not null, value text, note text, quote text
);
create index if not exists event_subject on event (what, subject);
"""
BUSY_TIMEOUT_S = 10
NAME_MAX_CHARS = 80


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision in force: ``field`` is kind, direction, verdict, note, ``theme:<code>``, … of ``subject``."""

    seq: int
    at: str
    by: str
    subject: str
    field: str
    value: str | None
    note: str | None
    quote: str | None


@dataclass(frozen=True, slots=True)
class Overlay:
    """What people say of one claim or document: the last value of each field, and where they differ."""

    values: Mapping[str, Decision] = field(default_factory=dict)
    conflicts: Mapping[str, tuple[Decision, ...]] = field(default_factory=dict)

    def value(self, name: str) -> str | None:
        """Return a field's value by a person, or None."""
        decision = self.values.get(name)
        return decision.value if decision else None


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """A named search: the query as typed, its filters, and whether new hits raise an alert.

    ``mode`` is how it was looked at; what is new is told by words, which alone can say that a claim wasn't there.
    """

    name: str
    query: str
    filters: Mapping[str, Any]
    by: str
    at: str
    watch: bool = False
    mode: str = "words"


class People:
    """The store of one base. Each call opens its own connection, so any number of threads may share it."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @contextmanager
    def _connect(self) -> Iterator[sqlite3.Connection]:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with closing(sqlite3.connect(self.path, timeout=BUSY_TIMEOUT_S)) as con:
                con.execute("pragma journal_mode=wal")
                con.execute("pragma synchronous=full")
                con.executescript(SCHEMA)
                with con:
                    yield con
        except sqlite3.OperationalError as error:
            if "full" in str(error):
                raise DiskFullError(f"{self.path}: the disk is full; nothing was saved") from error
            raise ClaimwatchError(f"{self.path}: {error}; try again") from error
        except sqlite3.DatabaseError as error:
            raise ClaimwatchError(f"{self.path}: not readable ({error}); `claimwatch restore` a backup") from error

    def _append(
        self, now: datetime, by: str, what: str, subject: str, name: str, value: str | None,
        note: str | None = None, quote: str | None = None,
    ) -> int:  # fmt: skip
        row = (now.isoformat(), check_name(by), what, subject, name, value, note, quote)
        with self._connect() as con:
            done = con.execute(
                "insert into event (at, by, what, subject, field, value, note, quote) values (?,?,?,?,?,?,?,?)", row
            )
            return int(done.lastrowid or 0)

    def decide(
        self, now: datetime, by: str, subject: str, field: str, value: str | None, *,
        note: str | None = None, quote: str | None = None,
    ) -> int:  # fmt: skip
        """Record a decision on a claim thread or document; durable on return. Returns its sequence number."""
        return self._append(now, by, "decision", subject, field, value, note, quote)

    def undo(self, now: datetime, by: str, seq: int) -> int:
        """Take a decision back (a person may only undo their own); it stays in the record."""
        with self._connect() as con:
            row = con.execute("select by from event where seq = ? and what = 'decision'", (seq,)).fetchone()
        if row is None or row[0] != by:
            raise UsageError(f"decision {seq} is not one of {by}'s; see `claimwatch review CLAIM --history`")
        return self._append(now, by, "undo", str(seq), "", None)

    def decisions(self, subject: str | None = None, *, undone: bool = False) -> list[Decision]:
        """Return decisions in order; those taken back only where ``undone`` is true."""
        with self._connect() as con:
            rows = con.execute(
                "select seq, at, by, subject, field, value, note, quote from event where what = 'decision'"
                " and (? is null or subject = ?) and (? or seq not in"
                " (select cast(subject as integer) from event where what = 'undo')) order by seq",
                (subject, subject, undone),
            ).fetchall()
        return [Decision(*row) for row in rows]

    def overlay(self, subject: str | None = None) -> dict[str, Overlay]:
        """Return what people say, by subject: each person's last word a field, the last of all on top."""
        latest: dict[str, dict[str, dict[str, Decision]]] = {}
        for decision in self.decisions(subject):
            fields = latest.setdefault(decision.subject, {}).setdefault(decision.field, {})
            fields.pop(decision.by, None)
            fields[decision.by] = decision
        return {name: _overlay(fields) for name, fields in latest.items()}

    def save_search(
        self, now: datetime, by: str, name: str, query: str, filters: Mapping[str, Any], *, watch: bool = False,
        mode: str = "words",
    ) -> None:  # fmt: skip
        """Keep a search under ``name``; saving it again replaces it (the old one stays in the record)."""
        value = json.dumps({"query": query, "filters": dict(filters), "watch": watch, "mode": mode}, ensure_ascii=False)
        self._append(now, by, "saved", check_name(name), "", value)

    def remove_saved(self, now: datetime, by: str, name: str) -> None:
        """Remove a saved search. Raises UsageError where there is none of that name."""
        self.saved_search(name)
        self._append(now, by, "saved", name, "", None)

    def rename_saved(self, now: datetime, by: str, name: str, to: str) -> None:
        """Keep a saved search under another name, with what was seen of it.

        Raises UsageError where there is none of that name, or one of the new name already.
        """
        kept, to = self.saved_search(name), check_name(to)
        if to != name and to in {search.name for search in self.saved()}:
            raise UsageError(f"there is a saved search {to!r} already; choose another name, or remove that one")
        self.save_search(now, by, to, kept.query, kept.filters, watch=kept.watch, mode=kept.mode)
        for key, value in self.recall(f"seen:{name}").items():
            self.remember(now, by, f"seen:{to}", key, value)
        if to != name:
            self.remove_saved(now, by, name)

    def saved(self) -> list[SavedSearch]:
        """Return the saved searches in force, by name."""
        with self._connect() as con:
            rows = con.execute("select subject, value, by, at from event where what = 'saved' order by seq").fetchall()
        latest = {name: (value, by, at) for name, value, by, at in rows}
        found = []
        for name, (value, by, at) in sorted(latest.items()):
            if value is not None:
                kept = json.loads(value)
                found.append(
                    SavedSearch(
                        name, kept["query"], kept["filters"], by, at, bool(kept.get("watch")), kept.get("mode", "words")
                    )
                )
        return found

    def saved_search(self, name: str) -> SavedSearch:
        """Return one saved search. Raises UsageError naming those that there are."""
        every = {search.name: search for search in self.saved()}
        if name not in every:
            raise UsageError(f"no saved search {name!r}; there are: {', '.join(every) or 'none yet'}")
        return every[name]

    def remember(self, now: datetime, by: str, name: str, key: str, value: str) -> None:
        """Keep a small value of a person's (column set, what a watch last saw) under ``name`` and ``key``."""
        self._append(now, by, "memory", name, key, value)

    def recall(self, name: str) -> dict[str, str]:
        """Return the last value of each key under ``name``."""
        with self._connect() as con:
            rows = con.execute(
                "select field, value from event where what = 'memory' and subject = ? order by seq", (name,)
            ).fetchall()
        return dict(rows)

    def backup(self, to: Path) -> None:
        """Write a consistent copy to ``to``, also while people are deciding."""
        with self._connect() as con, closing(sqlite3.connect(to)) as copy:
            con.backup(copy)

    def restore(self, copy: Path, *, force: bool = False) -> Path | None:
        """Put a backup in force; what was there is kept beside it. Returns where, or None."""
        with closing(sqlite3.connect(f"file:{copy}?mode=ro", uri=True)) as con:
            try:
                con.execute("select count(*) from event").fetchone()
            except sqlite3.DatabaseError as error:
                raise UsageError(f"{copy}: not a backup of ours ({error})") from error
        kept = None
        if self.path.exists():
            if self.decisions(undone=True) and not force:
                raise UsageError(f"{self.path}: holds decisions; add --force to replace them (a copy is kept)")
            kept = self.path.with_suffix(".before-restore.sqlite")
            kept.unlink(missing_ok=True)
            self.backup(kept)
            for tail in ("", "-wal", "-shm"):
                Path(f"{self.path}{tail}").unlink(missing_ok=True)
        self.path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(copy, self.path)
        return kept


def _overlay(fields: Mapping[str, Mapping[str, Decision]]) -> Overlay:
    values, conflicts = {}, {}
    for name, by_person in fields.items():
        decisions = sorted(by_person.values(), key=lambda decision: decision.seq)
        values[name] = decisions[-1]
        if name != "note" and len({decision.value for decision in decisions}) > 1:
            conflicts[name] = tuple(decisions)
    return Overlay(values, conflicts)


def is_rejected(said: Overlay | None) -> bool:
    """Whether a person's last word on a claim is that it is no evidence: it leaves counts and tables."""
    return said is not None and said.value("verdict") == "reject"


def check_name(name: str) -> str:
    """Return a person's or search's name, trimmed. Raises UsageError where it is empty, long or unprintable."""
    name = name.strip()
    if not name or len(name) > NAME_MAX_CHARS or not name.isprintable():
        raise UsageError(f"a name has 1 to {NAME_MAX_CHARS} printable characters; this one is {name[:40]!r}")
    return name
