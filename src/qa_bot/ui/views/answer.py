"""A conversation's turns: the question, the answer being made, the answer.

An answer's template is `answer_{state}.html`, which fills in what `answer.html` has in common.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal
from urllib.parse import quote as percent_encode

from qa_bot.bot import QABot
from qa_bot.records import (
    FILTERED,
    OUTSIDE,
    SURE,
    VERDICTS,
    Answer,
    Citation,
    Hit,
    Listed,
    Verdict,
)
from qa_bot.ui.markup import fill
from qa_bot.ui.quotation import glossed, quoted
from qa_bot.ui.texts import say
from qa_bot.ui.views.heading import Heading
from qa_bot.ui.views.notices import Note
from qa_bot.ui.views.passages import Passage
from qa_bot.ui.views.target import Target

__all__ = ["answer", "draft", "question", "stopped"]

_MARK = r"\[(\d{1,3})\]"
_RELATED = 3  # articles beside an answer that was not found
_LISTED = 500  # articles of a list: the browser keeps the answer with its conversation
_CONFIDENCE = ((SURE, "sure"), (0.45, "likely"), (0.0, "unsure"))  # least probability

_LEAD = 60  # characters of a count that stands out
_ITEM = "- "  # what a line begins with that is an example
_WITHOUT_SOURCE = tuple(verdict for verdict in VERDICTS if verdict != "wrong_source")

Style = Literal["plain", "short", "doubt"]


@dataclass(frozen=True, slots=True)
class _Quote:
    """A citation as a link to its quote; `left` and `right` are the marks around its text.

    `gloss` tells its numbers and units in the reader's words.
    """

    number: int
    heading: Heading
    text: str
    supported: bool
    href: str
    left: str
    right: str
    gloss: str


@dataclass(frozen=True, slots=True)
class _Run:
    """Text, or instead of it the number of a quote."""

    text: str
    quote: _Quote | None = None


@dataclass(frozen=True, slots=True)
class _Segment:
    """Runs of one style. `ends` is false where the same goes on in the next paragraph.

    `gloss` tells its numbers and units in the reader's words.
    """

    runs: tuple[_Run, ...]
    style: Style = "plain"
    ends: bool = True
    gloss: str = ""


_Paragraph = tuple[_Segment, ...]


@dataclass(frozen=True, slots=True)
class _ListedArticle:
    """An article of an answer's list as a link to it."""

    heading: Heading
    mentions: int
    href: str

    @classmethod
    def of(cls, listed: Listed, lang: str) -> _ListedArticle:
        heading = Heading.of(listed.article)
        return cls(heading, listed.mentions, Target.of(listed.article).href)


@dataclass(frozen=True, slots=True)
class _Example:
    """A question that asks itself when it is clicked."""

    question: str

    @property
    def href(self) -> str:
        return f"#ask?question={percent_encode(self.question, safe='')}"


@dataclass(frozen=True, slots=True)
class _View:
    """What a template shows of an answer.

    `asked` is what a follow-up question was understood as; `remarks` are on how far to trust it;
    by `key` the answer is known when it is judged, "" if it cannot be. `listed` are the first of
    the `count` articles of its list. `unfiltered` asks the same without a filter that kept the
    answer out; "" if none did.
    """

    asked: str
    paragraphs: tuple[_Paragraph, ...]
    lang: str = ""
    remarks: tuple[Note, ...] = ()
    quotes: tuple[_Quote, ...] = ()
    passages: tuple[tuple[Passage, ...], ...] = ()
    examples: tuple[_Example, ...] = ()
    listed: tuple[_ListedArticle, ...] = ()
    count: int = 0
    key: str = ""
    unfiltered: str = ""
    verdicts: tuple[Verdict, ...] = VERDICTS


def question(text: str) -> str:
    return fill("question", question=text)


def draft(stage: str, text: str, asked: str, lang: str) -> str:
    """An answer that is still being made."""
    paragraphs = tuple(_paragraphs([_Segment((_Run(text),))]))
    return fill("draft", lang, answer=_View(asked, paragraphs), stage=stage)


def stopped(text: str, asked: str, lang: str) -> str:
    """What was written of an answer before it was stopped."""
    paragraphs = tuple(_paragraphs([_Segment((_Run(text),))]))
    return fill("stopped", lang, answer=_View(asked, paragraphs))


