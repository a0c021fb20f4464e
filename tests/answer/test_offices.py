from __future__ import annotations

import pytest

from qa_bot.answer.offices import office_at, stated_office

TEXT = "会上，副市长周文栋讲了意见，市委常委、宣传部部长何知微和市政府秘书长沈若溪参加。"


@pytest.mark.parametrize(
    ("whom", "taken", "office"),
    [
        ("何知微", "市委常委、宣传部部长", "市委常委、宣传部部长"),
        ("周文栋", "副市长周文栋", "副市长"),  # the name is no part of it
        ("沈若溪", "副市长周文栋", "市政府秘书长"),  # what was taken is another's
        ("沈若溪", "市委常委、宣传部部长何知微", "市政府秘书长"),
        ("周文栋", "讲了意见", "讲了意见"),  # behind the name anything may stand
        ("何知微", "沈若溪", None),  # a person is no office
    ],
)
def test_the_office_is_what_stands_before_the_name(
    whom: str, taken: str, office: str | None
) -> None:
    start = TEXT.index(taken)
    found = office_at(whom, TEXT, start, start + len(taken))
    assert (found and TEXT[slice(*found)]) == office


def test_a_name_without_an_office_has_none() -> None:
    text = "副市长周文栋、何知微参加。"
    assert office_at("何知微", text, 0, 3) is None


@pytest.mark.parametrize(
    ("text", "whom", "office"),
    [
        ("副市长周文栋主持会议。", "周文栋", "副市长"),
        ("市委书记沈若溪会见了商会会长何知微。", "何知微", "商会会长"),
        ("市委常委、宣传部部长何知微参加。", "何知微", "市委常委、宣传部部长"),
        ("图书馆馆长沈若溪、“青江学者”、临江大学教授何知微说。", "何知微", "临江大学教授"),
        ("周文栋说，何知微来了。", "何知微", None),
        ("望潮区何知微说。", "何知微", None),  # where she lives
    ],
)
def test_an_office_is_stated_right_before_the_name(
    text: str, whom: str, office: str | None
) -> None:
    found = stated_office(whom, text, 0, len(text))
    assert (found and text[slice(*found)]) == office
