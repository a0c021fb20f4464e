"""What every index finds, by vectors and by full text, whichever engine keeps it."""

from __future__ import annotations

import numpy as np
import pytest

from qa_bot.index.filters import Filter
from qa_bot.index.mentions import look_up
from qa_bot.index.protocol import Index
from qa_bot.records import Article
from tests.index.conftest import OpenIndex
from tests.index.engines import BRIDGE, DIMENSION, FERRY, SPANS, embed, found, put, unit


def test_what_is_nearest_is_what_a_full_scan_finds(index: Index) -> None:
    put(index, *(Article("", f"text {i}", id=str(i)) for i in range(40)))
    rows = unit(40)
    ids = np.array(embed(index, rows))
    assert index.pending() == 0
    assert index.dimension == DIMENSION
    (query,) = unit(1, seed=5)
    cosines = rows @ query
    order = np.argsort(-cosines)
    hits = index.nearest(query, 5)
    assert [hit.id for hit in hits] == ids[order[:5]].tolist()
    assert [hit.score for hit in hits] == pytest.approx(cosines[order[:5]].tolist(), abs=1e-5)
    given = index.cosines(query, ids[:3].tolist())
    assert given == pytest.approx(dict(zip(ids[:3].tolist(), cosines[:3].tolist(), strict=True)))
    some = Filter.of(article_ids=[str(i) for i in order[3:8]])
    assert [hit.id for hit in index.nearest(query, 9, some)] == ids[order[3:8]].tolist()
    assert len(index.nearest(query, 10**19)) == 40


def test_nothing_to_search_finds_nothing(index: Index) -> None:
    (query,) = unit(1)
    for _ in range(2):
        index.refresh(wait=True)
        assert index.nearest(query, 3) == []
        assert index.cosines(query, [1, 2]) == {}
        assert index.matching(["大桥"], 3) == []
        assert index.matching([], 3) == []
        assert index.holding(["大桥"]).tolist() == []
        assert index.dimension == 0
        assert index.claim(3) == []
        index.settle()
        put(index, BRIDGE)
        index.remove(BRIDGE.id)


def test_a_vector_of_what_was_removed_meanwhile_is_left_out(index: Index) -> None:
    index.put([(BRIDGE, SPANS), (FERRY, [(0, 16)])])
    ids = [p.id for p, _ in index.claim(9)]
    index.remove(BRIDGE.id)
    index.put_vectors(ids, unit(3))
    index.refresh(wait=True)
    assert index.counts() == (1, 1, 0)
    assert len(index.nearest(unit(1)[0], 9)) == 1


def test_the_same_vector_twice_is_kept_once(index: Index) -> None:
    put(index, FERRY)
    ids = embed(index, unit(1))
    index.put_vectors(ids, unit(1))  # as two processes may that embed the same
    index.refresh(wait=True)
    (hit,) = index.nearest(unit(1)[0], 9)
    assert hit.id == ids[0]
    assert hit.score == pytest.approx(1)


TEXTS = ["图书馆新馆开放", "柳堤大桥封闭检修", "The ferry returns to Linjiang", "國際書展開幕"]


@pytest.fixture
def texts(index: Index) -> Index:
    put(index, *(Article(f"标题{i}", text, id=str(i)) for i, text in enumerate(TEXTS)))
    return index


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("大桥为什么封闭？", 1),
        ("ferry", 2),
        ("the", 2),
        ("国际书展", 3),
        ("圖書館", 0),
        ("标题2", 2),
        ("2", 2),
    ],
)
def test_full_text_finds(texts: Index, question: str, first: int) -> None:
    assert found(texts, question)[0] == f"标题{first}"


def test_full_text_knows_what_came_and_went(open_again: OpenIndex) -> None:
    index, other = open_again(), open_again()
    put(index, *(Article(f"标题{i}", text, id=str(i)) for i, text in enumerate(TEXTS)))
    for current in (index, other):
        current.refresh(wait=True)
        assert found(current, "大桥") == ["标题1"]
    index.remove("1")
    put(index, Article("新桥", "望江大桥通车", id="9"))
    for current in (index, other, open_again()):
        current.refresh(wait=True)
        assert found(current, "大桥") == ["新桥"]


def test_what_holds_every_term(texts: Index) -> None:
    put(texts, Article("mill", "水磨坊和水车。"), Article("Art in the mill", "Art, not a cart."))

    def holding(term: str) -> list[str]:
        ids = texts.holding(look_up(term)).tolist()
        assert ids == sorted(ids)
        return [article.title for _, article in texts.passages(ids).values()]

    assert holding("水磨坊") == ["mill"]
    assert holding("mill") == ["mill", "Art in the mill"]
    assert holding("art") == ["Art in the mill"]
    assert holding("in the") == ["Art in the mill"]
    assert holding("石桥") == []


def test_a_rare_term_weighs_more(texts: Index) -> None:
    weights = texts.weights(["标题", "大桥", "无处"])
    assert weights["标题"] < weights["大桥"] < weights["无处"]
    n, df = 4, 1
    assert weights["大桥"] == pytest.approx(np.log(1 + (n - df + 0.5) / (df + 0.5)))
    assert texts.weights([]) == {}
