"""An index copied into another, whichever engines keep them, without embedding anything anew."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Callable, Sequence

from qa_bot.errors import IndexMismatchError, QABotError
from qa_bot.index.filters import Filter
from qa_bot.index.protocol import Index
from qa_bot.index.records import Whole
from qa_bot.records import Article, Change, CopyReport, Progress, Stage

__all__ = ["copy", "digest_of"]

OnProgress = Callable[[Progress], None]
_BATCH = 64  # articles at a time
_FACTS = ("model", "vectors_by")  # of what made the vectors


def copy(source: Index, target: Index, progress: OnProgress | None = None) -> CopyReport:
    """Make `target` hold all that `source` does; then compare what both hold.

    What is there already and the same is left, so that a copy which was broken off goes on. What
    only `target` holds stays.

    :raises IndexMismatchError: if the target's vectors are of another model.
    :raises QABotError: if both are one, or they differ in the end, for one was changed meanwhile.
    """
    if source.uuid == target.uuid:
        raise QABotError(f"{source.name} and {target.name} are the same index: name another one.")
    _adopt(source, target)
    copied = 0
    keys = source.all_keys()
    for at in range(0, len(keys), _BATCH):
        _tell(progress, "copying", at, len(keys))
        here = source.wholes(keys[at : at + _BATCH])
        there = {whole.article.id: whole for whole in _same_ids(target, here)}
        others = [w for w in here if _differs(w, there.get(w.article.id))]
        for whole in others:
            if whole.article.id in there:
                target.remove(whole.article.id)
        target.restore([w._replace(key=0) for w in others])
        copied += len(others)
    _tell(progress, "copying", len(keys), len(keys))
    _copy_judgements(source, target)
    target.refresh(wait=True)
    target.settle()
    return _compared(source, target, copied, progress)


def _adopt(source: Index, target: Index) -> None:
    for name in _FACTS:
        wanted = source.fact(name)
        if not wanted:
            continue
        made_with = target.adopt(wanted) if name == "model" else target.set_fact_once(name, wanted)
        if made_with != wanted:
            raise IndexMismatchError(
                f"The vectors in {target.name} are of {made_with}, those in {source.name} of "
                f"{wanted}: copy to an empty index."
            )


def _same_ids(index: Index, wholes: Sequence[Whole]) -> list[Whole]:
    """What an index holds under the ids of these."""
    return index.wholes(index.keys(Filter.of(article_ids=[w.article.id for w in wholes])))


def _compared(source: Index, target: Index, copied: int, progress: OnProgress | None) -> CopyReport:
    articles = passages = vectors = 0
    total = hashlib.sha256()
    keys = source.all_keys()
    for at in range(0, len(keys), _BATCH):
        _tell(progress, "comparing", at, len(keys))
        here = source.wholes(keys[at : at + _BATCH])
        there = {whole.article.id: whole for whole in _same_ids(target, here)}
        for whole in here:
            if _differs(whole, there.get(whole.article.id)):
                raise QABotError(
                    f"The article {whole.article.id} is not the same in {source.name} and in "
                    f"{target.name}: was one changed meanwhile? The same command goes on."
                )
            total.update(digest_of(whole))
            articles += 1
            passages += len(whole.spans)
            vectors += len(whole.vectors)
    _tell(progress, "comparing", len(keys), len(keys))
    more = target.count() - articles
    return CopyReport(articles, passages, vectors, copied, more, total.hexdigest())


def _differs(whole: Whole, other: Whole | None) -> bool:
    """Whether the copy lacks anything; it may have vectors that were made since."""
    if other is None:
        return True
    vectors = {span: other.vectors[span] for span in whole.vectors if span in other.vectors}
    return digest_of(whole) != digest_of(other._replace(vectors=vectors))


def digest_of(whole: Whole) -> bytes:
    """SHA-256 of all of an article; of its vectors as exact as engines give them."""
    total = hashlib.sha256()
    parts: list[Article | Change] = [whole.article, *whole.changes]
    for part in parts:
        total.update(repr(dataclasses.astuple(part)).encode("utf-8", "surrogatepass"))
    for span in whole.spans:
        total.update(repr(tuple(map(int, span))).encode())
        if (vector := whole.vectors.get(span)) is not None:
            total.update(",".join(f"{x:.6g}" for x in vector.tolist()).encode())
    return total.digest()


def _copy_judgements(source: Index, target: Index) -> None:
    """Append the lines that are missing, where those that are there are the first of them."""
    lines = [line.rstrip("\n") for line in source.judgements.lines()]
    have = [line.rstrip("\n") for line in target.judgements.lines()]
    if lines[: len(have)] == have:
        for line in lines[len(have) :]:
            target.judgements.append(line)


def _tell(progress: OnProgress | None, stage: Stage, done: int, total: int) -> None:
    if progress is not None:
        progress(Progress(stage, done, total))
