"""What programs ask for, from the real server with the real model, by their own clients."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from typing import Any

import anyio
import httpx
import numpy as np
import openai
import pytest
from mcp import Client

from qa_bot import (
    Article,
    ArticleNotFoundError,
    IndexBusyError,
    LLMError,
    ModelError,
    QABot,
    QABotError,
    load_settings,
)
from qa_bot.api import models, with_api
from qa_bot.api.completions import ChatMessage, message, turns
from qa_bot.api.threads import Threads
from qa_bot.records import Answer, Citation, Listed, Turn, Update
from qa_bot.server.limits import Limiter
from qa_bot.server.origin import Door, Guard
from qa_bot.server.problems import problem_of
from qa_bot.ui import build_app
from qa_bot.ui.web import launch_options
from tests.conftest import ARTICLES, heed_interrupts
from tests.scripted import Script, served

AREA = "临江图书馆新馆的建筑面积是多少？"
WHY = "柳堤大桥为什么封闭？"
KEY = "sk-secret-4711"
ODD = Article("编辑部手记", "编辑部今天搬到了槐荫巷7号。", id="desk/2024 №1")


@contextmanager
def serving(bot: QABot) -> Iterator[httpx.Client]:
    app = build_app(bot)
    options = with_api(launch_options(bot.settings), bot, host="127.0.0.1")
    _, address, _ = app.launch(prevent_thread_lock=True, **options)
    try:
        with httpx.Client(base_url=address, timeout=120) as http:
            yield http
    finally:
        app.close()


@pytest.fixture(scope="module")
def bot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[QABot]:
    with QABot.open(tmp_path_factory.mktemp("api") / "index") as bot:
        bot.add([*ARTICLES, ODD])
        yield bot


@pytest.fixture(scope="module")
def http(bot: QABot) -> Iterator[httpx.Client]:
    with serving(bot) as http:
        yield http


@pytest.fixture(scope="module")
def client(http: httpx.Client) -> openai.OpenAI:
    return openai.OpenAI(base_url=f"{http.base_url}v1", api_key="none", max_retries=0)


def fault(answer: httpx.Response) -> dict[str, Any]:
    """The error in an answer, which has its one shape."""
    assert answer.headers["content-type"] == "application/json"
    assert answer.json().keys() == {"error"}
    error: dict[str, Any] = answer.json()["error"]
    assert error.keys() == {"message", "type", "param", "code"}
    assert error["message"]
    return error


def check_quotes(http: httpx.Client, citations: list[dict[str, Any]]) -> None:
    """Whether each quote stands in the article that it names, to the character."""
    assert citations
    for number, citation in enumerate(citations, 1):
        assert citation["number"] == number
        article = http.get(f"/api/v1/articles/{citation['article_id']}").json()
        assert article["text"][citation["start"] : citation["end"]] == citation["quote"]
        for name in ("title", "source", "date", "url"):
            assert citation[name] == article[name]


# REST


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


COUNT = "有几篇文章提到“柳堤”？"


def listed(*articles: Article, mentions: Sequence[int]) -> list[dict[str, Any]]:
    return [
        {"id": a.id, "title": a.title, "date": a.published, "source": a.source, "mentions": n}
        for a, n in zip(articles, mentions, strict=True)
    ]


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
    with QABot.open(bot.path, settings=settings) as unsure, serving(unsure) as http:
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


@pytest.mark.parametrize(
    ("language", "glosses"),
    [("en", [("1.1亿元", "110 million yuan")]), ("zh-Hans", []), ("", [])],
)
def test_a_citation_tells_its_numbers_in_the_answer_s_language(
    language: str, glosses: list[tuple[str, str]]
) -> None:
    article = Article("新桥通车", "新桥总投资1.1亿元。", lang="zh-Hans")
    cited = Citation(1, article, article.text, 0, len(article.text))
    answer = Answer("?", "1.1亿元 [1]", "1.1亿元", (cited,), (), True, 0.9, language)
    (citation,) = models.Answer.of(answer).citations
    told = [(citation.quote[g.start : g.end], g.text) for g in citation.glosses]
    assert told == glosses


def test_a_message_names_the_articles_that_it_does_not_quote() -> None:
    listed = tuple(Listed(Article(f"第{n}篇", f"正文{n}", published="2024")) for n in range(53))
    cited = Citation(1, listed[0].article, "正文0", 0, 3)
    answer = Answer("?", "53篇\n\n正文0 [1]", "53", (cited,), (), True, 1.0, "zh-Hans")
    text, quote, below, more = message(replace(answer, articles=listed)).split("\n\n")
    assert (text, quote, below) == ("53篇", "正文0 [1]", "[1] 第0篇, 2024")
    lines = more.splitlines()
    assert (lines[0], lines[49]) == ("- 第1篇, 2024", "- 第50篇, 2024")
    assert lines[50:] == ["- … (2)"]


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
    with QABot.open(folder, settings=settings) as bot, serving(bot) as http:
        body = {"article_ids": [ODD.id], "title": "x"}
        answer = http.post("/api/v1/corrections", json=body)
        assert (answer.status_code, fault(answer)["code"]) == (403, "read_only")
        assert http.get("/api/v1/corrections/desk%2F2024%20%E2%84%961").json() == {"changes": []}
        for _ in range(2):
            answer = http.post("/api/v1/corrections", json=body)
        assert (answer.status_code, fault(answer)["code"]) == (429, "too_many")


@pytest.mark.parametrize(
    ("address", "body", "says", "param"),
    [
        ("/api/v1/ask", {}, "question: ", "question"),
        ("/api/v1/ask", {"question": " \n"}, "at least 1", "question"),
        ("/api/v1/ask", {"question": "长" * 2001}, "at most 2000", "question"),
        ("/api/v1/ask", {"question": AREA, "histroy": []}, "histroy: ", "histroy"),
        ("/api/v1/ask", {"question": AREA, "since": "May"}, "write 2024-08-09", "since"),
        ("/api/v1/ask", {"question": AREA, "until": "2024-13"}, "no date", "until"),
        ("/api/v1/ask", {"question": AREA, "article_ids": "a"}, "list", "article_ids"),
        ("/api/v1/ask", {"question": AREA, "history": [{"q": 1}]}, "Field", "history.0.question"),
        ("/api/v1/search", {"question": AREA, "k": 0}, "greater", "k"),
        ("/api/v1/search", {"question": AREA, "k": 101}, "less", "k"),
        ("/api/v1/search", [], "dictionary", None),
        ("/v1/embeddings", {"input": []}, "none of them empty", None),
        ("/v1/embeddings", {"input": ["a", ""]}, "none of them empty", None),
        ("/v1/embeddings", {"input": [1, 2]}, "string", "input.str"),
        ("/v1/embeddings", {"input": "a", "input_type": "x"}, "'passage' or 'query'", "input_type"),
        ("/v1/embeddings", {"input": "a", "dimensions": 7}, "have 384", None),
        ("/v1/chat/completions", {"messages": []}, "at least 1", "messages"),
        (
            "/v1/chat/completions",
            {"messages": [{"role": "system", "content": "x"}]},
            "no question",
            "messages",
        ),
        (
            "/v1/chat/completions",
            {"messages": [{"role": "user", "content": [{"type": "image_url", "text": ""}]}]},
            "'text'",
            "messages.0.content.str",
        ),
        ("/v1/chat/completions", {"messages": [{"role": "user"}], "n": 2}, "n: ", None),
    ],
)
def test_bad_input_is_named(
    http: httpx.Client, address: str, body: object, says: str, param: str | None
) -> None:
    answer = http.post(address, json=body)
    assert answer.status_code == 400
    error = fault(answer)
    assert says in error["message"]
    assert error["type"] == "invalid_request_error"
    if param:
        assert error["param"] == param


@pytest.mark.parametrize(
    ("method", "address", "status", "code"),
    [
        ("GET", "/api/v1/articles/nowhere", 404, "article_not_found"),
        ("GET", "/api/v1/nowhere", 404, "not_found"),
        ("GET", "/v1/nowhere", 404, "not_found"),
        ("GET", "/v1/models/gpt-5", 404, "not_found"),
        ("GET", "/api/v1/ask", 405, "method_not_allowed"),
        ("GET", "/api/v1/articles?limit=0", 400, "invalid"),
        ("GET", "/api/v1/articles?offset=-1", 400, "invalid"),
        ("GET", "/api/v1/articles?since=2024-13", 400, "invalid"),
        ("GET", "/api/v1/articles?order=size", 400, "invalid"),
        ("GET", "/api/v1/articles?sinse=2024", 400, "invalid"),
        ("GET", "/api/v1/docs", 404, "not_found"),
    ],
)
def test_what_is_not_there_is_told(
    http: httpx.Client, method: str, address: str, status: int, code: str
) -> None:
    answer = http.request(method, address)
    assert (answer.status_code, fault(answer)["code"]) == (status, code)


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (ArticleNotFoundError("No such article."), 404, "article_not_found"),
        (IndexBusyError("Try again."), 503, "index_busy"),
        (ModelError("No model."), 503, "model_unavailable"),
        (LLMError("slow", "Too slow."), 502, "llm_failed"),
        (QABotError("The disk is full."), 500, "failed"),
    ],
)
def test_errors_keep_their_message(error: QABotError, status: int, code: str) -> None:
    answer = problem_of(error)
    assert answer.status_code == status
    told = json.loads(bytes(answer.body))["error"]
    assert (told["message"], told["code"]) == (str(error), code)
    assert (told["type"] == "server_error") == (status >= 500)


def test_a_failure_nobody_foresaw_tells_nothing_of_itself(
    bot: QABot, http: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> Iterator[Update]:
        yield Update("searching")
        raise RuntimeError(KEY)

    monkeypatch.setattr(bot, "stream", fail)
    answer = http.post("/api/v1/ask", json={"question": AREA})
    assert answer.status_code == 500
    assert fault(answer)["type"] == "server_error"
    asked = {"messages": [{"role": "user", "content": AREA}], "stream": True}
    streamed = http.post("/v1/chat/completions", json=asked)
    assert '"type":"server_error"' in streamed.text
    assert "[DONE]" not in streamed.text
    assert KEY not in answer.text + streamed.text


def test_a_body_that_is_no_json_is_told(http: httpx.Client) -> None:
    kind = {"content-type": "application/json"}
    answer = http.post("/api/v1/ask", content=b'{"question": "\\ud800"', headers=kind)
    assert answer.status_code == 400
    assert "no JSON" in fault(answer)["message"]
    answer = http.post("/api/v1/ask", content=b'{"question": "\\ud800"}', headers=kind)
    assert answer.status_code == 400
    assert fault(answer)["param"] == "question"


def test_the_description_is_complete(http: httpx.Client) -> None:
    api = http.get("/api/v1/openapi.json").json()
    assert api["servers"] == [{"url": "/api/v1"}]
    assert set(api["paths"]) == {
        "/ask",
        "/search",
        "/articles",
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


# Who may ask


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", ""])
@pytest.mark.parametrize("address", ["/api/v1/ask", "/v1/chat/completions", "/mcp"])
def test_only_json_is_taken(http: httpx.Client, address: str, kind: str) -> None:
    headers = {"content-type": kind} if kind else {}
    answer = http.post(address, content=json.dumps({"question": AREA}), headers=headers)
    assert (answer.status_code, fault(answer)["code"]) == (415, "wrong_content_type")


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"host": "localhost:99"}, 200),
        ({"host": "[::1]:99"}, 200),
        ({"host": "evil.example"}, 421),
        ({"host": "evil.example:7860", "origin": "http://evil.example:7860"}, 421),
        ({"host": "localhost.evil.example"}, 421),
        ({"host": "192.0.2.1"}, 421),
        ({"host": "["}, 421),
        ({"origin": "http://localhost:3000"}, 200),
        ({"origin": "http://evil.example"}, 403),
        ({"origin": "http://localhost.evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-origin"}, 200),
        ({"sec-fetch-site": "none"}, 200),
    ],
)
def test_pages_of_others_may_not_ask(
    http: httpx.Client, headers: dict[str, str], status: int
) -> None:
    answer = http.get("/api/v1/health", headers=headers)
    assert answer.status_code == status
    if status != 200:
        fault(answer)
        call = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
        assert http.post("/mcp", json=call, headers=headers).status_code == status


def test_nor_may_they_use_the_page(http: httpx.Client) -> None:
    elsewhere = {"host": "evil.example", "origin": "http://evil.example"}
    for address in ("/", "/config", "/gradio_api/info"):
        assert http.get(address).status_code == 200
        assert http.get(address, headers=elsewhere).status_code == 421
    assert http.get("/", headers={"sec-fetch-site": "cross-site"}).status_code == 200  # a link
    for headers in ({"origin": "http://evil.example"}, {"sec-fetch-site": "cross-site"}):
        for address in ("/gradio_api/queue/join", "/gradio_api/upload"):
            answer = http.post(address, json={}, headers=headers)
            assert (answer.status_code, fault(answer)["code"]) == (403, "wrong_origin")


@pytest.mark.parametrize(
    ("host", "origin", "status"),
    [
        ("192.0.2.1:7860", None, 200),
        ("newsroom:7860", None, 200),
        ("newsroom.local", None, 200),
        ("news.example", None, 200),
        ("news.example", "https://news.example", 200),
        ("news.example", "http://localhost:3000", 403),
        ("192.0.2.1:7860", "http://evil.example", 403),
        ("192.0.2.1:7860", "http://192.0.2.1:7860", 200),
        ("evil.example", None, 421),
        ("", None, 421),
    ],
)
def test_a_server_for_others_has_more_names(host: str, origin: str | None, status: int) -> None:
    async def inner(_scope: Any, _receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    async def ask() -> int:
        door = Door(
            Guard(inner, limiter=Limiter(0), gate=threading.Semaphore()),
            {"news.example"},
            local=False,
        )
        headers = {"host": host} | ({"origin": origin} if origin else {})
        transport = httpx.ASGITransport(door)
        async with httpx.AsyncClient(transport=transport, base_url="http://x") as http:
            return (await http.get("/", headers=headers)).status_code

    assert anyio.run(ask) == status


def test_a_visitor_may_not_ask_without_end(bot: QABot) -> None:
    with (
        QABot.open(bot.path, settings=load_settings(questions_per_minute=2)) as shared,
        serving(shared) as http,
    ):
        codes = [
            http.post("/api/v1/search", json={"question": WHY, "k": 1}).status_code
            for _ in range(4)
        ]
        assert codes == [200, 200, 429, 429]
        answer = http.post("/api/v1/search", json={"question": WHY, "k": 1})
        assert answer.headers["retry-after"] == "60"
        assert http.get("/api/v1/health").status_code == 200


def test_no_more_may_ask_at_once_than_the_settings_say(bot: QABot) -> None:
    """Of thirty who ask together at least one is answered, the others are told to come again."""
    settings = load_settings(questions_at_once=1)
    with (
        QABot.open(bot.path, settings=settings) as shared,
        serving(shared) as http,
        ThreadPoolExecutor(30) as users,
    ):
        shared.warm_up()
        body = {"question": WHY}
        asked = [users.submit(http.post, "/api/v1/ask", json=body) for _ in range(30)]
        answers = [one.result() for one in asked]
        busy = [answer for answer in answers if answer.status_code == 503]
        assert {answer.status_code for answer in answers} == {200, 503}
        assert {fault(answer)["code"] for answer in busy} == {"busy"}
        assert {answer.headers["retry-after"] for answer in busy} == {"60"}
        assert http.post("/api/v1/ask", json=body).status_code == 200


def test_a_body_too_large_is_not_read(http: httpx.Client) -> None:
    kind = {"content-type": "application/json"}
    piece = b" " * 1_000_000
    for body in (piece * 5, iter([piece] * 5)):  # with a length, and without
        answer = http.post("/api/v1/ask", content=body, headers=kind)
        assert (answer.status_code, fault(answer)["code"]) == (413, "too_large")


def test_the_page_is_as_it_was(http: httpx.Client) -> None:
    page = http.get("/", headers={"accept-language": "zh-HK"})
    assert page.status_code == 200
    assert 'lang="zh-TW"' in page.text
    assert "default-src 'self'" in page.headers["content-security-policy"]
    health = http.get("/api/v1/health", headers={"accept-language": "zh-HK"})
    assert health.headers["x-content-type-options"] == "nosniff"


# The OpenAI protocol


def test_a_completion_is_an_answer_with_its_sources(
    http: httpx.Client, client: openai.OpenAI
) -> None:
    made = client.chat.completions.create(
        model="qa_bot", messages=[{"role": "user", "content": AREA}], temperature=0
    )
    choice = made.choices[0]
    assert (made.model, choice.finish_reason, choice.message.role) == (
        "qa_bot",
        "stop",
        "assistant",
    )
    text = choice.message.content or ""
    short, quote, below = text.split("\n\n")
    assert short == "2.6万平方米"
    citations: Any = made.model_extra and made.model_extra["citations"]
    check_quotes(http, citations)
    assert quote == f"{citations[0]['quote']} [1]"
    assert below == "[1] 临江图书馆新馆开放, 临江日报, 2024-03-05"
    assert made.usage is not None
    assert made.usage.total_tokens == 0  # no language model took any


def test_a_stream_gives_the_same_in_pieces(http: httpx.Client, client: openai.OpenAI) -> None:
    asked: Any = {"model": "qa_bot", "messages": [{"role": "user", "content": AREA}]}
    whole = client.chat.completions.create(**asked)
    asked["stream"] = True
    counted = {**asked, "stream_options": {"include_usage": True}}
    chunks = list(client.chat.completions.create(**counted))
    assert len({chunk.id for chunk in chunks}) == 1
    *pieces, last, used = chunks
    assert len(pieces) > 3
    assert pieces[0].choices[0].delta.role == "assistant"
    text = "".join(piece.choices[0].delta.content or "" for piece in pieces)
    assert text == whole.choices[0].message.content
    assert [p.choices[0].finish_reason for p in pieces] == [None] * len(pieces)
    assert last.choices[0].finish_reason == "stop"
    assert last.model_extra is not None
    assert whole.model_extra is not None
    assert last.model_extra["citations"] == whole.model_extra["citations"]
    assert (used.choices, used.usage) == ([], whole.usage)
    without = list(client.chat.completions.create(**asked))
    assert without[-1].choices[0].finish_reason == "stop"
    kind = {"accept": "text/event-stream"}
    body = http.post("/v1/chat/completions", json={**asked, "stream": True}, headers=kind)
    assert body.headers["content-type"].startswith("text/event-stream")
    assert body.text.endswith("data: [DONE]\n\n")


def test_the_conversation_before_is_understood(client: openai.OpenAI) -> None:
    first: Any = [{"role": "user", "content": "柳堤大桥什么时候封闭？"}]
    made = client.chat.completions.create(model="qa_bot", messages=first)
    then = [
        *first,
        {"role": "assistant", "content": made.choices[0].message.content},
        {"role": "user", "content": [{"type": "text", "text": "它为什么封闭？"}]},
    ]
    made = client.chat.completions.create(model="qa_bot", messages=then)
    assert "伸缩缝老化" in (made.choices[0].message.content or "")


def test_messages_become_turns() -> None:
    def said(*messages: tuple[str, str]) -> tuple[str, list[Turn]]:
        return turns([ChatMessage(role=role, content=text) for role, text in messages])  # type: ignore[arg-type]

    answer = "4月10日至4月16日\n\n大桥将封闭。 [1]\n\n[1] 柳堤大桥, 临江日报"
    talk = [
        ("system", "Be brief."),
        ("assistant", "Hello!"),
        ("user", "2024年柳堤大桥什么时候封闭？"),
        ("assistant", answer),
        ("user", "那2023年呢？"),
        ("assistant", "这些文章里没有这个问题的答案。"),
    ]
    question, history = said(*talk, ("user", "为什么？"))
    assert question == "为什么？"
    assert history == [
        Turn("2024年柳堤大桥什么时候封闭？", "4月10日至4月16日"),
        Turn("那2023年呢？", "这些文章里没有这个问题的答案。"),
    ]
    assert said(("user", "a"), ("user", "b")) == ("b", [Turn("a")])


def test_filters_can_be_sent_along(client: openai.OpenAI) -> None:
    made = client.chat.completions.create(
        model="qa_bot",
        messages=[{"role": "user", "content": AREA}],
        extra_body={"until": "2023"},
    )
    assert made.model_extra is not None
    assert (made.model_extra["answerable"], made.model_extra["citations"]) == (False, [])
    assert made.choices[0].message.content == (
        "这些文章里没有这个问题的答案。\n\n最接近的文章：River ferry returns after eleven years。"
        "\n\n(Articles that the filter leaves out answer this: ask once more without it.)"
    )


def test_clients_get_their_own_errors(client: openai.OpenAI) -> None:
    with pytest.raises(openai.NotFoundError, match="the model is 'qa_bot'"):
        client.chat.completions.create(
            model="gpt-5", messages=[{"role": "user", "content": AREA}], stream=True
        )
    with pytest.raises(openai.BadRequestError, match="no date"):
        client.chat.completions.create(
            model="qa_bot",
            messages=[{"role": "user", "content": AREA}],
            extra_body={"since": "soon"},
        )


def test_there_is_one_model(client: openai.OpenAI) -> None:
    assert [model.id for model in client.models.list()] == ["qa_bot"]
    assert client.models.retrieve("qa_bot").owned_by == "qa_bot"


def test_embeddings_are_the_index_s_own(bot: QABot, client: openai.OpenAI) -> None:
    texts = ["新桥通车", "bridge opening", "新桥通车"]
    expected = bot.embed(texts)
    # without a format the client asks for base64
    for encoding in (openai.omit, "float"):
        made = client.embeddings.create(model="qa_bot", input=texts, encoding_format=encoding)
        assert [item.index for item in made.data] == [0, 1, 2]
        vectors = np.array([item.embedding for item in made.data], np.float32)
        np.testing.assert_allclose(vectors, expected, atol=1e-3)
    raw = client.embeddings.with_raw_response.create(
        model="qa_bot", input=texts[0], encoding_format="base64"
    )
    data = json.loads(raw.text)["data"]
    assert len(base64.b64decode(data[0]["embedding"])) == 4 * 384
    query = client.embeddings.create(
        model="qa_bot", input=texts[0], extra_body={"input_type": "query"}
    )
    vector = np.array(query.data[0].embedding, np.float32)
    np.testing.assert_allclose(vector, bot.embed(texts[0], "query")[0], atol=1e-3)
    assert np.abs(vector - expected[0]).max() > 1e-2


# With a language model


@pytest.fixture
def written(bot: QABot) -> Iterator[Callable[[Script], httpx.Client]]:
    """Starts a server whose language model plays a script."""
    with ExitStack() as stack:

        def start(script: Script) -> httpx.Client:
            address = stack.enter_context(served(script))
            settings = load_settings(llm_base_url=address, llm_model="m", llm_api_key=KEY)
            other = stack.enter_context(QABot.open(bot.path, settings=settings))
            return stack.enter_context(serving(other))

        yield start


def chat(http: httpx.Client, **more: object) -> httpx.Response:
    asked = {"messages": [{"role": "user", "content": WHY}], **more}
    return http.post("/v1/chat/completions", json=asked)


def test_a_written_answer_shows_its_quotes_and_doubts(
    written: Callable[[Script], httpx.Client],
) -> None:
    http = written(Script("柳堤大桥封闭是因为伸缩缝老化[1]。市长当天在桥上跑了马拉松[1]。"))
    made = chat(http).json()
    text, below = made["choices"][0]["message"]["content"].split("\n\n")
    assert "老化。 [1]" in text
    assert text.endswith("马拉松。 [?]")
    (citation,) = made["citations"]
    check_quotes(http, [citation])
    source, doubt = below.split("\n")
    assert source == f"[1] “{citation['quote']}” — 柳堤大桥因检修封闭, 临江日报, 2024-04-08"
    assert doubt == "[?] 文章中没有依据。"
    assert made["usage"] == {"prompt_tokens": 90, "completion_tokens": 9, "total_tokens": 99}
    quoted = chat(http, llm=False).json()
    assert quoted["usage"]["total_tokens"] == 0
    lines = chat(http, stream=True).text.split("\n\n")
    data = [json.loads(line[6:]) for line in lines if line.startswith("data: {")]
    # nothing that the check might take back was sent
    pieces = [chunk["choices"][0]["delta"].get("content", "") for chunk in data]
    assert "".join(pieces) == f"{text}\n\n{below}"
    answer = http.post("/api/v1/ask", json={"question": WHY}).json()
    (span,) = answer["unsupported"]
    assert "马拉松" in answer["text"][span["start"] : span["end"]]
    assert answer["answerer"] == "llm"


def test_the_key_shows_nowhere(written: Callable[[Script], httpx.Client]) -> None:
    http = written(Script("", refuses=[(401, {})] * 20))
    answers = [
        chat(http),
        chat(http, stream=True),
        http.post("/api/v1/ask", json={"question": WHY}),
        http.get("/api/v1/health"),
        http.get("/api/v1/openapi.json"),
        http.get("/v1/models"),
    ]
    for answer in answers:
        assert answer.status_code == 200
        assert KEY not in answer.text
    assert "伸缩缝老化" in answers[0].json()["choices"][0]["message"]["content"]
    assert answers[0].json()["note"]
    assert answers[3].json()["llm"] == "m"


def test_a_slow_answer_holds_up_nobody(written: Callable[[Script], httpx.Client]) -> None:
    script = Script("柳堤大桥", ends="stall")
    http = written(script)
    came: list[httpx.Response] = []
    waiting = [threading.Thread(target=lambda: came.append(chat(http))) for _ in range(3)]
    for thread in waiting:
        thread.start()
    while len(script.asked) < len(waiting):
        assert any(thread.is_alive() for thread in waiting)
        time.sleep(0.01)
    # the model says nothing more before this test is over
    assert http.get("/api/v1/health").status_code == 200
    assert http.post("/api/v1/search", json={"question": AREA}).json()["passages"]
    assert not came
    script.over.set()
    for thread in waiting:
        thread.join()
    assert [answer.status_code for answer in came] == [200] * 3


def test_who_leaves_ends_the_work() -> None:
    closed = []

    def steps() -> Iterator[int]:
        try:
            yield from range(9)
        finally:
            closed.append(True)

    async def leave() -> None:
        items = Threads().iterate(steps())
        assert [await anext(items), await anext(items)] == [0, 1]
        await items.aclose()

    anyio.run(leave)
    assert closed == [True]


# MCP


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_agents_use_the_tools(http: httpx.Client, mode: str) -> None:
    async def use() -> None:
        async with Client(f"{http.base_url}mcp", mode=mode) as mcp:
            tools = {tool.name: tool for tool in (await mcp.list_tools()).tools}
            assert set(tools) == {"search_articles", "ask_articles", "read_article"}
            for tool in tools.values():
                assert tool.description
                assert tool.annotations is not None
                assert tool.annotations.read_only_hint
                assert tool.output_schema

            async def call(name: str, **arguments: object) -> Any:
                result = await mcp.call_tool(name, arguments)
                assert not result.is_error, result.content
                return result.structured_content

            found = await call("search_articles", query="ferry", k=2, source="Linjiang Post")
            assert [p["title"] for p in found["passages"]] == [ARTICLES[2].title]
            answer = await call("ask_articles", question=AREA)
            assert answer["short"] == "2.6万平方米"
            assert answer["passages"] == []
            citation = answer["citations"][0]
            article = await call("read_article", article_id=citation["article_id"])
            assert article["text"] == ARTICLES[0].text
            part = {"start": citation["start"], "characters": len(citation["quote"])}
            article = await call("read_article", article_id=citation["article_id"], **part)
            assert article["text"] == citation["quote"]
            assert article["end"] == citation["end"]
            counted = await call("ask_articles", question=COUNT)
            assert (counted["state"], counted["total"]) == ("answered", 2)
            assert counted["articles"] == listed(ARTICLES[0], ARTICLES[1], mentions=[1, 2])
            nothing = await call("ask_articles", question=AREA, until="2023")
            assert not nothing["answerable"]
            assert nothing["state"] == "not_found"
            assert nothing["passages"]

            for name, arguments, says in (
                ("read_article", {"article_id": "nowhere"}, "nowhere"),
                ("ask_articles", {"question": " "}, "empty"),
                ("search_articles", {"query": "x", "since": "May"}, "write 2024-08-09"),
                ("search_articles", {"query": "x", "k": 0}, "greater than or equal to 1"),
            ):
                result = await mcp.call_tool(name, arguments)
                assert result.is_error
                assert says in result.content[0].text  # type: ignore[union-attr]

    anyio.run(use)


# The program


def test_the_command_serves_it(bot: QABot) -> None:
    command = ["serve", "--index", str(bot.path), "--port", "0"]
    with subprocess.Popen(
        [sys.executable, "-m", "qa_bot.cli", *command],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        preexec_fn=heed_interrupts,
    ) as process:
        assert process.stdout is not None
        try:
            address = process.stdout.readline().removeprefix("qa_bot is at ").strip()
            assert address.startswith("http://127.0.0.1:")
            with httpx.Client(base_url=address, timeout=60) as http:
                assert http.get("/api/v1/health").json()["articles"] == 4
                assert http.get("/v1/models").json()["data"][0]["id"] == "qa_bot"
                assert http.get("/mcp").status_code == 405
                assert "qa_bot" in http.get("/").text
        finally:
            process.kill()
