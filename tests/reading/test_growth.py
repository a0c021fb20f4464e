"""No text takes time that grows with the square of its length: neither readers nor patterns."""

from __future__ import annotations

import io
import json
import time
import zipfile
from collections.abc import Callable
from html import escape
from pathlib import Path

import docx
import openpyxl
import pytest

from qa_bot.index.chunking import passage_spans
from qa_bot.llm.claims import claims, unmarked
from qa_bot.newspaper import split_page
from qa_bot.reading import read_entries
from qa_bot.reading.decoding import clean_text, decode
from qa_bot.reading.html import element, looks_like_html, visible_text
from qa_bot.reading.inputs import InputFile
from qa_bot.reading.markdown import front_matter
from qa_bot.reading.mojibake import repaired
from qa_bot.reading.tables import with_tables_told
from qa_bot.text.calendars import other_calendar
from qa_bot.text.chinese import align, name_spans, words
from qa_bot.text.dates import dates_in, find_dateline, normalise_date
from qa_bot.text.languages import detect_language
from qa_bot.text.numerals import find_numbers
from qa_bot.text.phrases import says_not_in_articles
from qa_bot.text.sentences import split_sentences
from qa_bot.text.terms import content_terms, terms

pytestmark = pytest.mark.e2e

SIZES = (500, 2_000, 8_000)  # characters
FASTEST = 0.05  # seconds of this thread; what is faster at the largest size cannot be measured
MOST = 10.0  # times as long for four times as much: 4 if it grows as the length, 16 as its square

UNITS = (
    *(
        "a",
        " ",
        "\n",
        "\t",
        ".",
        "!?",
        "…",
        "-",
        "1",
        "1,",
        "一",
        "，",
        "。",
        "“",
        "（",
        "[",
        "[1,",
    ),
    *("<", "<a ", "<a b", "<a href='", "<title>", "<h1>", "<!--", "<!--x>", "<![x[", "<?", "<br"),
    *("&", "</p>", "<p>", "<br>", "<td>", "*", "_a_", "`", "![", "|", "a|b\n", "> a\n", "# a\n"),
    *(
        "a\n",
        "一\n",
        "a-\n",
        "a\n\n",
        "- a\n",
        "a: b\n",
        "记者",
        "（王小明）\n",
        "A1版\n",
        "3月5日",
    ),
    *(
        "5 May ",
        "2024-01-01 ",
        "Mr. ",
        "Ã©",
        "a 1 1\n",
        "a b c\n",
        "\\par ",
        "{\\b ",
        '"',
        '"a",b\n',
    ),
)


