"""Taking articles in: uploaded or pasted, at once or after a look at them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gradio as gr

from qa_bot import drafts
from qa_bot.drafts import Defaults
from qa_bot.records import Article, Outcome, Refusal
from qa_bot.ui import adding, temporary
from qa_bot.ui.adding import Batch
from qa_bot.ui.background import Background
from qa_bot.ui.events import QUIET, Changes
from qa_bot.ui.markup import fill
from qa_bot.ui.preview import MOST_FILES, Preview, Proofs, checkable
from qa_bot.ui.texts import say
from qa_bot.ui.views import notices
from qa_bot.ui.views.library import Place
from qa_bot.ui.web import asset, language

if TYPE_CHECKING:
    from qa_bot.bot import QABot

__all__ = ["Intake"]

_LONGEST_NAME, _MOST_NAMED = 300, 200  # characters; files
_LONGEST_PASTE = 1_000_000  # characters


class Intake:
    """The upload, the box for text, what became of both, and the preview of what they hold."""

    def __init__(self, bot: QABot, t: gr.I18n) -> None:
        self.bot = bot
        self._boxes(t)
        self.status = gr.HTML(js_on_load=asset("library.js"), elem_id="qa-status")
        self.preview = Preview()

    def _boxes(self, t: gr.I18n) -> None:
        shown = not self.bot.settings.read_only
        self.files = gr.File(
            label=t("upload"),
            file_count="multiple",
            height=72,
            visible=shown,
            elem_id="qa-upload",
        )
        self.folder = gr.HTML(
            js_on_load=asset("folder.js"), visible=shown, elem_id="qa-folder", min_width=0
        )
        # what of a folder the browser could not read, until the rest of it is uploaded
        self.unread = gr.State(())
        self.check = gr.Checkbox(
            label=t("check_before"),
            value=False,
            container=False,
            visible=shown,
            elem_id="qa-check",
        )
        with gr.Accordion(
            t("defaults"),
            open=False,
            visible=shown,
            elem_classes="qa-filters",
            elem_id="qa-defaults",
        ):
            gr.HTML(t("defaults_hint"), elem_classes="qa-hint")
            with gr.Row():
                self.default_source = gr.Textbox(
                    label=t("field_source"),
                    max_length=200,
                    min_width=140,
                    elem_id="qa-default-source",
                )
                self.default_date = gr.Textbox(
                    label=t("default_date"),
                    placeholder=t("date_hint"),
                    max_length=40,
                    min_width=140,
                    elem_id="qa-default-date",
                )
        with gr.Accordion(
            t("paste"), open=False, visible=shown, elem_classes="qa-filters", elem_id="qa-paste"
        ):
            self.text = gr.Textbox(
                label=t("paste_text"),
                placeholder=t("paste_hint"),
                lines=6,
                max_lines=16,
                max_length=_LONGEST_PASTE,
            )
            with gr.Row(elem_classes="qa-askrow"):
                self.text_source = gr.Textbox(
                    label=t("field_source"), show_label=False, placeholder=t("paste_source"),
                    max_length=200, container=False,
                )  # fmt: skip
                self.paste = gr.Button(t("paste_add"), variant="primary", scale=0, min_width=96)

    def listen(
        self,
        place: gr.State,
        library: Sequence[Any],
        refreshed: Callable[[Place, str], Changes],
        background: Background,
    ) -> None:
        """Begin to work; `refreshed` gives the components of the `library` as they are now.

        Where nothing may be added no handler is there to be called.
        """
        self._refreshed = refreshed
        self._background = background
        if self.bot.settings.read_only:
            return
        defaults = [self.default_source, self.default_date]
        shown = [self.status, self.preview.panel, self.preview.proofs, *library]
        shown += background.outputs
        self.files.upload(
            self.upload,
            [self.files, self.check, place, *defaults, self.unread],
            [self.files, self.unread, *shown],
            trigger_mode="multiple",  # what comes while vectors are still made is not dropped
            **QUIET,
        )
        self.folder.unread(self.leave_out, None, [self.unread, self.folder, self.status], **QUIET)
        self.paste.click(
            self.pasted,
            [self.text, self.text_source, self.check, place, *defaults],
            [self.text, *shown],
            **QUIET,
        )
        self.preview.panel.accept(self.proved, [self.preview.proofs, place], shown, **QUIET)

    def renew(self, request: gr.Request) -> Changes:
        """What is said in the page's language when it is opened."""
        return {self.folder: fill("folder", language(request), count=0)}

    def leave_out(self, event: gr.EventData, request: gr.Request) -> Changes:
        """Keeps which files of a folder the browser could not read, to be told with the others."""
        lang = language(request)
        names = event._data.get("names")
        names = names if isinstance(names, list) else []
        unread = tuple(str(name)[-_LONGEST_NAME:].lstrip("/") for name in names[:_MOST_NAMED])
        changes: Changes = {
            self.unread: unread,
            self.folder: fill("folder", lang, count=time.monotonic_ns()),  # and the rest comes
        }
        if not event._data.get("files"):
            came = _refused(unread, lang)
            said = notices.outcomes(came, lang) if came else notices.note(say(lang, "folder_empty"))
            changes |= {self.status: said, self.unread: ()}
        return changes

    def upload(
        self,
        paths: list[str] | None,
        check: bool,
        place: Place,
        source: str | None,  # None: the box was never laid out
        date: str | None,
        unread: tuple[str, ...],
        request: gr.Request,
    ) -> Iterator[Changes]:
        """Adds what was uploaded, or shows it first; `source` and `date` are for what has none.

        :param unread: files that the browser could not read, to be told with the others.
        """
        lang = language(request)
        files = list(map(Path, paths or []))
        defaults = Defaults(source or "", date or "")
        batches = [Batch(path, partial(self._read, path, defaults)) for path in files]
        yield {self.files: None, self.unread: ()}
        try:
            if defaults.valid:
                yield from self._take_in(batches, check, place, lang, _refused(unread, lang))
            else:
                yield {
                    self.status: notices.problem(say(lang, "bad_default_date", date=defaults.date))
                }
        finally:
            temporary.discard(files)

    def pasted(
        self,
        text: str,
        source: str,
        check: bool,
        place: Place,
        default_source: str | None,
        date: str | None,
        request: gr.Request,
    ) -> Iterator[Changes]:
        """Adds a text, or shows first what it was split into. It stays in its box if it fails."""
        lang = language(request)
        if not text.strip():
            yield {self.status: notices.problem(say(lang, "paste_empty"))}
            return
        defaults = Defaults(default_source or "", date or "")
        if not defaults.valid:
            yield {self.status: notices.problem(say(lang, "bad_default_date", date=defaults.date))}
            return

        def read() -> list[Article]:
            articles = self.bot.read_text(text, source=" ".join(source.split()))
            return list(map(defaults.fill, articles))

        batches = [Batch(Path(say(lang, "pasted_text")), read)]
        yield from self._take_in(batches, check, place, lang)
        yield {self.text: ""}

    def _read(self, path: Path, defaults: Defaults) -> list[Article | Refusal]:
        """Known by the name the user gave the file, not by its temporary folder."""
        return [
            defaults.fill(replace(entry, path=path.name)) if isinstance(entry, Article) else entry
            for entry in self.bot.read_each(path)
        ]

    def _take_in(
        self,
        batches: Sequence[Batch],
        check: bool,
        place: Place,
        lang: str,
        unread: Sequence[Outcome] = (),
    ) -> Iterator[Changes]:
        if not check:
            yield from self._add(batches, place, lang, came=unread)
            return
        if len(batches) <= MOST_FILES:
            articles: list[Article] = []
            came: list[Outcome] = [*unread]
            for number, batch in enumerate(batches, 1):
                said = say(lang, "uploading", done=number, total=len(batches), name=batch.path.name)
                yield {self.status: notices.progress(said)}
                read, refused = batch.read()
                articles += read
                came += refused
            if not articles:
                yield {self.status: notices.outcomes(came, lang)}
                return
            if checkable(articles):
                status = notices.outcomes(came, lang) if came else ""
                yield {self.status: status, **self.preview.show(articles, came, lang)}
                return
        note = notices.note(say(lang, "unchecked", files=MOST_FILES))
        yield from self._add(batches, place, lang, came=unread, note=note)

    def proved(
        self, proofs: Proofs, place: Place, event: gr.EventData, request: gr.Request
    ) -> Iterator[Changes]:
        """Adds the drafts as they were put right; not while a date among them is none."""
        lang = language(request)
        written = drafts.corrected(proofs.drafts, event._data.get("fields"))
        if not written:
            return
        bad = next((n for n, draft in enumerate(written) if not draft.valid), None)
        if bad is not None:
            yield self.preview.again(replace(proofs, drafts=written), lang, bad)
            return
        articles = drafts.articles(written)
        names = ", ".join(dict.fromkeys(article.path for article in articles if article.path))
        batch = Batch(Path(names or say(lang, "pasted_text")), lambda: articles)
        yield self.preview.clear()
        yield from self._add([batch], place, lang, came=proofs.came)

    def _add(
        self,
        batches: Sequence[Batch],
        place: Place,
        lang: str,
        *,
        came: Sequence[Outcome] = (),
        note: str = "",
    ) -> Iterator[Changes]:
        for step in adding.add(self.bot, batches, lang, came):
            changes: Changes = {self.status: note + step.status}
            if step.stored:
                changes |= self._refreshed(replace(place, offset=0), lang)
            yield changes
        yield self._background.changes(lang)


def _refused(names: Sequence[str], lang: str) -> list[Outcome]:
    return [Outcome(name, "refused", reason=say(lang, "folder_unread")) for name in names]
