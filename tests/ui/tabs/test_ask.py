"""The conversation that a browser kept."""

from __future__ import annotations

import pytest

from qa_bot.ui.conversation import kept


@pytest.mark.parametrize("junk", [None, "x", {"a": 1}, [1, None, {"question": 1, "html": "x"}]])
def test_a_conversation_that_is_none_is_forgotten(junk: object) -> None:
    assert kept(junk) == []


def test_a_well_formed_conversation_is_kept() -> None:
    turn = {"question": "q", "html": "<p>a</p>"}
    assert kept([turn, {"question": "half"}]) == [turn]
