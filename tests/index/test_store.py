from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from qa_bot.errors import ArticleNotFoundError, IndexMismatchError
from qa_bot.index.embedded.store import Store
from qa_bot.index.filters import Filter
from qa_bot.records import Article

BRIDGE = Article("大桥封闭", "大桥今天封闭。明天也封闭。", published="2024-04-08", source="日报")
FERRY = Article("Ferry", "The ferry sails.", published="2023-05", source="Post")
PICNIC = Article("野餐", "四月六日去野餐。", published="--04-06")
SPANS = [(0, 7), (7, 13)]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / "a.sqlite3")
    yield store
    store.close()


def status(store: Store, article: Article) -> str:
    (outcome,) = store.put([(article, SPANS[: 1 + (len(article.text) > 7)])])
    return outcome.status


def test_passages_know_their_place(store: Store) -> None:
    store.put([(BRIDGE, SPANS)])
    found = store.passages(store.passage_ids())
    assert [p.text for p, _ in found.values()] == ["大桥今天封闭。", "明天也封闭。"]
    assert all(a.text[p.start : p.end] == p.text and a == BRIDGE for p, a in found.values())


def test_the_same_content_twice_is_one_article(store: Store) -> None:
    assert status(store, BRIDGE) == "added"
    before = store.generation("texts")
    assert status(store, BRIDGE) == "skipped"
    assert status(store, replace(BRIDGE, path="elsewhere.txt")) == "replaced"  # now has a path
    assert status(store, replace(BRIDGE, path="third.txt")) == "skipped"
    assert store.counts()[0] == 1
    assert store.article(BRIDGE.id).path == "elsewhere.txt"
    assert store.generation("texts") == before + 1


def test_other_content_under_the_same_id_replaces(store: Store) -> None:
    first = replace(BRIDGE, id="b-1")
    store.put([(first, SPANS)])
    old = store.passage_ids().tolist()
    store.put_vectors(old, np.ones((2, 4), np.float32))
    generation = store.generation("texts")
    assert status(store, replace(first, text="大桥重新开放。")) == "replaced"
    assert store.counts() == (1, 1, 1)
    assert store.removed_since(generation) == old
    assert not set(store.passage_ids().tolist()) & set(old)
    assert store.vectors(np.array(old))[0].size == 0


def test_better_metadata_replaces_without_new_passages(store: Store) -> None:
    store.put([(PICNIC, [(0, 8)])])
    ids = store.passage_ids().tolist()
    assert status(store, replace(PICNIC, published="2024-04-06", source="晚报")) == "replaced"
    assert store.passage_ids().tolist() == ids
    assert store.article(PICNIC.id).published == "2024-04-06"
    assert status(store, PICNIC) == "skipped"  # knows less, changes nothing
    assert store.article(PICNIC.id).source == "晚报"


def test_a_given_id_takes_the_place_of_a_hash(store: Store) -> None:
    store.put([(BRIDGE, SPANS)])
    assert status(store, replace(BRIDGE, id="b-1")) == "replaced"
    assert [a.id for _, a in store.by_keys(store.keys())] == ["b-1"]
    assert status(store, BRIDGE) == "skipped"  # the same content without an id


def test_removing_takes_everything_along(store: Store) -> None:
    store.put([(BRIDGE, SPANS), (FERRY, [(0, 16)])])
    store.put_vectors(store.passage_ids().tolist(), np.ones((3, 4), np.float32))
    assert store.remove(BRIDGE.id) == BRIDGE
    assert store.counts() == (1, 1, 0)
    assert len(store.vector_ids()) == 1
    with pytest.raises(ArticleNotFoundError, match="qa-bot list"):
        store.remove(BRIDGE.id)


@pytest.mark.parametrize(
    ("since", "until", "titles"),
    [
        (None, None, ["Ferry", "大桥封闭", "野餐"]),
        ("2024-01-01", None, ["大桥封闭"]),
        (None, "2024-04-07", ["Ferry"]),
        ("2023-05-20", "2023-05-20", ["Ferry"]),  # only its month is known
        ("2024-04-08", "2024-04-08", ["大桥封闭"]),
        ("2025-01-01", None, []),
    ],
)
def test_dates_filter(store: Store, since: str, until: str, titles: list[str]) -> None:
    store.put([(a, [(0, 5)]) for a in (BRIDGE, FERRY, PICNIC)])
    found = store.passages(store.passage_ids(Filter.of(since=since, until=until)))
    assert sorted(a.title for _, a in found.values()) == titles


