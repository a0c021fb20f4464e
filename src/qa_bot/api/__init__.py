"""For programs: REST, the OpenAI protocol and MCP, on the web page's own server.

`with_api(options, bot)` adds `/api/v1`, `/v1` and `/mcp` to the page's launch options.
"""

from __future__ import annotations

import ipaddress
import threading
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from qa_bot.bot import QABot

__all__ = ["with_api"]


def with_api(options: dict[str, Any], bot: QABot, *, host: str) -> dict[str, Any]:
    """`options` of `gradio.Blocks.launch`, with what programs can ask of `bot` on the same server.

    `host` is the address that will be listened on: what only this computer can reach, the page
    included, must be asked for under one of this computer's own names (see `Door`).
    """
    from starlette.middleware import Middleware
    from starlette.routing import Mount, Route

    from qa_bot.api.openai_app import openai_app
    from qa_bot.api.rest import rest_app
    from qa_bot.api.threads import Threads
    from qa_bot.api.tools import Tools
    from qa_bot.server.headers import SecurityHeaders
    from qa_bot.server.limits import Limiter
    from qa_bot.server.origin import Door, Guard
    from qa_bot.server.proxies import Proxies

    threads = Threads()
    tools = Tools(bot, threads)
    names = frozenset(name.strip().lower() for name in bot.settings.hosts.split(",")) | {host}

    limiter = Limiter(bot.settings.questions_per_minute)
    gate = threading.Semaphore(bot.settings.questions_at_once)

    def guarded(app: Any) -> Guard:
        return Guard(app, limiter=limiter, gate=gate)

    routes = [
        Mount("/api/v1", guarded(rest_app(bot, threads))),
        Mount("/v1", guarded(openai_app(bot, threads, limiter))),
        # a mount would redirect /mcp to /mcp/, which not every client follows
        Route("/mcp", guarded(tools)),
    ]
    given = options.get("app_kwargs", {})
    # routes given at construction stand before Gradio's own
    added = {
        "routes": [*given.get("routes", []), *routes],
        "lifespan": tools.running,
        "middleware": [
            Middleware(SecurityHeaders),
            Middleware(Proxies, bot.settings.trusted_proxies),
            Middleware(Door, names, local=_is_local(host)),
            *given.get("middleware", []),
        ],
    }
    return {**options, "app_kwargs": {**given, **added}}


def _is_local(host: str) -> bool:
    """Whether only programs of this computer reach what listens there."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"
