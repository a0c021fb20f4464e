"""The Library tab: add articles, look through them, remove them."""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gradio as gr

from qa_bot.errors import ArticleNotFoundError, QABotError
from qa_bot.records import Article, Outcome, Progress
from qa_bot.ui import render
from qa_bot.ui.ask import PRIVATE, Changes, reader
from qa_bot.ui.strings import say
from qa_bot.ui.web import asset, language

if TYPE_CHECKING:
    from qa_bot.bot import QABot

__all__ = ["LibraryTab"]

log = logging.getLogger(__name__)

_PAGE = 20
_TICK = 0.5  # seconds between two looks at the vectors that are still to come


class LibraryTab:
    """Lays out the tab inside the current Blocks, and keeps its table up to date."""

    def __init__(self, bot: QABot, t: gr.I18n) -> None:
        self.bot = bot
        self.offset = gr.State(0)
        with gr.Row(elem_classes="qa-columns"):
            with gr.Column(scale=3, min_width=320):
                self.files = gr.File(
                    label=t("upload"), file_count="multiple", height=72, elem_id="qa-upload"
                )
                self.status = gr.HTML(elem_id="qa-status")
                self.filter = gr.Textbox(
                    label=t("filter"),
                    show_label=False,
                    placeholder=t("filter_hint"),
                    max_length=200,
                    container=False,
                    elem_id="qa-filter",
                )
                self.table = gr.HTML(js_on_load=asset("library.js"), elem_id="qa-library")
            with gr.Column(scale=2, min_width=320, elem_classes="qa-side"):
                self.reader = reader(bot)
        self._listen()

    def _listen(self) -> None:
        quiet: dict[str, Any] = {"show_progress": "hidden", "concurrency_limit": None, **PRIVATE}
        view = [self.table, self.offset]
        self.files.upload(
            self.add,
            [self.files, self.filter],
            [self.files, self.status, *view],
            trigger_mode="multiple",  # what comes while vectors are still made is not dropped
            **quiet,
        )
        # not `input`: Gradio 6.31 misses what is typed first
        self.filter.change(self.first_page, self.filter, view, **quiet)
        self.table.turn(self.turn, [self.filter, self.offset], view, **quiet)
        self.table.remove(
            self.remove, [self.filter, self.offset], [self.status, self.reader, *view], **quiet
        )

    def view(self, contains: str, offset: int, lang: str) -> Changes:
        """The table from `offset` on, or its last page when there is nothing that far."""
        offset = max(offset, 0)
        rows = self.bot.articles(limit=_PAGE + 1, offset=offset, contains=contains)
        if not rows and offset:
            return self.view(contains, offset - _PAGE, lang)
        total = None if contains else int(str(self.bot.info()["articles"]))
        html = render.library(
            rows[:_PAGE], lang, offset=offset, total=total, more=len(rows) > _PAGE
        )
        return {self.table: html, self.offset: offset}

    def first_page(self, contains: str, request: gr.Request) -> Changes:
        return self.view(contains.strip(), 0, language(request))

    def turn(self, contains: str, offset: int, event: gr.EventData, request: gr.Request) -> Changes:
        step = _PAGE if event._data.get("step") == "1" else -_PAGE
        return self.view(contains.strip(), offset + step, language(request))

    def remove(
        self, contains: str, offset: int, event: gr.EventData, request: gr.Request
    ) -> Changes:
        lang = language(request)
        try:
            gone = self.bot.remove(str(event._data.get("id", "")))
            said = say(lang, "removed", title=gone.title or say(lang, "untitled"))
        except ArticleNotFoundError:
            said = say(lang, "gone")
        except QABotError as error:
            said = str(error)
        return {
            self.status: render.note(said),
            self.reader: "",
            **self.view(contains.strip(), offset, lang),
        }

    def add(self, paths: list[str] | None, contains: str, request: gr.Request) -> Iterator[Changes]:
        """Adds what was uploaded. Asking goes on meanwhile; the vectors follow at the end."""
        lang, contains, paths = language(request), contains.strip(), paths or []
        came: list[Outcome] = []
        for number, path in enumerate(map(Path, paths), 1):
            said = say(lang, "uploading", done=number, total=len(paths), name=path.name)
            yield {self.files: None, self.status: render.progress(said)}
            for step in self._add_file(path):
                if isinstance(step, int):
                    yield {self.status: render.progress(said + say(lang, "so_far", count=step))}
                else:
                    came.extend(step)
        result = render.outcomes(came, lang)
        yield {self.status: result, **self.view(contains, 0, lang)}
        try:
            for waiting in self._vectors(lang):
                yield {self.status: waiting + result}
            end = render.note(say(lang, "upload_done"))
        except QABotError as error:  # the texts are in all the same, and can be searched
            end = render.problem(str(error))
        yield {self.status: end + result}

    def _add_file(self, path: Path) -> Iterator[int | tuple[Outcome, ...]]:
        """How many articles were added so far, from time to time; at last what became of each."""
        try:
            # Known by the name the user gave the file, not by its temporary folder.
            articles = [replace(article, path=path.name) for article in self.bot.read(path)]
            yield from self._add_articles(articles)
        except Exception as error:
            if not isinstance(error, QABotError):
                log.exception("an uploaded file failed")
            reason = str(error).replace(f"{path}: ", "").replace(str(path), path.name)
            yield (Outcome(path.name, "refused", reason=reason or type(error).__name__),)

    def _add_articles(self, articles: list[Article]) -> Iterator[int | tuple[Outcome, ...]]:
        """Adds in a thread of its own, so that the progress it reports can be passed on."""
        steps: queue.SimpleQueue[Progress | tuple[Outcome, ...] | Exception] = queue.SimpleQueue()

        def work() -> None:
            try:
                steps.put(self.bot.add(articles, wait=False, progress=steps.put).outcomes)
            except Exception as error:
                steps.put(error)

        threading.Thread(target=work, name="qa_bot-upload", daemon=True).start()
        while isinstance(step := steps.get(), Progress):
            yield step.done
        if isinstance(step, Exception):
            raise step
        yield step

    def _vectors(self, lang: str) -> Iterator[str]:
        total = self.bot.pending()
        while total and not self.bot.wait(timeout=_TICK):
            total = max(total, left := self.bot.pending())
            done = total - left
            yield render.progress(say(lang, "embedding", done=done, total=total), done, total)
