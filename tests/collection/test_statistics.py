"""The collection's figures: what is counted, that it is kept, and that it never drifts."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from qa_bot.collection.entities import named
from qa_bot.collection.periods import COARSE, UNDATED, days_of, periods, unit_of
from qa_bot.collection.statistics import Figures, Overview
from qa_bot.index.embedded.store import Store
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


def put(store: Store, *articles: Article) -> None:
    store.put([(article, [(0, len(article.text))]) for article in articles])


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / "articles.sqlite3")
    put(store, *ALL)
    yield store
    store.close()


@pytest.fixture
def overview(tmp_path: Path, store: Store) -> Iterator[Overview]:
    overview = Overview(tmp_path / "overview.sqlite3", store)
    yield overview
    overview.close()


def counted(overview: Overview) -> Figures:
    overview.start()
    assert overview.wait(60)
    assert overview.is_current(), overview.fault
    figures = overview.figures()
    assert figures is not None
    return figures


def titles(overview: Overview, what: str, value: str) -> list[str]:
    articles, total = overview.articles(what, value, limit=50)
    assert total == len(articles)
    return [article.title for article in articles]


def test_figures_count_dates_sources_and_names(overview: Overview) -> None:
    figures = counted(overview)
    assert figures.articles == 5
    assert figures.unit == "month"
    assert [tuple(p) for p in figures.periods] == [("2024-03", 1), ("2024-04", 0), ("2024-05", 2)]
    assert (figures.coarse, figures.undated, figures.chinese) == (1, 1, 4)
    assert dict(figures.sources) == {"望潮日报": 2, "望潮僑報": 1, "": 2}
    assert figures.names is not None
    names = {kind: dict(rows) for kind, rows in figures.names.items()}
    assert names["person"] == {"梁若溪": 2}
    assert names["place"]["北京"] == 3


def test_every_figure_leads_to_its_articles(overview: Overview) -> None:
    figures = counted(overview)
    for period, count in figures.periods:
        assert len(titles(overview, "when", period)) == count
    assert titles(overview, "when", "2024-05") == [BUDGET.title, ENGLISH.title] or titles(
        overview, "when", "2024-05"
    ) == [ENGLISH.title, BUDGET.title]
    assert titles(overview, "when", COARSE) == [OLD.title]
    assert titles(overview, "when", UNDATED) == [NO_YEAR.title]
    for source, count in figures.sources:
        assert len(titles(overview, "source", source)) == count
    for kind, rows in (figures.names or {}).items():
        for name, count in rows:
            assert len(titles(overview, kind, name)) == count
    assert titles(overview, "person", "nobody") == titles(overview, "what", "ever") == []
    assert titles(overview, "when", "2024%") == []


def test_articles_come_by_the_page(overview: Overview) -> None:
    counted(overview)
    first, total = overview.articles("place", "北京", limit=2)
    rest, _ = overview.articles("place", "北京", limit=2, offset=2)
    assert total == 3
    assert {a.id for a in [*first, *rest]} == {PORT.id, BUDGET.id, OLD.id}


def test_figures_follow_the_store(overview: Overview, store: Store) -> None:
    counted(overview)
    store.remove(PORT.id)
    assert not overview.is_current()
    assert overview.figures() is not None  # the old ones, until the new are counted
    put(store, replace(BUDGET, published="2024-06-01"))
    figures = counted(overview)
    assert figures.articles == 4
    assert (figures.names or {})["person"] == [("梁若溪", 1)]
    assert titles(overview, "when", "2024-06") == [BUDGET.title]
    assert titles(overview, "person", "梁若溪") == [BUDGET.title]


def test_figures_are_kept_and_read_without_counting(overview: Overview, store: Store) -> None:
    figures = counted(overview)
    overview.close()
    again = Overview(overview.path, store)
    assert again.is_current()
    assert again.figures() == Figures(
        **{
            **figures.__dict__,
            "periods": [list(row) for row in figures.periods],
            "sources": [list(row) for row in figures.sources],
            "names": {k: [list(r) for r in rows] for k, rows in (figures.names or {}).items()},
        }
    )
    again.close()


def test_a_file_of_another_store_or_a_damaged_one_is_made_anew(
    overview: Overview, store: Store, tmp_path: Path
) -> None:
    counted(overview)
    overview.close()
    (tmp_path / "other").mkdir()
    other = Store(tmp_path / "other" / "articles.sqlite3")
    put(other, OLD)
    theirs = Overview(overview.path, other)
    assert theirs.figures() is None
    assert counted(theirs).articles == 1
    assert titles(theirs, "person", "梁若溪") == []
    theirs.close()
    other.close()

    overview.path.write_bytes(b"no database, but long enough to be looked at " * 100)
    again = Overview(overview.path, store)
    assert again.figures() is None
    assert counted(again).articles == 5
    again.close()


def test_a_state_the_store_never_had_is_not_believed(overview: Overview, store: Store) -> None:
    """A backup put back goes on under the same numbers in another way."""
    counted(overview)
    overview.close()
    db = sqlite3.connect(overview.path)
    db.execute("UPDATE meta SET value = replace(value, '\", ', '\", 9') WHERE key = 'stamp'")
    db.commit()
    db.close()
    again = Overview(overview.path, store)
    assert again.figures() is None
    again.close()


def test_counting_broken_off_goes_on_where_it_was(overview: Overview, store: Store) -> None:
    put(store, *(Article(f"短讯{n}", f"北京第{n}条短讯。", lang="zh") for n in range(120)))
    batches = 0
    finished = overview._with_file

    def stop(use: Callable[[sqlite3.Connection], Any]) -> Any:
        nonlocal batches
        batches += 1
        if batches == 3:
            overview._closing.set()
        return finished(use)

    overview._with_file = stop  # type: ignore[method-assign]
    overview.update()
    overview.close()
    again = Overview(overview.path, store)
    assert not again.is_current()
    figures = counted(again)
    assert dict((figures.names or {})["place"])["北京"] == 123
    again.close()


def test_an_empty_store_has_figures(tmp_path: Path) -> None:
    store = Store(tmp_path / "empty.sqlite3")
    overview = Overview(tmp_path / "overview.sqlite3", store)
    figures = counted(overview)
    assert (figures.articles, figures.periods) == (0, [])
    overview.close()
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
    assert unit_of(dates) == unit
    bars, less_exact = periods(dates, unit)
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
    found = {(n.kind, n.name): n.sure for n in named(PORT.text)}
    assert found["person", "梁若溪"]
    assert ("place", "北京") in found
    assert not {"师傅", "明白"} & {name for _, name in found}
    assert all(len(name) > 1 for _, name in found)
    assert ("place", "上海") in {n[:2] for n in named("上海市與廣州的列車")}
    assert ("place", "广州") in {n[:2] for n in named("上海市與廣州的列車")}
    assert named("") == named("The ferry sails.") == set()
