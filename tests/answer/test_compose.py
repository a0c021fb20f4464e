from __future__ import annotations

import pytest

from qa_bot import Article
from qa_bot.answer.citations import cite
from qa_bot.answer.compose import compose
from qa_bot.answer.evidence import Evidence
from qa_bot.answer.reader import Reading
from qa_bot.answer.window import Window
from qa_bot.question.question import parse
from qa_bot.records import Hit, Passage
from qa_bot.text.phrases import answer_language, not_in_articles

TEXT = "桥长1.2公里。桥宽30米。造价3亿元。桥上有灯。"


def hit(article: Article) -> Hit:
    return Hit(Passage(1, article.id, 0, len(article.text), article.text), article, 1.0)


HIT = hit(Article("新桥", TEXT, published="2021-05-01"))
SAME = hit(Article("再说新桥", "记者量过，桥宽30米左右。", published="2022-05-01"))
LATER = hit(Article("新桥加宽", "新桥今年加宽，桥宽36米。", published="2023-05-01"))
UNDATED = hit(Article("新桥", "桥宽40米。"))


def evidence(start: int, end: int, score: float, answer: str = "", of: Hit = HIT) -> Evidence:
    return Evidence(Window(of), start, end, score, answer)


def reading(*rows: Evidence, confidence: float = 0.8) -> Reading:
    return Reading(rows, confidence, (HIT,))


WIDTH = evidence(8, 14, 0.9, "30米")


def test_every_citation_is_numbered_and_verbatim() -> None:
    citations = cite([evidence(8, 14, 0.9), evidence(0, 8, 0.5)])
    assert [(c.number, c.quote) for c in citations] == [(1, "桥宽30米。"), (2, "桥长1.2公里。")]
    assert all(TEXT[c.start : c.end] == c.quote for c in citations)
    for start, end in ((-1, 3), (3, 3), (0, len(TEXT) + 1)):
        with pytest.raises(ValueError, match="no part"):
            cite([evidence(start, end, 1)])


def test_a_fact_is_the_short_answer_and_its_sentence() -> None:
    answer = compose(parse("桥有多宽？"), reading(WIDTH, evidence(0, 8, 0.8, "1.2公里")), 0.5, {})
    assert answer.text == "30米\n\n桥宽30米。 [1]"
    assert (answer.short, answer.answerable) == ("30米", True)
    without = compose(parse("桥怎么样？"), reading(evidence(8, 14, 0.9)), 0.5, {})
    assert (without.short, without.text) == ("桥宽30米。", "桥宽30米。 [1]")


def test_an_answer_that_is_its_sentence_is_said_once() -> None:
    answer = compose(parse("桥有多宽？"), reading(evidence(8, 14, 0.9, "桥宽30米")), 0.5, {})
    assert (answer.text, answer.short) == ("桥宽30米。 [1]", "桥宽30米")


def test_another_article_that_says_the_same_is_cited_too() -> None:
    other = evidence(0, len(SAME.article.text), 0.7, "30米左右", SAME)
    answer = compose(parse("桥有多宽？"), reading(WIDTH, other), 0.5, {})
    assert answer.text.startswith("30米\n\n")
    assert [c.article.title for c in answer.citations] == ["新桥", "再说新桥"]


def test_articles_that_disagree_are_both_given_with_their_dates() -> None:
    other = evidence(0, len(LATER.article.text), 0.7, "36米", LATER)
    answer = compose(parse("桥有多宽？"), reading(WIDTH, other), 0.5, {})
    assert answer.text.startswith("30米 (2021-05-01) / 36米 (2023-05-01)\n\n")
    assert answer.short == "30米"
    assert len(answer.citations) == 2
    far = evidence(0, len(LATER.article.text), 0.3, "36米", LATER)
    assert len(compose(parse("桥有多宽？"), reading(WIDTH, far), 0.5, {}).citations) == 1
    undated = evidence(0, 6, 0.8, "40米", UNDATED)
    answer = compose(parse("桥有多宽？"), reading(WIDTH, undated), 0.5, {})
    assert answer.text.startswith("30米 / 40米\n\n")
    worded_otherwise = evidence(0, 6, 0.8, "很宽", UNDATED)
    answer = compose(parse("桥有多宽？"), reading(WIDTH, worded_otherwise), 0.5, {})
    assert len(answer.citations) == 1


def test_where_the_first_sentence_is_not_sure_the_second_is_shown_too() -> None:
    best, next_best = evidence(8, 14, 0.7, "30米"), evidence(0, 8, 0.1, "1.2公里")
    answer = compose(parse("桥有多宽？"), reading(best, next_best, evidence(14, 20, 0.05)), 0.5, {})
    assert answer.text == "30米\n\n桥宽30米。 [1]\n\n或者：桥长1.2公里。 [2]"
    nothing = evidence(0, 8, 0.04, "1.2公里")
    assert len(compose(parse("桥有多宽？"), reading(best, nothing), 0.5, {}).citations) == 1
    again = evidence(8, 14, 0.6, "桥宽30米")  # the same sentence once more
    assert len(compose(parse("桥有多宽？"), reading(best, again), 0.5, {}).citations) == 1
    named = evidence(0, 10, 0.7, "何知微", hit(Article("桥", "何知微设计了大桥。有灯。")))
    answer = compose(parse("何知微做了什么？"), reading(named, next_best), 0.5, {})
    assert len(answer.citations) == 1  # the next one says nothing of her
    far = evidence(0, len(LATER.article.text), 0.1, "36米", LATER)  # too far behind to disagree
    answer = compose(parse("桥有多宽？"), reading(best, far), 0.5, {})
    assert answer.text.startswith("30米\n\n")
    assert len(answer.citations) == 2


def test_sentences_of_a_list_read_in_the_articles_order() -> None:
    rows = (evidence(8, 14, 0.9), evidence(14, 20, 0.8), evidence(0, 8, 0.7), evidence(20, 25, 0.1))
    answer = compose(parse("桥有哪些特点？"), reading(*rows), 0.5, {})
    assert [c.quote for c in answer.citations] == ["桥长1.2公里。", "桥宽30米。", "造价3亿元。"]
    assert [c.number for c in answer.citations] == [1, 2, 3]


@pytest.mark.parametrize(
    ("question", "language", "says"),
    [
        ("桥有多宽？", "zh-Hans", "没有"),
        ("橋有多寬？", "zh-Hant", "沒有"),
        ("How wide is the bridge?", "en", "do not answer"),
        ("橋の幅はどのくらいですか", "ja", "ありません"),
        ("Wie breit ist die Brücke?", "de", "nicht"),
        ("¿Qué ancho tiene el puente nuevo?", "es", "no responden"),
        ("Какова ширина моста?", "ru", "нет ответа"),
        ("12345", "en", "do not answer"),
    ],
)
def test_below_the_threshold_it_says_so_in_the_questions_language(
    question: str, language: str, says: str
) -> None:
    answer = compose(parse(question), reading(WIDTH, confidence=0.4), 0.5, {})
    assert (answer.answerable, answer.short, answer.citations) == (False, "", ())
    assert answer.language == answer_language(question) == language
    assert answer.text == not_in_articles(language)
    assert says in answer.text
    assert answer.hits == (HIT,)
