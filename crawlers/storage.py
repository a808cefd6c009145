"""What may be stored, held to: bodies and texts that a source's licence does not let us keep are removed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from warehouse.home import Home
from warehouse.raw import body_path, drop_body

if TYPE_CHECKING:
    from crawlers.sources import SourceConfig
    from warehouse.store import Store

_ROLES = ("document", "records", "listing")  # robots files and probes hold nobody's work


def apply_storage(home: Home, store: Store, sources: Mapping[str, SourceConfig]) -> int:
    """Keep what each source's ``storage`` allows and no more; return how many bodies were deleted.

    Called after tagging: an ``excerpt`` text is then blanked but for its claims, and its body deleted; a ``metadata``
    body is deleted once read. A body that a source with wider rights fetched too is kept. Idempotent.
    """
    store.settle_storage()
    settled = store.settled_bodies(_named(sources, "excerpt"), _ROLES)
    return drop_read_bodies(home, store, sources) + _drop(home, store, settled)


def drop_read_bodies(home: Home, store: Store, sources: Mapping[str, SourceConfig]) -> int:
    """Delete the bodies of sources whose ``storage`` is metadata, all of which are read by now; return how many."""
    return _drop(home, store, store.bodies_of(_named(sources, "metadata"), _ROLES))


def _named(sources: Mapping[str, SourceConfig], storage: str) -> list[str]:
    return [name for name, source in sources.items() if source.storage == storage]


def _drop(home: Home, store: Store, hashes: list[str]) -> int:
    present = [sha256 for sha256 in hashes if body_path(home.raw, sha256).exists()]
    if present:
        store.checkpoint()  # what was read from them can be read from nowhere else
    for sha256 in present:
        drop_body(home.raw, sha256)
    return len(present)
