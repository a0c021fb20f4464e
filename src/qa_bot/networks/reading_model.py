"""The network of the trained reader: the bundled encoder's layers, trained, with three heads.

It reads a question and a passage as one text pair, as Devlin et al. 2019 ("BERT") do, and gives a
relevance score and, for each token, how well the answer starts or ends there. The first token
stands for "not here". As tokens of Chinese straddle words ("年在"), it also tells how many
characters of its first and last token are not of the answer.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Self

import torch
from torch import nn

from qa_bot.networks.gate import gate
from qa_bot.networks.inference import inference
from qa_bot.networks.spans import MOST_TRIMMED, Scores
from qa_bot.networks.tokenizer import PADDING, Encoding, Tokenizer

if TYPE_CHECKING:
    from transformers import BertModel
    from transformers.models.bert.modeling_bert import BertEmbeddings

__all__ = [
    "Output",
    "ReadingModel",
    "TorchReader",
    "load_weights",
    "padded",
    "save_weights",
]

_NOT_A_TOKEN = -1e4
_BATCH = 8  # pairs


@dataclass(frozen=True, slots=True)
class Output:
    """Logits: `relevance` of shape (n,), `start` and `end` of shape (n, tokens).

    `trim`, of shape (n, tokens, 2, `MOST_TRIMMED` + 1), tells how many characters are not of an
    answer that starts and of one that ends with the token.
    """

    relevance: torch.Tensor
    start: torch.Tensor
    end: torch.Tensor
    trim: torch.Tensor

    def of(self, row: int, encoding: Encoding) -> Scores:
        """The scores of one pair, whose encoding is `encoding`."""
        return Scores(
            float(self.relevance[row]),
            self.start[row].numpy(),
            self.end[row].numpy(),
            self.trim[row].argmax(-1).numpy(),
            encoding,
        )


class ReadingModel(nn.Module):
    """A BertModel and linear heads for relevance, start and end."""

    def __init__(self, encoder: BertModel, width: int) -> None:
        super().__init__()
        self.encoder = encoder
        self.span = nn.Linear(width, 2)
        self.relevance = nn.Linear(width, 1)
        self.trim = nn.Linear(width, 2 * (MOST_TRIMMED + 1))

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
        trim = self.trim(hidden).float().unflatten(-1, (2, MOST_TRIMMED + 1))
        return Output(relevance, span[..., 0], span[..., 1], trim)


class TorchReader:
    """The trained network with its tokenizer, run by torch."""

    def __init__(
        self, folder: Path, weights: Path, embeddings: BertEmbeddings | None = None
    ) -> None:
        self._model = ReadingModel.from_base(folder, weights, embeddings).eval()
        self._model.encoder.set_attn_implementation("sdpa")  # which needs less memory
        self._tokenizer = Tokenizer(folder)

    def read(self, question: str, passages: Sequence[str]) -> list[Scores]:
        """The scores of each passage; tokens beyond `MOST_TOKENS` are not read."""
        encodings = self._tokenizer.encode_pairs(question, passages)
        scores: list[Scores] = []
        for at in range(0, len(encodings), _BATCH):
            some = encodings[at : at + _BATCH]
            with gate.question(), inference():
                out = self._model(*padded(some))
            scores += [out.of(row, encoding) for row, encoding in enumerate(some)]
        return scores


def padded(encodings: Sequence[Encoding]) -> tuple[torch.Tensor, torch.Tensor]:
    """Token ids and attention mask, both int64 of shape (n, tokens of the longest)."""
    ids = torch.full((len(encodings), max(map(len, encodings))), PADDING)
    mask = torch.zeros_like(ids)
    for row, encoding in enumerate(encodings):
        ids[row, : len(encoding)] = torch.from_numpy(encoding.ids)
        mask[row, : len(encoding)] = 1
    return ids, mask


def save_weights(model: ReadingModel, path: Path) -> None:
    """Write what was trained, as float16."""
    from safetensors.torch import save_file

    state = model.state_dict()
    kept = {n: v.half() for n, v in state.items() if not n.startswith("encoder.embeddings.")}
    save_file({name: value.contiguous() for name, value in kept.items()}, path)


def load_weights(path: Path) -> dict[str, torch.Tensor]:
    """What `save_weights` wrote, or eval/training/calibrate_rounding.py made of it, as float32."""
    from safetensors.torch import load_file

    tensors = {name: value.float() for name, value in load_file(path).items()}
    weights = {}
    for name, value in tensors.items():
        if name.endswith((".weight", ".bias")):
            if (scale := tensors.get(f"{name}.scale")) is not None:
                value = value * scale / tensors[f"{name.removesuffix('.weight')}.smooth"]
            weights[name] = value
    return weights
