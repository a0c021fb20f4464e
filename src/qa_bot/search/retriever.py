"""Passages for a question: vectors and BM25, fused so that each speaks where it knows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from qa_bot.index.filters import Filter
from qa_bot.index.protocol import Index
from qa_bot.index.records import Scored
from qa_bot.networks.embedding import Embedder
from qa_bot.networks.gate import gate
from qa_bot.records import Article, Hit, Passage
from qa_bot.search.baseline import background_vectors, without_language
from qa_bot.search.reprints import fold
from qa_bot.text.terms import content_terms, held

__all__ = ["Retriever", "Search", "coverage"]

# So much of what a question's own language adds to the cosine is taken off where passages are
# ranked. All of it would be fair to other languages, but what is asked in a language is more often
# answered in it, and what it adds is only an estimate.
_FAIR = 0.85
_RRF_K = 60  # Cormack, Clarke, Büttcher 2009, "Reciprocal Rank Fusion", SIGIR


@dataclass(frozen=True, slots=True)
class Search:
    """What a search gave, with what the answerer needs of it.

    `weights` are the question's content terms with their inverse document frequency; `vector` is
    the question's, float32 (d,), or None where no passage has a vector yet. `background` is its
    mean cosine with unrelated text, by language.
    """

    hits: tuple[Hit, ...]
    weights: dict[str, float]
    vector: NDArray[np.float32] | None
    background: dict[str, float]

    def above_background(self, cosine: float, language: str) -> float:
        """What a cosine of the question with text in `language` is worth."""
        return cosine - self.background.get(language, self.background.get("", 0.0))


class Retriever:
    """Finds passages in an index."""

    def __init__(self, index: Index, embedder: Embedder, candidates: int = 50) -> None:
        self.index = index
        self.embedder = embedder
        self.candidates = candidates

    @gate.question()
    def search(self, question: str, k: int, where: Filter | None = None) -> Search:
        """The `k` best passages for `question`, best first."""
        index = self.index
        index.refresh()
        depth = max(k, self.candidates)
        weights = index.weights(content_terms(question))
        lexical = index.matching(list(weights), depth, where)
        vector, near, background = None, {}, {}
        if index.dimension:
            vector = self.embedder.embed([question], "query")[0]
            means = background_vectors(self.embedder)
            background = {language: float(mean @ vector) for language, mean in means.items()}
            near = dict(index.nearest(vector, 2 * depth, where))
            # where a language prevails its passages would fill the list, however far they are
            bare = without_language(vector, means)
            far = [i for i, _ in index.nearest(bare, 2 * depth, where) if i not in near]
            near |= index.cosines(vector, far)
        search = Search((), weights, vector, background)
        hits = [
            hit
            if "coverage" in hit.parts
            else replace(
                hit,
                parts={**hit.parts, "coverage": _covered(search, hit.passage, hit.article)},
            )
            for hit in fold(self._fuse(near, lexical, search), k)
        ]
        return replace(search, hits=tuple(hits))

    def _fuse(
        self,
        near: dict[int, float],
        lexical: Sequence[Scored],
        search: Search,
    ) -> list[Hit]:
        """Reciprocal rank fusion of two corrected lists.

        The dense list, passages with their cosines, is ranked by these less `_FAIR` of the
        background of each article's language, for a question's cosines with its own language are
        higher throughout. BM25 has as much say as its match has substance: in plain fusion a list
        that matched one stray number or Latin word outvotes the dense list, and between languages
        that is all it ever matches. So a passage's BM25 term is weighted by the square of its
        coverage, the share of the question's term weight that the passage holds.
        """
        found = self.index.passages([*near, *(i for i, _ in lexical)])
        parts: dict[int, dict[str, float]] = {i: {} for i in found}
        others = [i for i, _ in lexical if i not in near]
        cosines = near
        if search.vector is not None:
            cosines = near | self.index.cosines(search.vector, others)
        fair: dict[int, float] = {}
        languages = self.index.passage_languages(cosines)
        for passage_id, cosine in cosines.items():
            if passage_id in found:
                above = search.above_background(cosine, languages.get(passage_id, ""))
                parts[passage_id].update(dense=cosine, dense_above=above)
                fair[passage_id] = _FAIR * above + (1 - _FAIR) * cosine
        ranked = sorted((i for i in near if i in found), key=lambda i: -fair[i])
        for rank, passage_id in enumerate(ranked, 1):
            parts[passage_id]["dense_rank"] = rank
        for rank, (passage_id, score) in enumerate(lexical, 1):
            if passage_id in found:
                parts[passage_id].update(bm25=score, bm25_rank=rank)
        hits = []
        for passage_id, (passage, article) in found.items():
            part = parts[passage_id]
            score = 0.0
            if "dense_rank" in part:
                score += 1 / (_RRF_K + part["dense_rank"])
            if "bm25_rank" in part:
                part["coverage"] = _covered(search, passage, article)
                score += part["coverage"] ** 2 / (_RRF_K + part["bm25_rank"])
            hits.append(Hit(passage, article, score, part))
        hits.sort(key=lambda hit: (-hit.score, hit.passage.id))
        return hits


def _covered(search: Search, passage: Passage, article: Article) -> float:
    return coverage(search.weights, f"{article.title}\n{passage.text}")


def coverage(weights: dict[str, float], text: str) -> float:
    """The share (0 to 1) of the terms' weight that `text` holds."""
    total = sum(weights.values())
    return sum(weights[term] for term in held(weights, text)) / total if total else 0.0
