"""The bundled model, as OpenVINO runs it, in the shape of a `SentenceTransformer`."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any

import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.base.modules import InputModule
from tokenizers import Tokenizer

from qa_bot.networks.encoder import TextEncoder
from qa_bot.networks.tokenizer import MOST_TOKENS

__all__ = ["as_transformer"]


class _Encoder(InputModule):  # type: ignore[misc]
    """Gives whole texts to the encoder, which has batches and a tokenizer of its own."""

    max_seq_length = MOST_TOKENS

    def __init__(self, encoder: TextEncoder) -> None:
        super().__init__()
        self._encoder = encoder

    @functools.cached_property
    def tokenizer(self) -> Tokenizer:  # for callers who count tokens
        return Tokenizer.from_file(str(self._encoder.folder / "tokenizer.json"))

    def preprocess(
        self, inputs: Sequence[str], prompt: str | None = None, **_: Any
    ) -> dict[str, Any]:
        return {"texts": [(prompt or "") + text for text in inputs]}

    def forward(self, features: dict[str, Any], **_: Any) -> dict[str, Any]:
        vectors = self._encoder.encode(features["texts"])
        return features | {"sentence_embedding": torch.from_numpy(vectors)}

    def get_embedding_dimension(self) -> int:
        return self._encoder.dimension

    def save(self, *_: Any, **__: Any) -> None:
        raise NotImplementedError("This model is compiled: save the folder it was made from.")


def as_transformer(encoder: TextEncoder, prompts: dict[str, str]) -> SentenceTransformer:
    """A `SentenceTransformer` that encodes by `encoder`."""
    return SentenceTransformer(modules=[_Encoder(encoder)], prompts=prompts, device="cpu")
