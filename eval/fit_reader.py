"""Fit the linear models of `qa_bot.reader.SentenceReader` and print their weights.

    python eval/fit_reader.py TRAIN.json [TRAIN.json ...] --questions 500

takes reading-comprehension files in SQuAD's shape (CMRC 2018's and DRCD's training parts were
used), indexes their contexts, and asks a sample of their questions twice: as they are, and with
the article that holds the answer taken out of what was found. The ranking model learns which
sentence holds the answer; the confidence model, whether the first of its ranking does.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rich.progress import track
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from qa_bot import Article, QABot, load_settings
from qa_bot.questions import answer_kind
from qa_bot.reader import (
    CONFIDENCE_FEATURES,
    FEATURES,
    confidence_features,
    sentence_features,
    sentences_of,
)
from qa_bot.retrieval import Search

# Of a question in another language than the article its words tell nothing.
WORDS = ("sentence_coverage", "context_coverage")


@dataclass(frozen=True)
class Case:
    """The sentences of one search: features (n, f), and whether each holds the answer (n,)."""

    features: NDArray[np.float32]
    holds: NDArray[np.bool_]


def contexts(path: Path) -> Iterator[tuple[Article, list[tuple[str, list[str]]]]]:
    data = json.loads(path.read_text("utf-8"))
    for entry in data["data"] if isinstance(data, dict) else data:
        for paragraph in entry.get("paragraphs", [entry]):
            questions = [
                (qa["question"], [a["text"] if isinstance(a, dict) else a for a in qa["answers"]])
                for qa in paragraph["qas"]
            ]
            yield Article(entry.get("title", ""), paragraph["context"]), questions


def cases(bot: QABot, question: str, answers: list[str], gold: str) -> Iterator[Case]:
    found = bot._retriever.search(question, 12)
    for search in (found, without(found, gold)):
        spans = sentences_of(question, search)
        if spans:
            features = sentence_features(answer_kind(question), search, spans, bot._embedder)
            texts = [hit.article.text[s:e] for hit, s, e in spans]
            mine = [hit.article.id == gold for hit, _, _ in spans]
            holds = [m and any(a in t for a in answers) for m, t in zip(mine, texts, strict=True)]
            yield Case(features, np.array(holds))


def without(search: Search, article_id: str) -> Search:
    return replace(search, hits=tuple(h for h in search.hits if h.article.id != article_id))


@dataclass(frozen=True)
class Fitted:
    rank: NDArray[Any]
    confidence: NDArray[Any]


def fit(cases: list[Case], left_out: tuple[str, ...]) -> Fitted:
    """The two models; the weights of features `left_out` are 0."""
    rows = np.vstack([c.features for c in cases])
    rank = logistic(rows, np.concatenate([c.holds for c in cases]), FEATURES, left_out)
    signs, right = firsts(cases, rank)
    return Fitted(rank, logistic(signs, right, CONFIDENCE_FEATURES, left_out))


def logistic(
    rows: NDArray[Any], labels: NDArray[np.bool_], names: Sequence[str], left_out: tuple[str, ...]
) -> NDArray[Any]:
    columns = [i for i, name in enumerate(names) if name not in left_out]
    model = LogisticRegression(C=100, fit_intercept=False, max_iter=5000)
    weights = np.zeros(len(names))
    weights[columns] = model.fit(rows[:, columns], labels).coef_[0]
    return weights


def firsts(cases: list[Case], rank: NDArray[Any]) -> tuple[NDArray[Any], NDArray[np.bool_]]:
    """Of each case the confidence features of its first sentence, and whether that is right."""
    found = [confidence_features(c.features, c.features @ rank) for c in cases]
    right = [c.holds[best] for c, (best, _) in zip(cases, found, strict=True)]
    return np.array([signs for _, signs in found]), np.array(right)


def judge(cases: list[Case], model: Fitted) -> dict[str, float]:
    signs, right = firsts(cases, model.rank)
    could = np.array([c.holds.any() for c in cases])
    confidence = 1 / (1 + np.exp(-(signs @ model.confidence)))
    said = confidence > load_settings().answer_threshold
    return {
        "first sentence right, of those that could be": float(right[could].mean()),
        "confidence AUC": float(roc_auc_score(right, confidence)),
        "balanced accuracy": float((said[right].mean() + (~said[~right]).mean()) / 2),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("files", nargs="+", type=Path, help="training files in SQuAD's shape")
    parser.add_argument("--questions", type=int, default=500, help="questions a file")
    parser.add_argument("--contexts", type=int, default=800, help="contexts a file")
    parser.add_argument("--index", type=Path, default=Path("index-fit"), help="kept and reused")
    options = parser.parse_args()
    chance = random.Random(5)
    asked: list[tuple[str, list[str], str]] = []
    with QABot.open(options.index) as bot:
        for path in options.files:
            some = chance.sample(list(contexts(path)), options.contexts)
            bot.add([article for article, _ in some])
            pool = [(q, answers, a.id) for a, questions in some for q, answers in questions]
            asked += chance.sample(pool, min(options.questions, len(pool)))
        chance.shuffle(asked)
        made = [case for row in track(asked, "Reading") for case in cases(bot, *row)]
    held_out = made[: len(made) // 4]
    for name, left_out in (("SAME_LANGUAGE", ()), ("OTHER_LANGUAGE", WORDS)):
        model = fit(made[len(held_out) :], left_out)
        print(name, "rank", np.round(model.rank, 2).tolist())
        print(name, "confidence", np.round(model.confidence, 2).tolist())
        print(name, "held out:", judge(held_out, model))


if __name__ == "__main__":
    main()
