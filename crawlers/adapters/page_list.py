"""A list of pages that are watched for change: the addresses stand in the source file itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from crawlers.adapters.base import Body, Listing, Request
from crawlers.adapters.common import read_page
from warehouse.models import Document

if TYPE_CHECKING:
    from crawlers.sources import SourceConfig


class PageListAdapter:
    """Fixed addresses."""

    def start(self, source: SourceConfig, now: datetime) -> Sequence[Request]:
        """Return a request for each page."""
        return [Request(url, "document") for url in dict.fromkeys(source.addresses)]

    def listing(self, source: SourceConfig, body: Body) -> Listing:
        """Return nothing: the list is the source file."""
        return Listing()

    def documents(self, source: SourceConfig, body: Body) -> Sequence[Document]:
        """Return the page as one Document."""
        return read_page(source, body)
