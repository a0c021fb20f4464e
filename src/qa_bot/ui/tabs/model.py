"""The Language model tab: which model writes the answers of this session."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import gradio as gr

from qa_bot import LLM
from qa_bot.errors import LLMError, SettingsError
from qa_bot.ui.events import PRIVATE, Changes
from qa_bot.ui.texts import say
from qa_bot.ui.views import notices
from qa_bot.ui.web import language

if TYPE_CHECKING:
    from qa_bot.bot import QABot

__all__ = ["ModelTab"]

_TRIAL = 20.0  # seconds


class ModelTab:
    """Lays out the tab inside the current Blocks; `chosen` is the state it sets.

    Where others can open the page (`shared`) nothing can be set: whoever gives the address gives
    the server something to connect to.
    """

    def __init__(self, bot: QABot, t: gr.I18n, chosen: gr.State, *, shared: bool) -> None:
        self.bot = bot
        self.chosen = chosen
        with gr.Column(elem_classes="qa-model"):
            gr.HTML(t("model_shared" if shared else "model_intro"), elem_classes="qa-intro")
            self.status = gr.HTML(elem_id="qa-model-status")
            if shared:
                return
            configured = LLM.of(bot.settings)
            self.url = gr.Textbox(
                value=configured.base_url if configured else "",
                label=t("model_url"),
                placeholder=t("model_url_hint"),
                elem_id="qa-model-url",
            )
            self.name = gr.Textbox(
                value=configured.model if configured else "",
                label=t("model_name"),
                elem_id="qa-model-name",
            )
            self.key = gr.Textbox(label=t("model_key"), type="password", elem_id="qa-model-key")
            with gr.Row():
                use = gr.Button(t("model_use"), variant="primary", scale=0, min_width=160)
                none = gr.Button(t("model_none"), scale=0, min_width=160)
        outputs = [self.chosen, self.status, self.key]
        quiet: dict[str, Any] = {
            "outputs": outputs,
            "show_progress": "hidden",
            "concurrency_limit": 4,
            **PRIVATE,
        }
        use.click(self.use, [self.url, self.name, self.key], **quiet)
        none.click(self.without, **quiet)

    def use(self, url: str, name: str, key: str, request: gr.Request) -> Iterator[Changes]:
        """Tries the model, and takes it if it answers; the key leaves the page at once."""
        lang = language(request)
        yield {self.key: "", self.status: notices.progress(say(lang, "model_trying"))}
        try:
            llm = self._named(url.strip(), name.strip(), key.strip())
        except SettingsError:
            yield {self.status: notices.problem(say(lang, "model_incomplete"))}
            return
        try:
            llm.try_out(_TRIAL)
        except LLMError as error:
            why = say(lang, "model_failed", where=llm.where, why=say(lang, f"llm_{error.code}"))
            yield {self.status: notices.problem(why)}
            return
        works = notices.note(say(lang, "model_works", where=f"{llm.model} · {llm.where}"))
        yield {self.chosen: llm, self.status: works}

    def without(self, request: gr.Request) -> Changes:
        off = notices.note(say(language(request), "model_off"))
        return {self.chosen: False, self.status: off, self.key: ""}

    def _named(self, url: str, name: str, key: str) -> LLM:
        settings = self.bot.settings
        return LLM(
            model=name,
            base_url=url,
            api_key=key,
            context=settings.llm_context,
            time_limit=settings.llm_time_limit,
        )
