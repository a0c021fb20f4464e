"""Translate training questions into English, to train the reader between languages.

    python eval/translate_questions.py TRAIN.json [TRAIN.json ...] \
        --address http://127.0.0.1:8080/v1 --out questions-en.jsonl

asks any server of OpenAI's protocol (llama.cpp's with an instruction-tuned model of 1.5 billion
parameters was used) for each question, held-out texts first and then the others in random order.
Each line written has `question`, `translation` and the `cosine` of the two by the embedding model.
`read_translations` leaves out those that cannot be believed: no question, Chinese left in it, or
another meaning. The same command goes on where it was stopped.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import openai
from openai.types.chat import ChatCompletionMessageParam
from rich.progress import track

from qa_bot.embedding import Embedder
from squad import contexts

__all__ = ["read_translations"]

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


def read_translations(path: Path) -> dict[str, str]:
    """Of questions translated so far the translations that can be believed."""
    return {
        row["question"]: row["translation"]
        for row in _rows(path)
        if row["cosine"] >= LEAST_COSINE and believable(row["translation"])
    }


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def order_of(files: list[Path]) -> list[str]:
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


def believable(translation: str) -> bool:
    """Whether it is one question, in English."""
    return (
        translation.endswith("?")
        and "\n" not in translation
        and not _CJK.search(translation)
        and 3 <= len(translation.split()) <= 50
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("files", nargs="+", type=Path, help="training files in SQuAD's shape")
    parser.add_argument("--address", required=True, help="of the server, with /v1")
    parser.add_argument("--model", default="default", help="its name there")
    parser.add_argument("--out", type=Path, default=Path("questions-en.jsonl"))
    parser.add_argument("--limit", type=int, help="questions in all")
    parser.add_argument("--at-once", type=int, default=8, help="as many as the server takes")
    options = parser.parse_args()
    done = {row["question"] for row in _rows(options.out)} if options.out.exists() else set()
    waiting = [q for q in order_of(options.files)[: options.limit] if q not in done]
    client = openai.OpenAI(base_url=options.address, api_key="none", timeout=120)
    embedder = Embedder()

    examples: list[ChatCompletionMessageParam] = [{"role": "system", "content": _ORDER}]
    for question, translation in _EXAMPLES:
        examples.append({"role": "user", "content": _ASK + question})
        examples.append({"role": "assistant", "content": translation})

    def translated(question: str) -> str:
        reply = client.chat.completions.create(
            model=options.model,
            messages=[*examples, {"role": "user", "content": _ASK + question}],
            temperature=0,
            max_tokens=60,
        )
        return (reply.choices[0].message.content or "").strip()

    group = 8 * options.at_once
    with (
        options.out.open("a", encoding="utf-8") as out,
        ThreadPoolExecutor(options.at_once) as pool,
    ):
        for begin in track(range(0, len(waiting), group), "Translating"):
            questions = waiting[begin : begin + group]
            translations = list(pool.map(translated, questions))
            sides = [embedder.embed(texts, "query") for texts in (questions, translations)]
            near = (sides[0] * sides[1]).sum(axis=1)
            for question, translation, cosine in zip(questions, translations, near, strict=True):
                row = {
                    "question": question,
                    "translation": translation,
                    "cosine": round(float(cosine), 3),
                }
                out.write(json.dumps(row, ensure_ascii=False) + "\n")
            out.flush()


if __name__ == "__main__":
    main()
