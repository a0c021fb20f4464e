"""Fit how the networks' products are rounded to 8 bits.

    python eval/training/calibrate_rounding.py                # the embedding model's
    python eval/training/calibrate_rounding.py --reader A.safetensors  # a reader's, from training
    python eval/training/calibrate_rounding.py --reader A.safetensors B.safetensors  # of their mean

The text is the project's own: the articles and questions of eval/. What goes into each product is
taken from the network in full precision. Of all combinations of how much of a channel's size goes
to the weights and how much of the range is cut off, that one is kept whose results differ least, as
a share of each token's own: a few tokens, the first above all, have values ten times as large as
others, and are normalised afterwards. For the embedding model, whose vectors that brings no nearer
to those in full precision, one combination serves all products.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rich.progress import track
from safetensors.numpy import load_file, save_file

from qa_bot.answer.calibration import Calibration
from qa_bot.answer.reader import WEIGHTS
from qa_bot.index.chunking import passage_spans
from qa_bot.networks.bundled import PROMPTS, ROUNDING, bundled_model_dir
from qa_bot.networks.encoder import Arrays, Base, Network, load_base
from qa_bot.networks.graph import mean_pooled
from qa_bot.networks.passage_reader import reader_network
from qa_bot.networks.tokenizer import TokenIds
from qa_bot.reading import read
from qa_bot.records import Article

EVAL = Path(__file__).parents[1]
MOST = 160  # texts of a kind
LONG = 1200  # characters: as many tokens as are read at most
FEW = 8  # texts at a time, for all that goes into products takes memory
SAMPLE = 3000  # tokens that rounding is fitted on; the ends are those of all tokens
Shares = tuple[float, ...]
SMOOTHING: Shares = (0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9)  # of a channel's size
KEPT: Shares = (1.0, 0.8, 0.65, 0.5)  # of the range

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Inputs:
    """What goes into all products, one after the other.

    `least` and `greatest` of each channel, (channels,), and `some` tokens' values, (tokens,
    channels).
    """

    least: Floats
    greatest: Floats
    some: Floats


@dataclass(frozen=True)
class Fit:
    """Divide the inputs by `smooth`, (columns,), and round them between `ends`, (2,).

    The results differ by `error`, the mean of the squares' share.
    """

    smooth: Floats
    ends: Floats
    error: float


def texts() -> tuple[list[str], list[str]]:
    """Questions and passages, in turn from all articles."""
    rows = (EVAL / "questions.jsonl").read_text("utf-8").splitlines()
    questions = [json.loads(row)["question"] for row in rows]
    passages = [
        f"{item.title}\n{item.text[a:b]}".strip()
        for item in read([EVAL / "articles"])
        if isinstance(item, Article)
        for size in (300, LONG)
        for a, b in passage_spans(item.text, size)
    ]
    return questions[:: max(1, len(questions) // MOST)], passages[:: max(1, len(passages) // MOST)]


def measure(network: Network, texts: list[TokenIds], outputs: int) -> Inputs:
    """The inputs of the products of a tapped network, which follow its `outputs`."""
    chance = np.random.default_rng(3)
    share = SAMPLE / sum(map(len, texts))
    low, high, some = [], [], []
    for at in track(range(0, len(texts), FEW), "Reading"):
        group = texts[at : at + FEW]
        for row, ids in zip(network.run(group), group, strict=True):
            taps = np.concatenate([tap[: len(ids)] for tap in row[outputs:]], axis=1)
            low.append(taps.min(0))
            high.append(taps.max(0))
            some.append(taps[chance.random(len(taps)) < share])
    return Inputs(np.min(low, 0), np.max(high, 0), np.concatenate(some))


def rounded_matrix(matrix: Floats) -> tuple[NDArray[np.int8], NDArray[np.float16]]:
    """In whole numbers, with a scale for each row, (rows, 1)."""
    scale = np.maximum(np.abs(matrix).max(1, keepdims=True), 1e-6) / 127
    scale = scale.astype(np.float16)
    whole = np.rint(matrix / scale.astype(np.float32)).clip(-127, 127)
    return whole.astype(np.int8), scale


def fit(inputs: Inputs, matrix: Floats, smoothing: Shares = SMOOTHING, kept: Shares = KEPT) -> Fit:
    """The rounding of one product under which `inputs.some @ matrix.T` changes least."""
    exact = inputs.some @ matrix.T
    own = np.square(exact).mean(1)
    size = np.maximum(np.maximum(-inputs.least, inputs.greatest), 1e-4)
    weight = np.maximum(np.abs(matrix).max(0), 1e-4)
    best: Fit | None = None
    for share in smoothing:
        smooth = (size**share / weight ** (1 - share)).astype(np.float16).astype(np.float32)
        whole, scale = rounded_matrix(matrix * smooth)
        coarse = whole.astype(np.float32) * scale.astype(np.float32)
        least, greatest = (inputs.least / smooth).min(), (inputs.greatest / smooth).max()
        x = inputs.some / smooth
        for of_range in kept:
            most = of_range * max(-least, greatest)
            low, high = max(least, -most), min(greatest, most)
            step = (high - low) / 255
            x_coarse = np.rint((x.clip(low, high) - low) / step) * step + low
            difference = x_coarse @ coarse.T - exact
            error = float((np.square(difference).mean(1) / own).mean())
            if best is None or error < best.error:
                best = Fit(smooth, np.array([low, high], np.float32), error)
    assert best is not None
    return best


def products(layers: int) -> Iterator[list[str]]:
    """The maps of each product, in the order of `bert_graph`'s taps."""
    for layer in range(layers):
        at = f"encoder.layer.{layer}."
        yield [f"{at}attention.self.{part}" for part in ("query", "key", "value")]
        yield from (
            [f"{at}{name}.dense"] for name in ("attention.output", "intermediate", "output")
        )


