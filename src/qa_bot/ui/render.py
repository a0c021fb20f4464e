"""Records in, HTML out: nothing from an article, a question or a file name gets past `escape`."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from urllib.parse import quote as percent_encode
from urllib.parse import unquote

from qa_bot.answer.compose import SURE
from qa_bot.feedback import VERDICTS
from qa_bot.records import FILTERED, Answer, Article, Citation, Hit, Outcome
from qa_bot.ui.strings import LANGUAGES, LOCALES, say

__all__ = [
    "Target",
    "answer",
    "article",
    "draft",
    "escape",
    "found",
    "language_switch",
    "missing",
    "note",
    "only",
    "outcomes",
    "problem",
    "progress",
    "question",
]

_ACTIVE = re.compile(r"[\x00-\x1f!-/:-@\[-`{-~]")
_MARK = r"\[(\d{1,3})\]"
_SNIPPET = 140
_OUTCOMES = 200  # shown one by one; the page gets them with every step of the progress
_CONFIDENCE = ((SURE, "sure"), (0.45, "likely"), (0.0, "unsure"))  # least probability


def escape(text: str) -> str:
    """`text` as characters that mean nothing to HTML, Markdown, LaTeX or a template.

    Every ASCII punctuation mark and control character becomes a character reference. A line break
    does too: a blank line would end the HTML block, and Markdown would begin again.
    """
    return _ACTIVE.sub(lambda match: f"&#{ord(match[0])};", text)


@dataclass(frozen=True, slots=True)
class Target:
    """A stretch of an article, as the fragment of a link: it needs no state on the server.

    `check` is of the quoted characters, so that a changed article is noticed. `others` are
    stretches that the same answer quotes from the article.
    """

    article_id: str
    start: int = 0
    end: int = 0
    check: str = ""
    others: tuple[tuple[int, int], ...] = ()

    @classmethod
    def of(
        cls,
        article: Article,
        start: int = 0,
        end: int = 0,
        others: Iterable[tuple[int, int]] = (),
    ) -> Target:
        return cls(article.id, start, end, _check(article.text[start:end]), tuple(others))

    @classmethod
    def parse(cls, fragment: str) -> Target | None:
        """The target a fragment names; None when it names none."""
        stretch = r"(\d{1,9})-(\d{1,9})"
        match = re.fullmatch(
            rf"#?article/([^/]+)/{stretch}/([0-9a-f]{{8}})((?:/{stretch}){{0,20}})", fragment
        )
        if not match:
            return None
        others = tuple((int(a), int(b)) for a, b in re.findall(stretch, match[5]))
        return cls(unquote(match[1]), int(match[2]), int(match[3]), match[4], others)

    @property
    def href(self) -> str:
        ident = percent_encode(self.article_id, safe="")
        others = "".join(f"/{start}-{end}" for start, end in self.others)
        return f"#article/{ident}/{self.start}-{self.end}/{self.check}{others}"

    def fits(self, article: Article) -> bool:
        return _check(article.text[self.start : self.end]) == self.check


def _check(text: str) -> str:
    return f"{zlib.crc32(text.encode('utf-8', 'surrogatepass')):08x}"


def _link(target: Target, label: str, body: str, css: str) -> str:
    return f'<a class="{css}" href="{target.href}" aria-label="{escape(label)}">{body}</a>'


def _lang(tag: str) -> str:
    return f' lang="{escape(tag)}"' if tag else ""


def _where(article: Article, between: str = " · ") -> str:
    date = (
        f'<span class="qa-date">{escape(article.published.lstrip("-"))}</span>'
        if article.published
        else ""
    )
    return between.join(part for part in (escape(article.source), date) if part)


def _title(article: Article, lang: str) -> str:
    return article.title or say(lang, "untitled")


def note(text: str, css: str = "qa-note") -> str:
    return f'<p class="{css}">{escape(text)}</p>'


def question(text: str) -> str:
    return f'<div class="qa-question">{escape(text)}</div>'


def draft(stage: str, text: str, asked: str, lang: str) -> str:
    """An answer that is still being made."""
    body = f'<div class="qa-text">{_parted(escape(text))}</div>' if text else ""
    return (
        f'<div class="qa-answer">{_asked(asked, lang)}{body}'
        f'<p class="qa-stage">{escape(stage)}</p></div>'
    )


def _asked(asked: str, lang: str) -> str:
    """What a follow-up question was understood as."""
    return note(say(lang, "asked", question=asked), "qa-note qa-asked") if asked else ""


def _verdict(given: Answer, lang: str) -> str:
    """What the check of a language model's answer found, or why there is none of it."""
    if given.fault == FILTERED:
        return note(say(lang, "filtered"), "qa-note qa-warning")
    if given.fault:
        why = say(lang, f"llm_{given.fault}")
        return note(say(lang, "llm_without", why=why), "qa-note qa-warning")
    if given.answerer != "llm" or not given.answerable:
        return ""
    count = len(given.unsupported)
    key = "checked_doubt" if count else "checked_all"
    css = "qa-note qa-warning" if count else "qa-note qa-checked"
    return note(say(lang, key, count=count, total=given.claims), css)


