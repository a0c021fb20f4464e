"""An answer taken apart into sentences and the passages they name."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from qa_bot import Answer
from qa_bot.llm.claims import claims
from tests.scripted import Script


@pytest.mark.parametrize(
    "mark",
    ["[1]", "[1,3]", "[1, 3]", "【1】", "［1］", "（来源1）", "[来源 1]", "【1†source】", "[^1]"],
)
def test_every_manner_of_citing_is_understood(ask: Callable[..., Answer], mark: str) -> None:
    for text in (f"柳堤大桥封闭是因为伸缩缝老化{mark}。", f"柳堤大桥封闭是因为伸缩缝老化。{mark}"):
        answer = ask(Script(text))
        assert answer.text == "柳堤大桥封闭是因为伸缩缝老化。 [1]"
        assert "伸缩缝老化" in answer.citations[0].quote


@pytest.mark.parametrize("mark", ["", "[9]", "[0]", "[999]", "[2]", "[3]"])
def test_no_or_a_wrong_number_is_put_right(ask: Callable[..., Answer], mark: str) -> None:
    """None, one that was never given, or that of a passage which says nothing of it."""
    answer = ask(Script(f"柳堤大桥封闭是因为伸缩缝老化{mark}。"))
    assert answer.text.endswith(" [1]")
    assert [c.number for c in answer.citations] == [1]
    assert "伸缩缝老化" in answer.citations[0].quote


def test_claims_of_an_answer() -> None:
    found = claims("以下是原因：\n- **桥**：伸缩缝老化 [1][2]\n- 车改道[3-5]\n\n完毕。")
    assert [c.said for c in found] == ["以下是原因：", "桥：伸缩缝老化", "车改道", "完毕。"]
    assert [c.numbers for c in found] == [(), (1, 2), (3, 4, 5), ()]
    assert [c.frame for c in found] == [True, False, False, False]
    assert [c.numbers for c in claims("(1) 首先封桥。(2) 然后修桥。")] == [(), ()]


def test_what_a_weak_model_repeats_is_no_claim() -> None:
    said = claims("大桥今天封闭[1]。\n</passage 1>\n</article>\n大桥今天封闭。")
    assert [(claim.text, claim.numbers) for claim in said] == [("大桥今天封闭。", (1,))]
