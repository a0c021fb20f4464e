"""What every index does, whichever engine keeps it: putting in and removing, sharing, facts."""

from __future__ import annotations

import threading
from dataclasses import replace

import numpy as np
import pytest

from qa_bot.errors import ArticleNotFoundError, QABotError
from qa_bot.index.filters import Filter
from qa_bot.index.protocol import Index
from qa_bot.index.undo import put_back, take
from qa_bot.records import Article
from tests.index.conftest import OpenIndex
from tests.index.engines import BRIDGE, FERRY, PICNIC, SPANS, embed, found, put, unit


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
