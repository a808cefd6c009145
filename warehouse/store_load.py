"""Fetches into documents, versions and showings: the same ledger always gives the same rows.

A batch is worked out in memory against what the store holds, in ledger order, then written at once. Which
document a body belongs to is decided by its addresses alone (first match wins), so that a re-crawl, a redirect
or a late canonical link meets the document that is there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import duckdb

from warehouse import ids, notices
from warehouse.addresses import address_key, doi_key, same_site
from warehouse.erasing import blocked, tombstones_for
from warehouse.models import Document, Fetch, State, Storage
from warehouse.rows import append, as_json, column, dicts, storable
from warehouse.times import as_date, utc


@dataclass(frozen=True, slots=True)
class Loading:
    """One ledger line and what was read out of its body.

    ``again``: the body was loaded before and is read anew (a newer extractor): the fetch itself is not recorded twice.
    ``about_held``: what was read are records of works held already: noted with those, and no documents themselves.
    """

    fetch: Fetch
    documents: Sequence[Document] = ()
    storage: Storage = "full"
    extractor: str = ""
    demo: bool = False
    again: bool = False
    about_held: bool = False


@dataclass(slots=True)
class Loaded:
    """What a batch added. ``shown`` are (document, version) of each new showing, in order."""

    fetches: int = 0
    documents: int = 0
    versions: int = 0
    shown: list[tuple[str, str]] = field(default_factory=list)
    erased: int = 0


def load(con: duckdb.DuckDBPyConnection, batch: Sequence[Loading]) -> Loaded:
    """Write a batch (ledger order) inside the caller's transaction; lines loaded before are passed over."""
    done = set(column(con, "select seq from fetched where seq in (select unnest(?::bigint[]))", [_seqs(batch)]))
    fresh = [loading for loading in batch if loading.again or loading.fetch.seq not in done]
    desk = _Desk(con, fresh)
    for loading in fresh:
        desk.take(loading)
    desk.write()
    notices.note(con, [document for loading in fresh if loading.about_held for document in loading.documents])
    return desk.loaded


def _seqs(batch: Sequence[Loading]) -> list[int]:
    return [loading.fetch.seq for loading in batch]


