"""The network of the trained reader: the bundled encoder's layers, trained, with three heads.

It reads a question and a passage as one text pair, as Devlin et al. 2019 ("BERT") do, and gives a
relevance score and, for each token, how well the answer starts or ends there. The first token
stands for "not here".
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Self

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from qa_bot.inference import inference

if TYPE_CHECKING:
    from tokenizers import Encoding, Tokenizer
    from transformers import BertModel
    from transformers.models.bert.modeling_bert import BertEmbeddings

__all__ = [
    "Output",
    "PassageReader",
    "ReadingModel",
    "Scores",
    "Span",
    "load_tokenizer",
    "padded",
    "save_weights",
    "token_span",
]

MOST_TOKENS = 512  # of question and passage together
_LONGEST_ANSWER = 60  # tokens
_PADDING = 1  # the padding token's id
_NOT_A_TOKEN = -1e4
_BATCH = 8  # pairs


@dataclass(frozen=True, slots=True)
class Output:
    """Logits: `relevance` of shape (n,), `start` and `end` of shape (n, tokens)."""

    relevance: torch.Tensor
    start: torch.Tensor
    end: torch.Tensor

    def of(self, row: int, encoding: Encoding) -> Scores:
        """The scores of one pair, whose encoding is `encoding`."""
        return Scores(
            float(self.relevance[row]), self.start[row].numpy(), self.end[row].numpy(), encoding
        )


@dataclass(frozen=True, slots=True)
class Span:
    """An answer in a passage: `passage[start:end]`; `margin` is its logit above "not here"."""

    start: int
    end: int
    margin: float


@dataclass(frozen=True, slots=True)
class Scores:
    """What the network says of one passage: logits, `starts` and `ends` of shape (tokens,)."""

    relevance: float
    starts: NDArray[np.float32]
    ends: NDArray[np.float32]
    encoding: Encoding

    def best(self, begin: int = 0, end: int | None = None) -> Span | None:
        """The best answer inside `passage[begin:end]`; None if no token of it was read."""
        inside = [
            i
            for i, (sequence, (a, b)) in enumerate(
                zip(self.encoding.sequence_ids, self.encoding.offsets, strict=True)
            )
            if sequence == 1 and a >= begin and (end is None or b <= end) and b > a
        ]
        if not inside:
            return None
        first, past = inside[0], inside[-1] + 1
        pairs = self.starts[first:past, None] + self.ends[None, first:past]
        reach = np.arange(past - first)[None, :] - np.arange(past - first)[:, None]
        pairs = np.where((reach >= 0) & (reach < _LONGEST_ANSWER), pairs, -np.inf)
        start, last = np.unravel_index(int(pairs.argmax()), pairs.shape)
        return Span(
            self.encoding.offsets[first + int(start)][0],
            self.encoding.offsets[first + int(last)][1],
            float(pairs[start, last] - self.starts[0] - self.ends[0]),
        )


class ReadingModel(nn.Module):
    """A BertModel and linear heads for relevance, start and end."""

    def __init__(self, encoder: BertModel, width: int) -> None:
        super().__init__()
        self.encoder = encoder
        self.span = nn.Linear(width, 2)
        self.relevance = nn.Linear(width, 1)

    @classmethod
    def from_base(
        cls, folder: Path, weights: Path | None = None, embeddings: BertEmbeddings | None = None
    ) -> Self:
        """The base model of `folder`, with the trained `weights` on top where they are given.

        `embeddings`, those of a model already loaded from the same folder, are shared.
        """
        from safetensors.torch import load_file
        from transformers import BertConfig, BertModel

        config = BertConfig(**json.loads((folder / "config.json").read_text("utf-8")))
        # to train, fused attention is slower than the plain one under bfloat16 on a CPU, and
        # dropping out attention takes half the time
        config._attn_implementation = "eager"
        config.attention_probs_dropout_prob = 0.0
        with torch.device("meta" if embeddings is not None else "cpu"):
            encoder = BertModel(config, add_pooling_layer=False)
        if embeddings is None:
            base = load_file(folder / "model.safetensors")
            kept = {k: v.float() for k, v in base.items() if not k.startswith("pooler.")}
            encoder.load_state_dict(kept, strict=False)
        else:
            encoder.embeddings = embeddings
        for parameter in encoder.embeddings.parameters():
            parameter.requires_grad_(False)
        model = cls(encoder, config.hidden_size)
        if weights is not None:
            model.load_state_dict(load_weights(weights), strict=False, assign=True)
        return model

    def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> Output:
        """Logits for token ids and attention mask of shape (n, tokens)."""
        hidden = self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state
        span = self.span(hidden).float()
        span = span.masked_fill(mask[..., None] == 0, _NOT_A_TOKEN)
        relevance = self.relevance(hidden[:, 0]).float()[:, 0]
        return Output(relevance, span[..., 0], span[..., 1])


class PassageReader:
    """The trained network with its tokenizer, for reading."""

    def __init__(
        self, folder: Path, weights: Path, embeddings: BertEmbeddings | None = None
    ) -> None:
        self._model = ReadingModel.from_base(folder, weights, embeddings).eval()
        self._model.encoder.set_attn_implementation("sdpa")  # which needs less memory
        self._tokenizer = load_tokenizer(folder)

    def read(self, question: str, passages: Sequence[str]) -> list[Scores]:
        """The scores of each passage; tokens beyond `MOST_TOKENS` are not read."""
        encodings = self._tokenizer.encode_batch([(question, p) for p in passages])
        scores: list[Scores] = []
        for at in range(0, len(encodings), _BATCH):
            some = encodings[at : at + _BATCH]
            with inference():
                out = self._model(*padded(some))
            scores += [out.of(row, encoding) for row, encoding in enumerate(some)]
        return scores


def padded(encodings: Sequence[Encoding]) -> tuple[torch.Tensor, torch.Tensor]:
    """Token ids and attention mask, both int64 of shape (n, tokens of the longest)."""
    ids = torch.full((len(encodings), max(map(len, encodings))), _PADDING)
    mask = torch.zeros_like(ids)
    for row, encoding in enumerate(encodings):
        ids[row, : len(encoding)] = torch.tensor(encoding.ids)
        mask[row, : len(encoding)] = 1
    return ids, mask


def load_tokenizer(folder: Path) -> Tokenizer:
    """The tokenizer of the base model in `folder`, set to cut long passages, not questions."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.enable_truncation(MOST_TOKENS, strategy="only_second")
    return tokenizer


