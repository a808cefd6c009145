"""What to fetch and when: one SQLite table (WAL), every step a transaction, so that a kill at any point loses nothing.

States: queued, leased, done (due again later), retry (after a failure), gone, blocked, quiet (looked at no more),
quarantined (never again without a person). A page is leased, fetched, kept in raw/ and the ledger, and only then done:
a crash between costs a repeated fetch at most. Order is by arrival and the ledger's numbers, never by clock; times are
seconds since 1970 (UTC), passed in.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from crawlers.adapters.base import Request
from crawlers.erased import forget, is_erased, read_erased
from crawlers.fate import REDONE, Added, Fate, Page, joined_hints, page_of, signals, what_follows
from crawlers.full import connect
from crawlers.schedule import HOST_CAP_S, breaker_wait_s, due_after, next_wait_s
from crawlers.urls import normalise, site_of

if TYPE_CHECKING:
    from crawlers.sources import Revisit

LEASE_S = 900.0
_SCHEMA = Path(__file__).with_name("frontier.sql")


class Frontier:
    """The table, for one run. Use from one thread."""

    def __init__(self, path: Path, run: int, *, retry_first_s: float = 5.0, max_tries: int = 3) -> None:
        self.run, self.retry_first_s, self.max_tries = run, retry_first_s, max_tries
        self._db = connect(path)
        self._db.row_factory = sqlite3.Row
        self._db.execute("pragma journal_mode = wal")
        self._db.execute(
            "pragma synchronous = normal"
        )  # a lost commit is a repeated fetch; the ledger is what is synced
        self._db.executescript(_SCHEMA.read_text(encoding="utf-8"))
        self._erased = read_erased(self._db)

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        if self._db.in_transaction:  # within another step of the same act
            yield self._db
            return
        self._db.execute("begin immediate")
        try:
            yield self._db
        except BaseException:
            if self._db.in_transaction:  # on a full disk SQLite may have ended it itself
                self._db.execute("rollback")
            raise
        self._db.execute("commit")

    def begin(self, now_s: float) -> None:
        """Take back what a killed run had leased, and bound waits that a jumping clock made too long.

        The run lock lets one crawl write, so a lease of another run is of one that is no more.
        """
        with self._transaction() as db:
            db.execute(
                "update page set state = 'queued', lease_until = null where state = 'leased'"
                " and (lease_run <> ? or lease_until <= ? or lease_until > ?)",
                [self.run, now_s, now_s + LEASE_S],
            )
            db.execute("update host set not_before = min(not_before, ?)", [now_s + HOST_CAP_S])
            db.execute("update page set due = ? where state = 'retry' and due > ?", [now_s, now_s + HOST_CAP_S])
        self.wake(now_s)

    def wake(self, now_s: float) -> int:
        """Queue what is due; return how many pages that is."""
        with self._transaction() as db:
            cursor = db.execute(
                "update page set state = 'queued' where state in ('done', 'retry', 'gone', 'blocked') and due <= ?",
                [now_s],
            )
            return cursor.rowcount

    def add(self, source: str, requests: Sequence[Request], now_s: float) -> Added:
        """Note what ``source`` listed. Known pages keep their schedule, unless the listing says that they changed."""
        keys, queued = [], 0
        with self._transaction():
            for request in requests:
                key = normalise(request.url)
                keys.append(key)
                queued += self._add(source, key, request, now_s)
        return Added(tuple(dict.fromkeys(keys)), queued)

    def erase(self, tombstones: Sequence[str]) -> int:
        """Forget the pages that ``tombstones`` reach and never take them in again; return how many pages that was."""
        with self._transaction() as db:
            count = forget(db, tombstones)
        self._erased |= set(tombstones)
        return count

    def is_erased(self, url: str) -> bool:
        """Tell whether a person erased this address, or its whole site."""
        return is_erased(url, self._erased)

    def _add(self, source: str, key: str, request: Request, now_s: float) -> bool:
        if self.is_erased(request.url):
            return False
        known = self._db.execute(
            "select n, url, state, last_run, hints from page where source = ? and role = ? and key = ?",
            [source, request.role, key],
        ).fetchone()
        packed = [json.dumps(dict(part), default=str) for part in (request.hints, request.state, request.headers)]
        if known is None:
            self._db.execute(
                "insert into page (source, key, url, site, role, state, due, listed_run, listed_at, first_seen, hints,"
                " state_json, headers) values (?, ?, ?, ?, ?, 'queued', ?, ?, ?, ?, ?, ?, ?)",
                [source, key, request.url, site_of(request.url), request.role, now_s, self.run, now_s, now_s, *packed],
            )
            return True
        old = json.loads(known["hints"])
        packed[0] = json.dumps(joined_hints(old, request, known["url"]), default=str)
        self._db.execute(
            "update page set listed_run = ?, listed_at = ?, hints = ?, state_json = ?, headers = ? where n = ?",
            [self.run, now_s, *packed, known["n"]],
        )
        again = request.role in REDONE or signals(old) != signals(request.hints)
        if not again or known["last_run"] == self.run or known["state"] in ("leased", "quarantined"):
            return bool(known["state"] == "queued")
        self._db.execute("update page set state = 'queued', due = ?, tries = 0 where n = ?", [now_s, known["n"]])
        return True

    def sites(self) -> list[str]:
        """Return the hosts with a page queued, in order of arrival."""
        rows = self._db.execute(
            "select site from page where state = 'queued' and site <> ':0' group by site order by min(n)"
        )
        return [row["site"] for row in rows]

    def lease(self, site: str, now_s: float, *, without: Sequence[str] = ()) -> Page | None:
        """Lease the next queued page of ``site``, but of the sources in ``without``; None where there is none.

        Listings first, then pages never fetched, then those whose last fetch lies furthest back.
        """
        with self._transaction() as db:
            row = db.execute(
                "select * from page where site = ? and state = 'queued'"
                " and source not in (select value from json_each(?)) order by role = 'document', coalesce(seq, 0), n"
                " limit 1",
                [site, json.dumps(list(without))],
            ).fetchone()
            if row is None:
                return None
            db.execute(
                "update page set state = 'leased', lease_until = ?, lease_run = ? where n = ?",
                [now_s + LEASE_S, self.run, row["n"]],
            )
        return page_of(row)

    def settle(
        self, page: Page, fate: Fate, now_s: float, revisit: Revisit, found: Sequence[Request] = ()
    ) -> Added:  # fmt: skip
        """Close a lease once the fetch is in the ledger, and note what the page listed, in one transaction."""
        with self._transaction() as db:
            row = db.execute("select * from page where n = ?", [page.n]).fetchone()
            changes = what_follows(
                row, fate, now_s, revisit, max_tries=self.max_tries, retry_first_s=self.retry_first_s
            )
            self._host_result(page.site, fate, now_s)
            db.execute(
                "update page set lease_until = null, last_run = ?, seq = ?, fetched_at = ?, reason = ?, state = ?,"
                " due = ?, tries = ? where n = ?",
                [self.run, fate.seq, now_s, fate.reason, changes.state, changes.due, changes.tries, page.n],
            )
            if fate.outcome == "ok":
                db.execute(
                    "update page set etag = ?, last_modified = ?, body_sha256 = ?, final_url = ?, quiet_wait_s = ?,"
                    " quiet_changed_at = changed_at, wait_s = ?, changed_at = ? where n = ?",
                    [fate.etag, fate.last_modified, fate.body_sha256, fate.final_url,
                     next_wait_s(row["wait_s"], revisit) if row["wait_s"] else None, changes.wait_s, now_s, page.n],
                )  # fmt: skip
            elif fate.outcome == "unchanged":
                db.execute(
                    "update page set etag = coalesce(?, etag), last_modified = coalesce(?, last_modified), wait_s = ?"
                    " where n = ?",
                    [fate.etag, fate.last_modified, changes.wait_s, page.n],
                )
            return self.add(page.source, found, now_s)

    def _host_result(self, site: str, fate: Fate, now_s: float) -> None:
        if fate.failed_host or fate.wait_s is not None:
            failures = self.failures(site) + fate.failed_host
            wait_s = max(fate.wait_s or 0.0, breaker_wait_s(failures) if fate.failed_host else 0.0)
            self.hold(site, now_s + wait_s, failures, fate.reason)
        elif fate.outcome in ("ok", "unchanged", "gone") and self.failures(site):
            self.hold(site, 0.0, 0, None)

    def hold(self, site: str, until_s: float, failures: int, why: str | None) -> None:
        """Leave a host alone until a time; kept over restarts."""
        with self._transaction() as db:
            db.execute(
                "insert into host (site, not_before, failures, why) values (?, ?, ?, ?) on conflict (site) do update"
                " set not_before = excluded.not_before, failures = excluded.failures, why = excluded.why",
                [site, until_s, failures, why],
            )

    def failures(self, site: str) -> int:
        """Return how many requests to a host failed in a row."""
        row = self._db.execute("select failures from host where site = ?", [site]).fetchone()
        return int(row["failures"]) if row else 0

    def not_before(self, site: str) -> float:
        """Return the time before which a host is left alone, 0 where it may be asked now."""
        row = self._db.execute("select not_before from host where site = ?", [site]).fetchone()
        return float(row["not_before"]) if row else 0.0

    def next_retry(self) -> float | None:
        """Return when the soonest failed page may be tried again, or None."""
        row = self._db.execute("select min(due) as due from page where state = 'retry'").fetchone()
        return None if row["due"] is None else float(row["due"])

    def note_text(self, url: str, changed: bool, now_s: float, *, seq: int | None = None) -> None:
        """Say whether the last body at ``url`` (of ledger line ``seq``) held new text; if not, it was a quiet look."""
        if changed:
            return
        with self._transaction() as db:
            rows = db.execute(
                "select n, quiet_wait_s, fetched_at from page where key = ? and state = 'done'"
                " and quiet_wait_s is not null and seq = coalesce(?, seq)",
                [normalise(url), seq],
            ).fetchall()
            for row in rows:
                db.execute(
                    "update page set wait_s = quiet_wait_s, changed_at = quiet_changed_at, quiet_wait_s = null, due = ?"
                    " where n = ?",
                    [due_after(row["fetched_at"] or now_s, row["quiet_wait_s"]), row["n"]],
                )

    def left(self, source: str) -> dict[str, int]:
        """Return how many documents of a source are queued, by host."""
        rows = self._db.execute(
            "select site, count(*) as pages from page where source = ? and role = 'document' and state = 'queued'"
            " group by site",
            [source],
        )
        return {row["site"]: row["pages"] for row in rows}

    def listed_since(self, source: str, since_s: float) -> int:
        """Return how many documents the source listed at or after a time."""
        row = self._db.execute(
            "select count(*) as pages from page where source = ? and role = 'document' and listed_at >= ?",
            [source, since_s],
        ).fetchone()
        return int(row["pages"])

    def strangers(self, names: Sequence[str]) -> list[str]:
        """Return the sources that have pages queued but are not among ``names``."""
        rows = self._db.execute(
            "select distinct source from page where state = 'queued'"
            " and source not in (select value from json_each(?))",
            [json.dumps(list(names))],
        )
        return [row["source"] for row in rows]

    def take(self, source: str, url: str, now_s: float) -> Page:
        """Lease the document at ``url``, due or not: what a folder holds is there to be read on every run."""
        with self._transaction() as db:
            row = db.execute(
                "select * from page where source = ? and role = 'document' and key = ?", [source, normalise(url)]
            ).fetchone()
            db.execute(
                "update page set state = 'leased', lease_until = ?, lease_run = ? where n = ?",
                [now_s + LEASE_S, self.run, row["n"]],
            )
        return page_of(row)

    def unlisted(self, source: str) -> list[Page]:
        """Return the documents that were there before and that this run did not list."""
        rows = self._db.execute(
            "select * from page where source = ? and role = 'document' and listed_run <> ? and state <> 'gone'",
            [source, self.run],
        )
        return [page_of(row) for row in rows]

    def robots(self, origin: str) -> tuple[bytes, float] | None:
        """Return the last good robots.txt of an origin and when it was read."""
        row = self._db.execute("select body, at from robots where origin = ?", [origin]).fetchone()
        return (bytes(row["body"]), float(row["at"])) if row else None

    def keep_robots(self, origin: str, body: bytes, now_s: float) -> None:
        """Keep a good robots.txt for a day on which the origin can't be reached."""
        with self._transaction() as db:
            db.execute("insert or replace into robots (origin, body, at) values (?, ?, ?)", [origin, body, now_s])

    def close(self) -> None:
        """Close the file."""
        self._db.close()
