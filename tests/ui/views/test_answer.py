"""An answer's text, its links to the quotes, and how it looks when there is none."""

from __future__ import annotations

import html
from dataclasses import replace

from qa_bot.records import Answer, Listed
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


def test_no_answer_says_nothing_twice() -> None:
    hits = (a_hit(an_article()),)
    text = "No answer.\n\nNo article mentions “X”.\n\nThe closest articles: Headline."
    shown = html.unescape(answer(Answer("?", text, "", (), hits, False, 0.1, "en"), "en"))
    assert "<p>No article mentions “X”.</p>" in shown
    assert "No answer." not in shown
    assert "The closest articles: Headline" not in shown
    without = html.unescape(answer(Answer("?", text, "", (), (), False, 0.1, "en"), "en"))
    assert "The closest articles: Headline" in without  # as nothing links to them


def test_an_unsure_answer_has_its_quotes_as_links_alone() -> None:
    one, two = an_article("One?\n\nOr [1] so."), an_article("Two.", title="Other")
    given = Answer(
        "?",
        "Perhaps:\n\nOne?\n\nOr [1] so. [1]\n\nOther: Two. [2]\n\nThat is all.",
        "",
        (cited(one, one.text), cited(two, "Two.", 2)),
        (),
        False,
        0.1,
        "en",
        state="possible",
    )
    shown = html.unescape(answer(given, "en"))
    assert "<p>Perhaps:</p><p>That is all.</p>" in shown
    seen = Seen(answer(given, "en"))
    assert len(seen.all("qa-possible")) == len(seen.all("qa-badge")) == 1
    assert len(seen.all("qa-citation")) == 2
    assert not seen.all("qa-unsure")
    assert "Other: Two." not in seen.text


def test_what_was_counted_is_a_list_of_links() -> None:
    articles = [an_article(f"Text {n}.", title=f"No. {n}") for n in range(501)]
    listed = tuple(Listed(article, n) for n, article in enumerate(articles))
    given = an_answer("501 articles:\n\nNo. 0: Text 0. [1]", cited(articles[0], "Text 0."))
    given = replace(given, articles=listed, total=501, confidence=1.0)
    seen = Seen(answer(given, "en"))
    assert seen.inside["strong"] == "501 articles:"
    assert seen.inside["summary"] == "501 articles: show all"
    links = seen.all("qa-passage")
    assert [link["href"] for link in links[:2]] == [Target.of(a).href for a in articles[:2]]
    assert len(links) == 500
    assert "… and 1 more" in seen.text
    assert "No. 1The Daily · 1 mentionNo. 2The Daily · 2 mentions" in seen.text
    assert not seen.all("qa-citation")
    assert not seen.all("qa-sure")


def test_a_list_that_the_citations_show_is_not_shown_twice() -> None:
    article = an_article()
    given = an_answer("First sentence. [1]", cited(article, "First sentence."))
    given = replace(given, articles=(Listed(article),))
    seen = Seen(answer(given, "en"))
    assert (len(seen.all("qa-citation")), len(seen.all("qa-listed"))) == (1, 0)
    other = replace(given, articles=(*given.articles, Listed(an_article("More.", title="Other"))))
    seen = Seen(answer(other, "en"))
    assert (len(seen.all("qa-citation")), len(seen.all("qa-listed"))) == (1, 1)


def test_a_greeting_has_its_examples_as_links_and_is_not_judged() -> None:
    given = Answer(
        "Hi", "Hello!\n\nFor example:\n- Who? 100%\n- Why?", "Hello!", (), (), True, 1.0, "en"
    )
    given = replace(given, kind="talk", hits=(a_hit(an_article()),))
    seen = Seen(answer(given, "en", key="abc"))
    assert [attrs["href"] for tag, attrs in seen.tags if tag == "a"] == [
        "#ask?question=Who%3F%20100%25",
        "#ask?question=Why%3F",
    ]
    assert seen.text == "Hello!For example:Who? 100%Why?"


def test_a_quote_with_quotation_marks_has_others_around_it() -> None:
    for lang, quote, marks in (
        ("en", "He said no.", ("“", "”")),
        ("en", "He said “no”.", ("‘", "’")),
        ("zh-Hans", "他说：“不。”", ("「", "」")),
        ("zh-Hant", "他說：「不。」", ("『", "』")),
    ):
        article = an_article(text=quote, lang=lang)
        seen = Seen(answer(an_answer("Yes. [1]", cited(article, quote)), "en"))
        (shown,) = [a for _, a in seen.tags if a.get("class") == "qa-quote"]
        assert (shown["data-left"], shown["data-right"]) == marks


def test_numbers_and_units_are_told_in_the_language_of_the_answer() -> None:
    article = an_article("他捐了1.1亿元。", lang="zh-Hans")
    given = an_answer(
        "1.1亿元\n\n他捐了1.1亿元。 [1]", cited(article, article.text), short="1.1亿元"
    )
    seen = Seen(answer(given, "en"))
    assert seen.text.startswith("1.1亿元 (110 million yuan)他捐了1.1亿元。")
    assert "1.1亿元 = 110 million yuan" in seen.text
    assert seen.inside["strong"] == "1.1亿元"
    assert not Seen(answer(replace(given, language="zh-Hans"), "en")).all("qa-gloss")
