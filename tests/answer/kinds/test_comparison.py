"""What a comparison asks of each of its two sides."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from qa_bot import Article, QABot
from qa_bot.answer.kinds.comparison import alone, asks_of_each, sides


@pytest.mark.parametrize(
    ("asked", "one", "other"),
    [
        ("青枫大桥和白鹭大桥哪座更长", "青枫大桥有多长", "白鹭大桥有多长"),
        ("东埠和西塘装路灯的补贴哪个区多", "东埠装路灯的补贴多少", "西塘装路灯的补贴多少"),
        (
            "23年7月跟24年7月的水位分别是多少",
            "23年7月的水位是多少",
            "24年7月的水位是多少",
        ),
        ("青枫厂一期、二期产能各是多少", "青枫厂一期产能是多少", "青枫厂二期产能是多少"),
        (
            "温家捐给县医院和青枫大学的钱各多少",
            "温家捐给县医院的钱多少",
            "温家捐给青枫大学的钱多少",
        ),
        ("东埠的陆某和西塘的祝某，谁被骗得多", "东埠的陆某被骗多少", "西塘的祝某被骗多少"),
        (
            "Who ran faster, Ada Pell or Nora Tarn?",
            "Who ran faster, Ada Pell?",
            "Who ran faster, Nora Tarn?",
        ),
    ],
)
def test_each_side_is_a_question_by_itself(asked: str, one: str, other: str) -> None:
    assert [alone(question) for _, question in sides(asked)] == [one, other]


def test_one_thing_is_no_comparison() -> None:
    assert sides("青枫大桥全长多少米") == ()


@pytest.mark.parametrize("asked", ["客船 货船 渡船各多少艘", "客船、货船和渡船的数量分别是多少"])
def test_three_sides(asked: str) -> None:
    assert [name for name, _ in sides(asked)] == ["客船", "货船", "渡船"]


@pytest.mark.parametrize(
    ("asked", "each"),
    [
        ("两座桥的造价各多少，青枫大桥和白鹭大桥", True),
        ("青枫大桥和白鹭大桥的造价各是多少", True),
        ("各区今年投资多少", False),
        ("How much does each stall pay to the town?", False),
    ],
)
def test_what_is_asked_of_each(asked: str, each: bool) -> None:
    assert asks_of_each(asked) is each


BRIDGES = [
    Article("青枫大桥合龙", "本报讯 青枫大桥昨天合龙，大桥全长1260米，总投资3.5亿元。"),
    Article("白鹭大桥通车", "本报讯 白鹭大桥昨天通车，大桥全长980米，双向六车道。"),
]


@pytest.fixture(scope="module")
def bridges(tmp_path_factory: pytest.TempPathFactory) -> Iterator[QABot]:
    with QABot.open(tmp_path_factory.mktemp("bridges") / "index") as bot:
        bot.add(BRIDGES)
        yield bot


@pytest.mark.model
@pytest.mark.parametrize(
    "asked", ["青枫大桥和白鹭大桥哪座更长？", "青枫大桥跟白鹭大桥分别全长多少米"]
)
def test_both_sides_are_answered(bridges: QABot, asked: str) -> None:
    answer = bridges.ask(asked)
    assert answer.state == "answered"
    assert {"1260", "980"} == {n for n in ("1260", "980") if n in answer.text}


@pytest.mark.model
def test_a_side_that_nobody_wrote_of_is_not_made_up(bridges: QABot) -> None:
    answer = bridges.ask("青枫大桥和黑石大桥哪座更长？")
    assert "980" not in answer.text or answer.state != "answered"
