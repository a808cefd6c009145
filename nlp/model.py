"""The tagger's model: the tuned layers and the last step, loaded from ``nlp/weights`` and run over texts."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from nlp.codebook import Codebook, Hits
from nlp.embed import precision, span_states, vectors_of
from nlp.features import read
from nlp.figures import learned
from nlp.figures.learned import Line
from nlp.heads import Evidence, Verdict, Weights, claims, judge
from nlp.speakers import model_version
from warehouse.errors import ConfigError
from warehouse.models import FigureRole, Span

if TYPE_CHECKING:
    from nlp.embed import Encoder
    from nlp.tuned import Tuned

Place = tuple[int | None, int | None]
NOWHERE: Mapping[int, Sequence[Span]] = MappingProxyType({})
WEIGHTS = Path(__file__).parent / "weights"
LAST, TUNED, ROLE_WEIGHTS, ABOUT = "last.npz", "tuned.safetensors", "roles.npz", "about.json"
CODE_VERSION = "6"  # raise it when the code gives other tags from the same weights


@dataclass(frozen=True, slots=True)
class Found:
    """What the model says of n texts: vectors [n, 384], cue hits, chances, and kinds as places in ``KINDS``.

    ``span_states``: how the spans that were asked for are read (``nlp.embed.span_states``).
    """

    vectors: np.ndarray
    hits: list[Hits]
    verdict: Verdict
    kinds: np.ndarray
    span_states: dict[int, np.ndarray]


@dataclass(frozen=True, slots=True)
class Model:
    """Encoder, tuned layers (none in a model without them), the last step, and the judge of figures' roles, if any."""

    encoder: Encoder
    tuned: Tuned | None
    last: Weights
    roles: Weights | None
    version: str

    def run(
        self,
        codebook: Codebook,
        texts: Sequence[str],
        context: Sequence[Place],
        spans: Mapping[int, Sequence[Span]] = NOWHERE,
    ) -> Found:
        """Tag ``texts``; ``context`` holds for each the places of the line before and of the line above.

        ``spans``: the figures of some texts, by the text's place, for ``judge_roles``.
        """
        wanted = NOWHERE if self.roles is None else spans
        evidence, hits, states = gather_evidence(self.encoder, self.tuned, codebook, texts, context, wanted)
        verdict = judge(evidence, self.last)
        return Found(evidence.vectors, hits, verdict, claims(verdict.kind, self.last), states)

    def judge_roles(
        self, lines: Sequence[Line], states: Mapping[int, np.ndarray] | None = None
    ) -> list[list[FigureRole]]:
        """Return the likeliest role of each line's figures; what the rules say where there are no weights.

        ``states``: how each line's figures are read, by its place, where a run has just told.
        """
        if self.roles is None:
            return [[figure.role for figure in line.figures] for line in lines]
        return learned.judge(lines, learned.read(lines, self.encoder) if states is None else states, self.roles)


def gather_evidence(
    encoder: Encoder,
    tuned: Tuned | None,
    codebook: Codebook,
    texts: Sequence[str],
    context: Sequence[Place],
    spans: Mapping[int, Sequence[Span]] = NOWHERE,
) -> tuple[Evidence, list[Hits], dict[int, np.ndarray]]:
    """Run encoder, tuned layers and cues over ``texts``; the states of ``spans`` come third."""
    hits, kind, theme, polarity = read(codebook, texts, context)
    count, themes = len(texts), len(codebook.codes)
    if tuned is None:
        empty = np.zeros((count, 5)), np.zeros((count, themes)), np.zeros((count, themes, 3))
        batches = list(encoder.states(texts))
        vectors = vectors_of(batches, count)
        return Evidence(vectors, *empty, kind, theme, polarity), hits, span_states(batches, spans)
    from nlp.tuned import score

    scores = score(tuned, encoder, list(texts), list(context), spans)
    evidence = Evidence(scores.vectors, scores.kind, scores.theme, scores.polarity, kind, theme, polarity)
    return evidence, hits, scores.span_states


def load_model(codebook: Codebook, folder: Path = WEIGHTS) -> Model:
    """Load the model; ``ConfigError`` where there is none or where it was trained for other codes."""
    if not (folder / LAST).exists():
        raise ConfigError(f"{folder}: no tagger weights; run `claimwatch train`")
    about = json.loads((folder / ABOUT).read_text("utf-8"))
    if about["codes"] != list(codebook.codes):
        raise ConfigError(
            f"{folder}: the weights know the themes {', '.join(about['codes'])}, the codebook has "
            f"{', '.join(codebook.codes)}; run `claimwatch train`"
        )
    from nlp.embed import Encoder

    encoder = Encoder()
    tuned = _load_tuned(encoder, len(codebook.codes), folder / TUNED)
    roles = _arrays(folder / ROLE_WEIGHTS) if (folder / ROLE_WEIGHTS).exists() else None
    return Model(encoder, tuned, _arrays(folder / LAST), roles, _version(codebook, folder))


def _arrays(path: Path) -> Weights:
    with np.load(path, allow_pickle=False) as file:
        return {name: file[name].astype(np.float32) for name in file.files}


def _load_tuned(encoder: Encoder, themes: int, path: Path) -> Tuned | None:
    if not path.exists():
        return None
    from safetensors.torch import load_file

    from nlp.tuned import Tuned

    model = Tuned(encoder, themes)
    model.load_state_dict({name: value.float() for name, value in load_file(path).items()})
    return model.eval().to(encoder.bert.dtype)


def _version(codebook: Codebook, folder: Path) -> str:
    """Return the name of all that tags depend on; precision too, in which a close call may fall otherwise."""
    digest = hashlib.sha256(f"{CODE_VERSION} {precision()} {codebook.digest} {model_version()}".encode())
    for name in (LAST, TUNED, ROLE_WEIGHTS):
        if (folder / name).exists():
            digest.update((folder / name).read_bytes())
    return f"tagger-{digest.hexdigest()[:12]}"
