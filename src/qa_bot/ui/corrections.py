"""Correcting what heads articles that are in the library, one or several at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import gradio as gr

from qa_bot.drafts import is_date
from qa_bot.errors import ArticleNotFoundError, QABotError
from qa_bot.ui.events import Changes
from qa_bot.ui.texts import say
from qa_bot.ui.views import notices
from qa_bot.ui.views.correction import FIELDS, correction
from qa_bot.ui.web import asset

if TYPE_CHECKING:
    from qa_bot.bot import QABot

__all__ = ["Correcting", "Corrections", "ids_of"]

_MOST = 1000  # articles at once
_LONGEST = 500  # characters of a field
_ARGUMENTS = dict(zip(FIELDS, ("title", "published", "byline", "source"), strict=True))


def ids_of(said: object) -> list[str]:
    """The ids that a browser names, one or several."""
    ids = said if isinstance(said, list) else [said]
    return list(dict.fromkeys(str(article_id) for article_id in ids[:_MOST]))


@dataclass(frozen=True, slots=True)
class Correcting:
    """The articles in the form, what it showed of each field, and where they differ."""

    ids: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()
    differ: tuple[bool, ...] = ()


class Corrections:
    """A panel with a form, empty otherwise."""

    def __init__(self, bot: QABot) -> None:
        self.bot = bot
        self.state = gr.State(Correcting())
        self.panel = gr.HTML(js_on_load=asset("corrections.js"), elem_id="qa-corrections")

    def open(self, ids: Sequence[str], lang: str) -> Changes:
        """The form for these articles, as far as they are there.

        :raises ArticleNotFoundError: if none is.
        """
        articles = []
        for article_id in ids:
            try:
                articles.append(self.bot.article(article_id))
            except ArticleNotFoundError:
                continue
        if not articles:
            raise ArticleNotFoundError(say(lang, "gone"))
        rows = [(a.title, a.published.removeprefix("--"), a.byline, a.source) for a in articles]
        columns = [set(column) for column in zip(*rows, strict=True)]
        state = Correcting(
            tuple(article.id for article in articles),
            tuple(article.headline for article in articles),
            tuple(min(column) if len(column) == 1 else "" for column in columns),
            tuple(len(column) > 1 for column in columns),
        )
        form = correction(state.titles, state.shown, state.differ, lang)
        return {self.panel: form, self.state: state}

    def save(self, state: Correcting, written: object, lang: str) -> Changes | str:
        """Correct what was written otherwise than shown: what is to be said, or the form again."""
        if not state.ids or not isinstance(written, list) or len(written) != len(FIELDS):
            return ""
        values = [" ".join(str(value).split())[:_LONGEST] for value in written]
        changes = {
            argument: value
            for argument, value, shown in zip(_ARGUMENTS.values(), values, state.shown, strict=True)
            if value != shown
        }
        if not changes:
            return notices.note(say(lang, "corrected_none"))
        if not is_date(date := changes.get("published", "")):
            return self._again(state, values, say(lang, "bad_date", date=date), lang)
        try:
            self.bot.correct(
                state.ids,
                title=changes.get("title"),
                published=changes.get("published"),
                byline=changes.get("byline"),
                source=changes.get("source"),
                wait=False,
            )
        except ArticleNotFoundError:
            return notices.problem(say(lang, "gone"))
        except QABotError as error:
            return notices.fault(error, lang)
        return notices.note(say(lang, "corrected", count=len(state.ids)))

    def _again(self, state: Correcting, values: Sequence[str], fault: str, lang: str) -> Changes:
        """The form as it was filled in, with what is wrong with its date."""
        return {self.panel: correction(state.titles, values, state.differ, lang, fault=fault)}

    def clear(self) -> Changes:
        return {self.panel: "", self.state: Correcting()}
