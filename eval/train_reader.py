"""Train the reader: which passage answers a question, and where in it the answer stands.

    python eval/train_reader.py TRAIN.json [TRAIN.json ...] --out reader-training

takes reading-comprehension files in SQuAD's shape (CMRC 2018's training part and DRCD's
development part were used) and trains all layers of the bundled multilingual model but its
embeddings, with the heads of `qa_bot.networks.reading_model`: a relevance score (passage selection
as in Karpukhin et al. 2020, "Dense Passage Retrieval") and the start and end of the answer, where
the first token stands for "not here" (as Devlin et al. 2019, "BERT", did for SQuAD 2.0).

Contexts are cut as the product cuts articles. Each question is put to the passage that holds its
answer, and many also to one that does not: a passage that full text or meaning finds for it, or
the passage itself without the sentence that answers. Some questions and passages are turned between
simplified and traditional characters, or glossed in English with --dictionary (the file of
CC-CEDICT; see glosses.py), and some questions come as mere keywords. One article in twenty is held
out. What is kept is the moving average of the weights.

A checkpoint is kept in the folder --out; the same command goes on from it. Where the processor has
bfloat16 products (avx512_bf16), training is about three times faster than without.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import rjieba
import torch
from opencc import OpenCC
from sklearn.feature_extraction.text import TfidfVectorizer
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from glosses import Glosser
from qa_bot.chunking import passage_spans
from qa_bot.embedding import Embedder
from qa_bot.networks.bundled import bundled_model_dir
from qa_bot.networks.reading_model import ReadingModel, padded, save_weights
from qa_bot.networks.spans import MOST_TRIMMED, token_span
from qa_bot.networks.tokenizer import Encoding, Tokenizer
from qa_bot.sentences import split_sentences
from qa_bot.terms import terms
from squad import contexts

PASSAGE_CHARS = 300
BATCH_TOKENS = 4096
SEED = 11
AVERAGED = 0.998  # share of the average that stays at each step
GLOSSED = 0.25  # of the examples have a question in English words
GLOSSED_PASSAGES = 0.1
KEYWORDS = 0.06
# parts of speech that search strings lack: pronouns, particles, marks, modal words
_NOT_KEYWORDS = ("r", "u", "w", "x", "y")
_ASKING = frozenset({"是", "有", "在", "多少", "几", "何", "?", "？"})


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
    """Passages with the title of each and whether it is held out, and the questions on them."""

    passages: list[str]
    titles: list[str]
    held_out: list[bool]
    asked: list[Question]


def read(paths: list[Path]) -> Data:
    """Cut all contexts into passages, and find the passage that holds each answer."""
    data = Data([], [], [], [])
    for context in contexts(paths):
        # every third context is read in longer pieces: people paste long paragraphs, too
        size = 450 if context.number % 3 == 0 else PASSAGE_CHARS
        spans = passage_spans(context.text, size)
        first = len(data.passages)
        data.passages.extend(context.text[a:b] for a, b in spans)
        data.titles.extend([context.title] * len(spans))
        data.held_out.extend([context.held_out] * len(spans))
        for asked in context.asked:
            start, end = asked.start, asked.start + len(asked.answer)
            for i, (a, b) in enumerate(spans):
                if 0 <= a <= start and end <= b:
                    data.asked.append(
                        Question(asked.question, first + i, start - a, end - a, asked.answer)
                    )
                    break
    return data


class Negatives:
    """For each question passages that do not hold its answer, likely to be found for it."""

    def __init__(self, data: Data) -> None:
        vectorizer = TfidfVectorizer(analyzer=terms, sublinear_tf=True)
        matrix = vectorizer.fit_transform(data.passages)
        embedder = Embedder()
        texts = zip(data.titles, data.passages, strict=True)
        vectors = embedder.embed([f"{title}\n{text}".strip() for title, text in texts])
        self._found: list[list[int]] = []
        for begin in range(0, len(data.asked), 500):
            some = data.asked[begin : begin + 500]
            questions = [q.question for q in some]
            shared = (vectorizer.transform(questions) @ matrix.T).toarray()
            near = embedder.embed(questions, "query") @ vectors.T
            for asked, *rows in zip(some, shared, near, strict=True):
                best: list[int] = []
                for row in rows:
                    found = np.argsort(-row)[:12]
                    lacking = [int(i) for i in found if asked.answer not in data.passages[i]]
                    best += lacking[:4]
                self._found.append(list(dict.fromkeys(best)))

    def choose(self, question: int, chance: random.Random) -> int:
        """The number of a passage, or -1."""
        found = self._found[question]
        return chance.choice(found) if found else -1


class Turner:
    """Turns text between simplified and traditional characters where that keeps offsets."""

    def __init__(self) -> None:
        self._converters = [OpenCC("s2t"), OpenCC("t2s")]

    def turn(self, text: str) -> str:
        for converter in self._converters:
            turned = str(converter.convert(text))
            if turned != text and len(turned) == len(text):
                return turned
        return text


class Maker:
    """Makes examples of questions and passages."""

    def __init__(self, data: Data, dictionary: Path | None) -> None:
        self._data = data
        self._negatives = Negatives(data)
        self._turner = Turner()
        self._glosser = Glosser(dictionary) if dictionary else None

    def examples(self, held_out: bool, share: float, chance: random.Random) -> list[Example]:
        """Each question with its passage, and a `share` of them with a passage that answers not."""
        data = self._data
        made = []
        for number, asked in enumerate(data.asked):
            if data.held_out[asked.gold] != held_out:
                continue
            gold, title = data.passages[asked.gold], data.titles[asked.gold]
            some = [(gold, title, asked.start, asked.end)]
            other = self._negatives.choose(number, chance)
            if other >= 0 and chance.random() < share:
                rest = without_answer(gold, asked) if chance.random() < 0.4 else ""
                if rest:
                    some.append((rest, title, -1, -1))
                else:
                    some.append((data.passages[other], data.titles[other], -1, -1))
            for passage, title, start, end in some:
                if title and chance.random() < 0.5:  # as the product reads articles
                    before = title + "\n"
                    passage = before + passage
                    if start >= 0:
                        start, end = start + len(before), end + len(before)
                example = Example(asked.question, passage, start, end)
                made.append(example if held_out else self._varied(example, chance))
        return made

    def _varied(self, example: Example, chance: random.Random) -> Example:
        """Perhaps in other characters, in other words, or as keywords."""
        question, dice = example.question, chance.random()
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


def keywords(question: str) -> str:
    """The question as one types it into a search box."""
    words = [word for word, tag in rjieba.tag(question) if not tag.startswith(_NOT_KEYWORDS)]
    return "".join(w for w in words if w not in _ASKING) or question


def without_answer(passage: str, asked: Question) -> str:
    """The passage without the sentences that hold the answer; "" if too little is left of it.

    Nothing else is so like a passage that answers, and the articles of one event are so alike.
    """
    rest = "".join(
        passage[a:b] for a, b in split_sentences(passage) if b <= asked.start or a >= asked.end
    )
    return rest if len(rest) >= len(passage) // 3 and asked.answer not in rest else ""


@dataclass(frozen=True)
class Batch:
    ids: torch.Tensor
    mask: torch.Tensor
    start: torch.Tensor
    end: torch.Tensor
    trims: torch.Tensor  # characters of the first and last token that are not of the answer
    spans: list[tuple[Example, Encoding]]


def batches(
    rows: list[Example], tokenizer: Tokenizer, chance: random.Random | None
) -> Iterator[Batch]:
    """Batches of about `BATCH_TOKENS` tokens of like length, in random order if `chance`."""
    encoded = [(r, tokenizer.encode_pairs(r.question, [r.passage])[0]) for r in rows]
    noise = [chance.random() * 30 if chance else 0.0 for _ in encoded]
    order = sorted(range(len(encoded)), key=lambda i: len(encoded[i][1]) + noise[i])
    groups: list[list[int]] = []
    for i in order:
        length = len(encoded[i][1])
        if not groups or (len(groups[-1]) + 1) * length > BATCH_TOKENS:
            groups.append([])
        groups[-1].append(i)
    if chance:
        chance.shuffle(groups)
    for group in groups:
        yield collate([encoded[i] for i in group])


def collate(some: list[tuple[Example, Encoding]]) -> Batch:
    ids, mask = padded([encoding for _, encoding in some])
    where, trims = [], []
    for example, encoding in some:
        first, last = (
            token_span(encoding, example.start, example.end) if example.start >= 0 else (0, 0)
        )
        where.append((first, last))
        left = right = 0
        if last:
            left = example.start - encoding.offset(first)[0]
            right = encoding.offset(last)[1] - example.end
        trims.append([max(0, min(MOST_TRIMMED, n)) for n in (left, right)])
    start, end = (torch.tensor(column) for column in zip(*where, strict=True))
    return Batch(ids, mask, start, end, torch.tensor(trims), some)


def loss_of(model: ReadingModel, batch: Batch) -> torch.Tensor:
    out = model(batch.ids, batch.mask)
    cross = torch.nn.functional.cross_entropy
    answered = (batch.start > 0).float()
    relevance = torch.nn.functional.binary_cross_entropy_with_logits(out.relevance, answered)
    loss: torch.Tensor = (cross(out.start, batch.start) + cross(out.end, batch.end)) / 2
    rows = batch.start.nonzero()[:, 0]
    if len(rows):
        for side, tokens in enumerate((batch.start, batch.end)):
            loss = loss + 0.3 * cross(out.trim[rows, tokens[rows], side], batch.trims[rows, side])
    return loss + 0.5 * relevance


@torch.no_grad()
def judge(model: ReadingModel, rows: list[Example], tokenizer: Tokenizer) -> dict[str, float]:
    """Exact match and character overlap on answerable examples; accuracy of the relevance."""
    model.eval()
    exact = overlap = right = answerable = 0.0
    for batch in batches(rows, tokenizer, None):
        with torch.autocast("cpu", dtype=torch.bfloat16):
            out = model(batch.ids, batch.mask)
        for row, (example, encoding) in enumerate(batch.spans):
            right += (out.relevance[row] > 0).item() == (example.start >= 0)
            if example.start < 0:
                continue
            answerable += 1
            span = out.of(row, encoding).best()
            a, b = (span.start, span.end) if span else (0, 0)
            exact += (a, b) == (example.start, example.end)
            common = max(0, min(b, example.end) - max(a, example.start))
            overlap += 2 * common / max(1, (b - a) + (example.end - example.start))
    return {
        "exact": exact / max(1, answerable),
        "overlap F1": overlap / max(1, answerable),
        "relevance accuracy": right / max(1, len(rows)),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("files", nargs="+", type=Path, help="training files in SQuAD's shape")
    parser.add_argument("--out", type=Path, default=Path("reader-training"))
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--steps", type=int, help="at most so many of the epochs' batches")
    parser.add_argument("--freeze", type=int, default=0, help="leave so many lower layers as is")
    parser.add_argument("--rate", type=float, default=1e-4, help="highest learning rate")
    parser.add_argument("--negatives", type=float, default=0.5, help="share of questions with one")
    parser.add_argument("--init", type=Path, help="weights to go on from, with its own schedule")
    parser.add_argument("--dictionary", type=Path, help="CC-CEDICT's file, for glosses in English")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(SEED)
    data = read(options.files)
    tokenizer = Tokenizer(bundled_model_dir())
    model = ReadingModel.from_base(bundled_model_dir(), options.init)
    for layer in model.encoder.encoder.layer[: options.freeze]:
        layer.requires_grad_(False)
    trained = [p for p in model.parameters() if p.requires_grad]
    moving = get_ema_multi_avg_fn(AVERAGED)  # type: ignore[no-untyped-call]
    average = AveragedModel(model, multi_avg_fn=moving)
    averaged: ReadingModel = average.module  # type: ignore[assignment]
    maker = Maker(data, options.dictionary)
    held_out = maker.examples(True, 1.0, random.Random(SEED))[:600]
    plan = []
    for epoch in range(options.epochs):
        chance = random.Random(SEED + epoch)
        rows = maker.examples(False, options.negatives, chance)
        plan += list(batches(rows, tokenizer, chance))
    del plan[options.steps :]
    optimizer = torch.optim.AdamW(trained, lr=options.rate, weight_decay=0.01)
    warm = max(1, len(plan) // 15)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda s: min(s / warm, max(0.0, (len(plan) - s) / (len(plan) - warm)))
    )
    kept: dict[str, Any] = {
        "model": model,
        "average": average,
        "optimizer": optimizer,
        "schedule": schedule,
    }
    begin = 0
    state = options.out / "checkpoint.pt"
    if state.exists():
        saved = torch.load(state, weights_only=True)
        for name, part in kept.items():
            part.load_state_dict(saved[name])
        begin = saved["step"]
    print(f"{len(plan)} steps, {len(held_out)} held-out examples", flush=True)
    model.train()
    since, total = time.monotonic(), 0.0
    for step in range(begin, len(plan)):
        with torch.autocast("cpu", dtype=torch.bfloat16):
            loss = loss_of(model, plan[step])
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(trained, 1.0)
        optimizer.step()
        schedule.step()
        optimizer.zero_grad()
        average.update_parameters(model)
        total += loss.item()
        if (step + 1) % 50 == 0:
            speed = (time.monotonic() - since) / (step + 1 - begin)
            print(f"step {step + 1} loss {total / 50:.3f}, {speed:.2f} s a step", flush=True)
            total = 0.0
        if (step + 1) % 250 == 0 or step + 1 == len(plan):
            parts = {name: part.state_dict() for name, part in kept.items()}
            torch.save({**parts, "step": step + 1}, state.with_suffix(".new"))
            state.with_suffix(".new").replace(state)
            save_weights(averaged, options.out / "reader.safetensors")
            print(judge(averaged, held_out, tokenizer), flush=True)


if __name__ == "__main__":
    main()
