"""Lists of what an index holds, as JSON: articles, newspapers, names."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from qa_bot import records
from qa_bot.api.models import ArticleHead, Narrowed

__all__ = ["ArticleList", "ListRequest", "NameCount", "NameList", "NamesRequest", "SourceList"]


class ListRequest(Narrowed):
    """A page of the list of articles."""

    model_config = ConfigDict(extra="forbid")
    limit: int = Field(50, ge=1, le=200)
    offset: int = Field(0, ge=0)
    contains: str = Field(
        "", max_length=200, description="Words of text, headline, byline or source; or an id."
    )
    name: str = Field(
        "",
        max_length=200,
        description="A person, place or body that they name, as in `/names`.",
    )
    order: records.Order = Field(
        "-added", description="What they are sorted by; `-` turns it round."
    )


class ArticleList(BaseModel):
    """A page of the list of articles."""

    articles: list[ArticleHead]
    offset: int
    more: bool = Field(description="Whether there are more behind these.")


class SourceList(BaseModel):
    """The newspapers that articles name as their source."""

    sources: list[str]


class NamesRequest(BaseModel):
    """Which names are wanted."""

    model_config = ConfigDict(extra="forbid")
    contains: str = Field("", max_length=200, description="What they hold, in any script.")
    limit: int = Field(50, ge=1, le=500)


class NameCount(BaseModel):
    """A name, and how many articles bear it."""

    name: str = Field(description="In simplified characters.")
    articles: int


class NameList(BaseModel):
    """Persons, places and bodies that articles name, those of most articles first."""

    names: list[NameCount]
