"""What questions are narrowed to: dates, a source, one article; said at the box, lifted there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import gradio as gr

from qa_bot.errors import ArticleNotFoundError, IndexAwayError
from qa_bot.ui import daterange
from qa_bot.ui.events import PRIVATE, QUIET, Changes
from qa_bot.ui.texts import say
from qa_bot.ui.views import notices
from qa_bot.ui.views.article import only
from qa_bot.ui.views.narrowing import FIELDS, narrowing
from qa_bot.ui.web import language

if TYPE_CHECKING:
    from qa_bot.bot import QABot

__all__ = ["Filters", "Narrowed"]

_LONGEST = 40  # characters of a date


class Narrowed(NamedTuple):
    """The values, as they were written; `about` is the id of an article, "" for all."""

    since: str
    until: str
    source: str
    about: str

    def fault(self, lang: str) -> str:
        """What is wrong with the dates, in words of the page; "" if nothing is."""
        return daterange.fault(self.since, self.until, lang)

    @property
    def arguments(self) -> dict[str, Any]:
        """As `QABot.stream` takes them."""
        return {
            "since": self.since or None,
            "until": self.until or None,
            "source": self.source or None,
            "article_ids": [self.about] if self.about else None,
        }


class Filters:
    """The boxes of the filters, and what tells which are in force. `inputs` give a `Narrowed`."""

    def __init__(self, bot: QABot) -> None:
        self.bot = bot
        self.about = gr.State("")

    def chips(self) -> None:
        """What is in force, to be laid out at the box for questions."""
        self.only = gr.HTML(elem_id="qa-only")
        self.narrowing = gr.HTML(elem_id="qa-narrowing")

    def boxes(self, t: gr.I18n) -> None:
        with gr.Accordion(t("filters"), open=False, elem_classes="qa-filters"), gr.Row():
            hint = t("date_hint")
            self.since = gr.Textbox(label=t("since"), placeholder=hint, min_width=140)
            self.until = gr.Textbox(label=t("until"), placeholder=hint, min_width=140)
            self.source = gr.Dropdown(
                label=t("field_source"), choices=[""], value="", min_width=140
            )
        self.inputs = [self.since, self.until, self.source, self.about]
        self.outputs = [*self.inputs, self.only]

    def narrowed(self, given: Mapping[Any, Any]) -> Narrowed:
        """What the boxes say, of the values of components."""
        since, until, source, about = (given[box] or "" for box in self.inputs)
        return Narrowed(since.strip(), until.strip(), source, about)

    def listen(self, article: gr.HTML, links: gr.HTML) -> None:
        """Begin to work: an article's panel and the links of an answer set filters, too."""
        written = [self.since, self.until, self.source]
        gr.on(
            [self.since.change, self.until.change, self.source.change],
            self.show,
            written,
            self.narrowing,
            show_progress="hidden",
            queue=False,
            **PRIVATE,
        )
        links.unfilter(self.unfilter, outputs=written, **QUIET)
        article.only(self.keep_to, outputs=[self.about, self.only], **QUIET)

    def show(self, since: str, until: str, source: str, request: gr.Request) -> str:
        """The filters in force, at the box."""
        return narrowing((since or "", until or "", source or ""), language(request))

    def unfilter(self, event: gr.EventData) -> Changes:
        """Lifts one filter."""
        fields = dict(zip(FIELDS, (self.since, self.until, self.source), strict=True))
        field = fields.get(str(event._data.get("field", "")))
        return {field: ""} if field is not None else {self.source: gr.skip()}

    def keep_to(self, event: gr.EventData, request: gr.Request) -> Changes:
        """From now on ask about this article alone, or about all again."""
        return self._kept_to(str(event._data.get("id", "")), language(request))

    def _kept_to(self, article_id: str, lang: str) -> Changes:
        try:
            article = self.bot.article(article_id) if article_id else None
        except (ArticleNotFoundError, IndexAwayError):
            article = None
        return {self.about: article.id if article else "", self.only: only(article, lang)}

    def arrive(self, place: Mapping[str, str], lang: str) -> tuple[Narrowed, Changes]:
        """What an address says of them, as far as there is such a thing."""
        since, until = (place.get(name, "")[:_LONGEST] for name in ("since", "until"))
        source = place.get("source", "")
        try:
            source = source if source in self.bot.sources() else ""
        except IndexAwayError:
            source = ""
        only = self._kept_to(place.get("only", ""), lang)
        narrowed = Narrowed(since, until, source, only[self.about])
        return narrowed, {self.since: since, self.until: until, self.source: source, **only}

    def renew(self, lang: str) -> Changes:
        """The sources there are to choose from."""
        sources = [(say(lang, "any_source"), ""), *((s, s) for s in self.bot.sources())]
        return {self.source: gr.update(choices=sources)}

    def left_out(self, narrowed: Narrowed, lang: str) -> str:
        """That a date lets no article pass whose year nobody gave."""
        if not (narrowed.since or narrowed.until):
            return ""
        try:
            count = self.bot.undated(source=narrowed.source or None)
        except IndexAwayError:  # the answer will say so
            count = 0
        return notices.note(say(lang, "undated_left_out", count=count)) if count else ""

    def headline(self, narrowed: Narrowed) -> str:
        """That of the article that is asked about alone, "" if none is."""
        try:
            return self.bot.article(narrowed.about).headline if narrowed.about else ""
        except (ArticleNotFoundError, IndexAwayError):
            return ""
