from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from qa_bot.index.mentions import Spelling, count_mentions
from qa_bot.records import Article
from qa_bot.text.terms import normalise

MILL = Article("水磨坊", "水磨坊和水车。", id="mill", published="2024-02-01")
ART = Article("Art in the mill", "Art, not a cart.", id="art", published="2023-01-01")


def test_mentions_are_counted_headlines_included() -> None:
    mentions = count_mentions(["水磨坊"], [MILL, ART])
    assert [(item.article.id, item.mentions) for item in mentions.articles] == [("mill", 2)]
    assert count_mentions(["art"], [MILL, ART]).times == 2  # whole words
    assert count_mentions(["art", "水车"], [MILL, ART]).articles == ()


@given(st.text("水磨车", max_size=30), st.text("水磨车", min_size=1, max_size=3))
def test_han_is_counted_as_it_stands(text: str, term: str) -> None:
    assert Spelling(term).count(normalise(text)) == text.count(term)


@given(st.lists(st.sampled_from(["art", "cart", "arts", "水", " ", "."]), max_size=20))
def test_latin_is_counted_by_words(pieces: list[str]) -> None:
    text = "".join(pieces)
    assert Spelling("Art").count(normalise(text)) == re.findall("[a-z]+", text).count("art")
