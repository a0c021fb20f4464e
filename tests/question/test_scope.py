from __future__ import annotations

import pytest

from qa_bot.index.filters import Filter
from qa_bot.question.scope import scope_of


@pytest.mark.parametrize(
    ("question", "since", "until"),
    [
        ("2023年有几篇文章", "2023-01-01", "2023-12-31"),
        ("2023年以来有几篇文章", "2023-01-01", None),
        ("articles since 2023", "2023-01-01", None),
    ],
)
def test_a_time(question: str, since: str | None, until: str | None) -> None:
    scope = scope_of(question, [], Filter())
    assert (scope.where.since, scope.where.until) == (since, until)
    assert "2023" not in scope.rest


def test_a_paper() -> None:
    scope = scope_of("青枫晚报有几篇文章", ["青枫日报", "青枫晚报"], Filter())
    assert scope.where.source == "青枫晚报"
    assert "青枫晚报" not in scope.rest


def test_no_scope() -> None:
    assert not scope_of("水磨坊的主人是谁", ["青枫日报"], Filter())
