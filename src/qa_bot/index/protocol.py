"""An index as the bot knows it, whichever engine keeps it: what is needed, and no more."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from qa_bot.feedback import Log
from qa_bot.index.filters import Filter
from qa_bot.index.records import (
    Counts,
    DatedKey,
    DayCount,
    Engine,
    Scored,
    SourceCount,
    Span,
    StoredArticle,
    StoredPassage,
    Whole,
)
from qa_bot.records import Article, Change, Order, Outcome

__all__ = ["Index"]


class Index(Protocol):
    """Articles, their passages, and the passages' vectors; safe to share by threads.

    Every change is kept whole or not at all, whatever ends the process, and what searches find is
    what is there: nothing that was removed, and the texts of an article as soon as it was put in.
    Several processes may use one index. Keys of articles and ids of passages are numbers that are
    never used for anything else; the text behind them never changes. Where `where` is a filter,
    only articles that it lets through count. `tests/index/test_protocol*.py` holds every engine to
    all this.

    :raises IndexBusyError: if another process keeps it from being changed, or it is `read_only`.
    :raises QABotError: if it was closed, or its storage fails.
    """

    name: str
    """What it is called in messages: a folder or an address, never with a password."""
    uuid: str
    folder: Path
    """Where this machine keeps what is derived from it."""
    read_only: bool
    shares_work: bool
    """Whether `claim` gives several processes different passages."""
    judgements: Log

    def close(self) -> None:
        """Let go of it; once more does no harm."""
        ...

    # -- what the whole is ---------------------------------------------------------------------

    def engine(self) -> Engine:
        """What keeps it, and how large it is."""
        ...

    def adopt(self, model: str) -> str:
        """Which embedding model it belongs to: `model`, where no article holds it to another."""
        ...

    def fact(self, name: str) -> str:
        """A fact about it, "" if it is not set."""
        ...

    def set_fact_once(self, name: str, value: str) -> str:
        """Set a fact that has no value yet; the value it has now."""
        ...

    def state(self) -> str:
        """The name of the state its articles are in; every change begins another."""
        ...

    def had_state(self, state: str) -> bool:
        """Whether it is or was in this state, and so what is there now was made from it."""
        ...

    def counts(self) -> Counts:
        """How much it holds."""
        ...

    # -- articles ------------------------------------------------------------------------------

    def put(self, additions: Sequence[tuple[Article, Sequence[Span]]]) -> list[Outcome]:
        """Add articles with the [start, end) of their passages, in one step.

        Content that is there already is skipped, and so found under one id; other content under a
        known id replaces it, and so do better metadata. What was corrected stays as it is.
        """
        ...

    def correct(
        self, article_ids: Sequence[str], fields: Mapping[str, str], at: str
    ) -> list[Article]:
        """Give all these articles these fields (`CORRECTABLE`), in one step; what they are now.

        Their keys and ids stay. Of a new headline's passages none has a vector any more. `at` is
        the time that the history gives.

        :raises ArticleNotFoundError: if one of them is not there; then none is changed.
        """
        ...

    def history(self, article_id: str) -> list[Change]:
        """The corrections of an article, oldest first; none of one that is not there."""
        ...

    def remove(self, article_id: str) -> Article:
        """Remove an article with all that belongs to it; returns it.

        :raises ArticleNotFoundError: if there is none of this id.
        """
        ...

    def article(self, article_id: str) -> Article:
        """The article of this id.

        :raises ArticleNotFoundError: if there is none.
        """
        ...

    def keys(
        self,
        where: Filter | None = None,
        order: Order = "-added",
        *,
        limit: int | None = None,
        offset: int = 0,
    ) -> list[int]:
        """The keys of a list of articles.

        :raises QABotError: if there is no such order.
        """
        ...

    def count(self, where: Filter | None = None) -> int:
        """How many articles `keys` would list."""
        ...

    def by_keys(self, keys: Sequence[int]) -> list[StoredArticle]:
        """The articles of `keys` with these, in that order, without those removed meanwhile."""
        ...

    def languages(self, keys: Iterable[int]) -> dict[int, str]:
        """The language that each article is written in (`zh`, `en`, ..., "" unknown), by key."""
        ...

    def sources(self) -> list[str]:
        """The newspapers that articles name as their source, sorted."""
        ...

    def wholes(self, keys: Sequence[int]) -> list[Whole]:
        """As `by_keys`, each with all that belongs to it, and the vectors there are so far."""
        ...

    def restore(self, wholes: Sequence[Whole]) -> list[Outcome]:
        """`put` them, in one step with the vectors of those that are new by it."""
        ...

    # -- the whole collection ------------------------------------------------------------------

    def all_keys(self) -> list[int]:
        """The articles' keys, ascending."""
        ...

    def day_counts(self) -> list[DayCount]:
        """How many articles span each (first, last) day; those without a year are left out."""
        ...

    def source_counts(self) -> list[SourceCount]:
        """How many articles each source has, most first; "" are those that name none."""
        ...

    def keys_dated(self, first: str | None, last: str | None) -> list[DatedKey]:
        """The articles whose dates lie within these days, in their order.

        Both None: those without a year, whose days are "".
        """
        ...

    def keys_of_source(self, source: str) -> list[int]:
        """The keys of a newspaper's articles, ascending."""
        ...

    # -- passages ------------------------------------------------------------------------------

    def passages(self, ids: Iterable[int]) -> dict[int, StoredPassage]:
        """Those of the passages `ids` that are there, each with its article, ascending."""
        ...

    def passage_languages(self, ids: Iterable[int]) -> dict[int, str]:
        """The language that each passage's article is written in, as `languages` has it."""
        ...

    def keys_of_passages(self, ids: Iterable[int]) -> set[int]:
        """The keys of the articles that these passages are of."""
        ...

    # -- vectors -------------------------------------------------------------------------------

    def pending(self) -> int:
        """How many passages have no vector yet."""
        ...

    def claim(self, limit: int) -> list[StoredPassage]:
        """Up to `limit` passages that have no vector yet, for the caller to embed.

        None of those that another process is embedding, if it `shares_work`.
        """
        ...

    def put_vectors(self, ids: Sequence[int], vectors: NDArray[np.float32]) -> None:
        """Store the vectors, shape (len(ids), d), but for passages that were removed meanwhile."""
        ...

    @property
    def dimension(self) -> int:
        """Components of a vector; 0 while there are none."""
        ...

    # -- searching -----------------------------------------------------------------------------

    def refresh(self, *, wait: bool = False) -> None:
        """Bring what is searched up to what was put in, by this process or another.

        Without `wait`, what another process is about, or cannot be done now, is left for later.
        """
        ...

    def settle(self) -> None:
        """Adding has come to an end for now: keep what makes searching quick.

        :raises QABotError: if that cannot be kept; what was added is kept all the same.
        """
        ...

    def grow(self) -> None:
        """Begin, in the background, to build what makes searching very many passages quick."""
        ...

    def nearest(
        self, vector: NDArray[np.float32], k: int, where: Filter | None = None
    ) -> list[Scored]:
        """The `k` passages nearest to `vector`, float32 (d,), by cosine, best first."""
        ...

    def cosines(self, vector: NDArray[np.float32], ids: Collection[int]) -> dict[int, float]:
        """The cosine of `vector` with each of these passages that has one."""
        ...

    def matching(self, terms: Sequence[str], k: int, where: Filter | None = None) -> list[Scored]:
        """The `k` passages that match these terms best, by BM25, best first."""
        ...

    def holding(self, terms: Sequence[str], where: Filter | None = None) -> NDArray[np.int64]:
        """Ids of all passages that hold each of these terms, headlines included, ascending."""
        ...

    def weights(self, terms: Iterable[str]) -> dict[str, float]:
        """The inverse document frequency of each term (of BM25, natural logarithm)."""
        ...