def problem(text: str) -> str:
    return f'<div class="qa-answer qa-problem">{escape(text)}</div>'


def answer(given: Answer, lang: str, key: str = "") -> str:
    """The answer with its numbered citations, or visibly none, with the nearest passages.

    Under it is asked what the reader thinks of it, if it has a `key` to be known by.
    """
    if not given.answerable:
        return _no_answer(given, lang, key)
    said = _parted(_with_links(given, lang))
    body = f'{_asked(given.asked, lang)}<div class="qa-text"{_lang(given.language)}>{said}</div>'
    body += _verdict(given, lang) + _confidence(given, lang)
    if given.absent:
        names = ", ".join(given.absent)
        body += note(say(lang, "absent", names=names), "qa-note qa-warning qa-unsure")
    entries = "".join(f"<li>{_citation(c, given, lang)}</li>" for c in given.citations)
    cited = f'<ol class="qa-citations" aria-label="{say(lang, "sources")}">{entries}</ol>'
    return f'<div class="qa-answer">{body}{cited if entries else ""}{_judge(key, lang)}</div>'


def _judge(key: str, lang: str, *, sources: bool = True) -> str:
    """Links by which the reader judges; `sources`: there are some, which may be wrong."""
    if not key:
        return ""
    links = "".join(
        f'<a href="#feedback/{verdict}/{key}">{escape(say(lang, verdict))}</a>'
        for verdict in VERDICTS
        if sources or verdict != "wrong_source"
    )
    return f'<p class="qa-feedback">{links}</p>'


def _confidence(given: Answer, lang: str) -> str:
    """How sure the reader is, in words; what a language model wrote has its own verdict."""
    if given.answerer == "llm":
        return ""
    sure = next(key for least, key in _CONFIDENCE if given.confidence >= least)
    return note(say(lang, sure), f"qa-note qa-{sure}")


def _quoted(citation: Citation, given: Answer) -> Target:
    """The target of a citation, with what else the answer quotes from its article."""
    others = [
        (c.start, c.end)
        for c in given.citations
        if c.article.id == citation.article.id and c.number != citation.number
    ]
    return Target.of(citation.article, citation.start, citation.end, others)


def _parted(escaped: str) -> str:
    """Escaped text with a paragraph for each blank line."""
    return "".join(f"<p>{part}</p>" for part in re.split("(?:&#10;){2,}", escaped) if part)


def _no_answer(given: Answer, lang: str, key: str) -> str:
    badge = f'<p class="qa-badge">{escape(say(lang, "not_found"))}</p>'
    body = f'<div class="qa-text"{_lang(given.language)}>{_parted(escape(given.text))}</div>'
    nearest: dict[str, Hit] = {}
    for hit in given.hits:
        nearest.setdefault(hit.article.id, hit)  # one of each article; all are beside the answer
    related = _passages(list(nearest.values())[:3], lang)
    if related:
        related = f'<p class="qa-label">{escape(say(lang, "related"))}</p>{related}'
    body = f"{_asked(given.asked, lang)}{badge}{body}{_verdict(given, lang)}"
    return f'<div class="qa-answer qa-none">{body}{related}{_judge(key, lang, sources=False)}</div>'


def _with_links(given: Answer, lang: str) -> str:
    """The text, with each `[n]` that is a citation's number as a link to its quote.

    What looks like such a mark inside a quote is the article's own, and stays as it is.
    """
    quotes = sorted((c.quote for c in given.citations if c.quote), key=len, reverse=True)
    pieces: list[str] = []
    at = 0
    head, gap, _ = given.text.partition("\n\n")
    if gap and given.short and head.startswith(given.short) and not re.search(f"{_MARK}$", head):
        at = len(head)
        pieces.append(f'<strong class="qa-short">{escape(head)}</strong>')
    for begin, end in given.unsupported:
        pieces.append(_linked(given.text[at:begin], quotes, given, lang))
        doubt = escape(say(lang, "unsupported"))
        said = _linked(given.text[begin:end], quotes, given, lang)
        pieces.append(f'<span class="qa-doubt" title="{doubt}">{said}<em>{doubt}</em></span>')
        at = end
    return "".join(pieces) + _linked(given.text[at:], quotes, given, lang)


