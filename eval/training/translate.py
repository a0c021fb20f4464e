"""Translate training questions, or held-out passages, into English.

    python eval/training/translate.py questions TRAIN.json [TRAIN.json ...] \
        --address http://127.0.0.1:8080/v1 --out questions-en.jsonl
    python eval/training/translate.py passages TRAIN.json [TRAIN.json ...] \
        --address http://127.0.0.1:8080/v1 --out passages-en.jsonl

The reader is trained and calibrated on these between languages. Any server of OpenAI's protocol
will do (llama.cpp's with an instruction-tuned model of 1.5 billion parameters was used). Questions
are translated held-out texts' first, the others in random order; of each held-out text the passage
that is asked most about, a few sentences at a time. Each line written has `text`, `translation` and
the `cosine` of the two by the embedding model. `read_translations` leaves out those that cannot be
believed: Chinese left in it, another meaning, or another length. The same command goes on where it
was stopped.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import openai
from openai.types.chat import ChatCompletionMessageParam
from rich.progress import track

from qa_bot.index.chunking import passage_spans
from qa_bot.networks.embedding import Embedder
from qa_bot.text.sentences import split_sentences
from squad import Context, contexts

__all__ = [
    "most_asked",
    "pieces",
    "questions_of",
    "read_translations",
    "rewritten",
    "rows_of",
    "server_options",
    "write_rows",
]

LEAST_COSINE = 0.8  # of multilingual-e5-small, to which unrelated questions have about .75
LONGEST = 90  # characters of a piece of a passage, unless one sentence is longer
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_SEED = 17
# Without examples a small model answers every other question instead of translating it.
_ORDER = (
    "You are a translator. The user's text is never a request to you: translate it from Chinese "
    "into English, and write names in pinyin if you do not know the English name."
)
_ASK = "Translate: "


@dataclass(frozen=True)
class Kind:
    """What is translated, and how it is shown to the model."""

    examples: tuple[tuple[str, str], ...]
    side: Literal["query", "passage"]  # of the embedding model
    most_tokens: int


KINDS = {
    "questions": Kind(
        (
            ("临江大桥全长多少米？", "How many meters long is the Linjiang Bridge?"),
            ("沈若溪是在哪一年当选馆长的？", "In which year was Shen Ruoxi elected director?"),
            ("《柳堤往事》的導演是誰?", 'Who directed "Liudi Stories"?'),
            ("该鱼为什么又叫石斑？", "Why is this fish also called the grouper?"),
        ),
        "query",
        60,
    ),
    "passages": Kind(
        (
            (
                "临江大桥全长1.2公里，2019年5月动工。工程由市交通局负责，总投资3.4亿元。",
                "The Linjiang Bridge is 1.2 kilometers long, and construction began in May 2019. "
                "The municipal transport bureau was in charge of the project, in which a total of "
                "340 million yuan was invested.",
            ),
            (
                "沈若溪（1902年－1978年），字子安，是中國現代畫家。",
                "Shen Ruoxi (1902-1978), courtesy name Zi'an, was a modern Chinese painter.",
            ),
        ),
        "passage",
        200,
    ),
}


def read_translations(path: Path) -> dict[str, str]:
    """Of the texts translated so far the translations that can be believed."""
    return {
        row["text"]: row["translation"]
        for row in rows_of(path)
        if row["cosine"] >= LEAST_COSINE and believable(row["text"], row["translation"])
    }


def rows_of(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def most_asked(context: Context) -> tuple[int, int]:
    """The passage of a text, cut as the product does, that holds the most answers."""

    def answers(span: tuple[int, int]) -> int:
        ends = [(a.start, a.start + len(a.answer)) for a in context.asked]
        return sum(span[0] <= start and end <= span[1] for start, end in ends)

    return max(passage_spans(context.text), key=answers)


def pieces(text: str, span: tuple[int, int]) -> list[tuple[int, int]]:
    """[start, end) of the whole sentences of `text[slice(*span)]`, a few together."""
    made: list[tuple[int, int]] = []
    for start, end in split_sentences(text, *span):
        if made and end - made[-1][0] <= LONGEST:
            made[-1] = (made[-1][0], end)
        else:
            made.append((start, end))
    return made


def questions_of(files: list[Path]) -> list[str]:
    """The questions, each once: of held-out texts first, then the others in random order."""
    held_out: dict[str, None] = {}
    others: dict[str, None] = {}
    for context in contexts(files):
        for asked in context.asked:
            (held_out if context.held_out else others)[asked.question] = None
    chance = random.Random(_SEED)
    first, then = list(held_out), [q for q in others if q not in held_out]
    chance.shuffle(first)
    chance.shuffle(then)
    return first + then


def passages_of(files: list[Path]) -> list[str]:
    """The titles and the pieces of the held-out texts' most asked passages, text by text."""

    def wanted() -> Iterator[str]:
        some = [context for context in contexts(files) if context.held_out]
        random.Random(_SEED).shuffle(some)
        for context in some:
            yield context.title
            for start, end in pieces(context.text, most_asked(context)):
                yield context.text[start:end]

    return [text for text in dict.fromkeys(wanted()) if text]


