"""HTML from the files in `templates/`: whatever they are filled with is escaped.

A template is laid out in lines for whoever reads it. Of a line break with the blanks around it
nothing is left, or a space where an attribute follows: a blank line would end the HTML in the eyes
of Markdown, which the conversation is shown through.
"""

from __future__ import annotations

import functools
import re

from jinja2 import Environment, PackageLoader, StrictUndefined
from jinja2.ext import Extension
from markupsafe import Markup

from qa_bot.ui.texts import say

__all__ = ["environment", "escape", "fill"]

_ACTIVE = re.compile(r"[\x00-\x1f!-/:-@\[-`{-~]")
_BREAK_BEFORE_ATTRIBUTE = re.compile(r'\s*\n\s*(?=[a-z-]+=")')
_BREAK = re.compile(r"\s*\n\s*")


def escape(text: str) -> str:
    """`text` as characters that mean nothing to HTML, Markdown, LaTeX or a template.

    Every ASCII punctuation mark and control character becomes a character reference. A line break
    does too: a blank line would end the HTML block, and Markdown would begin again.
    """
    return _ACTIVE.sub(lambda match: f"&#{ord(match[0])};", text)


def _shown(value: object) -> Markup:
    """What stands in the page for a value in a template, instead of what Jinja would escape."""
    if isinstance(value, Markup):  # of a macro: what comes from Python is never HTML
        return value
    if isinstance(value, (str, int, float, StrictUndefined)):
        return Markup(escape(str(value)))
    raise TypeError(f"A template shows text and numbers, not {type(value).__name__}.")


class _Layout(Extension):
    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        return _BREAK.sub("", _BREAK_BEFORE_ATTRIBUTE.sub(" ", source.strip()))


@functools.cache
def environment() -> Environment:
    """The templates, each of which gets `say(key, **fields)` in the page's language."""
    return Environment(
        loader=PackageLoader("qa_bot.ui"),
        extensions=[_Layout],
        autoescape=True,
        finalize=_shown,
        undefined=StrictUndefined,
        auto_reload=False,
    )


def fill(template: str, lang: str = "", **fields: object) -> str:
    """The template `templates/{template}.html`, in the language `lang` if it says anything."""
    words = functools.partial(say, lang)
    return environment().get_template(f"{template}.html").render(say=words, **fields)
