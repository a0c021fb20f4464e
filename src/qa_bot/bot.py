"""QABot: the one object that the web UI, the command line and other programs talk to."""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Literal, Self

from qa_bot.answer.answerer import EXACT, Answerer
from qa_bot.answer.reader import Reader, TrainedReader
from qa_bot.collection.statistics import Statistics
from qa_bot.conversations import Conversations
from qa_bot.errors import IndexMismatchError, QABotError, StoppedError
from qa_bot.feedback import Feedback
from qa_bot.index.contents import Contents
from qa_bot.index.filters import Day, Filter
from qa_bot.index.indexer import Indexer
from qa_bot.index.opening import open_index
from qa_bot.library import Library
from qa_bot.llm import LLM
from qa_bot.networks.embedding import Embedder, Vectors
from qa_bot.question.followups import candidates
from qa_bot.question.question import Question, checked, parse
from qa_bot.records import (
    FILTERED,
    OUTSIDE,
    Answer,
    EmbeddingFault,
    Hit,
    Turn,
    Update,
)
from qa_bot.search.baseline import background_vectors
from qa_bot.search.cutoff import cut
from qa_bot.search.retriever import Retriever
from qa_bot.settings import Settings, load_settings
from qa_bot.text.glosses import Gloss, glosses

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

    from qa_bot.llm.writer import Writer

__all__ = ["QABot"]

log = logging.getLogger(__name__)


