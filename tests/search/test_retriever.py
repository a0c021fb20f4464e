from __future__ import annotations

from pathlib import Path

import pytest

from qa_bot import Article, QABot
from qa_bot.index.filters import Filter
from qa_bot.networks.embedding import Embedder
from qa_bot.search.baseline import SENTENCES, background_vectors, without_language
from qa_bot.search.retriever import coverage
from qa_bot.text.terms import held, terms

QUESTIONS = [
    ("新图书馆的面积有多大？", "临江图书馆新馆开放"),
    ("圖書館館長是誰？", "临江图书馆新馆开放"),
    ("Why was the road bridge closed for maintenance?", "柳堤大桥因检修封闭"),
    ("轮渡的船票多少钱？", "River ferry returns after eleven years"),
    ("Wie viele Personen passen auf die Fähre?", "River ferry returns after eleven years"),
]


@pytest.mark.parametrize(("question", "title"), QUESTIONS)
def test_questions_meet_articles_in_any_language(library: QABot, question: str, title: str) -> None:
    assert library.search(question)[0].article.title == title


def test_hits_tell_what_each_side_gave(library: QABot) -> None:
    hits = library.search("柳堤大桥封闭", k=3)
    assert hits[0].parts["bm25_rank"] == 1
    assert 0.5 < hits[0].parts["coverage"] <= 1
    assert all(0 < hit.parts["dense"] <= 1.0001 for hit in hits)
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    for hit in hits:
        passage = hit.passage
        assert hit.article.text[passage.start : passage.end] == passage.text


def test_a_stray_number_in_another_language_does_not_outvote_meaning(library: QABot) -> None:
    """The question is in English, and shares with the Chinese article little but numbers."""
    search = library._retriever.search("What happens to bus lines 6 and 11 on 16 April?", 3)
    assert search.hits[0].article.title == "柳堤大桥因检修封闭"


def test_what_tells_the_language_can_be_taken_out_of_a_question(embedder: Embedder) -> None:
    means = background_vectors(embedder)
    (vector,) = embedder.embed(["坐渡轮要多少钱？"], "query")
    bare = without_language(vector, means)
    before, after = (
        [abs(float(v @ (means["zh"] - other))) for other in means.values()] for v in (vector, bare)
    )
    assert max(before) > 0.03
    assert max(after) < 1e-5
    assert float(bare @ vector) > 0.5  # the rest is still there


def test_one_article_is_found_among_many_in_the_question_s_language(
    tmp_path: Path, embedder: Embedder
) -> None:
    """Each of these is nearer to a question in its own language than one in another."""
    question, title = "轮渡的船票多少钱？", "River ferry returns"
    text = "The ferry is back after eleven years. A ticket costs four yuan, children travel free."
    articles = [Article("", sentence) for sentence in SENTENCES["zh"]]
    with QABot.open(tmp_path) as bot:
        bot.add([*articles, Article(title, text)])
        retriever = bot._retriever
        retriever.candidates = 2
        (vector,) = embedder.embed([question], "query")
        retriever.search(question, 2)  # brings the vectors up to date
        nearest = bot._index.passages([i for i, _ in bot._index.nearest(vector, 4)])
        assert all(article.title != title for _, article in nearest.values())
        assert retriever.search(question, 2).hits[0].article.title == title


def test_filters_hold_on_both_sides(library: QABot) -> None:
    for where in (Filter(until="2023-12-31"), Filter(source="Linjiang Post")):
        hits = library._retriever.search("大桥封闭 ferry", 10, where).hits
        assert {h.article.source for h in hits} == {"Linjiang Post"}
    assert not library._retriever.search("大桥", 10, Filter(source="no such paper")).hits


def test_coverage_is_the_share_of_the_weight() -> None:
    weights = {"大桥": 3.0, "封闭": 1.0}
    assert coverage(weights, "大橋通车") == 0.75
    assert coverage(weights, "") == 0
    assert coverage({}, "大桥") == 0


def test_held_terms_are_those_that_cutting_the_text_gives() -> None:
    texts = [
        "柳堤大桥封闭；新馆 CAFÉ 3.5公里",
        "國際書展, the Ferry",
        "ガス管 ｶﾞｽ bridge-head Å",
        "x1y 馆",
    ]
    for question in (
        "大桥 封馆 堤大",
        "cafe 3 5 公里 ferry erry",
        "國際 书展 ガス bridge a x1 馆新",
    ):
        wanted = terms(question)
        for text in texts:
            assert held(wanted, text) == set(wanted) & set(terms(text))


def test_every_hit_tells_its_cosine_and_coverage(library: QABot) -> None:
    for hit in library.search("大桥封闭到几月？", k=10):
        assert {"dense", "dense_above", "coverage"} <= hit.parts.keys()
        assert -1 <= hit.parts["dense"] <= 1
