"""The tuned tagging layers: the last two layers of the encoder, taught kind, themes and polarity.

They start from the states that the frozen encoder has after its shared layers, so one pass serves search and tags.
The line before and the heading or lead-in above join as one more token each: their mean shared state.
Kind and polarity are read off the mean of a text's tokens; a theme also off the tokens that it looks at, so that three
words in a long sentence are not lost in the mean (label-wise attention: Mullenbach et al., NAACL 2018).
"""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import nn

from nlp.embed import DIMENSIONS, SHARED_LAYERS, Encoder, States, mean, side_by_side, span_states
from nlp.tuned_names import KINDS
from warehouse.models import POLARITIES, Span

CONTEXTS = 2  # the line before; the heading or lead-in above


class Tuned(nn.Module):
    """Logits of kind [n, 5], themes [n, T] and polarity [n, T, 3] from shared states and context."""

    def __init__(self, encoder: Encoder, themes: int) -> None:
        super().__init__()
        self.layers = nn.ModuleList(copy.deepcopy(layer) for layer in encoder.bert.encoder.layer[SHARED_LAYERS:])
        self.layers.float()
        self.place = nn.Parameter(torch.zeros(CONTEXTS, DIMENSIONS))
        self.dropout = nn.Dropout(0.1)
        self.kind = nn.Linear(DIMENSIONS, len(KINDS))
        self.theme = nn.Linear(DIMENSIONS, themes)
        self.polarity = nn.Linear(DIMENSIONS, themes * len(POLARITIES))
        self.look = nn.Linear(DIMENSIONS, themes, bias=False)
        self.seen = nn.Parameter(torch.zeros(themes, DIMENSIONS))
        nn.init.zeros_(self.look.weight)  # at first every theme looks at all tokens alike

    def forward(
        self, hidden: torch.Tensor, mask: torch.Tensor, context: torch.Tensor, present: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Score a batch. ``context``: [n, 2, 384] mean states; ``present``: [n, 2], which of them there are."""
        states = torch.cat([hidden, context + self.place], 1)
        allowed = torch.cat([mask, present], 1)[:, None, None, :]
        for layer in self.layers:
            states = layer(states, allowed)
        tokens = states[:, : hidden.shape[1]]
        pooled = self.dropout(mean(tokens, mask))
        looked = self.look(tokens).masked_fill(~mask.unsqueeze(-1), -1e4).softmax(1)  # [n, tokens, T]
        found = self.dropout(looked.transpose(1, 2) @ tokens)  # [n, T, 384]
        theme = self.theme(pooled) + (found * self.seen).sum(-1)
        polarity = self.polarity(pooled).view(len(pooled), -1, len(POLARITIES))
        return self.kind(pooled), theme, polarity


def score(
    model: Tuned,
    encoder: Encoder,
    texts: list[str],
    context: list[tuple[int | None, int | None]],
    spans: Mapping[int, Sequence[Span]],
) -> Scores:
    """Run encoder and tuned layers once over ``texts``; ``context`` holds places in ``texts``.

    ``spans`` are those of some texts whose states are wanted too (``nlp.embed.span_states``).
    """
    batches = list(encoder.states(texts))
    vectors = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
    means = torch.zeros((len(texts), DIMENSIONS), dtype=batches[0].hidden.dtype if batches else torch.float32)
    for batch in batches:
        vectors[batch.rows] = batch.vectors
        means[batch.rows] = mean(batch.hidden, batch.mask)
    themes = model.theme.out_features
    out = Scores(
        vectors,
        np.zeros((len(texts), len(KINDS)), np.float32),
        np.zeros((len(texts), themes), np.float32),
        np.zeros((len(texts), themes, len(POLARITIES)), np.float32),
        span_states(batches, spans),
    )

    def run(batch: States) -> tuple[np.ndarray, ...]:
        with torch.inference_mode():
            logits = model(batch.hidden, batch.mask, *gather(means, [context[row] for row in batch.rows]))
            return tuple(part.float().numpy() for part in logits)

    for batch, (kind, theme, polarity) in zip(batches, side_by_side(run, batches), strict=True):
        out.kind[batch.rows], out.theme[batch.rows], out.polarity[batch.rows] = kind, theme, polarity
    return out


def gather(means: torch.Tensor, places: list[tuple[int | None, int | None]]) -> tuple[torch.Tensor, torch.Tensor]:
    """Return the context states [n, 2, 384] and which are present [n, 2]."""
    index = torch.tensor([[0 if place is None else place for place in pair] for pair in places])
    present = torch.tensor([[place is not None for place in pair] for pair in places])
    return means[index] * present.unsqueeze(-1).to(means.dtype), present


@dataclass(frozen=True, slots=True)
class Scores:
    """Vectors [n, 384] and logits of kind [n, 5], themes [n, T], polarity [n, T, 3] for n texts; spans of some."""

    vectors: np.ndarray
    kind: np.ndarray
    theme: np.ndarray
    polarity: np.ndarray
    span_states: dict[int, np.ndarray]


def shipped(weights: dict[str, Any]) -> dict[str, Any]:
    """Return the weights in half precision, as they are shipped."""
    return {name: value.to(torch.float16).contiguous() for name, value in weights.items()}
