"""The articles of an index as lists: which there are, filtered, counted, exported."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from qa_bot.collection.statistics import NameCount, Statistics
from qa_bot.index.contents import Contents, excerpt_of
from qa_bot.index.filters import Day, Filter
from qa_bot.index.protocol import Index
from qa_bot.records import Article, Excerpt, Order
from qa_bot.references import write_articles

__all__ = ["Listing"]

_BATCH = 500  # articles in memory at once


class Listing:
    """What an index holds, in lists; `QABot` opens it."""

    overview: Statistics
    _index: Index
    _contents: Contents

    def articles(
        self,
        *,
        limit: int | None = None,
        offset: int = 0,
        contains: str = "",
        byline: str = "",
        name: str = "",
        source: str | None = None,
        since: Day | None = None,
        until: Day | None = None,
        order: Order = "-added",
    ) -> list[Article]:
        """Articles, newest added first, that hold every word of `contains`, and `byline` in theirs.

        Words are looked for in text, headline, byline and source; or `contains` is a whole id.
        `name` is a person, place or body that they name, as `names` has it: articles that are new
        are read for names first, some thousand a second. Names are known of Chinese articles.
        `source`, `since` and `until` as in `search`; `order` is one of `qa_bot.records.ORDERS`.

        :raises QABotError: if a date cannot be read, there is no such order, or names cannot be
            looked for.
        """
        where = Filter.of(since, until, source, contains=contains, byline=byline)
        where = self._looked_up(where, name)
        keys = self._index.keys(where, order, limit=limit, offset=offset)
        return [article for _, article in self._index.by_keys(keys)]

    def count(
        self,
        *,
        contains: str = "",
        byline: str = "",
        name: str = "",
        source: str | None = None,
        since: Day | None = None,
        until: Day | None = None,
    ) -> int:
        """How many articles `articles` gives without a limit.

        :raises QABotError: as `articles`.
        """
        where = Filter.of(since, until, source, contains=contains, byline=byline)
        return self._index.count(self._looked_up(where, name))

    def _looked_up(self, where: Filter, name: str) -> Filter:
        """The filter with the articles that have its words in their texts, or bear the name."""
        if where.contains:
            where = replace(where, holders=self._contents.holders(where.contains))
        if name.strip():
            self.overview.complete()
            where = replace(where, among=self.overview.naming(name))
        return where

    def excerpt(self, article: Article, contains: str) -> Excerpt | None:
        """What stands around the words of `contains` in an article's text; None without any."""
        return excerpt_of(article, contains)

    def undated(
        self, *, contains: str = "", byline: str = "", name: str = "", source: str | None = None
    ) -> int:
        """How many of these articles no date lets through, for nobody gave their year."""
        where = Filter.of(source=source, contains=contains, byline=byline)
        where = self._looked_up(where, name)
        return self._index.count(where) - self._index.count(replace(where, since="0000-01-01"))

    def export(
        self,
        path: str | Path,
        *,
        contains: str = "",
        byline: str = "",
        name: str = "",
        source: str | None = None,
        since: Day | None = None,
        until: Day | None = None,
        article_ids: Iterable[str] | None = None,
    ) -> int:
        """Write articles to the file `path`, in the order they were added; how many.

        They are JSON Lines, and adding that file gives the same articles again; but references
        where the name ends so: `.bib` (BibTeX), `.ris` or `.json` (CSL-JSON). Arguments as in
        `articles`; `article_ids` keeps to these.

        :raises QABotError: as `articles`, and if the file cannot be written.
        """
        where = Filter.of(since, until, source, article_ids, contains, byline)
        keys = self._index.keys(self._looked_up(where, name), "added")
        return write_articles(path, self._by_keys(keys))

    def _by_keys(self, keys: Sequence[int]) -> Iterator[Article]:
        for at in range(0, len(keys), _BATCH):
            for _, article in self._index.by_keys(keys[at : at + _BATCH]):
                yield article

    def sources(self) -> list[str]:
        """The newspapers that articles name as their source, sorted."""
        return self._index.sources()

    def names(self, contains: str = "", limit: int = 50) -> list[NameCount]:
        """The persons, places and bodies that articles name, and how many do so, most first.

        Those that hold `contains` in any script, what begins with it first. They are told in
        simplified characters, and known of Chinese articles; new ones are read as by `articles`.

        :raises QABotError: if names cannot be looked for.
        """
        self.overview.complete()
        return self.overview.names(contains, limit)
