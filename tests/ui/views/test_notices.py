"""What became of added articles."""

from __future__ import annotations

from qa_bot.records import Outcome
from qa_bot.ui.views.notices import outcomes
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
