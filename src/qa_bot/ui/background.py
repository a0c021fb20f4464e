"""The remark that new articles are not embedded now, and why: over all tabs, while it is so."""

from __future__ import annotations

from typing import TYPE_CHECKING

import gradio as gr

from qa_bot.ui.events import QUIET, Changes
from qa_bot.ui.views import notices
from qa_bot.ui.web import language

if TYPE_CHECKING:
    from qa_bot.bot import QABot

__all__ = ["Background"]

_TICK = 2.0  # seconds between two looks while something is, or may go, wrong; else there are none


class Background:
    """Lays out the remark inside the current Blocks; whoever shows the library brings it along."""

    def __init__(self, bot: QABot) -> None:
        self.bot = bot
        self.remark = gr.HTML(elem_id="qa-background")
        self.timer = gr.Timer(_TICK, active=False)
        self.outputs: list[gr.blocks.Block] = [self.remark, self.timer]
        self.timer.tick(self.show, None, self.outputs, **QUIET)

    def show(self, request: gr.Request) -> Changes:
        return self.changes(language(request))

    def changes(self, lang: str) -> Changes:
        """What the page is to say now; while it says something or works it looks again itself."""
        fault = self.bot.embedding_fault()
        said = notices.embedding_fault(fault, lang) if fault else ""
        # what is wrong may show itself when all is embedded, and is saved
        looks_again = fault is not None or self.bot.embeds()
        return {self.remark: said, self.timer: gr.Timer(active=looks_again)}
