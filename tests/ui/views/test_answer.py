"""An answer's text, its links to the quotes, and how it looks when there is none."""

from __future__ import annotations

import html

from qa_bot.records import Answer
from qa_bot.ui.views.answer import answer
from qa_bot.ui.views.target import Target
from tests.ui.shown import Seen, a_hit, an_answer, an_article, cited


def test_marks_link_each_to_its_own_quote() -> None:
    one, two = an_article("One is here."), an_article("Two is there.", title="Other")
    given = an_answer(
        "One is here. [1]\n\nTwo is there. [2] [9]",
        cited(one, "One is here."),
        cited(two, "Two is there.", 2),
    )
    seen = Seen(answer(given, "en"))
    targets = [Target.parse(link["href"]) for link in seen.all("qa-cite")]
    assert [(t.article_id, t.start, t.end) for t in targets if t] == [
        (one.id, 0, 12),
        (two.id, 0, 13),
    ]
    assert "[9]" in seen.text
    assert [link["href"] for link in seen.all("qa-citation")] == [
        link["href"] for link in seen.all("qa-cite")
    ]
    assert "Source 2: Other" in seen.all("qa-cite")[1]["aria-label"]


def test_a_mark_inside_a_quote_is_the_article_s_own() -> None:
    article = an_article("As shown in [1] before.")
    given = an_answer("As shown in [1] before. [1]", cited(article, "As shown in [1] before."))
    seen = Seen(answer(given, "en"))
    assert len(seen.all("qa-cite")) == 1
    assert seen.text.startswith("As shown in [1] before.\u00a01")


def test_the_bare_answer_stands_out() -> None:
    article = an_article("It opens on 9 May.")
    given = an_answer(
        "9 May\n\nIt opens on 9 May. [1]", cited(article, article.text), short="9 May"
    )
    assert Seen(answer(given, "en")).inside["strong"] == "9 May"


def test_an_unverified_quote_says_so() -> None:
    article = an_article()
    citation = cited(article, "First sentence.", supported=False)
    assert "not verified" in Seen(answer(an_answer("[1]", citation), "en")).text


def test_no_answer_looks_different_and_offers_the_nearest_passages() -> None:
    article = an_article()
    hits = (a_hit(article), a_hit(article))  # of an article one passage is enough
    given = Answer("?", "No idea.", "", (), hits, False, 0.1, "en")
    seen = Seen(answer(given, "zh-Hans"))
    assert seen.all("qa-none")
    assert seen.all("qa-badge")
    assert [link["href"] for link in seen.all("qa-passage")] == [Target.of(article, 0, 5).href]


def test_a_doubtful_stretch_over_a_blank_line_is_in_doubt_in_both_paragraphs() -> None:
    given = Answer(
        "?", "Sure. Not\n\nso sure. End.", "", (), (), True, 1, "en", unsupported=((6, 19),)
    )
    shown = html.unescape(answer(given, "en"))
    begin = '<span class="qa-doubt" title="not verified">'
    assert f"<p>Sure. {begin}Not</span></p>" in shown
    assert f"<p>{begin}so sure.<em>not verified</em></span> End.</p>" in shown


def test_a_quote_with_a_blank_line_stays_one_link() -> None:
    article = an_article("One.\n\nTwo.")
    seen = Seen(answer(an_answer("It is so. [1]", cited(article, article.text)), "en"))
    assert [link["title"] for link in seen.all("qa-cite")] == ["One.\n\nTwo."]
    assert len([tag for tag, _ in seen.tags if tag == "p"]) == 2  # the text and its confidence
