from __future__ import annotations

import json
from importlib.resources import files
from string import Formatter

import pytest

from qa_bot.text.wording import LANGUAGES, in_words, keys


def sentences(language: str) -> dict[str, str]:
    text = files("qa_bot.text").joinpath(f"wording.{language}.json").read_text("utf-8")
    read: dict[str, str] = json.loads(text)
    return read


def blanks(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_languages_agree(language: str) -> None:
    english, other = sentences("en"), sentences(language)
    assert {k.removesuffix(".one") for k in keys(language)} == {
        k.removesuffix(".one") for k in keys("en")
    }
    for key, sentence in other.items():
        assert blanks(sentence) == blanks(english[key]), key


def test_one_and_several() -> None:
    assert in_words("en", "holdings", n=1) == "There is 1 article here."
    assert in_words("en", "holdings", n=2) == "There are 2 articles here."
    assert in_words("fr", "holdings", n=2) == in_words("en", "holdings", n=2)
    assert in_words("zh-Hant", "empty") != in_words("zh-Hans", "empty")


def test_an_unknown_sentence() -> None:
    with pytest.raises(KeyError):
        in_words("en", "no such sentence")
