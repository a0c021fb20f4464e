"""Make a training file in SQuAD's shape of parallel sentences: one in any language, one passage.

    python eval/training/parallel.py ntrex/pairs.jsonl --out ntrex.json --questions 3000

takes lines that hold a sentence in several languages and their document ("doc"). Consecutive lines
of a document make a passage in one language; the "question" is one of them in another, and its
"answer" the same sentence in the passage. It asks nothing, but teaches what a reader needs first
between languages: which sentence speaks of the same.
"""

from __future__ import annotations

import argparse
import itertools
import json
import random
from pathlib import Path
from typing import Any

SEED = 5
PASSAGE_CHARS = {"zh": 300, "ja": 300, "en": 700}  # languages of passages


def passages(lines: list[dict[str, str]], language: str) -> list[list[dict[str, str]]]:
    """Consecutive lines whose sentences in `language` fill a passage."""
    made: list[list[dict[str, str]]] = [[]]
    for line in lines:
        made[-1].append(line)
        if sum(len(one[language]) for one in made[-1]) >= PASSAGE_CHARS[language] * 2 // 3:
            made.append([])
    return [some for some in made if len(some) > 1]


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("pairs", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--questions", type=int, default=3000)
    parser.add_argument("--asked", nargs="+", default=[], help="languages asked in; default: all")
    options = parser.parse_args()
    lines = [json.loads(line) for line in options.pairs.read_text("utf-8").splitlines()]
    chance = random.Random(SEED)
    entries: list[dict[str, Any]] = []
    for document, group in itertools.groupby(lines, key=lambda line: line["doc"]):
        of_it = list(group)
        for language in PASSAGE_CHARS:
            for number, some in enumerate(passages(of_it, language)):
                joint = " " if language == "en" else ""
                context = joint.join(line[language] for line in some)
                questions = []
                for at, line in enumerate(some):
                    others = [k for k in line if len(k) <= 5 and k not in ("doc", "id", language)]
                    others = [k for k in others if not (language == "zh" and k == "zh_tw")]
                    others = [k for k in others if k in (options.asked or others)]
                    start = sum(len(one[language]) + len(joint) for one in some[:at])
                    questions.append(
                        {
                            "question": line[chance.choice(others)],
                            "answers": [{"text": line[language], "answer_start": start}],
                            "group": f"{document}",
                            "id": f"{document}-{language}-{number}-{at}",
                        }
                    )
                entries.append(
                    {"title": "", "paragraphs": [{"context": context, "qas": questions}]}
                )
    asked = sum(len(e["paragraphs"][0]["qas"]) for e in entries)
    for entry in entries:  # as many as were wanted, evenly
        for paragraph in entry["paragraphs"]:
            kept = [q for q in paragraph["qas"] if chance.random() < options.questions / asked]
            paragraph["qas"] = kept
    options.out.write_text(
        json.dumps({"data": [e for e in entries if e["paragraphs"][0]["qas"]]}, ensure_ascii=False),
        "utf-8",
    )


if __name__ == "__main__":
    main()
