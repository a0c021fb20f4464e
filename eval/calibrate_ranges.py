"""Measure the ranges between which the networks' products are rounded to 8 bits.

    python eval/calibrate_ranges.py                      # the embedding model's
    python eval/calibrate_ranges.py --reader [WEIGHTS]   # a reader's, written into its file

The text is the project's own: the articles and questions of eval/. Tokens of a few texts are
passed through the network in full precision; a channel's range goes from its least value to its
greatest.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file, save_file

from dataset import load
from qa_bot.chunking import passage_spans
from qa_bot.networks.bundled import PROMPTS, bundled_model_dir
from qa_bot.networks.encoder import RANGES, Base, Network, load_base
from qa_bot.networks.graph import mean_pooled
from qa_bot.networks.passage_reader import reader_network
from qa_bot.networks.tokenizer import TokenIds
from qa_bot.reader import WEIGHTS
from qa_bot.reading import read
from qa_bot.records import Article

HERE = Path(__file__).parent
MOST = 160  # texts of a kind
LONG = 1200  # characters: as many tokens as are read at most
FEW = 8  # at a time, for all that goes into products takes memory


def texts() -> tuple[list[str], list[str]]:
    """Questions and passages, in turn from all articles."""
    evalset = load(HERE)
    questions = [question.question for question in evalset.questions]
    passages = [
        f"{item.title}\n{item.text[a:b]}".strip()
        for item in read(evalset.documents)
        if isinstance(item, Article)
        for size in (300, LONG)
        for a, b in passage_spans(item.text, size)
    ]
    return questions[:: max(1, len(questions) // MOST)], passages[:: max(1, len(passages) // MOST)]


def measure(network: Network, texts: list[TokenIds], outputs: int) -> NDArray[np.float16]:
    """The least and greatest value of each channel, float16 of shape (2, channels)."""
    low, high = [], []
    for at in range(0, len(texts), FEW):
        some = texts[at : at + FEW]
        for row, ids in zip(network.run(some), some, strict=True):
            taps = np.concatenate([tap[: len(ids)] for tap in row[outputs:]], axis=1)
            low.append(taps.min(0))
            high.append(taps.max(0))
    return np.stack([np.min(low, 0), np.max(high, 0)]).astype(np.float16)


def embedder_ranges(base: Base) -> NDArray[np.float16]:
    questions, passages = texts()
    everything = [PROMPTS["document"] + p for p in passages]
    everything += [PROMPTS["query"] + q for q in questions]
    network = Network(base, base.weights, mean_pooled, None, tapped=True)
    return measure(network, base.tokenizer.encode(everything), outputs=1)


def reader_ranges(base: Base, weights: Path) -> NDArray[np.float16]:
    questions, passages = texts()
    # some with the passage that answers, some with another: any pair will do
    pairs = [
        base.tokenizer.encode_pairs(questions[i % len(questions)], [passage])[0].ids
        for i, passage in enumerate(passages)
    ]
    network = reader_network(base, weights, ranges=None, tapped=True)
    return measure(network, pairs, outputs=3)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--reader", type=Path, nargs="?", const=WEIGHTS, help="weights of a reader")
    options = parser.parse_args()
    base = load_base(bundled_model_dir())
    if options.reader:
        ranges = reader_ranges(base, options.reader)
        save_file({**load_file(options.reader), "ranges": ranges}, options.reader)
    else:
        save_file({"ranges": embedder_ranges(base)}, RANGES)


if __name__ == "__main__":
    main()
