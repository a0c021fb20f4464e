"""What the network reads for a passage, and the way back from it to the article."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from qa_bot.records import Article, Hit
from qa_bot.text.chinese import align
from qa_bot.text.languages import written_language
from qa_bot.text.sentences import split_sentences

__all__ = ["LONGEST_SENTENCE", "ArticleText", "Window", "windows"]

LONGEST_SENTENCE = 400  # characters; a longer "sentence" is a list or a table
_HEADING = 40  # half-width characters
_OPENING = 80  # half-width characters


class ArticleText:
    """An article's text, aligned once for all its passages."""

    def __init__(self, article: Article) -> None:
        self.article = article

    @cached_property
    def plain(self) -> str:
        """The text as `align` gives it, offset for offset."""
        return align(self.article.text)

    @cached_property
    def plain_title(self) -> str:
        return align(self.article.title)

    @cached_property
    def language(self) -> str:
        """The primary language subtag, "" when nothing tells."""
        return written_language(self.article)


class Window:
    """The text that is read for one hit: headline, the paragraph's short opening, the passage.

    "The mayor set out three demands." is all that tells who demands what in the passages to come.
    A long first sentence has matters of its own, and draws questions to the wrong passage.
    """

    def __init__(self, hit: Hit, text: ArticleText | None = None) -> None:
        self.hit = hit
        self.of = text or ArticleText(hit.article)

    @property
    def article(self) -> Article:
        return self.hit.article

    @cached_property
    def preface(self) -> str:
        """What is read before the passage's own text."""
        headline = f"{self.article.title}\n" if self.article.title else ""
        text, begin = self.article.text, self.hit.passage.start
        paragraph = text.rfind("\n", 0, begin) + 1
        until = min(begin, paragraph + LONGEST_SENTENCE)
        for start, end in split_sentences(text, paragraph, until):
            opening = text[start:end]
            if _width(opening) > _OPENING:
                break
            return f"{headline}{opening}{' ' if opening.isascii() else ''}"
        return headline

    @cached_property
    def text(self) -> str:
        """What is read: `preface` and passage."""
        return self.preface + self.hit.passage.text

    @property
    def begin(self) -> int:
        """Where the passage begins in `text`."""
        return len(self.preface)

    @cached_property
    def shift(self) -> int:
        """What takes an offset in `text` to one in the article, behind the preface."""
        return self.hit.passage.start - len(self.preface)

    @cached_property
    def near(self) -> str:
        """Headline and passage, aligned."""
        passage = self.hit.passage
        return f"{self.of.plain_title}\n{self.of.plain[passage.start : passage.end]}"

    @cached_property
    def units(self) -> tuple[tuple[int, int], ...]:
        """The passage's sentences in the article; one as short as a heading with its successor.

        "Third, on parking. The city will ..." is how newspapers list; the first sentence says what
        the second is about.
        """
        text, passage = self.article.text, self.hit.passage
        begin = -1
        found = []
        # the passage may end with a heading whose text begins the next one
        until = min(len(text), passage.end + LONGEST_SENTENCE)
        for start, end in split_sentences(text, passage.start, until):
            if start >= passage.end and begin < 0:
                break
            begin = start if begin < 0 else begin
            whole = _width(text[begin:end]) >= _HEADING
            if whole or text[end : end + 1] == "\n" or end == len(text):
                found.append((begin, end))
                begin = -1
        return tuple(found)


def windows(hits: Iterable[Hit]) -> list[Window]:
    """A window of each hit; those of one article share its text."""
    texts: dict[str, ArticleText] = {}
    return [Window(hit, texts.setdefault(hit.article.id, ArticleText(hit.article))) for hit in hits]


def _width(text: str) -> int:
    """Length in half-width characters: a Chinese one says as much as two or three others."""
    return sum(1 + (ord(c) > 0x2E7F) for c in text)