def zipped(members: dict[str, str]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return data.getvalue()


def document(text: str) -> bytes:
    made, data = docx.Document(), io.BytesIO()
    made.add_paragraph(text)
    made.save(data)
    return data.getvalue()


def workbook(text: str) -> bytes:
    made, data = openpyxl.Workbook(), io.BytesIO()
    made.active.append(["title", "text"])
    made.active.append(["a", "'" + text])
    made.save(data)
    return data.getvalue()


def odt(text: str) -> bytes:
    lines = "".join(f"<p>{escape(line)}</p>" for line in text.split("\n"))
    return zipped({"content.xml": f"<office><text>{lines}</text></office>"})


def epub(text: str) -> bytes:
    return zipped(
        {
            "META-INF/container.xml": '<a><rootfile full-path="book.opf"/></a>',
            "book.opf": '<a><item id="c" href="c.html"/><itemref idref="c"/></a>',
            "c.html": f"<html><body>{text}",
        }
    )


FILES: dict[str, Callable[[str], bytes]] = {
    ".txt": str.encode,
    ".md": str.encode,
    ".html": lambda text: f"<html><body>{text}".encode(),
    ".rtf": lambda text: f"{{\\rtf1\\ansi {text}}}".encode(),
    ".csv": lambda text: f"title,text\n{text}".encode(),
    ".json": lambda text: json.dumps({"title": text, "text": f"<br>{text}"}).encode(),
    ".jsonl": lambda text: json.dumps({"byline": text, "text": text}).encode(),
    ".xml": lambda text: (
        "<rss><channel><title>t</title><item><title>t</title>"
        f"<description>{escape(text)}</description></item></channel></rss>"
    ).encode(),
    ".nitf": lambda text: (
        f"<nitf><body><body.content><p>{escape(text)}</p></body.content></body></nitf>"
    ).encode(),
    ".eml": lambda text: f"From: a\nSubject: b\nContent-Type: text/html\n\n{text}".encode(),
    ".odt": odt,
    ".epub": epub,
    ".docx": document,
    ".xlsx": workbook,
}


FUNCTIONS: dict[str, Callable[[str], object]] = {
    "align": align,
    "claims": claims,
    "clean_text": clean_text,
    "content_terms": content_terms,
    "dates_in": dates_in,
    "decode": lambda text: decode(text.encode()),
    "detect_language": detect_language,
    "element": lambda text: element(text, "title", "h1"),
    "find_dateline": find_dateline,
    "find_numbers": find_numbers,
    "front_matter": lambda text: front_matter(f"---\ntitle: {text}\n---\n"),
    "looks_like_html": looks_like_html,
    "name_spans": name_spans,
    "normalise_date": normalise_date,
    "other_calendar": other_calendar,
    "repaired": repaired,
    "says_not_in_articles": says_not_in_articles,
    "split_page": split_page,
    "passage_spans": passage_spans,
    "split_sentences": split_sentences,
    "terms": terms,
    "unmarked": unmarked,
    "visible_text": visible_text,
    "with_tables_told": with_tables_told,
    "words": words,
}


def seconds(work: Callable[[], object]) -> float:
    begun = time.thread_time()
    work()
    return time.thread_time() - begun


def assert_grows_with_length(work: Callable[[int], Callable[[], object]], what: str) -> None:
    """`work(size)` gives what is to be done with an input of that size."""
    if seconds(work(SIZES[-1])) < FASTEST:
        return
    took: list[tuple[float, ...]] = []
    for _ in range(3):  # of a busy machine one measurement may tell nothing
        small, middle, large = (seconds(work(size)) for size in SIZES)
        took.append((small, middle, large))
        # the lesser of the two steps: a constant cost hides in the first, caches in the second
        if large < MOST * middle or middle < MOST / 4 * small:
            return
    raise AssertionError((what, took))


@pytest.mark.parametrize("kind", FILES)
def test_files_are_read_in_time_that_grows_with_their_length(kind: str, tmp_path: Path) -> None:
    def reading(unit: str) -> Callable[[int], Callable[[], object]]:
        def of_size(size: int) -> Callable[[], object]:
            path = tmp_path / f"{size}{kind}"
            path.write_bytes(FILES[kind](unit * (size // len(unit))))
            file = InputFile(path, str(path), 10_000_000)
            return lambda: list(read_entries(file, kind))

        return of_size

    for unit in UNITS:
        assert_grows_with_length(reading(unit), repr(unit))


@pytest.mark.parametrize("name", FUNCTIONS)
def test_texts_are_searched_in_time_that_grows_with_their_length(name: str) -> None:
    def searching(unit: str, end: str) -> Callable[[int], Callable[[], object]]:
        def of_size(size: int) -> Callable[[], object]:
            text = f"x{unit * (size // len(unit))}{end}"
            return lambda: FUNCTIONS[name](text)

        return of_size

    for unit in UNITS:
        for end in ("", "\x01"):  # what is looked for ends with the text, or does not
            assert_grows_with_length(searching(unit, end), repr(unit))


def test_what_never_ends_is_text() -> None:
    assert visible_text("甲<b>乙</b> <a href='丙") == "甲乙 <a href='丙"
    assert visible_text("甲<!-- 乙 <p>丙</p>丁") == "甲<!-- 乙 <p>丙\n\n丁"
    many = visible_text("甲" + "<a <!-- " * 50 + "乙 &amp; 丙")
    assert many.startswith("甲<a")
    assert many.endswith("乙 & 丙")
