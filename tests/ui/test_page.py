"""The page's words and HTML, without a browser."""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path
from string import Formatter
from types import SimpleNamespace
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_bot import load_settings
from qa_bot.records import Answer, Article, Citation, Hit, Outcome, Passage, Removed
from qa_bot.ui import build_app, render, shelf
from qa_bot.ui.ask import kept
from qa_bot.ui.drafts import Draft
from qa_bot.ui.proof import proof
from qa_bot.ui.shelf import Place
from qa_bot.ui.strings import EXAMPLES, LOCALES, STRINGS, language_of, say
from qa_bot.ui.web import Page

EVIL = (
    '<script>alert(1)</script><img src=x onerror="alert(1)"> [1](http://evil.example) **b** '
    "$x^2$ ${alert(1)} {{value}} `code` [a](javascript:alert(1)) &lt; https://evil.example"
)


class Seen(HTMLParser):
    """What a browser would make of a piece of HTML."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.text = ""
        self.inside: dict[str, str] = {}
        self._open: list[str] = []
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        self.text += data
        for tag in set(self._open):
            self.inside[tag] = self.inside.get(tag, "") + data

    def all(self, css: str) -> list[dict[str, str]]:
        return [attrs for _, attrs in self.tags if css in attrs.get("class", "").split()]


def an_article(text: str = "First sentence. Second sentence.", **given: str) -> Article:
    return Article(**{"title": "Headline", "source": "The Daily", "text": text, **given})


def cited(article: Article, quote: str, number: int = 1, supported: bool = True) -> Citation:
    start = article.text.index(quote)
    return Citation(number, article, quote, start, start + len(quote), supported)


def an_answer(text: str, *citations: Citation, short: str = "") -> Answer:
    return Answer("?", text, short, citations, (), True, 0.9, "en")


def a_hit(article: Article) -> Hit:
    return Hit(Passage(1, article.id, 0, 5, article.text[:5]), article, 1.0)


# Escaping


@given(st.text())
def test_escaped_text_is_inert_and_reads_the_same(text: str) -> None:
    escaped = render.escape(text)
    assert re.fullmatch(r"(?:[^\x00-\x1f!-/:-@\[-`{-~]|&#\d+;)*", escaped)
    shown = "".join(
        chr(int(number)) if number else plain
        for number, plain in re.findall(r"&#(\d+);|([^&])", escaped)
    )
    assert shown == text


def test_nothing_of_an_article_becomes_html() -> None:
    evil = an_article(
        EVIL, title=EVIL, byline=EVIL, source=EVIL, published=EVIL, lang=EVIL, path=EVIL, url=EVIL
    )
    citation = cited(evil, EVIL)
    pieces = [
        render.question(EVIL),
        render.draft(EVIL, EVIL, EVIL, "en"),
        render.answer(
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
        render.problem(EVIL),
        render.answer(an_answer(EVIL + " [1]", citation), "en"),
        render.answer(Answer("?", EVIL, "", (), (a_hit(evil),), False, 0, EVIL), "en"),
        render.found((a_hit(evil),), "en"),
        render.article(evil, render.Target.of(evil, 0, 9), "en"),
        shelf.table([evil], "en", Place(), 1),
        shelf.removed(EVIL, [Removed(evil)], "en"),
        proof((Draft(evil, EVIL),), "en", undo=True),
        render.outcomes([Outcome(EVIL, "refused", EVIL, EVIL, EVIL)], "en"),
        render.progress(EVIL, 1, 2),
    ]
    for piece in pieces:
        assert "\n" not in piece
        seen = Seen(piece)
        for tag, attributes in seen.tags:
            assert tag not in {"script", "img"}
            assert not [name for name in attributes if name.startswith("on")]
            assert attributes.get("href", "#").startswith("#")
        assert "<script>alert(1)</script>" in seen.text or "found" in piece


def test_only_web_addresses_become_links() -> None:
    web = an_article(url="https://daily.example/a?b=1&c=2")
    seen = Seen(render.article(web, render.Target.of(web), "en"))
    assert "https://daily.example/a?b=1&c=2" in [a.get("href") for _, a in seen.tags]
    evil = an_article(url="javascript:alert(1)")
    assert "javascript" not in render.article(evil, render.Target.of(evil), "en")


# Links to quotes


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1), st.integers(0, 10**8))
def test_a_target_survives_its_link(ident: str, start: int) -> None:
    target = render.Target(ident, start, start + 1, "0123abcd")
    assert render.Target.parse(target.href) == target


@pytest.mark.parametrize(
    "fragment", ["", "#", "#close", "#article/a", "#article/a/1-x/00000000", "#article//1-2/0"]
)
def test_other_fragments_are_no_targets(fragment: str) -> None:
    assert render.Target.parse(fragment) is None


def test_marks_link_each_to_its_own_quote() -> None:
    one, two = an_article("One is here."), an_article("Two is there.", title="Other")
    given = an_answer(
        "One is here. [1]\n\nTwo is there. [2] [9]",
        cited(one, "One is here."),
        cited(two, "Two is there.", 2),
    )
    seen = Seen(render.answer(given, "en"))
    targets = [render.Target.parse(link["href"]) for link in seen.all("qa-cite")]
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
    seen = Seen(render.answer(given, "en"))
    assert len(seen.all("qa-cite")) == 1
    assert seen.text.startswith("As shown in [1] before.\u00a01")


def test_the_bare_answer_stands_out() -> None:
    article = an_article("It opens on 9 May.")
    given = an_answer(
        "9 May\n\nIt opens on 9 May. [1]", cited(article, article.text), short="9 May"
    )
    assert Seen(render.answer(given, "en")).inside["strong"] == "9 May"


def test_an_unverified_quote_says_so() -> None:
    article = an_article()
    citation = cited(article, "First sentence.", supported=False)
    assert "not verified" in Seen(render.answer(an_answer("[1]", citation), "en")).text


def test_no_answer_looks_different_and_offers_the_nearest_passages() -> None:
    article = an_article()
    hits = (a_hit(article), a_hit(article))  # of an article one passage is enough
    given = Answer("?", "No idea.", "", (), hits, False, 0.1, "en")
    seen = Seen(render.answer(given, "zh-Hans"))
    assert seen.all("qa-none")
    assert seen.all("qa-badge")
    assert [link["href"] for link in seen.all("qa-passage")] == [
        render.Target.of(article, 0, 5).href
    ]


# The article


@pytest.mark.parametrize(
    "quote", ["二。", "一。二。", "一。二。\n三。", "三。\n\n<四>。", "<四>。"]
)
def test_the_quote_is_marked(quote: str) -> None:
    article = an_article("一。二。\n三。\n\n<四>。五。")
    citation = cited(article, quote)
    target = render.Target.of(article, citation.start, citation.end)
    seen = Seen(render.article(article, target, "zh-Hans"))
    assert re.sub(r"\s", "", seen.inside["mark"]) == re.sub(r"\s", "", quote)
    assert re.sub(r"\s", "", article.text) in re.sub(r"\s", "", seen.text)


def test_a_changed_article_is_shown_without_a_mark() -> None:
    old, new = an_article("Old text.", id="7"), an_article("New text, longer.", id="7")
    seen = Seen(render.article(new, render.Target.of(old, 0, 3), "en"))
    assert "mark" not in seen.inside
    assert say("en", "changed") in seen.text


# The library


def test_refusals_come_first_with_their_reason() -> None:
    came = [Outcome("a.txt", "added", "1", "A"), Outcome("b.xyz", "refused", reason="not text")]
    text = Seen(render.outcomes(came, "en")).text
    assert text.index("b.xyz") < text.index("a.txt")
    assert "not text" in text


def test_thousands_of_outcomes_are_cut_short_after_the_refusals() -> None:
    came = [Outcome(f"{n}.txt", "added", str(n), "A") for n in range(1500)]
    seen = Seen(render.outcomes([*came, Outcome("b.xyz", "refused", reason="not text")], "en"))
    assert "1,301 more" in seen.text
    assert "b.xyz" in seen.text
    assert len(seen.all("qa-added")) == 199


def test_the_table_pages_sorts_and_removes() -> None:
    article = an_article()
    seen = Seen(shelf.table([article], "en", Place(order="-date", offset=20), 60))
    assert "21–21 of 60" in seen.text
    buttons = [attributes for tag, attributes in seen.tags if tag == "button"]
    assert [b["data-remove"] for b in buttons if "data-remove" in b] == [article.id]
    assert [b["data-order"] for b in buttons if "data-order" in b] == ["headline", "date", "source"]
    assert [a["aria-sort"] for tag, a in seen.tags if "aria-sort" in a] == ["descending"]
    chosen = [a["value"] for tag, a in seen.tags if tag == "option" and "selected" in a]
    assert chosen == ["-date"]
    assert not [b for b in buttons if "disabled" in b]
    last = Seen(shelf.table([article], "en", Place(offset=40), 41))
    assert sum("disabled" in attributes for _, attributes in last.tags) == 1
    assert Seen(shelf.table([], "en", Place(), 0)).text == say("en", "library_empty")
    assert Seen(shelf.table([], "en", Place("x"), 0)).text == say("en", "nothing_matches")


# Words


def test_every_language_says_everything_with_the_same_fields() -> None:
    def fields(text: str) -> set[str]:
        return {name for _, name, _, _ in Formatter().parse(text) if name}

    english = STRINGS["en"]
    assert STRINGS.keys() == LOCALES.keys() == EXAMPLES.keys()
    for words in STRINGS.values():
        assert words.keys() == english.keys()
        for key, text in words.items():
            assert text.strip()
            assert fields(text) == fields(english[key]), key


@pytest.mark.parametrize(
    ("header", "language"),
    [
        (None, "en"),
        ("", "en"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh-Hans"),
        ("zh", "zh-Hans"),
        ("zh-SG", "zh-Hans"),
        ("zh-TW,zh;q=0.9", "zh-Hant"),
        ("zh-HK", "zh-Hant"),
        ("zh-Hant-HK", "zh-Hant"),
        ("zh-Hans-HK", "zh-Hans"),
        ("en-GB,zh-CN;q=0.9", "en"),
        ("en;q=0.5, zh-CN", "zh-Hans"),
        ("fr,zh-TW;q=0.4", "zh-Hant"),
        ("zh;q=0, de", "en"),
        ("; ;;q=9, ,*", "en"),
    ],
)
def test_language_follows_the_browser(header: str | None, language: str) -> None:
    assert language_of(header) == language


def test_examples_are_about_the_sample_articles() -> None:
    samples = Path(__file__).parents[2] / "eval" / "articles"
    texts = [file.read_text("utf-8") for file in samples.rglob("*.*")]
    for examples in EXAMPLES.values():
        assert 3 <= len(examples) <= 6
        for _, headline in examples:
            assert any(headline in text for text in texts), headline


# The page


@pytest.mark.parametrize("junk", [None, "x", {"a": 1}, [1, None, {"question": 1, "html": "x"}]])
def test_a_conversation_that_is_none_is_forgotten(junk: object) -> None:
    assert kept(junk) == []


def test_a_well_formed_conversation_is_kept() -> None:
    turn = {"question": "q", "html": "<p>a</p>"}
    assert kept([turn, {"question": "half"}]) == [turn]


def test_no_handler_is_a_public_endpoint() -> None:
    bot = cast(Any, SimpleNamespace(settings=load_settings()))
    app = build_app(bot)
    assert app.fns
    assert {fn.api_visibility for fn in app.fns.values()} == {"private"}


def test_the_packaged_files_name_no_other_host() -> None:
    for file in files("qa_bot.ui").iterdir():
        if file.name.endswith((".css", ".js")):
            assert "//" not in re.sub(r"(?m)^\s*//.*| // .*", "", file.read_text("utf-8"))


def served(path: str, wish: str) -> tuple[dict[str, str], str]:
    """What `Page` makes of a page, sent in two parts."""
    sent: list[Any] = []

    async def inner(_scope: Any, _receive: Any, send: Any) -> None:
        headers = [(b"content-type", b"text/html"), (b"content-length", b"1")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        part = {"type": "http.response.body"}
        await send({**part, "body": b'<html lang="en"><he', "more_body": True})
        await send({**part, "body": b"ad></head></html>"})

    async def receive() -> Any:
        return {}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "path": path, "headers": [(b"accept-language", wish.encode())]}
    run = Page(inner)(scope, receive, send)
    with pytest.raises(StopIteration):  # nothing in it waits, and so it needs no event loop
        run.send(None)
    headers = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return headers, b"".join(message["body"] for message in sent[1:]).decode()


def test_the_page_knows_its_language_and_admits_no_other_host() -> None:
    headers, body = served("/", "zh-HK")
    assert '<html lang="zh-TW"><head><script>' in body
    assert "value: 'zh-TW'" in body
    assert int(headers["content-length"]) == len(body.encode())
    assert "default-src 'self'" in headers["content-security-policy"]


def test_other_answers_pass_unchanged() -> None:
    headers, body = served("/config", "zh-HK")
    assert body == '<html lang="en"><head></head></html>'
    assert headers["x-content-type-options"] == "nosniff"


def test_html_module_agrees_with_escape() -> None:
    assert html.unescape(render.escape(EVIL)) == EVIL


def test_what_else_the_answer_quotes_is_marked_paler() -> None:
    text = "One is here.\nTwo is there. Three is gone."
    source = Article("T", text, id="a")
    spans = [(0, 12), (13, 26), (20, 40)]
    citations = [
        Citation(number, source, text[a:b], a, b) for number, (a, b) in enumerate(spans, 1)
    ]
    given = Answer("?", "One. [1] Two. [2]", "", tuple(citations), (), True, 1, "en")
    href = Seen(render.answer(given, "en")).all("qa-cite")[1]["href"]
    target = render.Target.parse(href)
    assert target is not None
    assert target.others == ((0, 12), (20, 40))
    shown = html.unescape(render.article(source, target, "en"))
    assert re.findall(r"<mark>(.*?)</mark>", shown) == ["Two is ", "there."]
    assert re.findall(r'<mark class="qa-also">(.*?)</mark>', shown) == [
        "One is here.",
        " Three is gone."[:14],
    ]
