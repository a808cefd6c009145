"""Who says it: the author, a quoted person with a role, a body, or a cited study.

Both ways round: '"…", said Jane Smith, chief executive of X' and 'Jane Smith, chief executive of X, said: "…"'.
Names are given in the words of the text; `same_source` compares two of them by gazetteer.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from nlp.named import find_named
from nlp.rules import load_rules
from warehouse.models import Attribution

AUTHOR = Attribution()


_RULES = load_rules(Path(__file__).with_name("attribution.yml"))
_PERSON_FIRST = _RULES["person_first"]
_PERSON_LAST = _RULES["person_last"]
_PERSON_TAIL = _RULES["person_tail"]
_ACCORDING_PERSON = _RULES["according_person"]
_UNNAMED = _RULES["unnamed"]
_SURNAME = _RULES["surname"]
_SURNAME_LAST = _RULES["surname_last"]

_BODY_FIRST = _RULES["body_first"]
_FROM_BODY = _RULES["from_body"]
_BODY_ECHO = _RULES["body_echo"]
_BODY_SPEAKS = _RULES["body_speaks"]

_STUDY = _RULES["study"]
_FROM_STUDY = _RULES["from_study"]
_CITATION = _RULES["citation"]
_COLLEAGUES = _RULES["colleagues"]
_LEAD_IN = _RULES["lead_in"]
_PROPER = _RULES["proper"]
_ARTICLE = _RULES["article"]
_STUDY_WORD = _RULES["study_word"]
_PAPER = _RULES["paper"]
_OF_BODY = _RULES["of_body"]
_FRONT_END = _RULES["front_end"]
_CITED = _RULES["cited"]
_TITLED = _RULES["titled"]
_ORGANISATION = _RULES["organisation"]
_OWN = _RULES["own"]
_NOT_NAMES = _RULES["not_names"]
_HINT = _RULES["hint"]
_NO_SPEAKER = _RULES["no_speaker"]
_NO_ROLE = _RULES["no_role"]
_PRONOUN = _RULES["pronoun"]
_PERSON_AFTER_ROLE = _RULES["person_after_role"]
_FRONT_APART = _RULES["front_apart"]
GENERIC = frozenset(  # a body of no name: "the council says" speaks, "three councils told us" are interviewed
    {
        "council",
        "nhs-trusts",
        "ccgs",
        "primary-care-trusts",
        "health-boards",
        "health-and-wellbeing-boards",
        "hsc-trusts",
    }
)
_LEAD = 600
_MAX_TEXT = 3000  # who says it stands near the start or the end of a sentence; a longer passage is a table


def find_attribution(text: str, *, before: str = "") -> Attribution:
    """Return who says the passage. ``before`` speaks for a bare quotation: 'The NAO said:' then '"Progress is slow."'.

    "According to the NAO, …" -> body NAO; "We found …" -> author.
    """
    if len(text) > _MAX_TEXT:
        text = text[:_MAX_TEXT]
    if _HINT.search(text) and (found := _person(text, before) or _source(text)):
        return found
    lead = before.rstrip()
    if lead.endswith(":") and _opens_quote(text) and _HINT.search(lead):
        return _person(lead[-_LEAD:], "") or _source(lead[-_LEAD:]) or AUTHOR
    return AUTHOR


def same_source(one: Attribution, other: Attribution) -> bool:
    """Say whether two attributions are of one source: "NAO" and "the National Audit Office" are."""
    return (one.type, _canonical(one.name)) == (other.type, _canonical(other.name))


@lru_cache(maxsize=4096)
def _canonical(name: str | None) -> str:
    if not name:
        return ""
    ids = [thing.id for thing in find_named(name) if thing.kind == "body"]
    return ids[0] if ids else re.sub(r"^the\s+", "", name.lower())


def name_of_body(text: str) -> str | None:
    """Return ``text`` as a body's name, without its article: one of the gazetteer, or with a word of such names."""
    name = _ARTICLE.sub("", text.strip())
    known = any(thing.kind == "body" and thing.id not in GENERIC for thing in find_named(name))
    return name if known or _ORGANISATION.search(name) else None


def body_at(text: str, at: int) -> str | None:
    """Return the body of the gazetteer, no mere kind of body, whose name covers the place ``at``."""
    for thing in find_named(text):
        if thing.kind == "body" and thing.id not in GENERIC and thing.start <= at < thing.end:
            return _ARTICLE.sub("", text[thing.start : thing.end])
    return None


