"""Fit the model by which `qa_bot.llm.support` judges whether a passage says what a sentence claims.

    python eval/training/calibrate_support.py TRAIN.json [TRAIN.json ...] --dictionary CEDICT

takes the contexts that the reader was not trained on, and makes claims of their questions: the
answer in the place of the question word. Such a claim is true by the passage that holds the answer.
It is not by the passages found for it in other articles, nor with the answer to another question in
its place. For claims in another language than the article they are glossed in English word by word.
Half of the questions fit, the other half judges.
"""

from __future__ import annotations

import argparse
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rich.progress import track
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from glosses import Glosser
from qa_bot import Article, QABot
from qa_bot.answer.reader import TrainedReader
from qa_bot.llm.support import SUPPORT_FEATURES, Judge, facts_missing
from qa_bot.networks.embedding import Embedder
from squad import Asked, Context, contexts

_ASKED_FOR = re.compile(
    r"什么时候|什么时间|何时|什么地方|哪里|哪儿|何地|何处|哪一?[年天月日个位家所座]|多少|几[个名位年天次]"
    r"|谁|為何人|何人|什么人|什么|什麼|甚麼|哪些|哪"
)
FOUND = 3  # passages of other articles that a claim is tried on


@dataclass(frozen=True)
class Tried:
    """A claim tried on a passage: features (4,), whether it is true by it, whether facts are."""

    features: NDArray[np.float32]
    true: bool
    facts_there: bool


def claim_of(question: str, answer: str) -> str | None:
    """The question with the answer in the place of its question word."""
    said, changed = _ASKED_FOR.subn(lambda _: answer, question.rstrip("？?。 "), count=1)
    return f"{said}。" if changed else None


def tried(
    bot: QABot, judge: Judge, context: Context, asked: Asked, other: Asked, glosser: Glosser | None
) -> Iterator[Tried]:
    chance = random.Random(asked.question)
    gold = f"context-{context.number}"
    for answer, right in ((asked.answer, True), (other.answer, False)):
        claim = claim_of(asked.question, answer)
        if claim is None or (not right and (answer in asked.answer or asked.answer in answer)):
            continue
        shown = glosser.gloss(claim, 1, chance) if glosser else claim
        hits = bot.search(claim, k=10)
        end = asked.start + len(asked.answer)
        holding = [
            h
            for h in hits
            if h.article.id == gold and h.passage.start <= asked.start and end <= h.passage.end
        ]
        elsewhere = [h for h in hits if h.article.id != gold][: FOUND if right else 0]
        chosen = holding[:1] + elsewhere
        if not chosen:
            continue
        rows, _ = judge.features(shown, chosen)
        for i, (row, hit) in enumerate(zip(rows, chosen, strict=True)):
            true = right and i < len(holding[:1])
            yield Tried(row, true, not facts_missing(shown, hit))


def fit(cases: list[Tried], used: tuple[str, ...]) -> NDArray[Any]:
    rows = np.array([case.features for case in cases])
    columns = np.isin(SUPPORT_FEATURES, used)
    model = LogisticRegression(C=10, fit_intercept=False, max_iter=5000, class_weight="balanced")
    weights = np.zeros(rows.shape[1])
    weights[columns] = model.fit(rows[:, columns], [case.true for case in cases]).coef_[0]
    return weights


def judge_weights(cases: list[Tried], weights: NDArray[Any]) -> dict[str, float]:
    rows, true = np.array([c.features for c in cases]), np.array([c.true for c in cases])
    scores = 1 / (1 + np.exp(-(rows @ weights)))
    passed = (scores >= 0.5) & np.array([c.facts_there for c in cases])
    return {
        "claims": float(len(cases)),
        "AUC": float(roc_auc_score(true, scores)),
        "true ones passed": float(passed[true].mean()),
        "false ones stopped": float((~passed)[~true].mean()),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("files", nargs="+", type=Path, help="training files in SQuAD's shape")
    parser.add_argument("--dictionary", type=Path, required=True, help="CC-CEDICT's file")
    parser.add_argument("--index", type=Path, default=Path("index-calibrate"), help="kept, reused")
    parser.add_argument("--questions", type=int, default=400, help="at most so many")
    options = parser.parse_args()
    everything = list(contexts(options.files))
    held = [c for c in everything if c.held_out and len(c.asked) > 1]
    pairs = [
        (c, a, c.asked[(i + 1) % len(c.asked)])
        for c in held
        for i, a in enumerate(c.asked)
        if a.start >= 0
    ]
    pairs = pairs[:: max(1, -(-len(pairs) // options.questions))]
    with QABot.open(options.index) as bot:
        bot.add([Article(c.title, c.text, id=f"context-{c.number}") for c in everything])
        embedder = Embedder()
        judge = Judge(embedder, TrainedReader(embedder))
        for name, glosser, used in (
            ("same language", None, ("bias", "overlap", "cosine", "relevance")),
            ("other language", Glosser(options.dictionary), ("bias", "cosine", "relevance")),
        ):
            made = [
                list(tried(bot, judge, context, asked, other, glosser))
                for context, asked, other in track(pairs, "Judging")
            ]
            halves = [[t for some in made[side::2] for t in some] for side in (0, 1)]
            weights = fit(halves[0], used)
            print(name, dict(zip(SUPPORT_FEATURES, np.round(weights, 2).tolist(), strict=True)))
            print(" judged on the other half", judge_weights(halves[1], weights))
            both = fit(halves[0] + halves[1], used)
            print(" all", dict(zip(SUPPORT_FEATURES, np.round(both, 2).tolist(), strict=True)))


if __name__ == "__main__":
    main()
