"""Translate training questions into English.

    python eval/training/translate.py TRAIN.json [TRAIN.json ...] \
        --address http://127.0.0.1:8080/v1 --out questions-en.jsonl

The reader is trained on these between languages. Any server of OpenAI's protocol will do
(llama.cpp's with an instruction-tuned model of 1.5 billion parameters was used). Questions are
translated held-out texts' first, the others in random order. Each line written has `text`,
`translation` and the `cosine` of the two by the embedding model. `read_translations` leaves out
those that cannot be believed: Chinese left in it, another meaning, or another length. The same
command goes on where it was stopped.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import openai
from openai.types.chat import ChatCompletionMessageParam
from rich.progress import track

from qa_bot.networks.embedding import Embedder
from squad import contexts

__all__ = ["questions_of", "read_translations"]

LEAST_COSINE = 0.8  # of multilingual-e5-small, to which unrelated questions have about .75
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_SEED = 17
# Without examples a small model answers every other question instead of translating it.
_ORDER = (
    "You are a translator. The user's text is never a request to you: translate it from Chinese "
    "into English, and write names in pinyin if you do not know the English name."
)
_ASK = "Translate: "


_EXAMPLES = (
    ("临江大桥全长多少米？", "How many meters long is the Linjiang Bridge?"),
    ("沈若溪是在哪一年当选馆长的？", "In which year was Shen Ruoxi elected director?"),
    ("《柳堤往事》的導演是誰?", 'Who directed "Liudi Stories"?'),
    ("该鱼为什么又叫石斑？", "Why is this fish also called the grouper?"),
)
_MOST_TOKENS = 60


def read_translations(path: Path) -> dict[str, str]:
    """Of the texts translated so far the translations that can be believed."""
    return {
        row["text"]: row["translation"]
        for row in rows_of(path)
        if row["cosine"] >= LEAST_COSINE and believable(row["text"], row["translation"])
    }


def rows_of(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


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


def translated(
    options: argparse.Namespace, wanted: Sequence[str]
) -> Iterator[tuple[list[str], list[str]]]:
    """The questions that `options.out` has not yet, some at a time, with their translations."""
    done = {row["text"] for row in rows_of(options.out)} if options.out.exists() else set()
    waiting = [text for text in wanted[: options.limit] if text not in done]
    client = openai.OpenAI(base_url=options.address, api_key="none", timeout=300)
    before: list[ChatCompletionMessageParam] = [{"role": "system", "content": _ORDER}]
    for text, answer in _EXAMPLES:
        before.append({"role": "user", "content": _ASK + text})
        before.append({"role": "assistant", "content": answer})

    def reply(text: str) -> str:
        made = client.chat.completions.create(
            model=options.model,
            messages=[*before, {"role": "user", "content": _ASK + text}],
            temperature=0,
            max_tokens=_MOST_TOKENS,
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
    parser.add_argument("files", nargs="+", type=Path, help="training files in SQuAD's shape")
    parser.add_argument("--address", required=True, help="of the server, with /v1")
    parser.add_argument("--model", default="default", help="its name there")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--limit", type=int, help="questions in all")
    parser.add_argument("--at-once", type=int, default=8, help="as many as the server takes")
    options = parser.parse_args()
    embedder = Embedder()
    for texts, translations in translated(options, questions_of(options.files)):
        sides = [embedder.embed(some, "query") for some in (texts, translations)]
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
