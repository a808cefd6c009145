"""Ask Crossref about works that the base already holds: were they retracted, corrected, updated?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from crawlers.sources import SourceConfig
from warehouse.addresses import doi_key

_DOI = re.compile(r"10\.\d{4,9}/[\x21-\x7e]{1,200}")  # Crossref's own advice for the shape of a DOI, ASCII alone


def with_held(sources: Sequence[SourceConfig], dois: Iterable[str]) -> list[SourceConfig]:
    """Return ``sources`` with the DOIs to ask about in those that are about works held (``held: true``).

    DOIs are taken in any spelling (``https://doi.org/…``, ``doi:…``), each once; what is none is left out.
    """
    if not any(source.held for source in sources):
        return list(sources)
    keys = {doi_key(doi).removeprefix("doi:") for doi in dois}
    found = tuple(sorted(key for key in keys if _DOI.fullmatch(key)))
    return [source.model_copy(update={"dois": found}) if source.held else source for source in sources]
