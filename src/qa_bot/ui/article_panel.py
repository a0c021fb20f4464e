"""The panel that an article is opened in; each tab with links to articles has one."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import gradio as gr

from qa_bot.errors import ArticleNotFoundError, IndexAwayError
from qa_bot.ui.events import LAST
from qa_bot.ui.views import article as view
from qa_bot.ui.views import notices
from qa_bot.ui.views.target import Target
from qa_bot.ui.web import asset, language

if TYPE_CHECKING:
    from qa_bot.bot import QABot

__all__ = ["article_panel"]


def article_panel(bot: QABot) -> gr.HTML:
    """A panel that shows the article of any `#article/…` link clicked in its tab."""

    def show(event: gr.EventData, request: gr.Request) -> str:
        target = Target.parse(str(event._data.get("fragment", "")))
        lang = language(request)
        if target is None:
            return view.missing(lang)
        try:
            article = bot.article(target.article_id)
            history = bot.history(article.id)
        except ArticleNotFoundError:
            return view.missing(lang)
        except IndexAwayError as error:
            return notices.fault(error, lang)
        return view.article(article, target, lang, time.monotonic_ns(), history)

    panel = gr.HTML(js_on_load=asset("article.js"), elem_classes="qa-reader")
    panel.open(show, outputs=panel, **LAST)
    return panel
