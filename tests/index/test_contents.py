"""Words looked up in all that articles say."""

from __future__ import annotations

import pytest

from qa_bot.index.contents import Contents, excerpt_of
from qa_bot.index.protocol import Index
from qa_bot.records import Article

BRIDGE = Article("大桥封闭", "柳堤大桥今天封闭。\n明天開放，遊客可以通行。", byline="何知微")
FERRY = Article("Boats", "The ferry sails at noon. Ferries are slow.", source="Post")
APART = Article("", "大桥上有柳树，堤在河边。大家走过柳堤，说大桥很长。")


def held(index: Index, contents: Contents, wanted: str) -> set[str]:
    return {article.text for _, article in index.by_keys(contents.holders(wanted))}


def put(index: Index, *articles: Article) -> None:
    index.put([(article, [(0, len(article.text))]) for article in articles])


def test_words_are_found_wherever_they_stand(index: Index) -> None:
    put(index, BRIDGE, FERRY, APART)
    contents = Contents(index)
    for wanted, expected in (
        ("游客", [BRIDGE]),  # in the other script
        ("ＦＥＲＲＹ", [FERRY]),  # in another width and case
        ("柳堤大桥", [BRIDGE]),  # its pairs stand in the other one, too
        ("大桥", [BRIDGE, APART]),
        ("大桥 何知微", [BRIDGE]),  # one in the text, one in the byline
        ("大桥 ferry", []),
        ("post noon", [FERRY]),
        ("ost", [FERRY]),  # of what heads an article any part
        ("err", []),  # of a text whole words
        ("%", []),
        ("\ud800", []),
        ("no such words", []),
    ):
        assert held(index, contents, wanted) == {a.text for a in expected}, wanted


def test_what_was_found_is_that_of_now(index: Index) -> None:
    put(index, FERRY)
    contents = Contents(index)
    assert held(index, contents, "ferry") == {FERRY.text}
    later = Article("", "Another ferry.")
    put(index, later)
    assert held(index, contents, "ferry") == {FERRY.text, later.text}
    index.remove(FERRY.id)
    assert held(index, contents, "ferry") == {later.text}
    for n in range(20):
        contents.holders(f"word{n}")
    assert held(index, contents, "ferry") == {later.text}


@pytest.mark.parametrize(
    ("text", "wanted", "marked", "count"),
    [
        (BRIDGE.text, "开放 游客", ["開放", "遊客"], 2),
        (FERRY.text, "Ferry", ["ferry"], 1),
        ("Ca\u0301fe\u0301 ﬁne ½", "cafe fine", ["Ca\u0301fe", "ﬁne"], 2),
        ("长" * 3000 + "桥" + "短" * 3000 + "桥", "桥", ["桥"], 2),
        ("大桥大桥", "大桥 桥大", ["大桥", "大桥"], 3),
    ],
)
def test_an_excerpt_is_verbatim(text: str, wanted: str, marked: list[str], count: int) -> None:
    excerpt = excerpt_of(Article("", text), wanted)
    assert excerpt is not None
    assert text[excerpt.start :].startswith(excerpt.text)
    assert [excerpt.text[a:b] for a, b in excerpt.marks] == marked
    assert excerpt.count == count
    assert len(excerpt.text) < 200


def test_no_excerpt_of_what_is_not_there() -> None:
    for wanted in ("", " ", "船", "%"):
        assert excerpt_of(BRIDGE, wanted) is None
