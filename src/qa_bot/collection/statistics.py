"""The collection in figures: articles over time, by source, and whom and what they name.

Counted in the background and kept in a file derived from the store: which articles were read for
names, what they name, and the figures of one generation of the store. An article's text never
changes under its key, so that after a change only new articles are read. A file of another store,
of a state the store never had, or damaged, is made anew.
"""

from __future__ import annotations

import contextlib
import functools
import json
import logging
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from pydantic import TypeAdapter

from qa_bot.collection import names
from qa_bot.collection.entities import Entity, find_entities
from qa_bot.collection.names import KINDS, NameCount
from qa_bot.collection.periods import (
    COARSE,
    UNDATED,
    PeriodCount,
    Unit,
    days_of,
    is_exact,
    periods,
    unit_of,
)
from qa_bot.errors import QABotError
from qa_bot.index.protocol import Index
from qa_bot.index.records import SourceCount
from qa_bot.records import Article

__all__ = ["KINDS", "Figures", "NameCount", "Statistics"]

log = logging.getLogger(__name__)

_FORMAT = "2"  # another one when names are found or cleaned in another way
_BATCH = 50  # articles read in one transaction; closing waits for one batch
_TOP = 100  # names of a kind that are kept with the figures
_SCHEMA = f"""
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
{names.SCHEMA}"""
T = TypeVar("T")


@dataclass(frozen=True)
class Figures:
    """The collection of one generation of the store.

    `periods` have no gap, each is a `unit` long; `coarse` articles have a year but no date as exact
    as that, `undated` have no year. `sources` come most first, "" for none. `names` are those most
    named by kind, in the `chinese` articles only; None while they are being read.
    """

    generation: str
    articles: int
    unit: Unit
    periods: Sequence[PeriodCount]
    coarse: int
    undated: int
    sources: Sequence[SourceCount]
    chinese: int = 0
    names: dict[str, list[NameCount]] | None = None


_FIGURES = TypeAdapter(Figures)


