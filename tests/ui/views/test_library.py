"""The library's table."""

from __future__ import annotations

from urllib.parse import parse_qsl

import pytest

from qa_bot.index.contents import excerpt_of
from qa_bot.ui.texts import say
from qa_bot.ui.views.library import Place, counting, table
from qa_bot.ui.views.target import Target
from tests.ui.shown import Seen, an_article


def test_the_table_pages_sorts_and_removes() -> None:
    article = an_article()
    seen = Seen(table([(article, None)], "en", Place(order="-date", offset=20), 60))
    assert "21–21 of 60" in seen.text
    buttons = [attributes for tag, attributes in seen.tags if tag == "button"]
    assert [b["data-remove"] for b in buttons if "data-remove" in b] == [article.id]
    assert [b["data-order"] for b in buttons if "data-order" in b] == ["headline", "date", "source"]
    assert [a["aria-sort"] for tag, a in seen.tags if "aria-sort" in a] == ["descending"]
    chosen = [a["value"] for tag, a in seen.tags if tag == "option" and "selected" in a]
    assert chosen == ["-date"]
    assert not [b for b in buttons if "disabled" in b]
    last = Seen(table([(article, None)], "en", Place(offset=40), 41))
    assert sum("disabled" in attributes for _, attributes in last.tags) == 1
    assert Seen(table([], "en", Place(), 0)).text == say("en", "library_empty")
    assert Seen(table([], "en", Place("x"), 0)).text == say("en", "nothing_matches")


def test_a_name_that_leads_to_nothing_can_be_looked_for_in_the_texts() -> None:
    seen = Seen(table([], "en", Place(name="Rosa Lind", since="2024"), 0))
    assert say("en", "nothing_matches") in seen.text
    assert say("en", "names_chinese") in seen.text
    (link,) = [a["href"] for tag, a in seen.tags if tag == "a"]
    assert link == "#library?find=Rosa%20Lind"


def test_while_names_are_read_the_page_is_to_ask_again() -> None:
    place = Place(name="沈若溪")
    seen = Seen(counting(40, 100, "en", place))
    ((_, first), *_) = seen.tags
    assert "data-again" in first
    assert first["data-place"] == place.address
    assert "40 of 100" in seen.text


def test_what_was_looked_for_is_marked_in_its_place() -> None:
    article = an_article(title="", text="One.\nThe ferry sails. A ferry is a boat.")
    excerpt = excerpt_of(article, "FERRY")
    seen = Seen(table([(article, excerpt)], "en", Place("FERRY"), 1))
    assert "One. The ferry sails. A ferry is a boat.…" in seen.text
    assert "2 mentions" in seen.text
    assert sum(tag == "mark" for tag, _ in seen.tags) == 2
    (link,) = [a for tag, a in seen.tags if tag == "a"]
    assert link["class"] == "qa-head qa-untitled"
    target = Target.parse(link["href"])
    assert target is not None
    assert article.text[target.start : target.end] == "ferry"
    assert excerpt_of(article, "train") is None


@pytest.mark.parametrize(
    "place",
    [Place(), Place("a&b=c 晚报", "晚/报", "2024", "2024-08", "-date", 40, "何知微", "沈·若溪")],
)
def test_a_place_is_found_by_its_address(place: Place) -> None:
    assert Place.of(dict(parse_qsl(place.address))) == place


@pytest.mark.parametrize("first", ["0", "-3", "x", "1" * 12, "²"])
def test_an_odd_address_leads_to_the_beginning(first: str) -> None:
    assert Place.of({"order": "nonsense", "from": first, "other": "1"}) == Place()
