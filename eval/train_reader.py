"""Train the reader: which passage answers a question, and where in it the answer stands.

    python eval/train_reader.py TRAIN.json [TRAIN.json ...] --out reader-training

takes reading-comprehension files in SQuAD's shape (CMRC 2018's training part and DRCD's
development part were used) and trains all layers of the bundled multilingual model but its
embeddings, with the heads of `qa_bot.reading_model`: a relevance score (passage selection as in
Karpukhin et al. 2020, "Dense Passage Retrieval") and the start and end of the answer, where the
first token stands for "not here" (as Devlin et al. 2019, "BERT", did for SQuAD 2.0).

Contexts are cut as the product cuts articles. Each question is put to the passage that holds its
answer, and many also to one that does not: a passage that shares most of the question's terms, or
the passage itself without the sentence that answers. Some questions and passages are turned
between simplified and traditional characters. One article in twenty is held out.

A checkpoint is kept in the folder --out; the same command goes on from it. Where the processor has
bfloat16 products (avx512_bf16), training is about three times faster than without.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from opencc import OpenCC
from sklearn.feature_extraction.text import TfidfVectorizer
from tokenizers import Encoding, Tokenizer

from qa_bot.bundled import bundled_model_dir
from qa_bot.chunking import passage_spans
from qa_bot.reading_model import (
    ReadingModel,
    load_tokenizer,
    padded,
    save_weights,
    token_span,
)
from qa_bot.sentences import split_sentences
from qa_bot.terms import terms
from squad import contexts

PASSAGE_CHARS = 300
BATCH_TOKENS = 4096
SEED = 11


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


def negatives(data: Data, chance: random.Random) -> list[int]:
    """For each question a passage that does not hold its answer, likely to be found for it."""
    vectorizer = TfidfVectorizer(analyzer=terms, sublinear_tf=True)
    matrix = vectorizer.fit_transform(data.passages)
    chosen = []
    for begin in range(0, len(data.asked), 500):
        some = data.asked[begin : begin + 500]
        scores = (vectorizer.transform([q.question for q in some]) @ matrix.T).toarray()
        for row, asked in zip(scores, some, strict=True):
            best = [
                i for i in np.argsort(-row)[:12] if asked.answer not in data.passages[i]
            ]  # of the same article or of others
            chosen.append(int(chance.choice(best[:4])) if best else -1)
    return chosen


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


def examples(data: Data, held_out: bool, share: float, chance: random.Random) -> list[Example]:
    """Each question with its passage, and a `share` of them with a passage that answers not."""
    turner = Turner()
    made = []
    for asked, other in zip(data.asked, negatives(data, chance), strict=True):
        if data.held_out[asked.gold] != held_out:
            continue
        gold, title = data.passages[asked.gold], data.titles[asked.gold]
        some = [(gold, title, asked.start, asked.end)]
        if other >= 0 and chance.random() < share:
            rest = without_answer(gold, asked) if chance.random() < 0.5 else ""
            if rest:
                some.append((rest, title, -1, -1))
            else:
                some.append((data.passages[other], data.titles[other], -1, -1))
        for passage, title, start, end in some:
            question = asked.question
            if title and chance.random() < 0.5:  # as the product reads articles
                before = title + "\n"
                passage = before + passage
                if start >= 0:
                    start, end = start + len(before), end + len(before)
            if not held_out and (dice := chance.random()) < 0.3:
                question = turner.turn(question) if dice < 0.2 else question
                passage = turner.turn(passage) if dice > 0.1 else passage
            made.append(Example(question, passage, start, end))
    return made


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
    spans: list[tuple[Example, Encoding]]


def batches(
    rows: list[Example], tokenizer: Tokenizer, chance: random.Random | None
) -> Iterator[Batch]:
    """Batches of about `BATCH_TOKENS` tokens of like length, in random order if `chance`."""
    encoded = list(
        zip(rows, tokenizer.encode_batch([(r.question, r.passage) for r in rows]), strict=True)
    )
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
    where = []
    for example, encoding in some:
        if example.start < 0:
            where.append((0, 0))
        else:
            where.append(token_span(encoding, example.start, example.end))
    start, end = (torch.tensor(column) for column in zip(*where, strict=True))
    return Batch(ids, mask, start, end, some)


def loss_of(model: ReadingModel, batch: Batch) -> torch.Tensor:
    out = model(batch.ids, batch.mask)
    cross = torch.nn.functional.cross_entropy
    answered = (batch.start > 0).float()
    relevance = torch.nn.functional.binary_cross_entropy_with_logits(out.relevance, answered)
    loss: torch.Tensor = (cross(out.start, batch.start) + cross(out.end, batch.end)) / 2
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
    model.train()
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
    parser.add_argument("--rate", type=float, default=1e-4, help="highest learning rate")
    parser.add_argument("--negatives", type=float, default=0.5, help="share of questions with one")
    parser.add_argument("--init", type=Path, help="weights to go on from, with its own schedule")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(SEED)
    data = read(options.files)
    tokenizer = load_tokenizer(bundled_model_dir())
    model = ReadingModel.from_base(bundled_model_dir(), options.init)
    trained = [p for p in model.parameters() if p.requires_grad]
    held_out = examples(data, True, 1.0, random.Random(SEED))[:600]
    plan = []
    for epoch in range(options.epochs):
        chance = random.Random(SEED + epoch)
        rows = examples(data, False, options.negatives, chance)
        plan += list(batches(rows, tokenizer, chance))
    optimizer = torch.optim.AdamW(trained, lr=options.rate, weight_decay=0.01)
    warm = max(1, len(plan) // 15)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda s: min(s / warm, max(0.0, (len(plan) - s) / (len(plan) - warm)))
    )
    begin = 0
    state = options.out / "checkpoint.pt"
    if state.exists():
        kept = torch.load(state, weights_only=True)
        model.load_state_dict(kept["model"])
        optimizer.load_state_dict(kept["optimizer"])
        schedule.load_state_dict(kept["schedule"])
        begin = kept["step"]
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
        total += loss.item()
        if (step + 1) % 50 == 0:
            speed = (time.monotonic() - since) / (step + 1 - begin)
            print(f"step {step + 1} loss {total / 50:.3f}, {speed:.2f} s a step", flush=True)
            total = 0.0
        if (step + 1) % 250 == 0 or step + 1 == len(plan):
            torch.save(
                {
                    "model": model.state_dict(),
                    "optimizer": optimizer.state_dict(),
                    "schedule": schedule.state_dict(),
                    "step": step + 1,
                },
                state.with_suffix(".new"),
            )
            state.with_suffix(".new").replace(state)
            save_weights(model, options.out / "reader.safetensors")
            print(judge(model, held_out, tokenizer), flush=True)


if __name__ == "__main__":
    main()
