"""What the reader is trained on: questions, each with a passage that answers it or does not."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

from glosses import Glosser
from qa_bot.answer.window import Window
from qa_bot.index.chunking import passage_spans
from qa_bot.networks.embedding import Embedder
from qa_bot.records import Article, Hit, Passage
from qa_bot.text.languages import detect_language
from qa_bot.text.terms import terms
from squad import Context, contexts, drawn
from variations import Swapper, Turner, keywords, sentence_asked, without

__all__ = ["Data", "Example", "Maker", "read"]

PASSAGE_CHARS = 300
# Shares of the examples.
TRANSLATED = 0.8  # of the questions that have a translation
GLOSSED = 0.2  # have a question in English words
GLOSSED_PASSAGES = 0.1
KEYWORDS = 0.08
PREFACED = 0.6  # have the headline before the passage, as the product reads articles
ALONE = 0.2  # are one sentence under its headline, as the product looks a second time
# Of the passages that do not answer.
WITHOUT_ANSWER = 0.35
SWAPPED = 0.35  # the question has another name


@dataclass(frozen=True)
class Example:
    """A question and a passage; the answer is `passage[start:end]`, or nowhere if `start` is -1."""

    question: str
    passage: str
    start: int
    end: int


@dataclass(frozen=True)
class Question:
    """A question on `passages[gold]`, with where the answer stands there."""

    question: str
    gold: int
    start: int
    end: int
    answer: str


@dataclass(frozen=True)
class Data:
    """Passages with what is read before each and whether it is held out, and the questions."""

    passages: list[str] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)
    prefaces: list[str] = field(default_factory=list)
    held_out: list[bool] = field(default_factory=list)
    asked: list[Question] = field(default_factory=list)


def read(files: Sequence[str | Path]) -> Data:
    """Cut all contexts into passages, and find the passage that holds each answer.

    Each of `files` is a path, or a path with how many of its questions are to be drawn:
    "jaquad.json:3000".
    """
    data = Data()
    for context in _contexts(files):
        article = Article(context.title, context.text)
        # every third context is read in longer pieces: people paste long paragraphs, too
        size = 450 if context.number % 3 == 0 else PASSAGE_CHARS
        spans = passage_spans(context.text, size)
        first = len(data.passages)
        for a, b in spans:
            passage = Passage(0, article.id, a, b, context.text[a:b])
            data.passages.append(passage.text)
            data.titles.append(context.title)
            data.prefaces.append(Window(Hit(passage, article, 0.0)).preface)
            data.held_out.append(context.held_out)
        for asked in context.asked:
            start, end = asked.start, asked.start + len(asked.answer)
            if start < 0:
                data.asked.append(Question(asked.question, first, -1, -1, ""))
                continue
            for i, (a, b) in enumerate(spans):
                if 0 <= a <= start and end <= b:
                    data.asked.append(
                        Question(asked.question, first + i, start - a, end - a, asked.answer)
                    )
                    break
    return data


def _contexts(files: Sequence[str | Path]) -> Iterator[Context]:
    count = 0
    for number, file in enumerate(files):
        path, _, questions = str(file).rpartition(":")
        counted = bool(path) and questions.isdigit()
        some = list(contexts([Path(path if counted else file)]))
        for context in drawn(some, int(questions), number) if counted else some:
            yield replace(context, number=count + context.number)
        count += len(some)


class Negatives:
    """For each question passages that do not hold its answer, likely to be found for it.

    They are in the language of the passage that does: whether one in another holds it, nothing
    here can tell.
    """

    def __init__(self, data: Data) -> None:
        vectorizer = TfidfVectorizer(analyzer=terms, sublinear_tf=True)
        matrix = vectorizer.fit_transform(data.passages)
        embedder = Embedder()
        texts = zip(data.prefaces, data.passages, strict=True)
        vectors = embedder.embed([before + text for before, text in texts])
        tongues = np.array([detect_language(text)[:2] for text in data.passages])
        self._found: list[list[int]] = []
        for begin in range(0, len(data.asked), 500):
            some = data.asked[begin : begin + 500]
            questions = [q.question for q in some]
            shared = (vectorizer.transform(questions) @ matrix.T).toarray()
            near = embedder.embed(questions, "query") @ vectors.T
            for asked, *rows in zip(some, shared, near, strict=True):
                best: list[int] = []
                alike = tongues == tongues[asked.gold]
                for row in rows:
                    found = np.argsort(-np.where(alike, row, -1.0))[:12]
                    lacking = [
                        int(i)
                        for i in found
                        if i != asked.gold and asked.answer not in data.passages[i]
                    ]
                    best += lacking[:4]
                self._found.append(list(dict.fromkeys(best)))

    def choose(self, question: int, chance: random.Random) -> int:
        """The number of a passage, or -1."""
        found = self._found[question]
        return chance.choice(found) if found else -1


class Maker:
    """Makes examples of questions and passages.

    `dictionary` is the file of CC-CEDICT, `translations` are questions in English; without them
    there is nothing between languages.
    """

    def __init__(
        self, data: Data, dictionary: Path | None = None, translations: Mapping[str, str] = {}
    ) -> None:
        self._data = data
        self._negatives = Negatives(data)
        self._swapper = Swapper(q.question for q in data.asked)
        self._turner = Turner()
        self._glosser = Glosser(dictionary) if dictionary else None
        self._translations = translations

    def examples(self, held_out: bool, share: float, chance: random.Random) -> list[Example]:
        """Each question with its passage, and a `share` of them with one that does not answer.

        Only those to train on are varied.
        """
        made = []
        for number, asked in enumerate(self._data.asked):
            if self._data.held_out[asked.gold] != held_out:
                continue
            some = [self._prefaced(asked.question, asked.gold, asked.start, asked.end, chance)]
            if (
                asked.start >= 0
                and chance.random() < share
                and (other := self._negative(number, asked, chance))
            ):
                some.append(other)
            made += some if held_out else [self._varied(example, chance) for example in some]
        return made

    def translated(self, examples: list[Example]) -> list[Example]:
        """Those of the examples whose question has a translation, with that."""
        known = self._translations
        return [replace(e, question=known[e.question]) for e in examples if known.get(e.question)]

    def _prefaced(
        self, question: str, passage: int, start: int, end: int, chance: random.Random
    ) -> Example:
        """With what the product reads before a passage, or without, or as one sentence."""
        text, before = self._data.passages[passage], self._data.prefaces[passage]
        if chance.random() < ALONE:
            first, last = sentence_asked(question, text, start, end)
            before, text = f"{self._data.titles[passage]}\n", text[first:last]
            start, end = (start - first, end - first) if start >= 0 else (-1, -1)
            return self._behind(question, before, text, start, end)
        if chance.random() >= PREFACED:
            before = ""
        return self._behind(question, before, text, start, end)

    @staticmethod
    def _behind(question: str, before: str, text: str, start: int, end: int) -> Example:
        shift = len(before) if start >= 0 else 0
        return Example(question, before + text, start + shift, end + shift)

    def _negative(self, number: int, asked: Question, chance: random.Random) -> Example | None:
        """The question with a passage that is no answer to it, though near."""
        data, dice = self._data, chance.random()
        gold, before = data.passages[asked.gold], data.prefaces[asked.gold]
        if dice < WITHOUT_ANSWER and (rest := without(gold, asked.start, asked.end)):
            return Example(
                asked.question, (before if dice < WITHOUT_ANSWER / 2 else "") + rest, -1, -1
            )
        if dice > 1 - SWAPPED and (
            other := self._swapper.swap(asked.question, before + gold, chance)
        ):
            return self._prefaced(other, asked.gold, -1, -1, chance)
        found = self._negatives.choose(number, chance)
        return self._prefaced(asked.question, found, -1, -1, chance) if found >= 0 else None

    def _varied(self, example: Example, chance: random.Random) -> Example:
        """Perhaps in other characters, in other words, or as keywords."""
        question, dice = example.question, chance.random()
        if (translation := self._translations.get(question)) and chance.random() < TRANSLATED:
            return replace(example, question=translation)
        if not detect_language(question).startswith("zh"):
            return example
        if chance.random() < KEYWORDS:
            question = keywords(question)
        if self._glosser and dice < GLOSSED:
            whole = chance.random() < 0.7
            question = self._glosser.gloss(question, 1 if whole else 0.5, chance)
        if self._glosser and GLOSSED - GLOSSED_PASSAGES / 2 < dice < GLOSSED + GLOSSED_PASSAGES / 2:
            return self._glossed(replace(example, question=question), self._glosser, chance)
        turn = chance.random()
        if turn < 0.2 and dice >= GLOSSED:
            question = self._turner.turn(question)
        passage = self._turner.turn(example.passage) if 0.1 < turn < 0.3 else example.passage
        return replace(example, question=question, passage=passage)

    def _glossed(self, example: Example, glosser: Glosser, chance: random.Random) -> Example:
        """With the passage in English words."""
        text, start, end = example.passage, example.start, example.end
        if start < 0:
            return replace(example, passage=glosser.gloss(text, 1, chance))
        parts = (text[:start], text[start:end], text[end:])
        before, answer, after = (glosser.gloss(part, 1, chance) for part in parts)
        if not answer:
            return example
        left = len(before) + 1 if before else 0
        return replace(
            example,
            passage=f"{before} {answer} {after}".strip(),
            start=left,
            end=left + len(answer),
        )
