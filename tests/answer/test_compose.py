from __future__ import annotations

from typing import cast

import pytest

from qa_bot import Article
from qa_bot.answer.citations import cite
from qa_bot.answer.compose import compose, not_found
from qa_bot.answer.draft import Context, Found, Quote
from qa_bot.answer.evidence import Evidence
from qa_bot.answer.kinds import HANDLERS
from qa_bot.answer.reader import Reading
from qa_bot.answer.window import Window
from qa_bot.question.kinds import Guess
from qa_bot.question.question import Question, parse
from qa_bot.records import Answer, Hit, Passage
from qa_bot.search.retriever import Search
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


class _Threshold:
    """All of a context that reading a fact asks for."""

    threshold = 0.5


def answer_to(question: Question, read: Reading, kind: str = "fact") -> Answer:
    """The answer of this kind from what was read."""
    found = Found(Search((), {}, None, {}), read, Guess(((kind, 1.0),), (("thing", 1.0),), 0.0))
    handler = HANDLERS["why" if kind == "list" else kind]
    draft = handler(question, found, cast(Context, _Threshold()))
    if draft is None:
        return not_found(question, kind, read.hits, [], read.confidence)
    return compose(question, kind, draft, read.hits)


WIDTH = evidence(8, 14, 0.9, "30米")


def test_every_citation_is_numbered_and_verbatim() -> None:
    citations = cite([Quote(HIT.article, 8, 14), Quote(HIT.article, 0, 8)])
    assert [(c.number, c.quote) for c in citations] == [(1, "桥宽30米。"), (2, "桥长1.2公里。")]
    assert all(TEXT[c.start : c.end] == c.quote for c in citations)
    for start, end in ((-1, 3), (3, 3), (0, len(TEXT) + 1)):
        with pytest.raises(ValueError, match="no part"):
            cite([Quote(HIT.article, start, end)])


def test_a_fact_is_the_short_answer_and_its_sentence() -> None:
    answer = answer_to(parse("桥有多宽？"), reading(WIDTH, evidence(0, 8, 0.8, "1.2公里")))
    assert answer.text == "30米\n\n桥宽30米。 [1]"
    assert (answer.short, answer.answerable) == ("30米", True)
    without = answer_to(parse("桥怎么样？"), reading(evidence(8, 14, 0.9)))
    assert (without.short, without.text) == ("桥宽30米。", "桥宽30米。 [1]")


def test_an_answer_that_is_its_sentence_is_said_once() -> None:
    answer = answer_to(parse("桥有多宽？"), reading(evidence(8, 14, 0.9, "桥宽30米")))
    assert (answer.text, answer.short) == ("桥宽30米。 [1]", "桥宽30米")


def test_another_article_that_says_the_same_is_cited_too() -> None:
    other = evidence(0, len(SAME.article.text), 0.7, "30米左右", SAME)
    answer = answer_to(parse("桥有多宽？"), reading(WIDTH, other))
    assert answer.text.startswith("30米\n\n")
    assert [c.article.title for c in answer.citations] == ["新桥", "再说新桥"]


def test_articles_that_disagree_are_both_given_with_their_dates() -> None:
    other = evidence(0, len(LATER.article.text), 0.7, "36米", LATER)
    answer = answer_to(parse("桥有多宽？"), reading(WIDTH, other))
    assert answer.text.startswith("30米 (2021-05-01) / 36米 (2023-05-01)\n\n")
    assert answer.short == "30米"
    assert len(answer.citations) == 2
    far = evidence(0, len(LATER.article.text), 0.3, "36米", LATER)
    assert len(answer_to(parse("桥有多宽？"), reading(WIDTH, far)).citations) == 1
    undated = evidence(0, 6, 0.8, "40米", UNDATED)
    answer = answer_to(parse("桥有多宽？"), reading(WIDTH, undated))
    assert answer.text.startswith("30米 / 40米\n\n")
    worded_otherwise = evidence(0, 6, 0.8, "很宽", UNDATED)
    answer = answer_to(parse("桥有多宽？"), reading(WIDTH, worded_otherwise))
    assert len(answer.citations) == 1


def test_where_the_first_sentence_is_not_sure_the_second_is_shown_too() -> None:
    best, next_best = evidence(8, 14, 0.7, "30米"), evidence(0, 8, 0.1, "1.2公里")
    answer = answer_to(parse("桥有多宽？"), reading(best, next_best, evidence(14, 20, 0.05)))
    assert answer.text == "30米\n\n桥宽30米。 [1]\n\n或者：桥长1.2公里。 [2]"
    nothing = evidence(0, 8, 0.04, "1.2公里")
    assert len(answer_to(parse("桥有多宽？"), reading(best, nothing)).citations) == 1
    again = evidence(8, 14, 0.6, "桥宽30米")  # the same sentence once more
    assert len(answer_to(parse("桥有多宽？"), reading(best, again)).citations) == 1
    named = evidence(0, 10, 0.7, "何知微", hit(Article("桥", "何知微设计了大桥。有灯。")))
    answer = answer_to(parse("何知微做了什么？"), reading(named, next_best))
    assert len(answer.citations) == 1  # the next one says nothing of her
    far = evidence(0, len(LATER.article.text), 0.1, "36米", LATER)  # too far behind to disagree
    answer = answer_to(parse("桥有多宽？"), reading(best, far))
    assert answer.text.startswith("30米\n\n")
    assert len(answer.citations) == 2


def test_sentences_of_a_list_read_in_the_articles_order() -> None:
    rows = (evidence(8, 14, 0.9), evidence(14, 20, 0.8), evidence(0, 8, 0.7), evidence(20, 25, 0.1))
    answer = answer_to(parse("桥有哪些特点？"), reading(*rows), "list")
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
def test_without_evidence_it_says_so_in_the_questions_language(
    question: str, language: str, says: str
) -> None:
    answer = answer_to(parse(question), reading(confidence=0.0))
    assert (answer.state, answer.answerable, answer.short, answer.citations) == (
        *("not_found", False, ""),
        (),
    )
    assert answer.language == answer_language(question) == language
    assert answer.text.startswith(not_in_articles(language))
    assert says in answer.text
    assert HIT.article.title in answer.text  # what is nearest
    assert answer.hits == (HIT,)


def test_below_the_threshold_the_likeliest_sentences_are_shown_as_possible() -> None:
    answer = answer_to(parse("桥有多宽？"), reading(WIDTH, confidence=0.4))
    assert (answer.state, answer.answerable, answer.short) == ("possible", False, "")
    assert [citation.quote for citation in answer.citations] == ["桥宽30米。"]
    assert answer.text.startswith("文章没有明确回答")
    hopeless = evidence(8, 14, 0.01, "30米")
    assert answer_to(parse("桥有多宽？"), reading(hopeless, confidence=0.01)).state == "not_found"


def test_what_no_article_mentions_is_named() -> None:
    answer = not_found(parse("沈若溪去哪里了？"), "fact", (HIT,), ["沈若溪"], 0.0)
    assert "沈若溪" in answer.text