def answer(given: Answer, lang: str, key: str = "") -> str:
    """The answer with its numbered citations; visibly unsure, or none, with the nearest articles.

    Under it is asked what the reader thinks of it, if it has a `key` to be known by.
    """
    if given.kind == "talk":
        view = _talk(given)
    elif given.state == "answered":
        view = _answered(given, lang)
    elif given.state == "possible":
        view = _possible(given, lang)
    else:
        view = _not_found(given, lang)
    verdicts = view.verdicts if view.quotes or given.citations else _WITHOUT_SOURCE
    view = replace(view, key="" if given.kind == "talk" else key, verdicts=verdicts)
    if given.fault in (FILTERED, OUTSIDE):
        href = f"#unfiltered/{percent_encode(given.question, safe='')}"
        view = replace(view, unfiltered=href)
    return fill(f"answer_{given.state}", lang, answer=view)


def _answered(given: Answer, lang: str) -> _View:
    remarks = [*_verdict(given, lang), *_confidence(given, lang)]
    if given.absent:
        absent = say(lang, "absent", names=", ".join(given.absent))
        remarks.append(Note(absent, "qa-note qa-warning qa-unsure"))
    quotes = _quotes(given, lang)
    paragraphs = tuple(_paragraphs(_segments(given, quotes)))
    view = _View(given.asked, paragraphs, given.language, tuple(remarks))
    view = _with_list(view, given, lang)
    return view if _counted(given) else replace(view, quotes=tuple(quotes.values()))


def _possible(given: Answer, lang: str) -> _View:
    """The likeliest quotes as links; the text says of them what there is to be said."""
    quotes = _quotes(given, lang)
    view = _View(given.asked, (), given.language, tuple(_verdict(given, lang)))
    if _counted(given):
        view = replace(view, paragraphs=tuple(_paragraphs(_segments(given, quotes))))
        return _with_list(view, given, lang)
    text = given.text
    for citation in given.citations:
        statement = re.escape(f"{citation.quote} [{citation.number}]")
        text = re.sub(rf"(?:^|\n\n)[^\n]*?{statement}", "", text, count=1)
    paragraphs = tuple(_paragraphs([_Segment((_Run(text.strip()),))]))
    return replace(view, paragraphs=paragraphs, quotes=tuple(quotes.values()))


def _counted(given: Answer) -> bool:
    """Whether articles were counted: the text then names each that it quotes, as a list does."""
    return given.total is not None and len(given.articles) > 1


def _with_list(view: _View, given: Answer, lang: str) -> _View:
    """With the list of articles, if there are more than the citations show."""
    cited = {citation.article.id for citation in given.citations}
    if not _counted(given) and all(item.article.id in cited for item in given.articles):
        return view
    listed = tuple(_ListedArticle.of(item, lang) for item in given.articles[:_LISTED])
    return replace(view, listed=listed, count=len(given.articles))


def _not_found(given: Answer, lang: str) -> _View:
    nearest: dict[str, Hit] = {}
    for hit in QABot.relevant(given.hits)[0]:
        nearest.setdefault(hit.article.id, hit)  # one of each article; all are beside the answer
    # The badge says that there is no answer, and the last line names the closest articles, which
    # are links here: what is left is which names no article mentions.
    said = given.text.split("\n\n")[1 : -1 if given.hits else None]
    return _View(
        given.asked,
        tuple(_paragraphs([_Segment((_Run("\n\n".join(said)),))])),
        given.language,
        tuple(_verdict(given, lang)),
        passages=tuple((Passage.of(hit),) for hit in list(nearest.values())[:_RELATED]),
    )


def _talk(given: Answer) -> _View:
    """What was said; the questions that it gives as examples, each on a line, as links."""
    lines = given.text.split("\n")
    said = "\n".join(line for line in lines if not line.startswith(_ITEM)).strip()
    items = (line.removeprefix(_ITEM) for line in lines if line.startswith(_ITEM))
    paragraphs = tuple(_paragraphs([_Segment((_Run(said),))]))
    return _View(given.asked, paragraphs, given.language, examples=tuple(map(_Example, items)))


def _verdict(given: Answer, lang: str) -> Iterator[Note]:
    """What the check of a language model's answer found, or why there is none of it."""
    if given.fault == FILTERED:
        yield Note(say(lang, "filtered"), "qa-note qa-warning")
    elif given.fault == OUTSIDE:
        yield Note(say(lang, "outside_filter"), "qa-note qa-warning")
    elif given.fault:
        why = say(lang, f"llm_{given.fault}")
        yield Note(say(lang, "llm_without", why=why), "qa-note qa-warning")
    elif given.answerer == "llm" and given.answerable:
        if count := len(given.unsupported):
            doubt = say(lang, "checked_doubt", count=count, total=given.claims)
            yield Note(doubt, "qa-note qa-warning")
        else:
            yield Note(say(lang, "checked_all"), "qa-note qa-checked")


