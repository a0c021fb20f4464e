"""An index in a folder: SQLite, and FAISS and Tantivy derived from it."""

from __future__ import annotations

import contextlib
import logging
import sqlite3
import threading
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

import faiss
import numpy as np
import tantivy
from numpy.typing import NDArray

from qa_bot.errors import QABotError
from qa_bot.feedback import FileLog, Log
from qa_bot.files import STORE_FILE
from qa_bot.index.embedded.fulltext import FullText
from qa_bot.index.embedded.store import Store
from qa_bot.index.embedded.vectors import VectorIndex
from qa_bot.index.filters import Filter
from qa_bot.index.records import Engine, Scored

__all__ = ["EmbeddedIndex"]

log = logging.getLogger(__name__)


class EmbeddedIndex(Store):
    """The index in `folder`, which is made if there is none; see `qa_bot.index.protocol`.

    :raises IndexMismatchError: if what is there was written by a newer qa_bot, or is no index.
    :raises QABotError: if the folder cannot be made.
    """

    shares_work = False

    def __init__(self, folder: Path) -> None:
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise QABotError(f"Cannot make the index folder {folder}: {error}.") from error
        super().__init__(folder / STORE_FILE)
        self.folder = folder
        self.name = str(folder.resolve())
        self.vectors_index = VectorIndex(folder / "vectors.faiss", self)
        self.fulltext = FullText(folder / "fulltext", self)
        self.judgements: Log = FileLog(folder / "feedback.jsonl")
        self._filtering = threading.Lock()
        self._allowed: tuple[Filter, int, NDArray[np.int64]] | None = None

    def close(self) -> None:
        try:
            self.vectors_index.close()
        except (OSError, QABotError) as error:  # it is only a short cut for the next start
            log.warning("The vector index could not be saved: %s", error)
        self.fulltext.close()
        super().close()

    def engine(self) -> Engine:
        parts = (f"SQLite {sqlite3.sqlite_version}", f"FAISS {faiss.__version__}")
        return Engine(
            "embedded", ", ".join((*parts, f"Tantivy {tantivy.__version__}")), _size(self.folder)
        )

    def adopt(self, model: str) -> str:
        before = self.fact("model")
        made_with = super().adopt(model)
        if before not in ("", made_with):  # it was empty; its vectors' file may not be
            self.vectors_index.path.unlink(missing_ok=True)
        return made_with

    # -- searching -----------------------------------------------------------------------------

    def refresh(self, *, wait: bool = False) -> None:
        self.vectors_index.update()
        try:
            self.fulltext.update(wait=wait)
        except (OSError, ValueError) as error:  # such as a full disk: meaning still finds
            if wait:
                raise
            log.error("The full-text index cannot be brought up to date: %s", error)

    def settle(self) -> None:
        self.vectors_index.update()
        try:
            self.vectors_index.save()
        except OSError as error:
            raise QABotError(
                f"The vector index cannot be saved: {error}. Make room on the disk, or let this "
                "user write there; what was added is kept, and adding goes on."
            ) from error

    def grow(self) -> None:
        self.vectors_index.grow()

    @property
    def dimension(self) -> int:
        self.vectors_index.update()
        return self.vectors_index.dimension if len(self.vectors_index) else 0

    def nearest(
        self, vector: NDArray[np.float32], k: int, where: Filter | None = None
    ) -> list[Scored]:
        found = self.vectors_index.search(vector, self._at_most(k), self._passages_of(where))
        return [Scored(*item) for item in found]

    def cosines(self, vector: NDArray[np.float32], ids: Collection[int]) -> dict[int, float]:
        there, vectors = self.vectors(np.array(list(ids), np.int64))
        if not len(there):
            return {}
        return dict(zip(there.tolist(), (vectors @ vector).tolist(), strict=True))

    def matching(self, terms: Sequence[str], k: int, where: Filter | None = None) -> list[Scored]:
        found = self.fulltext.search(terms, self._at_most(k), self._passages_of(where))
        return [Scored(*item) for item in found]

    def holding(self, terms: Sequence[str], where: Filter | None = None) -> NDArray[np.int64]:
        return self.fulltext.holding(terms, self._passages_of(where))

    def weights(self, terms: Iterable[str]) -> dict[str, float]:
        return self.fulltext.weights(terms)

    def _at_most(self, k: int) -> int:
        """`k`, or how many there are: FAISS and Tantivy set memory aside for all of it."""
        return min(k, max(self.last_passage(), 1))

    def _passages_of(self, where: Filter | None) -> NDArray[np.int64] | None:
        """The passages that a filter lets through; kept, for a search asks several times."""
        if not where:
            return None
        generation = self.generation("texts")
        with self._filtering:
            kept = self._allowed
        if kept is not None and kept[:2] == (where, generation):
            return kept[2]
        ids = self.passage_ids(where)
        with self._filtering:
            self._allowed = (where, generation, ids)
        return ids


def _size(folder: Path) -> int:
    """The bytes that its files take."""
    total = 0
    for path in folder.rglob("*"):
        with contextlib.suppress(FileNotFoundError):  # a temporary file, gone meanwhile
            total += path.stat().st_size
    return total
