"""One module a kind of source; each pure: what to request, and Documents out of a body.

A body that came is read twice: by ``listing`` while crawling (roles listing and records), by ``documents`` while
loading (roles document and records). Both see the same bytes, so they must agree on what a body holds.
"""

from __future__ import annotations

from crawlers.adapters.base import Adapter
from crawlers.adapters.crossref import CrossrefAdapter
from crawlers.adapters.europepmc import EuropePmcAdapter
from crawlers.adapters.feed import FeedAdapter
from crawlers.adapters.govuk import GovukAdapter
from crawlers.adapters.guardian import GuardianAdapter
from crawlers.adapters.local import LocalAdapter
from crawlers.adapters.oai_pmh import OaiPmhAdapter
from crawlers.adapters.openalex import OpenAlexAdapter
from crawlers.adapters.page_list import PageListAdapter
from crawlers.adapters.parliament import ParliamentAdapter
from crawlers.adapters.sitemap import SitemapAdapter
from crawlers.adapters.wordpress import WordPressAdapter

ADAPTERS: dict[str, Adapter] = {
    "feed": FeedAdapter(),
    "sitemap": SitemapAdapter(),
    "wordpress": WordPressAdapter(),
    "govuk": GovukAdapter(),
    "europepmc": EuropePmcAdapter(),
    "openalex": OpenAlexAdapter(),
    "crossref": CrossrefAdapter(),
    "parliament": ParliamentAdapter(),
    "guardian": GuardianAdapter(),
    "oai-pmh": OaiPmhAdapter(),
    "page-list": PageListAdapter(),
    "local": LocalAdapter(),
}
