from __future__ import annotations

import datetime
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from qa_bot import (
    Answer,
    Article,
    ArticleNotFoundError,
    IndexMismatchError,
    QABot,
    QABotError,
    ReadError,
    load_settings,
)
from qa_bot.networks.bundled import bundled_model_dir
from tests.conftest import ARTICLES

OpenBot = Callable[[], QABot]


def verbatim(answer: Answer) -> None:
    for number, citation in enumerate(answer.citations, 1):
        assert citation.number == number
        assert citation.article.text[citation.start : citation.end] == citation.quote
        assert f"{citation.quote} [{number}]" in answer.text


@pytest.mark.parametrize(
    ("question", "short", "language"),
    [
        ("新馆总投资是多少钱？", "3.2亿元", "zh-Hans"),
        ("新館的館長是誰？", "沈若溪", "zh-Hant"),
        ("柳堤大桥什么时候封闭？", "4月10日至4月16日", "zh-Hans"),
        ("How many people does the boat carry?", "120 people", "en"),
    ],
)
def test_it_answers_with_a_verbatim_quote(
    library: QABot, question: str, short: str, language: str
) -> None:
    answer = library.ask(question)
    assert answer.answerable
    assert short in answer.short
    assert answer.language == language
    assert any(short in citation.quote for citation in answer.citations)
    verbatim(answer)


@pytest.mark.parametrize(
    ("question", "says"),
    [
        ("去年全国的小麦产量是多少？", "没有这个问题的答案"),
        ("誰贏得了諾貝爾化學獎？", "沒有這個問題的答案"),
        ("Who won the chess world championship?", "do not answer"),
    ],
)
def test_it_says_so_when_the_articles_do_not_answer(
    library: QABot, question: str, says: str
) -> None:
    answer = library.ask(question)
    assert not answer.answerable
    assert answer.short == ""
    assert answer.state == "not_found"
    assert answer.citations == ()
    assert says in answer.text
    assert answer.hits  # the nearest passages


def test_another_city_s_library_is_no_answer(library: QABot) -> None:
    answer = library.ask("苏州图书馆新馆总投资是多少钱？")
    assert not answer.answerable
    assert answer.short == ""
    assert not any("3.2亿元" in citation.quote for citation in answer.citations)


def test_the_likeliest_sentences_are_quoted_but_no_answer(library: QABot) -> None:
    settings = library.settings.model_copy(update={"answer_threshold": 1.0})
    with QABot.open(library.path, settings=settings) as unsure:
        answer = unsure.ask("新馆总投资是多少钱？")
    assert (answer.state, answer.answerable, answer.short) == ("possible", False, "")
    assert answer.citations
    for c in answer.citations:
        assert c.article.text[c.start : c.end] == c.quote
        assert f"{c.quote} [{c.number}]" in answer.text


def test_a_question_about_some_articles_only(library: QABot) -> None:
    ferry = ARTICLES[2].id
    hits = library.search("大桥什么时候封闭？", article_ids=[ferry])
    assert {hit.article.id for hit in hits} == {ferry}
    answer = library.ask("How many people does the boat carry?", article_ids=iter([ferry]))
    assert {c.article.id for c in answer.citations} == {ferry}
    assert not library.ask("大桥什么时候封闭？", article_ids=[]).answerable
    with pytest.raises(QABotError, match="list of ids"):
        library.ask("大桥什么时候封闭？", article_ids=ferry)


def test_a_stream_gives_passages_before_the_answer(library: QABot) -> None:
    updates = list(library.stream("新馆总投资是多少钱？"))
    stages = [u.stage for u in updates]
    assert stages == sorted(stages, key=["searching", "reading", "writing", "done"].index)
    assert updates[1].hits
    assert updates[1].answer is None
    last = updates[-1]
    assert last.answer is not None
    assert last.text == last.answer.text
    assert all(last.text.startswith(u.text) for u in updates)
    assert set(last.answer.timings) == {"search", "read", "answer"}


