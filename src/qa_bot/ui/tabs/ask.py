"""The Ask tab: the conversation at the left, what it rests on at the right."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import gradio as gr

from qa_bot import LLM
from qa_bot.errors import IndexAwayError, QABotError
from qa_bot.exchange import Exchange
from qa_bot.records import LONGEST_QUESTION, Answer, Update
from qa_bot.ui.answering import Answering, Stopped
from qa_bot.ui.article_panel import article_panel
from qa_bot.ui.background import Background
from qa_bot.ui.conversation import (
    Browser,
    Kept,
    kept_exchange,
    key_of,
    messages,
    now,
    number_of,
    remembered,
)
from qa_bot.ui.events import PRIVATE, QUIET, Changes
from qa_bot.ui.filters import Filters, Narrowed
from qa_bot.ui.talks import Talks
from qa_bot.ui.texts import locale, say
from qa_bot.ui.views import answer as view
from qa_bot.ui.views import notices, passages
from qa_bot.ui.views import talks as talks_view
from qa_bot.ui.web import asset, language

if TYPE_CHECKING:
    from qa_bot.bot import QABot

__all__ = ["AskTab"]

# In the browser, for the server may be at a step that it does not end at once.
_STOPPING = """(...given) => {
  for (const stage of document.querySelectorAll('#qa-chat .qa-stage'))
    stage.textContent = stage.dataset.stopping;
  document.querySelector('#qa-question textarea').focus();
  return given;
}"""

_TO_FOUND = """() => {
  const found = document.querySelector('.qa-side .qa-found');
  found.scrollIntoView();
  found.querySelector('a').focus({ preventScroll: true });
}"""

Given = Mapping[Any, Any]
"""The values of components, by component."""


class AskTab:
    """Lays out the tab inside the current Blocks, and answers."""

    def __init__(self, bot: QABot, t: gr.I18n, background: Background) -> None:
        self.bot = bot
        self.background = background
        self._answering = Answering(bot.settings)
        # What this session's own language model is, if any; True: the one in the settings.
        self.llm = gr.State(True)
        self.filters = Filters(bot)
        self.talks = Talks(bot)
        self.browser = self.talks.browser
        with gr.Row(elem_classes="qa-columns"):
            with gr.Column(scale=3, min_width=320):
                self._conversation(t)
            with gr.Column(scale=2, min_width=320, elem_classes="qa-side"):
                self.article = article_panel(bot)
                self.found = gr.HTML(elem_classes="qa-foundpanel")
        self.renewed = [self.filters.source, *background.outputs]
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
        self.talks.follow(self.chat, self.judged)
        self.filters.chips()
        with gr.Row(elem_classes="qa-askrow"):
            self.box = gr.Textbox(
                label=t("question"),
                show_label=False,
                placeholder=t("question_hint"),
                max_lines=4,
                autofocus=True,
                container=False,
                elem_id="qa-question",
            )
            self.send = gr.Button(
                t("send"), variant="primary", scale=0, min_width=72, elem_id="qa-send"
            )
            # takes the place of the other while an answer is made, see ask.css
            self.stop = gr.Button(t("stop"), scale=0, min_width=72, elem_id="qa-stop")
        with gr.Row(elem_classes="qa-actions"):
            self.retry = gr.Button(t("retry"), size="sm", scale=0, min_width=0)
            self.talks.buttons(t)
            # on a phone alone, see ask.css
            self.to_found = gr.Button(
                t("found"), size="sm", scale=0, min_width=0, elem_id="qa-to-found"
            )
        self.filters.boxes(t)
        self.talks.shelf(t)

    def _listen(self) -> None:
        inputs: set[gr.blocks.Block] = {self.box, self.browser, self.llm, *self.filters.inputs}
        outputs: list[gr.blocks.Block] = [*self.talks.outputs, self.box, self.found, self.article]
        outputs += self.background.outputs
        asking: dict[str, Any] = {
            "outputs": outputs,
            **QUIET,  # whoever waits is told so
        }
        gr.on([self.box.submit, self.send.click], self.ask, inputs, **asking)
        self.stop.click(self.end, self.browser, outputs, js=_STOPPING, **QUIET)
        self.to_found.click(None, js=_TO_FOUND, **PRIVATE)
        self.retry.click(self.ask_again, inputs, **asking)
        self.chat.example_select(self.ask_example, inputs, **asking)
        self.judged.ask(self.ask_link, inputs, **asking)
        places = [*outputs, *self.filters.outputs]
        self.judged.enter(self.enter, [self.browser, self.llm], places, **QUIET)
        # one step after the other, each quick: of Back, pressed twice, the second one counts
        one_by_one: dict[str, Any] = {**QUIET, "concurrency_limit": 1, "trigger_mode": "multiple"}
        self.judged.go(self.go, self.browser, places, **one_by_one)
        self.judged.judge(self.judge, self.browser, self.judged, **QUIET)
        self.filters.listen(self.article, self.judged)
        self.talks.listen([self.box, self.found, self.article], outputs)

    # -- asking --------------------------------------------------------------------------------

    def ask(self, given: Given, request: gr.Request) -> Iterator[Changes]:
        """Answers in the chat, step by step; the passages found come first, in the panel."""
        yield from self._ask(given[self.box], *self._asking(given), request)

    def ask_again(self, given: Given, request: gr.Request) -> Iterator[Changes]:
        """The last question once more, under the filters of now."""
        visit, llm, narrowed = self._asking(given)
        turns, _ = self.talks.turns(visit)
        last = turns[-1]["question"] if turns else ""
        for changes in self._ask(last, visit, llm, narrowed, request, again=True):
            yield {**changes, self.box: gr.skip()}

    def ask_example(
        self, given: Given, request: gr.Request, chosen: gr.SelectData
    ) -> Iterator[Changes]:
        yield from self._ask(chosen.value["text"], *self._asking(given), request)

    def ask_link(self, given: Given, request: gr.Request, event: gr.EventData) -> Iterator[Changes]:
        """A question that an answer gave as an example, or the same once without the filter."""
        visit, llm, narrowed = self._asking(given)
        if event._data.get("unfiltered"):
            narrowed = Narrowed("", "", "", "")
        asked = str(event._data.get("question", ""))
        yield from self._ask(asked, visit, llm, narrowed, request)

    def end(self, browser: object, request: gr.Request) -> Changes:
        """Stops the answer that is being made; without one the conversation is shown as it is."""
        if self._answering.stop(request.session_hash or ""):
            return {self.box: gr.skip()}
        visit = Browser.of(browser)
        turns, _ = self.talks.turns(visit)
        return self.talks.shown(visit, turns, language(request))

    def _asking(self, given: Given) -> tuple[Browser, LLM | bool, Narrowed]:
        """Who asks, which language model, and what the filters say."""
        return Browser.of(given[self.browser]), given[self.llm], self.filters.narrowed(given)

    def enter(
        self, browser: object, llm: LLM | bool, event: gr.EventData, request: gr.Request
    ) -> Iterator[Changes]:
        """What an address says when the page is opened with it.

        Its question is asked, unless the conversation has it.
        """
        place = _place(event)
        here = _is_here(event) or not place.get("conversation")
        visit, turns, narrowed, changes = self._there(browser, place, here, language(request))
        yield changes
        question = place.get("question", "").strip()
        exchanges = [turn.get("exchange") or {} for turn in turns]
        known = {turn["question"] for turn in turns} | {said.get("asked") for said in exchanges}
        if not question or question in known:
            return
        for step in self._ask(question, visit, llm, narrowed, request):
            if place.get("article"):
                step.pop(self.article, None)
            yield step

    def go(self, browser: object, event: gr.EventData, request: gr.Request) -> Changes:
        """Where Back and Forward lead: a conversation and filters."""
        *_, changes = self._there(browser, _place(event), _is_here(event), language(request))
        return changes

    def _there(
        self, browser: object, place: Mapping[str, str], here: bool, lang: str
    ) -> tuple[Browser, list[Kept], Narrowed, Changes]:
        """Who is at a place, its conversation and filters, and what shows them.

        `here`: the conversation is the one that is shown.
        """
        visit = Browser.of(browser)
        narrowed, changes = self.filters.arrive(place, lang)
        if here:
            turns, _ = self.talks.turns(visit)
            return visit, turns, narrowed, changes
        visit = visit.at(number_of(place.get("conversation")))
        turns, problem = self.talks.turns(visit)
        visit = visit if turns else visit.at(0)  # none, or another browser's
        shown = self.talks.shown(visit, turns, lang)
        return visit, turns, narrowed, {**changes, **shown, self.judged: problem}

    def _ask(
        self,
        question: str,
        visit: Browser,
        llm: LLM | bool,
        narrowed: Narrowed,
        request: gr.Request,
        *,
        again: bool = False,
    ) -> Iterator[Changes]:
        """:param again: whether the answer takes the place of the last one."""
        question, lang = (question or "").strip(), language(request)
        if not question:
            yield {self.box: gr.skip()}
            return
        if len(question) > LONGEST_QUESTION:  # it stays in its box, to be shortened
            said = say(lang, "question_long", length=len(question), most=LONGEST_QUESTION)
            yield {self.judged: notices.problem(said)}
            return
        yield {
            **dict.fromkeys((self.box, self.article, self.found, self.judged), ""),
            **self.background.changes(lang),
        }
        turns, problem = self.talks.turns(visit)
        turns = turns[:-1] if again else turns
        turn: Kept = {"question": question, "html": problem}
        if fault := narrowed.fault(lang):
            yield self.talks.keep(
                visit, turns, {**turn, "html": notices.problem(fault)}, lang, again
            )
            return
        history, where = remembered(turns), narrowed.arguments

        def begin(stopped: Stopped) -> Iterator[Update]:
            return self.bot.stream(question, history=history, llm=llm, stopped=stopped, **where)

        visitor = request.client.host if request.client else ""
        page = request.session_hash or ""
        left_out = self.filters.left_out(narrowed, lang)
        for told in self._answering.steps(begin, visitor, page, lang):
            if told.answer is not None:
                turn |= self._answered(told.answer, narrowed, lang)
                panel = left_out + passages.panel(told.answer, lang)
                yield {**self.talks.keep(visit, turns, turn, lang, again), self.found: panel}
                return
            turn["html"] = told.html
            shown: Changes = {self.chat: messages([*turns, turn])}
            if told.panel is not None:
                shown[self.found] = left_out + told.panel
            yield shown
        yield self.talks.keep(visit, turns, turn, lang, again)

    def _answered(self, answer: Answer, narrowed: Narrowed, lang: str) -> Kept:
        facts = json.dumps(self.bot.feedback.facts_of(answer), ensure_ascii=False)
        exchange = Exchange.of(
            answer,
            now(),
            since=narrowed.since,
            until=narrowed.until,
            source=narrowed.source,
            only=self.filters.headline(narrowed),
        )
        html = view.answer(answer, lang, key_of(facts))
        return {"html": html, "facts": facts, "exchange": kept_exchange(exchange)}

    def judge(self, browser: object, event: gr.EventData, request: gr.Request) -> str:
        """Keeps what a reader thinks of an answer."""
        lang = language(request)
        key, verdict = (str(event._data.get(name, "")) for name in ("key", "verdict"))
        turns, _ = self.talks.turns(Browser.of(browser))
        facts = next((t["facts"] for t in turns if key_of(t.get("facts", "")) == key), "")
        try:
            self.bot.feedback.add(json.loads(facts or "{}"), verdict)
        except ValueError as error:
            return notices.problem(str(error))
        except QABotError as error:
            return notices.fault(error, lang)
        return notices.note(say(lang, "judged", verdict=say(lang, f"verdict_{verdict}")))

    # -- opening -------------------------------------------------------------------------------

    def restore(self, browser: object, request: gr.Request) -> Changes:
        """What a page shows when it is opened: the conversation the browser is in, or a welcome."""
        lang, visit = language(request), Browser.of(browser)
        turns, problem = self.talks.turns(visit)
        shown = self.talks.shown(visit if turns else visit.at(0), turns, lang)
        renewed = self.renew(request)
        renewed[self.chat]["value"] = shown.pop(self.chat)
        return {
            **renewed,
            **shown,
            self.talks.exports: talks_view.exports(lang),
            self.judged: problem,
            self.found: passages.found((), lang),
        }

    def renew(self, request: gr.Request) -> Changes:
        """What depends on the library: the welcome, the questions it can answer, the sources."""
        lang = language(request)
        told = self.background.changes(lang)
        try:
            return {self.chat: self._welcome(lang), **self.filters.renew(lang), **told}
        except IndexAwayError as error:
            away: dict[str, Any] = gr.update(placeholder=notices.fault(error, lang), examples=[])
            return {self.chat: away, self.filters.source: gr.update(), **told}

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


def _place(event: gr.EventData) -> dict[str, str]:
    """Where an address leads, by its keys."""
    return {name: str(value) for name, value in event._data.items()}


def _is_here(event: gr.EventData) -> bool:
    """Whether that conversation is shown already."""
    return bool(event._data.get("here"))
