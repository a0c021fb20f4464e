"""The web page: `serve(bot)` shows it, `build_app(bot)` gives it as a `gradio.Blocks`."""

from __future__ import annotations

import logging
import os
import signal
import threading
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

# Before Gradio is imported. Nothing is reported to anyone.
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
# Else uvicorn would believe whoever says on loopback that it is a proxy; `Proxies` decides.
os.environ["FORWARDED_ALLOW_IPS"] = ""

import gradio as gr

from qa_bot.api import with_api
from qa_bot.errors import QABotError
from qa_bot.server.heads import bounded_heads
from qa_bot.ui import temporary
from qa_bot.ui.background import Background
from qa_bot.ui.events import PRIVATE, QUIET
from qa_bot.ui.markup import fill
from qa_bot.ui.tabs.ask import AskTab
from qa_bot.ui.tabs.collection import CollectionTab
from qa_bot.ui.tabs.library import LibraryTab
from qa_bot.ui.tabs.model import ModelTab
from qa_bot.ui.views.notices import languages
from qa_bot.ui.web import asset, i18n, launch_options

if TYPE_CHECKING:
    from qa_bot.bot import QABot

__all__ = ["build_app", "serve"]

log = logging.getLogger(__name__)


def build_app(bot: QABot, *, shared: bool = False) -> gr.Blocks:
    """The page over `bot`. `serve` launches it; others want `with_api(launch_options(…), …)`.

    `shared`: others than this computer's user can open it.
    """
    t = i18n()
    temporary.uploads()  # before any component learns where files are put
    # Uploaded files are read at once; what is left of them goes after an hour, or at the end.
    app = gr.Blocks(
        title="qa_bot", analytics_enabled=False, fill_width=True, delete_cache=(3600, 3600)
    )
    with app:
        with gr.Row(elem_id="qa-title"):
            # first of all, for the scripts of the others talk to the one of the address
            scripts = "".join(map(asset, ("address.js", "page.js", "keys.js")))
            gr.HTML(fill("title"), js_on_load=scripts, min_width=0)
            gr.HTML(t("tagline"), min_width=0)
            gr.HTML(languages(), elem_id="qa-languages", min_width=0)
        background = Background(bot)
        with gr.Tab(t("tab_ask"), id="ask", elem_id="qa-tab-ask") as ask_tab:
            ask = AskTab(bot, t, background)
        with gr.Tab(t("tab_library"), id="library", elem_id="qa-tab-library") as library_tab:
            library = LibraryTab(bot, t, background)
        with gr.Tab(
            t("tab_collection"), id="collection", elem_id="qa-tab-collection"
        ) as collection_tab:
            collection = CollectionTab(bot)
        with gr.Tab(t("tab_model"), id="model", elem_id="qa-tab-model"):
            ModelTab(bot, t, ask.llm, shared=shared)

        opened = [*ask.talks.outputs, ask.talks.exports, ask.found, *ask.renewed]
        app.load(ask.restore, ask.browser, opened, **QUIET).then(
            None, js="() => qa.arrive()", **PRIVATE
        )
        app.load(library.intake.renew, None, library.intake.folder, **QUIET)
        ask_tab.select(ask.renew, None, [ask.chat, *ask.renewed], **QUIET)
        library_tab.select(
            library.refresh,
            library.place,
            [library.table, library.source, library.name, library.shown],
            **QUIET,
        ).then(
            library.settle,
            [library.place, library.shown],
            [library.table, library.place],
            **QUIET,
        )
        library_tab.select(background.show, None, background.outputs, **QUIET)
        collection_tab.select(
            collection.show, None, [collection.status, collection.charts], **QUIET
        )
        app.load(collection.hint, None, collection.chosen, **QUIET)
        app.queue(api_open=False)
    return app


def serve(
    bot: QABot, *, host: str = "127.0.0.1", port: int = 7860, open_browser: bool = False
) -> None:
    """Shows the page until interrupted or terminated; port 0 is any free one.

    The model loads meanwhile. Programs are served at the same address (see `qa_bot.api`).

    :raises QABotError: if the port is taken.
    """
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, signal.default_int_handler)  # ends as by Ctrl-C: all is shut
    options = with_api(launch_options(bot.settings), bot, host=host)
    threading.Thread(target=_warm_up, args=(bot,), name="qa_bot-warm-up", daemon=True).start()
    shared = host not in ("127.0.0.1", "localhost", "::1")
    app = build_app(bot, shared=shared)
    try:
        with bounded_heads():
            _, address, _ = app.launch(
                server_name=host,
                server_port=port or None,
                inbrowser=open_browser,
                prevent_thread_lock=True,
                **options,
            )
    except OSError as error:
        raise QABotError(
            f"Cannot listen on {host}, port {port}: it is taken, or not this computer's. "
            "Choose another with --port or --host."
        ) from error
    print(f"qa_bot is at {address}", flush=True)
    settings = bot.settings
    if shared and not (settings.read_only or settings.password_hash.get_secret_value()):
        log.warning(
            "Whoever reaches %s, port %s, may add and remove articles: set QA_BOT_PASSWORD_HASH or "
            "QA_BOT_READ_ONLY=1 to prevent it.",
            host,
            urlsplit(address).port,
        )
    app.block_thread()


def _warm_up(bot: QABot) -> None:
    try:
        bot.warm_up()
    except QABotError as error:  # every question will say so on the page
        if bot.closed:  # the port was taken, say: nothing is to be loaded any more
            return
        log.error("The model could not be loaded: %s", error)
