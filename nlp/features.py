"""What the last step of tagging reads of a passage besides the models: cues, forms of speech, words of polarity."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from nlp.codebook import Codebook, Hits
from nlp.context import is_heading
from nlp.cues import words
from warehouse.models import POLARITIES

MAX_COUNT = 3
THEME_FEATURES = 8
FEW_WORDS = 4

_FORMS = (
    r"\b(?:should|ought to|recommend\w*|urge[sd]?|call(?:s|ed|ing)? (?:for|on)|it is (?:essential|vital|important) "
    r"(?:that|to)|we need to|needs? to|must)\b",
    r"\bmust\b|\bhas to\b|\bhave to\b",
    r"\b(?:we|it|they|which|that|who|there|this|services?|teams?|partners?|\w+s) will\b|"
    r"\bwe['’]ll\b|\bwill (?:be|have)\b",
    r"\b(?:aims?|aimed|plans?|planned|intends?|intended|pledge\w*|promis\w*|commit(?:ted|s|ment)|ambitions?|target\w*|"
    r"by 20\d\d|going to|over the next|goals?|expect(?:s|ed)? to|forecast\w*|due to|is to be|are to be)\b",
    r"\b(?:found|finds|findings?|showed|shows?|shown|reported|reveal\w*|survey\w*|audit\w*|evaluation|study|studies|data|"
    r"evidence|analysis|according to|respondents|interviewees|results?|review(?:ed)?|concluded?)\b",
    r"\b(?:rose|fell|increased|decreased|dropped|declined|reduced|grew|doubled|halved|improved|saved|achieved|higher|lower|"
    r"fewer|worse|better)\b",
    r"\d",
    r"(?:£|%|per cent|million|billion|\bbn\b)",
    r"\?\s*$",
    r"\b(?:is|are|was|were|has|have|had|can|cannot|could|would|may|might|do|does|did)\b",
    r"\b(?:because|therefore|so that|despite|although|but|however|without|unless|lack|leads? to|makes?|means?|causes?|"
    r"helps?|"
    r"hinders?|allows?|enables?|prevents?|undermin\w*|key|essential|crucial|vital|difficult|hard|easier|barrier\w*)\b",
    r"\b(?:said|says|told|argues?|argued|believes?|thinks?|feels?|felt|warned)\b|[“”\"]",
    r"\b(?:I|my)\b",
    r"https?://|www\.|\bclick\b|\bsubscribe\b|\bpublished\b|\bcontents\b|\bpage \d|\bfigure \d|\btable \d|©|@",
    r"\b(?:was|were) (?:established|set up|launched|announced|introduced|published|created|formed|selected|asked)\b",
    r"^(?:to |we are |working |ensur|develop|improv|support|increas|reduc|creat|deliver|build|provid|"
    r"strengthen|expand)",
)
_COMPILED = tuple(re.compile(form, re.I) for form in _FORMS)
KIND_FEATURES = len(_FORMS) + 4


def kind_features(text: str, above: str) -> np.ndarray:
    """Return the forms of speech in one passage, and what the line above sets it up as: [KIND_FEATURES]."""
    forms = [float(bool(form.search(text))) for form in _COMPILED]
    above_lead = above.rstrip().endswith(":")
    return np.array(
        [*forms, float(is_heading(text)), min(len(text), 400) / 200, float(len(text.split()) < 6), float(above_lead)],
        np.float32,
    )


def theme_features(text: str, hits: Hits, above: Hits | None, codes: Sequence[str]) -> np.ndarray:
    """Return for each theme: any cue, cues, hints, a cue in the lead-in above; heading, few words: [themes, 8].

    The last two come alone and with the cue: a cue in a heading or in a scrap of a chart says little.
    """
    heading, scrap = float(is_heading(text)), float(len(text.split()) <= FEW_WORDS)
    rows = []
    for code in codes:
        cue = float(bool(hits.cues[code]))
        counts = min(len(hits.cues[code]), MAX_COUNT), min(len(hits.hints[code]), MAX_COUNT)
        lead = float(bool(above and above.cues[code]))
        rows.append([cue, *counts, lead, heading, heading * cue, scrap, scrap * cue])
    return np.array(rows, np.float32)


def polarity_features(hits: Hits, above: Hits | None) -> np.ndarray:
    """Return how many words speak for barrier, enabler and mention, here and in the lead-in above: [6]."""
    here = [min(len(hits.polarity[name]), MAX_COUNT) for name in POLARITIES]
    there = [min(len(above.polarity[name]), MAX_COUNT) if above else 0 for name in POLARITIES]
    return np.array([*here, *there], np.float32)


def read(
    codebook: Codebook, texts: Sequence[str], context: Sequence[tuple[int | None, int | None]]
) -> tuple[list[Hits], np.ndarray, np.ndarray, np.ndarray]:
    """Return the hits of each text and its features of kind [n, K], themes [n, T, 8] and polarity [n, 6]."""
    hits = [codebook.find(words(text)) for text in texts]
    kinds, themes, polarities = [], [], []
    for text, own, (_, above) in zip(texts, hits, context, strict=True):
        lead = hits[above] if above is not None and texts[above].rstrip().endswith(":") else None
        kinds.append(kind_features(text, texts[above] if above is not None else ""))
        themes.append(theme_features(text, own, lead, list(codebook.codes)))
        polarities.append(polarity_features(own, lead))
    empty = not texts
    return (
        hits,
        np.zeros((0, KIND_FEATURES), np.float32) if empty else np.stack(kinds),
        np.zeros((0, len(codebook.codes), THEME_FEATURES), np.float32) if empty else np.stack(themes),
        np.zeros((0, 6), np.float32) if empty else np.stack(polarities),
    )
