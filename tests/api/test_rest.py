"""REST, from the real server with the real model."""

from __future__ import annotations

import json
from typing import Any

import httpx
import openai

from qa_bot import (
    QABot,
)
from tests.api.checks import AREA, COUNT, ODD, check_quotes, listed
from tests.conftest import ARTICLES
from tests.serving import serving_bot


def test_health_tells_what_there_is(http: httpx.Client) -> None:
    health = http.get("/api/v1/health").json()
    assert (health["status"], health["articles"], health["pending"]) == ("ok", 4, 0)
    assert health["llm"] == ""


def test_an_answer_has_quotes_that_stand_in_their_articles(http: httpx.Client) -> None:
    answer = http.post("/api/v1/ask", json={"question": AREA}).json()
    assert answer["short"] == "2.6万平方米"
    assert answer["answerable"] is True
    assert "[1]" in answer["text"]
    assert answer["citations"][0]["title"] == "临江图书馆新馆开放"
    assert answer["citations"][0]["date"] == "2024-03-05"
    check_quotes(http, answer["citations"])
    for passage in answer["passages"]:
        text = http.get(f"/api/v1/articles/{passage['article_id']}").json()["text"]
        assert text[passage["start"] : passage["end"]] == passage["text"]


def test_articles_are_counted_and_listed(http: httpx.Client, client: openai.OpenAI) -> None:
    answer = http.post("/api/v1/ask", json={"question": COUNT}).json()
    assert (answer["state"], answer["kind"], answer["total"]) == ("answered", "count_articles", 2)
    assert answer["articles"] == listed(ARTICLES[0], ARTICLES[1], mentions=[1, 2])
    check_quotes(http, answer["citations"])

    asked: Any = {"model": "qa_bot", "messages": [{"role": "user", "content": COUNT}]}
    whole = client.chat.completions.create(**asked)
    *_, last = client.chat.completions.create(**asked, stream=True)
    for made in (whole, last):
        assert made.model_extra is not None
        for name in ("state", "kind", "total", "articles"):
            assert made.model_extra[name] == answer[name]


def test_what_is_not_sure_is_no_answer(bot: QABot) -> None:
    """Its likeliest sentences are quoted all the same."""
    settings = bot.settings.model_copy(update={"answer_threshold": 1.0})
    with QABot.open(bot.path, settings=settings) as unsure, serving_bot(unsure) as http:
        answer = http.post("/api/v1/ask", json={"question": AREA}).json()
        assert (answer["state"], answer["answerable"], answer["short"]) == ("possible", False, "")
        assert (answer["articles"], answer["total"]) == ([], None)
        check_quotes(http, answer["citations"])
        assert "2.6万平方米" in answer["citations"][0]["quote"]


def test_the_schema_tells_the_states(http: httpx.Client) -> None:
    schemas = http.get("/api/v1/openapi.json").json()["components"]["schemas"]
    answer = schemas["Answer"]["properties"]
    assert answer["state"]["enum"] == ["answered", "possible", "not_found"]
    assert {"state", "kind", "total", "articles"} <= set(schemas["Answer"]["required"])
    assert set(schemas["ListedArticle"]["required"]) == {
        *("id", "title", "date", "source", "mentions")
    }


def test_filters_keep_to_what_they_say(http: httpx.Client) -> None:
    def found(**filters: object) -> set[str]:
        asked = {"question": "bridge ferry library", "k": 50, **filters}
        passages = http.post("/api/v1/search", json=asked).json()["passages"]
        return {passage["title"] for passage in passages}

    titles = [article.title for article in ARTICLES]
    assert found() == {*titles, ODD.title}
    assert found(since="2024-04") == {titles[1]}
    assert found(until="2023") == {titles[2]}
    assert found(source="临江日报") == set(titles[:2])
    assert found(article_ids=[ODD.id]) == {ODD.title}
    assert found(article_ids=[]) == set()
    one = {"question": AREA, "article_ids": [ODD.id]}
    assert http.post("/api/v1/ask", json=one).json()["answerable"] is False
    assert len(http.post("/api/v1/search", json={"question": AREA, "k": 1}).json()["passages"]) == 1


def test_a_follow_up_question_is_understood(http: httpx.Client) -> None:
    past = {"question": "柳堤大桥什么时候封闭？", "answer": "4月10日至4月16日"}
    answer = http.post("/api/v1/ask", json={"question": "它为什么封闭？", "history": [past]}).json()
    assert "柳堤大桥" in answer["asked"]
    assert "伸缩缝老化" in answer["text"]


def test_the_list_goes_on_and_can_be_narrowed(http: httpx.Client, bot: QABot) -> None:
    def listed(**query: str | int) -> tuple[list[str], bool]:
        page = http.get("/api/v1/articles", params=query).json()
        assert "text" not in page["articles"][0]
        return [article["title"] for article in page["articles"]], page["more"]

    everything = [ODD.title, *(article.title for article in reversed(ARTICLES))]
    assert listed() == (everything, False)
    assert listed(limit=3) == (everything[:3], True)
    assert listed(limit=3, offset=3) == (everything[3:], False)
    assert listed(contains="ferry") == ([ARTICLES[2].title], False)
    assert listed(source=ARTICLES[2].source) == ([ARTICLES[2].title], False)
    dated = [a.title for a in bot.articles(since="2024-04", order="date")]
    assert listed(since="2024-04", order="date") == (dated, False)
    assert 0 < len(dated) < len(everything)
    sources = http.get("/api/v1/sources").json()["sources"]
    assert sources == sorted({article.source for article in ARTICLES})


def test_the_list_is_narrowed_to_whom_articles_name(http: httpx.Client) -> None:
    names = http.get("/api/v1/names", params={"contains": "若溪", "limit": 5}).json()
    assert names == {"names": [{"name": "沈若溪", "articles": 1}]}
    for name, titles in (("沈若溪", [ARTICLES[0].title]), ("沈若水", [])):
        page = http.get("/api/v1/articles", params={"name": name}).json()
        assert [article["title"] for article in page["articles"]] == titles
    together = {"name": "沈若溪", "contains": "大桥"}
    assert http.get("/api/v1/articles", params=together).json()["articles"] == []


def test_an_article_comes_whole(http: httpx.Client) -> None:
    got = http.get("/api/v1/articles/desk%2F2024%20%E2%84%961").json()
    assert (got["id"], got["title"], got["text"]) == (ODD.id, ODD.title, ODD.text)
    assert "path" not in got


def test_the_description_is_complete(http: httpx.Client) -> None:
    api = http.get("/api/v1/openapi.json").json()
    assert api["servers"] == [{"url": "/api/v1"}]
    assert set(api["paths"]) == {
        "/ask",
        "/search",
        "/articles",
        "/names",
        "/articles/{article_id}",
        "/corrections",
        "/corrections/{article_id}",
        "/sources",
        "/health",
    }
    for path in api["paths"].values():
        for operation in path.values():
            assert operation["description"]
            assert set(operation["responses"]) == {"200", "4XX", "5XX"}
    assert "//" not in json.dumps(api).replace("http://json-schema", "")
