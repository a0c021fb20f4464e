"""Languages of texts and of short questions."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_bot.text.languages import detect_language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("谁赢了？", "zh-Hans"),
        ("海港", "zh-Hans"),
        ("誰是市長？", "zh-Hant"),
        ("皇后是誰", "zh-Hant"),
        ("約翰·史密斯", "zh-Hant"),
        ("东京在哪", "zh-Hans"),
        ("東京はどこ", "ja"),
        ("カタカナ", "ja"),
        ("优の良品店在哪", "zh-Hans"),
        ("서울은?", "ko"),
        ("Who?", "en"),
        ("Where is the ferry", "en"),
        ("Wer war Goethe?", "de"),
        ("Où est le port ?", "fr"),
        ("¿Quién es él?", "es"),
        ("Quem é o presidente?", "pt"),
        ("Quando è nato Dante?", "it"),
        ("Кто он?", "ru"),
        ("Ποιος;", "el"),
        ("من هو؟", "ar"),
        ("वह कौन है", "hi"),
        ("ใครคือ", "th"),
        ("Ai là tổng thống?", "vi"),
        ("什么是AI", "zh-Hans"),
        ("iPhone 15 Pro Max多少钱", "zh-Hans"),
        ("《This Is Where We Came In》是谁的专辑？", "zh-Hans"),
        ("Who is 顾南?", "en"),
        ("What did 顾南 say at 临澜渡口复航大会?", "en"),
        ("What does ありがとう mean", "en"),
        ("I Will Always Love Youを歌ったのは誰ですか", "ja"),
        ("Take Me Home은 누가 불렀나요", "ko"),
        ("кто поёт Take Me Home", "ru"),
        ("Хто він, і де живе?", "uk"),
        ("En welke minister trad toen af wegens de affaire?", "nl"),
        ("Hvem ble valgt til ordfører i Bergen?", "no"),
        ("Du Xiaogang", ""),
        ("hello", ""),
        ("GDP", ""),
        ("123 !?", ""),
        ("", ""),
    ],
)
def test_detect_language(text: str, language: str) -> None:
    assert detect_language(text) == language


@given(st.text(max_size=200))
def test_never_raises(text: str) -> None:
    assert isinstance(detect_language(text), str)


def test_a_long_text_is_quick() -> None:
    started = time.process_time()
    assert detect_language("渡口开航了。" * 500_000) == "zh-Hans"
    assert time.process_time() - started < 2
