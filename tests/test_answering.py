from __future__ import annotations

import pytest

from qa_bot import Article
from qa_bot.answering import compose
from qa_bot.citations import cite
from qa_bot.phrases import answer_language, not_in_articles
from qa_bot.reader import Evidence, Reading
from qa_bot.records import Hit, Passage

TEXT = "桥长1.2公里。桥宽30米。造价3亿元。桥上有灯。"
ARTICLE = Article("新桥", TEXT)
HIT = Hit(Passage(1, ARTICLE.id, 0, len(TEXT), TEXT), ARTICLE, 1.0)


def evidence(start: int, end: int, score: float) -> Evidence:
    return Evidence(HIT, start, end, score)


def test_every_citation_is_numbered_and_verbatim() -> None:
    citations = cite([evidence(8, 14, 0.9), evidence(0, 8, 0.5)])
    assert [(c.number, c.quote) for c in citations] == [(1, "桥宽30米。"), (2, "桥长1.2公里。")]
    assert all(TEXT[c.start : c.end] == c.quote for c in citations)
    for start, end in ((-1, 3), (3, 3), (0, len(TEXT) + 1)):
        with pytest.raises(ValueError, match="no part"):
            cite([evidence(start, end, 1)])


def test_an_answer_shows_the_short_answer_then_its_sentences() -> None:
    reading = Reading((evidence(8, 14, 0.9), evidence(0, 8, 0.2)), "30米", 0.8)
    answer = compose("桥有多宽？", (HIT,), reading, 0.5, {})
    assert answer.text == "30米\n\n桥宽30米。 [1]"  # the second is too far behind
    assert answer.short == "30米"
    assert answer.answerable
    without = compose("桥怎么样？", (HIT,), Reading(reading.evidence, "", 0.8), 0.5, {})
    assert without.short == "桥宽30米。"
    assert without.text == "桥宽30米。 [1]"


def test_sentences_behind_the_first_read_in_the_articles_order() -> None:
    reading = Reading((evidence(8, 14, 0.9), evidence(14, 20, 0.8), evidence(0, 8, 0.7)), "", 0.9)
    answer = compose("桥怎么样？", (HIT,), reading, 0.5, {})
    assert [c.quote for c in answer.citations] == ["桥宽30米。", "桥长1.2公里。", "造价3亿元。"]


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
    answer = compose(question, (HIT,) * 9, Reading((evidence(8, 14, 0.9),), "30米", 0.4), 0.5, {})
    assert (answer.answerable, answer.short, answer.citations) == (False, "", ())
    assert answer.language == answer_language(question) == language
    assert answer.text == not_in_articles(language)
    assert says in answer.text
    assert 0 < len(answer.hits) < 9
