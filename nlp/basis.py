"""What a claim rests on, as its own words say, with the country, design and sample that they state.

Blank where the words say nothing of it. Offsets of a study fact are those of its quote in the passage.
"""

from __future__ import annotations

import re

from nlp.figures.words import DIGITS, SPELLED
from warehouse.models import Basis, StudyFact

_CUES: list[tuple[Basis, str]] = [
    ("review",
     r"systematic(?:ally)?[- ]review\w*|meta-analys[ie]s|literature review|evidence review|scoping review|umbrella review|rapid review|realist review|review of reviews|"
     r"cochrane review|evidence synthesis|review of (?:the )?(?:evidence|literature|research|\w+ (?:studies|trials|schemes|evaluations|papers|pilots|articles)|(?:published|international|recent) \w+)|"
     r"reviews? (?:of|covering) (?:\d+|\w+) \w+|\d{4} review|reviews? of (?:studies|trials|evaluations)|pooled (?:data|results) from|body of (?:evidence|research)|the (?:wider |international |published |research )+literature"),
    ("trial", r"randomi[sz]ed|RCTs?|controlled trials?|cluster trial|pragmatic trial|stepped[- ]wedge|trial arms?|(?:a|the|this|one|large|clinical) trials?|randomly (?:assigned|allocated)|control arm|intention[- ]to[- ]treat"),
    ("observational",
     r"before[- ]and[- ]after|difference[- ]in[- ]differences?|cohorts?|regression|matched (?:control|comparison|group|comparator|area|patient|cohort)s?|retrospective\w*|case[- ]control|cross[- ]sectional|"
     r"(?:interrupted )?time[- ]series|controlled (?:before|study|comparison)|longitudinal|synthetic control|propensity|comparison (?:group|area|site)s?|control (?:group|area|site)s?|"
     r"surveys? of|(?:our|the|a|national|staff|annual|online|postal) survey|survey (?:found|shows?|respondents)|respondents|hospital episode statistics|case notes|after adjust(?:ment|ing)|adjusted for|linked (?:data|records)|"
     r"quantitative|statistical analysis|analysis of (?:\w+ ){0,3}(?:admissions?|records|income|data|activity|returns)|questionnaires?|compared with similar|observational|uncontrolled|quasi-experimental|audit of \d+"),
    ("qualitative",
     r"interview(?:s|ed|ees?)?|focus groups?|ethnograph\w*|case stud(?:y|ies)|thematic analysis|semi-structured|qualitative|workshops?|non-participant observation|told us|listening events|people we (?:spoke|met)|we spoke to|diar(?:y|ies) kept|fieldwork|documentary analysis"),
    ("modelling",
     r"modell(?:ed|ing)|(?:economic|simulation|markov|decision|microsimulation|forecasting|statistical) model|simulat(?:ed|ion|ions)|projections?|monte carlo|scenario analysis|cost-effectiveness (?:model|analysis)|(?:is|are|was|were) projected to|forecasts? (?:by|from|shows?|suggests?)|modelled estimates?|QALYs?|break-even analysis"),
    ("official statistic",
     r"official (?:figures|statistics|data|returns|estimates)|national statistics|published statistics|(?:NHS England|NHS Digital|NHS|ONS|government|department(?:al)?|ministry|national|Census|council) (?:figures|data|statistics|returns)|"
     r"(?:figures|data|statistics) (?:published |released |collected )?(?:by|from) (?:the )?(?:NHS|ONS|Office for|Department|government|Scottish|Welsh|Ministry|Information)|census|monthly (?:figures|returns|statistics)|SitReps?|sitrep data|annual accounts|audited accounts|labour force survey|according to ONS"),
    ("opinion",
     r"I (?:believe|think|suspect|fear|doubt|would argue|am convinced|feel)|we (?:believe|think|suspect|fear|would argue|are convinced)|in (?:my|our) (?:view|opinion|experience|judgement)|it seems to me|to my mind|argues?(?: that)?|argued that|believes?|personally|reckons?|my (?:view|own view|impression)|in (?:his|her|their) (?:view|opinion)"),
]  # fmt: skip
_BASIS = [(basis, re.compile(rf"\b(?:{pattern})\b", re.IGNORECASE)) for basis, pattern in _CUES]
_NOT_A_STUDY = re.compile(
    r"\b(?:spending review|comprehensive spending|peer review|care reviews?|(?:care|annual|medication|case|yearly|six-week) reviews?|job interviews?|exit interviews?|trial balance|on trial|trial and error|court|role model|model of care|care model|business case|under review)\b",
    re.IGNORECASE,
)
_TO_COME = re.compile(
    r"\b(?:will|should|must|plans? to|is to|are to|intends? to|proposes? to|needs? to|would|to be)\b", re.IGNORECASE
)
_RESULT = re.compile(
    r"\b(?:found|shows?|showed|reported|suggests?|suggested|concluded|estimated?s?|indicates?|identified|fell|rose|reduced|increased|was|were|had|said|revealed|no (?:evidence|effect|difference)|argues?|believes?|project(?:s|ed|ions?))\b",
    re.IGNORECASE,
)
_BACK = re.compile(
    r"^\W*(?:it|they|this|these|the (?:study|review|trial|evaluation|authors|researchers|report|survey)|its authors|results?|participants|both arms)\b",
    re.IGNORECASE,
)

