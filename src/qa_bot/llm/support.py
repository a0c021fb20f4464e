"""Whether a passage says what a sentence claims, and where.

Two tests, both to be passed. What can be checked to the letter is: numbers, days and names of the
sentence must stand in the passage or in what is known of its article. The rest is a small logistic
model over shared words, the vectors' cosine and the trained reader's relevance, fitted by
eval/training/calibrate_support.py. It is a judgement, and errs: a name exchanged for another of the
same passage often passes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from qa_bot.answer.reader import TrainedReader
from qa_bot.answer.window import Window
from qa_bot.llm.figures import other_figures, telling_figures
from qa_bot.llm.naming import absent
from qa_bot.llm.nearness import Nearness
from qa_bot.llm.persons import another_person
from qa_bot.llm.statements import rumoured, stated_otherwise
from qa_bot.networks.embedding import Embedder
from qa_bot.question.kinds import Guess, guess
from qa_bot.question.question import parse
from qa_bot.records import Hit
from qa_bot.search.baseline import background_vectors
from qa_bot.text.chinese import align
from qa_bot.text.languages import detect_language, written_language
from qa_bot.text.sentences import split_sentences
from qa_bot.text.terms import content_terms, held

__all__ = ["SUPPORT_FEATURES", "Judge", "Support", "facts_missing"]

# `overlap`: share (0 to 1) of the claim's terms in the best window of a sentence or two; `cosine`
# of claim and window above the background, in tenths; `relevance`: the reader's logit.
SUPPORT_FEATURES = ("bias", "overlap", "cosine", "relevance")
_SAME_LANGUAGE = np.array([-4.93, 2.73, 2.53, 0.35], np.float32)
_OTHER_LANGUAGE = np.array([-0.68, 0.0, 1.59, 0.36], np.float32)
_SUPPORTED = 0.5
# What a figure that the passage has adds to the log odds, and how many count.
_FIGURE, _FIGURES = 1.0, 2

# What is said to a language model rather than to a reader proves nothing.
_ORDER = re.compile(
    r"\b(?:ignore|disregard|forget|override)\b.{0,30}\b(?:above|previous|prior|earlier"
    r"|instructions?"
    r"|rules?|prompts?)\b|\bsystem prompt\b|\byou are now\b"
    r"|(?:忽略|無視|无视|忘记|忘記|不要理会|不要理會).{0,12}(?:以上|之前|上述|前面|规则|規則"
    r"|指令|提示)"
    r"|(?:只|仅|僅|必须|必須)(?:能|需|许|許)?(?:回答|回复|回覆|输出|輸出)[“「\"：:]",
    re.IGNORECASE,
)
_HAN = re.compile("[\u4e00-\u9fff]")
_HAN_ENOUGH = 4


@dataclass(frozen=True, slots=True)
class Support:
    """How well a passage supports a claim, best in `hit.article.text[start:end]`.

    `score` is the probability that it says so; `missing` are numbers, days and names of the claim
    that are not there.
    """

    hit: Hit
    start: int
    end: int
    score: float
    missing: tuple[str, ...]

    @property
    def supported(self) -> bool:
        """Whether the passage says so, with all that the claim names."""
        return self.score >= _SUPPORTED and not self.missing


class Judge:
    """Judges claims by passages."""

    def __init__(self, embedder: Embedder, reader: TrainedReader) -> None:
        self._embedder = embedder
        self._reader = reader
        self.nearness = Nearness(embedder, reader)

    def guess(self, question: str) -> Guess:
        """What kind of answer `question` asks for."""
        return guess(question, self._embedder.embed([question], "query")[0])

    def judge(self, claim: str, hits: Sequence[Hit]) -> list[Support]:
        """How well each of `hits` supports `claim`, in their order."""
        if not hits:
            return []
        rows, windows = self.features(claim, hits)
        found = []
        for hit, row, (start, end) in zip(hits, rows, windows, strict=True):
            same = _same_language(claim, hit.article.text[start:end])
            weights = _SAME_LANGUAGE if same else _OTHER_LANGUAGE
            missing = facts_missing(claim, hit, hit.article.text[start:end], self.nearness)
            logit = float(row @ weights)
            if not missing:
                logit += _FIGURE * min(telling_figures(align(claim)), _FIGURES)
            score = float(1 / (1 + np.exp(-logit)))
            if _plain(claim) in _plain(hit.article.text[start:end]):
                score = 1.0  # word for word
            found.append(Support(hit, start, end, score, tuple(missing)))
        return found

    def features(
        self, claim: str, hits: Sequence[Hit]
    ) -> tuple[NDArray[np.float32], list[tuple[int, int]]]:
        """`SUPPORT_FEATURES` of each hit, (n, 4), and its window that is nearest to the claim."""
        vector = self._embedder.embed([claim], "query")[0]
        means = background_vectors(self._embedder)
        terms = content_terms(claim)
        rows, best = [], []
        all_windows = [_windows(hit) for hit in hits]
        texts = [
            hit.article.text[a:b]
            for hit, windows in zip(hits, all_windows, strict=True)
            for a, b in windows
        ]
        cosines = self._embedder.embed(texts) @ vector
        at = 0
        relevances = [
            s.relevance for s in self._reader.scores(parse(claim), [Window(hit) for hit in hits])
        ]
        for hit, windows, relevance in zip(hits, all_windows, relevances, strict=True):
            mean = means.get(written_language(hit.article), means[""])
            above = 10 * (cosines[at : at + len(windows)] - float(mean @ vector))
            at += len(windows)
            overlaps = np.array([_overlap(terms, hit.article.text[a:b]) for a, b in windows])
            nearest = int(np.argmax(overlaps + 0.3 * above))
            rows.append((1.0, float(overlaps[nearest]), float(above[nearest]), relevance))
            best.append(windows[nearest])
        return np.array(rows, np.float32), best


def _windows(hit: Hit) -> list[tuple[int, int]]:
    """The passage's sentences, then each two neighbours, without orders to a language model."""
    sentences = split_sentences(hit.article.text, hit.passage.start, hit.passage.end)
    sentences = sentences or [(hit.passage.start, hit.passage.end)]
    windows = [*sentences, *((a, b) for (a, _), (_, b) in pairwise(sentences))]
    plain = [(a, b) for a, b in windows if not _ORDER.search(hit.article.text[a:b])]
    return plain or sentences[:1]


