"""The last step of tagging: what speaks for other themes, and what a theme looks at in a long sentence."""

from __future__ import annotations

import numpy as np
import torch

from nlp.embed import Encoder
from nlp.heads import others
from nlp.tuned import Tuned


def test_what_speaks_for_other_themes_leaves_the_theme_itself_out() -> None:
    tuned = np.array([[0.9, 0.2, 0.4]])
    vector, cue = tuned / 2, np.array([[1.0, 0.0, 1.0]])
    rest, rest_vector, cues, best = others(tuned, vector, cue)
    assert np.allclose(rest, [[0.6, 1.3, 1.1]])
    assert np.allclose(rest_vector, [[0.3, 0.65, 0.55]])
    assert np.allclose(cues, [[1, 2, 1]])
    assert np.allclose(best, [[0.4, 0.9, 0.9]])


def test_a_theme_looks_at_single_tokens_and_never_at_padding() -> None:
    torch.manual_seed(1)
    model = Tuned(Encoder(dtype="float32"), 2).eval()
    torch.nn.init.normal_(model.look.weight)
    torch.nn.init.normal_(model.seen)
    hidden, context = torch.randn(1, 5, 384), torch.zeros(1, 2, 384)
    none = torch.zeros(1, 2, dtype=torch.bool)
    padded = torch.cat([hidden, torch.full((1, 3, 384), 9.0)], 1)
    with torch.inference_mode():
        short = model(hidden, torch.ones(1, 5, dtype=torch.bool), context, none)
        long = model(padded, torch.tensor([[True] * 5 + [False] * 3]), context, none)
    assert all(torch.allclose(one, two, atol=1e-4) for one, two in zip(short, long, strict=True))