def _confidence(given: Answer, lang: str) -> Iterator[Note]:
    """How sure the reader is, in words; what a language model wrote has its own verdict.

    What was counted or looked up is no estimate, and has a confidence of 1.
    """
    if given.answerer != "llm" and given.citations and given.confidence < 1:
        sure = next(key for least, key in _CONFIDENCE if given.confidence >= least)
        yield Note(say(lang, f"confidence_{sure}"), f"qa-note qa-{sure}")


def _quotes(given: Answer, lang: str) -> dict[int, _Quote]:
    return {citation.number: _quote(citation, given, lang) for citation in given.citations}


def _quote(citation: Citation, given: Answer, lang: str) -> _Quote:
    """A citation; its link also names what else the answer quotes from the article."""
    others = [
        (c.start, c.end)
        for c in given.citations
        if c.article.id == citation.article.id and c.number != citation.number
    ]
    target = Target.of(citation.article, citation.start, citation.end, others)
    heading = Heading.of(citation.article)
    whole = quoted(citation.quote, citation.article.lang)
    return _Quote(
        citation.number,
        heading,
        citation.quote,
        citation.supported,
        target.href,
        whole[0],
        whole[-1],
        glossed(citation.quote, citation.article.lang, given.language),
    )


def _lead_gloss(lead: str, given: Answer) -> str:
    """What a lead that is hardly more than a number or a measure says."""
    article = given.citations[0].article if given.citations else None
    if article is None or lead not in article.text:  # it is qa_bot's own
        return ""
    found = QABot.glosses(lead, article.lang, given.language)
    told = sum(gloss.end - gloss.start for gloss in found)
    return ", ".join(gloss.text for gloss in found) if told * 2 >= len(lead) else ""


# -- the text of an answer -------------------------------------------------------------------------


def _segments(given: Answer, quotes: dict[int, _Quote]) -> list[_Segment]:
    """The text by style, with each `[n]` that is a citation's number as a link to its quote."""
    text, at = given.text, 0
    segments: list[_Segment] = []
    head, gap, _ = text.partition("\n\n")
    lead = head.startswith(given.short) if given.short else False
    lead = lead or (_counted(given) and len(head) <= _LEAD)
    if gap and lead and not re.search(f"{_MARK}$", head):
        at = len(head)
        segments.append(_Segment((_Run(head),), "short", gloss=_lead_gloss(head, given)))
    for begin, end in given.unsupported:
        segments.append(_Segment(tuple(_runs(text[at:begin], quotes))))
        segments.append(_Segment(tuple(_runs(text[begin:end], quotes)), "doubt"))
        at = end
    return [*segments, _Segment(tuple(_runs(text[at:], quotes)))]


def _runs(text: str, quotes: dict[int, _Quote]) -> Iterator[_Run]:
    """Text with its marks as links.

    What looks like such a mark inside a quote is the article's own, and stays as it is.
    """
    verbatim = sorted({quote.text for quote in quotes.values() if quote.text}, key=len)
    pattern = re.compile("|".join([*map(re.escape, reversed(verbatim)), _MARK]))
    at = 0
    for match in pattern.finditer(text):
        quote = quotes.get(int(match[1])) if match[1] else None
        if quote is None:
            continue
        before = text[at : match.start()]
        if before.endswith(" "):  # a number never stands alone on a line
            before = before[:-1] + "\u00a0"
        yield _Run(before)
        yield _Run("", quote)
        at = match.end()
    yield _Run(text[at:])


def _paragraphs(segments: Iterable[_Segment]) -> Iterator[_Paragraph]:
    """The segments, parted at each blank line."""
    done: list[_Segment] = []
    for segment in segments:
        runs: list[_Run] = []
        for run in segment.runs:
            first, *rest = re.split(r"\n{2,}", run.text)
            runs.append(replace(run, text=first))
            for part in rest:
                if paragraph := _joined(done, replace(segment, runs=tuple(runs), ends=False)):
                    yield paragraph
                done, runs = [], [_Run(part)]
        done.append(replace(segment, runs=tuple(runs)))
    if paragraph := _joined(done):
        yield paragraph


def _joined(done: Sequence[_Segment], *more: _Segment) -> _Paragraph:
    """A paragraph without what is empty in it."""
    segments = (
        replace(segment, runs=tuple(run for run in segment.runs if run.text or run.quote))
        for segment in (*done, *more)
    )
    return tuple(segment for segment in segments if segment.runs)
