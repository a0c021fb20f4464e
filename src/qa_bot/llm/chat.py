"""Talking to a language model by the OpenAI protocol, within a time limit."""

from __future__ import annotations

import math
import queue
import threading
import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from qa_bot.errors import LLMError, StoppedError
from qa_bot.llm.wire import Wire

if TYPE_CHECKING:
    from openai import OpenAI

__all__ = ["Chat", "Message", "Reply"]

Message = dict[str, str]

_CONNECT = 10.0  # seconds; a host that is there answers at once
_TRIES = 3  # at a model that is busy
_PASSING = frozenset((408, 409, 429, 500, 502, 503, 504))  # states of a server that pass
_ASKED_EVERY = 0.1  # seconds after which it is asked again whether anybody waits
_COUNTS_AGAIN = 60.0  # seconds after which a server that failed to count tokens is asked again


@dataclass
class Reply:
    """What a model wrote: its pieces as they come, and then what it cost.

    `tokens` holds `prompt` and `completion`, as the server counts them, where it does.
    """

    pieces: Generator[str]
    tokens: dict[str, int] = field(default_factory=dict)

    def __iter__(self) -> Iterator[str]:
        return self.pieces

    def close(self) -> None:
        """Give up what is still to come; the model's work ends."""
        self.pieces.close()


