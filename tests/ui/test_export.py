"""A conversation as a file."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from markdown_it import MarkdownIt

from qa_bot.exchange import Exchange
from qa_bot.records import Article, Citation
from qa_bot.ui.export import FORMATS, write
from qa_bot.ui.quotation import quoted
from tests.ui.shown import EVIL, Seen, an_answer, an_article

AT = "2024-11-27T01:02:03+00:00"
QUOTE = "He said [1] is <b>it</b>."
ARTICLE = Article("A *bold* title", f"{QUOTE} Then he left.", source="Post", published="2024-05-01")


def exchange(**given: Any) -> Exchange:
    citation = Citation(1, ARTICLE, QUOTE, 0, len(QUOTE))
    answer = an_answer(f"He\n\n{QUOTE} [1] [7]", citation, short="He")
    return Exchange.of(replace(answer, **given), AT)


def written(path: Path, *exchanges: Exchange, lang: str = "en") -> bytes:
    write(path, "My name", exchanges, lang)
    return path.read_bytes()


def test_markdown_has_footnotes_and_no_mark_of_its_own(tmp_path: Path) -> None:
    asked = replace(exchange(), question="What_ next?", asked="What is next?")
    text = written(tmp_path / "a.md", asked).decode()
    assert text.split("\n\n") == [
        "# My name",
        r"## What\_ next?",
        "*Understood as: What is next?*",
        "He",
        r"He said \[1\] is \<b\>it\</b\>.[^1-1] \[7\]",
        "*Confidence: 0.90 of 1, an estimate.*",
        "*Answered: 2024-11-27 01:02 UTC*",
        r"[^1-1]: “He said \[1\] is \<b\>it\</b\>.” — A \*bold\* title, Post, 2024-05-01" + "\n",
    ]


def test_numbers_and_units_of_a_quote_are_told_beside_it(tmp_path: Path) -> None:
    article = Article("捐款", "他捐了1.1亿元。", source="日报", lang="zh-Hans")
    citation = Citation(1, article, article.text, 0, len(article.text))
    said = Exchange.of(an_answer(f"{article.text} [1]", citation), AT)
    text = written(tmp_path / "a.md", said).decode()
    assert "“他捐了1.1亿元。” (1.1亿元 = 110 million yuan) — " in text.replace("\\", "")
    assert "1.1亿元 = 110 million yuan" in Seen(written(tmp_path / "a.html", said).decode()).text
    document = Document(io.BytesIO(written(tmp_path / "a.docx", said)))
    assert any("(1.1亿元 = 110 million yuan)" in p.text for p in document.paragraphs)


@pytest.mark.parametrize("line", ["- a", "+ a", "1. a", "12) a", "=== a", "# a", "> a", "| a |"])
def test_a_line_of_an_answer_is_text_to_markdown(tmp_path: Path, line: str) -> None:
    said = replace(exchange(), text=f"One\n{line}", quotes=())
    html = MarkdownIt().render(written(tmp_path / "a.md", said).decode())
    assert f"One\n{line.replace('>', '&gt;')}</p>" in html


def test_html_is_whole_and_escapes_everything(tmp_path: Path) -> None:
    evil = replace(
        exchange(),
        question=EVIL,
        text=EVIL,
        quotes=(),
        articles=(Article(EVIL, "", id="1", source=EVIL),),
        only=EVIL,
    )
    web = replace(ARTICLE, url="https://daily.example/a?b=1&c=2")
    linked = replace(exchange(), quotes=(replace(exchange().quotes[0], article=web),))
    page = written(tmp_path / "a.html", evil, linked, lang="zh-Hans").decode()
    seen = Seen(page)
    assert page.startswith("<!doctype html>")
    assert {tag for tag, _ in seen.tags} >= {"html", "style", "h1", "h2", "ol", "sup"}
    assert not {"script", "img", "b"} & {tag for tag, _ in seen.tags}
    assert seen.text.count(EVIL) == 5
    assert [a["href"] for tag, a in seen.tags if tag == "a"] == [
        "#s2-1",
        "https://daily.example/a?b=1&c=2",
    ]
    assert [a["id"] for tag, a in seen.tags if tag == "li" and "id" in a] == ["s2-1"]
    assert [a["lang"] for tag, a in seen.tags if tag == "html"] == ["zh-CN"]


def test_word_has_headings_sources_and_no_control_characters(tmp_path: Path) -> None:
    odd = replace(exchange(), question="中文\x00\x0b\ud800问题？")
    document = Document(io.BytesIO(written(tmp_path / "a.docx", odd, exchange())))
    texts = [(p.style.name, p.text) for p in document.paragraphs if p.text]
    assert texts[:4] == [
        ("Title", "My name"),
        ("Heading 1", "中文问题？"),
        ("Normal", "He"),
        ("Normal", f"{QUOTE}[1] [7]"),
    ]
    assert texts[4] == ("Normal", f"[1] “{QUOTE}” — A *bold* title, Post, 2024-05-01")
    assert "0.90" in texts[5][1]
    mark = document.paragraphs[3].runs[1]
    assert (mark.text, mark.font.superscript) == ("[1]", True)


def test_references_are_of_what_is_cited_and_listed_once(tmp_path: Path) -> None:
    other = an_article("Other text.", title="Listed", id="2")
    listing = replace(exchange(), articles=(replace(other, text=""), exchange().quotes[0].article))
    found = json.loads(written(tmp_path / "a.json", exchange(), listing))
    assert [(item["title"], item.get("note")) for item in found] == [
        (ARTICLE.title, f"“{QUOTE}”\n“{QUOTE}”"),
        ("Listed", None),
    ]
    for ending in ("bib", "ris"):
        assert written(tmp_path / f"a.{ending}", exchange()).count(b"bold") == 1


def test_what_it_says_of_trust_and_filters(tmp_path: Path) -> None:
    cases: list[tuple[dict[str, Any], str]] = [
        ({"state": "possible"}, "Not sure"),
        ({"state": "not_found", "quotes": ()}, "Not in the articles"),
        ({"answerer": "llm"}, "Written by a language model and checked against the quotes."),
        ({"since": "2024", "source": "Post"}, "Filter: from 2024, source: Post"),
        ({"only": "One"}, "Filter: Only: One"),
    ]
    for given, said in cases:
        text = written(tmp_path / "a.md", replace(exchange(), **given)).decode()
        assert f"*{said}*" in text
    counted = replace(exchange(), confidence=1.0)
    assert "Confidence" not in written(tmp_path / "a.md", counted).decode()


@pytest.mark.parametrize("ending", FORMATS)
def test_every_format_is_written(tmp_path: Path, ending: str) -> None:
    assert written(tmp_path / f"a.{ending}", exchange())


@pytest.mark.parametrize(
    ("text", "lang", "shown"),
    [
        ("a", "en", "“a”"),
        ('say "a"', "en", '‘say "a"’'),
        ("say “a”", "", "‘say “a”’"),
        ("甲", "zh-Hans", "“甲”"),
        ("说“甲”", "zh-Hans", "「说“甲”」"),
        ("甲", "zh-Hant", "「甲」"),
        ("說「甲」", "zh-Hant", "『說「甲」』"),
        ("「甲」と", "ja", "『「甲」と』"),
    ],
)
def test_quotation_marks_are_others_than_those_inside(text: str, lang: str, shown: str) -> None:
    assert quoted(text, lang) == shown
