"""Reading: files and folders to articles, one after the other; what cannot be read is named."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

from qa_bot.errors import ReadError
from qa_bot.files import STORE_FILE
from qa_bot.newspaper import split_page
from qa_bot.reading import limits
from qa_bot.reading.decoding import clean_text, decode_doubting
from qa_bot.reading.html import read_html
from qa_bot.reading.inputs import Entry, InputFile, Reader, shown_path
from qa_bot.reading.mail import is_mail, read_mail
from qa_bot.reading.markdown import read_markdown
from qa_bot.reading.news_xml import read_xml
from qa_bot.reading.ocr import read_image
from qa_bot.reading.office import read_epub, read_odt, read_rtf
from qa_bot.reading.pdf import read_pdf
from qa_bot.reading.rows import read_json, read_jsonl
from qa_bot.reading.sheets import is_csv, read_csv, read_xlsx
from qa_bot.reading.word import read_docx
from qa_bot.reading.workers import read_in_child
from qa_bot.records import Article, Refusal

__all__ = ["KINDS", "files_in", "read", "read_entries", "read_file", "read_text"]


_WEB_PAGE = re.compile(r"\s*<(?:!doctype\s+html|html)\b", re.I)  # what a browser saved as text
_XML = re.compile(
    r"\s*(?:<\?xml\b|<!DOCTYPE\s+nitf|<(?:\w+:)?(?:rss|feed|nitf|alto|PcGts|newsItem)[\s>])", re.I
)


def _read_text(file: InputFile) -> Iterator[Entry]:
    """A text, or what was saved as one although it is something else."""
    text, guess = decode_doubting(file.read())
    if guess:
        yield file.guessed(guess)
    if kind := _kind_of_text(text):
        yield from read_in_child(file, kind)
    elif (text := clean_text(text)).strip():
        yield from split_page(text, path=file.shown)
    elif guess:
        raise ReadError("holds no text.")


def _kind_of_text(text: str) -> str:
    """The kind of markup that goes by the name of a text; "" for a text."""
    text = text.lstrip("\ufeff")
    if _WEB_PAGE.match(text):
        return ".html"
    if _XML.match(text):
        return ".xml"
    if text.lstrip().startswith("{\\rtf"):
        return ".rtf"
    if is_mail(text):
        return ".eml"
    return ".csv" if is_csv(text) else ""


_READERS: dict[str, Reader] = {
    ".txt": _read_text,
    ".md": read_markdown,
    ".markdown": read_markdown,
    ".html": read_html,
    ".htm": read_html,
    ".xhtml": read_html,
    ".pdf": read_pdf,
    ".docx": read_docx,
    ".odt": read_odt,
    ".rtf": read_rtf,
    ".epub": read_epub,
    ".json": read_json,
    ".jsonl": read_jsonl,
    ".ndjson": read_jsonl,
    ".csv": read_csv,
    ".tsv": read_csv,
    ".xlsx": read_xlsx,
    ".xml": read_xml,
    ".rss": read_xml,
    ".atom": read_xml,
    ".nitf": read_xml,
    ".eml": read_mail,
    ".mht": read_mail,
    ".mhtml": read_mail,
    ".png": read_image,
    ".jpg": read_image,
    ".jpeg": read_image,
    ".tif": read_image,
    ".tiff": read_image,
}
KINDS = tuple(_READERS)
"""The file name extensions that are read, in lower case; the pictures need the extra `ocr`."""

_IN_PROCESS = (".txt", ".jsonl", ".ndjson")  # ours alone parses them, in bounded memory

_IGNORED = {"__macosx", "thumbs.db", "desktop.ini"}
_ADVICE = {
    ".doc": " Open it in Word or LibreOffice and save it as .docx.",
    ".wps": " Open it in WPS and save it as .docx.",
    ".xls": " Open it in Excel or LibreOffice and save it as .xlsx or .csv.",
    ".ods": " Open it in LibreOffice and save it as .xlsx or .csv.",
    ".pages": " Export it as .docx.",
    ".mobi": " Convert it to .epub.",
    ".msg": " Save the mail as .eml.",
    ".caj": " Export it as .pdf.",
    ".zip": " Unpack it.",
    ".rar": " Unpack it.",
    ".7z": " Unpack it.",
}


def read(
    sources: str | Path | Iterable[str | Path], *, max_file_mb: float = 100
) -> Iterator[Article | Refusal]:
    """The articles of files and folders, lazily and in order; folders are read to the bottom.

    Nothing that is wrong with a file is raised: a refusal names it, and the next one is read.

    :param max_file_mb: the largest file that is read, in megabytes (10^6 bytes).
    """
    if isinstance(sources, str | Path):
        sources = (sources,)
    for source in sources:
        for found in _walk(_path(source)):
            if isinstance(found, Refusal):
                yield found
            else:
                yield from _refusing(found, max_file_mb)


def read_file(path: str | Path, *, max_file_mb: float = 100) -> list[Article]:
    """The articles of one file; rows or pages of it that cannot be read are left out.

    :raises ReadError: if nothing of it could be read; the message says why and what to do.
    """
    path = _path(path)
    entries = list(_refusing(path, max_file_mb))
    articles = [entry for entry in entries if isinstance(entry, Article)]
    if not articles:
        reasons = [f"{e.path}: {e.reason}" for e in entries if isinstance(e, Refusal)]
        raise ReadError(reasons[0] if reasons else f"{shown_path(path)}: holds no article.")
    return articles


def read_text(text: str, *, source: str = "") -> list[Article]:
    """The articles of a text, as a text file that holds it would give them.

    :raises ReadError: if it holds no text.
    """
    articles = split_page(clean_text(text), source=source)
    if not articles:
        raise ReadError("The text is empty: paste or write some.")
    return articles


def files_in(folder: str | Path) -> set[str]:
    """The files of a folder and all below it, as `Article.path` names them."""
    found = _walk(_path(folder))
    return {shown_path(file) for file in found if isinstance(file, Path)}


def _path(source: str | Path) -> Path:
    try:
        return Path(source).expanduser()
    except RuntimeError:  # "~name" of nobody
        return Path(source)


def _is_folder(path: Path) -> bool:
    """Whether it is a folder; a path that may not be looked at is said to be none."""
    try:
        return path.is_dir()
    except OSError:
        return False


def _walk(path: Path) -> Iterator[Path | Refusal]:
    """The files under `path`, or itself; folders in sorted order, each real folder once."""
    if not _is_folder(path):
        yield path
        return
    empty = True
    for found in _walk_folder(path):
        empty = False
        yield found
    if empty:
        yield Refusal(shown_path(path), "is a folder without files.")


def _walk_folder(top: Path) -> Iterator[Path | Refusal]:
    """A folder that links or mounts lead to again, or a whole index of ours, is passed over."""
    seen: set[tuple[int, int]] = set()
    waiting = [top]  # the last one is next; no recursion, for folders may lie thousands deep
    while waiting:
        path = waiting.pop()
        if not _is_folder(path):
            yield path
            continue
        try:
            status = path.stat()
            names = sorted(os.listdir(path), reverse=True)
        except OSError as error:
            yield Refusal(shown_path(path), f"cannot be opened: {_os_reason(error)}.")
            continue
        identity = (status.st_dev, status.st_ino)
        if identity in seen or STORE_FILE in names:
            continue
        seen.add(identity)
        waiting += [
            path / name
            for name in names
            if not name.startswith(".") and name.lower() not in _IGNORED
        ]


def _refusing(path: Path, max_file_mb: float) -> Iterator[Entry]:
    """The entries of one file, whatever stops the reading turned into a refusal."""
    try:
        kind = _kind(path)
        file = _checked(path, shown_path(path), max_file_mb)
    except ReadError as error:
        yield Refusal(shown_path(path), str(error))
    except OSError as error:
        yield Refusal(shown_path(path), f"cannot be opened: {_os_reason(error)}.")
    else:
        yield from read_entries(file, kind, _READERS[kind] if kind in _IN_PROCESS else _in_child)


def _in_child(file: InputFile) -> Iterator[Entry]:
    return read_in_child(file, file.path.suffix.lower())


def read_entries(file: InputFile, kind: str, reader: Reader | None = None) -> Iterator[Entry]:
    """The entries of a file of this kind, read in this process; a refusal for what goes wrong.

    :param reader: what reads it; None for the one of its kind.
    """
    count = 0
    try:
        for entry in (reader or _READERS[kind])(file):
            count += 1
            yield entry
        if not count:
            yield Refusal(file.shown, "holds no text.")
    except ReadError as error:
        yield Refusal(file.shown, _TOO_MUCH if _out_of_memory(error) else str(error))
    except OSError as error:
        yield Refusal(file.shown, f"cannot be opened: {_os_reason(error)}.")
    except Exception as error:  # noqa: BLE001  # one bad file never stops the others
        reason = f"cannot be read ({type(error).__name__}: {error})."
        yield Refusal(file.shown, _TOO_MUCH if _out_of_memory(error) else reason)


_TOO_MUCH = (
    f"takes more than {limits.MEMORY_MB / 1000:g} GB of memory to read. It was left out; split it, "
    "or save what it says as text, and add that."
)


def _out_of_memory(error: BaseException | None) -> bool:
    """Whether the lack of memory led to this error."""
    while error is not None and not isinstance(error, MemoryError):
        error = error.__context__
    return error is not None


def _kind(path: Path) -> str:
    kind = path.suffix.lower()
    if kind in _READERS:
        return kind
    if path.is_dir() or not path.exists():
        return ".txt"  # what is wrong with it is found there
    kinds = ", ".join(k.lstrip(".") for k in KINDS)
    raise ReadError(f"is not a kind of file qa_bot reads ({kinds}).{_ADVICE.get(kind, '')}")


def _checked(path: Path, shown: str, max_file_mb: float) -> InputFile:
    """:raises ReadError: if it is no file, empty, or too large."""
    status = path.stat()
    if stat.S_ISDIR(status.st_mode):
        raise ReadError("is a folder, not a file.")
    if not stat.S_ISREG(status.st_mode):
        raise ReadError("is not a regular file.")
    if status.st_size == 0:
        raise ReadError("is empty.")
    limit = int(max_file_mb * 1_000_000)
    # JSON Lines are read line by line: an archive of any size passes
    if status.st_size > limit and path.suffix.lower() not in (".jsonl", ".ndjson"):
        raise ReadError(
            f"is {status.st_size / 1e6:.0f} MB, more than the {max_file_mb:g} MB allowed: split "
            "it, or raise the setting max_file_mb."
        )
    return InputFile(path, shown, limit)


def _os_reason(error: Exception) -> str:
    if isinstance(error, FileNotFoundError):
        return "there is no such file or folder"
    if isinstance(error, PermissionError):
        return "permission denied; allow reading it and add it again"
    return getattr(error, "strerror", None) or type(error).__name__
