"""How articles and spans of them are named in an answer."""

from __future__ import annotations

from pathlib import Path

from qa_bot.answer.draft import Quote
from qa_bot.index.mentions import Spelling
from qa_bot.records import Article
from qa_bot.text.sentences import split_sentences
from qa_bot.text.terms import normalise

__all__ = ["first_mention", "label", "opening"]


def label(article: Article) -> str:
    """Headline, source (or file), date and byline of an article, as far as they are known."""
    printed = article.source or (Path(article.path).name if article.path else "")
    parts = (printed, article.published.lstrip("-"), article.byline)
    known = [part for part in parts if part]
    return f"{article.headline} ({', '.join(known)})" if known else article.headline


def first_mention(article: Article, term: str) -> Quote:
    """The first sentence of the text that holds `term`; else the text's first sentence."""
    spelling = Spelling(term)
    for start, end in split_sentences(article.text):
        if spelling.count(normalise(article.text[start:end])):
            return Quote(article, start, end)
    return opening(article)


def opening(article: Article) -> Quote:
    """The first sentence of an article's text."""
    start, end = split_sentences(article.text)[0]
    return Quote(article, start, end)
