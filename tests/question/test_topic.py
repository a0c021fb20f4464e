from __future__ import annotations

from qa_bot.question.topic import quoted, topics


def test_what_stands_in_quotation_marks() -> None:
    assert quoted("《水磨坊》和“石桥”") == ["水磨坊", "石桥"]
    assert topics("有几篇文章提到“石桥”？", "count_articles") == ["石桥"]


def test_what_a_question_is_about() -> None:
    assert topics("有几篇文章提到水磨坊？", "count_articles") == ["水磨坊"]
    assert topics("How many articles mention Kestrel Island?", "count_articles") == [
        "Kestrel Island"
    ]
