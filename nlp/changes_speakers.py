"""Who a sentence says is speaking, as far as a comparison of two versions needs it."""

from __future__ import annotations

import re

from nlp.align import normalise
from nlp.attribution import find_attribution, same_source
from warehouse.models import Attribution

_VERBS = """say argue warn claim believe think fear fears feared report find conclude suggest estimate insist
expect predict recommend note add explain urge demand tell tells doubt complain complained
acknowledge calculate said says told argued argues warned warns claimed claims added adds reported
reports found finds concluded concludes stated states wrote writes noted notes suggested suggests
estimated estimates insisted insists believes believed announced showed shows revealed reveals
described describes acknowledged admitted observed recommended recommends predicts predicted
explained explains commented comments urged urges thinks hopes expects promised pledged denied
called calls branded dubbed criticised criticises welcomed welcomes condemned accused accuses praised
confirmed confirms calculated identified highlighted proves proved demonstrates demonstrated"""
_PEOPLE = """sources? secretary minister volunteers? consultants? residents? families peers? councillors?
researchers? ministers? officials? stud(?:y|ies) reviews? reports? evaluations? audits? analysis
analyses analysts? government department councils? trusts? executives?
spokes(?:man|woman|person|people) critics managers? doctors nurses? GPs? leaders? experts?
economists? auditors? MPs peers committee think.?tank charity charities regulators? watchdog
authors? academics? commissioners? directors? chair survey commission inspectors? campaigners
unions? patients carers relatives staff paper trial figures insiders memos? letters? documents? e-?mails?
briefings? statement guidance newspapers? poll coroner ombudsman court judges? lawyers? providers? employers?
office association network alliance federation institute foundation inspectorate panel agency board group college"""
_NOUNS_TOO = """demand claim report note fear estimate urge doubt claims reports fears notes estimates urges
hopes"""
_SAID = (
    "(?:"
    + "|".join(v for v in _VERBS.split() if v not in _NOUNS_TOO.split())
    + "|(?:"
    + "|".join(_NOUNS_TOO.split())
    + ")"
    r"(?! (?:has|have|had|is|was|were|are|will|would|may|could|should|can|must|for|of|in|on|at|from|by|to|with)\b))"
)
_PROPER = r"[A-Z][\w&'.-]*(?: (?:of|and|for|the|&|[A-Z][\w&'.-]*|\([A-Z]{2,}\)))*"
_DETERMINER = r"(?i:the|an?|some|many|most|our|one|two|three|several|their|its)"
_OF = r"(?: (?:of|at|for|from|in) (?:the )?[A-Z][\w&'.-]*(?: (?:of |and |for )?[A-Z][\w&'.-]*)*)?"
_ROLE = rf"{_DETERMINER}? ?(?:[\w'-]+ ){{0,3}}?(?i:{'|'.join(_PEOPLE.split())}){_OF}"
_WHO = rf"(?P<who>(?:(?i:the|an?) )?{_PROPER}|{_ROLE})"
_BEFORE = r"(?:\A|[.;,\"'] |\b(?:and|but|as|that|while|although) )"
_BETWEEN = r"(?:,[^,]{1,60},)? (?:has |have |had |also |itself |himself |herself )?"
_VOICED = (
    "raised|voiced|expressed|said|described|reported|cited|identified|highlighted|claimed|criticised|condemned"
    "|welcomed|questioned|denied|disputed|challenged|confirmed|recommended|proposed|warned of|called for|put forward"
)
_PRONOUN = re.compile(rf"\b(?:he|she|they|it)(?: (?:also|then|has|had|have|later))? {_SAID}\b", re.I)
_PATTERNS = [
    re.compile(rf"\b[Aa]ccording to {_WHO}"),
    re.compile(rf"{_BEFORE}{_WHO}{_BETWEEN}{_SAID}\b"),
    re.compile(rf"[\"',] ?(?:said|says|added|adds|argued|argues|wrote|warned|according to) {_WHO}"),
    re.compile(rf"\b(?:{_VOICED}) by {_WHO}"),
    re.compile(rf"\b(?:[Ii]n the (?:words|view|opinion|eyes) of|[Ff]or) {_WHO}(?=,| (?:found|shows|said))"),
    re.compile(rf"\b(?:study|report|review|analysis|survey|research|paper|work|modelling|figures) by {_WHO}"),
]
_DIGITS = re.compile(r"\d[\d,.]*")
_NOBODY = """he she it they we i this that these those who which you nobody everybody everyone someone somebody anyone
few many most some others all none several"""
_EMPTY = frozenset(["the", "a", "an", "some", "many", "most", "our", "its", "their", "one"])
_TITLE = re.compile(
    r"\b(?:Sir|Dame|Dr|Prof|Professor|Lord|Lady|Baroness|Mr|Mrs|Ms|Miss|Cllr|Councillor|Rt Hon|The Rt Hon)\.? (?=[A-Z])"
)


def speakers(text: str) -> tuple[str, ...]:
    """Return the people, bodies and studies to whom ``text`` attributes what it says, in order, articles off."""
    plain = normalise(text)
    found: list[tuple[int, str]] = []
    for pattern in _PATTERNS:
        found += [(m.start("who"), _bare(m["who"])) for m in pattern.finditer(plain)]
    main = find_attribution(text).name
    return tuple(
        dict.fromkeys(who for who in [*(who for _, who in sorted(found)), _bare(normalise(main or ""))] if who)
    )


def speaker_changes(old: str, new: str) -> tuple[list[str], list[str]]:
    """Return who is no longer said to speak, and who newly is.

    Who is still named at all, by this or another of their names, has not changed.
    """
    before, after = speakers(old), speakers(new)
    silent = [who for who in before if _masked(who) not in _masked(new)]
    speaking = [who for who in after if _masked(who) not in _masked(old)]
    known = [b for b in speaking if any(_one_body(a, b) for a in (*silent, *before))]
    unknown = [a for a in silent if any(_one_body(a, b) for b in (*speaking, *after))]
    silent, speaking = [a for a in silent if a not in unknown], [b for b in speaking if b not in known]
    by_pronoun = (not speaking and _PRONOUN.search(normalise(new))) or (not silent and _PRONOUN.search(normalise(old)))
    return ([], []) if by_pronoun else (silent, speaking)


def _one_body(a: str, b: str) -> bool:
    """Whether two names are of one: known to be, or one goes on where the other, of two words or more, ends."""
    short, long = sorted((_masked(a).split(), _masked(b).split()), key=len)
    titled = any(_TITLE.match(name) for name in (a, b))
    if titled and len(short) == 1 and long[-1:] == short:
        return True
    goes_on = len(short) > 1 and long[: len(short)] == short and a[:1].isupper() and b[:1].isupper()
    return goes_on or same_source(Attribution("body", a), Attribution("body", b))


def _masked(text: str) -> str:
    """Return ``text`` for comparison; "a review of 38 schemes" is who it was with 36."""
    return _DIGITS.sub("#", _TITLE.sub("", normalise(text)).casefold())


def _bare(who: str) -> str:
    parts = who.strip().split()
    while parts and parts[0].casefold() in _EMPTY:
        parts.pop(0)
    return "" if len(parts) == 1 and parts[0].casefold() in _NOBODY.split() else " ".join(parts)
