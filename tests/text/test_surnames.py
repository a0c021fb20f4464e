"""One table of surnames, simplified and traditional."""

from __future__ import annotations

import pytest

from qa_bot.text.surnames import COMMON_SURNAMES, COMPOUND_SURNAME, SURNAMES


@pytest.mark.parametrize("surname", "沈何苏覃殳趙蘇陳亓邸")
def test_surnames(surname: str) -> None:
    assert surname in SURNAMES


def test_common_ones_are_simplified_and_seldom_words() -> None:
    assert COMMON_SURNAMES < SURNAMES
    assert not COMMON_SURNAMES & set("年言福欧趙蘇瀋的是")


def test_a_place_that_only_shares_its_simplified_form_is_none() -> None:
    assert "瀋" not in SURNAMES


@pytest.mark.parametrize("name", ["欧阳修", "歐陽修", "司马光", "司馬光", "第五伦"])
def test_compound_surnames(name: str) -> None:
    assert COMPOUND_SURNAME.match(name)


def test_no_surname_stands_twice() -> None:
    for name in COMPOUND_SURNAME.pattern.split("|"):
        assert len(name) == 2
        assert COMPOUND_SURNAME.pattern.split("|").count(name) == 1
