"""A model's answer, checked: every sentence with quotes that support it, or marked as without."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from qa_bot.errors import LLMError
from qa_bot.llm.chat import Chat, Reply
from qa_bot.llm.claims import Claim, claims
from qa_bot.llm.events import apart, named_event, of_another
from qa_bot.llm.prompt import MOST_TOKENS, prompt
from qa_bot.llm.relevance import answers, repeats_prompt
from qa_bot.llm.support import Judge, Support
from qa_bot.question.question import Question, parse
from qa_bot.records import Answer, Citation, Hit
from qa_bot.text.languages import detect_language
from qa_bot.text.phrases import not_in_articles, says_not_in_articles

__all__ = ["checked", "write"]

_CITED = 2  # quotes of a sentence at most
_TELLING = 8  # characters, for a language to be told by
_OF_ONE_ARTICLE = ("list", "nth")  # kinds of answers that are items of one enumeration


def write(
    chat: Chat,
    question: str,
    hits: Sequence[Hit],
    language: str,
    today: date,
    stopped: Callable[[], bool],
) -> tuple[Reply, list[Hit]]:
    """The model's answer as it comes, and the passages it was given, in the order of their numbers.

    :raises LLMError: if the passages do not fit, or (while it is read) the model fails.
    :raises StoppedError: while it is read, if `stopped` says so.
    """
    messages, given = prompt(question, hits, language, chat.context, chat.count, today)
    return chat.write(messages, MOST_TOKENS, stopped), given


@dataclass(frozen=True, slots=True)
class _Judged:
    """A claim with what supports it; without support and not a frame, it is unsupported."""

    claim: Claim
    supports: tuple[Support, ...]
    marks_kept: int = 0  # of the claim's own numbers, those of passages that support it


def checked(text: str, given: Sequence[Hit], judge: Judge, extractive: Answer) -> Answer:
    """The answer that the model's `text` makes, after each sentence was judged by its passages.

    A sentence that cites a passage which does not support it, or none, gets the citation of one
    that does, if there is one. Numbers of passages that were not given are dropped. `extractive`
    is the answer without a model, from which the rest is taken.

    :raises LLMError: if there is nothing in it to show: empty, its prompt repeated, in another
        language than the question, without any sentence that the passages support, or none of
        these an answer.
    """
    if not text.strip():
        raise LLMError("empty", "The LLM wrote nothing.")
    if repeats_prompt(text):
        raise LLMError("echo", "The LLM repeated its prompt.")
    found = claims(text)
    if found and says_not_in_articles("".join(claim.said for claim in found)):
        return _refused(extractive)
    # a refusal that goes on is not one, but its sentence claims nothing either
    found = [c for c in found if not says_not_in_articles(c.said)]
    _check_language(found, extractive.language)
    question = parse(extractive.question, extractive.asked)
    judged = [_judged(claim, given, judge, question) for claim in found]
    if extractive.kind in _OF_ONE_ARTICLE:
        judged = _of_one_event(judged)
    if not any(j.supports for j in judged):
        raise LLMError("unsupported", "Nothing that the LLM wrote is supported by the articles.")
    said = [(j.claim.said, _source(support)) for j in judged for support in j.supports]
    if not answers(question, judge.guess(question.asked), said):
        raise LLMError("beside", "What the LLM wrote does not answer the question.")
    return _composed(judged, extractive)


def _source(support: Support) -> str:
    article = support.hit.article
    return f"{article.title}\n{article.text[support.start : support.end]}"


def _refused(extractive: Answer) -> Answer:
    """The model found no answer; neither is one given then, unless the reader is sure of its own.

    The reader's is a quote at least, and a small model says "not here" too often.
    """
    if extractive.answerable and extractive.confidence >= 0.5:
        raise LLMError("refused", "The LLM found no answer in the articles.")
    same = extractive.state == "not_found"
    text = extractive.text if same else not_in_articles(extractive.language)
    return replace(
        extractive,
        text=text,
        short="",
        citations=(),
        answerable=False,
        answerer="llm",
        state="not_found",
        articles=(),
        total=None,
    )


def _check_language(found: Sequence[Claim], wanted: str) -> None:
    said = "".join(claim.said for claim in found)
    language = detect_language(said)
    if len(said) < _TELLING or not language:
        return
    if language.split("-")[0] != wanted.split("-")[0]:
        raise LLMError("language", "The LLM answered in another language than the question's.")


def _judged(claim: Claim, given: Sequence[Hit], judge: Judge, question: Question) -> _Judged:
    if claim.frame:
        return _Judged(claim, ())
    every = judge.judge(claim.said, given)
    cited = [every[n - 1] for n in claim.numbers if 0 < n <= len(every)]
    kept = [support for support in cited if support.supported]
    if named_event(question):
        if not kept and apart([support.hit.article for support in cited]):
            return _Judged(claim, ())  # put together from what was said of different events
        every = [support for support in every if not of_another(question, support.hit)]
        kept = [support for support in kept if support in every]
    good = [support for support in every if support.supported]
    marks_kept = len(kept)
    if not kept and good:
        kept = [max(good, key=lambda support: support.score)]
    return _Judged(claim, tuple(kept[:_CITED]), marks_kept)


def _of_one_event(judged: Sequence[_Judged]) -> list[_Judged]:
    """The claims, those left without support that rest on another day's articles than most do.

    The points of one meeting are not those of the next one.
    """
    articles = [support.hit.article for j in judged for support in j.supports]
    if not apart(articles):
        return list(judged)
    counts = Counter(article.id for article in articles)
    main = max(articles, key=lambda article: counts[article.id])
    return [
        replace(j, supports=tuple(s for s in j.supports if not apart([main, s.hit.article])))
        for j in judged
    ]


def _composed(judged: Sequence[_Judged], extractive: Answer) -> Answer:
    """The text with canonical marks: each number is of one quote, counted as they come."""
    citations: list[Citation] = []
    numbers: dict[tuple[str, int, int], int] = {}
    unsupported: list[tuple[int, int]] = []
    text, claimed = "", 0
    for item in judged:
        text += item.claim.before if text else ""
        begin = len(text)
        text += item.claim.text
        if item.claim.frame:
            continue
        claimed += 1
        if not item.supports:
            unsupported.append((begin, len(text)))
            continue
        marks = []
        for support in item.supports:
            article = support.hit.article
            place = (article.id, support.start, support.end)
            if place not in numbers:
                numbers[place] = len(citations) + 1
                quote = article.text[support.start : support.end]
                citations.append(
                    Citation(numbers[place], article, quote, support.start, support.end)
                )
            marks.append(f"[{numbers[place]}]")
        text += " " + "".join(dict.fromkeys(marks))
    return replace(
        extractive,
        text=text,
        short=" ".join(j.claim.said for j in judged if j.supports),
        citations=tuple(citations),
        answerable=True,
        answerer="llm",
        claims=claimed,
        unsupported=tuple(unsupported),
        marks=sum(len(j.claim.numbers) for j in judged),
        marks_kept=sum(j.marks_kept for j in judged),
    )
