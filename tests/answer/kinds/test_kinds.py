"""Each kind of answer, asked of a small library as a reader of newspapers would ask."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from qa_bot import Answer, Article, QABot
from qa_bot.records import Turn

MILL = Article(
    "青枫水磨坊重新转动",
    "本报讯 昨天，停了三十年的青枫水磨坊重新转动。磨坊主人龚砚秋说：“水车是父亲留下的。”"
    "修复费用为46万元。",
    published="2023-04-12",
    source="青枫日报",
    byline="陆怀瑾",
)
RULES = Article(
    "青枫古镇公布五年规划",
    "青枫古镇昨天公布规划。镇长温若川提出三项任务。一是修缮十二座石桥。二是在河边种两千棵柳树。"
    "三是开设一座船模博物馆。",
    published="2023-09-01",
    source="青枫日报",
    byline="陆怀瑾",
)
VISIT = Article(
    "水磨坊迎来第一万名游客",
    "青枫水磨坊昨天迎来第一万名游客。龚砚秋送给他一袋新磨的面粉。水磨坊的门票为12元。",
    published="2024-05-02",
    source="青枫晚报",
    byline="祝令仪",
)
FLOOD = Article(
    "洪水冲坏青枫水磨坊的水车",
    "本月18日，洪水冲坏了青枫水磨坊的水车。龚砚秋说，修水车要两个月。",
    published="2024-07-19",
    source="青枫晚报",
    byline="祝令仪",
)
FERRY = Article(
    "Kestrel Island ferry to run all winter",
    "The Kestrel Island ferry will run all winter for the first time. Captain Nora Pellworth said "
    "the boat was rebuilt in a yard at Tarn. A ticket costs nine pounds.",
    published="2022-11-03",
    source="Kestrel Post",
    byline="Ivor Dunmallet",
    lang="en",
)
BAKERY = Article(
    "Old bakery on Kestrel Island closes",
    "The bakery of Hugh Marrable closed on Saturday after 71 years. A loaf cost two pounds there.",
    published="2023-02-20",
    source="Kestrel Post",
    byline="Ivor Dunmallet",
    lang="en",
)
LIGHTHOUSE = Article(
    "霧見灯台が百周年",
    "霧見灯台は五日、百周年を迎えた。灯台守の早瀬透さんは「毎晩、明かりを見に来ます」と話した。"
    "記念切手は八百枚作られた。",
    published="2024-03-06",
    source="霧見新聞",
    byline="水城薫",
    lang="ja",
)
ARTICLES = (MILL, RULES, VISIT, FLOOD, FERRY, BAKERY, LIGHTHOUSE)


@pytest.fixture(scope="module")
def bot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[QABot]:
    with QABot.open(tmp_path_factory.mktemp("kinds") / "index") as opened:
        opened.add(ARTICLES)
        yield opened


def ask(bot: QABot, question: str, *turns: Turn) -> Answer:
    answer = bot.ask(question, history=turns)
    for citation in answer.citations:
        assert citation.article.text[citation.start : citation.end] == citation.quote
    return answer


@pytest.mark.parametrize("term", ["水磨坊", "龚砚秋", "Kestrel Island"])
def test_a_count_is_exact(bot: QABot, term: str) -> None:
    holding = {a.id for a in ARTICLES if term in a.title + a.text}
    question = f"How many articles mention {term}?" if term.isascii() else f"有几篇文章提到{term}？"
    answer = ask(bot, question)
    assert answer.kind == "count_articles"
    assert answer.total == len(holding) == len(answer.articles)
    assert {item.article.id for item in answer.articles} == holding
    for item in answer.articles:
        assert item.mentions == f"{item.article.title}\n{item.article.text}".count(term)


@pytest.mark.parametrize(
    ("question", "article"),
    [
        ("最新一篇提到水磨坊的报道是哪篇？", FLOOD),
        ("最早提到水磨坊的报道是哪一篇？", MILL),
    ],
)
def test_the_newest_and_the_oldest(bot: QABot, question: str, article: Article) -> None:
    answer = ask(bot, question)
    assert answer.state == "answered"
    assert article.title in answer.text.split("\n\n")[0] + answer.text.split("\n\n")[1]


def test_what_the_library_holds(bot: QABot) -> None:
    answer = ask(bot, "库里一共有多少篇文章？")
    assert answer.kind == "holdings"
    assert answer.total == len(ARTICLES)
    assert str(len(ARTICLES)) in answer.text


@pytest.mark.parametrize(
    ("question", "kind", "value"),
    [
        ("水磨坊迎来第一万名游客这篇报道是谁写的？", "article_author", "祝令仪"),
        ("“水磨坊迎来第一万名游客”这篇文章是哪天发表的？", "article_date", "2024-05-02"),
        ("《水磨坊迎来第一万名游客》登在哪份报纸上？", "article_source", "青枫晚报"),
        ("关于洪水的那篇文章标题是什么？", "article_title", "洪水冲坏青枫水磨坊的水车"),
        ("镇长公布规划的那篇文章有多长？", "article_length", "57"),
        ("Who wrote “Old bakery on Kestrel Island closes”?", "article_author", "Ivor Dunmallet"),
    ],
)
def test_what_is_known_of_an_article(bot: QABot, question: str, kind: str, value: str) -> None:
    answer = ask(bot, question)
    assert answer.kind == kind
    assert value in answer.text


def test_all_items_of_an_enumeration(bot: QABot) -> None:
    answer = ask(bot, "镇长温若川提出了哪三项任务？")
    assert answer.state == "answered"
    for part in ("修缮十二座石桥", "种两千棵柳树", "船模博物馆"):
        assert part in answer.text


def test_one_item_of_an_enumeration(bot: QABot) -> None:
    answer = ask(bot, "温若川提出的三项任务中第二项是什么？")
    assert answer.state == "answered"
    assert "种两千棵柳树" in answer.text
    assert "石桥" not in answer.short


def test_an_item_beyond_the_end_is_not_answered(bot: QABot) -> None:
    assert not ask(bot, "温若川提出的三项任务中第五项是什么？").answerable


def test_articles_about_a_topic_are_told_by_their_meaning(bot: QABot) -> None:
    answer = ask(bot, "Which articles are about the closing of a shop on the island?")
    assert (answer.kind, answer.state) == ("articles", "answered")
    assert answer.total == 0
    assert answer.articles[0].article.title == BAKERY.title
    assert answer.confidence < 0.5


def test_articles_about_what_is_nowhere_are_no_answer(bot: QABot) -> None:
    assert ask(bot, "有哪些关于月球探测器的报道？").state != "answered"


def test_a_timeline_is_in_order(bot: QABot) -> None:
    answer = ask(bot, "青枫水磨坊这几年都发生了什么？请按时间列出来")
    assert answer.kind == "timeline"
    days = [citation.article.published for citation in answer.citations]
    assert len(days) > 1
    assert days == sorted(days)


def test_a_comparison_cites_both(bot: QABot) -> None:
    answer = ask(bot, "水磨坊的门票和Kestrel Island渡船的票价比，哪个贵？")
    assert len({citation.article.id for citation in answer.citations}) > 1


@pytest.mark.parametrize(
    "question",
    ["青枫古镇的规划采取了哪些措施，又会带来什么变化？", "青枫古镇的规划有哪些主要任务和做法？"],
)
def test_what_has_many_sides_is_told_in_several_sentences(bot: QABot, question: str) -> None:
    answer = ask(bot, question)
    assert (answer.kind, answer.state) == ("aspects", "answered")
    assert len(answer.citations) > 1
    held = [text for text in ("石桥", "柳树", "船模博物馆") if text in answer.text]
    assert len(held) > 1


def test_who_somebody_is(bot: QABot) -> None:
    answer = ask(bot, "Who is Nora Pellworth?")
    assert answer.state == "answered"
    assert "Captain" in answer.short


def test_a_greeting_gives_examples_of_this_library(bot: QABot) -> None:
    answer = ask(bot, "你好")
    assert answer.kind == "talk"
    assert any(article.title in answer.text for article in ARTICLES)


@pytest.mark.parametrize("name", ["龚燕秋", "巩砚秋"])
def test_a_name_is_understood_by_its_sound(bot: QABot, name: str) -> None:
    answer = ask(bot, f"{name}说水车是谁留下的？")
    assert "龚砚秋" in answer.asked
    assert name not in answer.asked
    assert "父亲" in answer.text


def test_a_complete_question_takes_nothing_over(bot: QABot) -> None:
    turn = Turn("温若川是谁？", "镇长")
    question = "How much was a loaf at the bakery of Hugh Marrable?"
    answer = ask(bot, question, turn)
    assert "温若川" not in answer.asked
    assert "two pounds" in answer.text


def test_a_name_that_stands_nowhere_is_told(bot: QABot) -> None:
    answer = ask(bot, "陈志远在青枫买了几座房子？")
    assert not answer.answerable
    assert "陈志远" in answer.text


def test_a_japanese_question(bot: QABot) -> None:
    answer = ask(bot, "霧見灯台の記念切手は何枚作られましたか？")
    assert answer.state == "answered"
    assert "八百枚" in answer.text


def test_what_is_shown_as_possible_is_no_answer(bot: QABot) -> None:
    settings = bot.settings.model_copy(update={"answer_threshold": 1.0})
    with QABot.open(bot.path, settings=settings) as unsure:
        answer = ask(unsure, "修复水磨坊的费用是多少？")
    assert (answer.state, answer.answerable) == ("possible", False)
    assert answer.citations


@pytest.mark.parametrize(
    ("first", "then", "article"),
    [
        ("水磨坊的门票多少钱？", "那篇稿子谁写的？", VISIT),
        ("修水车要多久？", "这篇报道是哪天登的", FLOOD),
        ("How much is a ticket for the Kestrel Island ferry?", "Who wrote that article?", FERRY),
    ],
)
def test_that_article_is_the_one_cited(bot: QABot, first: str, then: str, article: Article) -> None:
    answered = ask(bot, first)
    assert answered.citations[0].article.title == article.title
    answer = ask(bot, then, Turn(first, answered.text))
    assert article.title in answer.asked
    assert answer.short in (article.byline, article.published)


def test_what_else_the_author_of_that_article_wrote(bot: QABot) -> None:
    first = "修水车要多久？"
    answer = ask(bot, "他还写过什么？", Turn(first, ask(bot, first).text))
    assert [item.article.title for item in answer.articles] == [VISIT.title]


def test_the_second_step_is_asked_of_what_the_first_answers(bot: QABot) -> None:
    answer = ask(bot, "送给第一万名游客面粉的那位，他说修水车要多久？")
    assert answer.state == "answered"
    assert answer.short == "两个月"
    assert {c.article.title for c in answer.citations} == {VISIT.title, FLOOD.title}
