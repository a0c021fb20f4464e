"""Corrections of what heads articles, as JSON."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    WithJsonSchema,
    field_validator,
)

from qa_bot import records
from qa_bot.api.models import ArticleHead
from qa_bot.drafts import is_date

__all__ = ["Change", "Corrected", "CorrectionRequest", "History"]

_LONGEST = 1000  # characters
_MOST = 1000  # articles

_YEAR = "(?:1[89]|20)[0-9]{2}"
_DAY = (
    "(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])"
    "|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)"
)
_DATE = f"^(?:{_YEAR}(?:-(?:0[1-9]|1[0-2])|-{_DAY})?|--{_DAY})?$"
Date = Annotated[
    str,
    WithJsonSchema(
        {"type": "string", "pattern": _DATE, "examples": ["2024-08-09", "2024-08", "--08-09", ""]}
    ),
]
Line = Annotated[str, StringConstraints(max_length=_LONGEST)]


class CorrectionRequest(BaseModel):
    """What heads articles from now on: a field left out stays, an empty one is taken away."""

    # one field besides the ids at least
    model_config = ConfigDict(extra="forbid", strict=True, json_schema_extra={"minProperties": 2})
    article_ids: list[str] = Field(min_length=1, max_length=_MOST)
    title: Line = Field("", description="The headline.")
    byline: Line = Field("", description="Who wrote it.")
    date: Date = Field(
        "",
        description="As exact as it is known; `--08-09` if the year is not; or as people write it.",
    )
    source: Line = Field("", description="The newspaper.")

    @field_validator("date")
    @classmethod
    def _is_date(cls, value: str) -> str:
        if not is_date(value):
            raise ValueError("This is no date: write 2024-08-09, 2024-08, 2024 or 08-09.")
        return value

    @property
    def fields(self) -> dict[str, str]:
        """What was given, as arguments of `QABot.correct`."""
        given = self.model_dump(include=self.model_fields_set - {"article_ids"})
        return {"published" if name == "date" else name: value for name, value in given.items()}


class Corrected(BaseModel):
    """The articles as they are now."""

    articles: list[ArticleHead]


class Change(BaseModel):
    """A correction of one field."""

    at: str = Field(description="When: ISO 8601, in UTC.")
    field: Literal["title", "byline", "date", "source"]
    before: str
    after: str

    @classmethod
    def of(cls, change: records.Change) -> Self:
        """The same as JSON has it."""
        field = "date" if change.field == "published" else change.field
        return cls.model_validate(
            {"at": change.at, "field": field, "before": change.before, "after": change.after}
        )


class History(BaseModel):
    """The corrections of an article, oldest first."""

    changes: list[Change]
