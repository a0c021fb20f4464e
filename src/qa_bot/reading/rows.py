"""JSON and JSON Lines: one article a row, bad rows named, the rest read."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from io import TextIOWrapper
from typing import AnyStr

from qa_bot.errors import ReadError
from qa_bot.jsonl import article_of
from qa_bot.reading.decoding import clean_line, decode, detect_encoding
from qa_bot.reading.fields import article_of_fields
from qa_bot.reading.inputs import Entry, InputFile

__all__ = ["read_json", "read_jsonl"]

# Keys whose list holds the articles, wherever on the way down they stand.
_LISTS = (
    *("articles", "data", "documents", "items", "results", "docs", "hits", "records", "entries"),
    *("news", "rows", "list", "新闻", "文章", "数据"),
)
_HOLDERS = ("response", "result", "feed", "data", "hits", "payload", "channel", "rss")
_KINDS = {
    str: "a text",
    int: "a number",
    float: "a number",
    bool: "true or false",
    type(None): "null",
    list: "a list",
}
_HEAD = 1 << 18
_DEEPEST = 4  # objects around the list of articles


def read_json(file: InputFile) -> Iterator[Entry]:
    """The articles of a JSON document: an object, a list, or an object that holds the list."""
    text = decode(file.read())
    try:
        document = _parse(text)
    except _SeveralValues:
        _parse(text.strip().split("\n", 1)[0])
        yield from read_jsonl(file)  # a value on each line: JSON Lines by another name
        return
    yield from _articles(document, file)


def read_jsonl(file: InputFile) -> Iterator[Entry]:
    """The articles of a JSON Lines file, line by line; the file is never held whole."""
    for number, line in _lines(file):
        try:
            if len(line) > file.limit:
                raise _TooLong(
                    f"is longer than the {file.limit / 1e6:g} MB allowed: end each row with a line "
                    "feed, or raise the setting max_file_mb."
                )
            row = _parse(_text(line))
        except _TooLong as error:
            yield file.part(number, str(error))
        except ReadError as error:
            if number == 1 and (document := _whole(file, line)) is not None:
                yield from _articles(document, file)
                return
            yield file.part(number, str(error))
        else:
            yield from _row(row, number, file, "")


class _TooLong(ReadError):
    """A row that is not held whole."""


class _SeveralValues(ReadError):
    """More follows after a complete JSON value."""


def _lines(file: InputFile) -> Iterator[tuple[int, str | bytes]]:
    """The lines that hold something, counted from 1: as text where the encoding is sure."""
    with file.path.open("rb") as stream:
        head = stream.read(_HEAD)
        stream.seek(0)
        encoding = detect_encoding(head[: head.rfind(b"\n") + 1] or head)
        if encoding.startswith(("utf-16", "utf-32")):  # a line feed is more than a byte there
            text = TextIOWrapper(stream, encoding, errors="replace", newline="\n")
            lines = enumerate(_bounded(text.readline, file.limit, "\n"), 1)
            yield from ((n, line) for n, line in lines if line.strip("\ufeff \r\n"))
            return
        for number, line in enumerate(_bounded(stream.readline, file.limit, b"\n"), 1):
            if not line.strip():
                continue
            try:
                yield number, line.decode(encoding)
            except UnicodeDecodeError:
                yield number, line


def _bounded(readline: Callable[[int], AnyStr], most: int, end: AnyStr) -> Iterator[AnyStr]:
    """The lines of a stream; of one longer than `most` a beginning that is longer than it."""
    while line := readline(most + 1):
        rest = line if len(line) > most else end
        while rest and not rest.endswith(end):  # passed over in pieces
            rest = readline(_HEAD)
        yield line


def _text(line: str | bytes) -> str:
    """The line as text; one that does not fit the rest of the file is judged by itself."""
    return line if isinstance(line, str) else decode(line)


def _whole(file: InputFile, first_line: str | bytes) -> object | None:
    """The file as one JSON document, if that is what begins in its first line."""
    if not _text(first_line).lstrip("\ufeff \t").startswith(("[", "{")):
        return None
    try:
        return _parse(decode(file.read()))
    except ReadError:
        return None


def _parse(text: str) -> object:
    """:raises ReadError: if `text` is not one JSON value; the message says where."""
    text = text.lstrip("\ufeff").rstrip("\0")
    try:
        value: object = json.loads(text, strict=False)
    except json.JSONDecodeError as error:
        if error.msg == "Extra data":
            raise _SeveralValues(_fault(error)) from None
        if _is_cut_off(error, text):
            raise ReadError(
                "is cut off: the JSON ends before it is complete. Get the file again."
            ) from None
        raise ReadError(_fault(error)) from None
    except (RecursionError, ValueError) as error:
        raise ReadError(f"is not usable JSON ({type(error).__name__}).") from None
    return value


def _is_cut_off(error: json.JSONDecodeError, text: str) -> bool:
    rest = text[error.pos :].strip()
    unfinished_escape = "escape" in error.msg and len(rest) < len("00e9")
    return not rest or unfinished_escape or error.msg.startswith("Unterminated string")


def _fault(error: json.JSONDecodeError) -> str:
    where = (
        f"line {error.lineno}, column {error.colno}"
        if error.lineno > 1
        else f"column {error.colno}"
    )
    return f"is not valid JSON at {where}: {error.msg}. Correct it there and add it again."


def _articles(document: object, file: InputFile) -> Iterator[Entry]:
    """The articles of a parsed document; its rows are counted from 1."""
    rows, source = _rows(document), ""
    if isinstance(document, dict) and "jsonfeed.org" in str(document.get("version", "")):
        source = clean_line(str(document.get("title") or ""))
    if not rows:
        raise ReadError("holds no articles: its list is empty.")
    for number, row in enumerate(rows, 1):
        yield from _row(row, number, file, source)


def _row(row: object, number: int, file: InputFile, source: str) -> Iterator[Entry]:
    """As `_article`, and the refusal of a row nested deeper than anything is read."""
    try:
        yield from list(_article(row, number, file, source))
    except RecursionError:
        yield file.part(number, "is nested too deeply: give text, names and dates as plain values.")


def _rows(document: object, depth: int = 0) -> list[object]:
    """The records of a document: itself, or the list that it holds under one of the usual keys."""
    if isinstance(document, list):
        return document
    if not isinstance(document, dict) or depth > _DEEPEST:
        return [document]
    for key in _LISTS:
        if isinstance(document.get(key), list):
            return list(document[key])
    for key in _HOLDERS:
        if isinstance(held := document.get(key), dict):
            rows = _rows(held, depth + 1)
            if rows != [held]:
                return rows
    return [document]


def _article(row: object, number: int, file: InputFile, source: str) -> Iterator[Entry]:
    """The article of one row, and the refusal of what of the row could not be used."""
    if not isinstance(row, dict):
        kind = _KINDS.get(type(row), "else")
        yield file.part(number, f"is not an object with fields but {kind}.")
        return
    if (exported := article_of(row)) is not None:
        yield exported
        return
    yield from article_of_fields(row, number, file, source=source)
