"""Erase: an address or a domain out of raw bodies, store and frontier, with tombstones that keep it away.

The ledger is append-only: a line of an erased page stays as the record that there was a request, and a line of type
``tombstone`` after it says that it was erased, so that a rebuild erases it too. Steps are ordered, and each may be done
again, so that a crash between two of them is mended by erasing once more. Published copies are the caller's to renew.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from crawlers.adapters.crossref import notices_address
from crawlers.frontier import Frontier
from warehouse import erasing
from warehouse.addresses import address_key
from warehouse.errors import DamagedError
from warehouse.home import Home
from warehouse.raw import Ledger, body_path, drop_body, get_body, read_ledger

if TYPE_CHECKING:
    from warehouse.store import Store

TYPE = "tombstone"


@dataclass(frozen=True, slots=True)
class Erased:
    """What an erasure did. ``shared`` counts bodies of an interface that held other documents too, now deleted."""

    documents: int
    bodies: int
    pages: int
    shared: int
    tombstones: tuple[str, ...]


def erase(home: Home, store: Store, pattern: str, now: datetime, why: str | None = None) -> Erased:
    """Erase an address (``https://…``, ``local:…``) or a domain with its subdomains. Hold the run lock while it runs.

    Raises UsageError where ``pattern`` is neither. What was never seen leaves a tombstone all the same.
    """
    tombstone = erasing.tombstone_of(pattern)
    documents = erasing.reached(store.con, tombstone)
    addresses = store.addresses_of(documents)
    dois = [address.removeprefix("doi:").split(" ")[0] for address in addresses if address.startswith("doi:")]
    tombstones = tuple(dict.fromkeys([tombstone, *addresses, *(address_key(notices_address(doi)) for doi in dois)]))
    _note(home, tombstones, now, why)
    pages = _forget(home, tombstones)
    shared = _drop_shared(home, store, documents, addresses)
    store.erase_documents(documents, now, why)
    store.add_tombstones(tombstones, now, why)
    bodies = drop_erased(home, store, tombstones)
    return Erased(len(documents), bodies, pages, shared, tombstones)


def drop_erased(home: Home, store: Store, tombstones: Sequence[str] = ()) -> int:
    """Delete the bodies that only erased requests brought; return how many there still were."""
    if tombstones:
        store.blank_fetches(tombstones)
    return _drop(home, erasing.erased_bodies(store.con))


def restore_tombstones(home: Home, store: Store) -> int:
    """Take the ledger's tombstones into a store that is made anew, before anything is loaded; return how many."""
    count = 0
    for entry in read_ledger(home.ledger):
        if entry.get("type") == TYPE:
            store.add_tombstones(entry["addresses"], datetime.fromisoformat(entry["at"]), entry.get("why"))
            count += len(entry["addresses"])
    return count


def _note(home: Home, tombstones: Sequence[str], now: datetime, why: str | None) -> None:
    with closing(Ledger(home.ledger)) as ledger:
        at = now.astimezone(UTC).isoformat(timespec="milliseconds")
        ledger.append({"type": TYPE, "seq": ledger.next_seq, "at": at, "addresses": list(tombstones), "why": why})


def _forget(home: Home, tombstones: Sequence[str]) -> int:
    frontier = Frontier(home.frontier, 0)
    try:
        return frontier.erase(tombstones)
    finally:
        frontier.close()


def _drop_shared(home: Home, store: Store, documents: Sequence[str], addresses: Sequence[str]) -> int:
    """Delete answers of interfaces that name an erased document: nothing can be cut out of a body."""
    names = {form.encode() for address in addresses for form in _spellings(address)}
    found = []
    for sha256 in erasing.shared_bodies(store.con, documents):
        try:
            body = get_body(home.raw, sha256)
        except DamagedError:
            continue  # not kept any more
        if any(name in body for name in names):
            found.append(sha256)
    return _drop(home, found)


def _spellings(address: str) -> list[str]:
    bare = address.removeprefix("doi:").split(" ")[0] if address.startswith("doi:") else address.split("://")[-1]
    bare = bare.rstrip("/")
    return [bare, bare.replace("/", "\\/")]


def _drop(home: Home, hashes: Sequence[str]) -> int:
    present = [sha256 for sha256 in hashes if body_path(home.raw, sha256).exists()]
    for sha256 in present:
        drop_body(home.raw, sha256)
    return len(present)
