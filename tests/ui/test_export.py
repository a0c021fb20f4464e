"""A turn of a conversation as Markdown."""

from __future__ import annotations

from dataclasses import replace

from qa_bot.records import Listed
from qa_bot.ui.export import markdown
from tests.ui.shown import an_answer, an_article, cited


def test_listed_articles_that_are_not_cited_stand_below() -> None:
    one, two = an_article("First."), an_article("Second.", title="[Other]", published="2024")
    given = an_answer("2 articles\n\nFirst. [1]", cited(one, "First."))
    given = replace(given, articles=(Listed(one), Listed(two)))
    assert markdown(given).split("\n\n")[-1] == "- \\[Other\\], The Daily, 2024"