def fitted(
    base: Base, inputs: Inputs, weights: Arrays, smoothing: Shares = SMOOTHING, kept: Shares = KEPT
) -> Iterator[tuple[str, Fit]]:
    """Of each map its name and its product's rounding."""
    at = 0
    for names in track(list(products(base.config["num_hidden_layers"])), "Fitting"):
        matrix = np.concatenate([weights[f"{name}.weight"].astype(np.float32) for name in names])
        until = at + matrix.shape[1]
        found = fit(
            Inputs(inputs.least[at:until], inputs.greatest[at:until], inputs.some[:, at:until]),
            matrix,
            smoothing,
            kept,
        )
        at = until
        yield from ((name, found) for name in names)


def embedder_rounding(base: Base) -> Arrays:
    """What to lay over the base's weights."""
    questions, passages = texts()
    everything = [PROMPTS["document"] + p for p in passages]
    everything += [PROMPTS["query"] + q for q in questions]
    network = Network(base, base.weights, mean_pooled, tapped=True)
    inputs = measure(network, base.tokenizer.encode(everything), outputs=1)
    rounding: Arrays = {}
    for name, found in fitted(base, inputs, base.weights(), (0.8,), (1.0,)):
        rounding[f"{name}.smooth"] = found.smooth.astype(np.float16)
        rounding[f"{name}.ends"] = found.ends
    return rounding


def rounded_reader(base: Base, trained: Path) -> Arrays:
    """The weights that training gave, with those of products in 8 bits."""
    questions, passages = texts()
    # some with the passage that answers, some with another: any pair will do
    pairs = [
        base.tokenizer.encode_pairs(questions[i % len(questions)], [passage])[0].ids
        for i, passage in enumerate(passages)
    ]
    inputs = measure(reader_network(base, trained, tapped=True), pairs, outputs=3)
    weights = load_file(trained)
    own = {name.removeprefix("encoder."): value for name, value in weights.items()}
    for name, found in fitted(base, inputs, own):
        matrix = own[f"{name}.weight"].astype(np.float32)
        whole, scale = rounded_matrix(matrix * found.smooth)
        weights |= {
            f"encoder.{name}.weight": whole,
            f"encoder.{name}.weight.scale": scale,
            f"encoder.{name}.smooth": found.smooth.astype(np.float16),
            f"encoder.{name}.ends": found.ends,
        }
    return weights


def mean(weights: list[Arrays]) -> Arrays:
    """The mean of several trainings' weights, float16."""
    return {
        name: np.mean([w[name].astype(np.float32) for w in weights], axis=0).astype(np.float16)
        for name in weights[0]
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--reader", type=Path, nargs="+", help="weights of train_reader.py")
    parser.add_argument("--out", type=Path, help="instead of the package's own file")
    options = parser.parse_args()
    base = load_base(bundled_model_dir())
    if options.reader:
        with tempfile.TemporaryDirectory() as folder:
            trained = Path(folder) / "mean.safetensors"
            save_file(mean([load_file(path) for path in options.reader]), trained)
            rounded = rounded_reader(base, trained)
        # what scores are worth stays as it was until calibrate_reader.py fits it anew
        calibration = Calibration.of(WEIGHTS)
        metadata = calibration.metadata() if calibration else None
        save_file(rounded, options.out or WEIGHTS, metadata)
    else:
        save_file(embedder_rounding(base), options.out or ROUNDING)


if __name__ == "__main__":
    main()
