"""Getting articles into the index: texts at once, vectors after them, resumable at any point."""

from __future__ import annotations

import dataclasses
import logging
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from filelock import FileLock

from qa_bot.errors import IndexBusyError, IndexMismatchError, StoppedError
from qa_bot.index.protocol import Index
from qa_bot.networks.embedding import Embedder
from qa_bot.networks.gate import gate
from qa_bot.records import Article, EmbeddingFault, Outcome, Progress, Refusal
from qa_bot.settings import Settings
from qa_bot.text.utf8 import storable

__all__ = ["Indexer", "OnProgress", "Source"]

log = logging.getLogger(__name__)

Source = str | Path | Article
OnProgress = Callable[[Progress], None]

_PUT_BATCH = 64  # articles in one transaction
_FIRST_DELAY, _LONGEST_DELAY = 1.0, 300.0  # seconds until embedding that failed is tried again
_IDLE = 1.0  # seconds between two looks of a worker that has nothing to do
# Passages whose vectors are stored in one transaction: while questions are asked a few, or none of
# them would be found for a long time.
_EMBED_BATCH, _QUIET_BATCH = 32, 128


class Indexer:
    """Puts articles into an index, and embeds their passages."""

    def __init__(self, index: Index, embedder: Embedder, settings: Settings) -> None:
        self._index = index
        self._embedder = embedder
        self._settings = settings
        self._embedding = threading.Lock()  # one thread of this process embeds at a time
        self._background: threading.Thread | None = None
        self._starting = threading.Lock()
        self._closing = threading.Event()
        self.fault: EmbeddingFault | None = None

    def put(
        self, sources: Source | Iterable[Source], progress: OnProgress | None = None
    ) -> list[Outcome]:
        """Store the articles of `sources`, so that full text finds them; what became of each."""
        if isinstance(sources, (str, Path, Article)):
            sources = [sources]
        self._check_owner()
        outcomes: list[Outcome] = []
        batch: list[tuple[Article, list[tuple[int, int]]]] = []
        whole = False
        try:
            self._put_all(sources, outcomes, batch, progress)
            whole = True
        finally:  # what was read before an error or Ctrl-C is kept
            outcomes += self._index.put(batch)
            if progress is not None:
                progress(Progress("reading", len(outcomes), len(outcomes) if whole else None))
        self._index.refresh(wait=True)
        return outcomes

    def _put_all(
        self,
        sources: Iterable[Source],
        outcomes: list[Outcome],
        batch: list[tuple[Article, list[tuple[int, int]]]],
        progress: OnProgress | None,
    ) -> None:
        """Read `sources` and store them batch by batch; the last one is left in `batch`."""
        from qa_bot.index.chunking import (
            passage_spans,  # a question need not wait for it to be imported
        )

        reported = time.monotonic()
        for item in self._items(sources):
            refusal = item if isinstance(item, Refusal) else _unusable(item)
            if refusal is not None:
                outcomes.append(Outcome(refusal.path, "refused", reason=refusal.reason))
            elif isinstance(item, Article):
                batch.append((item, passage_spans(item.text, self._settings.passage_chars)))
            if len(batch) >= _PUT_BATCH:
                outcomes += self._index.put(batch)
                batch.clear()
            if progress is not None and time.monotonic() - reported > 0.1:
                reported = time.monotonic()
                progress(Progress("reading", len(outcomes) + len(batch), None, item.path))

    def _items(self, sources: Iterable[Source]) -> Iterator[Article | Refusal]:
        from qa_bot import reading  # nor for this

        for source in sources:
            if isinstance(source, Article):
                yield source
            else:
                yield from reading.read([source], max_file_mb=self._settings.max_file_mb)

    def embed(self, progress: OnProgress | None = None, *, wait: bool) -> None:
        """See that what was put in is embedded; where a worker does so there is nothing to do."""
        if not self._settings.embed:
            return
        if wait:
            self.wait(progress=progress)
        else:
            self.start()

    def wait(self, timeout: float | None = None, progress: OnProgress | None = None) -> bool:
        """Embed what has no vector yet, or watch a worker do so.

        True when all have one, False after `timeout` seconds.
        """
        try:
            return self._wait(timeout, progress)
        except Exception as error:
            self._failed(error)
            raise

    def _failed(self, error: Exception) -> EmbeddingFault:
        """Note what ended embedding; no time mends a wrong model."""
        retried = self._background is not None and not isinstance(error, IndexMismatchError)
        fault = self.fault = EmbeddingFault(error, retried)
        return fault

    def _wait(self, timeout: float | None, progress: OnProgress | None) -> bool:
        deadline = None if timeout is None else time.monotonic() + timeout
        total = self._index.pending()
        while (left := self._index.pending()) and not self._closing.is_set():
            if progress is not None:
                total = max(total, left)
                progress(Progress("embedding", total - left, total))
            if deadline is not None and time.monotonic() >= deadline:
                return False
            # a background thread may hold it: then the loop only watches
            if not self._settings.embed:
                self._closing.wait(0.2)
            elif self._embedding.acquire(timeout=0.2):
                try:
                    self._embed_batch()
                except StoppedError:  # closing
                    return False
                finally:
                    self._embedding.release()
        if progress is not None and total:
            progress(Progress("embedding", total, total))
        with self._embedding:
            if self._settings.embed and not self._closing.is_set():
                self._index.settle()
                self.fault = None
        return not self._closing.is_set()

    def start(self) -> None:
        """Embed in the background; a thread that does so already looks for more before it ends."""
        if not self._settings.embed:
            return
        with self._starting:
            if self._background is None:
                self._background = threading.Thread(
                    target=self._wait_quietly, name="qa_bot-embedding", daemon=True
                )
                self._background.start()

    @property
    def active(self) -> bool:
        """Whether a background thread embeds, or saves what is embedded."""
        return self._background is not None

    def close(self) -> None:
        """Stop embedding."""
        self._closing.set()
        if (background := self._background) is not None:
            background.join()
        with self._embedding:  # what another thread embeds is stopped before the next batch
            pass

    def _wait_quietly(self) -> None:
        delay = _FIRST_DELAY
        while not self._closing.is_set():
            try:
                if self.wait() and self._finished():
                    self._index.grow()
                    return
                delay = _FIRST_DELAY
            except Exception as error:  # noqa: BLE001  # a full disk, say: it must not end all
                fault = self._failed(error.with_traceback(None))
                if not fault.retried:
                    log.error("Embedding stopped: %s", fault.reason)
                    break
                log.error("Embedding is tried again in %.0f s: %s", delay, fault.reason)
                self._closing.wait(delay)
                delay = min(2 * delay, _LONGEST_DELAY)
        with self._starting:
            self._background = None

    def _finished(self) -> bool:
        """Whether nothing is left; then the background thread counts as ended."""
        with self._starting:
            if done := not self._index.pending():
                self._background = None
        return done

    def work(self, stopped: Callable[[], bool]) -> int:
        """Embed what has no vector, and what is put in later, until `stopped`; how many passages.

        Failures are logged, and tried again.

        :raises IndexMismatchError: if the index comes to belong to another model.
        :raises IndexBusyError: if another process works on it that cannot share the work.
        """
        if self._index.shares_work:
            return self._work(stopped)
        lock = FileLock(self._index.folder / "worker.lock")
        try:
            lock.acquire(timeout=0)
        except OSError as error:  # so is a lock that is taken
            raise IndexBusyError(
                f"{self._index.name} has a worker already, or this user may not write there. "
                "Several share the work over an index in a database only."
            ) from error
        with lock:
            return self._work(stopped)

    def _work(self, stopped: Callable[[], bool]) -> int:
        self._check_vectors()  # loads the model, before any passage is claimed
        total, settled, delay = 0, False, _FIRST_DELAY
        while not (stopped() or self._closing.is_set()):
            try:
                with self._embedding:
                    count = self._embed_batch()
                    if not (count or settled):
                        self._index.settle()
                total, settled = total + count, not count
                pause, delay = 0.0 if count else _IDLE, _FIRST_DELAY
                self.fault = None
            except IndexMismatchError:
                raise
            except Exception as error:  # noqa: BLE001  # the database is away, say
                self.fault = EmbeddingFault(error.with_traceback(None), retried=True)
                log.error("Embedding is tried again in %.0f s: %s", delay, self.fault.reason)
                pause, delay = delay, min(2 * delay, _LONGEST_DELAY)
            until = time.monotonic() + pause
            while time.monotonic() < until and not stopped():
                time.sleep(0.1)  # no event: a signal's handler may not set one
        if not settled:
            self._index.settle()
        return total

    def _embed_batch(self) -> int:
        """Embed some of what has no vector; how many passages."""
        # many at once, so that the model can sort them by length and waste no padding
        batch = self._index.claim(_QUIET_BATCH if gate.quiet else _EMBED_BATCH)
        if not batch:
            return 0
        self._check_vectors()
        texts = [f"{article.title}\n{passage.text}".strip() for passage, article in batch]
        vectors = self._embedder.embed_batch(texts, "passage", self._closing.is_set)
        self._index.put_vectors([passage.id for passage, _ in batch], vectors)
        return len(batch)

    def _check_owner(self) -> None:
        """Refuse to go on when another process has given the emptied index to another model."""
        made_with = self._index.fact("model")
        if made_with != self._embedder.identity:
            raise IndexMismatchError(
                f"The index {self._index.name} now belongs to the embedding model "
                f"{made_with}: open it with that one (--model), or another index (--index)."
            )

    def _check_vectors(self) -> None:
        """Refuse a model that has the right name but another dimension or other prompts."""
        self._check_owner()
        shape = f"{self._embedder.dimension} {sorted(self._embedder.prompts.items())}"
        made_with = self._index.set_fact_once("vectors_by", shape)
        if made_with != shape:
            raise IndexMismatchError(
                f"The vectors in {self._index.name} were made with dimension and prompts "
                f"{made_with}, the model now has {shape}. Add the articles to a new index "
                "(--index)."
            )


def _unusable(article: Article) -> Refusal | None:
    """Why an article that a program made cannot be stored, if it cannot."""
    for field in dataclasses.fields(article):
        value = getattr(article, field.name)
        if not isinstance(value, str):
            return Refusal(
                storable(str(article.path or article.title)),
                f"{field.name} is {type(value).__name__}, not text",
            )
        if storable(value) != value:
            return Refusal(
                storable(article.path or article.title),
                f"{field.name} holds lone surrogates: decode it again from its bytes",
            )
    name = article.path or article.id
    if not article.text.strip():
        return Refusal(name, "the article has no text")
    return None
