"""What is measured and counted, in one form."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_bot.text.chinese import align
from qa_bot.text.quantities import quantities_in


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1.1亿元", ["110000000 yuan"]),
        ("110 million yuan", ["110000000 yuan"]),
        ("RMB 110m", ["110000000 yuan"]),
        ("$4.5bn，4.5亿美元", ["4500000000 dollar", "450000000 dollar"]),
        ("120余万册", ["1200000 "]),
        ("12 crore rupees", ["120000000 rupee"]),
        (
            "三成、一半、a quarter, half of them",
            ["0.3 share", "0.5 share", "0.25 share", "0.5 share"],
        ),
        ("翻了一番，增长一倍，2倍，doubled", ["2 times", "2 times", "2 times", "2 times"]),
        ("two dozen eggs", ["24 "]),
        ("33至35摄氏度，零下12度，-8°C", ["33 degrees", "35 degrees", "-12 degrees", "-8 degrees"]),
        ("80 to 60 million dollars", ["80000000 dollar", "60000000 dollar"]),
        ("六到八周, six to eight weeks", ["42 days", "56 days", "42 days", "56 days"]),
        ("两个半小时, two and a half hours", ["150.0 minutes", "150.0 minutes"]),
        ("3.2公里，3200米", ["3200.0 length", "3200 length"]),
        ("0.25个百分点，25个基点", ["0.25 points", "0.25 points"]),
        ("5号线，Line 5，No. 5，第五", ["5 ordinal"] * 4),
        ("四要严肃追责", ["4 ordinal"]),
        ("以3比1战胜", ["3 score"]),
        ("won 3-1.", ["3 score"]),
        ("73岁，50年", ["73 age", "50 years"]),
        ("a third person", ["3 ordinal"]),
    ],
)
def test_quantities(text: str, expected: list[str]) -> None:
    assert [f"{q.value} {q.dimension}" for q in quantities_in(align(text))] == expected


def test_bounds_and_rounding() -> None:
    found = quantities_in(align("超过30人，不到30人，约30人，30人，more than 30, less than 30"))
    assert [(q.bound, q.about) for q in found] == [
        *((1, False), (-1, False), (0, True), (0, False), (1, False), (-1, False))
    ]


@given(
    st.text(
        "零一二三四五十百千万亿点第成分之比半至到1234.,-%$ 个元年天倍a thirdhalfto", max_size=40
    )
)
def test_quantities_lie_in_the_text_one_behind_the_other(text: str) -> None:
    end = 0
    for quantity in quantities_in(text):
        assert end <= quantity.start < quantity.end <= len(text)
        assert isinstance(quantity.value, Decimal)
        end = quantity.end
