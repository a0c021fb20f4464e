"""Articles before they are added: corrected, merged with the next one, split, left out."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from qa_bot.errors import QABotError
from qa_bot.records import Article
from qa_bot.text.dates import typed_date
from qa_bot.text.languages import detect_language
from qa_bot.text.sentences import sentence_breaks

__all__ = [
    "FIELDS",
    "Defaults",
    "Draft",
    "Drafts",
    "articles",
    "corrected",
    "drafts_of",
    "is_date",
    "merged",
    "split",
]

FIELDS = ("title", "date", "byline", "source")
_LONGEST_FIELD = 500
_LONGEST_HEADLINE = 60
_SENTENCE_END = re.compile(r"[。！？!?.…；;，,：:][”’」』）)]?\s*$")


@dataclass(frozen=True, slots=True)
class Draft:
    """An article, and the date as someone wrote it, which need not be one."""

    article: Article
    date: str = ""

    @classmethod
    def of(cls, article: Article) -> Draft:
        """The article as it was read."""
        return cls(article, article.published.removeprefix("--"))

    @property
    def valid(self) -> bool:
        """Whether its date is one, or empty."""
        return is_date(self.date)

    def breaks(self) -> list[int]:
        """Where the sentences of its text begin, but for the first: offsets that `split` takes."""
        return list(sentence_breaks(self.article.text))


Drafts = tuple[Draft, ...]


def is_date(text: str) -> bool:
    """Whether someone's text is a date, or empty."""
    try:
        typed_date(text)
    except QABotError:
        return False
    return True


@dataclass(frozen=True, slots=True)
class Defaults:
    """Source and date for articles that have none; the date as someone wrote it.

    Its year is that of dates without a year, too.
    """

    source: str = ""
    date: str = ""

    @property
    def valid(self) -> bool:
        """Whether its date is one, or empty."""
        return is_date(self.date)

    def fill(self, article: Article) -> Article:
        """The article with what it lacks.

        :raises QABotError: if the date is none.
        """
        date = typed_date(self.date)
        published = article.published or date
        if published.startswith("--") and date[:4].isdecimal():
            published = f"{date[:4]}{published[1:]}"
        source = article.source or " ".join(self.source.split())[:_LONGEST_FIELD]
        if (source, published) == (article.source, article.published):
            return article
        return _with(article, source=source, published=published)


def drafts_of(articles: Iterable[Article]) -> Drafts:
    """The articles as they were read."""
    return tuple(map(Draft.of, articles))


def articles(drafts: Drafts) -> list[Article]:
    """The articles that the drafts have become.

    :raises QABotError: if a date is none.
    """
    return [_with(d.article, published=typed_date(d.date)) for d in drafts]


def corrected(drafts: Drafts, written: object) -> Drafts:
    """The drafts with what was written in the `FIELDS` of each; as they are if it does not fit."""
    if not isinstance(written, list) or len(written) != len(drafts):
        return drafts
    return tuple(_corrected(draft, row) for draft, row in zip(drafts, written, strict=True))


def _corrected(draft: Draft, row: object) -> Draft:
    if not isinstance(row, list) or len(row) != len(FIELDS):
        return draft
    title, date, byline, source = (" ".join(str(value).split())[:_LONGEST_FIELD] for value in row)
    with contextlib.suppress(QABotError):  # else it stays as it was written, to be corrected
        date = typed_date(date).removeprefix("--")
    return Draft(_with(draft.article, title=title, byline=byline, source=source), date)


def merged(drafts: Drafts, at: int) -> Drafts:
    """The draft `at` with the next one at its end. No word is lost: a headline becomes a line."""
    if not 0 <= at < len(drafts) - 1:
        return drafts
    one, two = drafts[at], drafts[at + 1]
    first, second = one.article, two.article
    parts = (first.text, second.title if first.title else "", second.text)
    names = [name for name in (first.byline, second.byline) if name]
    both = _with(
        first,
        title=first.title or second.title,
        text="\n\n".join(part for part in parts if part),
        byline=", ".join(dict.fromkeys(names)),
        source=first.source or second.source,
        url=first.url or second.url,
    )
    return (*drafts[:at], Draft(both, one.date or two.date), *drafts[at + 2 :])


def split(drafts: Drafts, at: int, offset: int) -> Drafts:
    """The draft `at` as two, the second of which begins at the sentence at `offset`.

    A line of its own that is no sentence becomes the headline of what follows.
    """
    if not 0 <= at < len(drafts):
        return drafts
    draft = drafts[at]
    text = draft.article.text
    head, tail = text[:offset].strip(), text[offset:].strip()
    if offset not in draft.breaks() or not head or not tail:
        return drafts
    line, _, rest = tail.partition("\n")
    title = ""
    if rest.strip() and len(line) <= _LONGEST_HEADLINE and not _SENTENCE_END.search(line):
        title, tail = line.strip(), rest.strip()
    second = replace(
        draft.article,
        id="",
        title=title,
        text=tail,
        byline="",
        lang=detect_language(f"{title}\n{tail}"),
    )
    first = Draft(_with(draft.article, text=head), draft.date)
    return (*drafts[:at], first, Draft(second, draft.date), *drafts[at + 1 :])


def _with(article: Article, **changes: str) -> Article:
    """`article` changed; an id that is the hash of its content follows the content."""
    own = article.id != article.digest()[:16]
    return replace(article, **changes, id=article.id if own else "")
