"""Who a sentence says is speaking, as far as a comparison of two versions needs it."""

from __future__ import annotations

import re

from nlp.align import normalise

_VERBS = """said says told argued argues warned warns claimed claims added adds reported reports found finds
concluded concludes stated states wrote writes noted notes suggested suggests estimated estimates
insisted insists believes believed announced showed shows revealed reveals described describes
acknowledged admitted observed recommended recommends predicts predicted"""
_PEOPLE = """researchers? ministers? officials? stud(?:y|ies) reviews? reports? evaluations? audits? analysis
analyses analysts? government department councils? councillors? trusts? executives?
spokes(?:man|woman|person|people) critics managers? doctors nurses? GPs? leaders? experts?
economists? auditors? MPs peers committee think.?tank charity charities regulators? watchdog
authors? academics? commissioners? directors? chair survey commission inspectors? campaigners
unions? patients carers staff paper trial"""
_SAID = "(?:" + "|".join(_VERBS.split()) + ")"
_PROPER = r"[A-Z][\w&'.-]*(?: (?:of|and|for|the|&|[A-Z][\w&'.-]*|\([A-Z]{2,}\)))*"
_DETERMINER = r"(?i:the|an?|some|many|most|our|one|two|three|several|their|its)"
_ROLE = rf"{_DETERMINER}? ?(?:[\w'-]+ ){{0,3}}?(?:{'|'.join(_PEOPLE.split())})"
_WHO = rf"(?P<who>(?:(?i:the|an?) )?{_PROPER}|{_ROLE})"
_BEFORE = r"(?:\A|[.;,\"'] |\b(?:and|but|as|that|while|although) )"
_BETWEEN = r"(?:,[^,]{1,60},)? (?:has |have |had |also |itself |himself |herself )?"
_PATTERNS = [
    re.compile(rf"\b[Aa]ccording to {_WHO}"),
    re.compile(rf"{_BEFORE}{_WHO}{_BETWEEN}{_SAID}\b"),
    re.compile(rf"[\"',] ?(?:said|says|added|adds|argued|argues|wrote|warned|according to) {_WHO}"),
    re.compile(rf"\b(?:[Ii]n the (?:words|view|opinion) of|[Ff]or|by) {_WHO}(?=,| (?:found|shows|said))"),
]
_EMPTY = frozenset(["the", "a", "an", "some", "many", "most", "our", "its", "their", "one"])


def speakers(text: str) -> tuple[str, ...]:
    """Return the people, bodies and studies to whom ``text`` attributes what it says, in order, articles off."""
    plain = normalise(text)
    found: list[tuple[int, str]] = []
    for pattern in _PATTERNS:
        found += [(m.start("who"), _bare(m["who"])) for m in pattern.finditer(plain)]
    return tuple(dict.fromkeys(who for _, who in sorted(found) if who))


def speaker_changes(old: str, new: str) -> tuple[list[str], list[str]]:
    """Return who is no longer said to speak, and who newly is. Who is still named at all has not changed."""
    a, b = speakers(old), speakers(new)
    text_a, text_b = normalise(old).casefold(), normalise(new).casefold()
    return [w for w in a if w.casefold() not in text_b], [w for w in b if w.casefold() not in text_a]


def _bare(who: str) -> str:
    parts = who.strip().split()
    while parts and parts[0].casefold() in _EMPTY:
        parts.pop(0)
    return " ".join(parts)
