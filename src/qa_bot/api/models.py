"""What programs send and get, as JSON. Offsets count the characters (code points) of an article."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    WithJsonSchema,
    field_validator,
    model_validator,
)

from qa_bot import records
from qa_bot.bot import QABot
from qa_bot.errors import QABotError

__all__ = [
    "Answer",
    "ArticleHead",
    "ArticleText",
    "AskRequest",
    "Citation",
    "Filters",
    "Found",
    "Gloss",
    "Health",
    "ListedArticle",
    "Narrowed",
    "Passage",
    "Question",
    "SearchRequest",
]

Question = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, min_length=1, max_length=records.LONGEST_QUESTION, pattern=r"\S"
    ),
    Field(description="A question, in any language."),
]


_MONTH = "[0-9]{4}-(0[1-9]|1[0-2])"
_YEAR = "[0-9]{4}"


def _dates(*more: str) -> list[dict[str, Any]]:
    """The schema of a date as exact as it is known; empty if it is not."""
    patterns = [{"type": "string", "pattern": f"^{p}$"} for p in (_MONTH, _YEAR, *more)]
    return [{"type": "string", "format": "date"}, *patterns, {"const": ""}]


Day = Annotated[
    str, WithJsonSchema({"anyOf": _dates(), "examples": ["2024-08-09", "2024-08", "2024"]})
]
Known = Annotated[
    str,
    WithJsonSchema({"anyOf": _dates("--[0-9]{2}(-[0-9]{2})?")}),
    Field(
        description="As exact as it is known: `2024-08-09`, `2024-08`, `2024`, `--08-09` (the year "
        "is not known), or empty."
    ),
]


class Narrowed(BaseModel):
    """Which articles are meant; a filter left out lets all pass."""

    since: Day | None = Field(
        None, description="First day: `2024-08-09`, or `2024-08` or `2024` for its first day."
    )
    until: Day | None = Field(None, description="Last day, in the same way; not before `since`.")
    source: str | None = Field(None, max_length=1000, description="A newspaper, as in `/sources`.")

    @field_validator("since", "until")
    @classmethod
    def _is_day(cls, value: str | None) -> str | None:
        try:
            QABot.check_dates(value)
        except QABotError as error:
            raise ValueError(str(error)) from error
        return value

    @model_validator(mode="after")
    def _is_span(self) -> Self:
        try:
            QABot.check_dates(self.since, self.until)
        except QABotError as error:
            raise ValueError(str(error)) from error
        return self


class Filters(Narrowed):
    """Which articles may be found."""

    model_config = ConfigDict(strict=True)
    article_ids: list[str] | None = Field(
        None, max_length=1000, description="Ids of the articles that are to be looked into."
    )


class PastTurn(BaseModel):
    """A question asked before, and its bare answer (`short`)."""

    model_config = ConfigDict(extra="forbid")
    question: Question
    answer: str = Field("", max_length=20_000)

    def turn(self) -> records.Turn:
        """The same as the bot takes it."""
        return records.Turn(self.question, self.answer)


class AskRequest(Filters):
    """A question that wants an answer."""

    model_config = ConfigDict(extra="forbid")
    question: Question
    history: list[PastTurn] = Field(
        [],
        max_length=50,
        description="The conversation so far, oldest first: follow-up questions are understood.",
    )
    llm: bool = Field(
        True,
        description="Whether the server's language model, if it has one, may write the answer.",
    )


class SearchRequest(Filters):
    """A question that wants passages."""

    model_config = ConfigDict(extra="forbid")
    question: Question
    k: int = Field(10, ge=1, le=100, description="How many passages.")


class ArticleHead(BaseModel):
    """An article without its text."""

    id: str
    title: str
    byline: str
    date: Known
    source: str = Field(description="The newspaper; empty if it is not known.")
    url: str
    lang: str = Field(description="A BCP 47 tag, or empty.")
    characters: int = Field(description="The length of the text.")

    @classmethod
    def of(cls, article: records.Article) -> Self:
        """The same as JSON has it."""
        return cls(**_head(article))


class ArticleText(ArticleHead):
    """An article."""

    text: str = Field(description="The body, without the headline.")

    @classmethod
    def of(cls, article: records.Article) -> Self:
        """The same as JSON has it."""
        return cls(**_head(article), text=article.text)


def _head(article: records.Article) -> dict[str, Any]:
    # without the path: where files lie on the server is nobody's business
    return {
        "id": article.id,
        "title": article.title,
        "byline": article.byline,
        "date": article.published,
        "source": article.source,
        "url": article.url,
        "lang": article.lang,
        "characters": len(article.text),
    }


class Passage(BaseModel):
    """A piece of an article: its text's [start, end)."""

    article_id: str
    title: str
    source: str
    date: Known
    url: str
    text: str
    start: int
    end: int
    score: float = Field(description="Higher is better; only to compare passages of one search.")

    @classmethod
    def of(cls, hit: records.Hit) -> Self:
        """The same as JSON has it."""
        article, passage = hit.article, hit.passage
        return cls(
            article_id=article.id,
            title=article.title,
            source=article.source,
            date=article.published,
            url=article.url,
            text=passage.text,
            start=passage.start,
            end=passage.end,
            score=hit.score,
        )


