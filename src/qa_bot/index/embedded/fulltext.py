"""Full-text search over the store's passages: BM25 by Tantivy, kept beside the store."""

from __future__ import annotations

import json
import logging
import math
import shutil
import tempfile
import threading
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import tantivy
from filelock import FileLock, Timeout
from numpy.typing import NDArray

from qa_bot.files import write_atomically
from qa_bot.index.embedded.store import Store
from qa_bot.text.terms import terms

__all__ = ["FullText"]

log = logging.getLogger(__name__)

FORMAT = 1  # of terms and schema; a higher number makes every index be built anew
_MEMORY = 50_000_000  # bytes the writer may hold
_BATCH = 1000


class FullText:
    """A BM25 index of the store's passages in the folder `path`, headline included.

    It follows the store: `update` brings it up to date, or builds it anew when it belongs to
    another store, is damaged, or was made by an older format.
    """

    def __init__(self, path: Path, store: Store) -> None:
        self.path = path
        self.store = store
        self._lock = threading.RLock()
        if not store.read_only:
            path.mkdir(parents=True, exist_ok=True)
        self._file_lock = FileLock(path.parent / f"{path.name}.lock")
        self._index: tantivy.Index | None = None
        self._seen: dict[str, object] = {}
        self._links: tempfile.TemporaryDirectory[str] | None = None

    @property
    def _folder(self) -> Path:
        return self.path / "tantivy"

    @property
    def _stamp_path(self) -> Path:
        return self.path / "stamp.json"

    def _stamp(self) -> dict[str, object]:
        """Up to where the index on disk follows which store; empty if it must be built anew."""
        try:
            stamp = json.loads(self._stamp_path.read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        fits = (
            isinstance(stamp, dict)
            and stamp.get("store") == self.store.uuid
            and stamp.get("format") == FORMAT
            and stamp.get("name") == self.store.generation_name("texts", _number(stamp, "texts"))
        )
        return stamp if fits else {}

    def update(self, *, wait: bool = True) -> bool:
        """Bring the index to the store's state; False if another process does and `wait` is off.

        A crash at any point is made good by the next call: the stamp is written last, and doing a
        change twice changes nothing.
        """
        with self._lock:
            if self._index is not None and self._seen.get("texts") == self.store.generation(
                "texts"
            ):
                return True
            if self.store.read_only:
                self._reload()
                return self._index is not None
            try:
                with self._file_lock.acquire(timeout=-1 if wait else 0):
                    self._follow()
            except Timeout:
                self._reload()
                return False
            return True

    def _follow(self) -> None:
        stamp = self._stamp()
        index = self._open() if stamp else None
        if index is None:
            stamp, index = {}, self._create()
        # read first: what changes meanwhile is then done again, not missed
        generation = self.store.generation("texts")
        if stamp.get("texts") != generation:
            try:
                last = self._apply(index, _number(stamp, "texts"), _number(stamp, "last"))
            except ValueError as error:  # such as a file that a killed writer left in the way
                log.warning("The full-text index is built anew, for it cannot go on: %s", error)
                index = self._create()
                last = self._apply(index, 0, 0)
            stamp = {
                "store": self.store.uuid,
                "format": FORMAT,
                "texts": generation,
                "name": self.store.generation_name("texts", generation),
                "last": last,
            }
            write_atomically(self._stamp_path, json.dumps(stamp).encode())
        index.reload()
        self._index, self._seen = index, stamp

    def _apply(self, index: tantivy.Index, generation: int, last: int) -> int:
        writer = index.writer(_MEMORY, 1)
        for passage_id in self.store.removed_since(generation):
            writer.delete_documents_by_term("passage", passage_id)
        while batch := self.store.passages_after(last, _BATCH):
            for passage, article in batch:
                # a crash after the commit and before the stamp leaves it there already
                writer.delete_documents_by_term("passage", passage.id)
                body = " ".join(terms(f"{article.title}\n{passage.text}"))
                writer.add_document(tantivy.Document(passage=passage.id, body=body))
            last = batch[-1][0].id
        writer.commit()
        writer.wait_merging_threads()
        return last

    def _open(self) -> tantivy.Index | None:
        """The index on disk, None if it is missing or damaged."""
        if self._index is not None:
            return self._index
        try:
            folder = self._linked() if self.store.read_only else self._folder
            return _with_tokenizer(tantivy.Index(_schema(), str(folder), reuse=True))
        except ValueError:
            log.warning("The full-text index in %s is damaged and is built anew.", self.path)
            return None

    def _linked(self) -> Path:
        """A folder with links to the index's files, for Tantivy writes its locks beside them."""
        self._links = tempfile.TemporaryDirectory(prefix="qa_bot-")
        for file in self._folder.iterdir():
            if file.suffix != ".lock":
                (Path(self._links.name) / file.name).symlink_to(file.absolute())
        return Path(self._links.name)

    def _create(self) -> tantivy.Index:
        self._stamp_path.unlink(missing_ok=True)
        shutil.rmtree(self._folder, ignore_errors=True)
        self._folder.mkdir(parents=True)
        return _with_tokenizer(tantivy.Index(_schema(), str(self._folder), reuse=False))

    def _reload(self) -> None:
        """Take what another process has brought up to date so far."""
        stamp = self._stamp()
        if stamp and stamp != self._seen:
            index = self._open()
            if index is not None:
                index.reload()
                self._index, self._seen = index, stamp

    def search(
        self, question_terms: Sequence[str], k: int, allowed: NDArray[np.int64] | None = None
    ) -> list[tuple[int, float]]:
        """The `k` best passages as (id, BM25 score), best first; only `allowed` ones if given."""
        with self._lock:
            index = self._index
        if index is None or not question_terms:
            return []
        schema = index.schema
        should = [
            (tantivy.Occur.Should, tantivy.Query.term_query(schema, "body", t, "freq"))
            for t in question_terms
        ]
        query = tantivy.Query.boolean_query(should)
        if allowed is not None:
            inside = tantivy.Query.term_set_query(schema, "passage", allowed.tolist())
            query = tantivy.Query.boolean_query(
                [
                    (tantivy.Occur.Must, query),
                    (tantivy.Occur.Must, tantivy.Query.const_score_query(inside, 0.0)),
                ]
            )
        searcher = index.searcher()
        hits = searcher.search(query, k, count=False).hits
        ids = searcher.fast_field_values("passage", [address for _, address in hits])
        return [(int(i), float(score)) for i, (score, _) in zip(ids, hits, strict=True)]

    def holding(
        self, wanted: Sequence[str], allowed: NDArray[np.int64] | None = None
    ) -> NDArray[np.int64]:
        """Ids of all passages that hold each of these terms; only `allowed` ones if given."""
        with self._lock:
            index = self._index
        if index is None or not wanted:
            return np.zeros(0, np.int64)
        schema = index.schema
        must = [
            (tantivy.Occur.Must, tantivy.Query.term_query(schema, "body", t, "basic"))
            for t in wanted
        ]
        searcher = index.searcher()
        most = max(searcher.num_docs, 1)
        hits = searcher.search(tantivy.Query.boolean_query(must), most, count=False).hits
        ids = searcher.fast_field_values("passage", [address for _, address in hits])
        found = np.array(sorted(int(i) for i in ids), np.int64)
        return found if allowed is None else np.intersect1d(found, allowed)

    def weights(self, question_terms: Iterable[str]) -> dict[str, float]:
        """The inverse document frequency of each term (of BM25, natural logarithm)."""
        with self._lock:
            index = self._index
        if index is None:
            return dict.fromkeys(question_terms, 1.0)
        searcher = index.searcher()
        n = searcher.num_docs
        weights = {}
        for term in question_terms:
            df = searcher.doc_freq("body", term)
            weights[term] = math.log(1 + (max(n - df, 0) + 0.5) / (df + 0.5))
        return weights

    def close(self) -> None:
        """Let go of the files."""
        with self._lock:
            self._index, self._seen = None, {}
            if self._links is not None:
                self._links.cleanup()
                self._links = None


def _number(stamp: dict[str, object], key: str) -> int:
    value = stamp.get(key)
    return value if isinstance(value, int) else 0


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_integer_field("passage", stored=False, indexed=True, fast=True)
    builder.add_text_field("body", stored=False, tokenizer_name="terms", index_option="freq")
    return builder.build()


def _with_tokenizer(index: tantivy.Index) -> tantivy.Index:
    analyzer = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
    index.register_tokenizer("terms", analyzer)
    return index
