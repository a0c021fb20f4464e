"""Train what tells the kind of answer a question asks for.

    python eval/training/train_question_kinds.py [EXAMPLES.jsonl] [--out kinds.safetensors]

An example has `text`, `kind`, `lang`; `asks` where the kind is fact; `follow` where it needs the
question before it. Prints accuracies by five-fold cross-validation, then trains on all.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save_file
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict

from qa_bot.networks.embedding import Embedder
from qa_bot.question.kinds import BUCKETS, WEIGHTS, token_runs
from qa_bot.question.topic import word_spans
from qa_bot.text.chinese import align

EXAMPLES = Path(__file__).with_name("question_kinds.jsonl")
SCALE = 2.0  # of both halves of the features, against the penalty
# kinds that are asked for in like words
ALIKE = (
    (
        *("count_articles", "articles", "author_articles", "holdings", "article_author"),
        *("article_date", "article_source", "article_title", "article_length"),
    ),
    ("summary", "timeline", "comparison"),
    ("said", "who_is", "what_is"),
)
RECURS = 3  # examples of a kind
RECURS_ALIKE = 7  # of kinds that are alike
TELLS = 3.0
PENALTY = {"kinds": 20.0, "asks": 20.0, "follow": 5.0}  # scikit-learn's C


def features(texts: list[str], vectors: NDArray[np.float32]) -> csr_matrix:
    """Centred vectors and token runs side by side, (n, d + BUCKETS)."""
    rows = [token_runs(text) for text in texts]
    ends = np.cumsum([0, *map(len, rows)])
    shares = np.concatenate([np.full(len(row), 1 / np.sqrt(len(row))) for row in rows])
    runs = csr_matrix((shares, np.concatenate(rows), ends), shape=(len(rows), BUCKETS))
    return hstack([csr_matrix(SCALE * vectors), SCALE * runs]).tocsr()


def frames(rows: list[dict[str, str]]) -> dict[str, list[str]]:
    """The words of each kind's questions that recur whatever they are about; "": of all kinds.

    A word is of a kind's frame if it stands in at least `RECURS` of its examples, or of those of
    kinds like it (`ALIKE`), and `TELLS` times as often, in relation, as in bare topics and facts;
    and of every frame, if it recurs in most kinds.
    """
    holds: dict[str, Counter[str]] = defaultdict(Counter)
    sizes = Counter(row["kind"] for row in rows)
    for row in rows:
        text, language = row["text"], row["lang"].split("-")[0]
        found = {align(text[a:b]).casefold() for a, b in word_spans(text, language)}
        holds[row["kind"]].update(found)
    neutral = holds["topic"] + holds["fact"]
    size = sizes["topic"] + sizes["fact"]
    kinds = [kind for kind in holds if kind != "topic"]
    spread = Counter(word for kind in kinds for word, n in holds[kind].items() if n >= RECURS)
    small = [word for word, n in spread.items() if 2 * n >= len(kinds)]
    told = {"": sorted(small)}
    for group in (*ALIKE, *([kind] for kind in kinds)):
        together = sum((holds[kind] for kind in group), Counter[str]())
        total = sum(sizes[kind] for kind in group)
        least = RECURS if len(group) == 1 else RECURS_ALIKE
        recurring = {
            word
            for word, n in together.items()
            if n >= least and n / total >= TELLS * (neutral[word] + 1) / size
        }
        for kind in group:
            told[kind] = sorted(recurring.union(told.get(kind, ())))
    return told


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("examples", nargs="?", type=Path, default=EXAMPLES)
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    options = parser.parse_args()
    rows = [json.loads(line) for line in options.examples.read_text("utf-8").splitlines()]
    vectors = Embedder().embed([row["text"] for row in rows], "query")
    mean = vectors.mean(0)
    x = features([row["text"] for row in rows], vectors - mean)
    targets = {
        "kinds": (range(len(rows)), [row["kind"] for row in rows]),
        "asks": (
            [i for i, row in enumerate(rows) if row.get("asks")],
            [row["asks"] for row in rows if row.get("asks")],
        ),
        "follow": (range(len(rows)), [str(bool(row.get("follow"))) for row in rows]),
    }
    arrays: dict[str, NDArray[np.float32]] = {}
    labels, report = {}, {}
    d = vectors.shape[1]
    for name, (chosen, wanted) in targets.items():
        some, y = x[list(chosen)], np.array(wanted)
        model = LogisticRegression(C=PENALTY[name], max_iter=1000)
        folds = StratifiedKFold(5, shuffle=True, random_state=0)
        told = cross_val_predict(model, some, y, cv=folds, n_jobs=2)
        report[name] = round(float((told == y).mean()), 3)
        wrong = Counter((a, b) for a, b in zip(y.tolist(), told.tolist(), strict=True) if a != b)
        print(name, report[name], wrong.most_common(8), flush=True)
        model.fit(some, y)
        weights = (SCALE * model.coef_).astype(np.float32)
        arrays[f"{name}.vector"] = weights[:, :d]
        arrays[f"{name}.runs"] = weights[:, d:]
        arrays[f"{name}.bias"] = (model.intercept_ - weights[:, :d] @ mean).astype(np.float32)
        labels[name] = model.classes_.tolist()
    halves = {
        name: np.ascontiguousarray(array.astype(np.float16)) for name, array in arrays.items()
    }
    metadata = {
        "labels": json.dumps(labels),
        "frames": json.dumps(frames(rows), ensure_ascii=False),
        "cross-validated accuracy": json.dumps(report),
    }
    save_file(halves, options.out, metadata)
    print(f"{options.out}: {options.out.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
