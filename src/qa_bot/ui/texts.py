"""The page's texts, one JSON file a language in `locales/`, and which language a browser asks for.

A text is a string with named fields in Python's format (`{count:,} of {total:,}`). Where its words
depend on the number `count` it has a form for each plural category of the language
(`{"one": "{count} article", "other": "{count} articles"}`).
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.resources import files

__all__ = [
    "LANGUAGES",
    "LOCALES",
    "PLURALS",
    "Example",
    "Locale",
    "language_of",
    "locale",
    "say",
]

# Our language tags and the names under which Gradio keeps its own labels, and we our files.
LOCALES = {"zh-Hans": "zh-CN", "zh-Hant": "zh-TW", "en": "en"}

# Languages of articles, each in its own words; any other shows as its tag.
LANGUAGES = {
    "zh-Hans": "简体中文",
    "zh-Hant": "繁體中文",
    "zh": "中文",
    "en": "English",
    "ja": "日本語",
    "ko": "한국어",
    "de": "Deutsch",
    "fr": "Français",
    "es": "Español",
    "ru": "Русский",
}


@dataclass(frozen=True, slots=True)
class Plurals:
    """A language's plural categories, named as in Unicode CLDR, and the one that a number takes."""

    categories: tuple[str, ...]
    of: Callable[[float], str]


# Not babel's rules: reading them unpickles its data.
PLURALS = {
    "zh-Hans": Plurals(("other",), lambda count: "other"),
    "zh-Hant": Plurals(("other",), lambda count: "other"),
    "en": Plurals(("one", "other"), lambda count: "one" if count == 1 else "other"),
}


@dataclass(frozen=True, slots=True)
class Example:
    """A question that a sample article answers, and words of that article's headline.

    It is offered only while the article is in the library.
    """

    question: str
    headline: str


@dataclass(frozen=True, slots=True)
class Locale:
    """What the page says in one language."""

    texts: Mapping[str, str | Mapping[str, str]]
    examples: tuple[Example, ...]

    @property
    def labels(self) -> dict[str, str]:
        """The texts without fields, for Gradio to label its components with."""
        return {
            k: text for k, text in self.texts.items() if isinstance(text, str) and "{" not in text
        }


@functools.cache
def locale(lang: str) -> Locale:
    """The texts in `lang`, one of `LOCALES`."""
    file = files("qa_bot.ui").joinpath("locales", f"{LOCALES[lang]}.json")
    read = json.loads(file.read_text(encoding="utf-8"))
    return Locale(read["texts"], tuple(Example(**example) for example in read["examples"]))


def say(lang: str, key: str, **fields: str | float) -> str:
    """The text `key` in `lang`. It is plain text: escape it like any other.

    :raises KeyError: if there is no such text, or one of its fields is not given.
    """
    text = locale(lang).texts[key]
    if not isinstance(text, str):
        text = text[PLURALS[lang].of(float(fields["count"]))]
    return text.format(**fields)


_TRADITIONAL = {"hant", "tw", "hk", "mo"}


def language_of(accept_language: str | None) -> str:
    """Which of our languages an Accept-Language header asks for; English when none of them."""
    wishes: list[tuple[float, str]] = []
    for wish in (accept_language or "").lower().split(","):
        tag, _, rest = wish.strip().partition(";")
        weight = re.fullmatch(r"\s*q=([01](?:\.\d{0,3})?)\s*", rest)
        wishes.append((float(weight[1]) if weight else 1.0, tag))
    for weight_of_tag, tag in sorted(wishes, key=lambda wish: -wish[0]):
        parts = tag.split("-")
        if weight_of_tag == 0:
            continue
        if parts[0] == "zh":
            traditional = _TRADITIONAL & set(parts) and "hans" not in parts
            return "zh-Hant" if traditional else "zh-Hans"
        if parts[0] == "en":
            return "en"
    return "en"
