"""Tag texts: passages, claims, themes, figures, who says so, named things, evidence basis, and search vectors.

``annotate`` is a pure function over a batch of texts. Given a memo, a passage whose text, context and tagger have
been seen costs no model work. Text that must not be trusted (other languages, torn columns) comes back marked.
"""

from __future__ import annotations

from collections.abc import MutableMapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from nlp import remember
from nlp.blocks import is_item
from nlp.codebook import Codebook, load_codebook
from nlp.context import places
from nlp.details import assemble
from nlp.figures import find_figures
from nlp.figures.learned import Line, in_roles, spans_of
from nlp.leads import lead_polarity
from nlp.model import WEIGHTS, Found, Model, load_model
from nlp.passages import MAX_PASSAGE_CHARS, Passage, flat, split
from nlp.screen import interleaved, language, reason_to_skip
from nlp.speakers import attribute
from warehouse.ids import make_id
from warehouse.models import CLAIM_KINDS, POLARITIES, Annotation, Claim, Figure, Span, Tag
from warehouse.texts import whole_text

BATCH = 4_096  # passages worked on at a time, which bounds memory

Memo = MutableMapping[str, str]


@dataclass(frozen=True, slots=True)
class Annotated:
    """The passages of one text in order, and the unit vector of each: float32 [n, 384] (zeros where skipped)."""

    annotations: list[Annotation]
    vectors: np.ndarray


@dataclass(frozen=True, slots=True)
class Unit:
    """One passage to tag: its flat text, the flat line before and line above, why it is skipped, and its key."""

    passage: Passage
    text: str
    before: str
    above: str
    skipped: str | None


class Annotator:
    """The tagger. ``tagger`` names its version: it changes with the code, the codebook or the weights."""

    def __init__(self, model: Model, codebook: Codebook) -> None:
        self.model, self.codebook = model, codebook

    @classmethod
    def load(cls, weights: Path = WEIGHTS) -> Annotator:
        """Load codebook, encoder and weights; ``ConfigError`` says what is missing."""
        codebook = load_codebook()
        return cls(load_model(codebook, weights), codebook)

    @property
    def tagger(self) -> str:
        """The tagger's version."""
        return self.model.version

    def annotate(
        self,
        texts: Sequence[str],
        *,
        comments: Sequence[Sequence[str]] | None = None,
        memo: Memo | None = None,
    ) -> list[Annotated]:
        """Tag ``texts``. Offsets are code points of ``whole_text(text, comments)``.

        ``memo`` maps keys to results of earlier calls and is added to.
        """
        every: list[list[Unit]] = []
        for number, text in enumerate(texts):
            spoken = comments[number] if comments else ()
            every.append(_units(*_with_comments(text, spoken)))
        return self._tag(every, memo if memo is not None else {})

    def annotate_sentences(self, lines: Sequence[str]) -> list[Annotation]:
        """Tag lines, one sentence each; a blank line starts another document. One result a line that is not blank.

        Offsets are those of each line itself.
        """
        documents: list[list[Unit]] = [[]]
        gathered: list[str] = []
        for line in [*lines, ""]:
            if line.strip():
                gathered.append(line)
            elif gathered:
                documents.append(_line_units(gathered))
                gathered = []
        return [note for done in self._tag(documents, {}) for note in done.annotations]

    def _tag(self, every: list[list[Unit]], memo: Memo) -> list[Annotated]:
        keys = [[self._key(unit) for unit in units] for units in every]
        wanted: dict[str, Unit] = {}
        for units, names in zip(every, keys, strict=True):
            for unit, key in zip(units, names, strict=True):
                if unit.skipped is None and key not in wanted and key not in memo:
                    wanted[key] = unit
        names, todo = list(wanted), list(wanted.values())
        for at in range(0, len(todo), BATCH):
            for key, value in zip(names[at : at + BATCH], self._run(todo[at : at + BATCH]), strict=True):
                memo[key] = value
        return [self._result(units, found, memo) for units, found in zip(every, keys, strict=True)]

    def _key(self, unit: Unit) -> str:
        return make_id("passage", unit.text, unit.passage.text, unit.before, unit.above, unit.passage.type, self.tagger)

    def _result(self, units: list[Unit], keys: list[str], memo: Memo) -> Annotated:
        vectors = np.zeros((len(units), 384), np.float32)
        notes: list[Annotation] = []
        for row, (unit, key) in enumerate(zip(units, keys, strict=True)):
            passage = unit.passage
            note = Annotation(
                passage.start, passage.end, passage.text, passage.type, passage.lead, skipped=unit.skipped
            )
            if unit.skipped is None:
                known, vectors[row] = remember.unpack(memo[key])
                note = remember.place(known, note)
            notes.append(note)
        return Annotated(notes, vectors)

    def _run(self, units: list[Unit]) -> list[str]:
        """Tag units that were not seen before; each comes back packed, with offsets relative to its passage."""
        texts, context = _with_context(units)
        bodies = [unit.passage.text[:MAX_PASSAGE_CHARS] for unit in units]
        figures = [
            find_figures(body, before=unit.before, heading=unit.above) for body, unit in zip(bodies, units, strict=True)
        ]
        lines = [_on_one_line(unit, each) for unit, each in zip(units, figures, strict=True)]
        found = self.model.run(self.codebook, texts, context, spans_of(lines))
        roles = self.model.judge_roles(lines, found.span_states)
        said = attribute([(body, unit.before) for body, unit in zip(bodies, units, strict=True)])
        packed = []
        for row, unit in enumerate(units):
            led = lead_polarity(unit.above)
            tags = self._tags(row, found, unit, led)
            claim = self._claim(row, found, bool(led and tags))
            counted = in_roles(bodies[row], figures[row], roles[row])
            note = assemble(bodies[row], unit.before, counted, claim, tags, said[row])
            packed.append(remember.pack(note, found.vectors[row]))
        return packed

    def _claim(self, row: int, found: Found, led: bool) -> Claim | None:
        """Return the claim; an item that a lead-in makes a barrier or enabler is one even in two words."""
        place, chance = int(found.kinds[row]), float(1 - found.verdict.kind[row, 0])
        if place == 0 and not led:
            return None
        kind = CLAIM_KINDS[place - 1] if place else "assertion"
        return Claim(kind, round(chance, 3))  # type: ignore[arg-type]

    def _tags(self, row: int, found: Found, unit: Unit, led: str | None) -> list[Tag]:
        """Return the themes of one passage: above their line, or half of it under a lead-in and with a cue."""
        tags = []
        for number, (code, theme) in enumerate(self.codebook.codes.items()):
            score = float(found.verdict.theme[row, number])
            cues = found.hits[row].cues[code]
            line = float(self.model.last["theme.threshold"][number])
            if score < (line / 2 if led and cues else line):
                continue
            polarity = led or POLARITIES[int(found.verdict.polarity[row, number].argmax())]
            spans = tuple(remember.offsets(unit.passage.text, unit.text, cues or found.hits[row].hints[code]))
            tags.append(Tag(code, polarity, round(score, 3), spans, theme.digest))  # type: ignore[arg-type]
        return tags


