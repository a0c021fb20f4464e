from __future__ import annotations

import pytest

from qa_bot.question.wording import as_question, names, same_answer
from qa_bot.text.chinese import align


def test_aligning_keeps_every_offset() -> None:
    text = "總投資３.２億元，「圖書館」①㍿ ﬁ"
    assert len(align(text)) == len(text)
    assert align("總投資３.２億元") == "总投资3.2亿元"


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("他们给清华大学赠了多少钱？", ["清华大学"]),
        ("第七屆書展哪天開幕？", ["第七届"]),
        ("2023年的书展有多少人参加？", ["2023"]),
        ("8月9日的会由谁主持？", ["8月9日"]),
        ("新馆总投资是多少？", []),
    ],
)
def test_names(question: str, found: list[str]) -> None:
    assert names(question) == found


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("8月9日", "2024年8月9日", True),
        ("三千个", "新增三千个", True),
        ("周文棟", "周文栋", True),
        ("Lu Xun", "lu xun", True),
        ("5 days", "35 days", False),
        ("五天", "十五天", False),
        ("1", "1.5", False),
        ("art", "Stuttgart", False),
        ("", "8月9日", False),
    ],
)
def test_answers_that_say_the_same(one: str, other: str, same: bool) -> None:
    assert same_answer(one, other) is same
    assert same_answer(other, one) is same


@pytest.mark.parametrize(
    ("keywords", "question"),
    [
        ("2024年书展时间", "2024年书展时间是什么时候？"),
        ("新馆面积", "新馆面积是多少？"),
        ("龍舟賽舉辦地", "龍舟賽舉辦地是哪里？"),
        ("龙舟赛冠军。", "龙舟赛冠军是谁？"),
        ("《渡口》的主题", "《渡口》的主题是什么？"),
        ("沈若溪担任什么职务？", "什么职务的沈若溪？"),
        ("沈若溪現任什麼職務", "什么职务的沈若溪？"),
        ("沈若溪的职务是什么？", "什么职务的沈若溪？"),
        ("王伟是谁？", "什么职务的王伟？"),
        ("谁是王伟", "什么职务的王伟？"),
        ("何知微是什么人？", "什么职务的何知微？"),
        ("price of the ferry ticket", "What is price of the ferry ticket?"),
    ],
)
def test_keywords_become_a_question(keywords: str, question: str) -> None:
    assert as_question(keywords) == question


@pytest.mark.parametrize(
    "question",
    [
        "谁是馆长",
        "誰是館長？",
        "介绍一下新馆",
        "大桥多宽",
        "开放了吗",
        "How wide is it",
        "新しい駅",
        "Preis",
        "？",
        "",
    ],
)
def test_a_question_is_left_as_it_is(question: str) -> None:
    assert as_question(question) == question
