"""What happened to each sentence, and so to each claim, between two versions of a text.

The kinds, their order and the JSON form are a contract (docs/contracts.md). ``diff(b, a)`` mirrors ``diff(a, b)``:
softened and strengthened change places, added and removed too, the rest stays.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import replace
from operator import itemgetter
from typing import Any

from nlp.align import Pair, align
from nlp.changes_figures import figure_changes
from nlp.changes_force import Shift, force_change
from nlp.changes_joins import Spanned, join_cut_sentences
from nlp.changes_noise import comparable
from nlp.changes_notes import goes_on, is_heading, is_note
from nlp.changes_speakers import speaker_changes
from nlp.changes_words import word_diff
from nlp.passages import split
from warehouse.models import Annotation, Change, ChangeKind, Span

ClaimTest = Callable[[list[str]], Sequence[bool]]
NOWHERE = -1
MAX_JOINED = 20  # more sentences are joined to none
MAX_WORDS_CHARS = 20_000  # longer sentences are no sentences: their words are not set against each other


def diff_texts(old: str, new: str, claims: ClaimTest | None = None) -> list[Change]:
    """Return what changed from ``old`` to ``new``, a Change a sentence or pair of sentences, in reading order.

    Args:
        old, new: two versions of one text.
        claims: tells which of some sentences are claims; only sentences that changed are asked for, in one batch.
            Without it every ``claim`` is False.
    """
    left, right = split(old), split(new)
    changes = [_quoted(change, old, new) for change in _diff(left, right)]
    if claims is None:
        return changes
    asked = list(dict.fromkeys(text for c in changes for text in (c.old, c.new) if text is not None))
    known = dict(zip(asked, claims(asked), strict=True)) if asked else {}
    return [replace(c, claim=any(known.get(t or "", False) for t in (c.old, c.new))) for c in changes]


def diff_annotations(old: Sequence[Annotation], new: Sequence[Annotation]) -> list[Change]:
    """Return what changed between two annotated versions; ``claim`` is set where either side is a claim.

    The spans are those of annotations, so that a change finds its passage and thread. Where sentences were joined
    (one cut in two, a note of several) it is that of the claim among them, else of the first, and ``detail`` has the
    whole span as ``old_whole`` or ``new_whole``.
    """
    return [_anchored(change, old, new) for change in _diff(old, new)]


def _anchored(change: Change, old: Sequence[Annotation], new: Sequence[Annotation]) -> Change:
    a, b = _inside(change.old_span, old), _inside(change.new_span, new)
    spans = (a.start, a.end) if a else None, (b.start, b.end) if b else None
    for name, whole, span in (("old", change.old_span, spans[0]), ("new", change.new_span, spans[1])):
        if whole is not None and whole != span:
            change.detail[f"{name}_whole"] = list(whole)
    return replace(change, claim=any(x and x.claim for x in (a, b)), old_span=spans[0], new_span=spans[1])


def _inside(span: Span | None, annotations: Sequence[Annotation]) -> Annotation | None:
    """Return the annotation at ``span``: the first claim in it, else the first."""
    if span is None:
        return None
    first = bisect_left(annotations, span[0], key=lambda a: a.start)
    inside = [a for a in annotations[first : first + MAX_JOINED] if span[0] <= a.start and a.end <= span[1]]
    return next((a for a in inside if a.claim), inside[0] if inside else None)


def align_passages(old: Sequence[Spanned], new: Sequence[Spanned]) -> list[Pair]:
    """Pair the passages of two versions as every difference does; page furniture takes part in nothing."""
    return align([p.text for p in old], [p.text for p in new], comparable)


def change_json(change: Change) -> dict[str, Any]:
    """Return a change in the contract's shape; offsets of both sides stand in ``detail``."""
    spans = {"old_span": change.old_span, "new_span": change.new_span}
    detail = change.detail | {name: list(span) for name, span in spans.items() if span}
    return {
        "kind": change.kind,
        "also": list(change.also),
        "old": change.old,
        "new": change.new,
        "claim": change.claim,
        "detail": detail,
    }


def _quoted(change: Change, old: str, new: str) -> Change:
    """Quote both sides from the texts themselves: joined passages keep what stood between them."""
    a, b = change.old_span, change.new_span
    return replace(change, old=old[a[0] : a[1]] if a else None, new=new[b[0] : b[1]] if b else None)


