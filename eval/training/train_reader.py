"""Train the reader: which passage answers a question, and where in it the answer stands.

    python eval/training/train_reader.py TRAIN.json [TRAIN.json ...] --out reader-training

takes reading-comprehension files in SQuAD's shape (CMRC 2018's training part and DRCD's
development part were used) and trains all layers of the bundled multilingual model but its
embeddings, with the heads of `qa_bot.networks.reading_model`: a relevance score (passage selection
as in Karpukhin et al. 2020, "Dense Passage Retrieval") and the start and end of the answer, where
the first token stands for "not here" (as Devlin et al. 2019, "BERT", did for SQuAD 2.0).

Contexts are cut as the product cuts articles. Each question is put to the passage that holds its
answer, and many also to one that does not: a passage that full text or meaning finds for it, the
passage itself without the sentence that answers, or with another name, year or edition in the
question. Some questions and passages are turned between simplified and traditional characters, or
glossed in English with --dictionary (the file of CC-CEDICT; see glosses.py), some questions are
translated (--translations; see translate.py), and some come as mere keywords. With --adversarial
each batch is learnt a second time with its embeddings pushed where that hurts most (Miyato, Dai,
Goodfellow 2017, "Adversarial Training Methods for Semi-Supervised Text Classification"), which
takes twice the time. One article in twenty is held out. What is kept is the moving average of the
weights, in half precision, for calibrate_rounding.py to round.

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
from typing import Any

import torch
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from examples import Example, Maker, read
from qa_bot.networks.bundled import bundled_model_dir
from qa_bot.networks.reading_model import ReadingModel, padded, save_weights
from qa_bot.networks.spans import MOST_TRIMMED, token_span
from qa_bot.networks.tokenizer import Encoding, Tokenizer
from qa_bot.text.languages import detect_language
from translate import read_translations

BATCH_TOKENS = 4096
SEED = 11
JUDGED = 400  # held-out examples of a kind
AVERAGED = 0.998  # share of the average that stays at each step


@dataclass(frozen=True)
class Batch:
    """Examples that are learned at once, padded to one length."""

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


class Push:
    """Adds `by`, of shape (n, tokens, d), to what a model's embeddings give while it is trained."""

    def __init__(self, model: ReadingModel) -> None:
        self.by: torch.Tensor | None = None
        self._seen: torch.Tensor | None = None
        model.encoder.embeddings.register_forward_hook(self._forward)

    def _forward(self, _: object, __: object, embedded: torch.Tensor) -> torch.Tensor:
        if not torch.is_grad_enabled():
            return embedded
        self._seen = embedded.detach().requires_grad_()
        return self._seen if self.by is None else self._seen + self.by

    def worst(self, size: float) -> torch.Tensor:
        """After a backward pass: what raises the loss most; of norm `size` for each example."""
        slope = self._seen.grad if self._seen is not None else None
        if slope is None:
            raise RuntimeError("nothing was learnt before")
        pushed: torch.Tensor = (
            size * slope / slope.flatten(1).norm(dim=1)[:, None, None].clamp(min=1e-12)
        )
        return pushed


def learn(model: ReadingModel, batch: Batch, push: Push | None, size: float) -> float:
    """Add the gradients of a batch; returns its loss."""
    with torch.autocast("cpu", dtype=torch.bfloat16):
        loss = loss_of(model, batch)
    loss.backward()  # type: ignore[no-untyped-call]
    if push:
        push.by = push.worst(size)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            pushed = loss_of(model, batch)
        pushed.backward()  # type: ignore[no-untyped-call]
        push.by = None
    return loss.item()


def between_languages(example: Example) -> bool:
    """Whether question and passage are in different languages, as far as can be told."""
    question, passage = (detect_language(t)[:2] for t in (example.question, example.passage))
    return question != passage


def report(
    model: ReadingModel, judged: dict[str, list[Example]], tokenizer: Tokenizer, step: int
) -> None:
    for name, rows in judged.items():
        if rows:
            figures = {k: round(v, 3) for k, v in judge(model, rows, tokenizer).items()}
            print(f"  step {step}, {name} ({len(rows)}): {figures}", flush=True)


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
    parser.add_argument(
        "files", nargs="+", help="training files in SQuAD's shape; FILE:N takes N of its questions"
    )
    parser.add_argument("--out", type=Path, default=Path("reader-training"))
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--steps", type=int, help="at most so many of the epochs' batches")
    parser.add_argument("--freeze", type=int, default=0, help="leave so many lower layers as is")
    parser.add_argument("--rate", type=float, default=1e-4, help="highest learning rate")
    parser.add_argument("--negatives", type=float, default=0.5, help="share of questions with one")
    parser.add_argument("--init", type=Path, help="weights to go on from, with its own schedule")
    parser.add_argument("--dictionary", type=Path, help="CC-CEDICT's file, for glosses in English")
    parser.add_argument("--translations", type=Path, help="what translate.py wrote")
    parser.add_argument(
        "--adversarial", type=float, default=0.0, help="norm of the push, such as 1"
    )
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
    average = AveragedModel(model, multi_avg_fn=moving)  # a copy, which is not pushed
    push = Push(model) if options.adversarial else None
    averaged: ReadingModel = average.module  # type: ignore[assignment]
    translations = read_translations(options.translations) if options.translations else {}
    maker = Maker(data, options.dictionary, translations)
    held_out = maker.examples(True, 1.0, random.Random(SEED))
    random.Random(SEED).shuffle(held_out)
    judged = {
        "one language": [e for e in held_out if not between_languages(e)][:JUDGED],
        "between languages": [e for e in held_out if between_languages(e)][:JUDGED],
        "translated": maker.translated(held_out)[:JUDGED],
    }
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
    print(f"{len(plan)} steps", {name: len(rows) for name, rows in judged.items()}, flush=True)
    if not begin:
        report(averaged, judged, tokenizer, 0)
    model.train()
    since, total = time.monotonic(), 0.0
    for step in range(begin, len(plan)):
        total += learn(model, plan[step], push, options.adversarial)
        torch.nn.utils.clip_grad_norm_(trained, 1.0)
        optimizer.step()
        schedule.step()
        optimizer.zero_grad()
        average.update_parameters(model)
        if (step + 1) % 50 == 0:
            speed = (time.monotonic() - since) / (step + 1 - begin)
            print(f"step {step + 1} loss {total / 50:.3f}, {speed:.2f} s a step", flush=True)
            total = 0.0
        if (step + 1) % 250 == 0 or step + 1 == len(plan):
            parts = {name: part.state_dict() for name, part in kept.items()}
            torch.save({**parts, "step": step + 1}, state.with_suffix(".new"))
            state.with_suffix(".new").replace(state)
            save_weights(averaged, options.out / "reader.safetensors")
            report(averaged, judged, tokenizer, step + 1)


if __name__ == "__main__":
    main()
