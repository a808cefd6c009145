"""Documents and listings as JSON and back: what crosses from the sandbox to the process that trusts nothing in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from crawlers.adapters.base import ROLES, Listing, Request
from warehouse.models import Document, State


def pack_document(document: Document) -> dict[str, Any]:
    """Return a Document as JSON can hold it; ``unpack_document`` gives an equal one back."""
    packed = asdict(document)
    for state in packed["states"]:
        state["at"] = state["at"].isoformat() if state["at"] else None
    return packed


def unpack_document(packed: Mapping[str, Any]) -> Document:
    """Return the Document of ``pack_document``. Raises TypeError or ValueError where it is none."""
    values = dict(packed)
    values["states"] = tuple(_state(state) for state in values["states"])
    for name in ("authors", "aliases", "comments"):
        values[name] = tuple(str(value) for value in values[name])
    values["history"] = tuple((str(at), str(note)) for at, note in values["history"])
    if values["pages"] is not None:
        values["pages"] = tuple((int(start), int(end)) for start, end in values["pages"])
    return Document(**values)


def _state(packed: Mapping[str, Any]) -> State:
    at = packed["at"]
    return State(packed["title"], str(packed["text"]), datetime.fromisoformat(at) if at else None, packed["note"])


def pack_listing(listing: Listing) -> dict[str, Any]:
    """Return a Listing as JSON can hold it."""
    return asdict(listing)


def unpack_listing(packed: Mapping[str, Any]) -> Listing:
    """Return the Listing of ``pack_listing``. Raises TypeError or ValueError where it is none."""
    reported = packed["reported"]
    return Listing(
        requests=tuple(_request(request) for request in packed["requests"]),
        more=tuple(_request(request) for request in packed["more"]),
        reported=None if reported is None else int(reported), records=int(packed["records"]),
        warnings=tuple(str(warning) for warning in packed["warnings"]),
    )  # fmt: skip


def _request(packed: Mapping[str, Any]) -> Request:
    if packed["role"] not in ROLES:
        raise ValueError(f"no role of a request: {packed['role']!r}")
    headers = {str(name): str(value) for name, value in packed["headers"].items()}
    return Request(str(packed["url"]), packed["role"], dict(packed["hints"]), dict(packed["state"]), headers)
