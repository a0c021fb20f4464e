"""Nothing that a view shows becomes HTML, whatever it is."""

from __future__ import annotations

from qa_bot.drafts import Draft
from qa_bot.index.contents import excerpt_of
from qa_bot.records import Answer, Outcome, Removed
from qa_bot.ui.views.answer import answer, draft, question
from qa_bot.ui.views.article import article as opened
from qa_bot.ui.views.library import Place, removed, table
from qa_bot.ui.views.notices import outcomes, problem, progress
from qa_bot.ui.views.passages import found
from qa_bot.ui.views.proof import proof
from qa_bot.ui.views.target import Target
from tests.ui.shown import EVIL, Seen, a_hit, an_answer, an_article, cited


def test_nothing_of_an_article_becomes_html() -> None:
    evil = an_article(
        EVIL, title=EVIL, byline=EVIL, source=EVIL, published=EVIL, lang=EVIL, path=EVIL, url=EVIL
    )
    citation = cited(evil, EVIL)
    pieces = [
        question(EVIL),
        draft(EVIL, EVIL, EVIL, "en"),
        answer(
            Answer(
                "?",
                EVIL,
                "",
                (),
                (),
                True,
                1,
                "en",
                asked=EVIL,
                answerer="llm",
                claims=1,
                unsupported=((3, len(EVIL) - 2),),
            ),
            "en",
        ),
        problem(EVIL),
        answer(an_answer(EVIL + " [1]", citation), "en"),
        answer(Answer("?", EVIL, "", (), (a_hit(evil),), False, 0, EVIL), "en"),
        found((a_hit(evil),), "en"),
        opened(evil, Target.of(evil, 0, 9), "en"),
        table([(evil, excerpt_of(evil, "script"))], "en", Place(), 1),
        removed(EVIL, [(Removed(evil),)], "en"),
        proof((Draft(evil, EVIL),), "en", undo=True),
        outcomes([Outcome(EVIL, "refused", EVIL, EVIL, EVIL)], "en"),
        progress(EVIL, 1, 2),
    ]
    for piece in pieces:
        assert "\n" not in piece
        seen = Seen(piece)
        for tag, attributes in seen.tags:
            assert tag not in {"script", "img"}
            assert not [name for name in attributes if name.startswith("on")]
            assert attributes.get("href", "#").startswith("#")
        assert "<script>alert(1)</script>" in seen.text or "found" in piece
