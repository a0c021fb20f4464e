"""What became of added articles."""

from __future__ import annotations

import pytest

from qa_bot.errors import IndexAwayError, QABotError
from qa_bot.records import EmbeddingFault, Outcome
from qa_bot.ui.texts import LOCALES, say
from qa_bot.ui.views.notices import embedding_fault, outcomes
from tests.ui.shown import Seen


def test_refusals_come_first_with_their_reason() -> None:
    came = [Outcome("a.txt", "added", "1", "A"), Outcome("b.xyz", "refused", reason="not text")]
    text = Seen(outcomes(came, "en")).text
    assert text.index("b.xyz") < text.index("a.txt")
    assert "not text" in text


def test_thousands_of_outcomes_are_cut_short_after_the_refusals() -> None:
    came = [Outcome(f"{n}.txt", "added", str(n), "A") for n in range(1500)]
    seen = Seen(outcomes([*came, Outcome("b.xyz", "refused", reason="not text")], "en"))
    assert "1,301 more" in seen.text
    assert "b.xyz" in seen.text
    assert len(seen.all("qa-added")) == 199


def test_each_file_is_summed_up() -> None:
    came = [Outcome("news.jsonl", "added", str(n), f"T{n}") for n in range(31)]
    came += [Outcome("news.jsonl", "skipped", "x", "Old"), Outcome("page.txt", "added", "p", "P")]
    seen = Seen(outcomes(came, "en"))
    assert "news.jsonl 31 added · 1 there already" in seen.text
    assert "page.txt 1 added" in seen.text
    assert not [a for tag, a in seen.tags if tag == "details" and "open" in a]
    came += [Outcome(f"rows.csv:{n}", "refused", reason="no text") for n in (2, 3)]
    seen = Seen(outcomes(came, "en"))
    assert seen.text.startswith("rows.csv 2 could not be added")
    assert [a for tag, a in seen.tags if tag == "details" and "open" in a]


@pytest.mark.parametrize("lang", LOCALES)
def test_a_fault_of_embedding_has_its_reason_and_whether_it_is_tried_again(lang: str) -> None:
    error = QABotError("<No space> left.")
    waits, ended = (EmbeddingFault(error, retried=retried) for retried in (True, False))
    assert Seen(embedding_fault(waits, lang)).text == say(
        lang, "embedding_waits", reason="<No space> left."
    )
    assert Seen(embedding_fault(ended, lang)).text == say(
        lang, "embedding_stopped", reason="<No space> left."
    )
    away = EmbeddingFault(IndexAwayError("at 10.0.0.5"), retried=True)
    assert "10.0.0.5" not in embedding_fault(away, lang)
    assert say(lang, "index_away") in Seen(embedding_fault(away, lang)).text
    assert "KeyError" in embedding_fault(EmbeddingFault(KeyError(), retried=True), lang)