class _Desk:
    """The part of the store that one batch touches, in memory."""

    def __init__(self, con: duckdb.DuckDBPyConnection, batch: Sequence[Loading]) -> None:
        self.con = con
        self.loaded = Loaded()
        keys = sorted({key for loading in batch for key in all_keys(loading)})
        self.alias: dict[str, str] = dict(
            con.execute("select address, document from alias where address in (select unnest(?::varchar[]))", [keys])
            .fetchall()
        )  # fmt: skip
        stones = sorted({stone for key in keys for stone in tombstones_for(key)})
        found = column(con, "select address from tombstone where address in (select unnest(?))", [stones])
        self.tombs = blocked(keys, found)
        known = [sorted(set(self.alias.values()))]
        self.documents = {
            row["id"]: row
            for row in dicts(con, "select * from document where id in (select unnest(?::varchar[]))", known)
        }
        self.last: dict[str, tuple[int, str]] = {
            document: (n, version)
            for document, n, version in con.execute(
                "select document, max(n), arg_max(version, n) from showing"
                " where document in (select unnest(?::varchar[])) group by document", known
            ).fetchall()
        }  # fmt: skip
        self.versions = set(
            column(con, "select id from version where document in (select unnest(?::varchar[]))", known)
        )
        self.brought: dict[str, int] = dict(
            con.execute(
                "select document, arg_max(fetch_seq, n) from showing"
                " where document in (select unnest(?::varchar[])) group by document", known
            ).fetchall()
        )  # fmt: skip
        self.renewed: dict[str, str] = {}
        self.old_documents = set(self.documents)
        self.touched: dict[str, None] = {}
        self.new: dict[str, list[dict[str, Any]]] = {"alias": [], "version": [], "showing": [], "fetched": []}

    def take(self, loading: Loading) -> None:
        """Work one ledger line in."""
        fetch, at = loading.fetch, utc(loading.fetch.at)
        shown: list[tuple[str, str]] = []
        for document in () if loading.about_held else loading.documents:
            keys = _keys(document, fetch, alone=len(loading.documents) == 1)
            if self.tombs.intersection(keys):
                self.loaded.erased += 1
                continue
            if loading.again and not self._is_last(keys, fetch):
                continue
            shown.append(self._take_document(document, keys, loading, at))
        if not loading.documents and fetch.role == "document" and not loading.about_held:
            shown += self._take_bare(fetch, at)
        if not loading.again:
            only = shown[0] if len(shown) == 1 else (None, None)
            row = _fetch_row(fetch, at, *only)
            if fetch.role == "document" and self.tombs.intersection(_fetch_keys(fetch)):
                row |= ERASED
            self.new["fetched"].append(row)
            self.loaded.fetches += 1

    def _is_last(self, keys: Sequence[str], fetch: Fetch) -> bool:
        """Whether the last showing of a document came of ``fetch``: an older body read anew shows nothing."""
        doc = next((self.alias[key] for key in keys if key in self.alias), "")
        return self.brought.get(doc) == fetch.seq

    def _take_document(
        self, document: Document, keys: Sequence[str], loading: Loading, at: datetime
    ) -> tuple[str, str]:
        found = next((self.alias[key] for key in keys if key in self.alias), None)
        doc = found or ids.document_id(keys[0])
        for key in keys:
            if key not in self.alias:
                self.alias[key] = doc
                self.new["alias"].append({"address": key, "document": doc})
        row = self.documents.get(doc)
        if row is None:
            row = self.documents[doc] = _document_row(doc, document, loading, at)
            self.loaded.documents += 1
        elif document.suspect:
            return doc, self.last[doc][1]  # the earlier good version stays current
        else:
            _update_row(row, document, at)
        self.touched[doc] = None
        return doc, self._show_states(doc, document, loading, at)

    def _show_states(self, doc: str, document: Document, loading: Loading, at: datetime) -> str:
        states = list(document.states) or [State(document.title, document.text)]
        if (states[-1].text, states[-1].title or document.title) != (document.text, document.title):
            states.append(State(document.title, document.text))
        versions = [ids.version_id(doc, s.title or document.title, s.text) for s in states]
        n, last = self.last.get(doc, (0, None))
        if last in versions:
            first = len(versions) - 1 - versions[::-1].index(last) + 1
        else:
            first = 0 if last is None else len(versions) - 1
        self.renewed |= {version: loading.extractor for version in versions[:first] if version in self.versions}
        for state, version in list(zip(states, versions, strict=True))[first:]:
            self._add_version(version, doc, document, state, loading, at)
            n += 1
            self.new["showing"].append(
                {"document": doc, "n": n, "version": version, "seen_at": at, "fetch_seq": loading.fetch.seq}
            )
            self.last[doc] = (n, version)
            self.loaded.shown.append((doc, version))
        return versions[-1]

    def _add_version(
        self, version: str, doc: str, document: Document, state: State, loading: Loading, at: datetime
    ) -> None:
        if version in self.versions:
            self.renewed[version] = loading.extractor
            return
        self.versions.add(version)
        self.loaded.versions += 1
        current = state.text == document.text
        metadata = loading.storage == "metadata"
        text, title = storable(state.text), state.title or document.title
        self.new["version"].append({
            "id": version, "document": doc, "title": storable(title) if title else None,
            "text": "" if metadata else text,
            "text_sha256": ids.body_sha256(text.encode()), "pages": as_json(document.pages) if current else None,
            "comments": as_json([storable(c) for c in document.comments]) if current and not metadata else None,
            "extractor": loading.extractor, "body_sha256": loading.fetch.body_sha256,
            "declared_at": utc(state.at) if state.at else None, "note": state.note,
            "kept": "metadata" if metadata else "full", "first_seen": at,
        })  # fmt: skip

    def _take_bare(self, fetch: Fetch, at: datetime) -> list[tuple[str, str]]:
        """A request that brought no document: unchanged and gone are news of one that is there."""
        doc = next((self.alias[key] for key in _fetch_keys(fetch) if key in self.alias), None)
        row = self.documents.get(doc or "")
        if doc is None or row is None or fetch.outcome not in ("ok", "unchanged", "gone"):
            return []
        if fetch.outcome == "gone":
            row["status"] = "gone"
        else:
            row["last_seen"] = max(row["last_seen"], at)
            row["status"] = "live" if row["status"] == "gone" else row["status"]
        self.touched[doc] = None
        return [(doc, self.last[doc][1])]

    def write(self) -> None:
        """Write all that the batch changed."""
        changed = [doc for doc in self.touched if doc in self.old_documents]
        self.con.execute("delete from document where id in (select unnest(?::varchar[]))", [changed])
        append(self.con, "document", [self.documents[doc] for doc in self.touched])
        if self.renewed:  # the text is what the newest extractor gives too, so later texts of it compare with this one
            self.con.executemany(
                "update version set extractor = ? where id = ? and extractor <> ?",
                [[extractor, version, extractor] for version, extractor in sorted(self.renewed.items())],
            )
        for table, rows in self.new.items():
            append(self.con, table, rows)


