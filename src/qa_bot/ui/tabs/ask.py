"""The Ask tab: the conversation at the left, what it rests on at the right."""

from __future__ import annotations

import functools
import json
import logging
import threading
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import gradio as gr

from qa_bot import LLM
from qa_bot.errors import ArticleNotFoundError, IndexAwayError, QABotError
from qa_bot.records import LONGEST_QUESTION, Update
from qa_bot.server.limits import Limiter
from qa_bot.ui import daterange, export
from qa_bot.ui.article_panel import article_panel
from qa_bot.ui.conversation import Kept, kept, key_of, messages, remembered
from qa_bot.ui.events import PRIVATE, QUIET, Changes
from qa_bot.ui.texts import locale, say
from qa_bot.ui.views import answer as view
from qa_bot.ui.views import notices
from qa_bot.ui.views.article import only
from qa_bot.ui.views.narrowing import FIELDS, narrowing
from qa_bot.ui.web import asset, language

if TYPE_CHECKING:
    from qa_bot.bot import QABot

__all__ = ["AskTab"]

log = logging.getLogger(__name__)

_AT_ONCE = 4  # questions answered at a time: more would only take longer each
_KEPT_TURNS = 50
_LONGEST_DATE = 40  # characters
_PATIENCE = 0.3  # seconds, before a question is said to be waiting


