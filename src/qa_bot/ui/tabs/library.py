"""The Library tab: add articles, look through them, export them, remove them."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gradio as gr

from qa_bot.errors import ArticleNotFoundError, IndexAwayError, QABotError
from qa_bot.records import ORDERS, Removed
from qa_bot.ui import daterange, temporary
from qa_bot.ui.article_panel import article_panel
from qa_bot.ui.background import Background
from qa_bot.ui.corrections import Correcting, Corrections, ids_of
from qa_bot.ui.events import LAST, PRIVATE, QUIET, Changes
from qa_bot.ui.intake import Intake
from qa_bot.ui.texts import say
from qa_bot.ui.views import library as view
from qa_bot.ui.views import notices
from qa_bot.ui.views.collection import suggested
from qa_bot.ui.views.library import Place
from qa_bot.ui.views.narrowing import named
from qa_bot.ui.web import asset, language

if TYPE_CHECKING:
    from qa_bot.bot import QABot

__all__ = ["LibraryTab"]

_PAGE = 20
_UNDONE = 20  # removals that can be taken back
_SUGGESTED = 50  # names
_PATIENCE = 0.3  # seconds that a list waits for names: most are counted by then


class LibraryTab:
    """Lays out the tab inside the current Blocks, and keeps its table up to date."""

    def __init__(self, bot: QABot, t: gr.I18n, background: Background) -> None:
        self.bot = bot
        self.place = gr.State(Place())
        self.shown = gr.State(Place())  # when the tab was opened
        self.removed = gr.State(
            []
        )  # what this session took out, step by step, the last one at the end
        with gr.Row(elem_classes="qa-columns"):
            with gr.Column(scale=3, min_width=320):
                self.intake = Intake(bot, t)
                self.status = self.intake.status
                self.corrections = Corrections(bot)
                self._shelf(t)
            with gr.Column(scale=2, min_width=320, elem_classes="qa-side"):
                self.article = article_panel(bot)
        self._listen()
        library = [self.table, self.place, self.source, self.name]
        self.intake.listen(self.place, library, self.wide, background)

    def _shelf(self, t: gr.I18n) -> None:
        with gr.Row(elem_id="qa-narrow"):
            self.filter = gr.Textbox(
                label=t("filter"),
                placeholder=t("filter_hint"),
                max_length=200,
                min_width=180,
                scale=3,
                elem_id="qa-filter",
            )
            self.source = gr.Dropdown(
                label=t("field_source"),
                choices=[""],
                value="",
                min_width=140,
                scale=2,
                elem_id="qa-source",
            )
            self.name = gr.Dropdown(
                label=t("field_name"),
                choices=[],
                value="",
                allow_custom_value=True,
                min_width=140,
                scale=2,
                elem_id="qa-name",
            )
            self.byline = gr.Textbox(
                label=t("field_byline"), max_length=200, min_width=110, scale=1, elem_id="qa-byline"
            )
            hint = t("date_short")
            self.since = gr.Textbox(
                label=t("since"), placeholder=hint, max_length=40, min_width=110, scale=1
            )
            self.until = gr.Textbox(
                label=t("until"), placeholder=hint, max_length=40, min_width=110, scale=1
            )
        self.table = gr.HTML(js_on_load=asset("library.js"), elem_id="qa-library")
        with gr.Row(elem_classes="qa-actions"):
            self.export = gr.Button(t("export_articles"), size="sm", scale=0, min_width=0)
            # pressed by the page itself as soon as the file is there
            self.download = gr.DownloadButton(
                "articles.jsonl", visible="hidden", elem_id="qa-download"
            )

    def _listen(self) -> None:
        view = [self.table, self.place]
        wide = [*view, self.source, self.name]
        self.narrowing: list[gr.Textbox | gr.Dropdown] = [
            self.filter,
            self.byline,
            self.name,
            self.source,
            self.since,
            self.until,
        ]
        # not `input`: Gradio 6.31 misses what is typed first
        for box in self.narrowing:
            box.change(self.narrow, [*self.narrowing, self.place], view, **QUIET)
        self.name.key_up(self.suggest, None, self.name, **LAST)
        self.table.unname(self.unname, self.place, [self.name, *view], **QUIET)
        self.table.again(self.again, self.place, view, **QUIET)
        self.table.arrive(self.arrive, None, [*self.narrowing, *view], **LAST)
        self.table.turn(self.turn, self.place, view, **QUIET)
        self.table.order(self.order, self.place, view, **QUIET)
        if not self.bot.settings.read_only:
            self.table.remove(
                self.remove,
                [self.removed, self.place],
                [self.removed, self.status, self.article, *wide],
                **QUIET,
            )
            self.status.undo(
                self.undo, [self.removed, self.place], [self.removed, self.status, *wide], **QUIET
            )
            self.table.correct(
                self.correct, None, [self.corrections.panel, self.corrections.state, self.status],
                **QUIET,
            )  # fmt: skip
            self.corrections.panel.keep(
                self.keep,
                [self.corrections.state, self.place],
                [
                    self.corrections.panel,
                    self.corrections.state,
                    self.status,
                    self.article,
                    *wide,
                ],
                **QUIET,
            )
        saved = [self.download, self.status]
        for save in (
            self.export.click(self.save, self.place, saved, **QUIET),
            self.table.export_some(self.save_some, None, saved, **QUIET),
        ):
            save.success(
                None,
                self.download,
                js="(file) => { if (file) document.querySelector('#qa-download').click(); }",
                **PRIVATE,
            )

    # -- looking through ------------------------------------------------------------------------

    def view(self, place: Place, lang: str) -> Changes:
        """The table from the offset on, or its last page when there is nothing that far."""
        try:
            return self._view(place, lang)
        except QABotError as error:  # the index is away, or names cannot be looked for
            return {self.table: notices.fault(error, lang), self.place: place}

    def _view(self, place: Place, lang: str) -> Changes:
        if fault := daterange.fault(place.since, place.until, lang):
            return {self.table: notices.note(fault, "qa-note qa-fault"), self.place: place}
        overview = self.bot.overview
        if place.name and not self._counted():
            return {self.table: view.counting(*overview.progress, lang, place), self.place: place}
        total = self.bot.count(**place.narrowed())
        offset = min(max(place.offset, 0), max(total - 1, 0) // _PAGE * _PAGE)
        place = replace(place, offset=offset)
        articles = self.bot.articles(
            limit=_PAGE, offset=offset, order=place.order, **place.narrowed()
        )
        editable = not self.bot.settings.read_only
        found = [(a, self.bot.excerpt(a, place.contains)) for a in articles]
        table = view.table(found, lang, place, total, editable=editable)
        if place.since or place.until:
            which = place.narrowed()
            del which["since"], which["until"]
            count = self.bot.undated(**which)
            said = say(lang, "undated_left_out", count=count)
            table = notices.note(said) + table if count else table
        return {self.table: named(place.name, lang) + table, self.place: place}

    def _counted(self) -> bool:
        """Whether all articles are read for names; if not, that goes on in the background."""
        overview = self.bot.overview
        if not overview.is_current():
            overview.start()
            return overview.wait(_PATIENCE)
        return True

    def refresh(self, place: Place, request: gr.Request) -> Changes:
        """The table and the sources to choose from, as the library is now."""
        changes = self.wide(place, language(request))
        del changes[self.place]  # it may be another meanwhile
        return {**changes, self.shown: place}

    def settle(self, place: Place, shown: Place, request: gr.Request) -> Changes:
        """The table again, where an address or a filter has come while it was made."""
        return {self.table: gr.skip()} if place == shown else self.view(place, language(request))

    def wide(self, place: Place, lang: str) -> Changes:
        """The same, and the sources there are to choose from."""
        try:
            choices = [(say(lang, "any_source"), ""), *((s, s) for s in self.bot.sources())]
            self._counted()
            known = self.bot.overview.figures()
        except IndexAwayError as error:
            away = notices.fault(error, lang)
            same = {self.source: gr.update(), self.name: gr.update()}
            return {**same, self.table: away, self.place: place}
        return {
            self.source: gr.update(choices=choices),
            self.name: gr.update(choices=suggested(known)),
            **self.view(place, lang),
        }

    def suggest(self, event: gr.KeyUpData) -> Changes:
        """Names of the library that hold what is written so far."""
        names = self.bot.overview.names(event.input_value, _SUGGESTED)
        return {self.name: gr.update(choices=[name for name, _ in names])}

    def narrow(
        self,
        contains: str,
        byline: str,
        name: str | None,
        source: str | None,
        since: str,
        until: str,
        place: Place,
        request: gr.Request,
    ) -> Changes:
        narrowed = Place(
            contains.strip(),
            source or "",
            since.strip(),
            until.strip(),
            place.order,
            byline=byline.strip(),
            name=(name or "").strip(),
        )
        if narrowed == replace(place, offset=0):  # the boxes say what an address has said
            return {self.place: gr.skip()}
        return self.view(narrowed, language(request))

    def arrive(self, event: gr.EventData, request: gr.Request) -> Changes:
        """The place that an address names."""
        place = Place.of({name: str(value) for name, value in event._data.items()})
        if place.source not in self.bot.sources():
            place = replace(place, source="")
        boxes = (place.contains, place.byline, place.name, place.source, place.since, place.until)
        return {
            **dict(zip(self.narrowing, boxes, strict=True)),
            **self.view(place, language(request)),
        }

    def unname(self, place: Place, request: gr.Request) -> Changes:
        """Lifts the filter by name."""
        return {self.name: "", **self.view(replace(place, name="", offset=0), language(request))}

    def again(self, place: Place, request: gr.Request) -> Changes:
        """The same place once more, where something was to be waited for."""
        return self.view(place, language(request))

    def turn(self, place: Place, event: gr.EventData, request: gr.Request) -> Changes:
        step = _PAGE if event._data.get("step") == "1" else -_PAGE
        return self.view(replace(place, offset=place.offset + step), language(request))

    def order(self, place: Place, event: gr.EventData, request: gr.Request) -> Changes:
        order = event._data.get("by")
        if order in ORDERS:
            place = replace(place, order=order, offset=0)
        return self.view(place, language(request))

    def save(self, place: Place, request: gr.Request) -> Changes:
        """The articles that the filters let through, all of them, as a file to download."""
        return self._save(language(request), **place.narrowed())

    def save_some(self, event: gr.EventData, request: gr.Request) -> Changes:
        """The articles that were picked, as a file to download."""
        return self._save(language(request), article_ids=ids_of(event._data.get("ids")))

    def _save(self, lang: str, **which: Any) -> Changes:
        path = Path(tempfile.mkdtemp(dir=temporary.exports())) / "articles.jsonl"
        try:
            count = self.bot.export(path, **which)
        except QABotError as error:
            return {self.download: None, self.status: notices.fault(error, lang)}
        self.download.temp_files.add(str(path))  # and so it goes after an hour, like uploads
        said = notices.note(say(lang, "exported", count=count))
        return {self.download: str(path), self.status: said}

    # -- removing -------------------------------------------------------------------------------

    def remove(
        self,
        removed: list[tuple[Removed, ...]],
        place: Place,
        event: gr.EventData,
        request: gr.Request,
    ) -> Changes:
        """Take out one article, or several in one step."""
        lang = language(request)
        ids = ids_of(event._data.get("ids") or event._data.get("id", ""))
        taken: list[Removed] = []
        fault = ""
        try:
            for article_id in ids:
                with contextlib.suppress(ArticleNotFoundError):
                    taken.append(self.bot.take(article_id))
        except QABotError as error:
            fault = notices.fault_text(error, lang)
        if taken:
            removed = [*removed, tuple(taken)][-_UNDONE:]
            said = _removed(taken, lang)
        else:
            said = "" if fault else say(lang, "gone")
        said = f"{said} {fault}".strip()
        return {
            self.removed: removed,
            self.status: view.removed(said, removed, lang),
            self.article: "",
            **self.wide(place, lang),
        }

    def undo(
        self, removed: list[tuple[Removed, ...]], place: Place, request: gr.Request
    ) -> Changes:
        """Put back what was removed last."""
        lang = language(request)
        if not removed:
            return {self.status: ""}
        last, left = removed[-1], removed[:-1]
        try:
            for taken in reversed(last):
                self.bot.put_back(taken)
            said = _put_back(last, lang)
        except QABotError as error:
            said, left = notices.fault_text(error, lang), removed
        return {
            self.removed: left,
            self.status: view.removed(said, left, lang),
            **self.wide(place, lang),
        }

    # -- correcting -----------------------------------------------------------------------------

    def correct(self, event: gr.EventData, request: gr.Request) -> Changes:
        """The form for one article, or for several."""
        lang = language(request)
        try:
            return {**self.corrections.open(ids_of(event._data.get("ids")), lang), self.status: ""}
        except QABotError as error:
            return {**self.corrections.clear(), self.status: notices.fault(error, lang)}

    def keep(
        self, correcting: Correcting, place: Place, event: gr.EventData, request: gr.Request
    ) -> Changes:
        """Keep what was written in the form; not while its date is none."""
        lang = language(request)
        done = self.corrections.save(correcting, event._data.get("fields"), lang)
        if not isinstance(done, str):
            return {**done, self.status: ""}
        return {
            **self.corrections.clear(),
            self.status: done,
            self.article: "",
            **self.wide(place, lang),
        }


def _removed(taken: Sequence[Removed], lang: str) -> str:
    if len(taken) == 1:
        return say(lang, "removed", title=taken[0].article.headline)
    return say(lang, "removed_several", count=len(taken))


def _put_back(taken: Sequence[Removed], lang: str) -> str:
    if len(taken) == 1:
        return say(lang, "put_back", title=taken[0].article.headline)
    return say(lang, "put_back_several", count=len(taken))