def test_sources_filter_and_are_listed(store: Store) -> None:
    store.put([(a, [(0, 5)]) for a in (BRIDGE, FERRY, PICNIC)])
    assert store.sources() == ["Post", "日报"]
    assert len(store.passage_ids(Filter.of(source="日报"))) == 1
    assert len(store.passage_ids(Filter.of(source="报"))) == 0


def test_articles_filter(store: Store) -> None:
    store.put([(a, [(0, 5)]) for a in (BRIDGE, FERRY, PICNIC)])
    some = store.passages(
        store.passage_ids(Filter.of(article_ids=[FERRY.id, PICNIC.id, 'no "such" id']))
    )
    assert {a.id for _, a in some.values()} == {FERRY.id, PICNIC.id}
    assert len(store.passage_ids(Filter.of(article_ids=[]))) == 0
    assert len(store.passage_ids(Filter.of(article_ids=[FERRY.id], source="日报"))) == 0


def test_listing_is_newest_first_paged_and_searched_literally(store: Store) -> None:
    store.put([(a, [(0, 5)]) for a in (BRIDGE, FERRY, PICNIC)])
    assert [a.title for _, a in store.by_keys(store.keys(limit=2))] == ["野餐", "Ferry"]
    assert [a.title for _, a in store.by_keys(store.keys(limit=2, offset=2))] == ["大桥封闭"]
    assert [a.title for _, a in store.by_keys(store.keys(Filter(contains="大桥")))] == ["大桥封闭"]
    assert store.by_keys(store.keys(Filter(contains="%"))) == []


def test_vectors_come_back_as_they_went_in(store: Store) -> None:
    store.put([(BRIDGE, SPANS)])
    ids = store.passage_ids()
    vectors = np.arange(8, dtype=np.float32).reshape(2, 4)
    store.put_vectors([*ids.tolist(), 999], np.vstack([vectors, vectors[:1]]))  # 999 is gone
    got_ids, got = store.vectors(ids)
    assert got_ids.tolist() == ids.tolist()
    assert np.array_equal(got, vectors)
    assert store.pending() == 0
    assert store.vector_ids().tolist() == ids.tolist()


def test_a_failing_batch_leaves_nothing_behind(store: Store) -> None:
    bad = replace(FERRY, published=None)  # type: ignore[arg-type]
    with pytest.raises((sqlite3.Error, TypeError)):
        store.put([(BRIDGE, SPANS), (bad, [(0, 5)])])
    assert store.counts() == (0, 0, 0)


def test_a_file_of_another_kind_or_format_is_refused(tmp_path: Path) -> None:
    text = tmp_path / "text.sqlite3"
    text.write_text("this is not a database, but it is long enough to look at" * 20, "utf-8")
    with pytest.raises(IndexMismatchError, match="Move it away"):
        Store(text)
    newer = Store(tmp_path / "newer.sqlite3")
    newer.replace_meta("schema", "99")
    newer.close()
    with pytest.raises(IndexMismatchError, match="99"):
        Store(tmp_path / "newer.sqlite3")


def test_threads_and_a_second_connection_share_it(store: Store) -> None:
    other = Store(store.path)
    errors: list[BaseException] = []

    def work(mine: Store, name: str) -> None:
        try:
            for i in range(30):
                mine.put([(Article(f"{name}{i}", f"text {name}{i}"), [(0, 4)])])
                mine.passages(mine.passage_ids())
        except BaseException as error:  # noqa: BLE001  # told by the test itself
            errors.append(error)

    threads = [
        threading.Thread(target=work, args=(s, n))
        for s, n in ((store, "a"), (store, "b"), (other, "c"))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors
    assert store.counts()[0] == other.counts()[0] == 90
    other.close()


def test_one_text_in_two_papers_or_on_two_days_is_several_printings(store: Store) -> None:
    other_paper = replace(BRIDGE, source="晚报")
    other_day = replace(BRIDGE, published="2024-04-09")
    for article in (BRIDGE, other_paper, other_day):
        assert status(store, article) == "added"
        assert status(store, article) == "skipped"
    assert status(store, replace(BRIDGE, source="", published="2024")) == "skipped"
    assert store.counts()[0] == 3
    printed = {(a.source, a.published) for _, a in store.by_keys(store.keys())}
    assert printed == {("日报", "2024-04-08"), ("晚报", "2024-04-08"), ("日报", "2024-04-09")}
    # what is undone comes back as the printing that it was
    (again,) = [a for _, a in store.by_keys(store.keys()) if a.source == "晚报"]
    store.remove(again.id)
    assert status(store, again) == "added"
    assert status(store, other_paper) == "skipped"
