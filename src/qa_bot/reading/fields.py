"""A record of named fields (a row of JSON, of a sheet, of a feed) as an article."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from qa_bot.reading.decoding import clean_line, clean_text
from qa_bot.reading.html import looks_like_html, visible_text
from qa_bot.reading.inputs import Entry, InputFile
from qa_bot.records import Article
from qa_bot.text.dates import find_dateline, normalise_date, refine_date
from qa_bot.text.languages import detect_language

__all__ = ["article_of_fields", "is_field", "plain_body"]

# Names under which a field is looked for, the first that holds anything wins. They are compared
# in lower case without spaces, underlines and hyphens.
_ALIASES = {
    "title": (
        "title headline webtitle 标题 標題 题名 篇名 新闻标题 主标题 見出し タイトル 제목 "
        "name subject"
    ),
    "text": (
        "text content body contents article articletext articlebody "
        "contenttext contenthtml bodytext bodyhtml fulltext maintext "
        "html 正文 内容 內容 全文 文章内容 文章 本文 記事 본문 내용 description summary 摘要"
    ),
    "date": (
        "date published publishdate pubdate publishedat datepublished "
        "publishtime pubtime webpublicationdate publicationdate "
        "publishedtime issued created createdat datetime time 日期 发布日期 "
        "发布时间 刊登日期 出版日期 发表时间 时间 發布日期 日付 掲載日 날짜 发表日期"
    ),
    "source": (
        "source newspaper publisher media publication sitename outlet "
        "来源 來源 报纸 報紙 媒体 媒體 报刊 出处 新聞社 媒体名称 언론사"
    ),
    "url": "url link weburl 网址 链接 網址 地址",
    "byline": "byline author authors creator reporter 作者 记者 記者 署名 著者 기자",
    "lang": "lang language 语言 語言",
    "id": "id guid 编号 編號",
}
# Objects of a record that hold its fields (of the Guardian, JSON:API, Elasticsearch).
_INNER = ("fields", "attributes", "_source")
_KNOWN = {alias: field for field, names in _ALIASES.items() for alias in names.split()}
_EPOCH_FROM = 100_000_000  # a larger number is seconds since 1970, not 20240809
_MILLISECONDS_FROM = 100_000_000_000


def is_field(name: str) -> bool:
    """Whether a column or key of this name is one that an article is made of."""
    return _folded(name) in _KNOWN


def article_of_fields(
    row: Mapping[str, object], number: int, file: InputFile, *, source: str = ""
) -> Iterator[Entry]:
    """The article of a record, and the refusal of what of it could not be used.

    :param number: which record of the file it is, counted from 1.
    :param source: the newspaper, where the record itself names none.
    """
    fields: dict[str, object] = {}
    for key, value in row.items():
        inner = value if key in _INNER and isinstance(value, dict) else {key: value}
        fields |= {_folded(name): held for name, held in inner.items()}
    text = plain_body(_field(fields, "text"))
    if not text:
        yield file.part(number, 'has no text: give it in the field "text".')
        return
    given = _field(fields, "date")
    date = _date(given)
    yield Article(
        title=_name(_field(fields, "title")),
        text=text,
        id=_name(_field(fields, "id")),
        byline=_name(_field(fields, "byline")),
        published=refine_date(date, find_dateline(text)),
        source=_name(_field(fields, "source")) or source,
        url=_name(_field(fields, "url")),
        lang=_language(_name(_field(fields, "lang")), text),
        path=file.shown,
    )
    if given and not date:
        yield file.undated(number, str(given))


def plain_body(value: object) -> str:
    """The text of a field, or the paragraphs of a list; markup of web pages removed."""
    if isinstance(value, list):
        return "\n\n".join(filter(None, map(plain_body, value)))
    if not isinstance(value, str):
        return ""
    if looks_like_html(value):
        value = visible_text(value)
    return clean_text(value).strip()


def _folded(name: object) -> str:
    return str(name).strip().lower().replace("_", "").replace("-", "").replace(" ", "")


def _field(fields: Mapping[str, object], name: str) -> object:
    values = (fields.get(alias) for alias in _ALIASES[name].split())
    return next((value for value in values if value or value == 0), "")


def _name(value: object) -> str:
    """A field of one line: text, a number, a list of names, or an object that has a name."""
    if isinstance(value, dict):
        value = value.get("name", "")
    if isinstance(value, list):
        return ", ".join(filter(None, map(_name, value)))
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    text = str(value)
    return clean_line(visible_text(text) if looks_like_html(text) else text)


def _language(given: str, text: str) -> str:
    """What is given, made exact where it does not tell which Chinese."""
    if given.lower() not in ("", "zh"):
        return given
    found = detect_language(text)
    return found if not given or found.startswith("zh") else given


def _date(value: object) -> str:
    if isinstance(value, int | float) and not isinstance(value, bool) and value >= _EPOCH_FROM:
        seconds = value / 1000 if value >= _MILLISECONDS_FROM else value
        try:
            return datetime.fromtimestamp(seconds, UTC).date().isoformat()
        except (ValueError, OverflowError, OSError):
            return ""
    return normalise_date(_name(value))
