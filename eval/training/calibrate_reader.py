"""Fit the two small models that `qa_bot.answer.reader.TrainedReader` puts its scores together with.

    python eval/training/calibrate_reader.py TRAIN.json:300 [TRAIN.json:300 ...] --index FOLDER

takes files in SQuAD's shape, such as the network was trained on, in any languages; adds texts of
each to one index, those that were held out first; and asks questions of the held-out texts, at most
as many of a file as stand behind its name, each with and without the article that holds the answer
among what was found. The ranking model (a conditional logit over the passages found) learns which
passage holds the answer, and has weights of its own for passages in another language than the
question's; the confidence model, whether the first sentence does, is fitted for each of the two by
itself. What is fitted is judged by the languages of questions and texts, and with --write it is
put into the metadata of the weights, where the product finds it.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rich.progress import track
from safetensors.numpy import load_file, save_file
from scipy.optimize import minimize
from scipy.special import logsumexp
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from qa_bot import Article, QABot
from qa_bot.answer.evidence import answer_in, answer_of, evidence_of
from qa_bot.answer.features import (
    CONFIDENCE_FEATURES,
    RANK_FEATURES,
    confidence_features,
    rank_features,
    same_language,
    sentences_alone,
)
from qa_bot.answer.reader import PASSAGES, WEIGHTS, TrainedReader
from qa_bot.answer.window import Window, windows
from qa_bot.networks.embedding import Embedder
from qa_bot.question.question import parse
from qa_bot.text.languages import detect_language
from squad import Asked, Context, contexts

SAME, OTHER = 0, 1  # rows of the weights
_FOUND = PASSAGES + 6  # so that enough are left without the article that answers
_SHRINK = 0.01  # of the ranking model's weights
_SEED = 19

Place = tuple[str, int, int]  # an article's id, and [start, end) of the answer or its sentence


@dataclass(frozen=True)
class Case:
    """One reading of n passages: rank features (n, r), and what is needed for the confidence."""

    windows: tuple[Window, ...]
    answers: list[str]  # the best of each passage
    features: NDArray[np.float32]
    alone: NDArray[np.float32]  # relevance of each passage's sentence by itself
    same: NDArray[np.bool_]  # the passage is in the question's language
    gold: NDArray[np.bool_]  # it holds the answer
    right: NDArray[np.bool_]  # and its sentence was found

    def first(self, rank: NDArray[np.float32]) -> int:
        return int(np.argmax(np.sum(self.features * self.weights(rank), axis=1)))

    def weights(self, rank: NDArray[np.float32]) -> NDArray[np.float32]:
        """Of each passage, float32 of shape (n, r); `rank` has shape (2, r)."""
        weights: NDArray[np.float32] = np.where(self.same[:, None], rank[SAME], rank[OTHER])
        return weights


@dataclass(frozen=True, order=True)
class View:
    """Questions in `asked_in` on texts in `written_in`, as far as languages are told."""

    asked_in: str
    written_in: str

    def __str__(self) -> str:
        return f"{self.asked_in} on {self.written_in}"

    @classmethod
    def of(cls, question: str, text: str) -> View:
        asked_in, written_in = (detect_language(one)[:2] for one in (question, text))
        known = ("zh", "ja", "en")
        return cls(
            asked_in if asked_in in known else "other",
            written_in if written_in in known else "other",
        )


def cases(
    bot: QABot, reader: TrainedReader, question: str, gold: Place, others: set[str]
) -> Iterator[Case]:
    """What is found with and without the article that answers; never `others`, told elsewhere."""
    parsed = parse(question)
    found = windows(bot._retriever.search(question, _FOUND).hits)
    all_scores = reader.scores(parsed, found)
    article, start, end = gold
    for left_out in (others, others | {article}):
        kept = [i for i, w in enumerate(found) if w.article.id not in left_out][:PASSAGES]
        if not kept:
            continue
        some = tuple(found[i] for i in kept)
        scores = [all_scores[i] for i in kept]
        spans = [answer_in(parsed, w, s) for w, s in zip(some, scores, strict=True)]
        holds, right = [], []
        for window, span in zip(some, spans, strict=True):
            hit = window.hit
            mine = hit.article.id == article
            holds.append(mine and hit.passage.start <= start < hit.passage.end)
            evidence = evidence_of(window, span, 0.0) if span is not None else None
            right.append(
                mine and evidence is not None and evidence.start < end and start < evidence.end
            )
        features = rank_features(parsed, some, scores, spans)
        answers = [answer_of(w, s) for w, s in zip(some, spans, strict=True)]
        same = same_language(parsed, some)
        relevance = features[:, RANK_FEATURES.index("relevance")]
        alone = sentences_alone(
            lambda texts: reader.read_texts(parsed.read, texts),
            some,
            spans,
            relevance,
            range(len(some)),
        )
        yield Case(some, answers, features, alone, same, np.array(holds), np.array(right))


def fit_rank(some: Sequence[Case]) -> NDArray[np.float32]:
    """Weights, of shape (2, r), that make the passages that hold the answer likely the first."""
    lists = [case for case in some if case.gold.any()]
    wide = []  # the features stand in the columns of their language's weights
    for case in lists:
        columns = [case.features * side[:, None] for side in (case.same, ~case.same)]
        wide.append(np.hstack(columns).astype(float))

    def loss(weights: NDArray[Any]) -> float:
        total = _SHRINK * float(weights @ weights)
        for case, rows in zip(lists, wide, strict=True):
            logits = rows @ weights
            total += float(logsumexp(logits) - logsumexp(logits[case.gold]))
        return total

    count = len(RANK_FEATURES)
    start = np.zeros(2 * count)
    fitted: NDArray[np.float32] = minimize(loss, start, method="L-BFGS-B").x.astype(np.float32)
    rank = fitted.reshape(2, count)
    rank[:, -1] -= rank[SAME, -1]  # only the difference counts
    return rank


def firsts(
    some: Sequence[Case], rank: NDArray[np.float32]
) -> tuple[NDArray[Any], NDArray[np.bool_], NDArray[np.bool_]]:
    """Of each case's first passage: features, in the question's language or not, right or not."""
    rows, same, right = [], [], []
    for case in some:
        best = case.first(rank)
        weights = case.weights(rank)
        signs = confidence_features(case.windows, case.answers, case.features, weights, case.alone)
        rows.append(signs[best])
        same.append(bool(case.same[best]))
        right.append(bool(case.right[best]))
    return np.array(rows), np.array(same), np.array(right)


def fit_confidence(
    some: Sequence[Case], rank: NDArray[np.float32]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Weights of logistic regressions for first passages in the question's language and in others.

    The cosine is left out of the former, for it lies at another height in every collection; names
    out of the latter, where years alone are told and few questions have one, and the margin, which
    adds nothing to the relevance there.
    """
    rows, same, right = firsts(some, rank)
    fitted = []
    for side, left_out in ((same, ("cosine",)), (~same, ("margin", "other_name"))):
        used = np.any(rows[side] != 0, axis=0) & ~np.isin(CONFIDENCE_FEATURES, left_out)
        model = LogisticRegression(C=10, fit_intercept=False, max_iter=5000)
        weights = np.zeros(rows.shape[1], np.float32)
        weights[used] = model.fit(rows[side][:, used], right[side]).coef_[0]
        fitted.append(weights)
    return fitted[0], fitted[1]