def test_the_days_of_an_article_s_date() -> None:
    def days(published: str) -> tuple[str, str] | None:
        return QABot.days(Article("", "x", published=published))

    assert days("2024-02") == ("2024-02-01", "2024-02-31")  # days are compared as text
    assert days("2024-03-05") == ("2024-03-05", "2024-03-05")
    assert days("--03-05") is days("") is None


def test_dates_and_sources_filter(library: QABot) -> None:
    def titles(**where: object) -> set[str]:
        return {h.article.title for h in library.search("开放", **where)}  # type: ignore[arg-type]

    assert titles(until="2023") == {"River ferry returns after eleven years"}
    assert titles(since="2024-03", until="2024-03") == {"临江图书馆新馆开放"}
    assert titles(since=datetime.date(2024, 4, 1)) == {"柳堤大桥因检修封闭"}
    assert titles(source="Linjiang Post") == {"River ferry returns after eleven years"}
    for nonsense in ("yesterday", "2024-13", "2024-02-30", "24"):
        with pytest.raises(QABotError, match="no date"):
            library.search("开放", since=nonsense)
    with pytest.raises(QABotError, match="empty"):
        library.ask("  ")
    with pytest.raises(QABotError, match="at least 1"):
        library.search("开放", k=0)


def test_adding_twice_replacing_and_removing(open_bot: OpenBot) -> None:
    bot = open_bot()
    report = bot.add([*ARTICLES, Article("空", " ")])
    assert [len(x) for x in (report.added, report.refused)] == [3, 1]
    assert "no text" in report.refused[0].reason
    assert len(bot.add(ARTICLES).skipped) == 3
    given = replace(ARTICLES[1], id="bridge-1", text="柳堤大桥开放了。")
    bot.add(given)
    assert bot.add(replace(given, text="柳堤大桥又封闭了。")).replaced[0].article_id == "bridge-1"
    assert bot.article("bridge-1").text == "柳堤大桥又封闭了。"
    assert bot.search("柳堤大桥")[0].article.id in ("bridge-1", ARTICLES[1].id)
    assert bot.remove("bridge-1").title == ARTICLES[1].title
    with pytest.raises(ArticleNotFoundError):
        bot.article("bridge-1")
    assert "bridge-1" not in {h.article.id for h in bot.search("柳堤大桥又封闭了", k=50)}
    assert bot.add(given).added
    assert bot.info()["articles"] == 4
    assert bot.pending() == 0


def test_texts_are_searchable_before_their_vectors(open_bot: OpenBot) -> None:
    bot = open_bot()
    many = [Article(f"通告{i}", f"第{i}号通告。" + "春天来得早。" * 40) for i in range(80)]
    bot.add(many, wait=False)
    assert bot.search("第42号通告")[0].article.title == "通告42"
    seen = []
    assert bot.wait(progress=lambda p: seen.append((p.stage, p.done, p.total)))
    assert bot.pending() == 0
    assert seen[-1][1] == seen[-1][2]


def test_an_index_is_reopened_with_its_vectors(open_bot: OpenBot) -> None:
    first = open_bot()
    first.add(ARTICLES)
    before = first.search("图书馆")
    first.close()
    assert [h.passage for h in open_bot().search("图书馆")] == [h.passage for h in before]


@pytest.mark.model
def test_a_backup_put_back_is_not_mixed_with_what_came_after_it(tmp_path: Path) -> None:
    folder, kept = tmp_path / "index", tmp_path / "kept.sqlite3"
    store = folder / "articles.sqlite3"
    with QABot.open(folder) as bot:
        bot.add(ARTICLES[0])
    shutil.copy(store, kept)
    with QABot.open(folder) as bot:
        bot.add(ARTICLES[1])
    shutil.copy(kept, store)
    with QABot.open(folder) as bot:  # as many changes as there were before, but others
        bot.add(ARTICLES[2])
        titles = {a.title for a in (ARTICLES[0], ARTICLES[2])}
        for question in ("大桥封闭到几月？", "When does the ferry sail?", "图书馆"):
            assert {hit.article.title for hit in bot.search(question)} == titles
        ferry = bot.embed([f"{ARTICLES[2].title}\n{ARTICLES[2].text}"])[0]
        assert bot._index.nearest(ferry, 1)[0][1] > 0.999


