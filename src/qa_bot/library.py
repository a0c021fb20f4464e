"""What an index holds, for the bot: articles are added, read, corrected and removed."""

from __future__ import annotations

import contextlib
import logging
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from qa_bot.errors import ArticleNotFoundError, QABotError, ReadError
from qa_bot.index.copying import copy
from qa_bot.index.filters import Day, Filter
from qa_bot.index.indexer import Indexer, OnProgress, Source
from qa_bot.index.metadata import day_span
from qa_bot.index.opening import is_index, open_index, shown
from qa_bot.index.undo import put_back, take
from qa_bot.listing import Listing
from qa_bot.records import (
    AddReport,
    Article,
    Change,
    CopyReport,
    Outcome,
    Refusal,
    Removed,
    SyncReport,
)
from qa_bot.settings import Settings, load_settings
from qa_bot.text.dates import typed_date
from qa_bot.text.utf8 import storable

__all__ = ["Library"]

log = logging.getLogger(__name__)


class Library(Listing):
    """The articles of an index; `QABot` opens it."""

    settings: Settings
    _indexer: Indexer
    _renamed: Callable[[Sequence[int]], None]
    """Told the keys of articles whose headline is another."""

    @staticmethod
    def is_index(path: str | Path, settings: Settings | None = None) -> bool:
        """Whether a folder or a database holds an index, so that `open` would start no new one.

        :raises QABotError: if a database cannot be asked.
        """
        settings = settings or load_settings()
        return is_index(path, settings.index_password.get_secret_value())

    @staticmethod
    def shown_index(path: str | Path) -> str:
        """How an index is called in messages: without the password of a database."""
        return shown(path)

    @staticmethod
    def check_dates(since: Day | None = None, until: Day | None = None) -> None:
        """Whether these can be the `since` and `until` of a filter.

        :raises QABotError: if a date cannot be read, or the first is after the last.
        """
        Filter.of(since, until)

    @staticmethod
    def days(article: Article) -> tuple[str, str] | None:
        """The first and last ISO day that an article's date spans; None without a year."""
        first, last = day_span(article.published)
        return None if first is None or last is None else (first, last)

    @staticmethod
    def shown_path(path: Path) -> str:
        """How the path of a file is written in articles, outcomes and refusals."""
        from qa_bot.reading.inputs import shown_path

        return shown_path(path)

    @staticmethod
    def copy(
        source: str | Path,
        target: str | Path,
        settings: Settings | None = None,
        progress: OnProgress | None = None,
    ) -> CopyReport:
        """Copy an index into another, in a folder or a database, without embedding it anew.

        `target` is started if there is none. A copy that was broken off goes on where it was. In
        the end both are read and compared.

        :raises QABotError: if there is no index to be copied, the target is of another model, or
            both are not the same in the end.
        """
        settings = settings or load_settings()
        if not Library.is_index(source, settings):
            raise QABotError(f"There is no index at {shown(source)}: name one that is there.")
        password = settings.index_password.get_secret_value()
        with (
            contextlib.closing(open_index(source, password)) as here,
            contextlib.closing(open_index(target, password)) as there,
        ):
            return copy(here, there, progress)

    # -- adding --------------------------------------------------------------------------------

    def add(
        self,
        sources: Source | Iterable[Source],
        *,
        wait: bool = True,
        progress: OnProgress | None = None,
    ) -> AddReport:
        """Add files, folders (with all below them) and articles.

        With `wait` it returns when all is in; without, or where a worker embeds, as soon as the
        texts can be searched, while the vectors follow. Whatever stops it, what was added stays,
        and missing vectors are made up for by the next `add` or `wait`. Inputs that cannot be read
        are named in the report and stop nothing.
        """
        outcomes = self._indexer.put(sources, progress)
        self._indexer.embed(progress, wait=wait)
        return AddReport(tuple(outcomes))

    def sync(
        self,
        folder: str | Path,
        *,
        remove_gone: bool = False,
        progress: OnProgress | None = None,
    ) -> SyncReport:
        """Bring the index up to a folder: add what is new, replace what changed.

        Articles whose file is no longer there are reported, and removed only with `remove_gone`.
        What came from elsewhere stays untouched; so do the articles of a file that could not be
        read whole. Run again after it was broken off, it goes on.

        :raises QABotError: if there is no such folder, or it holds no files.
        """
        from qa_bot.reading import files_in

        root = Path(folder).expanduser()
        if not root.is_dir():
            raise QABotError(f"There is no folder {folder}: name one that is there.")
        files = files_in(root)
        if not files:  # an unmounted disk looks like a folder whose files are all gone
            raise QABotError(f"{folder} holds no files: nothing was changed. Is it mounted?")
        report = self.add([root], progress=progress)
        present = {outcome.article_id for outcome in report.outcomes}
        refused = {outcome.path for outcome in report.refused}
        outdated: list[Article] = []
        gone: list[Article] = []
        kept: list[Article] = []
        for article in self._articles_below(self.shown_path(root)):
            if article.id in present:
                continue
            if any(_concerns(path, article.path) for path in refused):
                kept.append(article)
            else:
                (outdated if article.path in files else gone).append(article)
        for article in [*outdated, *(gone if remove_gone else ())]:
            with contextlib.suppress(ArticleNotFoundError):
                self.remove(article.id)
        return SyncReport(
            report.outcomes, tuple(outdated), tuple(gone), tuple(kept), removed_gone=remove_gone
        )

    def _articles_below(self, folder: str) -> Iterator[Article]:
        """The articles that were read from files of a folder."""
        prefix = folder.rstrip(os.sep) + os.sep
        for article in self._by_keys(self._index.keys(order="added")):
            if article.path.startswith(prefix):
                yield article

    def wait(self, timeout: float | None = None, progress: OnProgress | None = None) -> bool:
        """Embed what has no vector yet, or let a worker do so where the settings say so.

        True when all have one, False after `timeout` seconds.
        """
        return self._indexer.wait(timeout, progress)

    def pending(self) -> int:
        """How many passages have no vector yet: full text finds them, meaning does not."""
        return self._index.pending()

    # -- articles ------------------------------------------------------------------------------

    def read(self, path: str | Path) -> list[Article]:
        """The articles that adding the file `path` would give, without adding them.

        :raises ReadError: if the file gives none; the message says why.
        """
        items = self.read_each(path)
        articles = [item for item in items if isinstance(item, Article)]
        refusals = [item for item in items if isinstance(item, Refusal)]
        for refusal in refusals:
            log.warning("%s: %s", refusal.path, refusal.reason)
        if not articles:
            raise ReadError(
                "; ".join(f"{r.path}: {r.reason}" for r in refusals) or f"{path}: no articles"
            )
        return articles

    def read_each(self, path: str | Path) -> list[Article | Refusal]:
        """The articles of a file, and what of it could not be read: its rows, or the whole."""
        from qa_bot import reading  # a question need not wait for it to be imported

        return list(reading.read([path], max_file_mb=self.settings.max_file_mb))

    def read_text(self, text: str, source: str = "") -> list[Article]:
        """The articles of a text, split as a text file's would be, without adding them.

        :raises ReadError: if it holds none.
        """
        from qa_bot.reading import read_text

        return read_text(text, source=source)

    def article(self, article_id: str) -> Article:
        """The article of this id.

        :raises ArticleNotFoundError: if there is none.
        """
        return self._index.article(article_id)

    def correct(
        self,
        article_ids: str | Iterable[str],
        *,
        title: str | None = None,
        byline: str | None = None,
        published: str | None = None,
        source: str | None = None,
        wait: bool = True,
    ) -> list[Article]:
        """Correct what heads articles, all of them or none; what they are now.

        What is None stays, "" empties. `published` is a date as people write it. Ids, links and
        quotes stay good, searches and filters see it at once, and no file that is added again
        undoes it. A new headline's passages are embedded anew; `wait` as in `add`.

        :raises ArticleNotFoundError: if one of them is not there.
        :raises QABotError: if the date cannot be read, or nothing is to be corrected.
        """
        ids = [article_ids] if isinstance(article_ids, str) else list(article_ids)
        given = {"title": title, "byline": byline, "published": published, "source": source}
        fields = {name: storable(" ".join(v.split())) for name, v in given.items() if v is not None}
        if not fields:
            raise QABotError("Nothing is to be corrected: give a headline, date, byline or source.")
        if published is not None:
            fields["published"] = typed_date(fields["published"])
        articles = self._index.correct(ids, fields, datetime.now(UTC).isoformat(timespec="seconds"))
        self._index.refresh(wait=True)
        if title is not None:
            self._renamed(self._index.keys(Filter.of(article_ids=ids)))
        self._indexer.embed(wait=wait)
        return articles

    def history(self, article_id: str) -> list[Change]:
        """The corrections of an article, oldest first."""
        return self._index.history(article_id)

    def remove(self, article_id: str) -> Article:
        """Remove the article of this id from the index; returns it.

        :raises ArticleNotFoundError: if there is none.
        """
        return self._index.remove(article_id)

    def take(self, article_id: str) -> Removed:
        """Remove the article of this id as `remove` does; `put_back` undoes it with the result.

        :raises ArticleNotFoundError: if there is none.
        """
        return take(self._index, article_id)

    def put_back(self, removed: Removed) -> Outcome:
        """Undo `take`: the article is where it was, with its vectors and corrections.

        :raises QABotError: if another article has its id by now.
        """
        with contextlib.suppress(ArticleNotFoundError):
            now = self._index.article(removed.article.id)
            if now.digest() != removed.article.digest():
                raise QABotError(
                    f"Another article has the id {now.id!r} now: remove that one first."
                )
        if not removed.spans:
            return self.add(removed.article, wait=False).outcomes[0]
        outcome = put_back(self._index, removed)
        self._index.refresh()
        self._indexer.start()  # for what had no vector yet
        return outcome


def _concerns(refused: str, path: str) -> bool:
    """Whether a refusal is of the file `path`, of a row or page of it, or of a folder above it."""
    return refused.startswith(f"{path}:") or path == refused or path.startswith(refused + os.sep)
