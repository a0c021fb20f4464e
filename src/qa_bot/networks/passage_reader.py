"""The trained reader's network, run by OpenVINO."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file

from qa_bot.networks.encoder import Arrays, Base, Network
from qa_bot.networks.gate import gate
from qa_bot.networks.graph import constant, linear
from qa_bot.networks.runtime import op, ov
from qa_bot.networks.spans import MOST_TRIMMED, Scores

__all__ = ["PassageReader", "reader_network"]


class PassageReader:
    """Reads passages with the `weights` that `qa_bot.networks.reading_model` describes."""

    def __init__(self, base: Base, weights: Path) -> None:
        self._base = base
        self._network = reader_network(base, weights, name="reader")

    def read(self, question: str, passages: Sequence[str]) -> list[Scores]:
        """The scores of each passage; tokens beyond `tokenizer.MOST_TOKENS` are not read."""
        encodings = self._base.tokenizer.encode_pairs(question, passages)
        with gate.question():
            outputs = self._network.run([encoding.ids for encoding in encodings])
        scores = []
        for encoding, (relevance, span, trim) in zip(encodings, outputs, strict=True):
            tokens = len(encoding)
            trims = trim[:tokens].reshape(tokens, 2, MOST_TRIMMED + 1).argmax(-1)
            starts, ends = span[:tokens, 0], span[:tokens, 1]
            scores.append(Scores(float(relevance[0]), starts, ends, trims, encoding))
        return scores


def reader_network(
    base: Base,
    weights: Path,
    *,
    tapped: bool = False,
    name: str = "",
) -> Network:
    """The network of these weights; of each pair it gives relevance, spans and trims.

    Their shapes: (1,), (tokens, 2) and (tokens, 2 * (`MOST_TRIMMED` + 1)). `tapped` and `name` are
    as in `Network`.
    """

    @functools.cache
    def own() -> Arrays:
        return load_file(weights)

    def tensors() -> Arrays:
        return base.weights() | {k.removeprefix("encoder."): v for k, v in own().items()}

    def heads(hidden: ov.Output, _: ov.Output) -> Sequence[ov.Node]:
        first = op.gather(hidden, constant(0, np.int64), constant(1, np.int64))
        pairs = ((first, "relevance"), (hidden, "span"), (hidden, "trim"))
        return [linear(x, own(), name) for x, name in pairs]

    return Network(base, tensors, heads, tapped=tapped, name=name, files=[weights, Path(__file__)])
