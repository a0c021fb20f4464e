"""Conversations as they are kept for each browser."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

import qa_bot.conversations as module
from qa_bot import QABotError
from qa_bot.conversations import Conversations


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Conversations]:
    conversations = Conversations(tmp_path / "conversations.sqlite3")
    yield conversations
    conversations.close()


def test_turns_are_kept_in_their_order_and_named_after_the_first(kept: Conversations) -> None:
    one = kept.put("me", 0, {"question": "Where is\nthe ferry?", "html": "<p>"})
    assert kept.put("me", one, {"question": "And when?"}) == one
    assert kept.put("me", one, {"question": "And where to?"}, again=True) == one
    two = kept.put("me", 0, {"question": "x" * 200})
    assert [turn["question"] for turn in kept.turns("me", one)] == [
        "Where is\nthe ferry?",
        "And where to?",
    ]
    assert kept.turns("me", one)[0]["html"] == "<p>"
    listed = kept.find("me")
    assert [(c.id, c.turns) for c in listed] == [(two, 1), (one, 2)]
    assert listed[1].name == "Where is the ferry?"
    assert listed[0].name == "x" * 80 + "…"


def test_they_are_there_when_the_file_is_opened_again(kept: Conversations) -> None:
    one = kept.put("me", 0, {"question": "Q"})
    kept.close()
    again = Conversations(kept.path)
    assert again.turns("me", one) == [{"question": "Q"}]
    again.close()
    assert b"me" not in kept.path.read_bytes().partition(b"CREATE")[0]
    assert kept.path.stat().st_mode & 0o777 == 0o600


def test_another_browser_sees_and_changes_nothing(kept: Conversations) -> None:
    one = kept.put("me", 0, {"question": "Q"})
    assert kept.find("you") == []
    assert kept.turns("you", one) == []
    kept.rename("you", one, "yours")
    assert kept.remove("you", one) is None
    other = kept.put("you", one, {"question": "mine"})
    assert other != one
    assert [c.name for c in kept.find("me")] == ["Q"]
    kept.remove("me", one)
    assert not kept.put_back("you", one)


def test_they_are_found_by_name_question_and_answer(kept: Conversations) -> None:
    one = kept.put("me", 0, {"question": "渡轮票价"}, words="单程四元")
    two = kept.put("me", 0, {"question": "Who?"}, words="Captain Lind")
    kept.rename("me", two, "  The\nship ")
    for words, found in (
        ("渡輪", [one]),
        ("四元", [one]),
        ("LIND", [two]),
        ("the ship", [two]),
        ("%", []),
        ("", [two, one]),
    ):
        assert [c.id for c in kept.find("me", words)] == found, words
    kept.rename("me", two, "  ")
    assert kept.find("me")[0].name == "The ship"


def test_a_removed_one_can_be_put_back(
    kept: Conversations, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = (kept.put("me", 0, {"question": q}) for q in ("first", "second"))
    gone = kept.remove("me", one)
    assert gone is not None
    assert (gone.name, gone.turns) == ("first", 1)
    assert [c.id for c in kept.find("me")] == [two]
    assert kept.turns("me", one) == []
    assert kept.remove("me", one) is None
    assert kept.put_back("me", one)
    assert not kept.put_back("me", one)
    assert kept.turns("me", one) == [{"question": "first"}]
    # not for ever
    kept.remove("me", one)
    monkeypatch.setattr(module, "_REMOVED_FOR", -module._REMOVED_FOR)
    kept.remove("me", two)
    assert not kept.put_back("me", one)


def test_there_is_an_end_to_what_is_kept(
    kept: Conversations, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_MOST", 2)
    monkeypatch.setattr(module, "_MOST_TURNS", 3)
    ids = [kept.put("me", 0, {"question": str(n)}) for n in range(3)]
    assert [c.id for c in kept.find("me")] == ids[:0:-1]
    for n in range(5):
        kept.put("me", ids[2], {"question": f"more {n}"})
    assert [turn["question"] for turn in kept.turns("me", ids[2])] == ["more 2", "more 3", "more 4"]
    monkeypatch.setattr(module, "_FULL", 1)
    with pytest.raises(QABotError, match="full"):
        kept.put("me", ids[2], {"question": "no"})
    assert len(kept.turns("me", ids[2])) == 3


def test_threads_share_them(kept: Conversations) -> None:
    one = kept.put("me", 0, {"question": "0"})

    def ask() -> None:
        for _ in range(5):
            kept.put("me", one, {"question": "more"})

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(kept.turns("me", one)) == 21


def test_a_damaged_file_is_put_aside(tmp_path: Path) -> None:
    path = tmp_path / "conversations.sqlite3"
    path.write_bytes(b"no database" * 100)
    kept = Conversations(path)
    assert kept.find("me") == []
    kept.put("me", 0, {"question": "Q"})
    kept.close()
    assert (tmp_path / "conversations.damaged").read_bytes() == b"no database" * 100
    with sqlite3.connect(path) as db:
        assert db.execute("SELECT count(*) FROM conversations").fetchone() == (1,)
    db.close()


def test_where_nothing_can_be_written_they_live_with_the_process(tmp_path: Path) -> None:
    kept = Conversations(tmp_path / "none" / "conversations.sqlite3", writable=False)
    one = kept.put("me", 0, {"question": "Q"})
    assert kept.turns("me", one) == [{"question": "Q"}]
    kept.close()
    assert not (tmp_path / "none").exists()


def test_a_file_that_cannot_be_opened_is_told(tmp_path: Path) -> None:
    kept = Conversations(tmp_path / "none" / "conversations.sqlite3")
    with pytest.raises(QABotError, match="cannot be used"):
        kept.find("me")
