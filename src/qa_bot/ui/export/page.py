"""A conversation as a page of HTML of its own, made to be printed."""

from __future__ import annotations

from qa_bot.ui.export.content import Content
from qa_bot.ui.markup import fill

__all__ = ["page"]


def page(content: Content) -> str:
    return fill("export", content=content)
