"""Lead-ins that say what every item below them is: "Barriers include:", "What helped:"."""

from __future__ import annotations

import re

_BARRIER = re.compile(
    r"\b(?:barriers?|obstacles?|challenges?|problems?|difficult(?:y|ies)|hurdles?|hinder\w*|hamper\w*|constraints?|"
    r"got in the way|gets? in the way|held (?:us|them|progress) back|prevented|did not work|went wrong|weakness\w*|"
    r"inhibit\w*|imped\w*|risks?|concerns?|shortcomings?)\b",
    re.I,
)
_ENABLER = re.compile(
    r"\b(?:enablers?|enabling|facilitat\w*|success factors?|what (?:has )?(?:helped|worked)|helped (?:by|to|us|them)|"
    r"strengths?|key to success|made (?:it|this) possible|drivers? of (?:success|progress)|ingredients?|"
    r"(?:overcome|tackle|address|remove) (?:these |the )?(?:barriers|obstacles|challenges|problems))\b",
    re.I,
)


def lead_polarity(above: str) -> str | None:
    """Return the polarity that a lead-in gives its items, or None where it gives none. A lead-in ends in a colon."""
    if not above.rstrip("*_ ").endswith(":"):
        return None
    if _ENABLER.search(above):
        return "enabler"
    return "barrier" if _BARRIER.search(above) else None
