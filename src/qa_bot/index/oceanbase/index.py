"""An index in a database: one truth, which the engine searches by itself."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from platformdirs import user_cache_path

from qa_bot.errors import QABotError
from qa_bot.feedback import Log
from qa_bot.index.address import Address
from qa_bot.index.filters import Filter
from qa_bot.index.oceanbase import reading, writing
from qa_bot.index.oceanbase.connections import Connections, Cursor, in_list, rows
from qa_bot.index.oceanbase.judgements import TableLog
from qa_bot.index.oceanbase.listing import conditions_of, hash_of
from qa_bot.index.oceanbase.schema import format_of, prepare, vectors_table
from qa_bot.index.oceanbase.term_counts import TermCounts
from qa_bot.index.oceanbase.terms import query, query_all
from qa_bot.index.putting import not_found, put_article
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

__all__ = ["OceanBaseIndex", "holds_index"]

LEASE = 120  # seconds after which the passages of a worker that died are given to another
_MOST = 16_384  # results of a search


def holds_index(address: Address) -> bool:
    """Whether the database at this address holds an index.

    :raises QABotError: if it cannot be asked.
    """
    connections = Connections(address)
    try:
        return bool(connections.read(format_of))
    finally:
        connections.close()


class OceanBaseIndex:
    """The index in the database at `address`; see `qa_bot.index.protocol`.

    Those who put articles in wait for one another; those who embed do not, and share the work.

    :raises IndexMismatchError: if what is there was written by a newer qa_bot, or is no index.
    :raises IndexAwayError: if the database cannot be reached.
    """

    read_only = False
    shares_work = True

    def __init__(self, address: Address) -> None:
        self.name = str(address)
        self._connections = Connections(address)
        try:
            prepare(self._connections)
            self.uuid = self.fact("uuid")
        except BaseException:
            self._connections.close()
            raise
        self.folder: Path = user_cache_path("qa_bot") / "indexes" / self.uuid
        self.folder.mkdir(parents=True, exist_ok=True)
        self.judgements: Log = TableLog(self._connections)
        self._worker = uuid.uuid4().hex
        self._terms = TermCounts(self._connections)

    def close(self) -> None:
        self._connections.close()

    # -- what the whole is ---------------------------------------------------------------------

    def engine(self) -> Engine:
        return self._connections.read(reading.engine)

    def fact(self, name: str) -> str:
        return self._connections.read(lambda cursor: reading.fact(cursor, name))

    def set_fact_once(self, name: str, value: str) -> str:
        def use(cursor: Cursor) -> str:
            cursor.execute("INSERT IGNORE INTO facts VALUES (%s, %s)", (name, value))
            return reading.fact(cursor, name)

        return self._connections.read(use)

    def adopt(self, model: str) -> str:
        if (made_with := self.set_fact_once("model", model)) == model:
            return model

        def use(cursor: Cursor) -> bool:
            writing.Writing(cursor)  # nobody puts anything in meanwhile
            if reading.count_articles(cursor, None):
                return False
            cursor.execute("REPLACE INTO facts VALUES ('model', %s)", (model,))
            cursor.execute("DELETE FROM facts WHERE name IN ('vectors_by', 'dimension')")
            return True

        if not self._connections.write(use):
            return made_with
        self._connections.read(lambda cursor: cursor.execute("DROP TABLE IF EXISTS vectors"))
        return model

    def state(self) -> str:
        sql = "SELECT number, name FROM states ORDER BY number DESC LIMIT 1"
        ((number, name),) = self._connections.read(lambda cursor: rows(cursor, sql))
        return f"{number} {name}"

    def had_state(self, state: str) -> bool:
        number, _, name = state.partition(" ")
        if not (name and number.isdecimal() and len(number) < 19):
            return False
        sql = "SELECT 1 FROM states WHERE number = %s AND name = %s"
        return bool(self._connections.read(lambda cursor: rows(cursor, sql, (int(number), name))))

    def counts(self) -> Counts:
        return self._connections.read(reading.counts)

    # -- articles ------------------------------------------------------------------------------

    def put(self, additions: Sequence[tuple[Article, Sequence[Span]]]) -> list[Outcome]:
        return self.restore([Whole(article, tuple(spans), {}) for article, spans in additions])

    def restore(self, wholes: Sequence[Whole]) -> list[Outcome]:
        if not wholes:
            return []
        for whole in wholes:
            if whole.vectors:
                self._have_vectors(len(next(iter(whole.vectors.values()))))
        batch = [writing.prepared(whole) for whole in wholes]
        first: list[Outcome] = []

        def use(cursor: Cursor) -> list[Outcome]:
            tables = writing.Writing(cursor, batch)
            outcomes = []
            for item in batch:
                tables.current = item
                outcomes.append(put_article(tables, item.whole))
            tables.flush()
            first.extend(outcomes if not first else ())
            return outcomes

        outcomes = self._connections.write(use)
        # where the answer to the first try was lost, what it added is skipped by the next
        return [
            tried if done.status == "skipped" else done
            for done, tried in zip(outcomes, first, strict=True)
        ]

    def correct(
        self, article_ids: Sequence[str], fields: Mapping[str, str], at: str
    ) -> list[Article]:
        return self._connections.write(
            lambda cursor: writing.correct(cursor, article_ids, fields, at)
        )

    def history(self, article_id: str) -> list[Change]:
        hashes = [hash_of(article_id)]
        found = self._connections.read(lambda c: reading.article_rows(c, "id_hash", hashes))
        return list(found[0].changes) if found else []

    def remove(self, article_id: str) -> Article:
        removed: list[Article] = []

        def use(cursor: Cursor) -> None:
            tables = writing.Writing(cursor)
            found = reading.article_rows(cursor, "id_hash", [hash_of(article_id)])
            if not found and not removed:  # else the answer to the first try was lost
                raise not_found(article_id)
            for row in found:
                removed.append(row.article)
                writing.delete_article(cursor, row.key)
                tables.changed = True
            tables.flush()

        self._connections.write(use)
        return removed[0]

    def article(self, article_id: str) -> Article:
        hashes = [hash_of(article_id)]
        found = self._connections.read(lambda c: reading.article_rows(c, "id_hash", hashes))
        if not found:
            raise not_found(article_id)
        return found[0].article

    def keys(
        self,
        where: Filter | None = None,
        order: Order = "-added",
        *,
        limit: int | None = None,
        offset: int = 0,
    ) -> list[int]:
        return self._connections.read(
            lambda cursor: reading.listing_keys(cursor, where, order, limit, offset)
        )

    def count(self, where: Filter | None = None) -> int:
        return self._connections.read(lambda cursor: reading.count_articles(cursor, where))

    def by_keys(self, keys: Sequence[int]) -> list[StoredArticle]:
        found = self._connections.read(lambda cursor: reading.articles_by_key(cursor, keys))
        return [StoredArticle(key, found[key]) for key in keys if key in found]

    def languages(self, keys: Iterable[int]) -> dict[int, str]:
        sql = "SELECT article, language FROM articles WHERE article {}"
        wanted = list(map(int, keys))
        return dict(self._connections.read(lambda c: list(reading.each_of(c, sql, wanted))))

    def sources(self) -> list[str]:
        return sorted(row.source for row in self.source_counts() if row.source)

    def wholes(self, keys: Sequence[int]) -> list[Whole]:
        with_vectors = bool(self._made_dimension())
        return self._connections.read(
            lambda cursor: reading.wholes(cursor, keys, with_vectors=with_vectors)
        )

    # -- the whole collection ------------------------------------------------------------------

    def all_keys(self) -> list[int]:
        return self.keys(order="added")

    def day_counts(self) -> list[DayCount]:
        return self._connections.read(reading.day_counts)

    def source_counts(self) -> list[SourceCount]:
        return self._connections.read(reading.source_counts)

    def keys_dated(self, first: str | None, last: str | None) -> list[DatedKey]:
        return self._connections.read(lambda cursor: reading.keys_by_date(cursor, first, last))

    def keys_of_source(self, source: str) -> list[int]:
        return self._connections.read(lambda cursor: reading.keys_of_source(cursor, source))

    # -- passages ------------------------------------------------------------------------------

    def passages(self, ids: Iterable[int]) -> dict[int, StoredPassage]:
        wanted = list(ids)
        return self._connections.read(lambda cursor: reading.passages_by_id(cursor, wanted))

    def passage_languages(self, ids: Iterable[int]) -> dict[int, str]:
        sql = (
            "SELECT p.passage, a.language FROM passages p JOIN articles a ON a.article = p.article"
            " WHERE p.passage {}"
        )
        wanted = list(map(int, ids))
        return dict(self._connections.read(lambda c: list(reading.each_of(c, sql, wanted))))

    def keys_of_passages(self, ids: Iterable[int]) -> set[int]:
        sql = "SELECT DISTINCT article FROM passages WHERE passage {}"
        wanted = list(map(int, ids))
        return {
            key for (key,) in self._connections.read(lambda c: [*reading.each_of(c, sql, wanted)])
        }

    # -- vectors -------------------------------------------------------------------------------

    def pending(self) -> int:
        sql = "SELECT COUNT(*) FROM pending"
        return int(self._connections.read(lambda cursor: rows(cursor, sql))[0][0])

    def claim(self, limit: int) -> list[StoredPassage]:
        """The passages are this worker's until `LEASE` is over."""

        def use(cursor: Cursor) -> list[int]:
            free = rows(
                cursor,
                "SELECT passage FROM pending WHERE claimed_until < NOW(6) OR worker = %s"
                f" ORDER BY passage LIMIT {int(limit)} FOR UPDATE SKIP LOCKED",
                (self._worker,),
            )
            ids = [i for (i,) in free]
            if ids:
                cursor.execute(
                    "UPDATE pending SET worker = %s,"
                    f" claimed_until = NOW(6) + INTERVAL {LEASE} SECOND"
                    f" WHERE passage {in_list(ids)}",
                    (self._worker, *ids),
                )
            return ids

        ids = self._connections.write(use)
        return list(self.passages(ids).values())

    def put_vectors(self, ids: Sequence[int], vectors: NDArray[np.float32]) -> None:
        if not len(ids):
            return
        self._have_vectors(vectors.shape[1])
        by_id = dict(zip(ids, vectors, strict=True))
        self._connections.write(lambda cursor: writing.insert_vectors(cursor, by_id))

    def _have_vectors(self, dimension: int) -> None:
        """Make the table of the vectors, whose dimension is known from the first of them on."""
        made = self._made_dimension()
        if not made:
            self._connections.read(lambda cursor: vectors_table(cursor, dimension))
            made = int(self.set_fact_once("dimension", str(dimension)))
        if made != dimension:
            raise QABotError(
                f"The vectors in {self.name} have {made} components, these have {dimension}."
            )

    def _made_dimension(self) -> int:
        return int(self.fact("dimension") or 0)

    @property
    def dimension(self) -> int:
        made = self._made_dimension()
        if not made:
            return 0
        sql = "SELECT 1 FROM vectors LIMIT 1"
        return made if self._connections.read(lambda cursor: rows(cursor, sql)) else 0

    # -- searching -----------------------------------------------------------------------------

    def refresh(self, *, wait: bool = False) -> None:
        """Nothing: the engine's indexes are those of the tables."""

    def settle(self) -> None:
        """Nothing: the engine keeps its indexes."""

    def grow(self) -> None:
        """Nothing: the engine builds its graph by itself."""

    def nearest(
        self, vector: NDArray[np.float32], k: int, where: Filter | None = None
    ) -> list[Scored]:
        if self._made_dimension() != len(vector):
            return []
        conditions, values = conditions_of(where)
        sql = (
            "SELECT passage, NEGATIVE_INNER_PRODUCT(vector, %s) AS distance FROM vectors"
            f" WHERE TRUE{conditions} ORDER BY distance APPROXIMATE LIMIT {min(k, _MOST)}"
        )
        found = self._connections.read(lambda c: rows(c, sql, [_written(vector), *values]))
        return reading.ranked((passage_id, -distance) for passage_id, distance in found)

    def cosines(self, vector: NDArray[np.float32], ids: Collection[int]) -> dict[int, float]:
        if self._made_dimension() != len(vector):
            return {}
        sql = "SELECT passage, INNER_PRODUCT(vector, %s) FROM vectors WHERE passage "
        wanted, written = list(map(int, ids)), _written(vector)

        def use(cursor: Cursor) -> dict[int, float]:
            found: dict[int, float] = {}
            for batch in reading.batches(wanted):
                found |= dict(rows(cursor, sql + in_list(batch), (written, *batch)))
            return found

        return self._connections.read(use)

    def matching(self, terms: Sequence[str], k: int, where: Filter | None = None) -> list[Scored]:
        if not terms:
            return []
        conditions, values = conditions_of(where)
        sql = (
            "SELECT passage, MATCH (terms) AGAINST (%s) AS score FROM passages"
            f" WHERE MATCH (terms) AGAINST (%s){conditions}"
            f" ORDER BY score DESC LIMIT {min(k, _MOST)}"
        )
        asked = query(self._terms.rarest(terms, self.state()))
        return reading.ranked(
            self._connections.read(lambda c: rows(c, sql, (asked, asked, *values)))
        )

    def holding(self, terms: Sequence[str], where: Filter | None = None) -> NDArray[np.int64]:
        if not terms:
            return np.zeros(0, np.int64)
        conditions, values = conditions_of(where)
        sql = (
            "SELECT passage FROM passages"
            f" WHERE MATCH (terms) AGAINST (%s IN BOOLEAN MODE){conditions}"
        )
        found = self._connections.read(lambda c: rows(c, sql, (query_all(terms), *values)))
        return np.array(sorted(passage_id for (passage_id,) in found), np.int64)

    def weights(self, terms: Iterable[str]) -> dict[str, float]:
        """Of a large index they may be some minutes old."""
        return self._terms.weights(terms, self.state())


def _written(vector: NDArray[np.float32]) -> str:
    return "[" + ",".join(map(repr, vector.astype(np.float64).tolist())) + "]"