def _linked(text: str, quotes: list[str], given: Answer, lang: str) -> str:
    """Escaped text with its marks as links; those inside a quote are not."""
    cited = {citation.number: citation for citation in given.citations}
    pieces: list[str] = []
    at = 0
    pattern = re.compile("|".join([*map(re.escape, quotes), _MARK]))
    for match in pattern.finditer(text):
        citation = cited.get(int(match[1])) if match[1] else None
        before = text[at : match.start()]
        if citation and before.endswith(" "):  # a number never stands alone on a line
            before = before[:-1] + "\u00a0"
        shown = _number(citation, given, lang) if citation else escape(match[0])
        pieces += [escape(before), shown]
        at = match.end()
    return "".join(pieces) + escape(text[at:])


def _number(citation: Citation, given: Answer, lang: str) -> str:
    title = _title(citation.article, lang)
    label = say(lang, "cite", number=citation.number, title=title)
    link = _link(_quoted(citation, given), label, f"{citation.number}", "qa-cite")
    return link.replace("<a ", f'<a title="{escape(citation.quote)}" ', 1)


def _citation(citation: Citation, given: Answer, lang: str) -> str:
    source = citation.article
    where = _where(source, ", ")
    title = _title(source, lang)
    flag = "" if citation.supported else f" <em>{escape(say(lang, 'unsupported'))}</em>"
    body = (
        f'<span class="qa-number">{citation.number}</span><span>'
        f'<span class="qa-head">{escape(title)}</span>'
        f'<span class="qa-where">{" — " if where else ""}{where}{flag}</span>'
        f'<span class="qa-quote"{_lang(source.lang)}>{escape(citation.quote)}</span></span>'
    )
    label = f"{say(lang, 'cite', number=citation.number, title=title)}. {citation.quote}"
    return _link(_quoted(citation, given), label, body, "qa-citation")


def _passages(hits: Iterable[Hit], lang: str) -> str:
    entries = "".join(f"<li>{_passage(hit, lang)}</li>" for hit in hits)
    return f'<ul class="qa-passages">{entries}</ul>' if entries else ""


def _passage(hit: Hit, lang: str) -> str:
    title = _title(hit.article, lang)
    text = hit.passage.text.strip()
    snippet = text if len(text) <= _SNIPPET else text[:_SNIPPET] + "…"
    body = (
        f'<span class="qa-head">{escape(title)}</span>'
        f'<span class="qa-where">{_where(hit.article)}</span>'
        f'<span class="qa-snippet"{_lang(hit.article.lang)}>{escape(snippet)}</span>'
    )
    target = Target.of(hit.article, hit.passage.start, hit.passage.end)
    return _link(target, say(lang, "open_article", title=title), body, "qa-passage")


def found(hits: Sequence[Hit], lang: str) -> str:
    """The passages found for the question, or how to use the panel when there are none."""
    if not hits:
        return note(say(lang, "panel_hint"))
    label = f'<p class="qa-label">{escape(say(lang, "found"))}</p>'
    return f'<div class="qa-found">{label}{_passages(hits, lang)}</div>'


def article(shown: Article, target: Target, lang: str, opened: int = 0) -> str:
    """The whole article with the quoted stretch marked.

    :param opened: changes at every opening, so that the page scrolls to the quote again.
    """
    fits = target.fits(shown)
    marks = [(target.start, target.end, "")] if fits else []
    marks += [(a, b, "qa-also") for a, b in target.others if fits and b <= len(shown.text)]
    changed = "" if target.fits(shown) else note(say(lang, "changed"), "qa-note qa-warning")
    kicker = _where(shown)
    byline = f'<p class="qa-byline">{escape(shown.byline)}</p>' if shown.byline else ""
    return (
        f'<article class="qa-article" data-opened="{opened}"{_lang(shown.lang)}>'
        f"<header>{_close(lang)}"
        f'<p class="qa-kicker">{kicker}</p>'
        f'<h2 tabindex="-1">{escape(_title(shown, lang))}</h2>{byline}</header>'
        f"{_uses(shown, target if fits else None, lang)}"
        f"{changed}{_paragraphs(shown.text, marks)}{_origin(shown, lang)}</article>"
    )


def _close(lang: str) -> str:
    return f'<a class="qa-close" href="#close" aria-label="{escape(say(lang, "close"))}">×</a>'


