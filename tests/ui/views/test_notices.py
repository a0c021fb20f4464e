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
