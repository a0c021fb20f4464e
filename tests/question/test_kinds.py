from __future__ import annotations

import pytest

from qa_bot.networks.embedding import Embedder
from qa_bot.question.kinds import guess, token_runs


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("有几篇文章提到水磨坊？", "count_articles"),
        ("How many articles mention the ferry?", "count_articles"),
        ("你好", "talk"),
        ("水磨坊为什么关门？", "why"),
        ("水磨坊的门票多少钱？", "fact"),
    ],
)
def test_the_kind_of_a_question(embedder: Embedder, question: str, kind: str) -> None:
    guessed = guess(question, embedder.embed([question], "query")[0])
    assert guessed.kind == kind
    shares = [share for _, share in guessed.kinds]
    assert shares == sorted(shares, reverse=True)
    assert sum(shares) == pytest.approx(1)
    assert 0 <= guessed.follow <= 1


def test_all_numbers_are_alike() -> None:
    assert token_runs("2023年有几篇").tolist() == token_runs("1998年有几篇").tolist()
