"""Who a sentence says is speaking, as far as a comparison of two versions needs it."""

from __future__ import annotations

import re

from nlp.align import normalise

_SAID = (
    r"(?:said|says|told|argued|argues|warned|warns|claimed|claims|added|adds|reported|reports|found|finds|concluded|concludes|"
    r"stated|states|wrote|writes|noted|notes|suggested|suggests|estimated|estimates|insisted|insists|believes|believed|announced|"
    r"showed|shows|revealed|reveals|described|describes|acknowledged|admitted|observed|recommended|recommends|predicts|predicted)"
)
_PROPER = r"[A-Z][\w&'.-]*(?: (?:of|and|for|the|&|[A-Z][\w&'.-]*|\([A-Z]{2,}\)))*"
_ROLE = (
    r"(?:[Tt]he|[Aa]n?|[Ss]ome|[Mm]any|[Mm]ost|[Oo]ur|[Oo]ne|[Tt]wo|[Tt]hree|[Ss]everal|[Tt]heir|[Ii]ts)? ?(?:[\w'-]+ ){0,3}?"
    r"(?:researchers?|ministers?|officials?|stud(?:y|ies)|reviews?|reports?|evaluations?|audits?|analysis|analyses|analysts?|"
    r"government|department|councils?|councillors?|trusts?|executives?|spokes(?:man|woman|person|people)|critics|managers?|doctors|nurses?|"
    r"GPs?|leaders?|experts?|economists?|auditors?|MPs|peers|committee|think ?tank|charity|charities|regulators?|watchdog|authors?|"
    r"academics?|commissioners?|directors?|chair|survey|commission|inspectors?|campaigners|unions?|patients|carers|staff|survey|paper|trial)"
)
_WHO = rf"(?P<who>{_PROPER}|{_ROLE})"
_PATTERNS = [
    re.compile(rf"\b[Aa]ccording to {_WHO}"),
    re.compile(rf"(?:\A|[.;,\"'] |\b(?:and|but|as|that|while|although) ){_WHO}(?:,[^,]{{1,60}},)? (?:has |have |had |also |itself |himself |herself )?{_SAID}\b"),
    re.compile(rf"[\"',] ?(?:said|says|added|adds|argued|argues|wrote|warned|according to) {_WHO}"),
    re.compile(rf"\b(?:[Ii]n the (?:words|view|opinion) of|[Ff]or|by|[Aa] (?:study|report|review|survey) (?:by|from)) {_WHO}(?=,| (?:found|shows|said))"),
]  # fmt: skip
_EMPTY = frozenset(["the", "a", "an", "some", "many", "most", "our", "its", "their", "one"])


def speakers(text: str) -> tuple[str, ...]:
    """Return the people, bodies and studies to whom ``text`` attributes what it says, in order, articles off."""
    plain = normalise(text)
    found: list[tuple[int, str]] = []
    for pattern in _PATTERNS:
        found += [(m.start("who"), _bare(m["who"])) for m in pattern.finditer(plain)]
    return tuple(dict.fromkeys(who for _, who in sorted(found) if who))


def _bare(who: str) -> str:
    parts = who.strip().split()
    while parts and parts[0].casefold() in _EMPTY:
        parts.pop(0)
    return " ".join(parts)
