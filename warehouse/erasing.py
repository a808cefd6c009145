"""What a person's ``erase`` reaches: one address, or a site with all below it; and the tombstones that keep it away."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from urllib.parse import urlsplit

import duckdb

from warehouse.addresses import address_key
from warehouse.errors import UsageError
from warehouse.rows import append, column

DOMAIN = "domain:"
_HOST = re.compile(r"(?=.{1,253}$)[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63})+", re.IGNORECASE)


def tombstone_of(pattern: str) -> str:
    """Return the tombstone that stands for ``pattern``: an address's key, or ``domain:HOST``.

    Raises UsageError where it is neither an address (http, https, local) nor a domain.
    """
    pattern = pattern.strip()
    if pattern.startswith(("http://", "https://", "local:")) and address_key(pattern):
        return address_key(pattern)
    if _HOST.fullmatch(pattern):
        return DOMAIN + pattern.lower().removeprefix("www.")
    raise UsageError(f"{pattern!r} is neither an address (https://…) nor a domain (example.org); nothing was erased")


def tombstones_for(key: str) -> list[str]:
    """Return every tombstone that would keep ``key`` away: its own, and those of its host and the domains above it."""
    try:
        host = (urlsplit(key).hostname or "").lower().removeprefix("www.") if "://" in key else ""
    except ValueError:
        host = ""
    labels = host.split(".") if host else []
    return [key, *(DOMAIN + ".".join(labels[n:]) for n in range(len(labels)))]


def blocked(keys: Iterable[str], tombstones: Iterable[str]) -> set[str]:
    """Return those of ``keys`` that a tombstone keeps away."""
    known = set(tombstones)
    return {key for key in keys if known.intersection(tombstones_for(key))}


def reached(con: duckdb.DuckDBPyConnection, tombstone: str) -> list[str]:
    """Return the ids of the documents at an address, or on a domain, by any of their addresses."""
    rows = con.execute("select address, document from alias").fetchall()
    return sorted({document for address, document in rows if tombstone in tombstones_for(address)})


def add_tombstones(con: duckdb.DuckDBPyConnection, tombstones: Sequence[str], at: datetime, why: str | None) -> None:
    """Note tombstones, each once; the first date stays."""
    known = set(column(con, "select address from tombstone"))
    fresh = [{"address": key, "seen_at": at, "why": why} for key in dict.fromkeys(tombstones) if key not in known]
    append(con, "tombstone", fresh)


def blank_fetches(con: duckdb.DuckDBPyConnection, tombstones: Sequence[str]) -> int:
    """Leave of every request to what is erased only that there was one; return how many there were."""
    rows = con.execute("select seq, url, final_url from fetched where reason is distinct from 'erased'").fetchall()
    seqs = [seq for seq, *urls in rows if blocked(map(address_key, urls), tombstones)]
    con.execute(
        "update fetched set document = null, version = null, url = '', final_url = '', headers = null, hints = null,"
        " reason = 'erased' where seq in (select unnest(?::bigint[]))",
        [seqs],
    )
    return len(seqs)


def erased_bodies(con: duckdb.DuckDBPyConnection) -> list[str]:
    """Return the bodies that only erased requests brought."""
    return column(
        con,
        "select body_sha256 from fetched where body_sha256 is not null group by 1"
        " having bool_and(coalesce(reason, '') = 'erased') order by 1",
    )


def shared_bodies(con: duckdb.DuckDBPyConnection, documents: Sequence[str]) -> list[str]:
    """Return the bodies in which an interface may have sent these documents beside others."""
    return column(
        con,
        "select distinct body_sha256 from fetched where role <> 'document' and body_sha256 is not null and source in"
        " (select source from document where id in (select unnest(?::varchar[]))) order by 1",
        [list(documents)],
    )