def _uses(shown: Article, target: Target | None, lang: str) -> str:
    """What can be done with the open article: copy the quote, ask about it alone."""
    ident = percent_encode(shown.id, safe="")
    only = f'<a href="#only/{ident}">{escape(say(lang, "only_this"))}</a>'
    copy = ""
    if target is not None and target.end > target.start:
        quote = " ".join(shown.text[target.start : target.end].split())
        parts = (shown.title, shown.byline, shown.source, shown.published.lstrip("-"))
        reference = ", ".join(part for part in parts if part)
        copy = (
            f'<button type="button" data-copy="{escape(f"“{quote}” ({reference})")}"'
            f' data-done="{escape(say(lang, "copied"))}">{escape(say(lang, "copy_quote"))}</button>'
        )
    return f'<p class="qa-uses">{copy}{only}</p>'


def only(article: Article | None, lang: str) -> str:
    """The article that is asked about alone, with a way back to all."""
    if article is None:
        return ""
    said = escape(say(lang, "only", title=_title(article, lang)))
    every = escape(say(lang, "only_all"))
    return f'<p class="qa-only">{said} <a href="#only/">{every}</a></p>'


def _paragraphs(text: str, marks: Sequence[tuple[int, int, str]]) -> str:
    """Lines as paragraphs; a marked stretch over several lines is marked in each.

    `marks` are [start, end) and a class each; where two overlap the first has it.
    """
    pieces: list[str] = []
    at = 0
    for line in text.splitlines(keepends=True):
        begin, at = at, at + len(line)
        if not line.strip():
            continue
        pieces.append(f"<p>{_marked(line, begin, marks)}</p>")
    return "".join(pieces)


def _marked(line: str, begin: int, marks: Sequence[tuple[int, int, str]]) -> str:
    edges = {0, len(line)}
    for start, end, _ in marks:
        edges |= {min(max(edge - begin, 0), len(line)) for edge in (start, end)}
    shown = ""
    for low, high in pairwise(sorted(edges)):
        css = next((c for a, b, c in marks if a <= begin + low and begin + high <= b), None)
        piece = escape(line[low:high])
        if css is None:
            shown += piece
        else:
            shown += f'<mark class="{css}">{piece}</mark>' if css else f"<mark>{piece}</mark>"
    return shown


def _origin(shown: Article, lang: str) -> str:
    """Where it came from. Only a web address becomes a link: never `javascript:`."""
    url = ""
    if re.match(r"https?://", shown.url):
        url = (
            f'<a href="{escape(shown.url)}" target="_blank" rel="noopener noreferrer">'
            f"{escape(say(lang, 'original'))}</a>"
        )
    name = re.split(r"[/\\]", shown.path)[-1]
    parts = [part for part in (escape(name), url) if part]
    return f'<footer class="qa-origin">{" · ".join(parts)}</footer>' if parts else ""


def language_switch() -> str:
    """The page's languages, each in its own words; page.js keeps the choice in a cookie."""
    links = "".join(
        f'<a href="#language/{tag}" lang="{locale}">{escape(LANGUAGES[tag])}</a>'
        for tag, locale in LOCALES.items()
    )
    label = " / ".join(escape(say(tag, "lang_switch")) for tag in LOCALES)
    return f'<nav aria-label="{label}">{links}</nav>'


def missing(lang: str) -> str:
    return f'<div class="qa-article">{_close(lang)}{note(say(lang, "gone"))}</div>'


def progress(text: str, done: int = 0, total: int | None = None) -> str:
    bar = (
        f'<progress value="{done}" max="{total}"></progress>' if total else "<progress></progress>"
    )
    return f'<div class="qa-progress" role="status"><p>{escape(text)}</p>{bar}</div>'


def outcomes(came: Sequence[Outcome], lang: str) -> str:
    """What became of each article or file; refusals first, with the reason."""
    rows = sorted(came, key=lambda outcome: outcome.status != "refused")
    entries = "".join(
        f'<li class="qa-{outcome.status}"><b>{escape(say(lang, outcome.status))}</b> '
        f"<span>{' · '.join(escape(part) for part in (outcome.title, outcome.path) if part)}"
        f"{note(outcome.reason, 'qa-reason') if outcome.reason else ''}</span></li>"
        for outcome in rows[:_OUTCOMES]
    )
    if len(rows) > _OUTCOMES:
        more = say(lang, "and_more", count=f"{len(rows) - _OUTCOMES:,}")
        entries += f"<li><span>{escape(more)}</span></li>"
    return f'<ul class="qa-outcomes">{entries}</ul>'
