"""Who says it: the author, a quoted person with a role, a body, or a cited study.

Both ways round: '"…", said Jane Smith, chief executive of X' and 'Jane Smith, chief executive of X, said: "…"'.
Names are given in the words of the text; `same_source` compares two of them by gazetteer.
"""

from __future__ import annotations

import re
from functools import lru_cache

from nlp.named import find_named
from warehouse.models import Attribution

AUTHOR = Attribution()

_SAY = (
    r"said|says|told|tells|added|adds|argued|argues|warned|warns|explained|explains|noted|notes|commented|comments|insisted|insists|claimed|claims|"
    r"believes|believed|stated|states|observed|observes|wrote|writes|suggested|suggests|concluded|concludes|acknowledged|acknowledges|remarked|remarks|"
    r"replied|maintains|maintained|points? out|pointed out|reckons|estimated|estimates|recommended|recommends|urged|urges|called for|calls for|thinks|asserted|"
    r"asserts|contends|contended|confirmed|confirms|denied|denies|predicted|predicts|complained|complains|stressed|stresses|emphasised|emphasises|"
    r"declared|declares|asked|recalled|recalls|found|finds|reported|reports|showed|shows|show|revealed|reveals|identified|identifies|highlighted|highlights|"
    r"described|describes|proposed|proposes|promised|promises|expects|expected|calculated|calculates|heard|published|criticised|criticises|questioned|questions|put it|putting it"
)
_PEOPLE_SAY = (
    r"said|says|told|tells|added|adds|argued|argues|warned|warns|explained|explains|noted|notes|commented|comments|insisted|insists|claimed|claims|believes|"
    r"stated|states|observed|observes|wrote|writes|suggested|suggests|concluded|concludes|acknowledged|acknowledges|remarked|remarks|replied|maintains|"
    r"points out|pointed out|reckons|urged|urges|called for|calls for|thinks|asserted|asserts|contends|confirmed|confirms|complained|complains|stressed|stresses|"
    r"emphasised|emphasises|declared|declares|recalled|recalls|put it|puts it|asked|predicted|predicts|describes|described|promised|promises|admits|admitted|hopes|hoped|reported|reports|found|finds|recommended|recommends"
)
_TITLE = r"(?:Dr|Prof|Professor|Sir|Dame|Lord|Lady|Baroness|Mr|Mrs|Ms|Miss|Cllr|Councillor|Rev)\.?\s"
_PART = r"(?:[A-Z]['’])?[A-Z][a-zÀ-ÿ]+(?:[A-Z][a-zÀ-ÿ]+)*(?:-[A-Z][a-zÀ-ÿ]+)*"
_NAME = rf"(?:{_TITLE}{_PART}(?:\s(?:[A-Z]\.?\s)?(?:(?:de|van|von|al|der|le)\s)?{_PART}){{0,2}}|{_PART}(?:\s[A-Z]\.?)?\s(?:(?:de|van|von|al|der|le)\s)?{_PART}(?:\s{_PART})?)"
_ROLE = r"(?:(?:,\s(?:who\sis\s)?|\s\()(?P<role>(?:(?:the|a|an|its|their|our|then|former|now)\s)?[^,.;:“”\"()]{3,110}?)(?:,|\)|(?=[.:”\"]|$)))"
_FRONT_ROLE = r"(?P<front>(?:(?:[Tt]he|[Ii]ts|[Tt]heir|[Aa]|[Oo]ur)\s)?(?:[A-Za-z’'-]+\s){0,4}?(?:director|secretary|minister|executive|chair|chairman|chairwoman|manager|lead|leader|officer|nurse|fellow|professor|president|consultant|commissioner|head|doctor|GP|geriatrician|matron|carer|spokesman|spokeswoman|spokesperson|analyst|researcher|councillor|MP|adviser|economist|auditor|general))\s"

