"""The conversations of a browser: one is shown, and can be taken out; all are listed."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gradio as gr

from qa_bot.errors import QABotError
from qa_bot.ui import export, temporary
from qa_bot.ui.conversation import SHOWN, Browser, Kept, exchanges, messages, number_of
from qa_bot.ui.events import LAST, PRIVATE, QUIET, Changes
from qa_bot.ui.texts import say
from qa_bot.ui.views import notices, passages
from qa_bot.ui.views import talks as view
from qa_bot.ui.web import asset, language

if TYPE_CHECKING:
    from qa_bot.bot import QABot

__all__ = ["Talks"]

_LONGEST_STEM = 60  # characters of a file's name


class Talks:
    """The chat shows the conversation that the browser is in.

    `browser` is what the browser keeps, as `Browser` has it; `outputs` are the components by which
    a conversation is shown.
    """

    def __init__(self, bot: QABot) -> None:
        self.bot = bot
        # The key hides nothing: the browser needs it too, and so it is always the same.
        self.browser = gr.BrowserState({}, storage_key="qa_bot.browser", secret="qa_bot")

    # -- layout --------------------------------------------------------------------------------

    def follow(self, chat: gr.Chatbot, said: gr.HTML) -> None:
        """Where conversations are shown, and where it is said what was done with them."""
        self.chat, self.said = chat, said
        self.current = gr.HTML(elem_id="qa-conversation")

    def buttons(self, t: gr.I18n) -> None:
        self.new = gr.Button(t("talk_new"), size="sm", scale=0, min_width=0)
        self.clear = gr.Button(t("clear"), size="sm", scale=0, min_width=0)
        self.exports = gr.HTML(js_on_load=asset("export.js"), elem_id="qa-exports", min_width=0)
        # pressed by the page itself as soon as the file is there
        self.download = gr.DownloadButton("qa_bot", visible="hidden", elem_id="qa-talk-file")

    def shelf(self, t: gr.I18n) -> None:
        """The list, with a box to find a conversation by its words."""
        with gr.Accordion(
            t("talks"), open=False, elem_classes="qa-filters", elem_id="qa-talks"
        ) as self.accordion:
            self.find = gr.Textbox(
                label=t("talks_find"),
                show_label=False,
                placeholder=t("talks_find"),
                max_length=200,
                container=False,
                elem_id="qa-talks-find",
            )
            self.list = gr.HTML(js_on_load=asset("talks.js"), elem_id="qa-talks-list")
        self.outputs = [self.chat, self.said, self.browser, self.current, self.list]

    def listen(self, beside: Sequence[Any], outputs: Sequence[Any]) -> None:
        """Begin to work; `beside` are emptied when another conversation is shown."""
        self._beside = beside
        found = [self.find, self.browser]
        gr.on([self.find.change, self.accordion.expand], self.show, found, self.list, **LAST)
        self.list.rename(self.rename, found, self.list, **QUIET)
        self.list.choose(self.choose, self.browser, outputs, **QUIET)
        self.list.remove(self.remove, self.browser, outputs, **QUIET)
        self.said.undo(self.undo, self.browser, outputs, **QUIET)
        self.new.click(self.begin, self.browser, outputs, **QUIET)
        self.clear.click(self.forget, self.browser, outputs, **QUIET)
        self.exports.export(self.save, self.browser, [self.download, self.said], **QUIET).success(
            None,
            self.download,
            js="(file) => { if (file) document.querySelector('#qa-talk-file').click(); }",
            **PRIVATE,
        )

    # -- the one that is shown -----------------------------------------------------------------

    def turns(self, visit: Browser) -> tuple[list[Kept], str]:
        """The turns of the conversation that a browser is in, and why they cannot be read."""
        try:
            return visit.turns(self.bot), ""
        except QABotError as error:
            return [], notices.problem(str(error))

    def keep(
        self, visit: Browser, turns: list[Kept], turn: Kept, lang: str, again: bool
    ) -> Changes:
        """Show the turns with a last one, which is kept from now on if it can be.

        :param again: whether it takes the place of the last one that is kept.
        """
        shown: Changes = {self.chat: messages([*turns, turn])}
        words = (turn.get("exchange") or {}).get("text", "")
        try:
            conversation = self.bot.conversations.put(
                visit.secret, visit.current, turn, words, again=again
            )
        except QABotError as error:
            return {**shown, self.said: notices.problem(str(error))}
        return {**shown, **self._at(visit.at(conversation), [*turns, turn], lang)}

    def shown(self, visit: Browser, turns: list[Kept], lang: str) -> Changes:
        """Show a conversation."""
        return {self.chat: messages(turns), **self._at(visit, turns, lang)}

    def _at(self, visit: Browser, turns: list[Kept], lang: str) -> Changes:
        """What tells which conversation is shown."""
        last = turns[-1]["question"] if turns else ""
        return {
            self.browser: visit.kept,
            self.current: view.current(visit.current, min(len(turns), SHOWN), last),
            self.list: self._listed(visit, lang),
        }

    def begin(self, kept: object, request: gr.Request) -> Changes:
        """A new conversation; the one before stays in the list."""
        return self._go_to(Browser.of(kept), 0, language(request))

    def choose(self, kept: object, event: gr.EventData, request: gr.Request) -> Changes:
        """Another conversation."""
        return self._go_to(Browser.of(kept), number_of(event._data.get("id")), language(request))

    def forget(self, kept: object, request: gr.Request) -> Changes:
        """Removes the conversation that is shown."""
        visit = Browser.of(kept)
        return self._remove(visit, visit.current, language(request))

    def remove(self, kept: object, event: gr.EventData, request: gr.Request) -> Changes:
        """Removes a conversation of the list."""
        return self._remove(Browser.of(kept), number_of(event._data.get("id")), language(request))

    def undo(self, kept: object, event: gr.EventData, request: gr.Request) -> Changes:
        """Puts a removed conversation back, and shows it."""
        visit = Browser.of(kept)
        try:
            self.bot.conversations.put_back(visit.secret, number_of(event._data.get("id")))
        except QABotError as error:
            return {self.said: notices.problem(str(error))}
        return self._go_to(visit, number_of(event._data.get("id")), language(request))

    def _remove(self, visit: Browser, conversation: int, lang: str) -> Changes:
        try:
            gone = self.bot.conversations.remove(visit.secret, conversation)
        except QABotError as error:
            return {self.said: notices.problem(str(error))}
        said = {self.said: view.removed(gone, lang) if gone else ""}
        if conversation != visit.current:
            return {self.list: self._listed(visit, lang), **said}
        return {**self._go_to(visit, 0, lang), **said}

    def _go_to(self, visit: Browser, conversation: int, lang: str) -> Changes:
        there = visit.at(conversation)
        turns, problem = self.turns(there)
        box, found, article = self._beside
        emptied = {box: "", found: passages.found((), lang), article: ""}
        return {**self.shown(there, turns, lang), self.said: problem, **emptied}

    # -- all of them ---------------------------------------------------------------------------

    def show(self, contains: str, kept: object, request: gr.Request) -> str:
        """The conversations in which this is found."""
        return self._listed(Browser.of(kept), language(request), contains or "")

    def _listed(self, visit: Browser, lang: str, contains: str = "") -> str:
        try:
            found = self.bot.conversations.find(visit.secret, contains)
        except QABotError as error:
            return notices.problem(str(error))
        return view.talks(found, visit.current, lang, searched=bool(contains.strip()))

    def rename(self, contains: str, kept: object, event: gr.EventData, request: gr.Request) -> str:
        visit, lang = Browser.of(kept), language(request)
        try:
            name = str(event._data.get("name") or "")
            self.bot.conversations.rename(visit.secret, number_of(event._data.get("id")), name)
        except QABotError as error:
            return notices.problem(str(error))
        return self._listed(visit, lang, contains or "")

    # -- out again -----------------------------------------------------------------------------

    def save(self, kept: object, event: gr.EventData, request: gr.Request) -> Changes:
        """The conversation as a file to download."""
        lang, visit = language(request), Browser.of(kept)
        ending = str(event._data.get("format"))
        try:
            said = exchanges(visit.turns(self.bot))
            if ending not in export.FORMATS or not said:
                return {self.download: None, self.said: notices.note(say(lang, "export_nothing"))}
            found = self.bot.conversations.find(visit.secret)
            name = next((one.name for one in found if one.id == visit.current), "qa_bot")
            path = self._file(name, ending)
            export.write(path, name, said, lang)
        except (QABotError, OSError) as error:
            return {self.download: None, self.said: notices.problem(str(error))}
        self.download.temp_files.add(str(path))  # and so it goes after an hour, like uploads
        return {self.download: str(path), self.said: ""}

    def _file(self, name: str, ending: str) -> Path:
        stem = " ".join(re.sub(r"[^\w-]+", " ", name).split())[:_LONGEST_STEM] or "qa_bot"
        return Path(tempfile.mkdtemp(dir=temporary.exports())) / f"{stem}.{ending}"
