"""Put questions to a bot, and measure what comes back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from time import perf_counter
from typing import TypeVar

import metrics
from dataset import Question
from qa_bot import Answer, Hit, QABot, QABotError

__all__ = ["DEPTH", "Result", "measure", "measure_reading", "warm_up"]

DEPTH = 50  # Passages asked of search, so that ten different articles are among them.
CUTOFFS = (1, 5, 10)

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Result:
    """What one question gave.

    `values` has the measures of the question by name; one that does not apply is None or not
    there. Durations are in seconds. `details` quotes the set, so it is kept out of reports
    unless asked for.
    """

    id: str
    group: str
    answerable: bool
    values: dict[str, float | None]
    refused: bool | None = None
    confidence: float | None = None
    search_s: float | None = None
    ask_s: float | None = None
    error: str = ""
    details: dict[str, object] = field(default_factory=dict, compare=False)


def measure_reading(bot: QABot, question: Question, *, llm: bool = False) -> Result:
    """Ask about the gold articles alone: how well what a perfect retrieval would find is read."""
    errors: list[str] = []
    gold = question.gold_ids
    answer, ask_s = _timed(lambda: bot.ask(question.question, article_ids=gold, llm=llm), errors)
    values = _answer(answer, question) | _written(answer)
    return _result(question, values, answer, ask_s=ask_s, errors=errors)


def warm_up(bot: QABot, question: Question, *, answers: bool) -> None:
    """Load all that is loaded at the first question, so that it does not count as latency."""
    bot.warm_up()
    bot.search(question.question, k=DEPTH)
    if answers:
        bot.ask(question.question)


def measure(bot: QABot, question: Question, *, answers: bool = True, llm: bool = False) -> Result:
    """Search, and with `answers` also ask. An error of qa_bot is kept in the result: all missed.

    With `llm` the language model in the bot's settings writes the answers.
    """
    errors: list[str] = []
    hits, search_s = _timed(lambda: bot.search(question.question, k=DEPTH), errors)
    ranking = metrics.article_ranking(hit.article.id for hit in hits or [])
    values = _retrieval(ranking, question)
    if not answers:
        return _result(question, values, None, hits=hits, search_s=search_s, errors=errors)
    answer, ask_s = _timed(lambda: bot.ask(question.question, llm=llm), errors)
    values |= _answer(answer, question) | _written(answer)
    # what was read comes first, in the reader's order; the rest stays as it was found
    read = [hit.article.id for hit in answer.hits] if answer else []
    reranked = _retrieval(metrics.article_ranking([*read, *ranking]), question)
    values |= {f"read_{name}": value for name, value in reranked.items()}
    return _result(
        question, values, answer, hits=hits, search_s=search_s, ask_s=ask_s, errors=errors
    )


def _result(
    question: Question,
    values: dict[str, float | None],
    answer: Answer | None,
    *,
    hits: list[Hit] | None = None,
    search_s: float | None = None,
    ask_s: float | None = None,
    errors: list[str],
) -> Result:
    return Result(
        id=question.id,
        group=question.group,
        answerable=question.answerable,
        values=values,
        refused=None if answer is None else not answer.answerable,
        confidence=None if answer is None else answer.confidence,
        search_s=search_s,
        ask_s=ask_s,
        error="; ".join(errors),
        details=_details(question, hits or [], answer),
    )


def _timed(call: Callable[[], _T], errors: list[str]) -> tuple[_T | None, float | None]:
    start = perf_counter()
    try:
        return call(), perf_counter() - start
    except QABotError as error:
        errors.append(f"{type(error).__name__}: {error}")
        return None, None


def _retrieval(ranking: list[str], question: Question) -> dict[str, float | None]:
    """The measures of a ranking; none apply without gold articles."""
    gold = frozenset(question.gold_ids)
    also = frozenset(question.also_ids)
    if not gold:
        return {}
    recalls = {f"recall@{k}": metrics.recall(ranking, gold | also, k) for k in CUTOFFS}
    return {
        **recalls,
        "mrr@10": metrics.reciprocal_rank(ranking, gold | also, 10),
        "ndcg@10": metrics.ndcg(ranking, gold, also, k=10),
    }


def _answer(answer: Answer | None, question: Question) -> dict[str, float | None]:
    """The measures of an answer, for answerable questions only; no answer misses all."""
    answers, evidences = question.answers, question.evidences
    if question.answerable and question.propositions:
        told = answer.text if answer and answer.answerable else ""
        return {"propositions": metrics.propositions_covered(told, question.propositions)}
    if not question.answerable or not (answers or evidences):
        return {}
    short = answer.short if answer else ""
    # the sentences of a possible answer are no answer
    citations = answer.citations if answer and answer.answerable else ()
    quotes = [citation.quote for citation in citations]
    right = {*question.gold_ids, *question.also_ids}
    from_right = [float(citation.article.id in right) for citation in citations if right]
    precision = metrics.citation_precision(quotes, answers, evidences)
    return {
        "exact_match": metrics.exact_match(short, answers) if answers else None,
        "f1": metrics.f1(short, answers) if answers else None,
        "answer_in_quotes": metrics.answer_in_quotes(quotes, answers),
        "citation_hit": None if precision is None else float(precision > 0),
        "citation_precision": precision,
        "citation_recall": metrics.citation_recall(quotes, question.answer_sets, evidences),
        "citation_gold": metrics.mean(from_right),
    }


def _written(answer: Answer | None) -> dict[str, float | None]:
    """The measures of an answer as a text with citations; a quote supports itself."""
    if answer is None or not (answer.answerable or answer.fault):
        return {}
    if not answer.answerable:
        return {"fell_back": 1.0}
    by_llm = answer.answerer == "llm"
    unsupported = len(answer.unsupported) / answer.claims if by_llm and answer.claims else 0.0
    precision: float | None = 1.0
    if by_llm:
        precision = answer.marks_kept / answer.marks if answer.marks else None
    return {
        "sentences_supported": 1 - unsupported,
        "sentences_unsupported": unsupported,
        "own_citations_right": precision,
        "fell_back": float(bool(answer.fault)),
        "tokens": float(sum(answer.tokens.values())) if by_llm else None,
    }


def _details(question: Question, hits: list[Hit], answer: Answer | None) -> dict[str, object]:
    return {
        "id": question.id,
        "question": question.question,
        "answerable": question.answerable,
        "answers": question.answers,
        "gold_ids": question.gold_ids,
        "ranking": metrics.article_ranking(hit.article.id for hit in hits)[:10],
        "read": metrics.article_ranking(hit.article.id for hit in answer.hits) if answer else [],
        "best_passage": hits[0].passage.text if hits else "",
        "parts": hits[0].parts if hits else {},
        "text": answer.text if answer else "",
        "short": answer.short if answer else "",
        "fault": answer.fault if answer else "",
        "quotes": [citation.quote for citation in answer.citations] if answer else [],
        "timings": answer.timings if answer else {},
    }
