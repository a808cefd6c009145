"""What a site says of text and data mining in ``/.well-known/tdmrep.json``: the rule for each of its paths.

Source: TDM Reservation Protocol (TDMRep), final report of the W3C community group. Rules stand in a JSON array of
``location``, ``tdm-reservation`` and ``tdm-policy``; the first that matches counts, with ``*`` and ``$`` as in
robots.txt. Headers of a page win over the file, what its HTML says over both; a file in error says nothing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from crawlers.adapters.matching import fits

PATH = "/.well-known/tdmrep.json"
MAX_BYTES = 64 << 10  # so little that its JSON needs no child of its own
MAX_RULES = 500


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: the pieces of its pattern between ``*``, whether rights are reserved, and where the policy is."""

    pieces: tuple[str, ...]
    reserved: bool
    policy: str | None = None


def read_rules(body: bytes) -> tuple[Rule, ...]:
    """Return the rules of a file; none where it is not what the protocol says it is."""
    if len(body) > MAX_BYTES:
        return ()
    try:
        found = json.loads(body.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return ()
    if not isinstance(found, list):
        return ()
    return tuple(rule for entry in found[:MAX_RULES] if (rule := _rule(entry)) is not None)


def _rule(entry: object) -> Rule | None:
    if not isinstance(entry, dict):
        return None
    location, reserved, policy = (entry.get(name) for name in ("location", "tdm-reservation", "tdm-policy"))
    if not isinstance(location, str) or reserved not in (0, 1, "0", "1"):
        return None
    pieces = unquote(location.removesuffix("$")).split("*")
    if not location.endswith("$"):
        pieces.append("")  # what does not say where it ends is a prefix
    return Rule(tuple(pieces), str(int(reserved)) == "1", policy if isinstance(policy, str) else None)


def stated(rules: Sequence[Rule], url: str) -> Mapping[str, str]:
    """Return what the rules say of ``url`` as headers would say it, and ``tdm-from``; nothing where none matches."""
    parts = urlsplit(url)
    path = unquote(parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    rule = next((rule for rule in rules if fits(rule.pieces, path)), None)
    if rule is None:
        return {}
    policy = {"tdm-policy": rule.policy[:1000]} if rule.policy else {}
    return {"tdm-reservation": str(int(rule.reserved)), **policy, "tdm-from": PATH}
