"""Fit the two small models that `qa_bot.reader.TrainedReader` puts its scores together with.

    python eval/calibrate_reader.py TRAIN.json [TRAIN.json ...] --weights reader.safetensors

takes the files the network was trained on, adds all their contexts to an index, and asks the
questions of the contexts that were held out: as they are, and with the article that holds the
answer taken out of what was found. The ranking model (a conditional logit, fitted on differences)
learns which passage holds the answer; the confidence model, whether the first sentence does.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rich.progress import track
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from qa_bot import Article, QABot
from qa_bot.embedding import Embedder
from qa_bot.reader import (
    CONFIDENCE_FEATURES,
    PASSAGES,
    RANK_FEATURES,
    WEIGHTS,
    TrainedReader,
    best_answer,
    confidence_features,
    evidence_of,
    rank_features,
)
from qa_bot.records import Hit
from squad import Asked, contexts

# Of a question in another language than the article the network, which has seen none in training,
# gives lower logits than it should, whether the passage answers or not.
WITHIN_LANGUAGE = ("relevance", "margin", "other_name")


@dataclass(frozen=True)
class Case:
    """One reading of n passages: rank features (n, r), and what is needed for the confidence."""

    question: str
    hits: tuple[Hit, ...]
    scores: list[Any]
    spans: list[Any]
    features: NDArray[np.float32]
    gold: NDArray[np.bool_]  # the passage holds the answer
    right: NDArray[np.bool_]  # and its sentence was found


def cases(bot: QABot, reader: TrainedReader, asked: Asked, gold: str) -> Iterator[Case]:
    found = bot._retriever.search(asked.question, PASSAGES + 4)
    gone = replace(found, hits=tuple(h for h in found.hits if h.article.id != gold))
    for search in (found, gone):
        hits = search.hits[:PASSAGES]
        scores = reader.scores(asked.question, hits)
        spans = [best_answer(h, s) for h, s in zip(hits, scores, strict=True)]
        end = asked.start + len(asked.answer)
        holds, right = [], []
        for hit, span in zip(hits, spans, strict=True):
            passage = hit.passage
            mine = hit.article.id == gold
            holds.append(mine and passage.start <= asked.start and end <= passage.end)
            evidence = evidence_of(hit, span, 0.0) if span is not None else None
            right.append(
                mine and evidence is not None and evidence.start <= asked.start < evidence.end
            )
        features = rank_features(hits, scores, spans)
        yield Case(asked.question, hits, scores, spans, features, np.array(holds), np.array(right))


def fit_rank(cases: list[Case]) -> NDArray[Any]:
    """Weights under which a passage that holds the answer outranks each that does not."""
    differences = [
        case.features[case.gold][:1] - case.features[~case.gold] for case in cases if any(case.gold)
    ]
    rows = np.vstack(differences)
    signs = np.where(np.arange(len(rows)) % 2, 1, -1)
    model = LogisticRegression(C=10, fit_intercept=False, max_iter=5000)
    weights: NDArray[Any] = model.fit(rows * signs[:, None], signs).coef_[0]
    return weights


def fit_confidence(
    rows: NDArray[Any], right: NDArray[np.bool_], left_out: tuple[str, ...]
) -> NDArray[Any]:
    """Weights of a logistic regression; those of features `left_out` are 0."""
    columns = [i for i, name in enumerate(CONFIDENCE_FEATURES) if name not in left_out]
    model = LogisticRegression(C=10, fit_intercept=False, max_iter=5000)
    weights = np.zeros(len(CONFIDENCE_FEATURES))
    weights[columns] = model.fit(rows[:, columns], right).coef_[0]
    return weights


def firsts(cases: list[Case], rank: NDArray[Any]) -> tuple[NDArray[Any], NDArray[np.bool_]]:
    """Of each case the confidence features of its first passage, and whether that is right."""
    rows, right = [], []
    for case in cases:
        ranks = case.features @ rank.astype(np.float32)
        best = int(np.argmax(ranks))
        signs = confidence_features(case.question, case.hits, case.scores, case.spans, ranks)
        rows.append(signs[best])
        right.append(bool(case.right[best]))
    return np.array(rows), np.array(right)


def judge(cases: list[Case], rank: NDArray[Any], confidence: NDArray[Any]) -> dict[str, float]:
    could = [c for c in cases if c.gold.any()]
    rows, right = firsts(cases, rank)
    probability = 1 / (1 + np.exp(-(rows @ confidence)))
    grid = np.arange(0.02, 0.99, 0.02)
    balanced = [
        ((probability >= t)[right].mean() + (probability < t)[~right].mean()) / 2 for t in grid
    ]
    best = int(np.argmax(balanced))
    at = {f"balanced accuracy at {grid[i]:.1f}": float(balanced[i]) for i in (4, 9, 14, 24)}
    return at | {
        "passage first by retrieval": float(np.mean([c.gold[0] for c in could])),
        "passage first after reading": float(
            np.mean([c.gold[np.argmax(c.features @ rank)] for c in could])
        ),
        "first sentence right": float(firsts(could, rank)[1].mean()),
        "confidence AUC": float(roc_auc_score(right, probability)),
        "best threshold": float(grid[best]),
        "balanced accuracy there": float(balanced[best]),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("files", nargs="+", type=Path, help="training files in SQuAD's shape")
    parser.add_argument("--weights", type=Path, default=WEIGHTS)
    parser.add_argument("--index", type=Path, default=Path("index-calibrate"), help="kept, reused")
    parser.add_argument("--questions", type=int, default=700, help="at most so many")
    options = parser.parse_args()
    everything = list(contexts(options.files))
    articles = {c.number: Article(c.title, c.text, id=f"context-{c.number}") for c in everything}
    asked = [(a, c.number) for c in everything if c.held_out for a in c.asked if a.start >= 0]
    stride = max(1, len(asked) // options.questions)
    with QABot.open(options.index) as bot:
        bot.add(list(articles.values()))
        reader = TrainedReader(Embedder(), options.weights)
        made = [
            list(cases(bot, reader, a, articles[number].id))
            for a, number in track(asked[::stride], "Reading")
        ]
    # halves by context, so that what fits is judged on others
    halves = [[c for some in made[i::2] for c in some] for i in (0, 1)]
    everyone = [*halves[0], *halves[1]]
    plans = {
        "first half, judged on the second": (halves[0], halves[1]),
        "all, judged on itself": (everyone, everyone),
    }
    for name, (train, test) in plans.items():
        rank = fit_rank(train)
        rows, right = firsts(train, rank)
        print(name)
        print(" rank", dict(zip(RANK_FEATURES, np.round(rank, 2).tolist(), strict=True)))
        for language, left_out in (("same language", ()), ("other language", WITHIN_LANGUAGE)):
            confidence = fit_confidence(rows, right, left_out)
            shown = np.round(confidence, 2).tolist()
            print(f" confidence, {language}", dict(zip(CONFIDENCE_FEATURES, shown, strict=True)))
            print(" ", judge(test, rank, confidence))


if __name__ == "__main__":
    main()
