"""Rebuild the tagger's weights from the labelled sentences, bit for bit on one machine (``claimwatch train``).

Three models, each blind to a third of the documents, score that third; the last step is fitted on those honest
scores; then one model learns from all documents but the test part, which only the scores in the model card see.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from nlp.card import write_card
from nlp.codebook import Codebook, load_codebook
from nlp.features import read as read_features
from nlp.figures.marked import Marked
from nlp.figures.marked import read as marked
from nlp.fits import Job, fit_all, weights_of
from nlp.heads import Evidence, Weights
from nlp.labelled import FOLDER, FOLDS, Labelled, part, read
from nlp.model import ABOUT, LAST, ROLE_WEIGHTS, TUNED, WEIGHTS
from nlp.scores import measure
from nlp.tuned_names import KINDS
from warehouse.models import CLAIM_KINDS, POLARITIES

if TYPE_CHECKING:
    from nlp.embed import Encoder

Progress = Callable[[str], None]
REVIEW_WEIGHT = 2.0


def train(
    out_dir: Path | None = None,
    with_reviews: Sequence[Any] | None = None,
    progress: Progress = lambda _: None,
    *,
    data: Path = FOLDER,
) -> str:
    """Train, write weights and model card, and return a line that says what was reached.

    ``with_reviews`` are people's decisions (``warehouse.people.Decision``): their quotes join the training part.
    ``data`` holds the labelled sentences.
    """
    import torch

    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # the same bits whatever the machine's load, and the fastest for such small batches
    try:
        return _train(out_dir, with_reviews or (), progress, data)
    finally:
        torch.set_num_threads(threads)
        torch.use_deterministic_algorithms(False)


def _train(out_dir: Path | None, reviews: Sequence[Any], progress: Progress, data: Path) -> str:
    from nlp.embed import Encoder
    from nlp.fit import Cached
    from nlp.stack import Targets, fit_last, fit_vectors, out_of_fold

    codebook = load_codebook()
    own = read(list(codebook.codes), data)
    sentences = [sentence for file in marked(data / "roles").values() for sentence in file]
    rows = [*own, *from_reviews(reviews, codebook)]
    folds = np.array([part(row.doc) for row in rows])
    folds[len(own) :] %= FOLDS  # no correction is held out
    encoder = Encoder(dtype="float32")  # the same on every processor
    progress(f"embedding {len(rows):,} sentences")
    cached = Cached(encoder, rows, list(codebook.codes))
    tuned = blank_logits(len(rows), len(codebook.codes))
    learn = np.nonzero(folds >= 0)[0]
    jobs = [_job(f"fold {fold + 1} of {FOLDS}", learn[folds[learn] != fold], folds == fold) for fold in range(FOLDS)]
    fitted = fit_all(encoder, cached, [*jobs, _job("all folds", learn, folds < 0)], progress)
    for each in fitted:
        for array, logits in zip(tuned, each.logits, strict=bool(each.job.judge)):
            array[each.job.judge] = logits

    targets = Targets(rows, list(codebook.codes))
    features = read_features(codebook, [row.text for row in rows], cached.context)[1:]
    evidence = Evidence(cached.vectors, *tuned, *features)
    last = fit_last(evidence, out_of_fold(cached.vectors, targets, folds), targets, learn)
    last |= fit_vectors(cached.vectors, targets, learn)
    folder = out_dir or WEIGHTS
    save(folder, codebook, last, weights_of(fitted[-1]))
    save_roles(folder, encoder, sentences, progress)
    held = np.nonzero((folds < 0) & (targets.weight == 1))[0]
    scores = measure(evidence.take(held), last, targets.kind[held], targets.theme[held], targets.polarity[held])
    write_card(folder, codebook, rows, folds, scores, to_docs=out_dir is None)
    return scores.summary()


def _job(name: str, learn: np.ndarray, judge: np.ndarray) -> Job:
    return Job(name, learn.tolist(), np.nonzero(judge)[0].tolist())


def blank_logits(count: int, themes: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return arrays for the tuned logits of kind, themes and polarity."""
    return (
        np.zeros((count, len(CLAIM_KINDS) + 1), np.float32),
        np.zeros((count, themes), np.float32),
        np.zeros((count, themes, len(POLARITIES)), np.float32),
    )


def save(folder: Path, codebook: Codebook, last: Weights, tuned: dict[str, Any]) -> None:
    """Write the weights in half precision: tuned layers as safetensors, the last step as npz."""
    from safetensors.torch import save_file

    from nlp.tuned import shipped

    folder.mkdir(parents=True, exist_ok=True)
    save_file(shipped(tuned), folder / TUNED)
    arrays: dict[str, Any] = {name: np.asarray(value, np.float32) for name, value in sorted(last.items())}
    np.savez(folder / LAST, **arrays)
    about = {"codes": list(codebook.codes), "codebook": codebook.digest[:12]}
    (folder / ABOUT).write_text(json.dumps(about, indent=1) + "\n")


def save_roles(folder: Path, encoder: Encoder, sentences: Sequence[Marked], progress: Progress) -> None:
    """Write the judge of figures' roles; without marked sentences to learn it from there is none."""
    from nlp.figures.teach import gather, teach

    if not sentences:
        return (folder / ROLE_WEIGHTS).unlink(missing_ok=True)
    progress(f"roles of figures: {len(sentences):,} sentences")
    np.savez(folder / ROLE_WEIGHTS, **teach(gather(sentences, encoder)))  # type: ignore[arg-type]


def from_reviews(decisions: Sequence[Any], codebook: Codebook) -> list[Labelled]:
    """Return people's corrections as labelled sentences, which know only what a person said of the quote."""
    found: dict[str, dict[str, str]] = {}
    for decision in decisions:
        if decision.quote and decision.value:
            found.setdefault(decision.quote, {})[decision.field] = decision.value
    rows = []
    for quote, said in found.items():
        kind = said.get("kind") if said.get("kind") in KINDS else None
        judged = {
            code: said[f"theme:{code}"] for code in codebook.codes if said.get(f"theme:{code}") in (*POLARITIES, "none")
        }
        themes = {code: value for code, value in judged.items() if value != "none"}
        if kind or judged:
            rows.append(Labelled(f"review {quote[:40]}", quote, kind, themes, REVIEW_WEIGHT, frozenset(judged)))
    return rows
