"""QABot: the one object that the web UI, the command line and other programs talk to."""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Literal, Self

from qa_bot.answer.compose import compose
from qa_bot.answer.reader import Reader, TrainedReader
from qa_bot.collection.statistics import Statistics
from qa_bot.errors import ArticleNotFoundError, IndexMismatchError, QABotError, ReadError
from qa_bot.feedback import Feedback
from qa_bot.files import STORE_FILE
from qa_bot.index.embedded.fulltext import FullText
from qa_bot.index.embedded.store import Store, storable
from qa_bot.index.embedded.vectors import VectorIndex
from qa_bot.index.filters import Day, Filter
from qa_bot.index.indexer import Indexer, OnProgress, Source
from qa_bot.index.listing import Order
from qa_bot.index.undo import put_back, take
from qa_bot.jsonl import line_of
from qa_bot.llm import LLM
from qa_bot.networks.embedding import Embedder, Vectors
from qa_bot.question.followups import stand_alone
from qa_bot.records import (
    FILTERED,
    LONGEST_QUESTION,
    AddReport,
    Answer,
    Article,
    Hit,
    Outcome,
    Refusal,
    Removed,
    Turn,
    Update,
)
from qa_bot.search.baseline import background_vectors
from qa_bot.search.retriever import Retriever
from qa_bot.settings import Settings, load_settings

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

    from qa_bot.llm.writer import Writer

__all__ = ["QABot"]

log = logging.getLogger(__name__)

_ANSWER_HITS = 10
_EXPORT_BATCH = 500  # articles in memory at once


