"""Teach the tuned layers: multi-task training from cached shared states, the same bits each time."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import torch
from torch import nn

from nlp.context import places
from nlp.embed import Encoder, mean
from nlp.labelled import Labelled
from nlp.tuned import Tuned, gather
from nlp.tuned_names import KINDS
from warehouse.models import POLARITIES

EPOCHS = 5
BATCH = 32
SEED = 20260101
LAYER_RATE, HEAD_RATE = 1.5e-4, 1e-3
SMOOTHING = 0.03


class Cached:
    """Shared states of all labelled sentences, computed once, with their labels as tensors."""

    def __init__(self, encoder: Encoder, rows: Sequence[Labelled], codes: Sequence[str]) -> None:
        texts = [row.text for row in rows]
        self.hidden: list[torch.Tensor] = [torch.empty(0)] * len(rows)
        self.means = torch.zeros((len(rows), 384))
        self.vectors = np.zeros((len(rows), 384), np.float32)
        for batch in encoder.states(texts):
            self.means[batch.rows] = mean(batch.hidden, batch.mask).float()
            self.vectors[batch.rows] = batch.vectors
            for place, row in enumerate(batch.rows):
                self.hidden[row] = batch.hidden[place, : int(batch.mask[place].sum())].clone()
        self.context = document_places([row.doc for row in rows], texts)
        self.kind = torch.tensor([-100 if row.kind is None else KINDS.index(row.kind) for row in rows])
        self.judged = torch.tensor([[float(row.knows(code)) for code in codes] for row in rows])
        self.theme = torch.tensor([[float(code in row.themes) for code in codes] for row in rows])
        self.polarity = torch.tensor(
            [[POLARITIES.index(row.themes[c]) if c in row.themes else -100 for c in codes] for row in rows]
        )
        self.weight = torch.tensor([row.weight for row in rows])

    def batch(self, rows: Sequence[int]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
        """Return hidden states, mask, context and which context is present, padded to the longest."""
        hidden = nn.utils.rnn.pad_sequence([self.hidden[row].float() for row in rows], batch_first=True)
        lengths = torch.tensor([len(self.hidden[row]) for row in rows])
        mask = torch.arange(hidden.shape[1])[None, :] < lengths[:, None]
        context, present = gather(self.means, [self.context[row] for row in rows])
        return hidden, mask, context, present


def document_places(docs: Sequence[str], texts: Sequence[str]) -> list[tuple[int | None, int | None]]:
    """Return the context places of every line, documents being runs of one name."""
    found: list[tuple[int | None, int | None]] = []
    start = 0
    for at in range(1, len(docs) + 1):
        if at == len(docs) or docs[at] != docs[start]:
            for before, above in places(texts[start:at]):
                found.append((None if before is None else before + start, None if above is None else above + start))
            start = at
    return found


def fit(
    encoder: Encoder, cached: Cached, rows: Sequence[int], progress: Callable[[str], None] = lambda _: None
) -> Tuned:
    """Return layers tuned on ``rows`` of the cached sentences."""
    torch.manual_seed(SEED)
    torch.use_deterministic_algorithms(True)
    model = Tuned(encoder, cached.theme.shape[1])
    model.train()
    heads = [p for name, p in model.named_parameters() if not name.startswith("layers")]
    optimiser = torch.optim.AdamW(
        [{"params": model.layers.parameters(), "lr": LAYER_RATE}, {"params": heads, "lr": HEAD_RATE}],
        weight_decay=0.01,
    )
    steps = EPOCHS * -(-len(rows) // BATCH)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min((step + 1) / (0.1 * steps), max(0.0, (steps - step) / (0.9 * steps)))
    )
    order = np.random.default_rng(SEED)
    for epoch in range(EPOCHS):
        total = 0.0
        for batch in _batches(cached, rows, order):
            loss = _loss(model, cached, batch)
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            total += loss.item() * len(batch)
        progress(f"epoch {epoch + 1} of {EPOCHS}: loss {total / len(rows):.3f}")
    return model.eval()


def _batches(cached: Cached, rows: Sequence[int], order: np.random.Generator) -> list[list[int]]:
    """Return shuffled batches of like length, so that little is padding."""
    noise = order.uniform(0.8, 1.25, len(rows))
    by_length = sorted(range(len(rows)), key=lambda at: (len(cached.hidden[rows[at]]) * noise[at], at))
    batches = [[rows[at] for at in by_length[i : i + BATCH]] for i in range(0, len(rows), BATCH)]
    return [batches[at] for at in order.permutation(len(batches))]


def _loss(model: Tuned, cached: Cached, rows: Sequence[int]) -> torch.Tensor:
    hidden, mask, context, present = cached.batch(rows)
    kind, theme, polarity = model(hidden, mask, context, present)
    weight = cached.weight[rows]
    kind_loss = nn.functional.cross_entropy(kind, cached.kind[rows], reduction="none", label_smoothing=0.05)
    target = cached.theme[rows] * (1 - 2 * SMOOTHING) + SMOOTHING * 0.5
    theme_loss = nn.functional.binary_cross_entropy_with_logits(theme, target, reduction="none")
    theme_loss = (theme_loss * cached.judged[rows]).sum(1)
    wanted = cached.polarity[rows]
    polarity_loss = (
        nn.functional.cross_entropy(polarity.flatten(0, 1), wanted.flatten(), reduction="none", ignore_index=-100)
        .view(wanted.shape)
        .sum(1)
    )
    return ((kind_loss + theme_loss + polarity_loss) * weight).mean()