class AskTab:
    """Lays out the tab inside the current Blocks, and answers."""

    def __init__(self, bot: QABot, t: gr.I18n) -> None:
        self.bot = bot
        self._limiter = Limiter(bot.settings.questions_per_minute)
        self._waiting = threading.BoundedSemaphore(bot.settings.questions_at_once)
        self._answering = threading.Semaphore(_AT_ONCE)
        # What this session's own language model is, if any; True: the one in the settings.
        self.llm = gr.State(True)
        # The id of the one article that is asked about; "": all.
        self.about = gr.State("")
        # Kept in the browser, so that a reload shows the conversation again. The key hides
        # nothing: the browser needs it too, and so it is always the same.
        self.turns = gr.BrowserState([], storage_key="qa_bot.turns", secret="qa_bot")
        with gr.Row(elem_classes="qa-columns"):
            with gr.Column(scale=3, min_width=320):
                self._conversation(t)
            with gr.Column(scale=2, min_width=320, elem_classes="qa-side"):
                self.article = article_panel(bot)
                self.found = gr.HTML(elem_classes="qa-foundpanel")
        self._listen()

    def _conversation(self, t: gr.I18n) -> None:
        self.chat = gr.Chatbot(
            label=t("chat"),
            show_label=False,
            height="",
            elem_id="qa-chat",
            latex_delimiters=[],
            layout="panel",
            buttons=[],
            feedback_options=None,
            group_consecutive_messages=False,
            autoscroll=False,  # see page.js
            allow_tags=False,
        )
        self.judged = gr.HTML(js_on_load=asset("feedback.js"), elem_id="qa-judged")
        self.only = gr.HTML(elem_id="qa-only")
        self.narrowing = gr.HTML(elem_id="qa-narrowing")
        with gr.Row(elem_classes="qa-askrow"):
            self.box = gr.Textbox(
                label=t("question"),
                show_label=False,
                placeholder=t("question_hint"),
                max_lines=4,
                max_length=LONGEST_QUESTION,
                autofocus=True,
                container=False,
                elem_id="qa-question",
            )
            self.send = gr.Button(t("send"), variant="primary", scale=0, min_width=72)
        with gr.Row(elem_classes="qa-actions"):
            self.retry = gr.Button(t("retry"), size="sm", scale=0, min_width=0)
            self.clear = gr.Button(t("clear"), size="sm", scale=0, min_width=0)
            self.export = gr.Button(t("export"), size="sm", scale=0, min_width=0)
        with gr.Accordion(t("filters"), open=False, elem_classes="qa-filters"), gr.Row():
            hint = t("date_hint")
            self.since = gr.Textbox(label=t("since"), placeholder=hint, min_width=140)
            self.until = gr.Textbox(label=t("until"), placeholder=hint, min_width=140)
            self.source = gr.Dropdown(
                label=t("field_source"), choices=[""], value="", min_width=140
            )

    def _listen(self) -> None:
        inputs = [self.box, self.turns, self.since, self.until, self.source, self.llm, self.about]
        outputs = [self.box, self.chat, self.turns, self.found, self.article, self.judged]
        asking: dict[str, Any] = {
            "outputs": outputs,
            **QUIET,  # whoever waits is told so
        }
        gr.on([self.box.submit, self.send.click], self.ask, inputs, **asking)
        self.retry.click(self.ask_again, inputs, **asking)
        self.chat.example_select(self.ask_example, inputs, **asking)
        self.judged.ask(self.ask_link, inputs, **asking)
        narrowed = [self.since, self.until, self.source]
        gr.on(
            [self.since.change, self.until.change, self.source.change],
            self.show_narrowing,
            narrowed,
            self.narrowing,
            show_progress="hidden",
            queue=False,
            **PRIVATE,
        )
        self.judged.arrive(
            self.arrive,
            [self.turns, self.llm],
            [*outputs, *narrowed, self.about, self.only],
            trigger_mode="multiple",  # while a question is answered, too
            **QUIET,
        )
        self.judged.unfilter(self.unfilter, outputs=narrowed, **QUIET)
        self.article.only(
            self.ask_only,
            outputs=[self.about, self.only],
            **QUIET,
        )
        self.judged.judge(
            self.judge,
            self.turns,
            self.judged,
            **QUIET,
        )
        self.export.click(None, self.turns, js=asset("export.js"), **PRIVATE)
        self.clear.click(
            self.forget, outputs=outputs, show_progress="hidden", queue=False, **PRIVATE
        )

    def ask(
        self,
        question: str,
        turns: list[Kept],
        since: str,
        until: str,
        source: str,
        llm: LLM | bool,
        about: str,
        request: gr.Request,
    ) -> Iterator[Changes]:
        """Answers in the chat, step by step; the passages found come first, in the panel."""
        question, turns, lang = (question or "").strip(), kept(turns), language(request)
        since, until = (since or "").strip(), (until or "").strip()
        if not question:
            yield {self.box: gr.skip()}
            return
        yield {self.box: "", self.article: "", self.found: "", self.judged: ""}
        turn = {"question": question, "html": ""}
        steps = functools.partial(
            self.bot.stream,
            question,
            since=since or None,
            until=until or None,
            source=source or None,
            article_ids=[about] if about else None,
            history=remembered(turns),
            llm=llm,
        )
        visitor = request.client.host if request.client else ""
        if fault := daterange.fault(since, until, lang):
            turn["html"] = notices.problem(fault)
            yield {self.chat: messages([*turns, turn]), self.turns: [*turns, turn][-_KEPT_TURNS:]}
            return
        left_out = self._left_out(source, lang) if since or until else ""
        for told, found in self._in_turn(steps, visitor, lang):
            turn |= told
            shown: Changes = {self.chat: messages([*turns, turn])}
            if found is not None:
                shown[self.found] = left_out + found
            if "facts" in turn:  # with the answer, or a question right behind it would be lost
                shown[self.turns] = [*turns, turn][-_KEPT_TURNS:]
            yield shown
        if "facts" not in turn:
            yield {self.turns: [*turns, turn][-_KEPT_TURNS:]}

    def _left_out(self, source: str, lang: str) -> str:
        """That a date lets no article pass whose year nobody gave."""
        count = self.bot.undated(source=source or None)
        return notices.note(say(lang, "undated_left_out", count=count)) if count else ""

    def ask_again(
        self,
        question: str,
        turns: list[Kept],
        since: str,
        until: str,
        source: str,
        llm: LLM | bool,
        about: str,
        request: gr.Request,
    ) -> Iterator[Changes]:
        """The last question once more, under the filters of now."""
        turns = kept(turns)
        if not turns:
            yield {self.box: gr.skip()}
            return
        again, before = turns[-1]["question"], turns[:-1]
        for changes in self.ask(again, before, since, until, source, llm, about, request):
            yield {**changes, self.box: gr.skip()}

    def ask_example(
        self,
        question: str,
        turns: list[Kept],
        since: str,
        until: str,
        source: str,
        llm: LLM | bool,
        about: str,
        request: gr.Request,
        chosen: gr.SelectData,
    ) -> Iterator[Changes]:
        yield from self.ask(chosen.value["text"], turns, since, until, source, llm, about, request)

    def ask_link(
        self,
        question: str,
        turns: list[Kept],
        since: str,
        until: str,
        source: str,
        llm: LLM | bool,
        about: str,
        request: gr.Request,
        event: gr.EventData,
    ) -> Iterator[Changes]:
        """A question that an answer gave as an example, or the same once without the filter."""
        asked = str(event._data.get("question", ""))
        if event._data.get("unfiltered"):
            since = until = source = about = ""
        yield from self.ask(asked, turns, since, until, source, llm, about, request)

    def show_narrowing(self, since: str, until: str, source: str, request: gr.Request) -> str:
        """The filters in force, at the box."""
        return narrowing((since or "", until or "", source or ""), language(request))

    def unfilter(self, event: gr.EventData) -> Changes:
        """Lifts one filter."""
        fields = dict(zip(FIELDS, (self.since, self.until, self.source), strict=True))
        field = fields.get(str(event._data.get("field", "")))
        return {field: ""} if field is not None else {self.source: gr.skip()}

    def arrive(
        self,
        turns: list[Kept],
        llm: LLM | bool,
        event: gr.EventData,
        request: gr.Request,
    ) -> Iterator[Changes]:
        """What an address says: its filters and, unless the conversation has it, its question."""
        place = {name: str(value) for name, value in event._data.items()}
        since, until = (place.get(name, "")[:_LONGEST_DATE] for name in ("since", "until"))
        source, about = place.get("source", ""), place.get("only", "")
        source = source if source in self.bot.sources() else ""
        only = self._only(about, language(request))
        yield {self.since: since, self.until: until, self.source: source, **only}
        question = place.get("question", "").strip()
        known = {turn.get(name) for turn in kept(turns) for name in ("question", "asked")}
        if not event._data.get("asking") or not question or question in known:
            return
        about = only[self.about]
        for changes in self.ask(question, turns, since, until, source, llm, about, request):
            if place.get("article"):
                changes.pop(self.article, None)
            yield changes

    def ask_only(self, event: gr.EventData, request: gr.Request) -> Changes:
        """From now on ask about this article alone, or about all again."""
        return self._only(str(event._data.get("id", "")), language(request))

    def _only(self, article_id: str, lang: str) -> Changes:
        try:
            article = self.bot.article(article_id) if article_id else None
        except ArticleNotFoundError:
            article = None
        return {self.about: article.id if article else "", self.only: only(article, lang)}

    def judge(self, turns: list[Kept], event: gr.EventData, request: gr.Request) -> str:
        """Keeps what a reader thinks of an answer."""
        lang = language(request)
        key, verdict = (str(event._data.get(name, "")) for name in ("key", "verdict"))
        facts = next((t["facts"] for t in kept(turns) if key_of(t.get("facts", "")) == key), "")
        try:
            self.bot.feedback.add(json.loads(facts or "{}"), verdict)
        except ValueError as error:
            return notices.problem(str(error))
        except QABotError as error:
            return notices.fault(error, lang)
        return notices.note(say(lang, "judged", verdict=say(lang, f"verdict_{verdict}")))

    def forget(self, request: gr.Request) -> Changes:
        return {
            self.box: "",
            self.chat: [],
            self.turns: [],
            self.found: view.found((), language(request)),
            self.article: "",
            self.judged: "",
        }

    def _in_turn(
        self, begin: Callable[[], Iterator[Update]], visitor: str, lang: str
    ) -> Iterator[tuple[Kept, str | None]]:
        """`_steps`, from reading on when it is its turn; a friendly word if there are too many."""
        if not self._limiter.allows(visitor):
            yield {"html": notices.problem(say(lang, "too_many"))}, None
            return
        if not self._waiting.acquire(blocking=False):
            yield {"html": notices.problem(say(lang, "busy"))}, None
            return
        try:
            steps = self._steps(begin, lang)
            for told, found in steps:
                yield told, found
                if found is not None:  # searching is quick, and needs no turn: reading takes long
                    break
            else:
                return  # it failed before
            if not self._answering.acquire(timeout=_PATIENCE):
                yield {"html": view.draft(say(lang, "waiting"), "", "", lang)}, None
                self._answering.acquire()
            try:
                yield from steps
            finally:
                self._answering.release()
        finally:
            self._waiting.release()

    def _steps(
        self, begin: Callable[[], Iterator[Update]], lang: str
    ) -> Iterator[tuple[Kept, str | None]]:
        """(what is known of the turn, the panel where it changes) as HTML, at each step."""
        try:
            for update in begin():
                found = view.found(update.hits, lang) if update.stage == "reading" else None
                if (answer := update.answer) is not None:
                    facts = json.dumps(self.bot.feedback.facts_of(answer), ensure_ascii=False)
                    turn = {
                        "html": view.answer(answer, lang, key_of(facts)),
                        "facts": facts,
                        "asked": answer.asked,
                        "answer": answer.short,
                        "markdown": export.markdown(answer),
                    }
                    yield turn, view.panel(answer, lang)
                    continue
                stage = say(lang, f"stage_{update.stage}", count=len(update.hits))
                yield {"html": view.draft(stage, update.text, update.asked, lang)}, found
        except QABotError as error:
            yield {"html": notices.fault(error, lang)}, None
        except Exception:
            log.exception("a question failed")
            yield {"html": notices.problem(say(lang, "failed"))}, None

    def restore(self, turns: list[Kept], request: gr.Request) -> Changes:
        """What a page shows when it is opened: the conversation the browser kept, or a welcome."""
        lang = language(request)
        changes = self.renew(request)
        changes[self.chat]["value"] = messages(kept(turns))
        return {**changes, self.found: view.found((), lang)}

    def renew(self, request: gr.Request) -> Changes:
        """What depends on the library: the welcome, the questions it can answer, the sources."""
        lang = language(request)
        try:
            sources = [(say(lang, "any_source"), ""), *((s, s) for s in self.bot.sources())]
            return {self.chat: self._welcome(lang), self.source: gr.update(choices=sources)}
        except IndexAwayError as error:
            away: dict[str, Any] = gr.update(placeholder=notices.fault(error, lang), examples=[])
            return {self.chat: away, self.source: gr.update()}

    def _welcome(self, lang: str) -> dict[str, Any]:
        empty = not self.bot.articles(limit=1)
        examples = [
            {"text": example.question}
            for example in locale(lang).examples
            if self.bot.articles(limit=1, contains=example.headline)
        ]
        more = say(lang, "welcome_empty" if empty else "welcome_more")
        heading = notices.note(say(lang, "welcome"), "qa-welcome")
        welcome: dict[str, Any] = gr.update(
            placeholder=heading + notices.note(more), examples=examples
        )
        return welcome