def _document_row(doc: str, document: Document, loading: Loading, at: datetime) -> dict[str, Any]:
    row: dict[str, Any] = {
        "id": doc, "source": loading.fetch.source, "url": document.url, "kind": document.kind,
        "storage": loading.storage, "status": "suspect" if document.suspect else "live", "demo": loading.demo,
        "authors": [], "first_seen": at, "last_seen": at,
    }  # fmt: skip
    _update_row(row, document, at)
    if document.suspect:
        row["status"], row["relevance_reason"] = "suspect", document.suspect
    return row


def _update_row(row: dict[str, Any], document: Document, at: datetime) -> None:
    """What the newest body says wins; what it is silent about stays."""
    said: dict[str, Any] = {
        "title": document.title, "published": as_date(document.published), "updated": as_date(document.updated),
        "authors": list(document.authors), "publisher": document.publisher, "language": document.language,
        "licence": document.licence, "doi": document.doi, "canonical_url": document.canonical_url,
        "peer_reviewed": document.peer_reviewed,
        "history": as_json(document.history), "extra": as_json(notices.carried(document.extra, row.get("extra"))),
    }  # fmt: skip
    for name, value in said.items():
        if value is not None and value != []:
            row[name] = storable(value) if isinstance(value, str) else value
    row["last_seen"] = max(row["last_seen"], at)
    if row["status"] in ("gone", "suspect"):
        row["status"], row["relevance_reason"] = "live", None


def _fetch_row(fetch: Fetch, at: datetime, doc: str | None, version: str | None) -> dict[str, Any]:
    return {
        "seq": fetch.seq, "run": fetch.run, "source": fetch.source, "url": fetch.url, "final_url": fetch.final_url,
        "seen_at": at, "status": fetch.status, "outcome": fetch.outcome, "role": fetch.role,
        "headers": as_json(fetch.headers), "hints": as_json(fetch.hints),
        "body_sha256": fetch.body_sha256, "bytes": fetch.bytes, "reason": fetch.reason, "document": doc,
        "version": version,
    }  # fmt: skip


# What stays of a request for a page that was erased: that there was one.
ERASED: dict[str, Any] = {
    "url": "", "final_url": "", "headers": None, "hints": None, "reason": "erased", "document": None, "version": None,
}  # fmt: skip


def _keys(document: Document, fetch: Fetch, *, alone: bool) -> list[str]:
    """The keys of a document, the surest first; the first one makes a new document's id."""
    keys = [address_key(document.url)]
    if alone and fetch.role == "document":
        keys += _fetch_keys(fetch)
    if document.canonical_url and same_site(document.canonical_url, document.url):
        keys.append(address_key(document.canonical_url))
    keys += [address_key(alias) for alias in document.aliases if same_site(alias, document.url)]
    if document.doi:
        # Two sources' records of one work are an echo (same_work), not two states of one document.
        keys.append(f"{doi_key(document.doi)} {fetch.source}")
    return list(dict.fromkeys(keys))


def _fetch_keys(fetch: Fetch) -> list[str]:
    return [address_key(fetch.url), address_key(fetch.final_url or fetch.url)]


def all_keys(loading: Loading) -> list[str]:
    """Return every key that a ledger line and its documents may go by."""
    keys = _fetch_keys(loading.fetch)
    for document in loading.documents:
        keys += _keys(document, loading.fetch, alone=True)
    return keys