def test_a_closed_bot_says_so(tmp_path: Path) -> None:
    bot = QABot.open(tmp_path / "index")
    bot.close()
    bot.close()
    with pytest.raises(QABotError, match="closed"):
        bot.articles()
    with pytest.raises(QABotError, match="closed"):
        bot.ask("大桥？")


def test_two_bots_on_one_folder_see_each_others_changes(open_bot: OpenBot) -> None:
    one, two = open_bot(), open_bot()
    one.add(ARTICLES[0])
    assert two.search("图书馆新馆")[0].article == ARTICLES[0]
    two.remove(ARTICLES[0].id)
    assert one.search("图书馆新馆") == []


def test_an_index_of_another_model_is_refused(tmp_path: Path) -> None:
    with QABot.open(tmp_path) as bot:
        bot.add(ARTICLES[0], wait=False)
    with pytest.raises(IndexMismatchError, match="--model"):
        QABot.open(tmp_path, model="BAAI/bge-m3")
    with QABot.open(tmp_path) as bot:  # and is unharmed
        assert bot.articles() == [ARTICLES[0]]
    empty = tmp_path / "empty"
    QABot.open(empty).close()
    QABot.open(empty, model="BAAI/bge-m3").close()  # nothing there to protect


def test_reading_shows_what_adding_would_give(library: QABot, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"title": "桥", "text": "桥开了。", "id": 7}\n', "utf-8")
    (article,) = library.read(path)
    assert (article.id, article.title, article.text) == ("7", "桥", "桥开了。")
    assert len(library.articles()) == len(ARTICLES)
    (tmp_path / "b.txt").write_bytes(b"")
    with pytest.raises(ReadError, match="empty"):
        library.read(tmp_path / "b.txt")


