"""How something goes wrong, for programs: one shape, the one that OpenAI's clients know."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, Field
from starlette.responses import JSONResponse

from qa_bot.errors import (
    ArticleNotFoundError,
    IndexAwayError,
    IndexBusyError,
    LLMError,
    ModelError,
    QABotError,
)

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.requests import Request
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["Problem", "handle_errors", "problem", "problem_of"]

log = logging.getLogger(__name__)

_CODES = {
    400: "invalid",
    403: "read_only",
    404: "not_found",
    405: "method_not_allowed",
    408: "too_slow",
    413: "too_large",
    429: "too_many",
}
_UNREADABLE = "There was an error parsing the body"  # FastAPI's, where Python fails otherwise
_STATUS: tuple[tuple[type[QABotError], int, str], ...] = (
    (ArticleNotFoundError, 404, "article_not_found"),
    (IndexBusyError, 503, "index_busy"),
    (IndexAwayError, 503, "index_away"),
    (ModelError, 503, "model_unavailable"),
    (LLMError, 502, "llm_failed"),
)


class Fault(BaseModel):
    """What went wrong."""

    message: str = Field(description="What went wrong and what to do, for people.")
    type: str = Field(description="`invalid_request_error` (yours) or `server_error` (ours).")
    param: str | None = Field(None, description="The field that is at fault, if it is one.")
    code: str = Field(description="The same in one word, for programs.")


class Problem(BaseModel):
    """The body of every answer with a status of 400 and above."""

    error: Fault


def problem(status: int, code: str, message: str, param: str | None = None) -> JSONResponse:
    """An answer that says what went wrong."""
    kind = "invalid_request_error" if status < 500 else "server_error"
    fault = Fault(message=message, type=kind, param=param, code=code)
    return JSONResponse(Problem(error=fault).model_dump(), status)


def problem_of(error: Exception) -> JSONResponse:
    """The same for what was raised; of an error that nobody foresaw nothing is told but that."""
    for kind, status, code in _STATUS:
        if isinstance(error, kind):
            return problem(status, code, str(error))
    if isinstance(error, QABotError):
        return problem(500, "failed", str(error))
    return problem(500, "failed", "Something went wrong here. The server's log says what.")


def handle_errors(app: FastAPI) -> None:
    """Lets `app` answer with `Problem` whatever goes wrong."""
    from fastapi.exceptions import RequestValidationError
    from starlette.exceptions import HTTPException

    async def invalid(_: Request, error: Any) -> JSONResponse:
        faults = [_fault(fault) for fault in error.errors()]
        text = "; ".join(f"{where}: {said}" if where else said for where, said in faults)
        return problem(400, "invalid", text, faults[0][0] or None)

    async def http(_: Request, error: Any) -> JSONResponse:
        code, said = _CODES.get(error.status_code, "refused"), str(error.detail)
        if said == _UNREADABLE:
            code, said = "invalid", "The body is no JSON that can be read."
        answer = problem(error.status_code, code, said)
        answer.headers.update(error.headers or {})
        return answer

    async def other(_: Request, error: Exception) -> JSONResponse:
        return problem_of(error)

    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(HTTPException, http)
    app.add_exception_handler(QABotError, other)
    app.add_middleware(_Unforeseen)


class _Unforeseen:
    """ASGI middleware that answers where an error would end the connection as well."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = False

        async def noted(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, receive, noted)
        except Exception as error:
            if begun:
                raise
            log.exception("a request failed")
            await problem_of(error)(scope, receive, send)


def _fault(fault: dict[str, Any]) -> tuple[str, str]:
    """Where and what, from what pydantic says, which repeats the input: that is left out."""
    if fault["type"] == "json_invalid":
        return "", f"The body is no JSON: {fault.get('ctx', {}).get('error', 'it cannot be read')}."
    where = ".".join(str(part) for part in fault["loc"] if part not in ("body", "query", "path"))
    return where, str(fault["msg"]).removeprefix("Value error, ")
