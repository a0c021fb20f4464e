"""The tables of an index in a database, and the steps from one format of them to the next.

A database of format n has had the first n steps; a new one gets them all. A step that was released
is never changed: what must be otherwise is a step of its own. Every statement can be run twice, for
a database has no transaction over these.

`articles` hold what lists and figures are made of, `texts` the rest. `passages` and `vectors` bear
what a filter asks for, so that the engine searches within it. An id and a source are compared by
their hashes: the database takes "a" and "a " for one. `texts`, `passages` and `vectors`, which grow
most, may be divided into partitions, by the hash of their key.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable

from qa_bot.errors import IndexBusyError, IndexMismatchError
from qa_bot.index.oceanbase.connections import Connections, Cursor, rows

__all__ = ["FORMAT", "format_of", "prepare", "vectors_table"]

_TEXT = "LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL"
_DAY = "CHAR(10) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin"
_NAME = "VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL"
# What a filter asks for. `first_day` and `last_day` are what the date spans; NULL without a year.
_FILTERED = f"source_hash BIGINT NOT NULL, first_day {_DAY}, last_day {_DAY}"
# Terms are made by qa_bot and stand between blanks (`qa_bot.index.oceanbase.terms`).
_PARSER = "PARSER space PARSER_PROPERTIES = (min_token_size = 1, max_token_size = 84)"
_LOCK = "qa_bot: %s"  # of whoever makes or migrates the tables of a database
_PATIENCE = 120  # seconds to wait for that
_FACTS = f"CREATE TABLE IF NOT EXISTS facts (name {_NAME} PRIMARY KEY, value {_TEXT})"
_TABLES = (
    # every state the articles were in, by its number and name
    f"CREATE TABLE IF NOT EXISTS states (number BIGINT PRIMARY KEY, name {_NAME})",
    f"""CREATE TABLE IF NOT EXISTS articles (
        article BIGINT PRIMARY KEY,
        id {_TEXT}, id_hash BINARY(32) NOT NULL, digest BINARY(32) NOT NULL,
        title {_TEXT}, byline {_TEXT}, published {_TEXT}, source {_TEXT}, url {_TEXT},
        lang {_TEXT}, path {_TEXT}, language {_NAME}, {_FILTERED},
        UNIQUE KEY by_id (id_hash), KEY by_digest (digest), KEY by_source (source_hash),
        KEY by_day (first_day, last_day)
    )""",
    f"CREATE TABLE IF NOT EXISTS texts (article BIGINT PRIMARY KEY, text {_TEXT}) {{by_article}}",
    f"""CREATE TABLE IF NOT EXISTS passages (
        passage BIGINT PRIMARY KEY,
        article BIGINT NOT NULL, begins INT NOT NULL, ends INT NOT NULL, {_FILTERED},
        terms {_TEXT},
        KEY by_article (article), FULLTEXT INDEX by_terms (terms) WITH {_PARSER}
    ) {{by_passage}}""",
    # passages without a vector, and who is making one until when
    f"""CREATE TABLE IF NOT EXISTS pending (
        passage BIGINT PRIMARY KEY, worker {_NAME}, claimed_until DATETIME(6) NOT NULL
    )""",
    f"""CREATE TABLE IF NOT EXISTS judgements (
        number BIGINT AUTO_INCREMENT PRIMARY KEY, line {_TEXT}
    )""",
)

Migration = Callable[[Cursor], None]
_MIGRATIONS: list[Migration] = []


def migration(step: Migration) -> Migration:
    """Declare a step; they are numbered from 1 in the order they stand here."""
    _MIGRATIONS.append(step)
    return step


@migration
def create_tables(cursor: Cursor) -> None:
    """`position` is the number of the state, and the last key and id that were given."""
    by_article, by_passage = _divided(cursor, "article"), _divided(cursor, "passage")
    for statement in _TABLES:
        cursor.execute(statement.format(by_article=by_article, by_passage=by_passage))
    for name, value in (("uuid", uuid.uuid4().hex), ("position", "0 0 0")):
        cursor.execute("INSERT IGNORE INTO facts VALUES (%s, %s)", (name, value))
    cursor.execute("INSERT IGNORE INTO states VALUES (0, %s)", (uuid.uuid4().hex,))


@migration
def keep_changes(cursor: Cursor) -> None:
    """What was corrected in an article, for `articles` hold what it is now."""
    cursor.execute(
        f"""CREATE TABLE IF NOT EXISTS changes (
            number BIGINT AUTO_INCREMENT PRIMARY KEY, article BIGINT NOT NULL,
            at {_NAME}, field {_NAME}, was {_TEXT}, becomes {_TEXT}, KEY by_article (article)
        )"""
    )


FORMAT = len(_MIGRATIONS)
"""The format that this qa_bot reads and writes."""


def vectors_table(cursor: Cursor, dimension: int) -> None:
    """Make the table of the vectors, which have so many components."""
    cursor.execute(
        f"""CREATE TABLE IF NOT EXISTS vectors (
            passage BIGINT PRIMARY KEY, article BIGINT NOT NULL, {_FILTERED},
            vector VECTOR({dimension}) NOT NULL,
            KEY by_article (article),
            VECTOR INDEX nearest (vector) WITH (DISTANCE = inner_product, TYPE = hnsw, LIB = vsag)
        ) {_divided(cursor, "passage")}"""
    )


def _divided(cursor: Cursor, key: str) -> str:
    """How a table is divided by this key: as was said when the index was begun."""
    found = rows(cursor, "SELECT value FROM facts WHERE name = 'partitions'")
    number = int(found[0][0]) if found else 1
    return f"PARTITION BY HASH({key}) PARTITIONS {number}" if number > 1 else ""


def format_of(cursor: Cursor) -> int | None:
    """The format that the database says it has: 0 when it is empty, None when it is no index."""
    tables = {str(name) for (name,) in rows(cursor, "SHOW TABLES")}
    if not tables:
        return 0
    if "facts" not in tables:
        return None
    found = rows(cursor, "SELECT value FROM facts WHERE name = 'format'")
    if found:
        return int(found[0][0]) if str(found[0][0]).isdecimal() else None
    return 0  # it was left half made


def prepare(connections: Connections) -> None:
    """Bring the database to today's format; one process at a time does.

    :raises IndexMismatchError: if it is of a newer qa_bot, or holds something else.
    """
    if connections.read(lambda cursor: _checked(connections, cursor)) < FORMAT:
        connections.read(lambda cursor: _migrate(connections, cursor))


def _migrate(connections: Connections, cursor: Cursor) -> None:
    lock = (_LOCK % connections.address.database)[:64]
    ((got,),) = rows(cursor, "SELECT GET_LOCK(%s, %s)", (lock, _PATIENCE))
    if not got:
        raise IndexBusyError(
            f"Another process prepares {connections.address} and does not end: try again later."
        )
    try:
        if not (version := _checked(connections, cursor)):
            cursor.execute(_FACTS)
            partitions = str(connections.address.partitions)
            cursor.execute("INSERT IGNORE INTO facts VALUES ('partitions', %s)", (partitions,))
        for step in _MIGRATIONS[version:]:
            step(cursor)
        cursor.execute("REPLACE INTO facts VALUES ('format', %s)", (str(FORMAT),))
    finally:
        rows(cursor, "SELECT RELEASE_LOCK(%s)", (lock,))


def _checked(connections: Connections, cursor: Cursor) -> int:
    version = format_of(cursor)
    address = connections.address
    if version is None:
        raise IndexMismatchError(
            f"The database {address} holds other tables than an index's: name an empty one."
        )
    if version > FORMAT:
        raise IndexMismatchError(
            f"{address} has format {version}, this qa_bot reads up to {FORMAT}: update qa_bot, or "
            "add the articles to another database."
        )
    return version
