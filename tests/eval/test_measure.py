"""What is measured of one question."""

from __future__ import annotations

from dataclasses import replace

from dataset import Question
from measure import measure, measure_reading
from qa_bot import QABot


def test_a_question_is_measured_by_its_golds_and_answers(library: QABot) -> None:
    articles = {article.title: article.id for article in library.articles()}
    gold = articles["柳堤大桥因检修封闭"]
    question = Question(
        "q",
        "柳堤大桥封闭检修的原因是什么？",
        True,
        ("伸缩缝老化",),
        (("伸缩缝老化",),),
        gold_ids=(gold,),
    )
    measured = measure(library, question)
    assert measured.values["recall@1"] == measured.values["mrr@10"] == 1.0
    assert measured.values["read_recall@1"] == measured.values["read_ndcg@10"] == 1.0
    assert measured.values["answer_in_quotes"] == measured.values["citation_gold"] == 1.0
    assert measured.search_s is not None
    assert 0 < measured.search_s < 60
    wrong = measure(library, replace(question, gold_ids=("another",), answers=("猫",)))
    assert wrong.values["recall@10"] == wrong.values["ndcg@10"] == wrong.values["f1"] == 0.0
    assert measure(library, question, answers=False).values.keys() == {
        *(f"recall@{k}" for k in (1, 5, 10)),
        "mrr@10",
        "ndcg@10",
    }


def test_reading_is_measured_on_the_gold_articles_alone(library: QABot) -> None:
    ferry = next(a.id for a in library.articles() if a.lang == "en")
    question = Question("q", "How many people does the boat carry?", True, ("120", "120 people"))
    measured = measure_reading(library, replace(question, gold_ids=(ferry,)))
    assert measured.values["f1"] == 1.0
    assert "recall@1" not in measured.values
    assert measured.details["read"] == [ferry]
    nowhere = measure_reading(library, replace(question, gold_ids=("another",)))
    assert nowhere.values["f1"] == 0.0


def test_what_does_not_apply_is_not_measured(library: QABot) -> None:
    measured = measure(library, Question("q", "月球基地什么时候建成？", False))
    assert measured.values == {}
    assert measured.refused is not None


def test_a_question_that_fails_is_missed_and_stops_nothing(library: QABot) -> None:
    question = Question("q", " ", True, ("x",), gold_ids=("a",))
    measured = measure(library, question)
    assert "QABotError" in measured.error
    assert measured.values["recall@10"] == measured.values["f1"] == 0.0
    assert measured.refused is None
