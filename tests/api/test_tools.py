"""Tools for agents (MCP), by its own client."""

from __future__ import annotations

from typing import Any

import anyio
import httpx
import pytest
from mcp import Client

from tests.api.checks import AREA, COUNT, listed
from tests.conftest import ARTICLES


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
