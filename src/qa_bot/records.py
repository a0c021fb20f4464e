"""The records that travel through qa_bot, in the order in which they come to be."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Literal, get_args

__all__ = [
    "FILTERED",
    "LONGEST_QUESTION",
    "ORDERS",
    "OUTSIDE",
    "SURE",
    "VERDICTS",
    "AddReport",
    "Answer",
    "Article",
    "Change",
    "Citation",
    "CopyReport",
    "EmbeddingFault",
    "Excerpt",
    "Hit",
    "Listed",
    "Order",
    "Outcome",
    "Passage",
    "Progress",
    "Refusal",
    "Removed",
    "Stage",
    "State",
    "Status",
    "SyncReport",
    "Turn",
    "Update",
    "Verdict",
]

_OPENING = 40  # characters of a text that stand for its headline
# as an answer's `fault`
FILTERED = "filtered"
OUTSIDE = "outside_filter"
LONGEST_QUESTION = 2000  # characters
SURE = 0.75  # confidence from which on one sentence is enough

Order = Literal["-added", "added", "-date", "date", "headline", "-headline", "source", "-source"]
"""What a list of articles is sorted by; a minus turns it round (`-added`: the newest first)."""

ORDERS: tuple[Order, ...] = get_args(Order)

State = Literal["answered", "possible", "not_found"]
"""Whether the articles answer, perhaps do, or nothing was found that does."""

Stage = Literal["reading", "embedding", "copying", "comparing"]
"""What is being done with articles."""

Status = Literal["added", "replaced", "skipped", "refused"]
"""What became of an article."""

Verdict = Literal["right", "wrong_answer", "wrong_source"]
"""What a reader thinks of an answer."""

VERDICTS: tuple[Verdict, ...] = get_args(Verdict)


@dataclass(frozen=True, slots=True)
class Article:
    """One newspaper article.

    `text` is the body alone, in characters (code points) that every offset in this package counts;
    the headline is in `title` and not in `text`. `published` is an ISO 8601 date as exact as the
    source is: `2024-08-09`, `2024-08`, `2024`, or `--08-09` for a month and day whose year nobody
    gave; empty when unknown. `path` is the file it was read from. Without an `id` of its own an
    article is known by a hash of its title, byline and text.
    """

    title: str
    text: str
    id: str = ""
    byline: str = ""
    published: str = ""
    source: str = ""
    url: str = ""
    lang: str = ""
    path: str = ""

    def __post_init__(self) -> None:
        if not self.id:
            object.__setattr__(self, "id", self.digest()[:16])

    @property
    def headline(self) -> str:
        """What to call it: its title, or, where it has none, the beginning of its text."""
        if self.title:
            return self.title
        first = self.text.strip().split("\n", 1)[0]
        return first if len(first) <= _OPENING else f"{first[:_OPENING]}…"

    def digest(self) -> str:
        """SHA-256 in hexadecimal of the content (title, byline, text), equal for equal articles."""
        content = "\x1f".join((self.title, self.byline, self.text))
        return hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class Change:
    """A correction of an article in the library: when (ISO 8601, UTC), which field, from and to.

    `field` is `title`, `byline`, `published` or `source`.
    """

    at: str
    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """Input that could not be read: a file, or a row of one (`papers.jsonl:12`), and why."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of an article: always `article.text[start:end] == text`."""

    id: int
    article_id: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found for a question. A higher `score` is better.

    `parts` tells what each side gave, where it gave anything: `dense` (cosine), `dense_above` (the
    same above the question's mean cosine with unrelated text), `dense_rank`, `bm25` (BM25 score),
    `bm25_rank` (ranks from 1), and `coverage` (0 to 1: how much of the question's lexical weight
    the passage holds).
    """

    passage: Passage
    article: Article
    score: float
    parts: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Citation:
    """A verbatim quote: always `article.text[start:end] == quote`. `number` counts from 1."""

    number: int
    article: Article
    quote: str
    start: int
    end: int
    supported: bool = True


@dataclass(frozen=True, slots=True)
class Listed:
    """An article of an answer's list; `mentions` is how often it holds what was looked for."""

    article: Article
    mentions: int = 0


@dataclass(frozen=True, slots=True)
class Excerpt:
    """What of an article's text stands around words that were looked for, from `start` on.

    `marks` are the [start, end) of the words in `text`; `count` is how often they stand in the
    whole article's text.
    """

    text: str
    start: int
    marks: tuple[tuple[int, int], ...]
    count: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What a question gave.

    `text` is what the user reads, plain text: the bare answer, then the sentences that prove it,
    each with a mark such as `[1]`, the number of one of the `citations`. `short` is the bare
    answer, "" when there is none. `confidence` is the estimated probability (0 to 1) that the
    articles answer the question. `language` is the language `text` is written in (`zh-Hans`,
    `zh-Hant`, `en`, `ja`, ...). `timings` are seconds by stage.

    `state` is one of three: `answered`; `possible`, where the citations are the likeliest
    sentences, and not to be taken for an answer; `not_found`, where there are no citations and
    `hits` are the nearest passages. `answerable` is true for `answered` alone. `kind` is the kind
    of answer that was given (`fact`, `list`, `count_articles`, `timeline`, ...). `articles` are
    those that were counted or listed, complete, and `total` the number asked for.

    `asked` is the stand-alone question that was searched for, where it is not `question` itself
    (see `qa_bot.question.followups`). `absent` are names and days in the question that no cited
    article holds: the answer may then be about another. `answerer` wrote the text: `extractive` has
    quotes only; `llm` is a language model whose `claims` (so many sentences) were checked: those at
    the [start, end) of `unsupported` in `text` rest on nothing that was found. Of the `marks` that
    the model set itself `marks_kept` are of a passage that supports their sentence. `note` says why
    a language model that was to answer did not, `fault` the same in one word (see `LLMError`); or
    that a filter left no article to look in (`filtered`), or kept out articles that do answer
    (`outside_filter`).
    `tokens` are what it took, `prompt` and `completion`.
    """

    question: str
    text: str
    short: str
    citations: tuple[Citation, ...]
    hits: tuple[Hit, ...]
    answerable: bool
    confidence: float
    language: str
    timings: dict[str, float] = field(default_factory=dict)
    asked: str = ""
    absent: tuple[str, ...] = ()
    answerer: Literal["extractive", "llm"] = "extractive"
    claims: int = 0
    unsupported: tuple[tuple[int, int], ...] = ()
    marks: int = 0
    marks_kept: int = 0
    note: str = ""
    fault: str = ""
    tokens: dict[str, int] = field(default_factory=dict)
    state: State = "answered"
    kind: str = "fact"
    articles: tuple[Listed, ...] = ()
    total: int | None = None

    def __post_init__(self) -> None:
        if self.answerable != (self.state == "answered"):
            state = "answered" if self.answerable else "not_found"
            object.__setattr__(self, "state", state)


@dataclass(frozen=True, slots=True)
class Update:
    """A step of a streamed answer.

    `asked` is the stand-alone question, where it is not the user's own words. `hits` are known from
    stage `reading` on, from `writing` on in a better order; `text` is the answer so far, whole each
    time, by the `answerer`; the last update has stage `done` and carries the `answer`.
    """

    stage: Literal["searching", "reading", "writing", "checking", "done"]
    text: str = ""
    hits: tuple[Hit, ...] = ()
    answer: Answer | None = None
    asked: str = ""
    answerer: Literal["extractive", "llm"] = "extractive"


@dataclass(frozen=True, slots=True)
class Turn:
    """A question of a conversation, as it was asked, and the answer it got, bare or whole."""

    question: str
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far adding or copying has come. `total` is None while it is not known."""

    stage: Stage
    done: int
    total: int | None
    label: str = ""


@dataclass(frozen=True, slots=True)
class EmbeddingFault:
    """Why passages are not embedded in the background; `retried`: it is tried again by itself."""

    error: Exception
    retried: bool

    @property
    def reason(self) -> str:
        """The error's message, or what it is called."""
        return str(self.error) or type(self.error).__name__


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one article, or of one input that was refused.

    `skipped` means the same content was there already; `replaced`, that other content was there
    under the same id.
    """

    path: str
    status: Status
    article_id: str = ""
    title: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class AddReport:
    """What adding did, article by article."""

    outcomes: tuple[Outcome, ...] = ()

    def _with(self, status: str) -> tuple[Outcome, ...]:
        return tuple(o for o in self.outcomes if o.status == status)

    @property
    def added(self) -> tuple[Outcome, ...]:
        """Articles that are new."""
        return self._with("added")

    @property
    def replaced(self) -> tuple[Outcome, ...]:
        """Articles whose content is another now."""
        return self._with("replaced")

    @property
    def skipped(self) -> tuple[Outcome, ...]:
        """Articles that were there already."""
        return self._with("skipped")

    @property
    def refused(self) -> tuple[Outcome, ...]:
        """Inputs that could not be read."""
        return self._with("refused")


@dataclass(frozen=True, slots=True)
class SyncReport(AddReport):
    """What bringing the index up to a folder did.

    `outdated` are articles that their file no longer gives: they were removed, for what it gives
    now was added. `gone` are those whose file is no longer there; `removed_gone` says whether they
    were removed too. `kept` are those of files that could not be read whole: nobody knows.
    """

    outdated: tuple[Article, ...] = ()
    gone: tuple[Article, ...] = ()
    kept: tuple[Article, ...] = ()
    removed_gone: bool = False


@dataclass(frozen=True, slots=True)
class CopyReport:
    """What an index holds that was copied, and the copy does, too: both were read and compared.

    `copied` articles were not there before; `more` are in the copy only. `digest` is a SHA-256 of
    all articles, passages and vectors.
    """

    articles: int
    passages: int
    vectors: int
    copied: int
    more: int
    digest: str


@dataclass(frozen=True, slots=True)
class Removed:
    """An article that was removed, with what it takes to put it back without embedding it anew.

    `spans` are the [start, end) of its passages, where they are known; `vectors` are of those that
    had one. `key` is its place in the order of adding, `changes` are its corrections.
    """

    article: Article
    spans: tuple[tuple[int, int], ...] = ()
    vectors: dict[tuple[int, int], tuple[float, ...]] = field(default_factory=dict)
    key: int = 0
    changes: tuple[Change, ...] = ()
