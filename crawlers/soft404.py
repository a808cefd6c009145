"""How each host says "not found" when it says 200: pages that read the same as one that cannot be there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from rapidfuzz import fuzz

from warehouse.models import Document, Fetch

ALIKE = 90  # of 100: two "not found" pages differ by the address they repeat
REASON = "soft 404: it reads the same as a page of its host that cannot be there"


@dataclass(frozen=True, slots=True)
class Probes:
    """The pages that came for addresses that cannot exist, by host."""

    by_host: Mapping[str, Document] = field(default_factory=dict)

    def judge(self, document: Document, fetch: Fetch) -> Document:
        """Return ``document``, suspect where it reads as its host's "not found" page does."""
        probe = self.by_host.get(host_of(fetch))
        if probe is None or document.suspect or not _alike(document, probe):
            return document
        return replace(document, suspect=REASON)


def probe_lines(fetches: Iterable[Fetch]) -> dict[str, Fetch]:
    """Return the last probe of each host that was answered with a page."""
    return {
        host_of(fetch): fetch
        for fetch in fetches
        if fetch.role == "probe" and fetch.outcome == "ok" and fetch.body_sha256
    }


def host_of(fetch: Fetch) -> str:
    """Return the host that answered."""
    return (urlsplit(fetch.final_url or fetch.url).netloc).lower()


def _alike(document: Document, probe: Document) -> bool:
    one, other = (f"{found.title or ''}\n{found.text}" for found in (document, probe))
    if not other.strip() or not 0.7 < (len(one) + 1) / (len(other) + 1) < 1.4:
        return False
    return fuzz.ratio(one, other, score_cutoff=ALIKE) >= ALIKE
