"""How a page was split into articles, to be put right before they are added."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import gradio as gr

from qa_bot.drafts import Drafts, corrected, drafts_of, merged, split
from qa_bot.records import Article, Outcome
from qa_bot.ui.events import PRIVATE, Changes
from qa_bot.ui.views.proof import field_id, proof
from qa_bot.ui.web import asset, language

__all__ = ["MOST_FILES", "Preview", "Proofs", "checkable"]

MOST_FILES = 5
_MOST_ARTICLES = 60
_MOST_CHARACTERS = 400_000
_STEPS = 20  # that can be taken back


def checkable(articles: list[Article]) -> bool:
    """Whether so many articles can be looked through on one page."""
    size = sum(len(article.text) for article in articles)
    return len(articles) <= _MOST_ARTICLES and size <= _MOST_CHARACTERS


@dataclass(frozen=True, slots=True)
class Proofs:
    """The drafts of now, those of the steps before, and what became of files not among them."""

    drafts: Drafts = ()
    before: tuple[Drafts, ...] = ()
    came: tuple[Outcome, ...] = ()

    def step(self, drafts: Drafts) -> Proofs:
        if drafts == self.drafts:
            return self
        return Proofs(drafts, (*self.before, self.drafts)[-_STEPS:], self.came)

    def back(self) -> Proofs:
        if not self.before:
            return self
        return Proofs(self.before[-1], self.before[:-1], self.came)


class Preview:
    """A panel that shows drafts, keeps what is done to them, and is empty otherwise."""

    def __init__(self) -> None:
        self.proofs = gr.State(Proofs())
        self.panel = gr.HTML(js_on_load=asset("preview.js"), elem_id="qa-preview")
        self.panel.act(
            self.act,
            self.proofs,
            [self.panel, self.proofs],
            show_progress="hidden",
            # one after another: each step begins with what the one before it has made
            concurrency_limit=1,
            concurrency_id="preview",
            trigger_mode="multiple",
            **PRIVATE,
        )

    def show(self, articles: list[Article], came: list[Outcome], lang: str) -> Changes:
        """Begin with these articles; `came` is told when they are added."""
        return self._shown(Proofs(drafts_of(articles), (), tuple(came)), lang, field_id(0, "title"))

    def again(self, proofs: Proofs, lang: str, at: int) -> Changes:
        """The same drafts, at the date of the draft `at`, which is none."""
        return self._shown(proofs, lang, field_id(at, "date"))

    def clear(self) -> Changes:
        return {self.panel: "", self.proofs: Proofs()}

    def act(self, proofs: Proofs, event: gr.EventData, request: gr.Request) -> Changes:
        """One step: `check` (a date), `merge`, `split`, `drop`, `undo` or `discard`."""
        data, lang = event._data, language(request)
        act, at = str(data.get("act")), _number(data.get("n"))
        if act == "discard":
            return self.clear()
        if act == "undo":
            return self._shown(proofs.back(), lang, field_id(0, "title"))
        written = corrected(proofs.drafts, data.get("fields"))
        now = Proofs(written, proofs.before, proofs.came)
        if act == "check":
            return self._shown(now, lang)
        steps: dict[str, Callable[[], tuple[Drafts, int]]] = {
            "merge": lambda: (merged(written, at), at),
            "split": lambda: (split(written, at, _number(data.get("at"))), at + 1),
            "drop": lambda: (written[:at] + written[at + 1 :], min(at, len(written) - 2)),
        }
        if act not in steps or not 0 <= at < len(written):
            return self._shown(now, lang)
        drafts, focus = steps[act]()
        if not drafts:
            return self.clear()
        return self._shown(now.step(drafts), lang, field_id(focus, "title"))

    def _shown(self, proofs: Proofs, lang: str, focus: str = "") -> Changes:
        html = proof(proofs.drafts, lang, focus=focus, undo=bool(proofs.before))
        return {self.panel: html, self.proofs: proofs}


def _number(value: Any) -> int:
    try:
        return int(value)
    except (TypeError, ValueError):
        return -1
