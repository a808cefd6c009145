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
from nlp.model import WEIGHTS, Model, load_model
from nlp.passages import MAX_PASSAGE_CHARS, Passage, flat, split
from nlp.screen import interleaved, language, reason_to_skip
from warehouse.ids import make_id
from warehouse.models import Annotation, Claim, Span, Tag
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
        found = self.model.run(self.codebook, texts, context)
        lines = self.model.last["theme.threshold"]
        packed = []
        for row, unit in enumerate(units):
            kind = remember.KINDS[int(found.kinds[row])]
            claim = None
            if kind != "none":
                claim = Claim(kind, round(float(1 - found.verdict.kind[row, 0]), 3))  # type: ignore[arg-type]
            tags = [
                self._theme(code, row, number, found, unit)
                for number, code in enumerate(self.codebook.codes)
                if found.verdict.theme[row, number] >= lines[number]
            ]
            note = assemble(unit.passage.text[:MAX_PASSAGE_CHARS], unit.before, unit.above, claim, tags)
            packed.append(remember.pack(replace(note, type=unit.passage.type), found.vectors[row]))
        return packed

    def _theme(self, code: str, row: int, number: int, found: Any, unit: Unit) -> Tag:
        hits = found.hits[row]
        cues = tuple(remember.offsets(unit.passage.text, unit.text, hits.cues[code] or hits.hints[code]))
        polarity = remember.POLARITIES[int(found.verdict.polarity[row, number].argmax())]
        score = round(float(found.verdict.theme[row, number]), 3)
        return Tag(code, polarity, score, cues, self.codebook.codes[code].digest)  # type: ignore[arg-type]


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
        skipped = (
            (broken if passage.type != "heading" else None)
            or foreign.get(passage.paragraph)
            or reason_to_skip(passage.text)
        )
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
        skipped = f"language: {code}" if code != "en" else reason_to_skip(body)
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