_PERSON_FIRST = re.compile(
    rf"(?P<name>{_NAME}){_ROLE}?\s?(?:has\s|have\s|had\s|also\s|once\s|later\s|recently\s|then\s|rightly\s)*(?:{_PEOPLE_SAY})\b"
)
_PERSON_LAST = re.compile(
    rf"(?:[,.?!…][”\"’'“]?|[”\"’])\s(?:{_PEOPLE_SAY})\s(?:{_FRONT_ROLE})?(?P<name>{_NAME}){_ROLE}?"
)
_PERSON_TAIL = re.compile(rf"[”\"’]\s?,?\s(?P<name>{_NAME}){_ROLE}?\s(?:{_PEOPLE_SAY})\b")
_ACCORDING_PERSON = re.compile(
    rf"\b(?:[Aa]ccording\sto|[Ii]n\sthe\s(?:words|view|opinion)\sof|[Ff]or)\s(?:{_FRONT_ROLE})?(?P<name>{_NAME}){_ROLE}?"
)
_UNNAMED = re.compile(
    rf"(?:(?:{_PEOPLE_SAY})\s(?P<after>(?:an?|one|the)\s[^,.;:“”\"]{{0,40}}?(?:spokesperson|spokesman|spokeswoman|director|manager|executive|nurse|GP|consultant|officer|leader|commissioner|carer|minister|official|chair|member)\b(?:\s(?:for|of|at|from|in)\s[^,.;:“”\"]{{2,60}})?)|"
    rf"(?:\b(?=[AOT])|(?<=[”\"’]\s)|(?<=[”\"’],\s))(?P<before>(?:[Aa]n?|[Oo]ne|[Tt]he|[Aa]nother)\s[^,.;:“”\"]{{0,40}}?(?:spokesperson|spokesman|spokeswoman|director|manager|executive|nurse|GP|consultant|officer|leader|commissioner|carer|minister|official|chair)\b(?:\s(?:for|of|at|from|in)\s[^,.;:“”\"]{{2,60}}?)?)\s(?:{_PEOPLE_SAY})\b(?!\s(?:to|by)\b))"
)
_SURNAME = re.compile(
    rf"(?:^|[,;“\"(]\s?|\b(?:as|that|and|but|when|what|which)\s)(?P<name>(?:{_TITLE})?{_PART})\s(?:has\s|also\s|himself\s|herself\s)?(?:{_PEOPLE_SAY})\b"
)
_SURNAME_LAST = re.compile(rf"[,”\"’]\s(?:{_PEOPLE_SAY})\s(?P<name>(?:{_TITLE})?{_PART})(?=[.,]|$)")

_ORG_WORD = r"(?:Council|Trust|Fund|Board|Office|Commission|Committee|Department|Institute|University|Foundation|Society|College|Authority|Association|Group|Federation|Confederation|Network|Agency|Ministry|Treasury|Healthwatch|Partnership|Alliance|Union|Centre|Center|Forum|Taskforce|Inspectorate|Ombudsman|Service|Hospital|Executive|England|Scotland|Wales|Government|Company|Consulting|Observatory|Exchange|Unit|Charity|Coalition|UK)"
_ORG = rf"(?:[Tt]he\s)?(?:[A-Z][\w’'&.-]*\s(?:(?:of|and|for|the|in|on|&)\s){{0,2}}){{0,6}}{_ORG_WORD}(?:\s(?:of|for|in|on)\s(?:the\s)?[A-Z][\w’'-]*(?:\s(?:and\s)?[A-Z][\w’'-]*){{0,4}})?"
_PLAIN_BODY = r"(?:[Mm]inisters|[Tt]he\s(?:[Gg]overnment|committee|council|department|trust|regulator|watchdog|auditors?|inspectors|inspectorate|board|health\sboard|think[- ]tank|charity|union|inquiry|commission|MPs|peers|fund|association|forum|federation|ombudsman)|[Aa]uditors|MPs|[Pp]eers|[Ii]nspectors|[Oo]fficials)"
_BODY_VERBS = rf"(?:(?:also|has|have|had|itself|recently|later|now|then|rightly|repeatedly|,\sfor\sexample,|,\showever,)\s?)*(?:{_SAY}|could\sfind|couldn['’]t\sfind|hopes?|could\snot\s(?:find|say))\b"
_BODY_FIRST = re.compile(
    rf"(?P<name>{_ORG}|{_PLAIN_BODY})(?:['’]s?)?(?:\s?\([A-Za-z]{{2,10}}\))?(?:,\s[^,.;]{{3,80}},)?\s(?:(?:own\s|latest\s|\d{{4}}\s|first\s|annual\s|recent\s|new\s|interim\s|final\s)*(?:report|figures|data|inquiry|audit|analysis|guidance|review|research|survey|statistics|evidence|paper|work|evaluation)s?\s)?{_BODY_VERBS}"
)
_FROM_BODY = re.compile(
    rf"\b(?:[Aa]ccording\sto|[Ii]n\sthe\s(?:words|view|opinion)\sof|[Aa]s|(?:figures|data|statistics|evidence|guidance|numbers|estimates)\s(?:published\s|released\s|collected\s|issued\s)?(?:from|by)|(?:report|inquiry|paper|audit|briefing|estimates?|guidance)\s(?:published\s)?(?:by|from)|[,”\"’]\s(?:{_SAY}))\s(?:today\s|this week\s|last\s\w+\s)?(?P<name>{_ORG}|{_PLAIN_BODY})"
)
_BODY_ECHO = re.compile(
    r"\b(?:according\sto|in\sthe\s(?:words|view|opinion)\sof|(?:figures|data|statistics|estimates?|report|paper|guidance|inquiry|audit|briefing)\s(?:\w+\s){0,3}?(?:from|by)|as|said|says)\s(?:a\s|an\s)?(?:(?:new\s|recent\s|annual\s|\d{4}\s)*(?:report|inquiry|paper|audit|briefing)\s(?:by|from)\s)?(?:the\s)?$",
    re.IGNORECASE,
)
_BODY_SPEAKS = re.compile(
    rf"(?:['’]s?)?(?:\s?\([A-Za-z]{{2,10}}\))?(?:,\s[^,.;]{{3,80}},)?\s(?:(?:own|latest|first|annual|recent|new|interim|final|\d{{4}})\s)*(?:(?:report|figures|data|inquiry|audit|analysis|guidance|statistics|evidence|paper|work)s?\s)?(?:(?:published\s)?(?:in|on|last)\s\w+(?:\s\d{{4}})?\s)?{_BODY_VERBS}"
)

