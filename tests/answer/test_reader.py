from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from qa_bot import Article, QABot
from qa_bot.answer.evidence import _trimmed, answer_in, answer_of, evidence_of
from qa_bot.answer.features import (
    CONFIDENCE_FEATURES,
    RANK_FEATURES,
    confidence_features,
    rank_features,
    sentences_alone,
)
from qa_bot.answer.name_check import absent_names, other_name
from qa_bot.answer.reader import PASSAGES, TrainedReader
from qa_bot.answer.window import ArticleText, Window, windows
from qa_bot.networks.embedding import Embedder
from qa_bot.networks.spans import Span
from qa_bot.question.question import parse
from qa_bot.records import Hit, Passage
from qa_bot.search.retriever import Search

LIST = "一是停车。今年新增泊位三千个，先从老城做起。二是公交，新开六条线路，连接东西两个新城区。完"
WEATHER = "今天天气很好，适合去江边散步看风景。周末还有一场露天音乐会，市民可以免费入场。"


def hit_of(text: str, number: int = 1, title: str = "", start: int = 0, end: int = 0) -> Hit:
    article = Article(title, text, id=str(number))
    end = end or len(text)
    return Hit(Passage(number, article.id, start, end, text[start:end]), article, 1 / (60 + number))


def window_of(text: str, number: int = 1, title: str = "", start: int = 0, end: int = 0) -> Window:
    return Window(hit_of(text, number, title, start, end))


def article_window(article: Article) -> Window:
    text = article.text
    return Window(Hit(Passage(1, article.id, 0, len(text), text), article, 0.1))


def search_of(*texts: str) -> Search:
    return Search(tuple(hit_of(text, i) for i, text in enumerate(texts, 1)), {}, None, {})


@pytest.fixture(scope="session")
def reader(embedder: Embedder) -> TrainedReader:
    return TrainedReader(embedder)


@pytest.mark.parametrize(
    ("answer", "quote", "bare"),
    [
        ("三千个，", "一是停车。今年新增泊位三千个，先从老城做起。", "三千个"),
        ("六条", "二是公交，新开六条线路，连接东西两个新城区。", "六条"),
        ("起。二是公交", LIST[:-1], "起。二是公交"),
    ],
)
def test_the_quote_is_the_sentence_around_the_answer(answer: str, quote: str, bare: str) -> None:
    for title in ("", "交通"):
        before = len(f"{title}\n") if title else 0
        start = LIST.index(answer) + before
        found = evidence_of(
            window_of(LIST, title=title), Span(start, start + len(answer), 1.0), 0.5
        )
        assert (found.text, found.answer) == (quote, bare)


def test_a_passage_that_begins_inside_the_article_keeps_its_offsets() -> None:
    start = LIST.index("二是")
    span = Span(LIST.index("六条") - start, LIST.index("六条") - start + 2, 1.0)
    found = evidence_of(window_of(LIST, start=start), span, 0.5)
    assert found.text == "二是公交，新开六条线路，连接东西两个新城区。"


@pytest.mark.parametrize(
    ("question", "text", "same"),
    [
        ("第六次联席会议什么时候召开？", "第五次联席会议4月7日召开。", False),
        ("第五次联席会议什么时候召开？", "第五次联席会议4月7日召开。", True),
        ("何氏向临江大学捐了多少？", "何氏向望潮大学捐赠300万元。", False),
        ("何氏向望潮大学捐了多少？", "何氏向望潮大学捐赠300万元。", True),
        ("何知微是哪所大学的教授？", "望潮大学教授何知微说。", True),
        ("新图书馆投资多少？", "图书馆新馆投资3亿元。", True),
        ("2021-2022赛季谁夺冠？", "临江队在2020-2021赛季夺冠。", False),
        ("2021-2022赛季谁夺冠？", "临江队在2021/22赛季夺冠。", True),
    ],
)
def test_a_namesake_is_told_apart(
    reader: TrainedReader, question: str, text: str, same: bool
) -> None:
    found, asked = [window_of(text)], parse(question)
    (row,) = rank_features(asked, found, reader.scores(asked, found), [Span(0, len(text), 1.0)])
    assert (dict(zip(RANK_FEATURES, row, strict=True))["other_name"] < 2) == same


