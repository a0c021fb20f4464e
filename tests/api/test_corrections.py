"""What heads articles, corrected by programs."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from qa_bot import (
    QABot,
    load_settings,
)
from tests.api.checks import ODD, fault
from tests.serving import serving_bot


def test_what_heads_articles_is_corrected_and_its_history_kept(http: httpx.Client) -> None:
    address = "/api/v1/corrections"
    before = http.get("/api/v1/articles/desk%2F2024%20%E2%84%961").json()
    body = {"article_ids": [ODD.id], "byline": " 编辑部 ", "date": "2024年6月3日"}
    (head,) = http.post(address, json=body).json()["articles"]
    assert (head["id"], head["title"]) == (ODD.id, ODD.title)
    assert (head["byline"], head["date"]) == ("编辑部", "2024-06-03")
    http.post(address, json={"article_ids": [ODD.id], "byline": "", "date": ""})
    assert http.get("/api/v1/articles/desk%2F2024%20%E2%84%961").json() == before
    changes = http.get(f"{address}/desk%2F2024%20%E2%84%961").json()["changes"]
    assert [(c["field"], c["before"], c["after"]) for c in changes] == [
        ("byline", "", "编辑部"),
        ("date", "", "2024-06-03"),
        ("byline", "编辑部", ""),
        ("date", "2024-06-03", ""),
    ]


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"article_ids": [ODD.id]}, 400, "invalid"),
        ({"article_ids": [], "title": "x"}, 400, "invalid"),
        ({"article_ids": [ODD.id], "date": "gestern"}, 400, "invalid"),
        ({"article_ids": [ODD.id], "title": None}, 400, "invalid"),
        ({"article_ids": [ODD.id, "nobody"], "title": "x"}, 404, "article_not_found"),
    ],
)
def test_a_correction_is_for_all_or_for_none(
    http: httpx.Client, body: dict[str, Any], status: int, code: str
) -> None:
    answer = http.post("/api/v1/corrections", json=body)
    assert (answer.status_code, fault(answer)["code"]) == (status, code)
    assert http.get("/api/v1/articles/desk%2F2024%20%E2%84%961").json()["title"] == ODD.title


def test_nothing_is_corrected_where_nothing_may_be_changed(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("closed") / "index"
    with QABot.open(folder) as bot:
        bot.add([ODD])
    settings = load_settings(read_only=True, questions_per_minute=2)
    with QABot.open(folder, settings=settings) as bot, serving_bot(bot) as http:
        body = {"article_ids": [ODD.id], "title": "x"}
        answer = http.post("/api/v1/corrections", json=body)
        assert (answer.status_code, fault(answer)["code"]) == (403, "read_only")
        assert http.get("/api/v1/corrections/desk%2F2024%20%E2%84%961").json() == {"changes": []}
        for _ in range(2):
            answer = http.post("/api/v1/corrections", json=body)
        assert (answer.status_code, fault(answer)["code"]) == (429, "too_many")
