"""Passages are cut where they stop being relevant; page furniture is none."""

from __future__ import annotations

import pytest

from qa_bot import Article, QABot
from qa_bot.records import Hit, Passage
from qa_bot.text.imprint import is_imprint


def hit(number: int, text: str = "新桥昨天通车。", **parts: float) -> Hit:
    article = Article(f"第{number}篇", text)
    return Hit(Passage(number, article.id, 0, len(text), text), article, 1 / number, parts)


def numbers(hits: list[Hit]) -> list[int]:
    return [hit.passage.id for hit in hits]


def test_what_comes_near_the_best_in_meaning_or_in_words_is_relevant() -> None:
    hits = [
        hit(1, dense_above=0.2, coverage=0.1),
        hit(2, dense_above=0.16, coverage=0.0),
        hit(3, dense_above=0.1, coverage=0.8),
        hit(4, dense_above=0.1, coverage=0.4),
        hit(5, dense_above=0.14, coverage=0.39),
    ]
    relevant, others = QABot.relevant(hits)
    assert numbers(relevant) == [1, 2, 3, 4]
    assert numbers(others) == [5]


def test_one_is_relevant_at_least() -> None:
    hits = [hit(1, dense_above=-0.1, coverage=0.0), hit(2, dense_above=-0.2), hit(3)]
    relevant, others = QABot.relevant(hits)
    assert (numbers(relevant), numbers(others)) == ([1], [2, 3])
    assert QABot.relevant([]) == ([], [])


def test_furniture_is_neither_relevant_nor_one_of_the_others() -> None:
    address = hit(1, "https://epaper.example.com/html/2024-06/01/content_1.htm", dense_above=0.3)
    rights = hit(2, "© 2024 临江日报社\n版权所有，未经许可不得转载", coverage=1.0)
    editors = hit(3, "责任编辑：王小明 美编：李四", coverage=1.0)
    said = hit(4, dense_above=0.01)
    relevant, others = QABot.relevant([address, rights, editors, said])
    assert (numbers(relevant), others) == ([4], [])


@pytest.mark.parametrize(
    ("line", "imprint"),
    [
        ("www.example.com", True),
        ("网址：http://www.example.cn/a?b=1", True),
        ("news@example.com", True),
        ("epaper.example.com.cn", True),
        ("Copyright © 2024 The Daily. All rights reserved.", True),
        ("Copyright 2024 The Daily", True),
        ("本报版权所有，未经书面授权不得转载、摘编", True),
        ("版權所有 不得轉載", True),
        ("掲載の記事・写真の無断転載を禁じます", True),
        ("报名网址是www.example.com，截止到6月1日。", False),
        ("版权所有人李四昨天把出版社告上法庭。", False),
        ("Copyright law was changed in 2024.", False),
        ("未经批准不得在湖中游泳。", False),
        ("", False),
    ],
)
def test_an_imprint_is_nothing_but_an_address_or_rights(line: str, imprint: bool) -> None:
    assert is_imprint(line) is imprint