@pytest.mark.parametrize(
    ("question", "sentence", "other"),
    [
        ("临江2021年增长多少？", "临江2022年增长4%。", 1),
        ("临江2021年增长多少？", "临江今年增长4%。", 0),
        ("临江增长多少？", "临江2022年增长4%。", 0),
        ("临江2021年增长多少？", "临江2019-2022年年均增长4%。", 0),
        ("临江2021年比2019年增长多少？", "临江2019年以来增长4%。", 0),
        ("临江2021-2022赛季得几分？", "临江2020—2021赛季得60分。", 3),
    ],
)
def test_a_sentence_of_another_year_is_told_apart(
    question: str, sentence: str, other: float
) -> None:
    article = Article("临江", f"临江1996年至2021年，2021-2022年。{sentence}")
    assert other_name(parse(question), article_window(article), sentence) == other


def test_an_event_of_another_year_is_told_apart() -> None:
    article = Article("人才大会开幕", "8月9日，2024青江人才大会开幕。", published="--08-09")

    def asked(question: str) -> float:
        return other_name(parse(question), article_window(article), article.text)

    assert asked("2025青江人才大会什么时候开幕？") > 1
    assert asked("2025年青江人才大会什么时候开幕？") > 1
    assert asked("2024青江人才大会什么时候开幕？") == 0


def test_what_an_english_question_names_is_looked_for_by_its_beginning() -> None:
    article = Article("Gift", "The Shen family gave to Linjiang University, the oldest in China.")

    def missing(question: str) -> list[str]:
        return absent_names(parse(question), ArticleText(article), article.text)

    assert missing("What did the Shen family give to Linjiang University?") == []
    assert missing("What did the Shen family give to Liudi University?") == ["Liudi University"]
    assert missing("Which Chinese University got it?") == []
    assert missing("How old is the University?") == []


def test_between_languages_years_are_all_that_is_compared() -> None:
    article = Article("Fair", "The fair of 2023 opened in May.")

    def other(question: str) -> float:
        window = article_window(article)
        return other_name(parse(question), window, article.text, same_language=False)

    assert other("2024年青江的书展什么时候开幕？") == 3
    assert other("2023年青江的书展什么时候开幕？") == 0


def test_a_headline_s_year_is_not_that_of_another() -> None:
    article = Article("2024书展开幕", "2023年9月起筹备的书展昨天开幕，共有三百家书商参加。")
    ask = "{}年书展什么时候开幕？".format
    assert absent_names(parse(ask(2024)), ArticleText(article), "书展昨天开幕") == []
    assert absent_names(parse(ask(2023)), ArticleText(article), "书展昨天开幕") == ["2023"]
    assert (
        absent_names(parse(ask(2023)), ArticleText(article), article.text) == []
    )  # what is said goes back to it
    plain = Article("书展开幕", article.text)
    assert absent_names(parse(ask(2023)), ArticleText(plain), "书展昨天开幕") == []
    assert absent_names(parse(ask(2022)), ArticleText(plain), "书展昨天开幕") == ["2022"]


@pytest.mark.parametrize(
    ("question", "text", "answer"),
    [
        ("何时开诊？", "建设三年的新院区将于9月18日开诊", "9月18日"),
        (
            "新院区什麼時候開診？",
            "新院區將於2023年9月18日上午9時30分開診",
            "2023年9月18日上午9時30分",
        ),
        ("大桥什么时候封闭？", "大桥因检修于4月10日至16日封闭", "4月10日至16日"),
        ("何时通车？", "全线计划2024年底前建成通车", "2024年底前"),
        ("何时通车？", "4月试运行，6月正式通车", "4月试运行，6月正式通车"),  # which of them?
        ("何时通车？", "5月通车", "5月通车"),  # short enough
        ("谁来剪彩？", "市长将于9月18日前来剪彩", "市长将于9月18日前来剪彩"),
    ],
)
def test_asked_when_the_day_is_the_answer(question: str, text: str, answer: str) -> None:
    window = window_of(f"{text}。", title="新闻")
    begin = len("新闻\n")
    span = _trimmed(parse(question), window, Span(begin, begin + len(text), 1.0))
    assert answer_of(window, span) == answer


