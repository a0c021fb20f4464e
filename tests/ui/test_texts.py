"""The page's texts: each language says everything, nothing is said in vain, and fields agree."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from string import Formatter
from typing import get_args, get_type_hints

import pytest
from jinja2 import nodes

import qa_bot.llm
import qa_bot.ui
from qa_bot.collection.periods import COARSE, UNDATED
from qa_bot.collection.statistics import KINDS
from qa_bot.records import ORDERS, VERDICTS, Status, Update
from qa_bot.ui.markup import environment
from qa_bot.ui.texts import LOCALES, PLURALS, language_of, locale, say
from qa_bot.ui.views.narrowing import FIELDS as NARROWING

UI = Path(qa_bot.ui.__file__).parent
LLM = Path(qa_bot.llm.__file__).parent


def faults() -> set[str]:
    """Why a language model gave no answer, as its package says it."""
    sources = [file.read_text("utf-8") for file in LLM.rglob("*.py")]
    return {code for source in sources for code in re.findall(r'LLMError\(\s*"(\w+)"', source)}


# Texts that are said by a value: what their keys begin with, and the values.
BY_VALUE: dict[str, set[str]] = {
    "chip_": set(NARROWING),
    "confidence_": {"sure", "likely", "unsure"},
    "field_": {"headline", "byline", "date", "source", "lang"},
    "file_": set(get_args(Status)),
    "llm_": faults(),
    "most_": {"source", *KINDS},
    "order_": {order.replace("-", "down_") for order in ORDERS},
    "outcome_": set(get_args(Status)),
    "period_": {"year", "month", "day", UNDATED, COARSE},
    "stage_": set(get_args(get_type_hints(Update)["stage"])) - {"done"},
    "verdict_": set(VERDICTS),
}


def said_in_python(source: str) -> Iterator[str]:
    """The keys in calls of `say` and `t`; of those made from a value the beginning, and a `*`."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        if node.func.id in ("say", "t"):
            keys = [node.args[1 if node.func.id == "say" else 0]]
            while keys:
                match keys.pop():
                    case ast.Constant(value=str(key)):
                        yield key
                    case ast.IfExp(body=one, orelse=other):
                        keys += [one, other]
                    case ast.JoinedStr(values=[ast.Constant(value=str(beginning)), *_]):
                        yield f"{beginning}*"
                    case other:
                        pytest.fail(f"Which text is said by {ast.unparse(other)}?")


def said_in_templates(source: str) -> Iterator[str]:
    for call in environment().parse(source).find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name == "say":
            match call.args[0]:
                case nodes.Const(value=str(key)):
                    yield key
                case nodes.Concat(nodes=[nodes.Const(value=str(beginning)), _]):
                    yield f"{beginning}*"
                case other:
                    pytest.fail(f"Which text is said by {other}?")


def said() -> set[str]:
    keys: set[str] = set()
    for file in UI.rglob("*.py"):
        if file.name != "markup.py":  # which hands `say` to the templates
            keys.update(said_in_python(file.read_text("utf-8")))
    for file in UI.rglob("*.html"):
        keys.update(said_in_templates(file.read_text("utf-8")))
    return keys


def forms(lang: str, key: str) -> dict[str, str]:
    text = locale(lang).texts[key]
    return {"": text} if isinstance(text, str) else dict(text)


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_no_text_is_missing_and_none_is_unused() -> None:
    keys = said()
    assert {key for key in keys if key.endswith("*")} == {f"{begin}*" for begin in BY_VALUE}
    used = {key for key in keys if not key.endswith("*")}
    used |= {begin + value for begin, values in BY_VALUE.items() for value in values}
    for lang in LOCALES:
        texts = locale(lang).texts.keys()
        assert used - texts == set(), f"missing in {lang}"
        assert texts - used == set(), f"unused in {lang}"


@pytest.mark.parametrize("lang", LOCALES)
def test_each_language_has_every_plural_and_the_fields_of_english(lang: str) -> None:
    assert locale(lang).texts.keys() == locale("en").texts.keys()
    for key in locale("en").texts:
        english = {name for text in forms("en", key).values() for name in fields(text)}
        said = forms(lang, key)
        assert set(said) in ({""}, set(PLURALS[lang].categories)), key
        for text in said.values():
            assert text.strip(), key
            assert fields(text) == english, key


def test_labels_have_no_fields() -> None:
    for file in UI.rglob("*.py"):
        for key in re.findall(r'\bt\("(\w+)"', file.read_text("utf-8")):
            assert key in locale("en").labels, key


def test_each_language_has_its_file_and_its_plurals() -> None:
    names = {file.name for file in files("qa_bot.ui").joinpath("locales").iterdir()}
    assert names == {f"{name}.json" for name in LOCALES.values()}
    assert PLURALS.keys() == LOCALES.keys()


@pytest.mark.parametrize(
    ("lang", "count", "text"),
    [
        ("en", 0, "0 articles"),
        ("en", 1, "1 article"),
        ("en", 1234, "1,234 articles"),
        ("zh-Hans", 1, "1 篇文章"),
        ("zh-Hant", 2, "2 篇文章"),
    ],
)
def test_a_number_takes_its_plural(lang: str, count: int, text: str) -> None:
    assert say(lang, "articles", count=count) == text


def test_what_is_not_there_is_not_said() -> None:
    with pytest.raises(KeyError, match="nonsense"):
        say("en", "nonsense")
    with pytest.raises(KeyError, match="total"):
        say("en", "so_far", count=1)
    with pytest.raises(KeyError, match="count"):
        say("en", "articles")


@pytest.mark.parametrize(
    ("header", "language"),
    [
        (None, "en"),
        ("", "en"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh-Hans"),
        ("zh", "zh-Hans"),
        ("zh-SG", "zh-Hans"),
        ("zh-TW,zh;q=0.9", "zh-Hant"),
        ("zh-HK", "zh-Hant"),
        ("zh-Hant-HK", "zh-Hant"),
        ("zh-Hans-HK", "zh-Hans"),
        ("en-GB,zh-CN;q=0.9", "en"),
        ("en;q=0.5, zh-CN", "zh-Hans"),
        ("fr,zh-TW;q=0.4", "zh-Hant"),
        ("zh;q=0, de", "en"),
        ("; ;;q=9, ,*", "en"),
    ],
)
def test_language_follows_the_browser(header: str | None, language: str) -> None:
    assert language_of(header) == language


@pytest.mark.parametrize("lang", LOCALES)
def test_examples_are_about_the_sample_articles(lang: str) -> None:
    samples = Path(__file__).parents[2] / "eval" / "articles"
    texts = [file.read_text("utf-8") for file in samples.rglob("*.*")]
    examples = locale(lang).examples
    assert 3 <= len(examples) <= 6
    for example in examples:
        assert any(example.headline in text for text in texts), example.headline