def judge(
    some: Sequence[Case],
    rank: NDArray[np.float32],
    confidence: NDArray[np.float32],
) -> dict[str, float]:
    could = [c for c in some if c.gold.any()]
    rows, same, right = firsts(some, rank)
    weights = np.where(same[:, None], confidence[SAME], confidence[OTHER])
    probability = 1 / (1 + np.exp(-np.sum(rows * weights, axis=1)))
    at = {
        f"at {t}": round(
            float((probability >= t)[right].mean() + (probability < t)[~right].mean()) / 2, 3
        )
        for t in (0.2, 0.25, 0.3, 0.4, 0.5)
    }
    firsts_of = [c.first(rank) for c in could]
    return {
        "cases": len(some),
        "first by retrieval": round(float(np.mean([c.gold[0] for c in could])), 3),
        "first after reading": round(
            float(np.mean([c.gold[i] for c, i in zip(could, firsts_of, strict=True)])), 3
        ),
        "AUC": round(float(roc_auc_score(right, probability)), 3),
        **at,
    }


def report(
    name: str,
    train: Mapping[View, Sequence[Case]],
    test: Mapping[View, Sequence[Case]],
    fitted: tuple[NDArray[np.float32], NDArray[np.float32]] | None = None,
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Print how weights do, fitted on `train` if they are not given; the weights, two rows each."""
    print(name)
    some = [case for cases in train.values() for case in cases]
    rank = fitted[0] if fitted else fit_rank(some)
    confidence = fitted[1] if fitted else np.array(fit_confidence(some, rank))
    for side, row in (("the same language", SAME), ("another", OTHER)):
        for what, features, weights in (
            ("rank", RANK_FEATURES, rank),
            ("confidence", CONFIDENCE_FEATURES, confidence),
        ):
            shown = [round(float(w), 2) for w in weights[row]]
            print(f" {what}, {side}", dict(zip(features, shown, strict=True)))
    for view, judged in test.items():
        print(f"  {view}:", judge(judged, rank, confidence))
    return rank, confidence


def read_all(options: argparse.Namespace) -> list[tuple[View, list[Case]]]:
    """The cases of each question, with the languages they are in."""
    chance = random.Random(_SEED)
    articles: list[Article] = []
    asked: list[tuple[Asked, Context, str]] = []
    told: dict[str, set[str]] = {}  # the articles of a group of questions
    for number, file in enumerate(options.files):
        path, _, questions = str(file).rpartition(":")
        if not path or not questions.isdigit():
            path, questions = str(file), "300"
        some = list(contexts([Path(path)]))
        chance.shuffle(some)
        some.sort(key=lambda context: not context.held_out)
        held_out = [context for context in some if context.held_out]
        articles += [
            Article(context.title, context.text, id=f"{number}-{context.number}")
            for context in some[: max(options.texts, len(held_out))]
        ]
        of_it = [
            (one, context, f"{number}-{context.number}")
            for context in held_out
            for one in context.asked
            if one.start >= 0
        ]
        for one, _, article in of_it:
            if one.group:
                told.setdefault(one.group, set()).add(article)
        asked += chance.sample(of_it, min(len(of_it), int(questions)))
    chance.shuffle(asked)
    made = []
    with QABot.open(options.index) as bot:
        bot.add(articles)
        reader = TrainedReader(Embedder(), options.weights)
        for one, context, article in track(asked, "Reading"):
            place = article, one.start, one.start + len(one.answer)
            others = told.get(one.group, set()) - {article}
            made.append(
                (
                    View.of(one.question, context.text),
                    list(cases(bot, reader, one.question, place, others)),
                )
            )
    return made


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("files", nargs="+", help="files in SQuAD's shape; FILE:N asks N questions")
    parser.add_argument("--weights", type=Path, default=WEIGHTS)
    parser.add_argument("--index", type=Path, default=Path("index-calibrate"), help="kept, reused")
    parser.add_argument("--texts", type=int, default=800, help="at least so many of a file")
    parser.add_argument("--write", action="store_true", help="put what was fitted into the weights")
    options = parser.parse_args()
    made = read_all(options)
    now = TrainedReader(Embedder(), options.weights).calibration

    def by_view(some: Sequence[tuple[View, list[Case]]]) -> dict[View, list[Case]]:
        grouped: dict[View, list[Case]] = {}
        for view, found in some:
            grouped.setdefault(view, []).extend(found)
        return dict(sorted(grouped.items()))

    # every other question, so that what is fitted is judged on others
    report("half, judged on the other half", by_view(made[0::2]), by_view(made[1::2]))
    report("as it is now", by_view(made), by_view(made), fitted=(now.ranks, now.confidences))
    rank, confidence = report("all, judged on itself", by_view(made), by_view(made))
    if options.write:
        ranks, confidences = (
            [tuple(round(float(w), 2) for w in row) for row in rows] for rows in (rank, confidence)
        )
        fitted = replace(
            now,
            rank=ranks[SAME],
            rank_across=ranks[OTHER],
            same_language=confidences[SAME],
            other_language=confidences[OTHER],
        )
        save_file(load_file(options.weights), options.weights, fitted.metadata())


if __name__ == "__main__":
    main()