_STUDY_NOUN = r"(?:systematic\sreview|literature\sreview|meta-analysis|meta-analyses|randomised\strial|controlled\strial|evaluations?|stud(?:y|ies)|reviews?|trials?|research|surveys?|analys[ie]s|papers?|reports?|audits?|pilots?|inquir(?:y|ies)|assessments?|synthesis)"
_STUDY = re.compile(
    rf"\b(?P<name>(?:[Aa]n?|[Oo]ne|[Tt]he|[Aa]nother|[Tt]wo|[Tt]hree|[Ss]everal|[Ss]ome|[Mm]ost|[Rr]ecent|[Ee]arlier|[Rr]esearch|[Pp]revious|[Nn]ational|[Ii]ndependent|[Ss]tudies|[Rr]eviews)\b(?:\s?(?:[\w’'-]+\s){{0,6}}?{_STUDY_NOUN})?(?:\s(?:of|by|in|from|for|on|at|among|into|across)\s[^.;:“”\"]{{2,110}}?)?)(?:,\s(?:published|conducted|carried|led|funded|commissioned|which|covering|involving)[^,]{{0,80}},)?\s(?:\(\d{{4}}\)\s)?(?:also\s|has\s|have\s|had\s|recently\s|published\s(?:in|last)\s\w+\s|that\s)*(?:found|finds|find|showed|shows|show|shown|concluded|concludes|conclude|reported|reports|report|suggested|suggests|suggest|demonstrated|demonstrates|estimated|estimates|identified|identifies|revealed|reveals|indicated|indicates|indicate|confirmed|says|said|notes|noted|argues|argued|points|detected|put|saw|compared|recommended|observed|could\sfind)\b"
)
_FROM_STUDY = re.compile(
    rf"\b(?:[Aa]ccording\sto|(?:found|shown|reported|confirmed|suggested|estimated)\s(?:by|in))\s(?P<name>(?:an?|one|the|another|recent|several)\s(?:[\w’'-]+\s){{0,6}}?{_STUDY_NOUN}(?:\s(?:of|by|in|from|for|on)\s[^.,;:“”\"]{{2,80}})?)"
)
_CITATION = re.compile(
    rf"(?P<name>{_PART}(?:\s(?:and|&)\s(?:{_PART}|colleagues)|\set\sal\.?),?\s\(?(?:19|20)\d\d[a-z]?\)?)|\((?P<single>{_PART},?\s(?:19|20)\d\d[a-z]?)\)"
)
_COLLEAGUES = re.compile(
    rf"(?P<name>{_PART}(?:\s(?:and|&)\s(?:colleagues|{_PART})|\set\sal\.?)(?:\s\((?:19|20)\d\d[a-z]?\))?)(?P<single>)\s(?:{_SAY}|compared)\b"
)
_LEAD_IN = re.compile(
    r"^(?:As|And|But|When|While|Yet|So|For|If|That|Then|Like|Or|Although|Though|Here|Now|Today|Yesterday)\s"
)
_PROPER = re.compile(r"(?:(?!(?:The|In|By|As|And|But|A|For|According|While|When|Yet|Both)\s)[A-Z][\w’'-]+\s)+$")
_ARTICLE = re.compile(r"^[Tt]he\s+(?=[A-Z])")
_STUDY_WORD = re.compile(rf"\b{_STUDY_NOUN}\b", re.IGNORECASE)
_PAPER = re.compile(r"reports?|papers?|audits?|inquir(?:y|ies)", re.IGNORECASE)
_OF_BODY = re.compile(r"\b(?:by|from)\b|[’']s?\s")
_FRONT_END = re.compile(rf"(?:^|[,.;:“”\"]\s?|\b(?:by|and|but|as|that)\s){_FRONT_ROLE}$")
_CITED = re.compile(r"\bet al\b|\bcolleagues\b|(?:19|20)\d\d[a-z]?\)")
_OWN = re.compile(r"^\W*(?:this|our|the present|the current|these|we|i)\b", re.IGNORECASE)
_NOT_NAMES = frozenset(
    [
        "The",
        "This",
        "That",
        "These",
        "Those",
        "It",
        "They",
        "We",
        "You",
        "He",
        "She",
        "One",
        "Many",
        "Some",
        "Others",
        "Critics",
        "Managers",
        "Staff",
        "Clinicians",
        "Evidence",
        "Research",
        "Studies",
        "Nurses",
        "Patients",
        "People",
        "Doctors",
        "Leaders",
        "Commissioners",
        "Providers",
        "Council",
        "Councils",
        "Trust",
        "Trusts",
        "Report",
        "Nobody",
        "Everyone",
        "Most",
        "Few",
        "All",
        "Both",
        "Each",
        "Several",
        "Another",
        "However",
        "But",
        "And",
        "If",
        "When",
        "While",
        "In",
        "On",
        "At",
        "For",
        "By",
        "Figure",
        "Table",
        "Section",
        "Chapter",
        "Carers",
        "Residents",
        "Families",
        "Interviewees",
        "Respondents",
        "Participants",
        "Ministers",
        "Officials",
        "Government",
        "Parliament",
        "Boards",
        "Integrated",
        "Care",
        "Health",
        "Social",
        "National",
        "Local",
        "Better",
        "Long",
        "Term",
        "Plan",
        "Early",
        "Similar",
        "Good",
        "New",
        "First",
        "Second",
        "Comments",
        "Related",
        "Board",
        "Hospital",
        "Hospitals",
        "Analysis",
        "Data",
    ]
)
_HINT = re.compile(
    rf"\b(?:{_SAY}|{_PEOPLE_SAY}|according|words of|view of|opinion of|et al|hopes?|could find|find|shown|conclude|indicates?|suggest|demonstrated|figures|data|statistics|detected|compared|saw|put|colleagues)\b|\(\w+,? (?:19|20)\d\d",
    re.IGNORECASE,
)
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
        return _person(lead[-600:], "") or _source(lead[-600:]) or AUTHOR
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