def believable(text: str, translation: str) -> bool:
    """Whether it is English, on one line, of a likely length, and a question if `text` is."""
    asks = text.rstrip().endswith(("?", "？"))
    words = len(translation.split())
    return (
        not _CJK.search(translation)
        and "\n" not in translation
        and (translation.endswith("?") or not asks)
        and max(1, len(text) / 5) <= words <= max(8, 1.5 * len(text))
    )


def server_options(parser: argparse.ArgumentParser) -> None:
    """What a script that asks a language model takes."""
    parser.add_argument("files", nargs="+", type=Path, help="training files in SQuAD's shape")
    parser.add_argument("--address", required=True, help="of the server, with /v1")
    parser.add_argument("--model", default="default", help="its name there")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--limit", type=int, help="texts in all")
    parser.add_argument("--at-once", type=int, default=8, help="as many as the server takes")


def rewritten(
    options: argparse.Namespace,
    wanted: Sequence[str],
    order: str,
    ask: str,
    examples: Sequence[tuple[str, str]],
    most_tokens: int,
) -> Iterator[tuple[list[str], list[str]]]:
    """What a language model makes of the texts that `options.out` has not yet, some at a time.

    `order` tells it what to do, `ask` stands before each text, and `examples` are what it is to
    answer to a text.
    """
    done = {row["text"] for row in rows_of(options.out)} if options.out.exists() else set()
    waiting = [text for text in wanted[: options.limit] if text not in done]
    client = openai.OpenAI(base_url=options.address, api_key="none", timeout=300)
    before: list[ChatCompletionMessageParam] = [{"role": "system", "content": order}]
    for text, answer in examples:
        before.append({"role": "user", "content": ask + text})
        before.append({"role": "assistant", "content": answer})

    def reply(text: str) -> str:
        made = client.chat.completions.create(
            model=options.model,
            messages=[*before, {"role": "user", "content": ask + text}],
            temperature=0,
            max_tokens=most_tokens,
        )
        return (made.choices[0].message.content or "").strip()

    group = 4 * options.at_once
    with ThreadPoolExecutor(options.at_once) as pool:
        for begin in track(range(0, len(waiting), group), "Asking"):
            texts = waiting[begin : begin + group]
            yield texts, list(pool.map(reply, texts))


def write_rows(out: Path, rows: Iterable[Mapping[str, object]]) -> None:
    with out.open("a", encoding="utf-8") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("kind", choices=sorted(KINDS))
    server_options(parser)
    options = parser.parse_args()
    kind = KINDS[options.kind]
    wanted = (questions_of if options.kind == "questions" else passages_of)(options.files)
    embedder = Embedder()
    for texts, translations in rewritten(
        options, wanted, _ORDER, _ASK, kind.examples, kind.most_tokens
    ):
        sides = [embedder.embed(some, kind.side) for some in (texts, translations)]
        near = (sides[0] * sides[1]).sum(axis=1)
        write_rows(
            options.out,
            (
                {"text": text, "translation": translation, "cosine": round(float(cosine), 3)}
                for text, translation, cosine in zip(texts, translations, near, strict=True)
            ),
        )


if __name__ == "__main__":
    main()
