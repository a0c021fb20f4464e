"""Articles for what every index does, and what is asked of one in the tests."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from qa_bot.index.filters import Filter
from qa_bot.index.protocol import Index
from qa_bot.records import Article, Order
from qa_bot.text.terms import content_terms

BRIDGE = Article(
    "大桥封闭", "大桥今天封闭。明天也封闭。", published="2024-04-08", source="日报", byline="何知微"
)
FERRY = Article("Ferry", "The ferry sails.", published="2023-05", source="Post")
PICNIC = Article("野餐", "四月六日去野餐。", published="--04-06")
APPLES = Article("apples", "Apples are red.", published="2022", source="Post")
UNTITLED = Article("", "无题的一篇。", published="2024-04-09", source="日报")
SPANS = [(0, 7), (7, 13)]
DIMENSION = 16


def put(index: Index, *articles: Article) -> list[str]:
    """Put articles in, each of one passage; what became of them."""
    outcomes = index.put([(article, [(0, len(article.text))]) for article in articles])
    index.refresh(wait=True)
    return [outcome.status for outcome in outcomes]


def unit(n: int, seed: int = 3) -> NDArray[np.float32]:
    rows = np.random.default_rng(seed).normal(size=(n, DIMENSION)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return rows


def embed(index: Index, rows: NDArray[np.float32]) -> list[int]:
    """Give the first passages that have no vector these; their ids."""
    ids = [passage.id for passage, _ in index.claim(len(rows))]
    index.put_vectors(ids, rows)
    index.refresh(wait=True)
    return ids


def titles(index: Index, order: Order = "-added", **where: Any) -> list[str]:
    return [a.title for _, a in index.by_keys(index.keys(Filter(**where), order))]


def found(index: Index, question: str, where: Filter | None = None) -> list[str]:
    """The titles of what full text finds, best first."""
    hits = index.matching(content_terms(question), 10, where)
    passages = index.passages([hit.id for hit in hits])
    return [passages[hit.id].article.title for hit in hits]
