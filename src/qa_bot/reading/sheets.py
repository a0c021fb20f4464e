"""Tables of articles (.csv, .tsv, .xlsx): a row is an article, the first row names its fields."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from datetime import date
from io import BytesIO, StringIO

from qa_bot.errors import ReadError
from qa_bot.reading.decoding import clean_text, decode_doubting
from qa_bot.reading.fields import article_of_fields, is_field
from qa_bot.reading.inputs import Entry, InputFile
from qa_bot.reading.quiet import quiet
from qa_bot.reading.tables import table_text
from qa_bot.reading.unpacking import checked_archive
from qa_bot.records import Article
from qa_bot.text.dates import date_from_name
from qa_bot.text.languages import detect_language

__all__ = ["is_csv", "read_csv", "read_xlsx"]

_DELIMITERS = (",", "\t", ";", "|")
_LONGEST_CELL = 10_000_000  # characters; the csv module's own limit is for shorter ones
_HEAD_ROWS = 5  # a title or a note may stand above the row of names


def read_csv(file: InputFile) -> Iterator[Entry]:
    """The articles of a file of separated values, or the one table that it is."""
    text, guess = decode_doubting(file.read())
    text = text.lstrip("\ufeff")
    if guess:
        yield file.guessed(guess)
    yield from _articles(_parsed(text, _delimiter(text)), file)


def is_csv(text: str) -> bool:
    """Whether a text begins with a row of field names, the text's among them."""
    lines = text.lstrip("\ufeff").split("\n", 1)
    try:
        names = next(csv.reader(lines[:1], delimiter=_delimiter(text)), [])
    except csv.Error:
        return False
    return len(names) > 1 and sum(map(is_field, names)) > 1 and "\n" in text.strip()


def read_xlsx(file: InputFile) -> Iterator[Entry]:
    """The articles of all sheets of a workbook."""
    import openpyxl  # not at the top: it costs 0.2 s

    data = file.read()
    checked_archive(data, file.limit, "an Excel workbook (.xlsx)", "xl/workbook.xml")
    try:
        with quiet():
            book = openpyxl.load_workbook(BytesIO(data), read_only=True, data_only=True)
            sheets = [[list(map(_cell, row)) for row in sheet.values] for sheet in book.worksheets]
    except Exception as error:  # noqa: BLE001  # of openpyxl and zlib, by a broken workbook
        raise ReadError(
            f"cannot be opened as a workbook ({type(error).__name__}): save it as .xlsx or .csv "
            "once more."
        ) from None
    for sheet in sheets:
        yield from _articles(sheet, file)


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()[:10]
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _delimiter(text: str) -> str:
    first = text.lstrip("\ufeff").split("\n", 1)[0]
    return max(_DELIMITERS, key=first.count)


def _parsed(text: str, delimiter: str) -> list[list[str]]:
    csv.field_size_limit(_LONGEST_CELL)
    try:
        return list(csv.reader(StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise ReadError(
            f"is no table of separated values ({error}): save it as CSV in UTF-8 once more."
        ) from None


def _articles(rows: Sequence[list[str]], file: InputFile) -> Iterator[Entry]:
    """The articles of a table; of one whose columns are no fields of articles, the table."""
    filled = [(n, row) for n, row in enumerate(rows, 1) if any(cell.strip() for cell in row)]
    for at, (_, names) in enumerate(filled[:_HEAD_ROWS]):
        if sum(map(is_field, names)) < 2:
            continue
        for number, row in filled[at + 1 :]:
            record = dict(zip(names, row, strict=False))
            yield from article_of_fields(record, number, file)
        return
    if not filled:
        return
    table = [[clean_text(cell).strip() for cell in row] for _, row in filled]
    text = table_text(table, headings=1 if len(table) > 1 and all(table[0]) else None)
    yield Article(
        title="",
        text=text,
        published=date_from_name(file.shown),
        lang=detect_language(text),
        path=file.shown,
    )
