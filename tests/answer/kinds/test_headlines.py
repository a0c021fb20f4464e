"""《…》 is an article where a headline is so called, and a book where none is."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from qa_bot import Article, QABot

ARTICLES = [
    Article(
        "旧磨坊成了阅览室",
        "沙洲镇的旧磨坊昨天改成了阅览室，裴立仁捐出三百本书。小说《江面以下》的作者俞长汀来讲了课。",
        byline="余望川",
        published="2024-03-02",
    ),
    Article(
        "柳湾渡船改用电力",
        "柳湾的渡船从下星期一起改用电力，船工余大河说，新船没有声音。",
        byline="佘山",
    ),
]


@pytest.mark.parametrize(
    ("question", "kind", "said"),
    [
        ("《旧磨坊成了阅览室》是谁写的？", "article_author", "余望川"),
        ("《旧磨坊成了阅览室》哪天登的？", "article_date", "2024-03-02"),
        ("《柳湾渡船改用电力》的作者是谁？", "article_author", "佘山"),
        ("《江面以下》的作者是谁？", "fact", "俞长汀"),
    ],
)
def test_who_wrote_what(open_bot: Callable[[], QABot], question: str, kind: str, said: str) -> None:
    bot = open_bot()
    bot.add(ARTICLES)
    answer = bot.ask(question)
    assert (answer.state, answer.kind) == ("answered", kind)
    assert said in answer.text
