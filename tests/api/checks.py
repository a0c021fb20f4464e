"""What the tests of the interfaces ask, and check in every answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import httpx

from qa_bot import Article

AREA = "临江图书馆新馆的建筑面积是多少？"
COUNT = "有几篇文章提到“柳堤”？"
WHY = "柳堤大桥为什么封闭？"
KEY = "sk-secret-4711"
ODD = Article("编辑部手记", "编辑部今天搬到了槐荫巷7号。", id="desk/2024 №1")


def fault(answer: httpx.Response) -> dict[str, Any]:
    """The error in an answer, which has its one shape."""
    assert answer.headers["content-type"] == "application/json"
    assert answer.json().keys() == {"error"}
    error: dict[str, Any] = answer.json()["error"]
    assert error.keys() == {"message", "type", "param", "code"}
    assert error["message"]
    return error


def check_quotes(http: httpx.Client, citations: list[dict[str, Any]]) -> None:
    """Whether each quote stands in the article that it names, to the character."""
    assert citations
    for number, citation in enumerate(citations, 1):
        assert citation["number"] == number
        article = http.get(f"/api/v1/articles/{citation['article_id']}").json()
        assert article["text"][citation["start"] : citation["end"]] == citation["quote"]
        for name in ("title", "source", "date", "url"):
            assert citation[name] == article[name]


def listed(*articles: Article, mentions: Sequence[int]) -> list[dict[str, Any]]:
    return [
        {"id": a.id, "title": a.title, "date": a.published, "source": a.source, "mentions": n}
        for a, n in zip(articles, mentions, strict=True)
    ]