def _on_one_line(unit: Unit, figures: list[Figure]) -> Line:
    """Return the flat line of a passage with its figures where they stand in it."""
    spans = remember.inside(unit.passage.text, unit.text, [(figure.start, figure.end) for figure in figures])
    moved = [replace(figure, start=low, end=high) for figure, (low, high) in zip(figures, spans, strict=True)]
    return Line(unit.text, unit.above, moved)


def _with_comments(text: str, comments: Sequence[str]) -> tuple[str, list[Span]]:
    whole = whole_text(text, comments)
    spans, at = [], len(text)
    for comment in comments:
        spans.append((at + 1, at + 1 + len(comment)))
        at += 1 + len(comment)
    return whole, spans


def _units(text: str, comments: list[Span]) -> list[Unit]:
    """Return what to tag in one text, in order, with context and the reasons to skip."""
    passages = split(text, comments)
    broken = "interleaved columns" if interleaved(passages) else None
    foreign = _foreign(passages)
    units: list[Unit] = []
    before = ""
    for passage in passages:
        line = flat(passage.text)
        span = passage.lead or passage.heading
        above = flat(text[span[0] : span[1]])[:300] if span and span[0] < passage.start else ""
        torn = broken if passage.type != "comment" else None  # comments were not set in columns
        skipped = torn or reason_to_skip(passage.text) or foreign.get(passage.paragraph)
        units.append(Unit(passage, line, before[-600:], above, skipped))
        before = line
    return units


def _foreign(passages: Sequence[Passage]) -> dict[int, str]:
    """Return by paragraph which are in another language: judged by paragraph, short ones with the whole text."""
    blocks: dict[int, list[str]] = {}
    for passage in passages:
        blocks.setdefault(passage.paragraph, []).append(passage.text[:2_000])
    whole = language(" ".join(passage.text[:500] for passage in passages[:200]))
    found = {}
    for paragraph, parts in blocks.items():
        joined = " ".join(parts)
        code = language(joined) if len(joined) > 60 else whole
        if code != "en":
            found[paragraph] = f"language: {code}"
    return found


def _line_units(lines: list[str]) -> list[Unit]:
    """Return the units of one document given a sentence a line."""
    flats = [flat(line[: 2 * MAX_PASSAGE_CHARS])[:MAX_PASSAGE_CHARS] for line in lines]
    units = []
    for line, text, (before, above) in zip(lines, flats, places(flats), strict=True):
        start = len(line) - len(line.lstrip())
        body = line.strip()
        passage = Passage(start, start + len(body), body, "item" if is_item(body) else "sentence")
        code = language(text) if len(text) > 60 else "en"
        skipped = reason_to_skip(body) or (f"language: {code}" if code != "en" else None)
        units.append(
            Unit(
                passage,
                text,
                "" if before is None else flats[before][-600:],
                "" if above is None else flats[above][:300],
                skipped,
            )
        )
    return units


def _with_context(units: Sequence[Unit]) -> tuple[list[str], list[tuple[int | None, int | None]]]:
    """Return the distinct lines to run, the units' own first, and where each finds its context among them."""
    texts = [unit.text for unit in units]
    where = {text: at for at, text in reversed(list(enumerate(texts)))}

    def place(line: str) -> int | None:
        if not line:
            return None
        if line not in where:
            where[line] = len(texts)
            texts.append(line)
        return where[line]

    context = [(place(unit.before), place(unit.above)) for unit in units]
    return texts, context + [(None, None)] * (len(texts) - len(units))


def to_json(note: Annotation) -> dict[str, Any]:
    """Return one passage in the contract's shape."""
    return remember.to_json(note)
