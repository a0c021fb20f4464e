"""Taking articles out and putting them back, exporting them and adding the export again."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_bot import QABot
from qa_bot.errors import ArticleNotFoundError, QABotError, ReadError
from qa_bot.jsonl import article_of, line_of
from qa_bot.records import Article
from tests.conftest import ARTICLES

OpenBot = Callable[[], QABot]

# Each would come back otherwise if it were read as a row from elsewhere.
AWKWARD = (
    Article("  spaced\ttitle ", "本报讯 3月5日，大桥通车。", published="", source=" Post "),
    Article("markup", "<p>kept</p> <b>as</b> &amp; is\n", byline="a\nb", lang="zh"),
    Article("own id", "A text.", id="own/1", url="https://x.example/?a=1", path="gone.txt"),
    Article("e\u0301\u2028\u00a0", "\ufefftext with \u200b and \r\n breaks \x00 in it "),
    Article("long", "很长的文章。" * 60_000, published="--08-09"),
)


def test_taking_and_putting_back_keeps_vectors(open_bot: OpenBot) -> None:
    bot = open_bot()
    bot.add(ARTICLES)
    article = ARTICLES[0]
    before = bot.info()["passages"]
    (first,) = bot.search("临江图书馆 新馆", k=1)
    taken = bot.take(article.id)
    assert taken.article == article
    assert len(taken.vectors) == len(taken.spans) > 0
    with pytest.raises(ArticleNotFoundError):
        bot.article(article.id)
    assert article.id not in {h.article.id for h in bot.search("临江图书馆 新馆")}
    assert bot.put_back(taken).status == "added"
    assert bot.pending() == 0  # nothing is left to be embedded
    assert bot.article(article.id) == article
    assert bot.info()["passages"] == before
    (again,) = bot.search("临江图书馆 新馆", k=1)
    assert (again.article, again.passage.text) == (article, first.passage.text)
    assert again.parts["dense"] == pytest.approx(first.parts["dense"], abs=1e-5)
    assert bot.put_back(taken).status == "skipped"


def test_putting_back_replaces_nothing(open_bot: OpenBot) -> None:
    bot = open_bot()
    bot.add(Article("Old", "Old text.", id="1"), wait=False)
    taken = bot.take("1")
    bot.add(Article("New", "New text.", id="1"), wait=False)
    with pytest.raises(QABotError, match="remove that one first"):
        bot.put_back(taken)
    bot.remove("1")
    assert bot.put_back(taken).status == "added"
    assert bot.article("1").title == "Old"


def test_an_export_is_added_to_the_same_articles(open_bot: OpenBot, tmp_path: Path) -> None:
    bot = open_bot()
    bot.add([*ARTICLES, *AWKWARD], wait=False)
    path = tmp_path / "out.jsonl"
    assert bot.export(path) == len(ARTICLES) + len(AWKWARD)
    with QABot.open(tmp_path / "other") as other:
        report = other.add(path, wait=False)
        assert not report.refused
        assert other.articles() == bot.articles()
    assert len(bot.add(path, wait=False).skipped) == len(ARTICLES) + len(AWKWARD)


def test_an_export_of_what_a_filter_lets_through(open_bot: OpenBot, tmp_path: Path) -> None:
    bot = open_bot()
    bot.add(ARTICLES, wait=False)
    path = tmp_path / "out.jsonl"
    assert bot.export(path, source="临江日报", since="2024-04") == 1
    (row,) = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    assert (row["title"], row["date"]) == (ARTICLES[1].title, "2024-04-08")
    assert bot.count(source="临江日报") == 2
    with pytest.raises(QABotError, match="no date"):
        bot.export(path, since="yesterday")
    with pytest.raises(QABotError, match="cannot be written"):
        bot.export(tmp_path)


def test_an_article_is_corrected(open_bot: OpenBot, tmp_path: Path) -> None:
    bot = open_bot()
    bot.add(ARTICLES)
    article = ARTICLES[1]
    (quote,) = bot.ask("柳堤大桥为什么封闭？").citations[:1]
    (now,) = bot.correct(
        article.id, title=" 望江桥\n停用 ", published="2025年1月2日", source="", wait=True
    )
    assert now == bot.article(article.id)
    assert (now.title, now.published, now.source) == ("望江桥 停用", "2025-01-02", "")
    assert (now.id, now.text[quote.start : quote.end]) == (article.id, quote.quote)
    assert bot.pending() == 0
    (hit,) = bot.search("望江桥 停用", k=1)
    assert hit.article == now
    assert {"dense", "bm25"} <= hit.parts.keys()
    assert [a.title for a in bot.articles()] == [a.title for a in (ARTICLES[2], now, ARTICLES[0])]
    assert article.id not in {h.article.id for h in bot.search("大桥", source="临江日报")}
    assert bot.articles(since="2025") == [now]
    assert [c.field for c in bot.history(article.id)] == ["title", "published", "source"]
    assert len(bot.add(ARTICLES, wait=False).skipped) == 3
    path = tmp_path / "out.jsonl"
    bot.export(path)
    assert len(bot.add(path, wait=False).skipped) == 3
    assert bot.article(article.id) == now
    with pytest.raises(QABotError, match="no date"):
        bot.correct(article.id, published="soon")
    with pytest.raises(QABotError, match="Nothing"):
        bot.correct(article.id)
    with pytest.raises(ArticleNotFoundError):
        bot.correct([article.id, "no such id"], source="Post")
    assert bot.article(article.id) == now


def test_a_corrected_headline_is_read_anew_for_names(open_bot: OpenBot) -> None:
    bot = open_bot()
    article = Article("市长沈若溪说话", "今天有雨。")
    bot.add(article, wait=False)
    bot.overview.update()
    assert bot.overview.articles("person", "沈若溪", limit=1)[1] == 1
    bot.correct(article.id, title="有雨", wait=False)
    bot.overview.update()
    assert bot.overview.articles("person", "沈若溪", limit=1)[1] == 0


def test_articles_are_listed_by_whom_they_name(open_bot: OpenBot, tmp_path: Path) -> None:
    bot = open_bot()
    bot.add([*ARTICLES, Article("馆长致辞", "馆长沈若溪致辞。", published="")], wait=False)
    assert [a.title for a in bot.articles(name="沈若溪")] == ["馆长致辞", ARTICLES[0].title]
    assert bot.articles(name="沈若溪", contains="书桌") == [ARTICLES[0]]
    assert bot.count(name="沈若溪") == 2
    assert bot.count(name="沈若溪", since="2024") == bot.undated(name="沈若溪") == 1
    assert bot.export(tmp_path / "named.jsonl", name="沈若溪", source="临江日报") == 1
    assert ("沈若溪", 2) in bot.names()
    bot.remove(ARTICLES[0].id)
    assert bot.count(name="沈若溪") == 1  # what has changed is read at once
    assert bot.count(name="nobody") == 0


words = st.text(st.characters(exclude_categories=["Cs"]))


@given(words, words.filter(bool), words, words)
def test_any_article_survives_its_line(title: str, text: str, ident: str, date: str) -> None:
    article = Article(title, text, id=ident, published=date)
    line = line_of(article)
    assert line.endswith("\n")
    assert line.count("\n") == 1
    assert article_of(json.loads(line)) == article


def test_a_row_of_another_maker_is_none_of_ours() -> None:
    row = json.loads(line_of(ARTICLES[0]))
    assert article_of(row) == ARTICLES[0]
    for change in ({"qa_bot": 2}, {"text": ""}, {"text": 3}, {"author": "x"}):
        assert article_of(row | change) is None
    del row["qa_bot"]
    assert article_of(row) is None


def test_pasted_text_is_split_like_a_file(library: QABot) -> None:
    text = "县医院新楼启用\n\n本报讯 5月20日，县医院门诊新楼正式启用。新楼高十二层。\n"
    (article,) = library.read_text(text, source="日报")
    assert article.title == "县医院新楼启用"
    assert "正式启用。" in article.text
    assert (article.published, article.source) == ("--05-20", "日报")
    with pytest.raises(ReadError, match="empty"):
        library.read_text(" \n ")


def test_articles_of_the_bot_are_filtered_and_sorted(open_bot: OpenBot) -> None:
    bot = open_bot()
    bot.add([*ARTICLES, Article("另一篇", "有雨。")], wait=False)
    assert [a.title for a in bot.articles(order="date", since="2023", limit=1)] == [
        ARTICLES[2].title
    ]
    assert bot.count() == 4
    assert bot.count(contains="临江", until="2024-03") == 1
    with pytest.raises(QABotError, match="no date"):
        bot.articles(since="2024-13")


def test_references_are_exported_by_the_ending(open_bot: OpenBot, tmp_path: Path) -> None:
    bot = open_bot()
    bot.add(ARTICLES, wait=False)
    some = [ARTICLES[2].id, ARTICLES[0].id]
    assert bot.export(tmp_path / "a.ris", article_ids=some) == 2
    text = (tmp_path / "a.ris").read_bytes().decode()
    titles = [line[6:] for line in text.split("\r\n") if line.startswith("TI")]
    assert titles == [ARTICLES[0].title, ARTICLES[2].title]  # as they were added
    assert bot.export(tmp_path / "a.bib", source="临江日报") == 2
    assert (tmp_path / "a.bib").read_text("utf-8").count("@article{") == 2
    assert bot.export(tmp_path / "a.json", article_ids=[]) == 0
    assert json.loads((tmp_path / "a.json").read_text("utf-8")) == []
