"""A greeting, thanks, "what can you do": what can be asked here, with examples of this library."""

from __future__ import annotations

from qa_bot.answer.draft import Context, Draft, Found
from qa_bot.collection.entities import find_entities
from qa_bot.question.question import Question
from qa_bot.records import Article
from qa_bot.text.languages import written_language
from qa_bot.text.wording import in_words

__all__ = ["talk"]

_EXAMPLES = 3
_LONGEST = 40  # characters of a headline


def talk(question: Question, found: Found, context: Context) -> Draft | None:
    """What qa_bot is, what it can answer, and questions that it can answer from this library."""
    language = question.answer_language
    total = context.count(context.where)
    if not total:
        return Draft("answered", in_words(language, "empty"))
    articles = context.articles(context.where, newest=True, limit=20)
    examples = [text for article in articles if (text := _example(language, article))]
    examples = list(dict.fromkeys(examples))[: _EXAMPLES - 1]
    if name := next((name for article in articles if (name := _name(article))), ""):
        examples.append(in_words(language, "example.count", name=name))
    parts = [in_words(language, "greeting", n=total), in_words(language, "abilities")]
    if examples:
        separator = "\n- "
        parts.append(in_words(language, "examples", examples=separator + separator.join(examples)))
    return Draft("answered", "\n\n".join(parts))


def _example(language: str, article: Article) -> str:
    title = article.headline
    if not article.title or len(title) > _LONGEST:
        return ""
    return in_words(language, "example.summary", headline=title)


def _name(article: Article) -> str:
    """Somebody whom a Chinese article names for certain."""
    if written_language(article) != "zh":
        return ""
    persons = (e.name for e in find_entities(article.text) if e.kind == "person" and e.sure)
    return min(persons, default="")
