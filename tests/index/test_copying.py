"""An index copied into another, whichever engines keep them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from qa_bot.errors import IndexMismatchError, QABotError
from qa_bot.index.copying import copy, digest_of
from qa_bot.index.filters import Filter
from qa_bot.index.opening import open_index
from qa_bot.index.protocol import Index
from qa_bot.index.records import Whole
from qa_bot.index.undo import take
from qa_bot.records import Article, Progress

COUNT = 150  # articles: several batches


@pytest.fixture
def filled(tmp_path: Path) -> Iterator[Index]:
    """An index in a folder, of articles with and without vectors."""
    index = open_index(tmp_path / "filled")
    index.adopt("one")
    chance = np.random.default_rng(5)
    wholes = []
    for number in range(COUNT):
        article = Article(
            f"标题{number}", f"第{number}条。Second.", source="Post", path=f"{number}"
        )
        rows = chance.normal(size=(2, 384)).astype(np.float32) * np.float32(10.0 ** -(number % 9))
        vectors = {(0, 4): rows[0], (5, 8): rows[1]} if number % 10 else {(0, 4): rows[0]}
        wholes.append(Whole(article, ((0, 4), (5, 8)), vectors))
    index.restore(wholes)
    index.correct([wholes[3].article.id], {"source": "Mail"}, "2026-01-02T03:04:05+00:00")
    index.judgements.append('{"a": "判断"}')
    index.refresh(wait=True)
    yield index
    index.close()


def same(one: Index, other: Index) -> bool:
    ours, theirs = (
        [digest_of(whole) for whole in index.wholes(index.keys(order="added"))]
        for index in (one, other)
    )
    return ours == theirs


def test_a_copy_is_the_same_and_there_and_back_again(
    filled: Index, index: Index, tmp_path: Path
) -> None:
    seen: list[Progress] = []
    report = copy(filled, index, seen.append)
    assert (report.articles, report.passages, report.vectors) == (COUNT, 2 * COUNT, 285)
    assert (report.copied, report.more) == (COUNT, 0)
    assert index.counts() == filled.counts() == (COUNT, 2 * COUNT, 15)
    assert same(filled, index)
    assert index.fact("model") == "one"
    (corrected,) = index.by_keys(index.keys(Filter(source="Mail")))
    assert index.history(corrected.article.id) == filled.history(corrected.article.id) != []
    assert list(map(str.strip, index.judgements.lines())) == ['{"a": "判断"}']
    assert [(p.stage, p.done) for p in seen if p.done == COUNT] == [
        ("copying", COUNT),
        ("comparing", COUNT),
    ]
    (query,) = np.random.default_rng(9).normal(size=(1, 384)).astype(np.float32)
    query /= np.linalg.norm(query)
    nearest = [
        [each.passages([hit.id])[hit.id].article.id for hit in each.nearest(query, 5)]
        for each in (filled, index)
    ]
    assert nearest[0] == nearest[1]
    back = open_index(tmp_path / "back")
    again = copy(index, back)
    assert again.digest == report.digest
    assert same(filled, back)
    back.close()


def test_a_copy_that_was_broken_off_goes_on(filled: Index, index: Index) -> None:
    def stop(progress: Progress) -> None:
        if progress.done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        copy(filled, index, stop)
    assert 0 < index.count() < COUNT
    report = copy(filled, index)
    assert 0 < report.copied < COUNT
    assert same(filled, index)
    assert copy(filled, index).copied == 0
    assert len(list(index.judgements.lines())) == 1


def test_what_differs_is_made_the_same_and_what_is_more_stays(filled: Index, index: Index) -> None:
    copy(filled, index)
    other = Article("elsewhere", "Another one.")
    index.put([(other, [(0, 12)])])
    some = [row.article for row in index.by_keys(index.keys(order="added")[:3])]
    index.put([(replace(some[0], url="https://x.example/"), [(0, 4), (5, 8)])])  # known better here
    index.remove(some[1].id)
    taken = take(index, some[2].id)  # and put back without its vectors
    index.put([(taken.article, list(taken.spans))])
    report = copy(filled, index)
    assert (report.copied, report.more) == (3, 1)
    assert index.article(other.id) == other
    assert index.counts().pending == 15 + 1


def test_vectors_that_were_made_since_stay(filled: Index, index: Index) -> None:
    copy(filled, index)
    ids = [p.id for p, _ in index.claim(99)]
    assert len(ids) == 15
    index.put_vectors(ids, np.ones((15, 384), np.float32))
    assert copy(filled, index).copied == 0
    assert index.pending() == 0


def test_what_cannot_be_copied_is_told(filled: Index, index: Index) -> None:
    with pytest.raises(QABotError, match="same index"):
        copy(filled, filled)
    index.adopt("two")
    index.put([(Article("a", "Some text."), [(0, 10)])])
    with pytest.raises(IndexMismatchError, match="copy to an empty index"):
        copy(filled, index)
    assert index.count() == 1
