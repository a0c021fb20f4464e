"""Have training questions asked in other words by a language model.

    python eval/training/paraphrase.py TRAIN.json [TRAIN.json ...] \
        --address http://127.0.0.1:8080/v1 --out paraphrases.jsonl

Reading-comprehension questions borrow their words from the passage; people do not. The reader is
calibrated on such questions, too. Held-out texts' questions come first, the others in random
order. Each line written has `text`, `paraphrase`, the `cosine` of the two by the embedding model,
and `found`: whether the reader that the package has, given the passage that answers, finds the
answer or a part of it when asked so (round-trip consistency, as in Alberti et al. 2019, "Synthetic
QA Corpora Generation"). `read_paraphrases` leaves out those that are likely to ask something else.
The same command goes on where it was stopped.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from pathlib import Path

from examples import Data, Question, read
from qa_bot.answer.reader import TrainedReader
from qa_bot.networks.embedding import Embedder
from qa_bot.question.question import parse
from qa_bot.text.terms import simplify
from translate import questions_of, rewritten, rows_of, server_options, write_rows

__all__ = ["read_paraphrases"]

LEAST_COSINE = 0.88  # of multilingual-e5-small, to which unrelated questions have about .75
_MOST_TOKENS = 60
_ORDER = (
    "你把用户的问题换一种说法：意思不变，用词和句式尽量不同，像普通人随口问的。"
    "人名、地名、书名、年份和数字照抄。只写改写后的问题，不要回答。"
)
_ASK = "改写："
_EXAMPLES = (
    ("临江大桥是在哪一年建成通车的？", "临江大桥哪年修好让车走的？"),
    ("沈若溪获得了什么奖项？", "沈若溪拿过啥奖？"),
    ("该校为什么迁往柳州？", "学校怎么搬到柳州去了？"),
    ("《柳堤往事》的導演是誰?", "《柳堤往事》這片子是哪位拍的？"),
    ("这种鱼主要以什么为食？", "这种鱼平常吃些什么？"),
    ("工程的总投资是多少？", "整个工程一共花了多少钱？"),
)


def read_paraphrases(path: Path) -> dict[str, str]:
    """Of the questions asked in other words so far those that ask the same."""
    return {
        row["text"]: row["paraphrase"]
        for row in rows_of(path)
        if row["found"]
        and row["cosine"] >= LEAST_COSINE
        and believable(row["text"], row["paraphrase"])
    }


def believable(text: str, paraphrase: str) -> bool:
    """Whether it is another wording, on one line, of a likely length, with the same numbers."""
    numbers = [sorted(re.findall(r"\d+", t)) for t in (text, paraphrase)]
    return (
        simplify(text) != simplify(paraphrase)
        and "\n" not in paraphrase
        and numbers[0] == numbers[1]
        and len(text) / 2 <= len(paraphrase) <= 1.6 * len(text) + 4
    )


def finds(reader: TrainedReader, data: Data, asked: Question, question: str) -> bool:
    """Whether the best answer to `question` in the passage overlaps the right one."""
    before, passage = data.prefaces[asked.gold], data.passages[asked.gold]
    (scores,) = reader.read_texts(parse(question).read, [before + passage])
    span = scores.best(len(before))
    if span is None:
        return False
    start, end = asked.start + len(before), asked.end + len(before)
    return span.start < end and start < span.end


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    server_options(parser)
    options = parser.parse_args()
    data = read(options.files)
    by_text = {asked.question: asked for asked in data.asked}
    wanted = [text for text in questions_of(options.files) if text in by_text]
    embedder = Embedder()
    reader = TrainedReader(embedder)

    def row(text: str, paraphrase: str, cosine: float) -> dict[str, object]:
        return {
            "text": text,
            "paraphrase": paraphrase,
            "cosine": round(cosine, 3),
            "found": finds(reader, data, by_text[text], paraphrase),
        }

    def rows(texts: Sequence[str], paraphrases: Sequence[str]) -> list[dict[str, object]]:
        sides = [embedder.embed(some, "query") for some in (texts, paraphrases)]
        near = (sides[0] * sides[1]).sum(axis=1)
        return [
            row(text, paraphrase, float(cosine))
            for text, paraphrase, cosine in zip(texts, paraphrases, near, strict=True)
        ]

    for texts, paraphrases in rewritten(options, wanted, _ORDER, _ASK, _EXAMPLES, _MOST_TOKENS):
        write_rows(options.out, rows(texts, paraphrases))


if __name__ == "__main__":
    main()
