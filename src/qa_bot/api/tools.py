"""The tools that agents call by the Model Context Protocol: `/mcp`, over streamable HTTP."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import AsyncGenerator, Callable
from importlib.metadata import version
from typing import TYPE_CHECKING, Annotated, ParamSpec, TypeVar

from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.server.transport_security import TransportSecuritySettings
from mcp.types import ToolAnnotations
from pydantic import Field

from qa_bot.api.models import Answer, ArticleHead, Found, Passage
from qa_bot.errors import QABotError
from qa_bot.records import LONGEST_QUESTION
from qa_bot.server.problems import problem

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

    from qa_bot.api.threads import Threads
    from qa_bot.bot import QABot

__all__ = ["Tools"]

P = ParamSpec("P")
T = TypeVar("T")

_INSTRUCTIONS = (
    "A library of newspaper articles. ask_articles answers a question with verbatim quotes, "
    "search_articles finds passages, read_article gives the whole text. Cite the quotes."
)

MOST_PASSAGES = 50  # of one search
_LISTED = 200  # articles of an answer: more would fill an agent's context

Since = Annotated[
    str | None, Field(description="Only articles from this day on: 2024-08-09, 2024-08 or 2024.")
]
Until = Annotated[str | None, Field(description="Only articles up to this day.")]
Source = Annotated[str | None, Field(description="Only articles of this newspaper.")]
Ids = Annotated[list[str] | None, Field(description="Only the articles of these ids.")]


class ArticlePart(ArticleHead):
    """An article with the [start, end) of its text."""

    text: str
    start: int
    end: int


class Tools:
    """The ASGI application at `/mcp`. It works while the server is inside `running`."""

    def __init__(self, bot: QABot, threads: Threads) -> None:
        self._bot, self._threads = bot, threads

    @contextlib.asynccontextmanager
    async def running(self, _: object) -> AsyncGenerator[None, None]:
        """The lifespan of the server, which may be started anew."""
        server = tool_server(self._bot, self._threads)
        self._app = server.streamable_http_app(
            stateless_http=True,
            json_response=True,
            # `Guard` stands before it, and knows the server's other names
            transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),
        )
        async with server.session_manager.run():
            yield

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or hand it on, as ASGI has it."""
        if scope["type"] == "http" and scope["method"] != "POST":
            refusal = problem(405, "method_not_allowed", "Tools are called by POST.")
            refusal.headers["allow"] = "POST"
            await refusal(scope, receive, send)
            return
        await self._app(scope, receive, send)


def tool_server(bot: QABot, threads: Threads) -> MCPServer:
    """The MCP server with the tools over `bot`."""
    # or the server would set up logging for the whole process, in its own way
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    server = MCPServer("qa_bot", instructions=_INSTRUCTIONS, version=version("qa-bot"))
    reading = ToolAnnotations(read_only_hint=True, open_world_hint=False)

    async def run(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return await threads.run(work, *args, **kwargs)
        except QABotError as error:
            raise ToolError(str(error)) from error

    @server.tool(annotations=reading)
    async def search_articles(
        query: Annotated[
            str, Field(max_length=LONGEST_QUESTION, description="A question or words.")
        ],
        k: Annotated[int, Field(ge=1, le=MOST_PASSAGES, description="How many passages.")] = 8,
        since: Since = None,
        until: Until = None,
        source: Source = None,
    ) -> Found:
        """Find the passages of newspaper articles nearest to a question, in any language."""
        hits = await run(bot.search, query, k, since, until, source)
        return Found(passages=[Passage.of(hit) for hit in hits])

    @server.tool(annotations=reading)
    async def ask_articles(
        question: Annotated[
            str, Field(max_length=LONGEST_QUESTION, description="In any language.")
        ],
        since: Since = None,
        until: Until = None,
        source: Source = None,
        article_ids: Ids = None,
    ) -> Answer:
        """Answer a question from newspaper articles, with verbatim quotes that prove the answer.

        `state` tells whether they do: `answered`; `possible`, where `citations` are the likeliest
        sentences and no answer; `not_found`, where `passages` are the nearest. It also counts and
        lists articles: `articles` are the first 200 of `total`.
        """
        answer = Answer.of(
            await run(
                bot.ask,
                question,
                since=since,
                until=until,
                source=source,
                article_ids=article_ids,
            )
        )
        brief = {"articles": answer.articles[:_LISTED]}
        return answer.model_copy(update=brief | {"passages": []} if answer.answerable else brief)

    @server.tool(annotations=reading)
    async def read_article(
        article_id: Annotated[str, Field(description="As the other tools give it.")],
        start: Annotated[int, Field(ge=0, description="The first character.")] = 0,
        characters: Annotated[int, Field(ge=1, le=100_000, description="At most.")] = 20_000,
    ) -> ArticlePart:
        """Read an article: its headline, byline, date, source and text, or a part of that."""
        article = await run(bot.article, article_id)
        text = article.text[start : start + characters]
        head = ArticleHead.of(article).model_dump()
        return ArticlePart(**head, text=text, start=start, end=start + len(text))

    return server
