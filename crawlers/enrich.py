"""Ask Crossref about works that the base already holds: were they retracted, corrected, updated?"""

from __future__ import annotations

import re
from collections.abc import Iterable

from crawlers.sources import Revisit, SourceConfig
from warehouse.addresses import doi_key

NAME = "crossref-held"
_DOI = re.compile(r"10\.\d{4,9}/[\x21-\x7e]{1,200}")  # Crossref's own advice for the shape of a DOI, ASCII alone
# A retraction may come years after an article: looked for once a month, and never given up.
REVISIT = Revisit(first_h=30 * 24.0, factor=1.0, longest_days=30.0, stop_after_days=None)


def retraction_source(dois: Iterable[str], *, max_pages: int = 200) -> SourceConfig | None:
    """Return the source that asks Crossref for each of ``dois``, at most ``max_pages`` of them a run; None for none.

    DOIs are taken in any spelling (``https://doi.org/…``, ``doi:…``), each once; what is none is left out. The answer
    of each is a record whose ``extra`` holds ``retracted``, ``updates`` and ``updated_by``.
    """
    keys = {doi_key(doi).removeprefix("doi:") for doi in dois}
    found = tuple(sorted(key for key in keys if _DOI.fullmatch(key)))
    if not found:
        return None
    return SourceConfig(
        name=NAME, title="Crossref: retractions and corrections of works held", publisher="Crossref", type="crossref",
        licence="records free to reuse; abstracts may be © their publishers", storage="metadata", dois=found,
        expected_min=0, delay_s=1.0, max_pages=max_pages, relevance=False, revisit=REVISIT,
    )  # fmt: skip
