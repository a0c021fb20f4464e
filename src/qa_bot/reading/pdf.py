"""PDF: the text layer in reading order, or OCR of the pages that are pictures."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Any

from qa_bot.errors import ReadError
from qa_bot.newspaper import split_page
from qa_bot.reading import limits, ocr
from qa_bot.reading.decoding import clean_text, signature
from qa_bot.reading.inputs import Entry, InputFile
from qa_bot.reading.pdf_layer import layer_text
from qa_bot.reading.quiet import quiet
from qa_bot.reading.tables import with_tables_told

__all__ = ["read_pdf"]

_BROADSHEET = 1100  # points on the longer side: tabloids and larger; A4 has 842, A3 has 1191
_MOST_UNREADABLE = 0.3
_NO_CHARACTER = ("Cc", "Cn", "Co")
_NO_TEXT = "has no text layer: it is a scan. "
_DPI = 200
_MOST_PIXELS = 40_000_000

# Radicals (U+2E80-U+2FDF) that PDF fonts name instead of the characters that look like them.
# Unicode decomposes the Kangxi ones; of the supplement these are whole characters too.
_RADICALS = str.maketrans(
    "⺁⺅⺉⺋⺌⺐⺒⺓⺖⺘⺙⺛⺝⺟⺠⺡⺣⺦⺧⺨⺩⺪⺬⺭⺮⺰⺲⺶⺹⺻⺼⺽⺾⺿⻀⻁⻂⻃⻄⻅⻆⻈⻉⻋⻌⻍⻎⻏⻐⻑⻒⻓⻔⻖⻗⻘⻙⻚⻛⻜⻝⻟⻠⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻯⻰⻱⻲",
    "厂亻刂㔾小尢巳幺忄扌攵旡月母民氵灬丬牛犭王疋示礻竹纟罒羊耂聿月臼艹艹艹虎衤覀西见角讠贝车辶辶辶阝钅長镸长门阝雨青韦页风飞食飠饣马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龜亀",
)
_COMPATIBLE = re.compile("[\u2e80-\u2fdf\ufb00-\ufb06]")  # radicals; the ligatures of Latin fonts
_HYPHEN = re.compile("[\u00ad\ufffe\x02][ \t]*(?:\r?\n)?")
_PAGE_NUMBER = re.compile(r"[\W_]*(?:第\s*)?[0-9]{1,4}(?:\s*页)?[\W_]*")


def read_pdf(file: InputFile) -> Iterator[Entry]:
    """The articles of a PDF; a page that cannot be read is refused by its number."""
    pages, pictures = _pages(file.read())
    if not any(pages):
        raise ReadError(_NO_TEXT + ocr.ADVICE if pictures else "holds no text.")
    for text in _dumps(pages):
        yield from split_page(text, path=file.shown)
    for number in pictures:
        yield file.part(number, "is a page without text layer. " + ocr.ADVICE)


class _Pages(list[str]):
    """The text of each page; `large` if they are newspaper pages by their size."""

    large: bool = False


def _pages(data: bytes) -> tuple[_Pages, list[int]]:
    """The text of each page, and the numbers of pages that are pictures nobody could read."""
    import pypdfium2  # not at the top: it loads a library

    pages, pictures = _Pages(), []
    with quiet():  # it also keeps others out of PDFium, which knows no threads
        document = _open(pypdfium2, data)
        try:
            if len(document) > limits.MOST_PAGES:
                raise ReadError(
                    f"says it has {len(document)} pages, more than the {limits.MOST_PAGES} that "
                    "are read of one file: split it."
                )
            for number in range(len(document)):
                page = document[number]
                pages.large = pages.large or max(page.get_size()) > _BROADSHEET
                text = _text_layer(page)
                if not text and _has_picture(page):
                    text = _recognised(page) if ocr.available() else ""
                    if not text and not ocr.available():
                        pictures.append(number + 1)
                pages.append(text)
        except pypdfium2.PdfiumError as error:
            raise ReadError(f"is a damaged PDF ({error}): get the file again.") from None
        finally:
            document.close()
    return pages, pictures


def _open(pypdfium2: Any, data: bytes) -> Any:
    head = data[:1024]
    if b"%PDF" not in head:
        what = signature(head) or "something else"
        raise ReadError(f"is not a PDF document: it looks like {what}. Name it as what it is.")
    try:
        return pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if "assword" in str(error) or "ecurity" in str(error):
            raise ReadError(
                "is password-protected: remove the password and add it again."
            ) from None
        raise ReadError(
            f"is damaged or cut off: it cannot be opened as PDF ({error}). Get the file again."
        ) from None


def _text_layer(page: Any) -> str:
    """The text of a page in reading order, "" if it has none that can be read."""
    layer = page.get_textpage()
    try:
        return _readable(layer_text(layer, page.get_height()))
    finally:
        layer.close()


def _readable(text: str) -> str:
    """Clean text of a text layer; "" if its fonts do not tell which characters their glyphs are."""
    text = _HYPHEN.sub("", text).translate(_RADICALS)
    text = _COMPATIBLE.sub(lambda match: unicodedata.normalize("NFKC", match[0]), text)
    unreadable = sum(c not in "\r\n\t" and unicodedata.category(c) in _NO_CHARACTER for c in text)
    if unreadable + text.count("\ufffd") > _MOST_UNREADABLE * len(text):
        return ""
    return with_tables_told(clean_text(text).strip())


def _has_picture(page: Any) -> bool:
    import pypdfium2.raw as raw

    kinds = (raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_TEXT)
    return any(True for _ in page.get_objects(filter=kinds))


def _recognised(page: Any) -> str:
    width, height = page.get_size()
    scale = min(_DPI / 72, (_MOST_PIXELS / max(1.0, width * height)) ** 0.5)
    return ocr.recognise(page.render(scale=scale).to_numpy())


def _dumps(pages: _Pages) -> Iterator[str]:
    """What to split into articles: each newspaper page by itself, smaller pages as one text."""
    if pages.large or len(pages) == 1:
        yield from filter(None, pages)
        return
    yield "\n".join(filter(None, map(_without_page_number, pages)))


def _without_page_number(page: str) -> str:
    lines = page.split("\n")
    if lines and _PAGE_NUMBER.fullmatch(lines[0]):
        del lines[0]
    if lines and _PAGE_NUMBER.fullmatch(lines[-1]):
        del lines[-1]
    return "\n".join(lines)
