"""What a browser keeps of its conversation."""

from __future__ import annotations

import pytest

from qa_bot.exchange import Exchange
from qa_bot.records import Turn
from qa_bot.ui.conversation import Browser, exchanges, kept_exchange, remembered
from tests.ui.shown import an_answer, an_article, cited


@pytest.mark.parametrize("junk", [None, "x", [1], {"secret": 1}, {"secret": "short", "current": 3}])
def test_a_browser_without_a_secret_gets_one(junk: object) -> None:
    one, two = Browser.of(junk), Browser.of(junk)
    assert one.secret != two.secret
    assert one.current == 0
    assert Browser.of(one.kept) == one


def test_a_browser_is_where_it_was() -> None:
    kept = Browser.of(None).at(7).kept
    assert Browser.of(kept).current == 7
    assert Browser.of(kept | {"current": "x"}).current == 0


def test_turns_are_remembered_and_exported() -> None:
    article = an_article(title="")
    answer = an_answer("Yes. [1]", cited(article, "First sentence."), short="Yes")
    exchange = Exchange.of(answer, "2024-11-27T01:02:03+00:00", since="2024")
    turn = {"question": "And?", "html": "", "exchange": kept_exchange(exchange)}
    assert exchanges([turn, {"question": "?", "html": ""}, {**turn, "exchange": {"x": 1}}]) == [
        exchange
    ]
    assert exchange.quotes[0].article.text == ""
    assert exchange.quotes[0].article.title == article.headline
    assert exchange.quotes[0].article.id == article.id
    assert remembered([turn, {"question": "More?", "html": ""}]) == [
        Turn("And?", "Yes. [1]"),
        Turn("More?", ""),
    ]
