"""What a question dates and an article does not: that was printed on a day of that month."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from qa_bot import Article, QABot

pytestmark = pytest.mark.model

HEAT = [
    Article(
        "气象站测得今夏最高温",
        f"本报讯 昨天下午，临江气象站的最高气温达到{degrees}摄氏度，创下今夏新高。"
        "市民纷纷到江边纳凉。",
        published=day,
    )
    for day, degrees in (("2021-08-03", "38.4"), ("2022-08-14", "39.1"), ("2024-08-05", "40.2"))
]


@pytest.fixture(scope="module")
def heat(tmp_path_factory: pytest.TempPathFactory) -> Iterator[QABot]:
    with QABot.open(tmp_path_factory.mktemp("heat") / "index") as bot:
        bot.add(HEAT)
        yield bot


@pytest.mark.parametrize(
    ("question", "degrees"),
    [
        ("2022年8月临江气象站的最高气温是多少？", "39.1"),
        ("24年8月临江气象站的最高气温是多少？", "40.2"),
        ("2021年临江气象站的最高气温是多少？", "38.4"),
    ],
)
def test_the_article_of_that_time_answers(heat: QABot, question: str, degrees: str) -> None:
    answer = heat.ask(question)
    assert answer.state == "answered"
    assert degrees in answer.citations[0].quote
    assert degrees in answer.short


def test_a_year_of_which_there_is_nothing_is_not_made_up(heat: QABot) -> None:
    assert heat.ask("2019年8月临江气象站的最高气温是多少？").state != "answered"


def test_a_filter_still_holds(heat: QABot) -> None:
    asked = "2022年8月临江气象站的最高气温是多少？"
    answer = heat.ask(asked, since="2024", until="2024")
    assert all(citation.article.published >= "2024" for citation in answer.citations)
