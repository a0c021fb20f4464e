"""An index of an earlier format opens, with all that it held; one of a later format is refused."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from qa_bot.errors import IndexMismatchError, QABotError
from qa_bot.index.embedded import migrations
from qa_bot.index.embedded.fulltext import FullText
from qa_bot.index.embedded.migrations import FORMAT
from qa_bot.index.embedded.store import Store
from qa_bot.index.embedded.vectors import VectorIndex
from qa_bot.index.filters import Filter

# Four articles in four languages and ways of dating; a fifth was removed.
FORMAT_1 = Path(__file__).parents[1] / "fixtures" / "index_v1" / "articles.sqlite3"


def rows(path: Path, sql: str) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(path)
    try:
        with connection:
            return connection.execute(sql).fetchall()
    finally:
        connection.close()


@pytest.fixture
def old(tmp_path: Path) -> Path:
    return Path(shutil.copy(FORMAT_1, tmp_path / "articles.sqlite3"))


def test_an_index_of_format_1_is_brought_to_today_s(old: Path) -> None:
    facts = ("SELECT * FROM meta WHERE key != 'schema'", "SELECT * FROM generation_names")
    kept = (
        *facts,
        "SELECT key, id, digest, title, text, byline, published, source, url, lang, path,"
        " first_day, last_day FROM articles",
        "SELECT * FROM passages",
        "SELECT * FROM vectors",
        "SELECT * FROM removed",
    )
    before = [rows(old, sql) for sql in kept]
    store = Store(old)
    assert [rows(old, sql) for sql in kept] == before
    assert rows(old, "SELECT value FROM meta WHERE key = 'schema'") == [(str(FORMAT),)]
    assert store.counts() == (4, 4, 0)
    assert (store.generation("texts"), store.generation("vectors")) == (2, 2)
    assert store.generation_name("texts", 2)
    keys = store.all_keys()
    assert list(store.languages(keys).values()) == ["zh", "zh", "en", "zh"]
    assert all(article.digest()[:16] == article.id for _, article in store.by_keys(keys[:2]))
    assert store.article("wren-17").title == "Lighthouse opens to visitors"
    store.close()
    again = Store(old)
    assert again.uuid == store.uuid
    again.close()


def test_what_it_holds_is_found(old: Path) -> None:
    store = Store(old)
    fulltext = FullText(old.parent / "fulltext", store)
    fulltext.update()
    ((found, _),) = fulltext.search(["水库"], 5)
    assert store.passages([found])[found].article.title == "青岚水库开始蓄水"
    vectors = VectorIndex(old.parent / "vectors.faiss", store)
    vectors.update()
    ids, known = store.vectors(store.vector_ids())
    assert known.shape == (4, 384)
    for passage_id, vector in zip(ids.tolist(), known, strict=True):
        assert vectors.search(vector, 1)[0][0] == passage_id
    assert [a.id for _, a in store.by_keys(store.keys(Filter(contains="Wren"), "source"))] == [
        "wren-17"
    ]
    store.close()


def test_a_file_of_format_1_that_lacks_what_came_later_gets_it(old: Path) -> None:
    """Names of generations and the list's index came while the format was 1 still."""
    rows(old, "DROP TABLE generation_names")
    rows(old, "DROP INDEX articles_catalogue")
    store = Store(old)
    assert store.generation_name("texts", 2) == ""  # so what was derived is made anew
    store.remove("wren-17")
    assert store.generation_name("texts", store.generation("texts"))
    assert store.count(Filter(source="青岚日报")) == 1
    store.close()


def test_a_migrated_index_is_made_as_a_new_one_is(old: Path, tmp_path: Path) -> None:
    Store(old).close()
    Store(tmp_path / "new.sqlite3").close()
    schema = "SELECT type, name, tbl_name FROM sqlite_master ORDER BY name"
    assert rows(old, schema) == rows(tmp_path / "new.sqlite3", schema)
    for table in ("articles", "passages", "vectors", "removed", "generation_names", "meta"):
        columns = f"PRAGMA table_info({table})"
        assert rows(old, columns) == rows(tmp_path / "new.sqlite3", columns)


def test_a_step_that_fails_leaves_the_file_as_it_was(
    old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(db: sqlite3.Connection) -> None:
        db.execute("DELETE FROM articles")
        db.execute("SELECT * FROM nowhere")

    monkeypatch.setattr(migrations, "_MIGRATIONS", [*migrations._MIGRATIONS, fail])
    schema = rows(old, "SELECT sql FROM sqlite_master")
    with pytest.raises(QABotError, match="nowhere"):
        Store(old)
    assert rows(old, "SELECT sql FROM sqlite_master") == schema
    assert rows(old, "SELECT count(*) FROM articles") == [(4,)]
    monkeypatch.undo()
    store = Store(old)
    assert store.counts().articles == 4
    store.close()


def set_format(path: Path, value: str) -> None:
    rows(path, f"UPDATE meta SET value = '{value}' WHERE key = 'schema'")


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda path: set_format(path, "99"), f"format 99.*up to {FORMAT}.*update"),
        (lambda path: set_format(path, "odd"), "no index"),
        (lambda path: rows(path, "DROP TABLE meta"), "no index.*Move it away"),
    ],
)
def test_a_format_that_is_not_known_is_refused(
    old: Path, damage: Callable[[Path], object], message: str
) -> None:
    damage(old)
    before = old.read_bytes()
    with pytest.raises(IndexMismatchError, match=message):
        Store(old)
    assert old.read_bytes() == before