def test_an_endless_sentence_is_quoted_around_the_answer() -> None:
    text = "、".join(f"第{i}号站" for i in range(300))
    start = text.index("第150号站")
    found = evidence_of(window_of(text), Span(start, start + 6, 1.0), 0.5)
    assert found.answer == "第150号站"
    assert found.answer in found.text
    assert len(found.text) < 300


@pytest.mark.parametrize(
    ("text", "bare"),
    [("“春到柳堤”", "春到柳堤"), ("「春」與「秋」", "「春」與「秋」"), ("“春到柳堤", "春到柳堤")],
)
def test_marks_that_cling_to_an_answer_are_dropped(text: str, bare: str) -> None:
    assert evidence_of(window_of(text), Span(0, len(text), 1.0), 0.5).answer == bare


def test_the_answer_never_lies_in_the_headline(reader: TrainedReader) -> None:
    window = window_of("新馆总投资3.2亿元。", title="总投资3.2亿元的图书馆")
    question = parse("总投资多少？")
    span = answer_in(question, window, reader.scores(question, [window])[0])
    assert span is not None
    assert span.start >= len(window.article.title) + 1


@pytest.mark.parametrize(
    ("question", "sentence", "answer"),
    [
        ("开馆首日来了多少读者？", "开馆首日共接待读者9800人次", "9800"),
        ("總投資是多少？", "总投资3.2亿元", "3.2亿元"),
        ("為什麼大橋要封閉？", "原因是伸缩缝老化", "伸缩缝老化"),
        ("Who is the captain of the ferry?", "Captain Rosa Lind said", "Rosa Lind"),
        ("渡轮一张票多少钱？", "A single ticket costs four yuan", "four yuan"),
        ("How many readers came on the opening day?", "开馆首日共接待读者9800人次", "9800"),
    ],
)
def test_the_answer_and_its_sentence_come_first(
    library: QABot, reader: TrainedReader, question: str, sentence: str, answer: str
) -> None:
    reading = reader.read(parse(question), library._retriever.search(question, 10))
    assert sentence in reading.evidence[0].text
    assert answer in reading.evidence[0].answer
    assert answer in reading.evidence[0].text


def test_what_is_not_there_gets_little_confidence(library: QABot, reader: TrainedReader) -> None:
    def confidence(question: str) -> float:
        return reader.read(parse(question), library._retriever.search(question, 10)).confidence

    there = min(confidence(q) for q in ("开馆首日来了多少读者？", "图书馆总投资多少？"))
    gone = max(confidence(q) for q in ("火星上有多少居民？", "地铁三号线什么时候开通？"))
    assert there > gone


def test_the_passage_that_answers_is_moved_to_the_front(reader: TrainedReader) -> None:
    search = search_of(*[WEATHER] * (PASSAGES + 1), LIST)
    texts = [WEATHER, LIST, *[WEATHER] * PASSAGES]
    reading = reader.read(parse("今年新增多少泊位？"), search_of(*texts))
    assert reading.hits[0].article.text == LIST
    assert sorted(h.article.id for h in reading.hits) == sorted(str(i + 1) for i in range(10))
    far = reader.read(parse("今年新增多少泊位？"), search)
    assert far.hits[PASSAGES:] == search.hits[PASSAGES:]  # which are not read


def test_two_articles_that_disagree_are_no_reason_to_refuse(reader: TrainedReader) -> None:
    one = "本报讯 望江桥昨天通车，全长1.2公里，总投资3.5亿元。市长出席仪式并讲话。"
    other = one.replace("1.2", "1.3").replace("昨天通车", "正式通车")
    reading = reader.read(parse("望江桥全长多少公里？"), search_of(one, other))
    assert {e.answer for e in reading.evidence[:2]} == {"1.2公里", "1.3公里"}
    assert reading.confidence == pytest.approx(min(1, sum(e.score for e in reading.evidence[:2])))
    same = reader.read(parse("望江桥全长多少公里？"), search_of(one, one))
    assert same.confidence == same.evidence[0].score
    apart = reader.read(parse("望江桥全长多少公里？"), search_of(one, WEATHER))
    assert apart.confidence == apart.evidence[0].score