class Found(BaseModel):
    """The passages nearest to a question, best first."""

    passages: list[Passage]


class Gloss(BaseModel):
    """What the [start, end) of a text says, in the words of another language."""

    start: int
    end: int
    text: str


class Citation(BaseModel):
    """A quote, word for word the article's [start, end)."""

    number: int = Field(description="The `1` of a mark `[1]` in the answer.")
    article_id: str
    title: str
    source: str
    date: Known
    url: str
    quote: str
    start: int
    end: int
    supported: bool = Field(description="False: the quote does not prove what it is cited for.")
    glosses: list[Gloss] = Field(
        description="Numbers and units of `quote` in the answer's language, where that is another "
        "than the article's: `1.1亿元` is `110 million yuan`. Offsets are of `quote`."
    )

    @classmethod
    def of(cls, citation: records.Citation, language: str) -> Self:
        """The same as JSON has it, for an answer in `language`."""
        article = citation.article
        glosses = QABot.glosses(citation.quote, article.lang, language)
        return cls(
            number=citation.number,
            article_id=article.id,
            title=article.title,
            source=article.source,
            date=article.published,
            url=article.url,
            quote=citation.quote,
            start=citation.start,
            end=citation.end,
            supported=citation.supported,
            glosses=[Gloss(start=g.start, end=g.end, text=g.text) for g in glosses],
        )


class ListedArticle(BaseModel):
    """An article that an answer counts or lists."""

    id: str
    title: str
    date: Known
    source: str
    mentions: int = Field(
        description="How often it holds what was looked for; 0 where that was not counted."
    )

    @classmethod
    def of(cls, listed: records.Listed) -> Self:
        """The same as JSON has it."""
        article = listed.article
        return cls(
            id=article.id,
            title=article.title,
            date=article.published,
            source=article.source,
            mentions=listed.mentions,
        )


class Span(BaseModel):
    """The [start, end) of a text."""

    start: int
    end: int


class Answer(BaseModel):
    """What a question gave."""

    question: str
    asked: str = Field(
        description="The stand-alone question that a follow-up question was taken for; or empty."
    )
    text: str = Field(description="The answer with marks such as `[1]`, to be shown.")
    short: str = Field(description="The bare answer; empty if there is none.")
    state: records.State = Field(
        description="`answered`; `possible`: `citations` are the likeliest sentences, and no "
        "answer; `not_found`: there are none, and `passages` are the nearest."
    )
    kind: str = Field(
        description="What kind of answer it is: `fact`, `list`, `count_articles`, `summary`, …"
    )
    total: int | None = Field(description="The number asked for, where articles were counted.")
    articles: list[ListedArticle] = Field(
        description="The articles that were counted or listed, all of them."
    )
    answerable: bool = Field(description="Whether `state` is `answered`.")
    confidence: float = Field(description="How probably (0 to 1) the articles answer it.")
    language: str = Field(description="Of `text`, as a BCP 47 tag.")
    citations: list[Citation]
    passages: list[Passage] = Field(description="What was read for it, best first.")
    answerer: Literal["extractive", "llm"] = Field(description="Quotes, or a language model.")
    unsupported: list[Span] = Field(
        description="Sentences of `text` by a language model that no article supports."
    )
    note: str = Field(
        description="Why a language model did not answer that should, or a filter left nothing."
    )
    tokens: dict[str, int] = Field(description="What a language model took: prompt, completion.")
    timings: dict[str, float] = Field(description="Seconds by stage.")

    @classmethod
    def of(cls, answer: records.Answer) -> Self:
        """The same as JSON has it."""
        return cls(
            question=answer.question,
            asked=answer.asked,
            text=answer.text,
            short=answer.short,
            state=answer.state,
            kind=answer.kind,
            total=answer.total,
            articles=[ListedArticle.of(listed) for listed in answer.articles],
            answerable=answer.answerable,
            confidence=answer.confidence,
            language=answer.language,
            citations=[Citation.of(c, answer.language) for c in answer.citations],
            passages=[Passage.of(hit) for hit in answer.hits],
            answerer=answer.answerer,
            unsupported=[Span(start=start, end=end) for start, end in answer.unsupported],
            note=answer.note,
            tokens=answer.tokens,
            timings=answer.timings,
        )


class Health(BaseModel):
    """That the server works, and what it holds."""

    status: Literal["ok"] = "ok"
    version: str
    articles: int
    passages: int
    pending: int = Field(description="Passages whose vectors are still being made.")
    fault: str = Field(
        "", description="Why their making has stopped, or is tried again later; empty: it goes on."
    )
    model: str = Field(description="The embedding model.")
    llm: str = Field(description="The language model that writes answers; empty: quotes only.")