class QABot(Library):
    """Answers questions over the articles of one index, in a folder or a database.

    Open it with `QABot.open`; use it as a context manager or call `close`. One bot may be shared
    by any number of threads, and several processes may open the same index. `path` is the folder,
    or of a database that in which this machine keeps what is derived from it.
    """

    def __init__(self, place: str | Path, settings: Settings) -> None:
        self.settings = settings
        self._index = open_index(place, settings.index_password.get_secret_value())
        self.path = self._index.folder
        if self._index.read_only:
            self.settings = settings.model_copy(update={"read_only": True})
        self._embedder = Embedder.of(settings)
        self._check_model()
        self._retriever = Retriever(self._index, self._embedder, settings.candidates)
        self._contents = Contents(self._index)
        self._indexer = Indexer(self._index, self._embedder, settings)
        self._reader: Reader = TrainedReader(self._embedder)
        self._answerer = Answerer(
            self._index, self._retriever, self._reader, settings.answer_threshold
        )
        self._llm = LLM.of(settings)
        self._own_writer: Writer | None = None
        self.feedback = Feedback(self._index.judgements)
        self.conversations = Conversations(
            self.path / "conversations.sqlite3", writable=not self._index.read_only
        )
        self.overview = Statistics(self.path / "overview.sqlite3", self._index)
        self._renamed = self.overview.forget
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

        `path` may be the address of a database: `oceanbase://user:password@host:port/database`.
        `model` is an embedding model's folder or hub name, short for a setting of that name.

        :raises IndexMismatchError: if the index was made by another embedding model.
        :raises IndexAwayError: if the database cannot be reached.
        """
        if settings is None:
            settings = load_settings(model=model)
        elif model is not None:
            settings = settings.model_copy(update={"model": model})
        return cls(path, settings)

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
        self.conversations.close()
        self._indexer.close()
        if self._preparation is not None:
            self._preparation.join()
        self._index.close()

    def _check_model(self) -> None:
        made_with = self._index.adopt(self._embedder.identity)
        if made_with == self._embedder.identity:
            return
        self._index.close()
        raise IndexMismatchError(
            f"The index in {self._index.name} was made with the embedding model {made_with}, not "
            f"with {self._embedder.identity}. Open it with that model (--model), or add the "
            "articles to a new index (--index)."
        )

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
        return list(self._retriever.search(checked(question), k, where).hits)

    @staticmethod
    def relevant(hits: Sequence[Hit]) -> tuple[list[Hit], list[Hit]]:
        """The hits that are relevant to their question, and the others; order as given.

        Bare addresses, copyright lines and other furniture of pages are in neither. Where anything
        is left at least one hit is relevant.
        """
        return cut(hits)

    @staticmethod
    def glosses(text: str, language: str, reader: str) -> list[Gloss]:
        """What of the numbers and units of `text` reads otherwise in the `reader`'s language.

        Languages are BCP 47 tags: `1.1亿元` (zh-Hans) is `110 million yuan` for a reader of en.
        """
        return glosses(text, language, reader)

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
        stopped: Callable[[], bool] = lambda: False,
    ) -> Iterator[Update]:
        """The steps to the answer: passages as soon as they are found, the answer last.

        `history` is what was asked before, oldest first: a follow-up question is understood from
        it. `llm` is the language model that writes the answer; True, the one in the settings, if
        any; False, none. Where it fails the answer is the one without it, and its `note` says why.
        Where `stopped`, asked from time to time, is true, the work ends, the model's too.

        :raises StoppedError: while it is read, if it was ended.
        """
        question = checked(question)
        where = Filter.of(since, until, source, article_ids)
        if isinstance(llm, bool):
            return self._steps(question, where, history, self._llm if llm else None, stopped)
        return self._steps(question, where, history, llm, stopped)

    def _steps(
        self,
        question: str,
        where: Filter,
        history: Sequence[Turn],
        llm: LLM | None,
        stopped: Callable[[], bool],
    ) -> Iterator[Update]:
        yield Update("searching")
        self._prepare()
        writer = self._writer(llm) if llm is not None else None
        asked = (writer and writer.rewrite(question, history, stopped)) or (
            self._answerer.understood(candidates(question, history), where, history)
        )
        _go_on(stopped)
        parsed = parse(question, asked)
        changed = asked if asked != question else ""
        begun = time.perf_counter()
        search = self._answerer.search(parsed, where)
        timings = {"search": time.perf_counter() - begun}
        if respelt := self._answerer.respell(parsed, where):
            other = parse(question, respelt)
            found = self._answerer.search(other, where)
            if self._answerer.prefers(other, found, parsed, search):
                changed, parsed, search = respelt, other, found
        yield Update("reading", hits=search.hits, asked=changed)
        _go_on(stopped)
        answer = self._answerer.answer(parsed, search, where)
        _go_on(stopped)
        answer = replace(answer, asked=changed, timings=timings | answer.timings)
        if where and not answer.hits and not self._index.count(where):
            answer = replace(answer, note=self._filtered(where), fault=FILTERED)
        exact = answer.kind in EXACT or self._answerer.exact(parsed, search)
        if writer is not None and answer.hits and not exact:
            answer = yield from writer.steps(answer, stopped)
        unanswered = answer.state != "answered" and not answer.fault
        if where and unanswered and self._answers_outside(parsed):
            answer = replace(answer, note=_OUTSIDE, fault=OUTSIDE)
        _go_on(stopped)
        if answer.answerer == "extractive":
            for end in _growing(answer.text):
                yield Update("writing", answer.text[:end], answer.hits, asked=changed)
        yield Update("done", answer.text, answer.hits, answer, changed)

    def _answers_outside(self, question: Question) -> bool:
        """Whether all articles answer a question that those of a filter do not."""
        search = self._answerer.search(question, Filter())
        return self._answerer.answer(question, search, Filter()).answerable

    def _filtered(self, where: Filter) -> str:
        undated = self.undated(source=where.source) if where.since or where.until else 0
        left_out = f" {undated} are left out because nobody gave their year." if undated else ""
        return f"The filter leaves none of the {self.count()} articles to look in.{left_out}"

    def _writer(self, llm: LLM) -> Writer:
        from qa_bot.llm.writer import Writer  # nobody else waits for it to be imported

        if llm is not self._llm:
            return Writer(llm, self._embedder)  # a visitor's: its key is gone with the answer
        if self._own_writer is None:
            self._own_writer = Writer(llm, self._embedder)
        return self._own_writer

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
        self,
        texts: Sequence[str] | str,
        kind: Literal["passage", "query"] = "passage",
        stopped: Callable[[], bool] = lambda: False,
    ) -> Vectors:
        """Unit vectors of `texts`, float32 of shape (n, d), by the index's own model.

        Questions go first. Where `stopped`, asked from time to time, is true, the work ends.

        :raises StoppedError: if it was ended.
        """
        texts = [texts] if isinstance(texts, str) else texts
        return self._embedder.embed_batch(texts, kind, stopped)

    def work(self, stopped: Callable[[], bool]) -> int:
        """Embed what has no vector, also what any process adds later; how many passages.

        It returns when `stopped`, asked after each batch and several times a second, is true.
        Over a database any number of processes share the work; failures are tried again.

        :raises IndexBusyError: if another process does so over the same folder.
        """
        return self._indexer.work(stopped)

    def sentence_transformer(self) -> SentenceTransformer:
        """The index's embedding model as sentence-transformers has it, prompts included."""
        return self._embedder.sentence_transformer()

    def warm_up(self) -> None:
        """Load the model and the indexes now, so that the first question is quick.

        What has no vector yet is embedded in the background.
        """
        self._prepare()
        background_vectors(self._embedder)
        self._reader.warm_up()
        self._index.refresh()
        self._index.grow()
        if not self.settings.read_only:
            self._indexer.start()  # for what a process that ended has left

    def embedding_fault(self) -> EmbeddingFault | None:
        """Why passages are not embedded in the background now; None: nothing is wrong."""
        return self._indexer.fault

    def embeds(self) -> bool:
        """Whether passages are embedded in the background now, or their vectors saved."""
        return self._indexer.active

    def info(self) -> dict[str, object]:
        """Facts about the index; `engine` is what keeps it, `bytes` what it takes there."""
        articles, passages, pending = self._index.counts()
        engine = self._index.engine()
        return {
            "path": self._index.name,
            "articles": articles,
            "passages": passages,
            "pending": pending,
            "model": self._embedder.identity,
            "dimension": self._index.dimension,
            "engine": f"{engine.name} ({engine.version})",
            "bytes": engine.bytes,
            "version": version("qa-bot"),
            "fault": fault.reason if (fault := self._indexer.fault) else "",
        }


def _go_on(stopped: Callable[[], bool]) -> None:
    if stopped():
        raise StoppedError("Nobody waits for this answer any more.")


_OUTSIDE = "Articles that the filter leaves out answer this: ask once more without it."


def _growing(text: str) -> Iterator[int]:
    """Ends of ever longer beginnings of `text`, for streaming.

    At most 4, for the page takes some 20 ms to draw each, and a quote is there at once.
    """
    step = max(12, -(-len(text) // 5))
    yield from range(step, len(text), step)
