"""Judge sentences with figures by the passages they are said to rest on, and count the errors.

    python eval/claims.py FILE [--show] [--judge]

FILE has a pair a line: `claim`, `source`, `true` (whether the source says so), `change`. A sentence
is stopped where its figures are not those of the source; with `--judge` also where the whole judge
of support does not think that the source says so.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from qa_bot import Article, load_settings
from qa_bot.answer.reader import TrainedReader
from qa_bot.llm.support import Judge, facts_missing
from qa_bot.networks.embedding import Embedder
from qa_bot.records import Hit, Passage


def hit_of(source: str) -> Hit:
    """The passage `source` as one that was found, of an article that is nothing else."""
    article = Article("", source, id="source")
    return Hit(Passage(1, article.id, 0, len(source), source), article, 1.0)


def main(
    pairs: Path,
    show: Annotated[bool, typer.Option(help="Print the pairs that are judged wrongly.")] = False,
    judge: Annotated[bool, typer.Option(help="Ask the whole judge, with its networks.")] = False,
) -> None:
    """Print the share of false sentences passed and of true ones stopped."""
    rows = [json.loads(line) for line in pairs.read_text("utf-8").splitlines()]
    embedder = Embedder.of(load_settings())
    whole = Judge(embedder, TrainedReader(embedder))
    wrong: dict[bool, int] = {True: 0, False: 0}
    for row in rows:
        hit = hit_of(row["source"])
        missing = facts_missing(row["claim"], hit, networks=whole.nearness)
        passed = whole.judge(row["claim"], [hit])[0].supported if judge else not missing
        if passed == row["true"]:
            continue
        wrong[row["true"]] += 1
        if show:
            print(f"{row['id']} {row['true']} {row['change']} {missing}")
            print(f"  {row['source']}\n  {row['claim']}")
    for true, what in ((False, "false figures passed"), (True, "true ones stopped")):
        count = sum(row["true"] == true for row in rows)
        print(f"{what}: {wrong[true]} of {count} ({100 * wrong[true] / count:.1f} %)")


if __name__ == "__main__":
    typer.run(main)
