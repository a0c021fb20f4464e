"""Fit how alike the parts of one article are, and of two, from documents in several languages.

    python eval/training/train_cohesion.py ntrex/pairs.jsonl

takes lines that hold a sentence in several languages and their document ("doc"), cuts documents
into pieces of 60 to 400 characters, and fits a logistic model for each script, on pieces of one
document and of two. It prints the weights of `qa_bot.newspaper.cohesion`, and how many pieces of
the documents that were held out (one in four) they tell right.
"""

from __future__ import annotations

import argparse
import itertools
import json
import random
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from qa_bot.newspaper.cohesion import SCRIPTS, features

SEED = 3
LANGUAGES = {"han": ("zh", "zh_tw"), "kana": ("ja",), "other": ("en", "de", "fr", "es")}
SIZES = (60, 100, 200, 400)
WIDER = 3  # characters of an alphabet that say as much as one


def pieces(sentences: list[str], size: int, joint: str) -> list[str]:
    """Pieces of at least `size` characters; what is left over is dropped."""
    made, piece = [], ""
    for sentence in sentences:
        piece += sentence + joint
        if len(piece) >= size:
            made.append(piece)
            piece = ""
    return made


def pairs(
    documents: list[list[str]], joint: str, chance: random.Random
) -> list[tuple[str, str, bool]]:
    """Pieces with what stands before them in their document, and with what stands in another."""
    made = []
    for size in SIZES:
        cut = [pieces(document, size * (WIDER if joint else 1), joint) for document in documents]
        for some in cut:
            for at in range(1, len(some)):
                begin = chance.randrange(at)
                before = "".join(some[begin:at])
                made.append((before, some[at], True))
                other = cut[chance.randrange(len(cut))]
                if other is not some and other:
                    made.append((before, chance.choice(other), False))
    return made


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("pairs", type=Path)
    options = parser.parse_args()
    lines = [json.loads(line) for line in options.pairs.read_text("utf-8").splitlines()]
    documents = [list(group) for _, group in itertools.groupby(lines, key=lambda line: line["doc"])]
    chance = random.Random(SEED)
    for script in SCRIPTS:
        rows: dict[bool, list[tuple[tuple[float, ...], bool]]] = {False: [], True: []}
        for language in LANGUAGES[script]:
            for held_out in rows:
                some = [
                    [line[language] for line in document[1:]]  # the first is the headline
                    for number, document in enumerate(documents)
                    if (number % 4 == 0) == held_out
                ]
                joint = " " if script == "other" else ""
                rows[held_out] += [
                    (features(one, other), same) for one, other, same in pairs(some, joint, chance)
                ]
        x, y = (np.array(column) for column in zip(*rows[False], strict=True))
        model = LogisticRegression(C=1000, class_weight="balanced", max_iter=5000).fit(x, y)
        weights = [model.intercept_[0], *model.coef_[0]]
        x, y = (np.array(column) for column in zip(*rows[True], strict=True))
        right = model.predict(x) == y
        print(
            f'    "{script}": ({", ".join(f"{w:.2f}" for w in weights)}),  # {len(y)} held out:'
            f" of one document {right[y].mean():.3f}, of two {right[~y].mean():.3f} right"
        )


if __name__ == "__main__":
    main()
