"""The words of a short answer."""

from __future__ import annotations

import pytest

from qa_bot.answer.trimming import bare, with_whole_titles

TEXT = "导演沈若溪的《柳堤往事》和《望江楼》昨天上映。"


@pytest.mark.parametrize(
    ("said", "whole"),
    [
        ("《柳堤", "《柳堤往事》"),
        ("沈若溪的《柳堤", "沈若溪的《柳堤往事》"),
        ("往事》和《望江楼》", "《柳堤往事》和《望江楼》"),
        ("往事》和《望江", "《柳堤往事》和《望江楼》"),
        ("柳堤往事", "柳堤往事"),
        ("柳堤", "柳堤"),
        ("沈若溪", "沈若溪"),
        ("《望江楼》昨天", "《望江楼》昨天"),
        ("导演沈若溪的《", "导演沈若溪的《"),
        ("》昨天上映", "》昨天上映"),
    ],
)
def test_titles_are_not_cut(said: str, whole: str) -> None:
    start = TEXT.index(said)
    begin, end = with_whole_titles(TEXT, start, start + len(said))
    assert TEXT[begin:end] == whole


@pytest.mark.parametrize(
    ("said", "plain"),
    [
        ("昨天上映。《", "昨天上映"),
        ("》昨天上映", "昨天上映"),
        ("《柳堤往事》", "《柳堤往事》"),
        ("两座桥，”", "两座桥"),
        ("“柳堤往事”", "柳堤往事"),
        ("检修七天）。", "检修七天"),
        ("检修（七天）", "检修（七天）"),
        ("检修（七天", "检修（七天"),
        ("他说“好", "他说“好"),
        ("", ""),
    ],
)
def test_what_clings_to_an_answer_is_taken_off(said: str, plain: str) -> None:
    assert bare(said) == plain


def test_a_mark_without_its_pair_is_no_title() -> None:
    assert with_whole_titles("《柳堤往事昨天上映", 2, 5) == (2, 5)
    assert with_whole_titles("", 0, 0) == (0, 0)
