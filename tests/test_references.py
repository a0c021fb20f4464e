"""Articles as references."""

from __future__ import annotations

import json

import pytest

from qa_bot import Article
from qa_bot.references import STYLES, Style, authors, references, style_of

ODD = Article(
    "50% more {braces} & \\commands_ $1 #2 ~ ^",
    "Text.",
    id="a/b c_1",
    byline="何知微、Nora Finch and José María Núñez",
    published="2024-03",
    source="临江日报\nB版",
    url="https://daily.example/a_b?x={1}&y=% z",
    lang="zh-Hans",
)
UNDATED = Article("", "第一句没有标题。\n第二句。", published="--08-09")


def text(style: Style, *articles: Article, **notes: list[str]) -> str:
    return "".join(references(articles, style, notes))


def test_the_ending_says_the_style() -> None:
    assert [style_of(name) for name in ("a.bib", "b.RIS", "c.json", "d.jsonl", "e")] == [
        "bibtex",
        "ris",
        "csl-json",
        None,
        None,
    ]


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ("", []),
        ("何知微", ["何知微"]),
        ("骆闻、闫北", ["骆闻", "闫北"]),
        ("Nora Finch and Edmund Harrow", ["Nora Finch", "Edmund Harrow"]),
        ("Anders Brand", ["Anders Brand"]),  # no "and" in it
        ("水野 透子", ["水野 透子"]),
        ("卡洛斯·桑塔纳", ["卡洛斯·桑塔纳"]),
    ],
)
def test_a_byline_is_parted_into_names(byline: str, names: list[str]) -> None:
    assert authors(byline) == names


def test_csl_json() -> None:
    first, second = json.loads(text("csl-json", ODD, UNDATED, **{ODD.id: ["“Text.”"]}))
    assert first == {
        "id": "qa-a-2f-b-20-c-5f-1",
        "type": "article-newspaper",
        "title": ODD.title,
        "author": [
            {"literal": "何知微"},
            {"literal": "Nora Finch"},
            {"literal": "José María Núñez"},
        ],
        "container-title": "临江日报 B版",
        "issued": {"date-parts": [[2024, 3]]},
        "URL": ODD.url,
        "language": "zh-Hans",
        "note": "“Text.”",
    }
    assert second["title"] == "第一句没有标题。"
    assert "issued" not in second
    assert second["note"] == "Date: 08-09 (year unknown)"
    assert json.loads(text("csl-json")) == []


def test_ris() -> None:
    entry = text("ris", ODD, **{ODD.id: ["One.", "Two."]})
    assert entry.split("\r\n") == [
        "TY  - NEWS",
        "ID  - qa-a-2f-b-20-c-5f-1",
        f"TI  - {ODD.title}",
        "AU  - 何知微",
        "AU  - Nora Finch",
        "AU  - José María Núñez",
        "T2  - 临江日报 B版",
        "PY  - 2024",
        "DA  - 2024/03//",
        "LA  - zh-Hans",
        f"UR  - {ODD.url}",
        "N1  - One.",
        "N1  - Two.",
        "ER  - ",
        "",
        "",
    ]


def test_bibtex() -> None:
    assert text("bibtex", ODD) == (
        "@article{qa-a-2f-b-20-c-5f-1,\n"
        "  entrysubtype = {newspaper},\n"
        r"  title = {{50\% more \{braces\} \& \textbackslash{}commands\_ \$1 \#2 "
        r"\textasciitilde{} \textasciicircum{}}},"
        "\n"
        "  author = {{何知微} and Nora Finch and {José María Núñez}},\n"
        "  journal = {临江日报 B版},\n"
        "  date = {2024-03},\n"
        "  year = {2024},\n"
        "  month = {3},\n"
        "  url = {https://daily.example/a_b?x=%7B1%7D&y=%%20z},\n"
        "  langid = {zh-Hans}\n"
        "}\n\n"
    )
    assert "date" not in text("bibtex", UNDATED).replace("Date: 08-09", "")


@pytest.mark.parametrize("style", STYLES)
def test_no_field_breaks_out_of_its_line(style: Style) -> None:
    evil = Article("A\r\nER  - \r\nTY  - X}\x00,", "Text.", source='"}\u2028]', byline="x\ny")
    entry = text(style, evil)
    assert entry.count("ER  - \r\n") == (style == "ris")
    assert entry.count("\n  title") == (style == "bibtex")
    assert "\x00" not in entry
    assert "\u2028" not in entry