_DESIGN = re.compile(
    r"\b(?:(?:pragmatic|cluster|large|multi-?cent(?:re|er)|stepped[- ]wedge|parallel|open|double-blind|single-blind)[ -]){0,3}(?:randomi[sz]ed(?:[ -]controlled)?(?: trials?| study)?|controlled trial|RCTs?)\b|"
    r"\b(?:controlled )?before[- ]and[- ]after (?:study|design|comparison|evaluation)|\bdifference[- ]in[- ]differences?(?: (?:analysis|models?|study|design))?|\b(?:retrospective|prospective|matched)?[ -]?cohort study|\b(?:interrupted )?time[- ]series(?: analysis)?|"
    r"\bsystematic reviews?(?: and meta-analys[ie]s)?|\bmeta-analys[ie]s|\b(?:scoping|umbrella|realist|rapid|literature|evidence) review|\bcase[- ]control study|\bcross[- ]sectional (?:survey|study)|\bsynthetic control\w*(?: method| analysis| study)?|"
    r"\bregression(?: analysis| model\w*)?|\bpropensity[- ]score\w*(?: matching)?|\bsemi-structured interviews|\bfocus groups|\bcase stud(?:y|ies)|\bethnograph(?:y|ic study)|\b(?:economic|simulation|Markov|decision) model(?:ling)?|\b(?:online|postal|telephone|national|staff) surveys?|\bmixed[- ]methods(?: evaluation| study)?|"
    r"\bqualitative (?:study|evaluation|research)|\bstepped[- ]wedge(?: trial| design)?|\bmatched (?:control|comparison)(?: group| study)?s?|\breview of (?:reviews|the (?:evidence|literature))|\bthematic analysis|\bcost-effectiveness (?:analysis|model)",
    re.IGNORECASE,
)
_SAMPLE_NOUN = r"(?:patients|people|participants|adults|residents|carers|respondents|staff|studies|trials|papers|articles|schemes|sites|areas|practices|hospitals|trusts|councils|boards|care homes|homes|interviews|interviewees|focus groups|systems|managers|clinicians|nurses|GPs|households|records|case notes|evaluations|programmes|pilots|reviews|localities|wards|partnerships|admissions|authorities|women|men|children|leaders|organisations|professionals|vanguards|plans|deaths|users|clients|boroughs|districts|services|members|doctors|workers)"
_NUMBER = rf"(?:{DIGITS}|{SPELLED})"
_SAMPLE = re.compile(
    rf"\bn\s?=\s?(?P<n>{DIGITS})|\b(?:of|with|in|from|among|interviewed|surveyed|recruited|enrolled|randomised|randomized|included|including|involving|covering|visited|examined|compared|studied|followed|analysed|at|on|drawing on|to|across|spoke to|took|sampled|matched)\s+(?:(?:all|some|about|around|over|more than|nearly|almost|the|these)\s+)?(?P<size>(?P<count>{_NUMBER})\s+(?:[a-z-]+\s+){{0,4}}?{_SAMPLE_NOUN})\b|^\W*(?P<lead>{_NUMBER}\s+(?:[a-z-]+\s+){{0,3}}?(?:participants|respondents|interviewees|patients|people|studies|trials|interviews|carers)\s+(?:were (?:randomised|randomized|recruited|enrolled|interviewed|surveyed|included)|took part|responded|replied|completed))",
    re.IGNORECASE,
)
_COUNTRIES = {
    "England": "England|English", "Scotland": "Scotland|Scottish", "Wales": "Wales|Welsh", "Northern Ireland": "Northern Ireland|Northern Irish",
    "United Kingdom": "UK|United Kingdom|Britain|British", "United States": "US|USA|United States|America|American|Medicare|Kaiser Permanente", "Canada": "Canada|Canadian|Ontario|Quebec",
    "Australia": "Australia|Australian|Victoria's", "New Zealand": "New Zealand|Canterbury District Health Board", "Netherlands": "Netherlands|Dutch|Holland", "Sweden": "Sweden|Swedish",
    "Denmark": "Denmark|Danish", "Norway": "Norway|Norwegian", "Finland": "Finland|Finnish", "Germany": "Germany|German", "France": "France|French|PRISMA-France", "Italy": "Italy|Italian",
    "Spain": "Spain|Spanish|Catalonia|Basque", "Ireland": "Ireland|Irish", "Japan": "Japan|Japanese", "Singapore": "Singapore", "Israel": "Israel|Israeli", "Switzerland": "Switzerland|Swiss",
    "Belgium": "Belgium|Belgian", "Austria": "Austria|Austrian", "Portugal": "Portugal|Portuguese", "China": "China|Chinese", "Hong Kong": "Hong Kong", "Taiwan": "Taiwan", "South Korea": "South Korea|Korean",
}  # fmt: skip
_COUNTRY = re.compile(
    "|".join(f"(?P<c{at}>\\b(?:{names})\\b)" for at, names in enumerate(_COUNTRIES.values()))
    + rf"|(?P<many>\b{_NUMBER}\s+(?:OECD\s+|European\s+|high-income\s+)?countries\b)"
)
_NOT_COUNTRY = re.compile(r"(?:NHS|Education|Healthwatch|Health|Audit|Bank of|Care|Carers|Age|Ipsos)\s$")
_MAX_TEXT = 4000


