"""The collection's figures: what is counted, that it is kept, and that it never drifts."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from qa_bot.collection.entities import find_entities
from qa_bot.collection.periods import COARSE, UNDATED, days_of, periods, unit_of
from qa_bot.collection.statistics import Figures, NameCount, Statistics
from qa_bot.errors import QABotError
from qa_bot.index.embedded.index import EmbeddedIndex
from qa_bot.index.records import DayCount
from qa_bot.records import Article

PORT = Article(
    "码头改造开工",
    "望潮市交通局局长梁若溪说，北京的专家已到鹭洲考察。码头师傅明白，工期两年。",
    published="2024-03-05",
    source="望潮日报",
    lang="zh-Hans",
)
BUDGET = Article(
    "預算通過",
    "記者梁若溪表示，預算已在北京審議。",
    published="2024-05",
    source="望潮僑報",
    lang="zh-Hant",
)
OLD = Article("旧事", "北京来信。", published="2023", source="望潮日报", lang="zh")
NO_YEAR = Article("启事", "鹭洲书店迁址。", published="--08-09", lang="zh")
ENGLISH = Article("Ferry", "The ferry sails again from Beijing.", published="2024-05-01", lang="en")
ALL = (PORT, BUDGET, OLD, NO_YEAR, ENGLISH)


def put(store: EmbeddedIndex, *articles: Article) -> None:
    store.put([(article, [(0, len(article.text))]) for article in articles])


@pytest.fixture
def store(tmp_path: Path) -> Iterator[EmbeddedIndex]:
    store = EmbeddedIndex(tmp_path)
    put(store, *ALL)
    yield store
    store.close()


@pytest.fixture
def statistics(tmp_path: Path, store: EmbeddedIndex) -> Iterator[Statistics]:
    statistics = Statistics(tmp_path / "overview.sqlite3", store)
    yield statistics
    statistics.close()


def counted(statistics: Statistics) -> Figures:
    statistics.start()
    assert statistics.wait(60)
    assert statistics.is_current(), statistics.fault
    figures = statistics.figures()
    assert figures is not None
    return figures


def titles(statistics: Statistics, what: str, value: str) -> list[str]:
    articles, total = statistics.articles(what, value, limit=50)
    assert total == len(articles)
    return [article.title for article in articles]


def test_figures_count_dates_sources_and_names(statistics: Statistics) -> None:
    figures = counted(statistics)
    assert figures.articles == 5
    assert figures.unit == "month"
    assert figures.periods == [("2024-03", 1), ("2024-04", 0), ("2024-05", 2)]
    assert (figures.coarse, figures.undated, figures.chinese) == (1, 1, 4)
    assert dict(figures.sources) == {"望潮日报": 2, "望潮僑報": 1, "": 2}
    assert figures.names is not None
    names = {kind: dict(rows) for kind, rows in figures.names.items()}
    assert names["person"] == {"梁若溪": 2}
    assert names["place"]["北京"] == 3


def test_every_figure_leads_to_its_articles(statistics: Statistics) -> None:
    figures = counted(statistics)
    for period, count in figures.periods:
        assert len(titles(statistics, "when", period)) == count
    assert titles(statistics, "when", "2024-05") == [BUDGET.title, ENGLISH.title] or titles(
        statistics, "when", "2024-05"
    ) == [ENGLISH.title, BUDGET.title]
    assert titles(statistics, "when", COARSE) == [OLD.title]
    assert titles(statistics, "when", UNDATED) == [NO_YEAR.title]
    for source, count in figures.sources:
        assert len(titles(statistics, "source", source)) == count
    for kind, rows in (figures.names or {}).items():
        for name, count in rows:
            assert len(titles(statistics, kind, name)) == count
    assert titles(statistics, "person", "nobody") == titles(statistics, "what", "ever") == []
    assert titles(statistics, "when", "2024%") == []


def test_articles_come_by_the_page(statistics: Statistics) -> None:
    counted(statistics)
    first, total = statistics.articles("place", "北京", limit=2)
    rest, _ = statistics.articles("place", "北京", limit=2, offset=2)
    assert total == 3
    assert {a.id for a in [*first, *rest]} == {PORT.id, BUDGET.id, OLD.id}


def test_figures_follow_the_store(statistics: Statistics, store: EmbeddedIndex) -> None:
    counted(statistics)
    store.remove(PORT.id)
    assert not statistics.is_current()
    assert statistics.figures() is not None  # the old ones, until the new are counted
    put(store, replace(BUDGET, published="2024-06-01"))
    figures = counted(statistics)
    assert figures.articles == 4
    assert (figures.names or {})["person"] == [("梁若溪", 1)]
    assert titles(statistics, "when", "2024-06") == [BUDGET.title]
    assert titles(statistics, "person", "梁若溪") == [BUDGET.title]


def test_figures_are_kept_and_read_without_counting(
    statistics: Statistics, store: EmbeddedIndex
) -> None:
    figures = counted(statistics)
    statistics.close()
    again = Statistics(statistics.path, store)
    assert again.is_current()
    kept = again.figures()
    assert kept == figures
    assert repr(kept) == repr(figures)  # lists and records as they were, not only equal
    assert kept is not None
    assert kept.names is not None
    assert isinstance(kept.names["person"][0], NameCount)
    again.close()


def test_a_file_of_another_store_or_a_damaged_one_is_made_anew(
    statistics: Statistics, store: EmbeddedIndex, tmp_path: Path
) -> None:
    counted(statistics)
    statistics.close()
    other = EmbeddedIndex(tmp_path / "other")
    put(other, OLD)
    theirs = Statistics(statistics.path, other)
    assert theirs.figures() is None
    assert counted(theirs).articles == 1
    assert titles(theirs, "person", "梁若溪") == []
    theirs.close()
    other.close()

    statistics.path.write_bytes(b"no database, but long enough to be looked at " * 100)
    again = Statistics(statistics.path, store)
    assert again.figures() is None
    assert counted(again).articles == 5
    again.close()


def test_a_state_the_store_never_had_is_not_believed(
    statistics: Statistics, store: EmbeddedIndex
) -> None:
    """A backup put back goes on under the same numbers in another way."""
    counted(statistics)
    statistics.close()
    db = sqlite3.connect(statistics.path)
    db.execute("UPDATE meta SET value = replace(value, '\"]', '0\"]') WHERE key = 'stamp'")
    db.commit()
    db.close()
    again = Statistics(statistics.path, store)
    assert again.figures() is None
    again.close()


def test_counting_broken_off_goes_on_where_it_was(
    statistics: Statistics, store: EmbeddedIndex
) -> None:
    put(store, *(Article(f"短讯{n}", f"北京第{n}条短讯。", lang="zh") for n in range(120)))
    batches = 0
    finished = statistics._with_file

    def stop(use: Callable[[sqlite3.Connection], Any]) -> Any:
        nonlocal batches
        batches += 1
        if batches == 3:
            statistics._closing.set()
        return finished(use)

    statistics._with_file = stop  # type: ignore[method-assign]
    statistics.update()
    statistics.close()
    again = Statistics(statistics.path, store)
    assert not again.is_current()
    figures = counted(again)
    assert dict((figures.names or {})["place"])["北京"] == 123
    again.close()


def test_an_empty_store_has_figures(tmp_path: Path) -> None:
    store = EmbeddedIndex(tmp_path)
    statistics = Statistics(tmp_path / "overview.sqlite3", store)
    figures = counted(statistics)
    assert (figures.articles, figures.periods) == (0, [])
    statistics.close()
    store.close()


@pytest.mark.parametrize(
    ("dates", "unit", "shown", "coarse"),
    [
        ([("2024-02-27", "2024-02-27", 2), ("2024-03-01", "2024-03-01", 1)], "day", 4, 0),
        ([("2024-02-27", "2024-02-27", 2), ("2023-03-01", "2023-03-31", 1)], "month", 12, 0),
        ([("1998-02-27", "1998-02-27", 2), ("2023-01-01", "2023-12-31", 1)], "year", 26, 0),
        ([("1874-02-27", "1874-02-27", 2), ("2023-01-01", "2023-12-31", 1)], "decade", 16, 0),
        ([("2024-02-30", "2024-02-30", 1)], "month", 1, 0),  # the calendar has no such day
        ([("2024-01-01", "2024-12-31", 9), ("2023-05-01", "2023-05-01", 1)], "year", 2, 0),
        ([("2024-01-01", "2024-12-31", 1), ("2024-05-01", "2024-05-01", 1)], "month", 1, 1),
        ([], "day", 0, 0),
    ],
)
def test_units(dates: list[tuple[str, str, int]], unit: str, shown: int, coarse: int) -> None:
    days = [DayCount(*date) for date in dates]
    assert unit_of(days) == unit
    bars, less_exact = periods(days, unit)
    assert len(bars) == shown
    assert less_exact == coarse
    assert sum(count for _, count in bars) + coarse == sum(count for *_, count in dates)


def test_days_of_periods() -> None:
    assert days_of("2024-02") == ("2024-02-01", "2024-02-31")
    assert days_of("202") == ("2020-01-01", "2029-12-31")
    assert days_of("2024-02-05") == ("2024-02-05", "2024-02-05")
    for other in ("", "20", "2024-2", "undated", "２０２４", "2024-02-"):
        assert days_of(other) is None


def test_names_are_cleaned() -> None:
    found = {(n.kind, n.name): n.sure for n in find_entities(PORT.text)}
    assert found["person", "梁若溪"]
    assert ("place", "北京") in found
    assert not {"师傅", "明白"} & {name for _, name in found}
    assert all(len(name) > 1 for _, name in found)
    assert ("place", "上海") in {n[:2] for n in find_entities("上海市與廣州的列車")}
    assert ("place", "广州") in {n[:2] for n in find_entities("上海市與廣州的列車")}
    assert find_entities("") == find_entities("The ferry sails.") == set()


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("梁若溪", (PORT, BUDGET)),
        (" 梁若溪 ", (PORT, BUDGET)),
        ("望潮市", (PORT,)),  # a place, with its word for a city or without
        ("望潮", (PORT,)),
        ("若溪", ()),  # a whole name
        ("%", ()),
        ("", ()),
    ],
)
def test_a_name_leads_to_the_articles_that_bear_it(
    statistics: Statistics, store: EmbeddedIndex, name: str, expected: tuple[Article, ...]
) -> None:
    statistics.complete()
    found = store.by_keys(statistics.naming(name))
    assert tuple(article for _, article in found) == expected


def test_names_are_suggested(statistics: Statistics) -> None:
    statistics.complete()
    assert statistics.names()[0] == NameCount("北京", 3)
    assert statistics.names("若溪") == statistics.names("梁") == [NameCount("梁若溪", 2)]
    assert statistics.names("鷺") == [NameCount("鹭洲", 2)]  # as a reader in Taiwan writes it
    assert statistics.names("nobody") == statistics.names("%") == statistics.names(limit=0) == []
    everything = [count.articles for count in statistics.names()]
    assert everything == sorted(everything, reverse=True)
    assert len(statistics.names(limit=1)) == 1


def test_names_are_of_what_is_in_the_store_now(
    statistics: Statistics, store: EmbeddedIndex
) -> None:
    statistics.complete()
    store.remove(BUDGET.id)
    put(store, replace(OLD, id="new", text="梁若溪说，可以。"))
    statistics.complete()
    assert len(statistics.naming("梁若溪")) == 2
    store.remove(PORT.id)
    statistics.close()
    with pytest.raises(QABotError, match="open it again"):
        statistics.naming("梁若溪")