class Statistics:
    """Figures over a store, kept in the file at `path`; safe to share by threads."""

    def __init__(self, path: Path, index: Index) -> None:
        self.path = path
        self._index = index
        self._lock = threading.RLock()  # of the file; never held while articles are read
        self._starting = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        self._figures: Figures | None = None
        self._closing = threading.Event()
        self._thread: threading.Thread | None = None
        self.fault = ""  # why counting stopped, if it did
        self.progress = (0, 0)  # articles read for names, and how many are to be read

    # -- what the page asks ----------------------------------------------------------------------

    def figures(self) -> Figures | None:
        """The figures last counted, of now or of an earlier state; None if there are none yet."""
        if self._figures is None:
            with contextlib.suppress(QABotError):
                self._figures = self._with_file(self._load)
        return self._figures

    def is_current(self) -> bool:
        """Whether `figures` are complete and those of the store as it is now."""
        now = self._index.state()
        figures = self.figures()
        return figures is not None and figures.names is not None and figures.generation == now

    def start(self) -> None:
        """Begin to count in the background what has changed, unless that is going on already."""
        with self._starting:
            if self._closing.is_set() or (self._thread and self._thread.is_alive()):
                return
            self._thread = threading.Thread(target=self._run, name="qa_bot-statistics", daemon=True)
            self._thread.start()

    def wait(self, timeout: float | None = None) -> bool:
        """Wait for the counting to end; False if it still goes on after `timeout` seconds."""
        thread = self._thread
        if thread is not None:
            thread.join(timeout)
        return thread is None or not thread.is_alive()

    def articles(
        self, what: str, value: str, *, limit: int, offset: int = 0
    ) -> tuple[list[Article], int]:
        """Some of the articles behind a figure, and how many there are.

        `what` is `when` (a period, `UNDATED` or `COARSE`), `source`, or one of `KINDS`.
        Dated articles come in the order of their dates, others newest added first.
        """
        keys = self._keys(what, value)
        page = self._index.by_keys(keys[offset : offset + limit])
        return [row.article for row in page], len(keys)

    def naming(self, name: str) -> tuple[int, ...]:
        """Ascending keys of the articles read so far that name a person, place or body so.

        In any script and width; a place with its 市 or 省, or without.
        """
        return self._with_file(lambda db: names.articles_naming(db, name))

    def names(self, contains: str = "", limit: int = 50) -> list[NameCount]:
        """The names in the articles read so far that hold `contains`, those of most articles first.

        What begins with it stands before the others.
        """
        return self._with_file(lambda db: names.frequent(db, limit, contains=contains))

    def complete(self) -> None:
        """Count what has changed, in the background if it is not done yet, and wait for it.

        :raises QABotError: if it cannot be counted.
        """
        for _ in range(2):  # a counting that is going on may have begun before the change
            if self.is_current():
                return
            self.start()
            self.wait()
        if self.fault:
            raise QABotError(self.fault)

    def forget(self, keys: Sequence[int]) -> None:
        """Read these articles anew for names, for they have another headline."""
        with contextlib.suppress(QABotError):  # a file that cannot be written tells none
            self._with_file(functools.partial(_forget, keys=set(keys)))

    def close(self) -> None:
        self._closing.set()
        self.wait()
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    # -- counting --------------------------------------------------------------------------------

    def update(self) -> None:
        """Count what has changed, here and now.

        :raises QABotError: if the file cannot be written.
        """
        figures = self._count()
        if self._figures is None:  # something to show while names are read
            self._figures = figures
        while self._read_new():  # what came meanwhile, too
            pass
        if self._closing.is_set():
            return
        self._figures = self._with_file(lambda db: self._finish(db, figures))

    def _run(self) -> None:
        self.fault = ""
        try:
            while not self._closing.is_set() and not self.is_current():
                self.update()
        except Exception as error:
            self.fault = str(error)
            log.exception("The collection could not be counted")

    def _count(self) -> Figures:
        now = self._index.state()  # before the counting: a change during it makes the figures old
        days = self._index.day_counts()
        unit = unit_of(days)
        counts, coarse = periods(days, unit)
        sources = self._index.source_counts()
        total = sum(row.articles for row in sources)
        undated = total - sum(row.articles for row in days)
        return Figures(now, total, unit, counts, coarse, max(undated, 0), sources)

    def _read_new(self) -> bool:
        """Read what was not read yet for names, forget what is gone; False if there was nothing."""
        keys = self._index.all_keys()
        read = self._with_file(names.keys_read)
        if removed := read.difference(keys):
            self._with_file(functools.partial(_forget, keys=removed))
        new = [key for key in keys if key not in read]
        for at in range(0, len(new), _BATCH):
            if self._closing.is_set():
                return False
            self.progress = (at, len(new))
            batch = self._index.by_keys(new[at : at + _BATCH])
            languages = self._index.languages(new[at : at + _BATCH])
            entities = [
                (key, _entities_of(article) if languages.get(key) == "zh" else None)
                for key, article in batch
            ]
            # after the reading: the store has had all that was read by this generation
            stamp = json.dumps(self._stamp())
            self._with_file(functools.partial(_put, articles=entities, stamp=stamp))
        self.progress = (len(new), len(new))
        return bool(new)

    def _finish(self, db: sqlite3.Connection, figures: Figures) -> Figures:
        named: dict[str, list[NameCount]] = {
            kind: names.frequent(db, _TOP, kind=kind) for kind in KINDS
        }
        complete = replace(figures, names=named, chinese=names.articles_read(db))
        with _transaction(db):
            _set(db, "figures", _FIGURES.dump_json(complete).decode())
            _set(db, "stamp", json.dumps(self._stamp()))
        return complete

    def _keys(self, what: str, value: str) -> list[int]:
        if what == "source":
            return self._index.keys_of_source(value)[::-1]
        if what == "when" and value == UNDATED:
            return [row.key for row in self._index.keys_dated(None, None)][::-1]
        if what == "when" and value == COARSE:
            figures = self.figures()
            unit = figures.unit if figures else "day"
            dated = self._index.keys_dated("0000", "9999-99-99")
            return [row.key for row in dated if not is_exact(row.first, row.last, unit)]
        if what == "when" and (days := days_of(value)):
            return [row.key for row in self._index.keys_dated(*days)]
        if what in KINDS:
            return self._with_file(lambda db: names.articles_of(db, what, value))
        return []

    # -- the file --------------------------------------------------------------------------------

    def _stamp(self) -> list[str]:
        return [_FORMAT, self._index.uuid, self._index.state()]

    def _with_file(self, use: Callable[[sqlite3.Connection], T]) -> T:
        """`use` of the open file; a damaged one is made anew, once."""
        with self._lock:
            try:
                return use(self._open())
            except sqlite3.OperationalError as error:
                raise QABotError(f"{self.path} cannot be used: {error}.") from error
            except (sqlite3.DatabaseError, ValueError, TypeError) as error:
                log.warning("%s is damaged (%s) and is made anew", self.path, error)
                self._discard()
                return use(self._open())

    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            if self._closing.is_set():
                raise QABotError(f"The index in {self.path.parent} was closed: open it again.")
            self._connection = sqlite3.connect(
                self.path, check_same_thread=False, isolation_level=None, timeout=60
            )
            # derived: after a power cut it may be made anew
            self._connection.execute("PRAGMA journal_mode = WAL")
            self._connection.execute("PRAGMA synchronous = NORMAL")
            self._connection.executescript(_SCHEMA)
            stamp = _get(self._connection, "stamp")
            if stamp and not self._fits(json.loads(stamp)):
                self._discard()
                return self._open()
        return self._connection

    def _fits(self, stamp: Sequence[str]) -> bool:
        written, uuid, state = stamp
        return (written, uuid) == (_FORMAT, self._index.uuid) and self._index.had_state(state)

    def _discard(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        self._figures = None
        for suffix in ("", "-wal", "-shm"):
            Path(f"{self.path}{suffix}").unlink(missing_ok=True)

    @staticmethod
    def _load(db: sqlite3.Connection) -> Figures | None:
        row = _get(db, "figures")
        return _FIGURES.validate_json(row) if row else None


@contextlib.contextmanager
def _transaction(db: sqlite3.Connection) -> Iterator[None]:
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise


def _get(db: sqlite3.Connection, key: str) -> str:
    row = db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
    return str(row[0]) if row else ""


def _set(db: sqlite3.Connection, key: str, value: str) -> None:
    db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))


def _entities_of(article: Article) -> set[Entity]:
    return find_entities(f"{article.title}\n{article.text}")


def _forget(db: sqlite3.Connection, keys: set[int]) -> None:
    with _transaction(db):
        names.forget(db, keys)


def _put(
    db: sqlite3.Connection, articles: Sequence[tuple[int, set[Entity] | None]], stamp: str
) -> None:
    with _transaction(db):
        names.put(db, articles)
        _set(db, "stamp", stamp)
