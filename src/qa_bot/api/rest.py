"""The REST interface: `/api/v1`."""

from __future__ import annotations

from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import FastAPI, HTTPException, Query

from qa_bot.api.corrections import Change, Corrected, CorrectionRequest, History
from qa_bot.api.lists import (
    ArticleList,
    ListRequest,
    NameCount,
    NameList,
    NamesRequest,
    SourceList,
)
from qa_bot.api.models import (
    Answer,
    ArticleHead,
    ArticleText,
    AskRequest,
    Filters,
    Found,
    Health,
    Passage,
    SearchRequest,
)
from qa_bot.server.problems import Problem, handle_errors

if TYPE_CHECKING:
    from qa_bot.api.threads import Threads
    from qa_bot.bot import QABot

__all__ = ["chosen", "rest_app"]

_DESCRIPTION = """Questions over newspaper articles, answered with verbatim, cited quotes.

Bodies are JSON. Whatever goes wrong is told as `{"error": {"message", "type", "param", "code"}}`:
400 for bad input, 403 where nothing may be changed, 404 for an unknown article, 503
while the index or the model is not to be had.
"""
_FAULTS: dict[int | str, dict[str, Any]] = {
    "4XX": {"model": Problem, "description": "The request cannot be answered as it is."},
    "5XX": {"model": Problem, "description": "The server is at fault."},
}


def rest_app(bot: QABot, threads: Threads) -> FastAPI:
    """The application that answers below `/api/v1`."""
    app = FastAPI(
        title="qa_bot",
        version=version("qa-bot"),
        description=_DESCRIPTION,
        # their pages load scripts from elsewhere
        docs_url=None,
        redoc_url=None,
        responses=_FAULTS,
        generate_unique_id_function=lambda route: route.name,
    )
    handle_errors(app)

    @app.post("/ask")
    async def ask(request: AskRequest) -> Answer:
        """An answer with citations."""
        answer = await threads.run(
            bot.ask,
            request.question,
            history=[past.turn() for past in request.history],
            llm=request.llm,
            **chosen(request),
        )
        return Answer.of(answer)

    @app.post("/search")
    async def search(request: SearchRequest) -> Found:
        """The passages nearest to a question, as retrieval alone ranks them."""
        hits = await threads.run(bot.search, request.question, request.k, **chosen(request))
        return Found(passages=[Passage.of(hit) for hit in hits])

    @app.get("/articles")
    async def articles(request: Annotated[ListRequest, Query()]) -> ArticleList:
        """The articles without their texts, newest added first unless `order` says otherwise."""
        wanted = {**request.model_dump(), "limit": request.limit + 1}
        found = await threads.run(bot.articles, **wanted)
        heads = [ArticleHead.of(article) for article in found[: request.limit]]
        return ArticleList(articles=heads, offset=request.offset, more=len(found) > request.limit)

    @app.get("/articles/{article_id:path}")
    async def article(article_id: str) -> ArticleText:
        """One article with its text."""
        return ArticleText.of(await threads.run(bot.article, article_id))

    @app.post("/corrections")
    async def correct(request: CorrectionRequest) -> Corrected:
        """Corrects headline, byline, date or source of articles, all of them or none.

        Ids, links and quotes stay good, and no file that is added again undoes it.
        """
        if bot.settings.read_only:
            raise HTTPException(403, "Articles cannot be changed here.")
        if not request.fields:
            said = "Nothing is to be corrected: give a title, byline, date or source."
            raise HTTPException(400, said)
        work = partial(bot.correct, request.article_ids, **request.fields, wait=False)
        articles = await threads.run(work)
        return Corrected(articles=[ArticleHead.of(article) for article in articles])

    @app.get("/corrections/{article_id:path}")
    async def history(article_id: str) -> History:
        """The corrections of an article, oldest first."""
        article = await threads.run(bot.article, article_id)
        changes = await threads.run(bot.history, article.id)
        return History(changes=[Change.of(change) for change in changes])

    @app.get("/sources")
    async def sources() -> SourceList:
        """The newspapers that can be asked for as `source`."""
        return SourceList(sources=await threads.run(bot.sources))

    @app.get("/names")
    async def names(request: Annotated[NamesRequest, Query()]) -> NameList:
        """The persons, places and bodies that can be asked for as `name` of `/articles`.

        Names are known of Chinese articles. What begins with `contains` comes first.
        """
        found = await threads.run(bot.names, request.contains, request.limit)
        return NameList(names=[NameCount(name=n, articles=count) for n, count in found])

    @app.get("/health")
    async def health() -> Health:
        """That the server works, and what it holds."""
        facts: Any = await threads.run(bot.info)
        settings = bot.settings
        return Health(
            version=facts["version"],
            articles=facts["articles"],
            passages=facts["passages"],
            pending=facts["pending"],
            fault=facts["fault"],
            model=facts["model"],
            llm=Path(settings.llm).name or settings.llm_model,
        )

    return app


def chosen(filters: Filters) -> dict[str, Any]:
    """The filters as arguments of `QABot.ask` and `QABot.search`."""
    return {name: getattr(filters, name) for name in Filters.model_fields}
