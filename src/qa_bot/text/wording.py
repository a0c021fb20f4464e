"""Sentences of qa_bot's own around what it found, in the language of the question.

In simplified Chinese, English and Japanese; traditional Chinese is converted, and whoever asks in
another language is told in English.
"""

from __future__ import annotations

import functools
import json
from importlib.resources import files

from opencc import OpenCC

__all__ = ["LANGUAGES", "in_words", "keys"]

LANGUAGES = ("zh-Hans", "en", "ja")


def in_words(language: str, key: str, /, **values: object) -> str:
    """The sentence of this `key` in `language` (a BCP 47 tag), with `values` put in.

    English has two forms of some, told apart by the value `n`: KEY and KEY.one.

    :raises KeyError: if there is no such sentence, or a value is missing.
    """
    told = language if language in LANGUAGES else "zh-Hans" if language == "zh-Hant" else "en"
    sentences = _sentences(told)
    if values.get("n") == 1 and f"{key}.one" in sentences:
        key = f"{key}.one"
    sentence = sentences[key]
    if language == "zh-Hant":
        sentence = _traditional().convert(sentence)
    return sentence.format(**values)


def keys(language: str) -> set[str]:
    """The keys of the sentences in a language."""
    return set(_sentences(language))


@functools.cache
def _sentences(language: str) -> dict[str, str]:
    text = files("qa_bot.text").joinpath(f"wording.{language}.json").read_text("utf-8")
    sentences: dict[str, str] = json.loads(text)
    return sentences


@functools.cache
def _traditional() -> OpenCC:
    return OpenCC("s2twp")
