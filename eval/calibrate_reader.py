"""Fit the two small models that `qa_bot.reader.TrainedReader` puts its scores together with.

    python eval/calibrate_reader.py TRAIN.json [TRAIN.json ...] --translations questions-en.jsonl

takes the files the network was trained on, adds all their contexts to an index, and asks the
questions of the contexts that were held out: as they are, and with the article that holds the
answer taken out of what was found. The ranking model (a conditional logit, fitted on differences)
learns which passage holds the answer; the confidence model, whether the first sentence does. For
questions in another language than the article, whose logits are lower, the questions are asked in
English, too (see translate_questions.py), and a second pair of models is fitted.
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
    answer_in,
    answer_of,
    confidence_features,
    evidence_of,
    rank_features,
)
from qa_bot.records import Hit
from squad import Asked, contexts
from translate_questions import read_translations


@dataclass(frozen=True)
class Case:
    """One reading of n passages: rank features (n, r), and what is needed for the confidence."""

    hits: tuple[Hit, ...]
    answers: list[str]  # the best of each passage
    features: NDArray[np.float32]
    gold: NDArray[np.bool_]  # the passage holds the answer
    right: NDArray[np.bool_]  # and its sentence was found


def cases(bot: QABot, reader: TrainedReader, asked: Asked, gold: str) -> Iterator[Case]:
    found = bot._retriever.search(asked.question, PASSAGES + 4).hits
    all_scores = reader.scores(asked.question, found)
    for with_gold in (True, False):
        kept = [i for i, h in enumerate(found) if with_gold or h.article.id != gold][:PASSAGES]
        if not kept:
            continue
        hits = tuple(found[i] for i in kept)
        scores = [all_scores[i] for i in kept]
        spans = [answer_in(asked.question, h, s) for h, s in zip(hits, scores, strict=True)]
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
        features = rank_features(asked.question, hits, scores, spans)
        answers = [answer_of(h, s) for h, s in zip(hits, spans, strict=True)]
        yield Case(hits, answers, features, np.array(holds), np.array(right))


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
    """Weights of a logistic regression; those of features `left_out` or never there are 0."""
    used = np.any(rows != 0, axis=0) & ~np.isin(CONFIDENCE_FEATURES, left_out)
    model = LogisticRegression(C=10, fit_intercept=False, max_iter=5000)
    weights = np.zeros(rows.shape[1])
    weights[used] = model.fit(rows[:, used], right).coef_[0]
    return weights


def firsts(cases: list[Case], rank: NDArray[Any]) -> tuple[NDArray[Any], NDArray[np.bool_]]:
    """Of each case the confidence features of its first passage, and whether that is right."""
    rows, right = [], []
    for case in cases:
        ranks = case.features @ rank.astype(np.float32)
        best = int(np.argmax(ranks))
        signs = confidence_features(case.hits, case.answers, case.features, rank.astype(np.float32))
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
    parser.add_argument(
        "--translations", type=Path, required=True, help="of translate_questions.py"
    )
    parser.add_argument("--index", type=Path, default=Path("index-calibrate"), help="kept, reused")
    parser.add_argument("--questions", type=int, default=700, help="at most so many")
    options = parser.parse_args()
    everything = list(contexts(options.files))
    articles = {c.number: Article(c.title, c.text, id=f"context-{c.number}") for c in everything}
    asked = [(a, c.number) for c in everything if c.held_out for a in c.asked if a.start >= 0]
    stride = max(1, -(-len(asked) // options.questions))
    english = read_translations(options.translations)
    made: list[tuple[list[Case], list[Case]]] = []  # by question: as it is, and in English
    with QABot.open(options.index) as bot:
        bot.add(list(articles.values()))
        reader = TrainedReader(Embedder(), options.weights)
        for question, number in track(asked[::stride], "Reading"):
            gold = articles[number].id
            translated = english.get(question.question)
            in_english = [replace(question, question=translated)] if translated else []
            as_it_is, other = (
                [case for q in asked_so for case in cases(bot, reader, q, gold)]
                for asked_so in ([question], in_english)
            )
            made.append((as_it_is, other))
    # every other question, so that what is fitted is judged on others
    halves = [made[0::2], made[1::2]]
    for name, train, test in (
        ("first half, judged on the second", halves[0], halves[1]),
        ("all, judged on itself", made, made),
    ):
        print(name)
        languages = (("same language", ("cosine",)), ("other language", ()))
        for side, (language, left_out) in enumerate(languages):
            some = [c for pair in train for c in pair[side]]
            rank = fit_rank(some)
            shown = np.round(rank, 2).tolist()
            print(f" rank, {language}", dict(zip(RANK_FEATURES, shown, strict=True)))
            confidence = fit_confidence(*firsts(some, rank), left_out)
            shown = np.round(confidence, 2).tolist()
            print(f" confidence, {language}", dict(zip(CONFIDENCE_FEATURES, shown, strict=True)))
            print(" ", judge([c for pair in test for c in pair[side]], rank, confidence))


if __name__ == "__main__":
    main()