def test_one_bad_file_stops_nothing(open_bot: OpenBot, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.txt").write_text("望江桥通车\n\n望江桥昨天通车，市民步行过江。", "utf-8")
    (folder / "b.pdf").write_bytes(b"%PDF-1.7 broken")
    (folder / "c.jsonl").write_text('{"title": "书展", "text": "书展开幕。"}\n{bad\n', "utf-8")
    report = open_bot().add(folder)
    assert len(report.added) == 2
    assert sorted(Path(o.path).name for o in report.refused) == ["b.pdf", "c.jsonl:2"]
    assert all(o.reason for o in report.refused)


def test_embed_is_the_index_model(library: QABot) -> None:
    assert library.sentence_transformer().get_embedding_dimension() == library.embed("x").shape[1]
    vectors = library.embed(["图书馆", "ferry"])
    assert vectors.shape == (2, 384)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert library.embed("图书馆", kind="query").shape == (1, 384)


def test_threads_may_share_a_bot_while_it_grows(open_bot: OpenBot) -> None:
    bot = open_bot()
    bot.add(ARTICLES)
    errors: list[BaseException] = []

    def ask() -> None:
        try:
            for _ in range(5):
                assert bot.ask("新馆总投资是多少钱？").short == "3.2亿元"
        except BaseException as error:  # noqa: BLE001  # told by the test itself
            errors.append(error)

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    for i in range(5):
        bot.add(Article(f"简讯{i}", f"第{i}条简讯：菜市场周{i}休息。"), wait=False)
        bot.remove(bot.articles(limit=1)[0].id)
    for thread in threads:
        thread.join()
    assert not errors


@pytest.mark.model
def test_settings_come_from_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QA_BOT_ANSWER_THRESHOLD", "1.0")
    with QABot.open(tmp_path) as bot:
        bot.add(ARTICLES)
        assert not bot.ask("新馆总投资是多少钱？").answerable
    monkeypatch.setenv("QA_BOT_ANSWER_THRESHOLD", "seven")
    with pytest.raises(QABotError, match="answer_threshold"):
        load_settings()


def test_bad_input_from_programs_is_refused_and_stops_nothing(open_bot: OpenBot) -> None:
    bot = open_bot()
    report = bot.add(
        [
            Article("坏", "文字", source="\ud800"),
            Article("坏", None, id="x"),  # type: ignore[arg-type]
            ARTICLES[0],
        ]
    )
    assert len(report.refused) == 2
    assert len(report.added) == 1
    assert bot.search("图书馆\ud800", k=10**19)[0].article == ARTICLES[0]
    with pytest.raises(ArticleNotFoundError):
        bot.article("\udcff")
    with pytest.raises(QABotError, match="text"):
        bot.ask(None)  # type: ignore[arg-type]


def test_what_was_read_before_an_error_is_kept(open_bot: OpenBot) -> None:
    def sources() -> Iterator[Article]:
        yield ARTICLES[0]
        raise RuntimeError("the source broke")

    bot = open_bot()
    with pytest.raises(RuntimeError):
        bot.add(sources())
    assert bot.articles() == [ARTICLES[0]]


@pytest.mark.model
def test_an_empty_index_may_change_its_model_but_not_mix(tmp_path: Path) -> None:
    other = tmp_path / "other-model"
    shutil.copytree(bundled_model_dir(), other)
    (other / "config_sentence_transformers.json").write_text("{}", "utf-8")
    first = QABot.open(tmp_path / "index")
    first.add(ARTICLES[0])
    first.remove(ARTICLES[0].id)
    with QABot.open(tmp_path / "index", model=str(other)) as second:
        assert second.add(ARTICLES[1]).added
        assert second.pending() == 0
    with pytest.raises(IndexMismatchError, match="other-model"):
        first.add(ARTICLES[0])
    first.close()


def test_dates_the_wrong_way_round_are_told(library: QABot) -> None:
    with pytest.raises(QABotError, match="2025 is after 2023"):
        library.search("大桥", since="2025", until="2023")


def test_a_name_that_the_article_lacks_is_told(library: QABot) -> None:
    about = [a.id for a in library.articles(contains="大桥")]
    settings = library.settings.model_copy(update={"answer_threshold": 0.0})
    with QABot.open(library.path, settings=settings) as bot:
        other = bot.ask("南京长江大桥为什么封闭？", article_ids=about)
        assert other.answerable
        assert any("南京" in name for name in other.absent)
        assert bot.ask("柳堤大桥为什么封闭？", article_ids=about).absent == ()


def test_a_filter_that_leaves_nothing_is_no_answer_about_the_articles(library: QABot) -> None:
    answer = library.ask("图书馆什么时候开放？", source="没有这份报纸")
    assert not answer.answerable
    assert answer.fault == "filtered"
    assert "none of the 3 articles" in answer.note
    assert library.ask("图书馆什么时候开放？").fault == ""


def test_a_filter_that_keeps_the_answer_out_is_told_of(library: QABot) -> None:
    question = "图书馆什么时候开放？"
    assert library.ask(question).answerable
    answer = library.ask(question, since="2024-04")
    assert not answer.answerable
    assert answer.fault == "outside_filter"
    assert "without it" in answer.note
    # what no article answers, no filter keeps out
    assert library.ask("谁发明了电话？", since="2024-04").fault == ""


def test_a_question_that_is_too_long_is_refused_not_cut(library: QABot) -> None:
    with pytest.raises(QABotError, match="2,001 characters"):
        library.ask("长" * 2001)
