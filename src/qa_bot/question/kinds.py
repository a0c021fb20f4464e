"""What kind of answer a question asks for, told by small linear models trained on examples.

They look at the question's embedding and at its runs of up to four tokens, hashed. The examples
are eval/training/question_kinds.jsonl, the training eval/training/train_question_kinds.py.
"""

from __future__ import annotations

import functools
import json
import re
import zlib
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors import safe_open

from qa_bot.text.chinese import align

__all__ = ["BUCKETS", "SEVERAL", "WEIGHTS", "Guess", "guess", "token_runs"]

WEIGHTS = Path(str(files("qa_bot.question"))) / "kinds.safetensors"
BUCKETS = 1 << 13
# kinds that several sentences answer together
SEVERAL = frozenset(
    {"why", "how", "aspects", "list", "nth", "said", "yesno", "summary", "timeline", "comparison"}
)
_LONGEST_RUN = 4  # tokens
_TOKEN = re.compile(r"[a-z\u00c0-\u024f]+|\d+|\S", re.IGNORECASE)
_READ = 200  # characters


@dataclass(frozen=True, slots=True)
class Guess:
    """What the models say of a question.

    `kinds` are the kinds of answer with their probabilities, best first; `asks` what a fact asks
    for (`person`, `time`, `quantity`, ...), in the same way; `follow` is the probability that it
    needs the question before it.
    """

    kinds: tuple[tuple[str, float], ...]
    asks: tuple[tuple[str, float], ...]
    follow: float

    @property
    def kind(self) -> str:
        """The likeliest kind."""
        return self.kinds[0][0]


def guess(question: str, vector: NDArray[np.float32]) -> Guess:
    """What kind of answer `question` asks for; `vector` is its embedding, float32 (d,)."""
    models = _models()
    runs = token_runs(question)
    kinds, asks = (_ranked(models, name, vector, runs) for name in ("kinds", "asks"))
    (logit,) = _logits(models, "follow", vector, runs)
    return Guess(kinds, asks, float(1 / (1 + np.exp(-logit))))


def token_runs(question: str) -> NDArray[np.int64]:
    """The distinct buckets, ascending, of the runs of tokens of `question`.

    A token is a Latin word, a number, or any other character; the question's ends count as one
    each. All numbers are alike.
    """
    text = align(question[:_READ]).casefold()
    tokens = ["^", *("0" if t.isdigit() else t for t in _TOKEN.findall(text)), "$"]
    runs = {
        zlib.crc32(" ".join(tokens[at : at + length]).encode()) % BUCKETS
        for length in range(1, _LONGEST_RUN + 1)
        for at in range(len(tokens) - length + 1)
    }
    return np.array(sorted(runs), np.int64)


@dataclass(frozen=True)
class _Models:
    """Arrays by name: `NAME.vector` (n, d), `NAME.runs` (n, BUCKETS), `NAME.bias` (n,)."""

    arrays: dict[str, NDArray[np.float32]]
    labels: dict[str, list[str]]


@functools.cache
def _models() -> _Models:
    with safe_open(WEIGHTS, "numpy") as file:
        arrays = {name: file.get_tensor(name).astype(np.float32) for name in file.keys()}  # noqa: SIM118
        return _Models(arrays, json.loads(file.metadata()["labels"]))


def _logits(
    models: _Models, name: str, vector: NDArray[np.float32], runs: NDArray[np.int64]
) -> NDArray[np.float32]:
    arrays = models.arrays
    of_runs = arrays[f"{name}.runs"][:, runs].sum(1) / np.sqrt(len(runs))
    logits: NDArray[np.float32] = arrays[f"{name}.bias"] + of_runs
    weights = arrays[f"{name}.vector"]
    if weights.shape[1] == len(vector):  # another embedding model leaves the runs alone to tell
        logits = logits + weights @ vector
    return logits


def _ranked(
    models: _Models, name: str, vector: NDArray[np.float32], runs: NDArray[np.int64]
) -> tuple[tuple[str, float], ...]:
    logits = _logits(models, name, vector, runs)
    odds = np.exp(logits - logits.max())
    shares = odds / odds.sum()
    order = np.argsort(-shares)
    return tuple((models.labels[name][i], float(shares[i])) for i in order)