def token_span(encoding: Encoding, start: int, end: int) -> tuple[int, int]:
    """First and last token of `passage[start:end]`; (0, 0) if it was cut off."""
    tokens = [
        i
        for i, (sequence, (a, b)) in enumerate(
            zip(encoding.sequence_ids, encoding.offsets, strict=True)
        )
        if sequence == 1 and a < end and b > start
    ]
    if not tokens or encoding.offsets[tokens[-1]][1] < end:
        return 0, 0
    return tokens[0], tokens[-1]


def save_weights(model: ReadingModel, path: Path) -> None:
    """Write what was trained: matrices as int8 with one float16 scale a row, the rest float16."""
    from safetensors.torch import save_file

    tensors = {}
    for name, value in model.state_dict().items():
        if name.startswith("encoder.embeddings."):
            continue
        if value.dim() == 2 and value.shape[0] > 2:
            scale = (value.abs().amax(1, keepdim=True) / 127).clamp_min(1e-8).half()
            tensors[f"{name}.scale"] = scale
            tensors[name] = (value / scale.float()).round().clamp(-127, 127).to(torch.int8)
        else:
            tensors[name] = value.half()
    save_file({name: value.contiguous() for name, value in tensors.items()}, path)


def load_weights(path: Path) -> dict[str, torch.Tensor]:
    """What `save_weights` wrote, as float32."""
    from safetensors.torch import load_file

    tensors = load_file(path)
    return {
        name: value.float() * tensors[f"{name}.scale"].float()
        if f"{name}.scale" in tensors
        else value.float()
        for name, value in tensors.items()
        if not name.endswith(".scale")
    }
