"""Fit several models of the tuned layers at once, each in a process of its own with one thread.

One thread a model keeps its bits; a core a model keeps the wait short. A process is forked, so that the cached states
are shared and not copied.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from threading import Thread
from typing import Any

import numpy as np
import torch

from nlp.embed import Encoder
from nlp.fit import Cached, fit

PREDICTED = 64  # rows scored at a time


@dataclass(frozen=True, slots=True)
class Job:
    """A model to fit on the rows ``learn`` and to score ``judge`` with; ``name`` is for its progress."""

    name: str
    learn: list[int]
    judge: list[int]


@dataclass(frozen=True, slots=True)
class Fitted:
    """What a job gives: logits of its ``judge`` rows (kind, themes, polarity), and the weights by name."""

    job: Job
    logits: tuple[np.ndarray, ...]
    weights: dict[str, np.ndarray]


Work = Callable[[Job], Fitted]
_WORK: list[Work] = []  # what a forked process finds: it cannot be sent there


def fit_all(encoder: Encoder, cached: Cached, jobs: Sequence[Job], progress: Callable[[str], None]) -> list[Fitted]:
    """Return what each job gives, in order: the same bits whatever the number of cores."""
    cores = min(_cores(), len(jobs))
    if cores < 2:
        return [_fitted(encoder, cached, job, progress) for job in jobs]
    forked = multiprocessing.get_context("fork")
    notes = forked.SimpleQueue()
    _WORK.append(lambda job: _fitted(encoder, cached, job, notes.put))
    teller = Thread(target=_tell, args=(notes.get, progress))
    teller.start()
    try:
        with ProcessPoolExecutor(cores, mp_context=forked) as pool:
            return list(pool.map(_run, jobs))
    finally:
        notes.put(None)
        teller.join()
        _WORK.pop()


def _cores() -> int:
    """Return how many cores this process may use; one where forking a process that has threads is not safe."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else 1


def _tell(heard: Callable[[], str | None], progress: Callable[[str], None]) -> None:
    while note := heard():
        progress(note)


def _run(job: Job) -> Fitted:
    return _WORK[-1](job)


def _fitted(encoder: Encoder, cached: Cached, job: Job, progress: Callable[[str], None]) -> Fitted:
    model = fit(encoder, cached, job.learn, lambda note: progress(f"{job.name}, {note}"))
    with torch.inference_mode():
        parts = [model(*cached.batch(rows)) for rows in _some(job.judge)]
    logits = tuple(torch.cat(part).float().numpy() for part in zip(*parts, strict=True))
    return Fitted(job, logits, {name: value.detach().numpy() for name, value in model.state_dict().items()})


def _some(rows: list[int]) -> Iterator[list[int]]:
    for at in range(0, len(rows), PREDICTED):
        yield rows[at : at + PREDICTED]


def weights_of(fitted: Fitted) -> dict[str, Any]:
    """Return the weights as tensors."""
    return {name: torch.from_numpy(value) for name, value in fitted.weights.items()}