class Chat:
    """One model, behind `client` under the name of `model`. Threads may share it.

    `context` is how many tokens it takes, `time_limit` the seconds for a whole answer, `where` its
    host or file, for messages.
    """

    def __init__(
        self, client: OpenAI, model: str, *, context: int, time_limit: float, where: str
    ) -> None:
        self.context = context
        self._client = client
        self._model = model
        self._time_limit = time_limit
        self._where = where
        self._counts_from = 0.0  # on the monotonic clock; infinite where it cannot count

    def count(self, text: str) -> int:
        """How many tokens `text` is: as the server tells where it can, else rather too many."""
        if time.monotonic() >= self._counts_from:
            try:
                return len(self._tokenised(text))
            except Exception as error:  # noqa: BLE001  # of whatever library: it is a courtesy
                pause = _COUNTS_AGAIN if _may_pass(error) else math.inf
                self._counts_from = time.monotonic() + pause
        # what the usual vocabularies need at most: a token for a Chinese character, one for three
        # letters of others
        wide = sum(ord(c) > 0x2E7F for c in text)
        return wide + -(-(len(text) - wide) // 3)

    def _tokenised(self, text: str) -> list[Any]:
        """By the endpoint that llama.cpp and vLLM have beside the protocol."""
        parts = urlsplit(str(self._client.base_url))
        body = {"content": text, "prompt": text, "model": self._model}
        answer = self._client.with_options(timeout=_CONNECT, max_retries=0).post(
            f"{parts.scheme}://{parts.netloc}/tokenize", cast_to=object, body=body
        )
        tokens: list[Any] = answer["tokens"]  # type: ignore[index]
        return tokens

    def write(
        self,
        messages: list[Message],
        most_tokens: int,
        stopped: Callable[[], bool] = lambda: False,
    ) -> Reply:
        """The model's answer to `messages`, at most `most_tokens` long.

        Its pieces end, or raise, before the time limit is over, whatever the server does. Where
        they are given up, or `stopped` is true, the connection is cut: the server's work ends.

        :raises LLMError: while it is read; the message says why, and never holds the key.
        :raises StoppedError: while it is read, if `stopped` says so.
        """
        tokens: dict[str, int] = {}
        return Reply(self._pieces(messages, most_tokens, tokens, stopped), tokens)

    def _pieces(
        self,
        messages: list[Message],
        most_tokens: int,
        tokens: dict[str, int],
        stopped: Callable[[], bool],
    ) -> Generator[str]:
        deadline = time.monotonic() + self._time_limit
        came: queue.SimpleQueue[str | LLMError | None] = queue.SimpleQueue()
        given_up = threading.Event()
        wire = Wire()

        def work() -> None:
            try:
                with wire.on(self._client) as client:
                    for piece in self._request(
                        client, messages, most_tokens, tokens, deadline, given_up
                    ):
                        came.put(piece)
                came.put(None)
            except LLMError as error:
                came.put(error)
            except Exception as error:  # noqa: BLE001  # of whatever library: answers go on
                came.put(LLMError("failed", f"The LLM failed: {type(error).__name__}."))

        threading.Thread(target=work, name="qa_bot-llm", daemon=True).start()
        try:
            while True:
                if stopped():
                    raise StoppedError("Nobody waits for this answer any more.")
                left = deadline - time.monotonic()
                try:
                    piece = came.get(timeout=min(max(0.0, left), _ASKED_EVERY))
                except queue.Empty:
                    if left <= 0:
                        raise self._too_slow() from None
                    continue
                if isinstance(piece, LLMError):
                    raise piece
                if piece is None:
                    return
                yield piece
        finally:
            given_up.set()
            wire.cut()

    def _too_slow(self) -> LLMError:
        return LLMError(
            "slow", f"The LLM at {self._where} was not done within {self._time_limit:g} s."
        )

    def _request(
        self,
        client: OpenAI,
        messages: list[Message],
        most_tokens: int,
        tokens: dict[str, int],
        deadline: float,
        given_up: threading.Event,
    ) -> Iterator[str]:
        import openai

        options: dict[str, Any] = {
            "temperature": 0,
            "max_tokens": most_tokens,
            "stream_options": {"include_usage": True},
        }
        create: Any = client.chat.completions.create  # too many overloads to choose from
        tries = 0
        while True:
            tries += 1
            left = deadline - time.monotonic()
            seconds = max(left, 0.1)
            timeout = type(openai.DEFAULT_TIMEOUT)(seconds, connect=min(seconds, _CONNECT))
            try:
                stream = create(
                    model=self._model,
                    messages=messages,
                    stream=True,
                    timeout=timeout,
                    **options,
                )
                yield from self._read(stream, tokens, given_up)
                return
            except openai.BadRequestError as error:
                if not options:
                    raise self._explained(error) from None
                options = {}  # some models take none of them
            except openai.RateLimitError as error:
                pause = _retry_after(error.response.headers.get("retry-after"), tries)
                if tries >= _TRIES or time.monotonic() + pause >= deadline:
                    raise self._explained(error) from None
                if given_up.wait(pause):
                    return
            except (openai.OpenAIError, ValueError) as error:
                raise self._explained(error) from None

    def _read(
        self, stream: Any, tokens: dict[str, int], given_up: threading.Event
    ) -> Iterator[str]:
        finished = False
        with stream:
            for chunk in stream:
                if given_up.is_set():
                    return
                if chunk.usage is not None:
                    used = chunk.usage
                    tokens.update(prompt=used.prompt_tokens, completion=used.completion_tokens)
                for choice in chunk.choices[:1]:
                    finished = finished or choice.finish_reason is not None
                    if choice.delta.content:
                        yield choice.delta.content
        if not finished:
            raise LLMError("broken", f"The LLM at {self._where} broke off its answer.")

    def _explained(self, error: Exception) -> LLMError:
        """One line on what went wrong, in our own words: a server's may repeat the key."""
        import openai

        where = self._where
        if isinstance(error, (openai.AuthenticationError, openai.PermissionDeniedError)):
            return LLMError(
                "key",
                f"The LLM at {where} refused the key (status {error.status_code}): check "
                "QA_BOT_LLM_API_KEY.",
            )
        if isinstance(error, openai.NotFoundError):
            return LLMError(
                "unknown",
                f"At {where} there is no such model or address (status 404): check "
                "QA_BOT_LLM_MODEL and QA_BOT_LLM_BASE_URL.",
            )
        if isinstance(error, openai.RateLimitError):
            return LLMError("busy", f"The LLM at {where} is busy (status 429): ask again later.")
        if isinstance(error, openai.APIStatusError):
            return LLMError("failed", f"The LLM at {where} failed (status {error.status_code}).")
        if isinstance(error, openai.APITimeoutError) or "Timeout" in type(error).__name__:
            return self._too_slow()
        if isinstance(error, openai.APIConnectionError):
            return LLMError("unreachable", f"The LLM at {where} cannot be reached: does it run?")
        return LLMError("broken", f"The LLM at {where} broke off its answer.")


def _may_pass(error: Exception) -> bool:
    """Whether the server may do next time what it failed to do: it was busy, or not there."""
    import openai

    if isinstance(error, openai.APIStatusError):
        return error.status_code in _PASSING
    return isinstance(error, openai.APIConnectionError)


def _retry_after(header: str | None, tries: int) -> float:
    """Seconds to wait: what the server says, else ever longer."""
    try:
        return max(0.0, float(header or ""))
    except ValueError:
        return float(2**tries)