def _opens_quote(text: str) -> bool:
    return text.lstrip()[:1] in ("“", '"', "‘", "'")


def _person(text: str, before: str) -> Attribution | None:
    for pattern in (_PERSON_LAST, _PERSON_TAIL, _PERSON_FIRST, _ACCORDING_PERSON):
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
    return None


def _front_role(text: str, match: re.Match[str]) -> str | None:
    """Return the role that stands before a name: "says operations director Meg Tansley"."""
    if "front" in match.groupdict():
        return _clean_role(match["front"])
    front = _FRONT_END.search(text[max(0, match.start("name") - 60) : match.start("name")])
    return _clean_role(front["front"]) if front else None


def _is_person(name: str) -> bool:
    words = name.split()
    if re.match(_TITLE, name + " "):
        return True
    return (
        words[0] not in _NOT_NAMES
        and not re.search(rf"\b{_ORG_WORD}\b", name)
        and not any(thing.end - thing.start > len(name) // 2 for thing in find_named(name))
    )


def _known_surname(match: re.Match[str], text: str, before: str) -> bool:
    name = match["name"]
    if re.match(_TITLE, name):
        return True
    if name in _NOT_NAMES or find_named(name) or re.search(rf"^{_ORG_WORD}$", name):
        return False
    return match.start("name") > 0 or bool(re.search(rf"[A-Z][a-z]+\s{re.escape(name)}\b", before))


def _clean_role(role: str | None) -> str | None:
    if role is None:
        return None
    role = re.sub(r"^(?:the|an?|one|another|its|their|our|who is)\s+", "", role.strip(), flags=re.IGNORECASE)
    role = re.sub(r"\s+(?:has|have|also)$", "", role)
    if re.match(
        r"(?:who|which|and|but|in|on|at|where|when|for|however|told|said|because|since|as|if|that|so|after|before|while|with|it|they|we|19|20)\b",
        role,
        re.IGNORECASE,
    ):
        return None
    return role or None


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
            name = match["name"].strip()
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
        if _BODY_ECHO.search(left) or (thing.kind == "body" and _BODY_SPEAKS.match(right)):
            start = thing.start - len(proper[0]) if (proper := _PROPER.search(left)) else thing.start
            return start, _ARTICLE.sub("", text[start : thing.end])
    plain = _BODY_FIRST.search(text) or _FROM_BODY.search(text)
    if plain is None or plain["name"].split()[-1] == "Service":
        return None
    return plain.start("name"), _ARTICLE.sub("", plain["name"])
