"""Who somebody is, what something is: the office, the apposition, the definition."""

from __future__ import annotations

import re
from dataclasses import dataclass

from qa_bot.answer.draft import Context, Draft, Found, Quote, Statement
from qa_bot.answer.offices import is_office, stated_office
from qa_bot.answer.window import ArticleText
from qa_bot.question.question import Question
from qa_bot.question.topic import quoted, topics
from qa_bot.text.chinese import align, first_noun
from qa_bot.text.sentences import split_sentences

__all__ = ["what_is", "who_is"]

_LONGEST_NAME = 4  # characters
_MOST = 3  # sentences
_SENTENCES = 60  # looked at


@dataclass(frozen=True, slots=True)
class _Telling:
    """A sentence, how well it tells, and what it calls the subject."""

    quote: Quote
    score: float
    short: str


def who_is(question: Question, found: Found, context: Context) -> Draft | None:
    """The office, apposition or description of a person."""
    if _asks_of(question, "who_is"):
        return None
    wanted = [align(text) for text in topics(question.asked, "who_is")]
    named = [n for n in question.names if any(text.startswith(n) for text in wanted)]
    if question.primary == "zh":
        nouns = [first_noun(text) or text for text in wanted]
        # who holds an office is a fact: then a name is what is asked for
        named += [n for n in nouns if 2 <= len(n) <= _LONGEST_NAME and not is_office(n)]
    else:
        named += wanted
    return _identity(list(dict.fromkeys(named)), context)


def what_is(question: Question, found: Found, context: Context) -> Draft | None:
    """The definition or description of a thing."""
    if _asks_of(question, "what_is"):
        return None
    return _identity(topics(question.asked, "what_is"), context)


def _asks_of(question: Question, kind: str) -> bool:
    """Whether something of what stands in quotation marks is asked for, and not what it is."""
    rest = question.asked
    for text in quoted(rest):
        rest = rest.replace(text, "")
    return rest != question.asked and bool(topics(rest, kind))


def _identity(subjects: list[str], context: Context) -> Draft | None:
    for subject in subjects[:2]:
        mentions = context.mentions([subject], context.where)
        tellings: list[_Telling] = []
        for item in mentions.articles[:20]:
            tellings += _tellings(align(subject), ArticleText(item.article))
        tellings.sort(key=lambda t: -t.score)
        if not tellings or tellings[0].score < 1:
            continue
        chosen: list[_Telling] = []
        for telling in tellings:
            new = telling.short not in {t.short for t in chosen}
            if new and (not chosen or telling.score >= 1) and len(chosen) < _MOST:
                chosen.append(telling)
        best = chosen[0]
        statements = tuple(Statement(t.quote) for t in chosen)
        lead = best.short if len(best.short) < 0.8 * len(best.quote.text) else ""
        return Draft("answered", lead, best.short or best.quote.text, statements, confidence=0.8)
    return None


def _tellings(subject: str, text: ArticleText) -> list[_Telling]:
    found = []
    for start, end in split_sentences(text.article.text):
        plain = text.plain[start:end]
        at = plain.casefold().find(subject.casefold())
        if at < 0:
            continue
        quote = Quote(text.article, start, end)
        before, after = plain[:at], plain[at + len(subject) :]
        if office := stated_office(subject, text.plain, start, end):
            found.append(_Telling(quote, 3.0, text.article.text[slice(*office)]))
        elif match := _IS.match(after):
            found.append(_Telling(quote, 2.5, match["what"].strip()))
        elif match := _APPOSED.match(after):
            found.append(_Telling(quote, 2.0, (match["what"] or match["also"]).strip()))
        elif match := _TITLE.search(before):
            found.append(_Telling(quote, 2.0, match["what"].strip()))
        else:
            found.append(_Telling(quote, 0.5 if at > len(plain) / 2 else 0.7, ""))
        if len(found) >= _SENTENCES:
            break
    return found


# behind the subject, in aligned text: a copula, or what is set apart behind a comma or in brackets
_IS = re.compile(
    r"[”」』》]?(?:\s*[（(][^）)]{1,40}[）)])?"
    r"(?:，?(?:就?是|即|指的是|是指|系)(?![否不在由从])|とは|は、?|\s+(?:is|was|are|were|became)\s+(?=an?\b|the\b|one\b|[a-z]))"
    r"(?P<what>[^。！？!?；;，,]{2,60})"
)
_APPOSED = re.compile(
    r"[”」』》]?(?:[（(](?P<what>[^）)]{2,60})[）)])"
    r"|,\s*(?P<also>(?:an?|the|who|whose|which)\b[^,.;]{2,80})[,.;]"
)
_TITLE = re.compile(r"(?P<what>(?:[A-Z][\w'’-]*\s+|of\s+|the\s+|for\s+){0,8}[A-Z][\w'’-]*),?\s+$")
