"""Links into articles."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_bot.ui.views.target import Target


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1), st.integers(0, 10**8))
def test_a_target_survives_its_link(ident: str, start: int) -> None:
    target = Target(ident, start, start + 1, "0123abcd")
    assert Target.parse(target.href) == target


@pytest.mark.parametrize(
    "fragment", ["", "#", "#close", "#article/a", "#article/a/1-x/00000000", "#article//1-2/0"]
)
def test_other_fragments_are_no_targets(fragment: str) -> None:
    assert Target.parse(fragment) is None
