"""The only reads of a published base: ``open_base(home).search("pooled budgets")``."""

from warehouse.filters import Filters
from warehouse.queries.base import Base, open_base
from warehouse.queries.results import Hit, SearchResult

__all__ = ["Base", "Filters", "Hit", "SearchResult", "open_base"]
