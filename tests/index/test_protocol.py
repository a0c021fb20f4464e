"""What every index does, whichever engine keeps it (`qa_bot.index.protocol`)."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from qa_bot.errors import ArticleNotFoundError, QABotError
from qa_bot.index.filters import Filter
from qa_bot.index.mentions import look_up
from qa_bot.index.protocol import Index
from qa_bot.index.records import Whole
from qa_bot.index.undo import put_back, take
from qa_bot.records import Article, Order
from qa_bot.text.terms import content_terms
from tests.index.conftest import OpenIndex

BRIDGE = Article(
    "大桥封闭", "大桥今天封闭。明天也封闭。", published="2024-04-08", source="日报", byline="何知微"
)
FERRY = Article("Ferry", "The ferry sails.", published="2023-05", source="Post")
PICNIC = Article("野餐", "四月六日去野餐。", published="--04-06")
APPLES = Article("apples", "Apples are red.", published="2022", source="Post")
UNTITLED = Article("", "无题的一篇。", published="2024-04-09", source="日报")
SPANS = [(0, 7), (7, 13)]
DIMENSION = 16


def put(index: Index, *articles: Article) -> list[str]:
    """Put articles in, each of one passage; what became of them."""
    outcomes = index.put([(article, [(0, len(article.text))]) for article in articles])
    index.refresh(wait=True)
    return [outcome.status for outcome in outcomes]


def unit(n: int, seed: int = 3) -> NDArray[np.float32]:
    rows = np.random.default_rng(seed).normal(size=(n, DIMENSION)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return rows


def embed(index: Index, rows: NDArray[np.float32]) -> list[int]:
    """Give the first passages that have no vector these; their ids."""
    ids = [passage.id for passage, _ in index.claim(len(rows))]
    index.put_vectors(ids, rows)
    index.refresh(wait=True)
    return ids


def titles(index: Index, order: Order = "-added", **where: Any) -> list[str]:
    return [a.title for _, a in index.by_keys(index.keys(Filter(**where), order))]


def found(index: Index, question: str, where: Filter | None = None) -> list[str]:
    """The titles of what full text finds, best first."""
    hits = index.matching(content_terms(question), 10, where)
    passages = index.passages([hit.id for hit in hits])
    return [passages[hit.id].article.title for hit in hits]


# -- putting in and removing -------------------------------------------------------------------


def test_passages_know_their_place(index: Index) -> None:
    index.put([(BRIDGE, SPANS)])
    claimed = index.claim(10)
    assert [p.text for p, _ in claimed] == ["大桥今天封闭。", "明天也封闭。"]
    assert all(a.text[p.start : p.end] == p.text and a == BRIDGE for p, a in claimed)
    ids = [p.id for p, _ in claimed]
    assert list(index.passages([*ids, ids[-1] + 99]).values()) == claimed
    assert len(index.keys_of_passages(ids)) == 1


def test_the_same_content_twice_is_one_article(index: Index) -> None:
    assert put(index, BRIDGE) == ["added"]
    before = index.state()
    assert put(index, BRIDGE) == ["skipped"]
    assert index.state() == before
    assert put(index, replace(BRIDGE, path="elsewhere.txt")) == ["replaced"]  # now has a path
    assert put(index, replace(BRIDGE, path="third.txt")) == ["skipped"]
    assert index.counts() == (1, 1, 1)
    assert index.article(BRIDGE.id).path == "elsewhere.txt"
    assert index.state() != before
    assert index.had_state(before)


def test_the_same_article_twice_in_a_batch_is_one(index: Index) -> None:
    assert put(index, BRIDGE, FERRY, BRIDGE) == ["added", "added", "skipped"]
    assert index.count() == 2


def test_a_state_it_never_had_is_told(index: Index) -> None:
    put(index, BRIDGE)
    state = index.state()
    for other in ("", "1", "nonsense", f"{state}x", f"9{state}"):
        assert not index.had_state(other)


def test_other_content_under_the_same_id_replaces(index: Index) -> None:
    first = replace(BRIDGE, id="b-1")
    index.put([(first, SPANS)])
    old = embed(index, unit(2))
    assert put(index, replace(first, text="大桥重新开放。")) == ["replaced"]
    assert index.counts() == (1, 1, 1)
    assert index.passages(old) == {}
    assert not {p.id for p, _ in index.claim(9)} & set(old)
    assert index.nearest(unit(2)[0], 5) == []
    assert found(index, "明天") == []


def test_better_metadata_replaces_without_new_passages(index: Index) -> None:
    put(index, PICNIC)
    (before,) = index.claim(9)
    assert put(index, replace(PICNIC, published="2024-04-06", source="晚报")) == ["replaced"]
    (after,) = index.passages([before.passage.id]).values()
    assert after.passage == before.passage
    assert index.article(PICNIC.id).published == "2024-04-06"
    assert found(index, "野餐", Filter(source="晚报", since="2024-04-06")) == ["野餐"]
    assert put(index, PICNIC) == ["skipped"]  # knows less, changes nothing
    assert index.article(PICNIC.id).source == "晚报"


def test_better_metadata_reach_passages_with_vectors(index: Index) -> None:
    put(index, PICNIC)
    (row,) = unit(1)
    embed(index, row[None, :])
    assert index.nearest(row, 3, Filter(source="晚报")) == []
    put(index, replace(PICNIC, published="2024-04-06", source="晚报"))
    index.refresh(wait=True)
    assert len(index.nearest(row, 3, Filter(source="晚报", until="2024-04-06"))) == 1


def test_a_given_id_takes_the_place_of_a_hash(index: Index) -> None:
    put(index, BRIDGE)
    assert put(index, replace(BRIDGE, id="b-1")) == ["replaced"]
    assert [a.id for _, a in index.by_keys(index.keys())] == ["b-1"]
    assert put(index, BRIDGE) == ["skipped"]  # the same content without an id


def test_one_text_in_two_papers_or_on_two_days_is_several_printings(index: Index) -> None:
    other_paper = replace(BRIDGE, source="晚报")
    other_day = replace(BRIDGE, published="2024-04-09")
    for article in (BRIDGE, other_paper, other_day):
        assert put(index, article) == ["added"]
        assert put(index, article) == ["skipped"]
    assert put(index, replace(BRIDGE, source="", published="2024")) == ["skipped"]
    assert index.count() == 3
    printed = {(a.source, a.published) for _, a in index.by_keys(index.keys())}
    assert printed == {("日报", "2024-04-08"), ("晚报", "2024-04-08"), ("日报", "2024-04-09")}
    # what is undone comes back as the printing that it was
    (again,) = [a for _, a in index.by_keys(index.keys()) if a.source == "晚报"]
    index.remove(again.id)
    assert put(index, again) == ["added"]
    assert put(index, other_paper) == ["skipped"]


def test_printings_in_one_batch_are_told_apart(index: Index) -> None:
    papers = [replace(BRIDGE, source=source) for source in ("日报", "晚报", "晨报", "晚报")]
    assert put(index, *papers) == ["added", "added", "added", "skipped"]
    assert index.sources() == ["日报", "晚报", "晨报"]
    assert len({a.id for _, a in index.by_keys(index.keys())}) == 3


def test_removing_takes_everything_along(index: Index) -> None:
    index.put([(BRIDGE, SPANS), (FERRY, [(0, 16)])])
    rows = unit(3)
    ids = embed(index, rows)
    before = index.state()
    assert index.remove(BRIDGE.id) == BRIDGE
    index.refresh(wait=True)
    assert index.counts() == (1, 1, 0)
    assert [hit.id for hit in index.nearest(rows[0], 9)] == ids[2:]
    assert index.cosines(rows[0], ids).keys() == set(ids[2:])
    assert found(index, "大桥") == []
    assert index.state() != before
    for use in (index.remove, index.article):
        with pytest.raises(ArticleNotFoundError, match="qa-bot list"):
            use(BRIDGE.id)


def test_a_failing_batch_leaves_nothing_behind(index: Index) -> None:
    bad = replace(FERRY, published=None)  # type: ignore[arg-type]
    with pytest.raises(Exception):  # noqa: B017, PT011  # each engine's own, or Python's
        index.put([(BRIDGE, SPANS), (bad, [(0, 5)])])
    assert index.counts() == (0, 0, 0)
    assert put(index, BRIDGE) == ["added"]


def test_awkward_text_comes_back_as_it_went_in(index: Index) -> None:
    awkward = (
        Article("  spaced\ttitle ", "本报讯 3月5日，大桥通车。", source=" Post "),
        Article("e\u0301\u2028\u00a0", "\ufefftext with \u200b, \r\n breaks and \x00 in it 🜁"),
        Article("quotes ' \" \\ % _ `", "a\\nb\\", id="own/1", url="https://x.example/?a=1"),
        Article("long", "很长的文章。" * 60_000, id="LONG"),
        Article("other case", "Another.", id="long"),
    )
    assert put(index, *awkward) == ["added"] * 5
    assert [a for _, a in index.by_keys(index.keys(order="added"))] == list(awkward)
    assert [index.article(a.id) for a in awkward] == list(awkward)
    with pytest.raises(ArticleNotFoundError):
        index.article("LoNG")
    with pytest.raises(ArticleNotFoundError):
        index.article("own/1 ")


def test_threads_and_a_second_opening_share_it(open_again: OpenIndex) -> None:
    index, other = open_again(), open_again()
    errors: list[BaseException] = []

    def work(mine: Index, name: str) -> None:
        try:
            for i in range(8):
                put(mine, Article(f"{name}{i}", f"text {name}{i}"), Article("same", f"text {i}"))
                mine.passages([p.id for p, _ in mine.claim(3)])
        except BaseException as error:  # noqa: BLE001  # told by the test itself
            errors.append(error)

    threads = [
        threading.Thread(target=work, args=(mine, name))
        for mine, name in ((index, "a"), (index, "b"), (other, "c"))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors
    assert index.counts() == other.counts() == (32, 32, 32)  # what all put in is one article
    other.refresh()  # it may have been done before the others were
    assert sorted(found(other, "b3")) == ["b3"]


def test_what_is_closed_says_so(open_again: OpenIndex) -> None:
    index = open_again()
    index.close()
    index.close()
    for use in (index.counts, index.keys, lambda: put(index, BRIDGE)):
        with pytest.raises(QABotError, match="was closed"):
            use()


# -- the whole ---------------------------------------------------------------------------------


def test_facts_are_set_once_and_kept(open_again: OpenIndex) -> None:
    index = open_again()
    assert index.fact("colour") == ""
    assert index.set_fact_once("colour", "red") == "red"
    assert index.set_fact_once("colour", "blue") == "red"
    again = open_again()
    assert again.fact("colour") == "red"
    assert again.uuid == index.uuid != ""


def test_an_index_that_was_emptied_may_change_its_model(open_again: OpenIndex) -> None:
    index = open_again()
    assert index.adopt("one") == "one"
    put(index, BRIDGE)
    embed(index, unit(1))
    assert index.adopt("two") == "one"
    index.remove(BRIDGE.id)
    assert index.adopt("two") == "two"
    assert open_again().fact("model") == "two"
    put(index, FERRY)
    (p,) = index.claim(5)
    index.put_vectors([p.passage.id], np.full((1, 4), 0.5, np.float32))  # of another dimension
    index.refresh(wait=True)
    assert index.dimension == 4


def test_the_engine_is_told(index: Index) -> None:
    put(index, BRIDGE)
    engine = index.engine()
    assert engine.name
    assert any(c.isdigit() for c in engine.version)
    assert engine.bytes >= 0  # a database counts what it has written down


# -- lists -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("added", ["大桥封闭", "Ferry", "野餐", "apples", ""]),
        ("-added", ["", "apples", "野餐", "Ferry", "大桥封闭"]),
        ("date", ["apples", "Ferry", "大桥封闭", "", "野餐"]),
        ("-date", ["", "大桥封闭", "Ferry", "apples", "野餐"]),  # without a year: last both ways
        ("headline", ["apples", "Ferry", "大桥封闭", "野餐", ""]),
        ("-headline", ["野餐", "大桥封闭", "Ferry", "apples", ""]),
        ("source", ["Ferry", "apples", "", "大桥封闭", "野餐"]),
        ("-source", ["", "大桥封闭", "Ferry", "apples", "野餐"]),
    ],
)
def test_orders(index: Index, order: Order, expected: list[str]) -> None:
    put(index, BRIDGE, FERRY, PICNIC, APPLES, UNTITLED)
    assert titles(index, order=order) == expected
    part = index.by_keys(index.keys(None, order, limit=2, offset=1))
    assert [a.title for _, a in part] == expected[1:3]
    assert titles(index, order=order, contains="e") == [
        t for t in expected if t in ("Ferry", "apples")
    ]


def test_an_order_that_is_none_is_refused(index: Index) -> None:
    with pytest.raises(QABotError, match="-headline"):
        index.keys(None, "key; DROP TABLE articles")  # type: ignore[arg-type]


def test_filters_and_their_count(index: Index) -> None:
    put(index, BRIDGE, FERRY, PICNIC, APPLES, UNTITLED)
    ferry, picnic = index.all_keys()[1:3]
    for where, expected in (
        (Filter(contains="知微"), ["大桥封闭"]),
        (Filter(contains="post"), ["apples", "Ferry"]),
        (Filter(contains="%"), []),
        (Filter(contains="_"), []),
        (Filter(contains="\\"), []),
        (Filter(contains=FERRY.id), ["Ferry"]),
        (Filter(source="日报"), ["", "大桥封闭"]),
        (Filter(source="post"), []),
        (Filter(source="报"), []),
        (Filter(since="2023-05-20", until="2023-05-20"), ["Ferry"]),  # only its month is known
        (Filter(since="2024-04-08", until="2024-04-08"), ["大桥封闭"]),
        (Filter(since="2024-04-09"), [""]),
        (Filter(until="2022-12-31"), ["apples"]),
        (Filter(since="2025-01-01"), []),
        (Filter(source="Post", since="2023-01-01", contains="f"), ["Ferry"]),
        (Filter(article_ids=(FERRY.id, PICNIC.id, 'no "such" id')), ["野餐", "Ferry"]),
        (Filter(article_ids=()), []),
        (Filter(article_ids=(FERRY.id,), source="日报"), []),
        (Filter(byline="知微"), ["大桥封闭"]),
        (Filter(byline="日报"), []),
        (Filter(among=(ferry, picnic)), ["野餐", "Ferry"]),
        (Filter(among=(ferry, picnic), contains="野餐"), ["野餐"]),
        (Filter(among=()), []),
        (Filter(contains="apples", holders=(ferry, picnic)), ["apples", "野餐", "Ferry"]),
        (Filter(contains="apples", holders=(ferry,), since="2023-01-01"), ["Ferry"]),
    ):
        keys = index.keys(where)
        assert [a.title for _, a in index.by_keys(keys)] == expected, where
        assert index.count(where) == len(expected), where


def test_filters_hold_for_searches(index: Index) -> None:
    together = [replace(a, text=f"{a.text}共同。") for a in (BRIDGE, FERRY, PICNIC, APPLES)]
    put(index, *together)
    rows = unit(4)
    embed(index, rows)
    for where, expected in (
        (None, {"大桥封闭", "Ferry", "野餐", "apples"}),
        (Filter(since="2023-05-20", until="2023-05-20"), {"Ferry"}),
        (Filter(source="Post"), {"Ferry", "apples"}),
        (Filter(source="Post", since="2023-01-01"), {"Ferry"}),
        (Filter(since="2025-01-01"), set()),
        (Filter(contains="ferry"), {"Ferry"}),
        (Filter(article_ids=(together[0].id, together[2].id)), {"大桥封闭", "野餐"}),
        (Filter(article_ids=()), set()),
    ):
        nearest = [hit.id for hit in index.nearest(rows[0], 9, where)]
        matching = [hit.id for hit in index.matching(["共同"], 9, where)]
        holding = index.holding(["共同"], where).tolist()
        for ids in (nearest, matching, holding):
            assert {p.article.title for p in index.passages(ids).values()} == expected, where
            assert len(ids) == len(expected)


def test_what_the_collection_s_figures_are_made_of(index: Index) -> None:
    put(index, BRIDGE, FERRY, PICNIC, APPLES, UNTITLED)
    keys = index.keys(order="added")
    assert index.all_keys() == sorted(keys) == keys
    assert index.sources() == ["Post", "日报"]
    assert index.source_counts() == [("Post", 2), ("日报", 2), ("", 1)]
    assert sorted(index.day_counts()) == [
        ("2022-01-01", "2022-12-31", 1),
        ("2023-05-01", "2023-05-31", 1),
        ("2024-04-08", "2024-04-08", 1),
        ("2024-04-09", "2024-04-09", 1),
    ]
    assert index.keys_dated(None, None) == [(keys[2], "", "")]
    assert index.keys_dated("2023-01-01", "2024-04-08") == [
        (keys[1], "2023-05-01", "2023-05-31"),
        (keys[0], "2024-04-08", "2024-04-08"),
    ]
    assert index.keys_of_source("Post") == [keys[1], keys[3]]
    assert index.keys_of_source("post") == []
    assert index.languages(keys[:2]) == {keys[0]: "zh", keys[1]: "en"}


# -- vectors -----------------------------------------------------------------------------------


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


# -- full text ---------------------------------------------------------------------------------

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


# -- taking out and putting back ---------------------------------------------------------------


def test_what_had_no_vector_is_put_back_without(index: Index) -> None:
    article = Article("A", "One. Two.")
    index.put([(article, [(0, 4), (5, 9)])])
    (row,) = unit(1)
    embed(index, row[None, :])
    taken = take(index, article.id)
    assert index.counts() == (0, 0, 0)
    assert put_back(index, taken).status == "added"
    index.refresh(wait=True)
    assert index.counts() == (1, 2, 1)
    ((again, spans, vectors, *_),) = index.wholes(index.keys())
    assert (again, spans) == (article, ((0, 4), (5, 9)))
    assert list(vectors) == [(0, 4)]
    assert vectors[0, 4] == pytest.approx(row, abs=1e-6)
    assert [hit.score for hit in index.nearest(row, 9)] == [pytest.approx(1, abs=1e-5)]
    assert [p.text for p, _ in index.claim(9)] == ["Two."]
    assert put_back(index, taken).status == "skipped"


def test_wholes_come_in_the_order_asked_for(index: Index) -> None:
    rows = unit(2)
    wholes = [
        Whole(BRIDGE, tuple(SPANS), {SPANS[0]: rows[0]}),
        Whole(FERRY, ((0, 16),), {}),
        Whole(PICNIC, ((0, 8),), {(0, 8): rows[1]}),
    ]
    assert [o.status for o in index.restore(wholes)] == ["added"] * 3
    assert index.counts() == (3, 4, 2)
    keys = index.keys()
    index.remove(FERRY.id)
    assert [w.article for w in index.wholes([keys[2], keys[1], keys[0]])] == [BRIDGE, PICNIC]
    assert [o.status for o in index.restore(wholes)] == ["skipped", "added", "skipped"]
