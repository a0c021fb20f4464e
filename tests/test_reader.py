from __future__ import annotations

import numpy as np
import pytest

from qa_bot import Article, QABot
from qa_bot.embedding import Embedder
from qa_bot.questions import answer_kind
from qa_bot.reader import (
    CONFIDENCE_FEATURES,
    FEATURES,
    SentenceReader,
    confidence_features,
    sentence_features,
    sentences_of,
)
from qa_bot.records import Hit, Passage
from qa_bot.retrieval import Search

LIST = "一是停车。今年新增泊位三千个，先从老城做起。二是公交，新开六条线路，连接东西两个新城区。完"


def search_of(*texts: str, ends: int | None = None, title: str = "") -> Search:
    hits = []
    for i, text in enumerate(texts, 1):
        article = Article(title, text, id=str(i))
        end = len(text) if ends is None else ends
        hits.append(Hit(Passage(i, article.id, 0, end, text[:end]), article, 1 / i))
    return Search(tuple(hits), {"泊位": 2.0, "线路": 1.0}, None, {})


def quotes(question: str, search: Search) -> list[str]:
    return [hit.article.text[a:b] for hit, a, b in sentences_of(question, search)]


def test_a_heading_sentence_goes_with_its_text() -> None:
    assert quotes("泊位多少", search_of(LIST)) == [
        "一是停车。今年新增泊位三千个，先从老城做起。",
        "二是公交，新开六条线路，连接东西两个新城区。",
        "完",
    ]


def test_a_heading_at_the_end_of_a_passage_reaches_into_the_next() -> None:
    assert quotes("泊位多少", search_of(LIST, ends=5)) == [
        "一是停车。今年新增泊位三千个，先从老城做起。"
    ]
    assert (
        len(quotes("泊位多少", search_of(LIST, ends=22))) == 1
    )  # which ends with a whole sentence


def test_the_same_sentence_is_read_once() -> None:
    sentence = "今年全市新增公共停车泊位三千个，先从老城区做起。"
    assert quotes("泊位多少", search_of(sentence, sentence)) == [sentence]


def test_features_tell_what_they_say(embedder: Embedder) -> None:
    search = search_of("新增泊位三千个，新开线路也有。" * 2, "今天天气很好，适合去江边散步看风景。")
    spans = sentences_of("新增泊位多少个", search)
    kind = answer_kind("新增泊位多少个")
    rows = sentence_features(kind, search, spans, embedder)
    assert rows.shape == (len(spans), len(FEATURES))
    first, last = (dict(zip(FEATURES, row, strict=True)) for row in (rows[0], rows[-1]))
    assert first["sentence_coverage"] == 1
    assert last["sentence_coverage"] == 0
    assert (first["lacks_kind"], last["lacks_kind"]) == (0, 1)


def test_confidence_looks_at_how_the_first_stands_out() -> None:
    rows = np.zeros((4, len(FEATURES)), np.float32)
    rows[:, 0] = 1
    rows[2, FEATURES.index("context_coverage")] = 0.5
    best, signs = confidence_features(rows, np.array([-3, -5, -1, -4], np.float32))
    told = dict(zip(CONFIDENCE_FEATURES, signs.tolist(), strict=True))
    assert best == 2
    assert told == {
        "bias": 1,
        "sentence_cosine": 0,
        "context_coverage": 0.5,
        "lacks_kind": 0,
        "lead": 2,
        "prominence": 3,
    }
    alone = confidence_features(rows[:1], np.array([-3], np.float32))[1]
    assert alone[4:].tolist() == [0, 0]


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("开馆首日来了多少读者？", "开馆首日共接待读者9800人次"),
        ("為什麼大橋要封閉？", "原因是伸缩缝老化"),
        ("Why is the Liudi bridge closed in April?", "原因是伸缩缝老化"),
        ("轮渡一张票多少钱？", "A single ticket costs four yuan"),
    ],
)
def test_the_right_sentence_comes_first_in_any_language(
    library: QABot, embedder: Embedder, question: str, sentence: str
) -> None:
    search = library._retriever.search(question, 10)
    reading = SentenceReader(embedder).read(question, search)
    assert sentence in reading.evidence[0].text
    assert [e.score for e in reading.evidence] == sorted(
        (e.score for e in reading.evidence), reverse=True
    )


def test_nothing_found_nothing_read(embedder: Embedder) -> None:
    reading = SentenceReader(embedder).read("泊位多少", Search((), {}, None, {}))
    assert (reading.evidence, reading.short, reading.confidence) == ((), "", 0.0)
