"""What a claim rests on, as its own words say, with the country, design and sample that they state.

Blank where the words say nothing of it. Offsets of a study fact are those of its quote in the passage.
"""

from __future__ import annotations

import re
from pathlib import Path

import yaml

from nlp.figures.words import DIGITS, SPELLED
from nlp.rules import load_rules
from warehouse.models import Basis, StudyFact


def _read_countries() -> dict[str, str]:
    rows: dict[str, list[str]] = yaml.safe_load(Path(__file__).with_name("countries.yml").read_text(encoding="utf-8"))
    return {country: "|".join(names) for country, names in rows.items()}


STRENGTH: tuple[Basis, ...] = (
    "review",
    "trial",
    "observational",
    "qualitative",
    "modelling",
    "official statistic",
    "opinion",
)
_NUMBER = rf"(?:{DIGITS}|{SPELLED})"
_RULES = load_rules(Path(__file__).with_name("basis.yml"), number=_NUMBER)
_BASIS: list[tuple[Basis, re.Pattern[str]]] = [  # the first that fits is the stronger
    (basis, _RULES[basis.replace(" ", "_")]) for basis in STRENGTH
]
_NOT_A_STUDY = _RULES["not_a_study"]
_TO_COME = _RULES["to_come"]
_RESULT = _RULES["result"]
_BACK = _RULES["back"]

_DESIGN = _RULES["design"]
_SAMPLE = _RULES["sample"]
_COUNTRIES = _read_countries()
_COUNTRY = re.compile(
    "|".join(rf"(?P<c{at}>\b(?:{names})\b)" for at, names in enumerate(_COUNTRIES.values()))
    + rf"|(?P<many>\b{_NUMBER}\s+(?:OECD\s+|European\s+|high-income\s+)?countries\b)"
)
_NOT_COUNTRY = _RULES["not_country"]
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
    if best is None or (_TO_COME.search(text) and not _RESULT.search(text) and best[2] != "opinion"):
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
