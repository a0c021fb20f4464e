"""Records to show, and what a browser would make of their HTML."""

from __future__ import annotations

from html.parser import HTMLParser

from qa_bot.records import Answer, Article, Citation, Hit, Passage

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