def _overlap(terms: Sequence[str], text: str) -> float:
    return len(held(terms, text)) / len(terms) if terms else 0.0


def _same_language(claim: str, text: str) -> bool:
    said, written = (detect_language(t).split("-")[0] for t in (claim, text))
    if written == "zh" and len(_HAN.findall(claim)) >= _HAN_ENOUGH:
        return True  # a Latin name or two do not make it English
    return not said or not written or said == written


def facts_missing(
    claim: str, hit: Hit, window: str = "", networks: Nearness | None = None
) -> list[str]:
    """What `claim` says otherwise than the passage: figures, days and names; denials and rumours.

    What the head of the article says counts as said. `window` is the part of the passage that the
    claim is about, where that is known.
    """
    article = hit.article
    same = _same_language(claim, hit.passage.text)
    head = (article.title, article.byline, article.source)
    source = align("\n".join((*head, hit.passage.text)))
    plain, about = align(claim), align(window or hit.passage.text)
    missing = other_figures(plain, source, article.published, same_language=same, networks=networks)
    missing += absent(plain, source, same_language=same)
    missing += another_person(plain, source, same_language=same, networks=networks)
    if against := stated_otherwise(plain, about, same_language=same, networks=networks):
        missing.append(against.strip())
    if rumoured(plain, about, same_language=same, networks=networks):
        missing.append(claim)
    return list(dict.fromkeys(missing))


def _plain(text: str) -> str:
    return "".join(c for c in align(text).casefold() if c.isalnum())
