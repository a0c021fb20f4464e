"""Who asks, where a proxy asks for somebody: it is believed if it is one of those trusted."""

from __future__ import annotations

import ipaddress
import logging
from typing import TYPE_CHECKING

from starlette.datastructures import Headers

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

__all__ = ["Proxies"]

log = logging.getLogger(__name__)

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_PREFIX = b"x-forwarded-"


class Proxies:
    """ASGI middleware before all that ask who the visitor is.

    `trusted` are addresses and networks with commas between. From these, X-Forwarded-For and
    X-Forwarded-Proto tell visitor and scheme. From all others such headers are taken away, for
    anybody could send them: nothing behind, Gradio included, shall believe them.
    """

    def __init__(self, app: ASGIApp, trusted: str) -> None:
        self._app = app
        self._trusted = [ipaddress.ip_network(t.strip()) for t in trusted.split(",") if t.strip()]
        self._told = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand a request on, as ASGI has it."""
        if scope["type"] in ("http", "websocket"):
            scope = self._resolved(scope)
        await self._app(scope, receive, send)

    def _resolved(self, scope: Scope) -> Scope:
        headers = Headers(scope=scope)
        peer = _address(str((scope.get("client") or ("",))[0]))
        if peer is None or not self._trusts(peer):
            kept = [pair for pair in scope["headers"] if not pair[0].startswith(_PREFIX)]
            if len(kept) < len(scope["headers"]) and not self._told:
                self._told = True  # once: anybody can send it
                log.warning(
                    "%s says for whom it asks, and is not believed: if it is your proxy, name it "
                    "in QA_BOT_TRUSTED_PROXIES.",
                    peer or "A visitor",
                )
            return {**scope, "headers": kept}
        visitor = peer
        for hop in reversed(",".join(headers.getlist("x-forwarded-for")).split(",")):
            address = _address(hop)
            if address is None:
                break
            visitor = address
            if not self._trusts(address):  # what stands before it could be its invention
                break
        scope = {**scope, "client": (str(visitor), 0)}
        scheme = headers.get("x-forwarded-proto", "").partition(",")[0].strip().lower()
        if scheme in ("http", "https"):
            web = scope["type"] == "http"
            scope["scheme"] = scheme if web else scheme.replace("http", "ws")
        return scope

    def _trusts(self, address: Address) -> bool:
        return any(address in network for network in self._trusted)


def _address(text: str) -> Address | None:
    """The address in an entry such as `192.0.2.1`, `192.0.2.1:80` or `[2001:db8::1]:80`."""
    host = text.strip()
    if host.startswith("["):
        host = host[1:].partition("]")[0]
    elif host.count(":") == 1:
        host = host.partition(":")[0]
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