class QABot:
    """Answers questions over the articles of one index folder.

    Open it with `QABot.open`; use it as a context manager or call `close`. One bot may be shared
    by any number of threads, and several processes may open the same folder.
    """

    def __init__(self, path: Path, settings: Settings) -> None:
        self.path = path
        self.settings = settings
        try:
            path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise QABotError(f"Cannot make the index folder {path}: {error}.") from error
        self._store = Store(path / STORE_FILE)
        if self._store.read_only:
            self.settings = settings.model_copy(update={"read_only": True})
        self._embedder = Embedder.of(settings)
        self._check_model()
        self._vectors = VectorIndex(path / "vectors.faiss", self._store)
        fulltext = FullText(path / "fulltext", self._store)
        self._retriever = Retriever(
            self._store, self._vectors, fulltext, self._embedder, settings.candidates
        )
        self._indexer = Indexer(self._store, self._vectors, fulltext, self._embedder, settings)
        self._reader: Reader = TrainedReader(self._embedder)
        self._llm = LLM.of(settings)
        self.feedback = Feedback(path / "feedback.jsonl")
        self.overview = Statistics(path / "overview.sqlite3", self._store)
        self.closed = False
        self._preparing = threading.Lock()
        self._preparation: threading.Thread | None = None

    @classmethod
    def open(
        cls,
        path: str | Path = "index",
        *,
        settings: Settings | None = None,
        model: str | None = None,
    ) -> Self:
        """Open the index in the folder `path`, or start one there.

        `model` is an embedding model's folder or hub name, short for a setting of that name.

        :raises IndexMismatchError: if the index was made by another embedding model.
        """
        if settings is None:
            settings = load_settings(model=model)
        elif model is not None:
            settings = settings.model_copy(update={"model": model})
        return cls(Path(path).expanduser(), settings)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stop embedding (it is taken up again later), save the vector index, close the files."""
        self.closed = True
        self.overview.close()
        self._indexer.close()
        if self._preparation is not None:
            self._preparation.join()
        self._store.close()

    def _check_model(self) -> None:
        made_with = self._store.set_meta_once("model", self._embedder.identity)
        if made_with == self._embedder.identity:
            return
        if not self._store.counts()[0]:
            self._store.replace_meta("model", self._embedder.identity)
            self._store.drop_meta("vectors_by")
            (self.path / "vectors.faiss").unlink(missing_ok=True)
            return
        self._store.close()
        raise IndexMismatchError(
            f"The index in {self.path} was made with the embedding model {made_with}, not with "
            f"{self._embedder.identity}. Open it with that model (--model), or add the articles "
            "to a new index folder (--index)."
        )

    # -- adding --------------------------------------------------------------------------------

    def add(
        self,
        sources: Source | Iterable[Source],
        *,
        wait: bool = True,
        progress: OnProgress | None = None,
    ) -> AddReport:
        """Add files, folders (with all below them) and articles.

        With `wait` it returns when all is in; without, as soon as the texts can be searched, while
        the vectors follow in the background. Whatever stops it, what was added stays, and missing
        vectors are made up for by the next `add` or `wait`. Inputs that cannot be read are named
        in the report and stop nothing.
        """
        outcomes = self._indexer.put(sources, progress)
        if wait:
            self.wait(progress=progress)
        else:
            self._indexer.start()
        return AddReport(tuple(outcomes))

    def wait(self, timeout: float | None = None, progress: OnProgress | None = None) -> bool:
        """Embed what has no vector yet; True when all have one, False after `timeout` seconds."""
        return self._indexer.wait(timeout, progress)

    def pending(self) -> int:
        """How many passages have no vector yet: full text finds them, meaning does not."""
        return self._store.pending()

    # -- articles ------------------------------------------------------------------------------

    def read(self, path: str | Path) -> list[Article]:
        """The articles that adding the file `path` would give, without adding them.

        :raises ReadError: if the file gives none; the message says why.
        """
        items = self.read_each(path)
        articles = [item for item in items if isinstance(item, Article)]
        refusals = [item for item in items if isinstance(item, Refusal)]
        for refusal in refusals:
            log.warning("%s: %s", refusal.path, refusal.reason)
        if not articles:
            raise ReadError(
                "; ".join(f"{r.path}: {r.reason}" for r in refusals) or f"{path}: no articles"
            )
        return articles

    def read_each(self, path: str | Path) -> list[Article | Refusal]:
        """The articles of a file, and what of it could not be read: its rows, or the whole."""
        from qa_bot import reading  # a question need not wait for it to be imported

        return list(reading.read([path], max_file_mb=self.settings.max_file_mb))

    def read_text(self, text: str, source: str = "") -> list[Article]:
        """The articles of a text, split as a text file's would be, without adding them.

        :raises ReadError: if it holds none.
        """
        from qa_bot.reading import read_text

        return read_text(text, source=source)

    def articles(
        self,
        *,
        limit: int | None = None,
        offset: int = 0,
        contains: str = "",
        source: str | None = None,
        since: Day | None = None,
        until: Day | None = None,
        order: Order = "-added",
    ) -> list[Article]:
        """Articles, newest added first; `contains` is looked for in headline, byline and source.

        `source`, `since` and `until` as in `search`; `order` is one of
        `qa_bot.index.listing.ORDERS`.

        :raises QABotError: if a date cannot be read, or there is no such order.
        """
        where = Filter.of(since, until, source, contains=contains)
        keys = self._store.keys(where, order, limit=limit, offset=offset)
        return [article for _, article in self._store.by_keys(keys)]

    def count(
        self,
        *,
        contains: str = "",
        source: str | None = None,
        since: Day | None = None,
        until: Day | None = None,
    ) -> int:
        """How many articles `articles` gives without a limit.

        :raises QABotError: if a date cannot be read.
        """
        return self._store.count(Filter.of(since, until, source, contains=contains))

    def undated(self, *, contains: str = "", source: str | None = None) -> int:
        """How many of these articles no date lets through, for nobody gave their year."""
        where = Filter.of(source=source, contains=contains)
        return self._store.count(where) - self._store.count(replace(where, since="0000-01-01"))

    def export(
        self,
        path: str | Path,
        *,
        contains: str = "",
        source: str | None = None,
        since: Day | None = None,
        until: Day | None = None,
    ) -> int:
        """Write articles to the JSON Lines file `path`, in the order they were added; how many.

        Adding that file gives the same articles again. Arguments as in `articles`.

        :raises QABotError: if a date cannot be read, or the file cannot be written.
        """
        keys = self._store.keys(Filter.of(since, until, source, contains=contains), "added")
        count = 0
        try:
            with Path(path).open("w", encoding="utf-8", newline="\n") as file:
                for at in range(0, len(keys), _EXPORT_BATCH):
                    articles = self._store.by_keys(keys[at : at + _EXPORT_BATCH])
                    file.writelines(line_of(article) for _, article in articles)
                    count += len(articles)
        except OSError as error:
            raise QABotError(f"{path} cannot be written: {error}.") from error
        return count

    def article(self, article_id: str) -> Article:
        """The article of this id.

        :raises ArticleNotFoundError: if there is none.
        """
        return self._store.article(article_id)

    def remove(self, article_id: str) -> Article:
        """Remove the article of this id from the index; returns it.

        :raises ArticleNotFoundError: if there is none.
        """
        return self._store.remove(article_id)

    def take(self, article_id: str) -> Removed:
        """Remove the article of this id as `remove` does; `put_back` undoes it with the result.

        :raises ArticleNotFoundError: if there is none.
        """
        return take(self._store, article_id)

    def put_back(self, removed: Removed) -> Outcome:
        """Undo `take`: the article is there again, with its vectors, as the newest one.

        :raises QABotError: if another article has its id by now.
        """
        with contextlib.suppress(ArticleNotFoundError):
            now = self._store.article(removed.article.id)
            if now.digest() != removed.article.digest():
                raise QABotError(
                    f"Another article has the id {now.id!r} now: remove that one first."
                )
        if not removed.spans:
            return self.add(removed.article, wait=False).outcomes[0]
        outcome = put_back(self._store, removed)
        self._retriever.fulltext.update(wait=False)
        self._indexer.start()  # for what had no vector yet
        return outcome

    def sources(self) -> list[str]:
        """The newspapers that articles name as their source, sorted."""
        return self._store.sources()

    # -- asking --------------------------------------------------------------------------------

    def search(
        self,
        question: str,
        k: int = 10,
        since: Day | None = None,
        until: Day | None = None,
        source: str | None = None,
        article_ids: Iterable[str] | None = None,
    ) -> list[Hit]:
        """The `k` passages nearest to `question`, best first, as retrieval alone ranks them.

        `since` and `until` (`2024`, `2024-08`, `2024-08-09` or a date; both inclusive) and `source`
        keep to articles that say so; undated articles pass no date filter. `article_ids` keeps to
        these articles.

        :raises QABotError: if a date cannot be read, or `k` is not positive.
        """
        if not isinstance(k, int) or k < 1:
            raise QABotError(f"k is how many passages to find, at least 1, not {k}.")
        where = Filter.of(since, until, source, article_ids)
        return list(self._retriever.search(_asked(question), k, where).hits)

    def ask(
        self,
        question: str,
        *,
        since: Day | None = None,
        until: Day | None = None,
        source: str | None = None,
        article_ids: Iterable[str] | None = None,
        history: Sequence[Turn] = (),
        llm: LLM | bool = True,
    ) -> Answer:
        """The answer to `question`, with citations; arguments as in `search` and `stream`."""
        answer = None
        for update in self.stream(
            question,
            since=since,
            until=until,
            source=source,
            article_ids=article_ids,
            history=history,
            llm=llm,
        ):
            answer = update.answer
        if answer is None:
            raise AssertionError("a stream ends with an answer")
        return answer

    def stream(
        self,
        question: str,
        *,
        since: Day | None = None,
        until: Day | None = None,
        source: str | None = None,
        article_ids: Iterable[str] | None = None,
        history: Sequence[Turn] = (),
        llm: LLM | bool = True,
    ) -> Iterator[Update]:
        """The steps to the answer: passages as soon as they are found, the answer last.

        `history` is what was asked before, oldest first: a follow-up question is understood from
        it. `llm` is the language model that writes the answer; True, the one in the settings, if
        any; False, none. Where it fails the answer is the one without it, and its `note` says why.
        """
        question = _asked(question)
        where = Filter.of(since, until, source, article_ids)
        if isinstance(llm, bool):
            return self._steps(question, where, history, self._llm if llm else None)
        return self._steps(question, where, history, llm)

    def _steps(
        self, question: str, where: Filter, history: Sequence[Turn], llm: LLM | None
    ) -> Iterator[Update]:
        yield Update("searching")
        self._prepare()
        writer = self._writer(llm) if llm is not None else None
        asked = (writer and writer.rewrite(question, history)) or stand_alone(question, history)
        changed = asked if asked != question else ""
        begun = time.perf_counter()
        search = self._retriever.search(asked, _ANSWER_HITS, where)
        found = time.perf_counter()
        yield Update("reading", hits=search.hits, asked=changed)
        read_from = time.perf_counter()
        result = self._reader.read(asked, search)
        done = time.perf_counter()
        timings = {"search": found - begun, "read": done - read_from}
        answer = compose(asked, result, self.settings.answer_threshold, timings)
        answer = replace(answer, question=question, asked=changed)
        if where and not answer.hits and not self._store.count(where):
            answer = replace(answer, note=self._filtered(where), fault=FILTERED)
        if writer is not None and answer.hits:
            answer = yield from writer.steps(answer)
        if answer.answerer == "extractive":
            for end in _growing(answer.text):
                yield Update("writing", answer.text[:end], answer.hits, asked=changed)
        yield Update("done", answer.text, answer.hits, answer, changed)

    def _filtered(self, where: Filter) -> str:
        undated = self.undated(source=where.source) if where.since or where.until else 0
        left_out = f" {undated} are left out because nobody gave their year." if undated else ""
        return f"The filter leaves none of the {self.count()} articles to look in.{left_out}"

    def _writer(self, llm: LLM) -> Writer:
        from qa_bot.llm.writer import Writer  # nobody else waits for it to be imported

        return Writer(llm, self._embedder)

    def _prepare(self) -> None:
        """Begin to load the reader, once: the first question is then searched for meanwhile."""
        with self._preparing:
            if self._preparation is None:
                self._preparation = threading.Thread(target=self._load_reader, name="qa_bot-reader")
                self._preparation.start()

    def _load_reader(self) -> None:
        with contextlib.suppress(QABotError):  # it comes again where the reader is used
            self._reader.warm_up()

    def embed(
        self, texts: Sequence[str] | str, kind: Literal["passage", "query"] = "passage"
    ) -> Vectors:
        """Unit vectors of `texts`, float32 of shape (n, d), by the index's own model."""
        return self._embedder.embed([texts] if isinstance(texts, str) else texts, kind)

    def sentence_transformer(self) -> SentenceTransformer:
        """The index's embedding model as sentence-transformers has it, prompts included."""
        return self._embedder.sentence_transformer()

    def warm_up(self) -> None:
        """Load the model and the indexes now, so that the first question is quick."""
        self._prepare()
        background_vectors(self._embedder)
        self._reader.warm_up()
        self._vectors.grow()
        self._retriever.fulltext.update(wait=False)

    def info(self) -> dict[str, object]:
        """Facts about the index; `bytes` is what its folder takes on disk."""
        articles, passages, pending = self._store.counts()
        self._vectors.update()
        return {
            "path": str(self.path.resolve()),
            "articles": articles,
            "passages": passages,
            "pending": pending,
            "model": self._embedder.identity,
            "dimension": self._vectors.dimension,
            "bytes": _bytes(self.path),
            "version": version("qa-bot"),
        }


def _bytes(folder: Path) -> int:
    total = 0
    for path in folder.rglob("*"):
        with contextlib.suppress(FileNotFoundError):  # a temporary file, gone meanwhile
            total += path.stat().st_size
    return total


def _asked(question: str) -> str:
    if not isinstance(question, str):
        raise QABotError(f"A question is text, not {type(question).__name__}.")
    question = storable(question).strip()
    if not question:
        raise QABotError("The question is empty: ask something.")
    if len(question) > LONGEST_QUESTION:
        raise QABotError(
            f"The question has {len(question):,} characters: ask it in {LONGEST_QUESTION:,}."
        )
    return question


def _growing(text: str) -> Iterator[int]:
    """Ends of ever longer beginnings of `text`, for streaming.

    At most 4, for the page takes some 20 ms to draw each, and a quote is there at once.
    """
    step = max(12, -(-len(text) // 5))
    yield from range(step, len(text), step)
