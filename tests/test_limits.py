"""The limits that the documentation tells are those of the code."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from qa_bot import Settings
from qa_bot.api import openai_app
from qa_bot.api.completions import ChatRequest
from qa_bot.api.lists import ListRequest
from qa_bot.api.models import AskRequest, PastTurn, SearchRequest
from qa_bot.api.tools import MOST_PASSAGES
from qa_bot.reading import limits
from qa_bot.records import LONGEST_QUESTION
from qa_bot.server import bodies, origin, password
from qa_bot.server.heads import HeadProtocol
from qa_bot.ui import intake, uploads

ROOT = Path(__file__).parents[1]


def of(model: Any, field: str, limit: str) -> int:
    """The limit of a field of a request."""
    (found,) = [m for m in model.model_fields[field].metadata if hasattr(m, limit)]
    return int(getattr(found, limit))


def default(name: str) -> int:
    return int(Settings.model_fields[name].default)


def in_code() -> list[list[int]]:
    """Row by row."""
    return [
        [LONGEST_QUESTION],
        [
            of(AskRequest, "history", "max_length"),
            of(PastTurn, "answer", "max_length"),
            of(ChatRequest, "messages", "max_length"),
        ],
        [of(AskRequest, "article_ids", "max_length")],
        [of(SearchRequest, "k", "le"), MOST_PASSAGES],
        [of(ListRequest, "limit", "le")],
        [openai_app.MOST_TEXTS, openai_app.MOST_CHARACTERS],
        [origin.MOST_BYTES // 1_000_000],
        [uploads._MOST_BYTES // 1_000_000, intake._LONGEST_PASTE],
        [int(bodies.PATIENCE)],
        [HeadProtocol.most_of_one, HeadProtocol.most, int(HeadProtocol.grace)],
        [default("questions_per_minute")],
        [default("questions_at_once")],
        [password._TRIES_PER_MINUTE, password._AT_ONCE, password._MOST_WAITING],
        [
            default("uploads_per_minute"),
            uploads._AT_ONCE,
            default("uploads_mb"),
            uploads._MOST_FILES,
        ],
        [default("max_file_mb")],
        [
            limits.SECONDS,
            limits.MOST_PICTURES,
            limits.MEMORY_MB,
            limits.MOST_PAGES,
            limits.MOST_CELLS,
        ],
    ]


@pytest.mark.parametrize("page", ["docs/sharing.md", "docs/zh-CN/sharing.md"])
def test_the_table_of_limits_is_of_the_code(page: str) -> None:
    table = (ROOT / page).read_text("utf-8").partition("|---|---|\n")[2]
    cells = [line.split("|")[2] for line in table.splitlines() if line.startswith("|")]
    numbers = [[int(n.replace(",", "")) for n in re.findall(r"\d[\d,]*", cell)] for cell in cells]
    assert list(map(sorted, numbers)) == list(map(sorted, in_code()))
