from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_bot.text.sentences import split_sentences

MARKS = st.text(st.sampled_from("他说好。！？…”“」』）, .!?\"' \nAb3\u3000；と"), max_size=60)


@pytest.mark.parametrize(
    "sentences",
    [
        ["他说：“好的。”", "然后走了。", "真的吗？！", "是的……", "完"],
        ["Mr. Smith paid 3.5 million.", "He left.", '"Go!"', "she said.", "J. R. Tan wrote it."],
        ["The firm of Messrs. Lu & Sons built it.", "It leaks."],
        ["彼は「はい。」と言った。", "次の日。"],
        ["全长3.6公里。", "见www.linjiang.example。", "（记者 何知微）"],
    ],
)
def test_sentences_end_where_a_reader_ends_them(sentences: list[str]) -> None:
    text = "".join(s + (" " if s[-1] in '."!' else "") for s in sentences)
    assert [text[a:b] for a, b in split_sentences(text)] == sentences


def test_a_line_break_ends_a_sentence() -> None:
    text = "小标题\n第一段没有句号\n\n第二段。"
    assert [text[a:b] for a, b in split_sentences(text)] == ["小标题", "第一段没有句号", "第二段。"]


@given(MARKS)
def test_sentences_cover_all_but_white_space(text: str) -> None:
    spans = split_sentences(text)
    assert "".join("".join(text[a:b].split()) for a, b in spans) == "".join(text.split())
    assert all(a < b for a, b in spans)
    assert all(left[1] <= right[0] for left, right in pairwise(spans))


@given(MARKS, st.integers(0, 60), st.integers(0, 60))
def test_a_window_stays_inside_itself(text: str, start: int, end: int) -> None:
    start, end = sorted((min(start, len(text)), min(end, len(text))))
    assert all(start <= a < b <= end for a, b in split_sentences(text, start, end))


def test_a_long_run_of_blanks_costs_no_more_than_its_length() -> None:
    """Were it tried from each of its blanks, this would run for hours and into the time limit."""
    text = "头" + " \u3000" * 500_000 + "尾。\n"
    assert [text[a:b][0] for a, b in split_sentences(text)] == ["头"]
