"""Measures of retrieval, answers, citations, abstention and speed, with NumPy alone.

A *ranking* is the ids of the articles found, best first, each once. Values are fractions from
0 to 1; None means that the measure does not apply. eval/README.md has the definitions in words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from difflib import SequenceMatcher
from itertools import pairwise

import numpy as np

__all__ = [
    "abstention",
    "answer_in_quotes",
    "article_ranking",
    "citation_precision",
    "citation_recall",
    "contains",
    "exact_match",
    "f1",
    "mean",
    "ndcg",
    "overlaps",
    "percentiles",
    "propositions_covered",
    "recall",
    "reciprocal_rank",
    "segment",
]

# Scripts written without spaces between words: Thai and Lao, Tibetan, Burmese, Khmer, kana, Han.
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u0f00-\u0fff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")


# Retrieval


def article_ranking(article_ids: Iterable[str]) -> list[str]:
    """The articles of a list of hits, each at the place of its best passage."""
    return list(dict.fromkeys(article_ids))


def recall(ranking: Sequence[str], right: Collection[str], k: int) -> float:
    """Hit rate (TREC's `success`): 1 if any right article is among the first `k`, else 0."""
    return float(any(article in right for article in ranking[:k]))


def reciprocal_rank(ranking: Sequence[str], right: Collection[str], k: int) -> float:
    """1 / rank of the first right article among the first `k`, else 0; its mean is MRR@k."""
    ranks = (rank for rank, article in enumerate(ranking[:k], 1) if article in right)
    return 1 / next(ranks, np.inf)


def ndcg(
    ranking: Sequence[str], gold: Collection[str], also: Collection[str] = (), *, k: int
) -> float:
    """Normalized discounted cumulative gain at `k`, gains 0 or 1 (Järvelin and Kekäläinen 2002).

    Articles of `also` are right but not required: they may stand in for golds, and once as many
    right articles as there are golds have been seen, further ones add nothing.

    :raises ValueError: if there are no golds.
    """
    if not gold:
        raise ValueError("nDCG is not defined without gold articles.")
    wanted = min(k, len(set(gold)))
    right = np.array([a in gold or a in also for a in ranking[:k]], dtype=bool)
    counted = right & (np.cumsum(right) <= wanted)
    discounts = 1 / np.log2(np.arange(2, k + 2))
    return float(discounts[: len(right)][counted].sum() / discounts[:wanted].sum())


# Answers


def segment(text: str) -> list[str]:
    """Tokens for comparing answers: CMRC 2018's mixed segmentation (Cui et al. 2019).

    Characters for scripts written without spaces, words for the rest, after NFKC and case
    folding. Punctuation and symbols are dropped, except the percent sign and a point between
    digits; a comma before three digits does not break a number. (The original knows Han alone,
    splits words with NLTK, and drops a fixed list of marks.)
    """
    text = unicodedata.normalize("NFKC", _THOUSANDS.sub("", text)).casefold()
    tokens: list[str] = []
    word = ""
    for place, char in enumerate(text):
        unspaced = _UNSPACED.match(char) is not None
        if not unspaced and (_is_word(char) or _is_decimal_point(text, place)):
            word += char
            continue
        if word:
            tokens.append(word)
            word = ""
        if char in "%‰" or (unspaced and _is_word(char)):
            tokens.append(char)
    return [*tokens, word] if word else tokens


def _is_word(char: str) -> bool:
    return unicodedata.category(char)[0] in "LMN"


def _is_decimal_point(text: str, place: int) -> bool:
    around = text[place - 1 : place] + text[place + 1 : place + 2]
    return text[place] == "." and len(around) == 2 and around.isdigit()


def exact_match(prediction: str, answers: Iterable[str]) -> float:
    """1 if the prediction has exactly the tokens of one of the answers, else 0."""
    tokens = segment(prediction)
    return float(any(tokens and tokens == segment(answer) for answer in answers))


def f1(prediction: str, answers: Iterable[str]) -> float:
    """CMRC 2018's F1 (Cui et al. 2019): the best over the answers.

    Precision and recall count the longest common run of tokens (the original's `find_lcs`: a
    substring, not a subsequence) against the tokens of the prediction and of the answer.
    """
    predicted = segment(prediction)
    return max((_run_f1(predicted, segment(answer)) for answer in answers), default=0.0)


def _run_f1(predicted: list[str], answer: list[str]) -> float:
    total = len(predicted) + len(answer)
    return 2 * _common_run(predicted, answer) / total if total else 0.0


def _common_run(a: list[str], b: list[str]) -> int:
    return SequenceMatcher(None, a, b, autojunk=False).find_longest_match().size


_COVERED = 0.7  # of a proposition's token pairs


def propositions_covered(text: str, propositions: Collection[str]) -> float | None:
    """The share of the propositions of which most neighbouring tokens are neighbours in the text.

    A proposition is a statement that a full answer makes, in anybody's words; told in other words
    it is missed, so the share is a lower bound.
    """
    told = _pairs(text)
    needed = [_pairs(proposition) for proposition in propositions]
    return mean([float(len(pairs & told) >= _COVERED * len(pairs)) for pairs in needed if pairs])


def _pairs(text: str) -> set[tuple[str, str]]:
    tokens = segment(text)
    return set(pairwise(tokens))


# Citations


def contains(text: str, answer: str) -> bool:
    """Whether the tokens of the answer stand in the text in one run; so 3 is not in 1935."""
    needle = segment(answer)
    return bool(needle) and _joined(needle) in _joined(segment(text))


def _joined(tokens: list[str]) -> str:
    return f" {' '.join(tokens)} "


def overlaps(quote: str, evidence: str) -> bool:
    """Whether quote and evidence share one run of at least half the tokens of the shorter."""
    a, b = segment(quote), segment(evidence)
    return bool(a and b) and 2 * _common_run(a, b) >= min(len(a), len(b))


def citation_precision(
    quotes: Sequence[str], answers: Sequence[str], evidences: Sequence[str] = ()
) -> float | None:
    """Share of the quotes that contain an answer or overlap an evidence.

    None without quotes, or where the set marks neither answers nor evidences.
    """
    if not quotes or not (answers or evidences):
        return None
    right = [
        any(contains(quote, answer) for answer in answers)
        or any(overlaps(quote, evidence) for evidence in evidences)
        for quote in quotes
    ]
    return float(np.mean(right))


def citation_recall(
    quotes: Sequence[str],
    answer_sets: Sequence[Sequence[str]],
    evidences: Sequence[str] = (),
) -> float | None:
    """Share of what has to be proved that some quote proves.

    That is each of the evidences (a quote overlaps it); where none are marked, each of the
    answer sets (a quote contains one of its answers). None where neither is marked.
    """
    if evidences:
        covered = [any(overlaps(q, e) for q in quotes) for e in evidences]
    else:
        covered = [any(contains(q, a) for q in quotes for a in s) for s in answer_sets]
    return float(np.mean(covered)) if covered else None


def answer_in_quotes(quotes: Iterable[str], answers: Sequence[str]) -> float | None:
    """1 if any quote contains any answer, else 0; None without answers."""
    if not answers:
        return None
    return float(any(contains(quote, answer) for quote in quotes for answer in answers))


# Abstention, and over many questions


def abstention(refused: Sequence[bool], unanswerable: Sequence[bool]) -> dict[str, float | None]:
    """How well "not in the articles" was said. Positive: it was said; true: it was right.

    `precision`, `recall`, `answered` (the share of the answerable questions where it was not
    said) and `balanced_accuracy` (the mean of these two); None where nothing is to divide by.
    """
    said = np.asarray(refused, dtype=bool)
    true = np.asarray(unanswerable, dtype=bool)
    caught = _share(said & true, true)
    answered = _share(~said & ~true, ~true)
    both = None if caught is None or answered is None else (caught + answered) / 2
    return {
        "precision": _share(said & true, said),
        "recall": caught,
        "answered": answered,
        "balanced_accuracy": both,
    }


def _share(part: np.ndarray, whole: np.ndarray) -> float | None:
    return float(part.sum() / whole.sum()) if whole.any() else None


def mean(values: Iterable[float | None]) -> float | None:
    """The mean of the values that apply (are not None); None if none do."""
    given = [value for value in values if value is not None]
    return float(np.mean(given)) if given else None


def percentiles(seconds: Iterable[float | None]) -> dict[str, float | None]:
    """Median and 95th percentile, in milliseconds, of durations in seconds; None are left out."""
    given = [value for value in seconds if value is not None]
    if not given:
        return {"p50": None, "p95": None}
    p50, p95 = np.percentile(given, [50, 95]) * 1000
    return {"p50": float(p50), "p95": float(p95)}
