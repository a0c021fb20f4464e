"""The OpenAI protocol, from the real server by its own client."""

from __future__ import annotations

import base64
import json
from typing import Any

import httpx
import numpy as np
import openai
import pytest

from qa_bot import (
    QABot,
)
from tests.api.checks import AREA, check_quotes


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
