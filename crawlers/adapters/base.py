"""What every adapter is: two pure readers and a first request. Nothing here touches the network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal, Protocol, get_args

from warehouse.models import Document

if TYPE_CHECKING:
    from crawlers.sources import SourceConfig

Role = Literal["listing", "document", "records"]
"""``records`` is a listing whose body itself holds documents: ``listing`` reads it for what comes next, ``documents``
for what it holds. All that ``documents`` needs besides the body is in ``hints``: the ledger keeps those, not ``state``.
"""
ROLES: tuple[str, ...] = get_args(Role)


@dataclass(frozen=True, slots=True)
class Request:
    """A request: ``hints`` (what a listing said of the page) go to the ledger, ``state`` back to the adapter."""

    url: str
    role: Role
    hints: Mapping[str, Any] = field(default_factory=dict)
    state: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Body:
    """A body that came back, or was read from a folder. ``headers`` have lower-case names."""

    url: str
    content: bytes
    content_type: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    hints: Mapping[str, Any] = field(default_factory=dict)
    state: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Listing:
    """What a listing page gave: documents to fetch, pages to go on with, and the source's own count.

    ``records`` counts the documents that the body itself holds (role ``records``); what the page listed is
    ``len(requests) + records``.
    """

    requests: Sequence[Request] = ()
    more: Sequence[Request] = ()
    reported: int | None = None
    records: int = 0
    warnings: Sequence[str] = ()


class Adapter(Protocol):
    """One kind of source."""

    def start(self, source: SourceConfig, now: datetime) -> Sequence[Request]:
        """Return the first requests (listings, or documents for a page list)."""
        ...

    def listing(self, source: SourceConfig, body: Body) -> Listing:
        """Read one listing body."""
        ...

    def documents(self, source: SourceConfig, body: Body) -> Sequence[Document]:
        """Read one document body; an API body may hold several."""
        ...