def _diff(old: Sequence[Spanned], new: Sequence[Spanned]) -> list[Change]:
    found: list[tuple[Pair, Change]] = []
    for met in join_cut_sentences(align_passages(old, new), old, new):
        pair, a, b = met.pair, met.old, met.new
        change = classify(a.text if a else None, b.text if b else None, moved=pair.moved)
        if change is None:
            continue
        if pair.moved:
            change.detail["moved"] = {"from": pair.old, "to": pair.new}
        spans = (a.start, a.end) if a else None, (b.start, b.end) if b else None
        found.append((pair, replace(change, old_span=spans[0], new_span=spans[1])))
    return _notes_together(found)


def classify(old: str | None, new: str | None, *, moved: bool = False) -> Change | None:
    """Return what happened to one sentence (None: not there), or None where nothing did."""
    if old is None or new is None:
        text = old if old is not None else new
        assert text is not None
        kind: ChangeKind = "correction_noted" if is_note(text) else "removed" if new is None else "added"
        return Change(kind, old, new, False)
    a, b = comparable(old), comparable(new)
    if a == b:
        return Change("moved", old, new, False) if moved else None
    if is_note(old) and is_note(new):
        return Change("correction_noted", old, new, False, detail=_words(old, new))
    return _reading(old, new, a, b, moved)


def _reading(old: str, new: str, a: str, b: str, moved: bool) -> Change:
    """Read a pair that differs: which kinds fit, the first of them in the contract's order, and why."""
    figures = figure_changes(a, b)
    silent, speaking = speaker_changes(a, b)
    sign, shifts = force_change(a, b)
    fits: dict[ChangeKind, bool] = {
        "figure_changed": bool(figures),
        "attribution_changed": bool(silent or speaking),
        "softened": sign < 0,
        "strengthened": sign > 0,
        "moved": moved,
    }
    kinds: list[ChangeKind] = [kind for kind, fit in fits.items() if fit]
    if not kinds or kinds == ["moved"]:
        kinds.insert(0, "reworded")
    detail = _words(old, new)
    if figures:
        detail["figures"] = figures
    if silent or speaking:
        detail["attribution"] = {"from": silent, "to": speaking}
    if shifts:
        detail["force"] = [_shift_json(shift) for shift in shifts]
    return Change(kinds[0], old, new, False, tuple(kinds[1:]), detail)


def _words(old: str, new: str) -> dict[str, Any]:
    return {"words": word_diff(old, new)} if len(old) + len(new) <= MAX_WORDS_CHARS else {}


def _shift_json(shift: Shift) -> dict[str, Any]:
    return {"scale": shift.scale, "from": shift.old, "to": shift.new, "sign": shift.sign}


def _notes_together(found: list[tuple[Pair, Change]]) -> list[Change]:
    """Join sentences that go on a note of correction to it: one note, one entry, its span from first to last."""
    out: dict[Pair, Change] = dict(found)
    for came in (True, False):
        alone = sorted(((_place(p, came), p) for p in out if _place(p, not came) == NOWHERE), key=itemgetter(0))
        head: Pair | None = None
        last = -2
        for at, pair in alone:
            change = out[pair]
            if head is not None and at == last + 1 and _belongs(out[head], change, came):
                out[head] = _joined(out[head], out.pop(pair))
            else:
                head = pair if change.kind == "correction_noted" else None
            last = at
    return list(out.values())


def _belongs(note: Change, more: Change, came: bool) -> bool:
    """Whether a sentence that came or went right behind a note says more of it: by its words, or in its paragraph."""
    said = note.old or note.new or ""
    a, b = (note.new_span, more.new_span) if came else (note.old_span, more.old_span)
    beside = a is not None and b is not None and b[0] - a[1] == 1
    return is_heading(said) or beside or goes_on(more.old or more.new or "")


def _place(pair: Pair, came: bool) -> int:
    at = pair.new if came else pair.old
    return NOWHERE if at is None else at


def _joined(note: Change, more: Change) -> Change:
    def text(a: str | None, b: str | None) -> str | None:
        return None if a is None or b is None else f"{a} {b}"

    def span(a: tuple[int, int] | None, b: tuple[int, int] | None) -> tuple[int, int] | None:
        return None if a is None or b is None else (min(a[0], b[0]), max(a[1], b[1]))

    return replace(
        note,
        old=text(note.old, more.old),
        new=text(note.new, more.new),
        old_span=span(note.old_span, more.old_span),
        new_span=span(note.new_span, more.new_span),
    )
