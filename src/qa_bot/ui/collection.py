"""The Collection tab: what the library holds, in charts that lead to its articles."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

import gradio as gr

from qa_bot.ui import charts, render
from qa_bot.ui.ask import PRIVATE, Changes, reader
from qa_bot.ui.strings import say
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
                self.reader = reader(bot)
                self.chosen = gr.HTML(
                    js_on_load=asset("collection.js"),
                    elem_id="qa-chosen",
                    elem_classes="qa-foundpanel",
                )
        self.chosen.choose(
            self.choose,
            outputs=[self.chosen, self.reader],
            show_progress="hidden",
            concurrency_limit=None,
            **PRIVATE,
        )

    def show(self, request: gr.Request) -> Iterator[Changes]:
        """What is known at once; then, while the rest is counted, how far that is; then all."""
        lang, overview = language(request), self.bot.overview
        shown = overview.figures()
        yield {self.status: "", self.charts: charts.collection(shown, lang)}
        if overview.is_current():
            return
        overview.start()
        while not overview.wait(_TICK):
            done, total = overview.progress
            said = say(lang, "counting", done=f"{done:,}", total=f"{total:,}")
            changes: Changes = {self.status: render.progress(said, done, total)}
            if shown is None and (shown := overview.figures()):
                changes[self.charts] = charts.collection(shown, lang)
            yield changes
        yield {
            self.status: render.problem(overview.fault) if overview.fault else "",
            self.charts: charts.collection(overview.figures(), lang),
        }

    def choose(self, event: gr.EventData, request: gr.Request) -> Changes:
        """The articles behind the figure that was clicked, instead of what was open."""
        lang = language(request)
        asked = charts.parse(str(event._data.get("fragment", "")))
        if asked is None:
            return {self.chosen: ""}
        what, value, offset = asked
        found, total = self.bot.overview.articles(what, value, limit=charts.PAGE, offset=offset)
        if not found:
            return {self.chosen: render.note(say(lang, "nothing_matches")), self.reader: ""}
        opened = time.monotonic_ns()
        shown = charts.chosen(found, total, what, value, lang, offset=offset, opened=opened)
        return {self.chosen: shown, self.reader: ""}

    def hint(self, request: gr.Request) -> str:
        return render.note(say(language(request), "collection_hint"))
