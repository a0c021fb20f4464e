"""Markdown: the front matter as metadata, the rest as text that reads cleanly when quoted."""

from __future__ import annotations

import re
from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.token import Token

from qa_bot.errors import ReadError
from qa_bot.newspaper import split_page
from qa_bot.reading.decoding import clean_line, clean_text, decode
from qa_bot.reading.html import visible_text
from qa_bot.reading.inputs import Entry, InputFile
from qa_bot.reading.quiet import quiet
from qa_bot.reading.tables import table_text
from qa_bot.records import Article
from qa_bot.text.dates import date_from_name, find_dateline, normalise_date, refine_date
from qa_bot.text.languages import detect_language

__all__ = ["front_matter", "plain_text", "read_markdown"]

_FRONT_MATTER = re.compile(r"\A\s*---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.S)
_KEY = re.compile(r"([A-Za-z_][\w-]*)[ \t]*:(?:[ \t]+(.*)|)$")
_ITEM = re.compile(r"\s*-[ \t]+(.*)$")
_SENTENCE_END = tuple("。！？…；：.!?;:”’」』】》)）")
_CJK_BOUNDARY = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef“”‘’]")
_LISTS = {"bullet_list_open", "bullet_list_close", "ordered_list_open", "ordered_list_close"}
_BLOCK_ENDS = {"bullet_list_close", "ordered_list_close"}
_PLAIN_BLOCKS = {"paragraph_open", "paragraph_close", "inline", "hr", "code_block"}


def read_markdown(file: InputFile) -> Iterator[Entry]:
    """The article of a Markdown file; a page dump that only is named so is split as one."""
    content = clean_text(decode(file.read()))
    if not content.strip():
        raise ReadError("holds no text.")
    fields, body = front_matter(content)
    tokens = _parse(body)
    if not fields and all(token.type in _PLAIN_BLOCKS for token in tokens):
        yield from split_page(content, path=file.shown)
        return
    heading, rest = _split_title(tokens, fields.get("title", ""))
    title, text = fields.get("title") or heading, _text_of(rest)
    if not text:
        raise ReadError("holds no text below its title or front matter.")
    given = fields.get("date", "")
    date = normalise_date(given)
    yield Article(
        title=title,
        text=text,
        id=fields.get("id", ""),
        byline=fields.get("byline") or fields.get("author", ""),
        published=refine_date(date or date_from_name(file.shown), find_dateline(text)),
        source=fields.get("source", ""),
        url=fields.get("url", ""),
        lang=fields.get("lang") or detect_language(text),
        path=file.shown,
    )
    if given and not date:
        yield file.undated(1, given)


def front_matter(content: str) -> tuple[dict[str, str], str]:
    """The `key: value` fields between two `---` lines at the top, and what follows them.

    A plain line-based subset of YAML: values are text (`id: 007` stays `007`), may be quoted, may
    be a list (joined with a comma), and may hold a colon. Without such fields nothing is cut off.
    """
    match = _FRONT_MATTER.match(content)
    if match is None:
        return {}, content
    fields: dict[str, list[str]] = {}
    key = ""
    for line in match[1].split("\n"):
        if found := _KEY.match(line):
            key = found[1].lower()
            fields[key] = _values(found[2] or "")
        elif key and (item := _ITEM.match(line)):
            fields[key] += _values(item[1])
        elif line.strip() and not line.lstrip().startswith("#"):
            key = key if line.startswith((" ", "\t")) else ""
    if not fields:
        return {}, content
    return {k: clean_line(", ".join(v)) for k, v in fields.items()}, content[match.end() :]


def plain_text(markdown: str) -> str:
    """Markdown without its markup, an empty line between paragraphs."""
    return _text_of(_parse(markdown))


def _values(value: str) -> list[str]:
    value = value.strip()
    if value.startswith("[") and value.endswith("]"):
        return [v for part in value[1:-1].split(",") for v in _values(part)]
    if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
        inner = value[1:-1]
        unquoted = inner.replace("''", "'") if value[0] == "'" else inner.replace('\\"', '"')
        return [unquoted]
    value = re.sub(r"(?:^|\s)#\s.*$", "", value)
    return [value] if value and value not in ("|", ">", "~", "null") else []


def _parse(markdown: str) -> list[Token]:
    with quiet():  # each rule it enters is a log record
        return MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(markdown)


def _split_title(tokens: list[Token], known: str) -> tuple[str, list[Token]]:
    """The first level-one heading and the tokens without it.

    It stays in the text if the front matter gives another title.
    """
    for i, token in enumerate(tokens):
        if token.type == "heading_open" and token.tag == "h1":
            heading = clean_line(_inline(tokens[i + 1].children or []))
            if known and heading != known:
                return known, tokens
            return heading, tokens[:i] + tokens[i + 3 :]
    return "", tokens


def _text_of(tokens: list[Token]) -> str:
    """The readable text of parsed Markdown, paragraphs apart, items and rows line by line.

    Bullets go, the numbers of ordered lists stay.
    """
    pieces: list[str] = []
    prefix = ""  # the number of an item whose text comes next
    cells: list[str] = []
    rows: list[list[str]] = []
    depth = 0  # of lists
    in_row = False
    for token in tokens:
        depth += token.nesting * (token.type in _LISTS)
        gap = "\n" if depth else "\n\n"
        if token.type == "list_item_open":
            prefix = f"{token.info}{token.markup} " if token.info else ""
        elif token.type in ("tr_open", "tr_close"):
            in_row = token.type == "tr_open"
            if not in_row:
                rows.append(cells)
                cells = []
        elif token.type == "table_close":
            pieces += [table_text(rows, headings=1), "\n\n"]
            rows = []
        elif token.type == "inline" and in_row:
            cells.append(_inline(token.children or []))
        elif token.type == "inline":
            pieces += [prefix + _inline(token.children or []), gap]
            prefix = ""
        elif token.type == "html_block":
            pieces += [visible_text(token.content), gap]
        elif token.type in ("code_block", "fence"):
            pieces += [token.content, gap]
        elif token.type in _BLOCK_ENDS and not depth:
            pieces.append("\n")
    lines = (line.strip(" \t\u3000") for line in "".join(pieces).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", clean_text("\n".join(lines))).strip()


def _inline(children: list[Token]) -> str:
    pieces = [""]
    for i, token in enumerate(children):
        if token.type in ("text", "code_inline"):
            pieces.append(token.content)
        elif token.type == "image":
            pieces.append(_inline(token.children or []))
        elif token.type == "hardbreak" or token.content.lower().startswith("<br"):
            pieces.append("\n")
        elif token.type == "softbreak":
            rest = (children[n].content for n in range(i + 1, len(children)))
            before = next((piece for piece in reversed(pieces) if piece.strip()), "")
            pieces.append(_soft_break(before, next(filter(None, rest), "")))
    return "".join(pieces)


def _soft_break(before: str, after: str) -> str:
    """What a line break inside a paragraph stands for: a new line, nothing, or a space."""
    before = before.rstrip()
    if before.endswith(_SENTENCE_END) or after.startswith("\u3000"):
        return "\n"
    both = _CJK_BOUNDARY.match(before[-1:]) and _CJK_BOUNDARY.match(after[:1])
    return "" if both else " "
