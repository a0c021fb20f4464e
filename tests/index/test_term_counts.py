"""Which terms of a question a large database is searched by."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from qa_bot.index.oceanbase import term_counts
from qa_bot.index.oceanbase.index import OceanBaseIndex
from qa_bot.index.opening import open_index
from qa_bot.records import Article


@pytest.fixture
def filled(database: str) -> Iterator[OceanBaseIndex]:
    index = open_index(database)
    assert isinstance(index, OceanBaseIndex)
    texts = ["大桥封闭", "大桥开放", "大街", "书展"]
    index.put([(Article("", text, id=text), [(0, len(text))]) for text in texts])
    yield index
    index.close()


def test_the_commonest_terms_are_left_out_where_they_are_too_many(
    filled: OceanBaseIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = ["大", "大桥", "封闭"]
    counts, state = filled._terms, filled.state()
    assert counts.rarest(asked, state) == ["封闭", "大桥", "大"]
    monkeypatch.setattr(term_counts, "_POSTINGS", 3)  # 1 + 2 places, not 3 more
    assert counts.rarest(asked, state) == ["封闭", "大桥"]
    assert len(filled.matching(asked, 9)) == 2
    monkeypatch.setattr(term_counts, "_POSTINGS", 0)
    assert counts.rarest(asked, state) == ["封闭"]  # one at least
    assert filled.weights(asked).keys() == set(asked)


def test_counts_of_a_large_index_are_kept_for_a_while(
    filled: OceanBaseIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(term_counts, "_MANY", 3)
    before = filled.weights(["书展"])
    filled.put([(Article("", "又一个书展", id="new"), [(0, 5)])])
    assert filled.weights(["书展"]) == before
    monkeypatch.setattr(term_counts, "_FRESH", 0.0)
    assert filled.weights(["书展"]) != before
