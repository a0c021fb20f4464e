"""Taking an article out of the store so that it can be put back without being embedded anew."""

from __future__ import annotations

import numpy as np

from qa_bot.index.embedded.store import Store
from qa_bot.index.filters import Filter
from qa_bot.index.records import Span
from qa_bot.records import Outcome, Removed

__all__ = ["put_back", "take"]


def take(store: Store, article_id: str) -> Removed:
    """Remove an article, and give what `put_back` needs.

    :raises ArticleNotFoundError: if there is none of this id.
    """
    before = store.article(article_id)
    spans, vectors = _passages(store, article_id)
    article = store.remove(article_id)
    if article.digest() != before.digest():  # another process replaced it between the two steps
        return Removed(article)
    return Removed(article, spans, vectors)


def put_back(store: Store, removed: Removed) -> Outcome:
    """Add a removed article again, and the vectors that it had."""
    (outcome,) = store.put([(removed.article, list(removed.spans))])
    if outcome.status == "added" and removed.vectors:
        vectors = {
            passage_id: removed.vectors[span]
            for passage_id, span in _spans(store, removed.article.id).items()
            if span in removed.vectors
        }
        store.put_vectors(list(vectors), np.array(list(vectors.values()), np.float32))
    return outcome


def _passages(
    store: Store, article_id: str
) -> tuple[tuple[Span, ...], dict[Span, tuple[float, ...]]]:
    """The spans of an article's passages, and the vectors of those that have one."""
    spans = _spans(store, article_id)
    ids, vectors = store.vectors(np.array(list(spans), np.int64))
    by_span = {spans[int(i)]: tuple(v.tolist()) for i, v in zip(ids, vectors, strict=True)}
    return tuple(spans.values()), by_span


def _spans(store: Store, article_id: str) -> dict[int, Span]:
    """The spans of an article's passages by their ids, ascending."""
    passages = store.passages(store.passage_ids(Filter.of(article_ids=[article_id])))
    return {i: (passage.start, passage.end) for i, (passage, _) in passages.items()}
