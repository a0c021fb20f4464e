"""Taking an article out of the store so that it can be put back without being embedded anew."""

from __future__ import annotations

import numpy as np

from qa_bot.index.embedded.store import Store
from qa_bot.index.filters import Filter
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
        found = store.passages(store.passage_ids(Filter.of(article_ids=[removed.article.id])))
        known = {
            passage.id: removed.vectors[span]
            for passage, _ in found.values()
            if (span := (passage.start, passage.end)) in removed.vectors
        }
        store.put_vectors(list(known), np.array(list(known.values()), np.float32))
    return outcome


def _passages(
    store: Store, article_id: str
) -> tuple[tuple[tuple[int, int], ...], dict[tuple[int, int], tuple[float, ...]]]:
    """The spans of an article's passages, and the vectors of those that have one."""
    found = store.passages(store.passage_ids(Filter.of(article_ids=[article_id])))
    spans = {ident: (passage.start, passage.end) for ident, (passage, _) in found.items()}
    ids, vectors = store.vectors(np.array(sorted(spans), np.int64))
    known = {spans[int(i)]: tuple(v.tolist()) for i, v in zip(ids, vectors, strict=True)}
    return tuple(spans[ident] for ident in sorted(spans)), known
