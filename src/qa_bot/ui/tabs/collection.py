"""The Collection tab: what the library holds, in charts that lead to its articles."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

import gradio as gr

from qa_bot.errors import IndexAwayError
from qa_bot.ui.article_panel import article_panel
from qa_bot.ui.events import LAST, Changes
from qa_bot.ui.texts import say
from qa_bot.ui.views import collection as view
from qa_bot.ui.views import notices
from qa_bot.ui.web import asset, language

if TYPE_CHECKING:
    from qa_bot.bot import QABot

__all__ = ["CollectionTab"]

_TICK = 0.5  # seconds between two looks at a counting that goes on


class CollectionTab:
    """Lays out the tab inside the current Blocks."""

    def __init__(self, bot: QABot) -> None:
        self.bot = bot
        with gr.Row(elem_classes="qa-columns"):
            with gr.Column(scale=3, min_width=320):
                self.status = gr.HTML(elem_id="qa-counting")
                self.charts = gr.HTML(elem_id="qa-charts")
            with gr.Column(scale=2, min_width=320, elem_classes="qa-side"):
                self.article = article_panel(bot)
                self.chosen = gr.HTML(
                    js_on_load=asset("collection.js"),
                    elem_id="qa-chosen",
                    elem_classes="qa-foundpanel",
                )
        self.chosen.choose(self.choose, outputs=[self.chosen, self.article], **LAST)

    def show(self, request: gr.Request) -> Iterator[Changes]:
        """What is known at once; then, while the rest is counted, how far that is; then all."""
        lang = language(request)
        try:
            yield from self._counted(lang)
        except IndexAwayError as error:
            yield {self.status: notices.fault(error, lang)}

    def _counted(self, lang: str) -> Iterator[Changes]:
        overview = self.bot.overview
        shown = overview.figures()
        yield {self.status: "", self.charts: view.collection(shown, lang)}
        if overview.is_current():
            return
        overview.start()
        while not overview.wait(_TICK):
            done, total = overview.progress
            said = say(lang, "counting", done=done, total=total)
            changes: Changes = {self.status: notices.progress(said, done, total)}
            if shown is None and (shown := overview.figures()):
                changes[self.charts] = view.collection(shown, lang)
            yield changes
        yield {
            self.status: notices.problem(overview.fault) if overview.fault else "",
            self.charts: view.collection(overview.figures(), lang),
        }

    def choose(self, event: gr.EventData, request: gr.Request) -> Changes:
        """The articles behind the figure that was clicked, instead of what was open."""
        lang = language(request)
        closed: Changes = {} if event._data.get("reading") else {self.article: ""}
        choice = view.Choice.parse(str(event._data.get("figure", "")))
        if choice is None:
            return {self.chosen: self.hint(request), **closed}
        try:
            found, total = self.bot.overview.articles(
                choice.what, choice.value, limit=view.PAGE, offset=choice.offset
            )
        except IndexAwayError as error:
            return {self.chosen: notices.fault(error, lang), **closed}
        if not found:
            return {self.chosen: notices.note(say(lang, "nothing_matches")), **closed}
        shown = view.chosen(found, total, choice, lang, opened=time.monotonic_ns())
        return {self.chosen: shown, **closed}

    def hint(self, request: gr.Request) -> str:
        return notices.note(say(language(request), "collection_hint"))
