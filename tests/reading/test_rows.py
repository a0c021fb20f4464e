"""JSON and JSON Lines: rows become articles, and bad ones are named."""

from __future__ import annotations

import json
import tracemalloc

import pytest

from qa_bot.reading import read
from qa_bot.records import Article, Refusal
from tests.reading.samples import HANS, HANT, JA, ROW, Make, articles, refusal


@pytest.mark.parametrize(
    "document", [ROW, [ROW], {"articles": [ROW]}, {"data": [ROW]}, {"documents": [ROW], "n": 1}]
)
def test_json(make: Make, document: object) -> None:
    path = make("a.json", json.dumps(document, ensure_ascii=False))
    assert articles(path) == [
        Article(
            id="42",
            title="东湖区植树",
            text="三百多名志愿者在河岸种下两千棵水杉。",
            published="2024-03-12",
            source="东湖日报",
            url="https://example.com/a",
            byline="林一",
            lang="zh-Hans",
            path=str(path),
        )
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le"])
def test_json_encodings(make: Make, encoding: str) -> None:
    text = json.dumps([ROW, ROW | {"id": 43}], ensure_ascii=False)
    assert [a.id for a in articles(make("a.json", text.encode(encoding)))] == ["42", "43"]
    lines = "\n".join(json.dumps(ROW | {"id": n}, ensure_ascii=False) for n in range(3))
    found = articles(make("a.jsonl", lines.encode(encoding)))
    assert [a.id for a in found] == ["0", "1", "2"]
    assert found[2].text == ROW["text"]


def test_json_aliases(make: Make) -> None:
    row = {
        "Headline": "标题",
        "content": "<p>第一段，&amp;完。</p><p>第二段。</p>",
        "published": 1710230400,
        "author": [{"name": "林一"}, "陈二"],
        "source": {"id": None, "name": "东湖日报"},
    }
    (article,) = articles(make("a.json", json.dumps(row)))
    assert article.title == "标题"
    assert article.text == "第一段，&完。\n\n第二段。"
    assert article.published == "2024-03-12"
    assert article.byline == "林一, 陈二"
    assert article.source == "东湖日报"
    assert article.id == article.digest()[:16]


def test_json_language_is_kept_but_made_exact(make: Make) -> None:
    rows = [{"text": HANT, "lang": "zh"}, {"text": HANS, "lang": "zh-CN"}, {"text": JA}]
    rows.append({"text": "GDP up 5%, CPI up 2% in the first half of the year.", "lang": "zh"})
    assert [a.lang for a in articles(make("a.json", json.dumps(rows)))] == [
        "zh-Hant",
        "zh-CN",
        "ja",
        "zh",
    ]


def test_json_compact_number_is_a_date(make: Make) -> None:
    (article,) = articles(make("a.json", json.dumps({"text": "正文。", "date": 20240312})))
    assert article.published == "2024-03-12"


def test_bad_rows_are_named_and_the_rest_is_read(make: Make) -> None:
    rows = [
        '{"id": 1, "text": "甲。"}',
        "",
        "{oops",
        "[1]",
        '{"title": "空"}',
        '{"id": 2, "text": "乙。"}',
    ]
    path = make("papers.jsonl", "\n".join([*rows, '{"id": 3, "te']))
    entries = list(read([path]))
    assert [e.id for e in entries if isinstance(e, Article)] == ["1", "2"]
    refused = {e.path: e.reason for e in entries if isinstance(e, Refusal)}
    assert list(refused) == [f"{path}:{n}" for n in (3, 4, 5, 7)]
    assert "is not valid JSON at column 2" in refused[f"{path}:3"]
    assert "not an object" in refused[f"{path}:4"]
    assert "has no text" in refused[f"{path}:5"]
    assert "is cut off" in refused[f"{path}:7"]


@pytest.mark.parametrize("date", ["someday", "2024-13-45", "昨天", {"$date": 7}, True])
def test_a_date_that_is_not_understood_is_named_and_the_article_read(
    make: Make, date: object
) -> None:
    path = make("a.jsonl", json.dumps({"text": "桥梁通车了。", "date": date}))
    article, refused = read([path])
    assert isinstance(article, Article)
    assert article.published == ""
    assert isinstance(refused, Refusal)
    assert refused.path == f"{path}:1"
    assert str(date)[:20] in refused.reason
    assert "2024-08-09" in refused.reason


@pytest.mark.parametrize("date", ["", None, [], "2024-08-09", "2024年8月"])
def test_no_date_and_a_good_one_are_no_fault(make: Make, date: object) -> None:
    (article,) = read([make("a.jsonl", json.dumps({"text": "桥梁通车了。", "date": date}))])
    assert isinstance(article, Article)
    assert article.published == ("" if not date else str(date).replace("年8月", "-08"))


def test_bad_rows_of_a_json_list(make: Make) -> None:
    path = make("a.json", json.dumps([ROW, "text", {"text": "  "}, {"text": 7}]))
    refused = [e.path for e in read([path]) if isinstance(e, Refusal)]
    assert refused == [f"{path}:{n}" for n in (2, 3, 4)]


def test_json_cut_off(make: Make) -> None:
    text = json.dumps([ROW, ROW])
    for end in (len(text) - 1, len(text) - 5, 30):
        assert "is cut off" in refusal(make("a.json", text[:end]))


def test_json_faults(make: Make) -> None:
    assert "line 2, column" in refusal(make("a.json", '{"text": "甲",\n nonsense}'))
    assert "not usable JSON" in refusal(make("a.json", "[" * 100_000))
    assert "list is empty" in refusal(make("a.json", "[]"))


def test_json_and_jsonl_named_as_each_other(make: Make) -> None:
    lines = "".join(json.dumps(ROW | {"id": n}) + "\n" for n in range(3))
    assert len(articles(make("a.json", lines))) == 3
    pretty = json.dumps([ROW | {"id": n} for n in range(3)], indent=2)
    assert len(articles(make("a.jsonl", pretty))) == 3


def test_json_surrogates_can_be_stored(make: Make) -> None:
    (article,) = articles(make("a.jsonl", '{"id": "\\ud800", "text": "正\\ud83d文\\ud83d\\ude00"}'))
    assert article.text == "正\ufffd文😀"
    article.id.encode()


def test_jsonl_is_streamed(make: Make) -> None:
    row = json.dumps({"text": HANS, "unused": "x" * 20_000}, ensure_ascii=False) + "\n"
    path = make("a.jsonl", row.encode() * 500)
    size = path.stat().st_size
    assert size > 9_000_000
    next(read([path]))  # what is loaded once is not to be counted
    tracemalloc.start()
    count = sum(isinstance(entry, Article) for entry in read([path]))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 500
    assert peak < size / 4