@pytest.mark.parametrize("question", ["周文栋担任什么职务？", "周文栋是谁？"])
def test_an_office_before_the_name_is_believed(reader: TrainedReader, question: str) -> None:
    text = "市长赵临江出席会议并讲话，副市长周文栋讲了意见。"
    reading = reader.read(parse(question), search_of(WEATHER, text))
    assert reading.evidence[0].answer == "副市长"
    assert reading.confidence >= 0.8
    unknown = reader.read(parse("何知微担任什么职务？"), search_of(WEATHER, text))
    assert unknown.confidence < 0.25


def test_the_other_items_of_a_list_are_evidence_too(reader: TrainedReader) -> None:
    question = replace(parse("今年的两项工作分别是什么？"), kind="list")
    reading = reader.read(question, search_of(LIST))
    assert {e.text for e in reading.evidence} >= {
        "一是停车。今年新增泊位三千个，先从老城做起。",
        "二是公交，新开六条线路，连接东西两个新城区。",
    }
    assert all(0 <= e.score <= 1 for e in reading.evidence)


def test_features_tell_what_they_say(reader: TrainedReader) -> None:
    question = parse("临江市今年新增多少泊位？")
    found = windows(search_of(LIST, WEATHER).hits)
    scores = reader.scores(question, found)
    spans = [answer_in(question, w, s) for w, s in zip(found, scores, strict=True)]
    ranks = rank_features(question, found, scores, spans)
    assert ranks.shape == (2, len(RANK_FEATURES))
    assert ranks[0, 0] > ranks[1, 0]
    assert ranks[:, 2].tolist() == pytest.approx([100 / 61, 100 / 62])
    by_retrieval = np.tile(np.array([0, 0, 2, 0, 0], np.float32), (2, 1))
    alone = sentences_alone(
        lambda texts: reader.read_texts(question.read, texts), found, spans, ranks[:, 0], [0]
    )
    assert alone[1] == ranks[1, 0] - 1  # not read by itself
    rows = confidence_features(found, ["3000", "30"], ranks, by_retrieval, alone)
    first, second = (dict(zip(CONFIDENCE_FEATURES, row.tolist(), strict=True)) for row in rows)
    lead = 2 * (100 / 61 - 100 / 62)
    assert (first["lead"], second["lead"]) == pytest.approx((lead, -lead), abs=1e-4)
    assert (first["alone"], second["alone"]) == pytest.approx(tuple(alone))
    assert first["other_name"] == 1  # the article says nothing of that town
    # an article that says the same is no rival
    by_reading = np.tile(np.array([1, 0, 0, 0, 0], np.float32), (2, 1))
    at = CONFIDENCE_FEATURES.index("lead")
    apart, alike = (
        confidence_features(found, answers, ranks, by_reading, alone)[1, at]
        for answers in (["三千个", "五十个"], ["三千个", "新增三千个"])
    )
    assert apart == pytest.approx(max(-6, ranks[1, 0] - ranks[0, 0]))
    assert alike > apart


def test_a_passage_inside_a_paragraph_is_read_with_its_opening(reader: TrainedReader) -> None:
    opening = "水务局局长何知微昨天谈到明年的安排。"
    text = "开头一段，另有内容。\n" + opening + "六要办好水上运动会。"
    begin = text.index("六要")
    article = Article("明年的安排", text, id="a")
    passage = Passage(1, "a", begin, len(text), text[begin:])
    window, question = Window(Hit(passage, article, 0.1, {})), parse("何知微要办好什么？")
    (scores,) = reader.scores(question, [window])
    read = int(scores.encoding.offsets[-1, 1])  # characters: headline, opening and passage
    assert 0 <= read - len(opening + passage.text) <= len(article.title) + 2
    span = answer_in(question, window, scores)
    assert span is not None
    assert answer_of(window, span) in passage.text  # never out of what was read before it
    assert evidence_of(window, span, 0.5).text == "六要办好水上运动会。"


def test_a_question_of_any_length_is_read(reader: TrainedReader) -> None:
    reading = reader.read(parse("泊位" * 1000), search_of(LIST, "短"))
    assert len(reading.hits) == 2


def test_nothing_found_nothing_read(reader: TrainedReader) -> None:
    reading = reader.read(parse("泊位多少"), Search((), {}, None, {}))
    assert (reading.evidence, reading.confidence, reading.hits) == ((), 0.0, ())