def _opens_quote(text: str) -> bool:
    return text.lstrip()[:1] in ("“", '"', "‘", "'")


def _person(text: str, before: str) -> Attribution | None:
    for pattern in (_PERSON_LAST, _PERSON_AFTER_ROLE, _PERSON_TAIL, _PERSON_FIRST, _ACCORDING_PERSON):
        for match in pattern.finditer(text):
            name = _LEAD_IN.sub("", match["name"])
            if _is_person(name):
                role = _clean_role(match.groupdict().get("role"))
                return Attribution("person", name, role or _front_role(text, match))
    if unnamed := _UNNAMED.search(text):
        return Attribution("person", None, _clean_role(unnamed["after"] or unnamed["before"]))
    for pattern in (_SURNAME, _SURNAME_LAST):
        if (surname := pattern.search(text)) and _known_surname(surname, text, before):
            return Attribution("person", surname["name"], None)
    if _PRONOUN.search(text):
        return _person(before[-_LEAD:], "") or Attribution("person")
    return None


def _front_role(text: str, match: re.Match[str]) -> str | None:
    """Return the role that stands before a name: "says operations director Meg Tansley"."""
    if match.groupdict().get("front"):
        return _clean_role(match["front"])
    left = text[max(0, match.start("name") - 120) : match.start("name")]
    front = _FRONT_END.search(left) or _FRONT_APART.search(left)
    return _clean_role(front["front"]) if front else None


def _is_person(name: str) -> bool:
    words = name.split()
    if _TITLED.match(name):
        return True
    return (
        not any(_NOT_NAMES.fullmatch(word) for word in (words[0], words[-1]))
        and not _ORGANISATION.search(name)
        and not any(thing.end - thing.start > len(name) // 2 for thing in find_named(name))
    )


def _known_surname(match: re.Match[str], text: str, before: str) -> bool:
    name = match["name"]
    if _TITLED.match(name):
        return True
    if _NOT_NAMES.fullmatch(name) or find_named(name) or _ORGANISATION.fullmatch(name):
        return False
    return match.start("name") > 0 or bool(re.search(rf"[A-Z][a-z]+\s{re.escape(name)}\b", before))


def _clean_role(role: str | None) -> str | None:
    if role is None:
        return None
    role = re.sub(r"^(?:the|an?|one|another|its|their|our|who is)\s+", "", role.strip(), flags=re.IGNORECASE)
    role = re.sub(r"\s+(?:has|have|also)$", "", role)
    return None if not role or _NO_ROLE.match(role) else role


def _source(text: str) -> Attribution | None:
    if _CITED.search(text) and (match := _CITATION.search(text) or _COLLEAGUES.search(text)):
        name = match["name"] or match["single"]
        return Attribution("study", name if "(" in name else name.rstrip(")"))
    study = _study(text)
    body = _body(text)
    if study and body and body[0] <= study[0]:
        return Attribution("body", body[1])
    if study:
        return Attribution("study", study[1])
    return Attribution("body", body[1]) if body else None


def _study(text: str) -> tuple[int, str] | None:
    for pattern in (_STUDY, _FROM_STUDY):
        for match in pattern.finditer(text):
            name = match["name"].split(", ")[0].strip()
            noun = _STUDY_WORD.search(name)
            if noun and not _OWN.match(name) and not (_PAPER.fullmatch(noun[0]) and _OF_BODY.search(name)):
                return match.start(), name
    return None


def _body(text: str) -> tuple[int, str] | None:
    """Return where and what body speaks: one of the gazetteer, or words that look like a body's name."""
    for thing in find_named(text):
        if thing.kind not in ("body", "programme"):
            continue
        left, right = text[max(0, thing.start - 60) : thing.start], text[thing.end : thing.end + 130]
        if _BODY_ECHO.search(left) or (
            thing.kind == "body" and _BODY_SPEAKS.match(right) and not _NO_SPEAKER.search(left)
        ):
            proper = _PROPER.search(left)
            if (
                thing.id in GENERIC
                and not proper
                and not re.search(r"\bthe\s", text[max(0, thing.start - 4) : thing.start + 4], re.IGNORECASE)
            ):
                continue
            start = thing.start - len(proper[0]) if proper else thing.start
            return start, _ARTICLE.sub("", text[start : thing.end])
    plain = _BODY_FIRST.search(text) or _FROM_BODY.search(text)
    if plain is None or plain["name"].split()[-1] == "Service":
        return None
    return plain.start("name"), _ARTICLE.sub("", plain["name"])
