"""What clients of OpenAI's protocol ask for: `/v1`.

Not by the records of `openai.types`: they bound nothing, and take 0.3 s of every start.
"""

from __future__ import annotations

import base64
import json
import logging
import time
import uuid
from collections.abc import AsyncGenerator
from contextlib import aclosing
from functools import partial
from typing import TYPE_CHECKING, Any, Literal, Self

from fastapi import FastAPI, HTTPException, Request
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict, model_validator

from qa_bot.api.completions import MODEL, ChatRequest, extras, message, turns, usage
from qa_bot.api.rest import chosen
from qa_bot.errors import QABotError
from qa_bot.server.origin import visitor
from qa_bot.server.problems import handle_errors, problem_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    from numpy.typing import NDArray

    from qa_bot.api.threads import Threads
    from qa_bot.bot import QABot
    from qa_bot.records import Update
    from qa_bot.server.limits import Limiter

__all__ = ["openai_app"]

log = logging.getLogger(__name__)

MOST_TEXTS = 2048  # of one request for vectors, as OpenAI has it
MOST_CHARACTERS = 100_000  # of one text
_PIECE = 24  # characters of a streamed answer sent at a time
_CARD = {"id": MODEL, "object": "model", "created": 0, "owned_by": MODEL}


class EmbeddingRequest(BaseModel):
    """Texts that want vectors. `input_type` is qa_bot's own: questions are embedded otherwise."""

    model_config = ConfigDict(strict=True)
    model: str = MODEL
    input: str | list[str]
    input_type: Literal["passage", "query"] = "passage"
    encoding_format: Literal["float", "base64"] = "float"
    dimensions: int | None = None

    @property
    def texts(self) -> list[str]:
        """The input as a list."""
        return [self.input] if isinstance(self.input, str) else self.input

    @model_validator(mode="after")
    def _has_texts(self) -> Self:
        if not 1 <= len(self.texts) <= MOST_TEXTS or not all(self.texts):
            raise ValueError(
                f"input is a text, or a list of 1 to {MOST_TEXTS}, and none of them empty; "
                f"these are {len(self.texts)}."
            )
        if (longest := max(map(len, self.texts))) > MOST_CHARACTERS:
            raise ValueError(
                f"input: a text has {MOST_CHARACTERS} characters at most; this one has {longest}."
            )
        return self


def openai_app(bot: QABot, threads: Threads, limiter: Limiter) -> FastAPI:
    """The application that answers below `/v1`; for `limiter` each text to embed is a question."""
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    handle_errors(app)

    @app.get("/models")
    async def models() -> dict[str, Any]:
        return {"object": "list", "data": [_CARD]}

    @app.get("/models/{name}")
    async def model(name: str) -> dict[str, Any]:
        _check_model(name)
        return _CARD

    @app.post("/embeddings")
    async def embeddings(request: EmbeddingRequest, client: Request) -> dict[str, Any]:
        _check_model(request.model)
        texts = request.texts
        if not limiter.allows(visitor(client.scope), len(texts) - 1):  # one counted at the door
            raise HTTPException(
                429,
                f"These are {len(texts)} texts, and a visitor may send {limiter.per_minute} in a "
                "minute: send fewer, or wait a minute.",
                {"retry-after": "60"},
            )
        vectors = await threads.run_for(
            partial(_gone, client), partial(bot.embed, texts, request.input_type)
        )
        if request.dimensions not in (None, vectors.shape[1]):
            raise HTTPException(400, f"dimensions: this model's vectors have {vectors.shape[1]}.")
        data = [
            {"object": "embedding", "index": index, "embedding": vector}
            for index, vector in enumerate(_encoded(vectors, request.encoding_format))
        ]
        # local work that nobody counts in tokens
        used = {"prompt_tokens": 0, "total_tokens": 0}
        return {"object": "list", "model": MODEL, "data": data, "usage": used}

    @app.post("/chat/completions", response_model=None)
    async def chat(request: ChatRequest) -> dict[str, Any] | StreamingResponse:
        _check_model(request.model)
        question, history = await threads.run(turns, request.messages)
        asking = {"history": history, "llm": request.llm, **chosen(request)}
        if request.stream:
            steps = bot.stream(question, **asking)
            with_usage = bool(request.stream_options and request.stream_options.include_usage)
            events = _events(steps, threads, with_usage=with_usage)
            return StreamingResponse(events, media_type="text/event-stream")
        answer = await threads.run(bot.ask, question, **asking)
        said = {"role": "assistant", "content": message(answer), "refusal": None}
        choice = {"index": 0, "message": said, "finish_reason": "stop", "logprobs": None}
        head = _head("chat.completion")
        return {**head, "choices": [choice], "usage": usage(answer), **extras(answer)}

    return app


async def _gone(client: Request) -> None:
    """Returns once the client has gone; its body has been read."""
    while (await client.receive())["type"] != "http.disconnect":
        pass


def _check_model(name: str) -> None:
    if name != MODEL:
        raise HTTPException(404, f"There is no model {name!r} here: the model is {MODEL!r}.")


def _encoded(vectors: NDArray[np.float32], encoding: str) -> list[str] | list[list[float]]:
    if encoding == "float":
        floats: list[list[float]] = vectors.tolist()
        return floats
    return [base64.b64encode(vector.astype("<f4").tobytes()).decode() for vector in vectors]


def _head(kind: str) -> dict[str, Any]:
    return {
        "id": f"chatcmpl-{uuid.uuid4().hex}",
        "object": kind,
        "created": int(time.time()),
        "model": MODEL,
    }


async def _events(
    steps: Iterator[Update], threads: Threads, *, with_usage: bool
) -> AsyncGenerator[str, None]:
    """The answer as server-sent events, in pieces; citations come with the last.

    What a language model is still writing is not sent: a client keeps what it got, and the check
    of the sentences may change them. Comments tell the stage meanwhile, and keep the line open.
    """
    head = _head("chat.completion.chunk")

    def chunk(delta: dict[str, Any], finish: str | None = None, **more: Any) -> str:
        choice = {"index": 0, "delta": delta, "finish_reason": finish, "logprobs": None}
        return _event({**head, "choices": [choice], **more})

    yield chunk({"role": "assistant", "content": ""})
    answer = None
    try:
        async with aclosing(threads.iterate(steps)) as updates:
            async for update in updates:
                answer = update.answer
                yield f": {update.stage}\n\n"
    except Exception as error:  # too late for a status
        if not isinstance(error, QABotError):
            log.exception("a streamed answer failed")
        yield f"data: {bytes(problem_of(error).body).decode()}\n\n"
        return
    if answer is None:
        raise AssertionError("a stream ends with an answer")
    text = message(answer)
    for at in range(0, len(text), _PIECE):
        yield chunk({"content": text[at : at + _PIECE]})
    yield chunk({}, "stop", **extras(answer))
    if with_usage:
        yield _event({**head, "choices": [], "usage": usage(answer)})
    yield "data: [DONE]\n\n"


def _event(document: dict[str, Any]) -> str:
    return f"data: {json.dumps(document, ensure_ascii=False)}\n\n"
