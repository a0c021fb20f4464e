from __future__ import annotations

import pytest

from qa_bot import Turn
from qa_bot.question.followups import candidates


@pytest.mark.parametrize(
    ("before", "answer", "question", "meant"),
    [
        # another year, place or person in place of the one before
        ("2023年书展什么时候开幕？", "8月9日", "那第二年呢？", "2024年书展什么时候开幕？"),
        ("2023年书展什么时候开幕？", "8月9日", "那前一年呢？", "2022年书展什么时候开幕？"),
        ("2023年书展什么时候开幕？", "8月9日", "2021年呢？", "2021年书展什么时候开幕？"),
        ("苏州的人口是多少？", "一千万", "那无锡呢？", "无锡的人口是多少？"),
        ("蘇州的人口是多少？", "一千萬", "那無錫呢？", "無錫的人口是多少？"),
        (
            "When did the fair open in 2024?",
            "May",
            "And in 2023?",
            "When did the fair open in 2023?",
        ),
        (
            "How many people live in Wuxi?",
            "7",
            "What about Nanjing?",
            "How many people live in Nanjing?",
        ),
        ("柳堤大桥有多长？", "1.2公里", "那望江桥呢？", "望江桥有多长？"),
        ("地铁3号线什么时候通车？", "5月", "5号线呢？", "5号线什么时候通车？"),
        ("去年新图书馆来了多少人？", "三万", "老图书馆呢？", "去年老图书馆来了多少人？"),
        ("荣家给江南大学捐了多少？", "1亿", "复旦大学呢？", "荣家给复旦大学捐了多少？"),
        # pronouns
        ("季度会议由谁主持？", "周文栋", "他还说了什么？", "周文栋还说了什么？"),
        ("沈若溪担任什么职务？", "馆长", "她是哪里人？", "沈若溪是哪里人？"),
        ("Who opened the bridge?", "Lu Xun", "What did he say?", "What did Lu Xun say?"),
        # no subject
        ("临黛院区什么时候开诊？", "9月", "投资多少？", "临黛院区投资多少？"),
        ("书展什么时候开幕？", "8月", "市长是谁？", "市长是谁？"),
        ("海门轮渡什么时候通航？", "9月", "全长多少？", "海门轮渡全长多少？"),
        ("老城医院什么时候开诊？", "9月", "有多少张床位？", "老城医院有多少张床位？"),
        # something else of the same, or the same of something else
        ("海门轮渡什么时候通航？", "9月", "票价呢？", "海门轮渡的票价是多少？"),
        ("柳堤大桥要修多久？", "九天", "原因呢？", "柳堤大桥的原因是什么？"),
        ("书展什么时候闭幕？", "8月", "开幕呢？", "书展什么时候开幕？"),
        ("书展什么时候闭幕？", "8月", "马拉松呢？", "马拉松什么时候闭幕？"),
        (
            "荣家向江南大学捐了多少？",
            "1亿",
            "那无锡市人民医院呢？",
            "荣家向无锡市人民医院捐了多少？",
        ),
        # whom or what a pronoun means
        (
            "馆长是谁？",
            "沈若溪\n\n沈若溪说。 [1]\n\n周文栋说。 [2]",
            "她说了什么？",
            "沈若溪说了什么？",
        ),
        ("沈若溪是谁？", "馆长", "她多大？", "沈若溪多大？"),
        ("新图书馆有多少册书？", "3万", "这座图书馆在哪里？", "新图书馆在哪里？"),
        ("Who is Lu Wen's deputy?", "Ada Byron", "Is she new?", "Is Ada Byron new?"),
        ("Who is Lu Wen?", "the mayor", "When did he resign?", "When did Lu Wen resign?"),
        (
            "When did Metro Line 2 open?",
            "May",
            "How many stations does it have?",
            "How many stations does Metro Line 2 have?",
        ),
        # "the articles do not say" is nobody
        ("老图书馆在哪里？", "这些文章里没有这个问题的答案。", "他是哪天来的？", "他是哪天来的？"),
        # a question word alone
        ("柳堤大桥什么时候封闭？", "4月", "为什么？", "柳堤大桥为什么封闭？"),
        ("书展什么时候开幕？", "8月", "在哪里？", "书展在哪里开幕？"),
        ("When did the library close?", "May", "Why?", "Why did the library close?"),
        # what needs nothing stays as it is
        ("书展什么时候开幕？", "8月", "柳堤大桥为什么封闭？", "柳堤大桥为什么封闭？"),
        ("书展什么时候开幕？", "8月", "其他公交线路应该怎么走？", "其他公交线路应该怎么走？"),
        ("书展什么时候开幕？", "8月", "因此停运的线路有哪些？", "因此停运的线路有哪些？"),
        (
            "When did it close?",
            "May",
            "How many people came to Wuxi?",
            "How many people came to Wuxi?",
        ),
    ],
)
def test_follow_ups(before: str, answer: str, question: str, meant: str) -> None:
    assert meant in candidates(question, [Turn(before, answer)])[:2]


def test_the_first_question_stands_alone() -> None:
    assert candidates("他还说了什么？", []) == ["他还说了什么？"]


def test_what_was_asked_before_may_be_a_follow_up_itself() -> None:
    turns = [Turn("老城医院什么时候开诊？", "9月"), Turn("有多少张床位？", "300张")]
    assert candidates("投资多少？", turns)[1] == "老城医院投资多少？"


def test_a_person_spoken_of_earlier_is_remembered() -> None:
    turns = [Turn("季度会议由谁主持？", "周文栋"), Turn("书展什么时候开幕？", "8月9日")]
    assert candidates("他还说了什么？", turns)[1] == "周文栋还说了什么？"
