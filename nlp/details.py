"""Put together what is found in one passage, with offsets relative to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from nlp.basis import find_basis
from nlp.describe import describe_claim
from nlp.named import find_named
from warehouse.models import Annotation, Attribution, Claim, Figure, Tag

PLANNED_ON = ("modelling", "official statistic", "review")  # what a promise or forecast may rest on


def assemble(
    text: str, before: str, figures: Sequence[Figure], claim: Claim | None, tags: Sequence[Tag], said: Attribution
) -> Annotation:
    """Return the annotation of a passage that ``said`` says; ``before`` is the line before it."""
    named = find_named(text)
    if claim is not None:
        told = describe_claim(text, named, before=before)
        claim = replace(
            claim, direction=told.direction, outcome=told.outcome, intervention=told.intervention, hedge=told.hedge
        )
    basis, study = find_basis(text, before=before) if claim is not None else (None, [])
    if claim is not None and claim.kind == "commitment" and basis not in PLANNED_ON:
        basis, study = None, []  # "a survey of staff each spring": what is promised, not what the claim rests on
    return Annotation(
        start=0,
        end=len(text),
        text="",
        type="sentence",
        claim=claim,
        themes=tuple(tags),
        figures=tuple(figures),
        attribution=said,
        named=tuple(named),
        basis=basis,
        study=tuple(study),
    )
