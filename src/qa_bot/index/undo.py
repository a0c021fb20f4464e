"""Taking an article out of an index so that it can be put back without being embedded anew."""

from __future__ import annotations

import numpy as np

from qa_bot.index.filters import Filter
from qa_bot.index.protocol import Index
from qa_bot.index.records import Whole
from qa_bot.records import Outcome, Removed

__all__ = ["put_back", "take"]


def take(index: Index, article_id: str) -> Removed:
    """Remove an article, and give what `put_back` needs.

    :raises ArticleNotFoundError: if there is none of this id.
    """
    found = index.wholes(index.keys(Filter.of(article_ids=[article_id])))
    article = index.remove(article_id)
    if not found or found[0].article.digest() != article.digest():
        return Removed(article)  # another process replaced it between the two steps
    vectors = {span: tuple(vector.tolist()) for span, vector in found[0].vectors.items()}
    return Removed(article, found[0].spans, vectors, found[0].key, found[0].changes)


def put_back(index: Index, removed: Removed) -> Outcome:
    """Add a removed article again where it was, with its corrections and the vectors it had."""
    vectors = {span: np.array(vector, np.float32) for span, vector in removed.vectors.items()}
    whole = Whole(removed.article, removed.spans, vectors, removed.changes, removed.key)
    (outcome,) = index.restore([whole])
    return outcome
