"""The passages beside an answer: by article, the relevant ones first, no quote twice."""

from __future__ import annotations

from dataclasses import replace

from qa_bot.records import Article, Hit, Passage
from qa_bot.ui.views.passages import found, panel
from qa_bot.ui.views.target import Target
from tests.ui.shown import Seen, a_hit, an_answer, an_article, cited


def a_passage(number: int, article: Article, text: str, **parts: float) -> Hit:
    start = article.text.index(text)
    passage = Passage(number, article.id, start, start + len(text), text)
    return Hit(passage, article, 1 / number, parts)


ONE = an_article("One is here. Two is there.\nThree is far away.", title="One")
OTHER = an_article("Four is elsewhere.", title="Other")


def test_passages_of_an_article_stand_together_below_its_headline() -> None:
    hits = [
        a_passage(1, ONE, "One is here. Two is there.", coverage=1.0),
        a_passage(2, OTHER, "Four is elsewhere.", coverage=0.9),
        a_passage(3, ONE, "Three is far away.", coverage=0.8),
    ]
    seen = Seen(found(hits, "en"))
    assert [link["href"] for link in seen.all("qa-passage")] == [
        Target.of_hit(hit).href for hit in (hits[0], hits[2], hits[1])
    ]
    assert len(seen.all("qa-head")) == 2
    assert len(seen.all("qa-further")) == 1
    assert "details" not in seen.inside


def test_the_others_are_opened_by_hand_and_none_is_lost() -> None:
    hits = [
        a_passage(1, ONE, "One is here.", coverage=1.0),
        a_passage(2, OTHER, "Four is elsewhere.", coverage=0.1),
        a_passage(3, ONE, "Three is far away.", coverage=0.1),
    ]
    seen = Seen(found(hits, "en"))
    assert seen.inside["summary"] == "2 more passages"
    assert "Four is elsewhere." in seen.inside["details"]
    assert "One is here." not in seen.inside["details"]
    assert len(seen.all("qa-passage")) == 3


def test_what_the_answer_quotes_is_not_shown_again() -> None:
    hits = (
        a_passage(1, OTHER, "Four is elsewhere.", coverage=1.0),
        a_passage(2, ONE, "One is here. Two is there.", coverage=0.1),
    )
    given = an_answer(
        "Two is there. [1]\n\nFour is elsewhere. [2]",
        cited(ONE, "Two is there.", 1),
        cited(OTHER, "Four is elsewhere.", 2),
    )
    seen = Seen(panel(replace(given, hits=hits), "en"))
    assert "details" not in seen.inside  # what is quoted is relevant
    assert "Four is elsewhere." not in seen.text
    assert "quoted in the answer: 2" in seen.text
    assert "quoted in the answer: 1One is here." in seen.text
    assert "Two is there." not in seen.text


def test_no_passage_has_to_do_with_a_greeting() -> None:
    given = replace(an_answer("Hello!"), kind="talk", hits=(a_hit(an_article()),))
    assert not Seen(panel(given, "en")).all("qa-passage")
    assert Seen(panel(replace(given, kind="fact"), "en")).all("qa-passage")


def test_nothing_found_tells_what_the_panel_is_for() -> None:
    assert "Click a citation number" in Seen(found((), "en")).text