def find_basis(text: str, *, before: str = "") -> tuple[Basis | None, list[StudyFact]]:
    """Return the basis that the words of a passage state, and its study facts; (None, []) where they state none.

    "A 2014 review of 38 schemes in eight countries found…" -> review, sample 38 schemes, eight countries.
    ``before`` is used where the passage points back to it ("It found…").
    """
    text = text[:_MAX_TEXT]
    basis = _basis(text)
    if basis in (None, "opinion") and before and _BACK.match(text):
        basis = _basis(before[-1000:]) or basis
    if basis is None:
        return None, []
    return basis, ([] if basis == "opinion" else _facts(text))


def _basis(text: str) -> Basis | None:
    held = [match.span() for match in _NOT_A_STUDY.finditer(text)]
    best: tuple[int, int, Basis] | None = None
    for rank, (basis, pattern) in enumerate(_BASIS):
        for match in pattern.finditer(text):
            if any(low < match.end() and match.start() < high for low, high in held):
                continue
            key = (rank, match.start(), basis)
            best = key if best is None else min(best, key)
            break
    if best is None or (_TO_COME.search(text) and not _RESULT.search(text) and best[2] not in ("modelling", "opinion")):
        return None
    return best[2]


def _facts(text: str) -> list[StudyFact]:
    facts: list[StudyFact] = []
    if design := _DESIGN.search(text):
        facts.append(StudyFact("study_design", design[0].strip(" -").lower(), *_trim(text, *design.span())))
    for sample in _SAMPLE.finditer(text):
        group = next(name for name in ("n", "size", "lead") if sample[name])
        start, end = sample.span(group)
        value = sample[group]
        if group == "lead":
            value = re.sub(r"\s+(?:were|took|responded|replied|completed).*$", "", value)
            end = start + len(value)
        facts.append(StudyFact("sample_size", value, start, end))
        break
    for match in _COUNTRY.finditer(text):
        if _NOT_COUNTRY.search(text[max(0, match.start() - 14) : match.start()]):
            continue
        index = match.lastgroup or ""
        value = match[0] if index == "many" else list(_COUNTRIES)[int(index[1:])]
        facts.append(StudyFact("country", value, match.start(), match.end()))
        break
    return facts


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start] in " -":
        start += 1
    return start, end
