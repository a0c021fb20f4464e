"""The steps from passages to a model's checked answer, or back to the one without it."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import datetime

from qa_bot.answer.reader import PASSAGES, TrainedReader
from qa_bot.errors import LLMError
from qa_bot.llm.answerer import checked, write
from qa_bot.llm.chat import Chat
from qa_bot.llm.config import LLM
from qa_bot.llm.rewrite import rewritten
from qa_bot.llm.support import Judge
from qa_bot.networks.embedding import Embedder
from qa_bot.records import Answer, Turn, Update

__all__ = ["Writer"]

_SHOWN_EVERY = 0.1  # seconds: each time the page draws the whole text anew


class Writer:
    """Lets the model `llm` write, and checks what it wrote."""

    def __init__(self, llm: LLM, embedder: Embedder) -> None:
        self._llm = llm
        self._chat: Chat | None = None
        self._judge = Judge(embedder, TrainedReader(embedder))

    def _opened(self) -> Chat:
        if self._chat is None:
            self._chat = self._llm.open()
        return self._chat

    def rewrite(self, question: str, history: Sequence[Turn], stopped: Callable[[], bool]) -> str:
        """`question` as one that stands alone; "" without a conversation, or if the model fails.

        :raises StoppedError: if `stopped` says so.
        """
        if not history:
            return ""
        try:
            return rewritten(self._opened(), question, history, stopped)
        except LLMError:  # it will say so when it is to answer
            return ""

    def steps(
        self, extractive: Answer, stopped: Callable[[], bool]
    ) -> Generator[Update, None, Answer]:
        """Updates while the model writes; returns its answer, or `extractive` with a note.

        :raises StoppedError: if `stopped` says so.
        """
        begun = time.perf_counter()
        hits, asked = extractive.hits, extractive.asked
        yield Update("writing", "", hits, asked=asked, answerer="llm")
        try:
            reply, given = write(
                self._opened(),
                asked or extractive.question,
                hits[:PASSAGES],
                extractive.language,
                datetime.now().date(),
                stopped,
            )
            text, shown = "", 0.0
            with closing(reply):
                for piece in reply:
                    text += piece
                    if time.monotonic() - shown < _SHOWN_EVERY:
                        continue
                    shown = time.monotonic()
                    yield Update("writing", text, hits, asked=asked, answerer="llm")
            yield Update("checking", text, hits, asked=asked, answerer="llm")
            written = time.perf_counter()
            answer = checked(text, given, self._judge, extractive)
        except LLMError as error:
            return replace(extractive, note=str(error), fault=error.code)
        timings = {"write": written - begun, "check": time.perf_counter() - written}
        return replace(answer, tokens=dict(reply.tokens), timings=extractive.timings | timings)
