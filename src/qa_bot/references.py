"""Articles as references for Zotero and its like: BibTeX (as biblatex has it), RIS and CSL-JSON.

A name is a name: nobody's family name is guessed. A date is as exact as it is known; one without a
year is told in a note, for none of the formats has a place for it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path, PurePath
from typing import Literal, get_args

from qa_bot.errors import QABotError
from qa_bot.jsonl import line_of
from qa_bot.records import Article

__all__ = ["STYLES", "Style", "authors", "references", "style_of", "write_articles"]

Style = Literal["bibtex", "ris", "csl-json"]
STYLES: tuple[Style, ...] = get_args(Style)
_ENDINGS: dict[str, Style] = {".bib": "bibtex", ".ris": "ris", ".json": "csl-json"}

Notes = Mapping[str, Sequence[str]]
"""What is to be noted of articles, such as quotes, by their ids."""

# A blank parts no names: it may stand within one.
_SEPARATORS = re.compile(r"\s*[、，,;；/／|&]\s*|\s+(?:and|und|et|y)\s+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")


def style_of(path: str | PurePath) -> Style | None:
    """The style that a file of this name has; None for articles themselves."""
    return _ENDINGS.get(PurePath(path).suffix.lower())


def references(
    articles: Iterable[Article], style: Style, notes: Notes | None = None
) -> Iterator[str]:
    """The text of a file with a reference for each article, piece by piece."""
    noted = notes or {}
    if style == "csl-json":
        yield "["
        for number, article in enumerate(articles):
            item = _csl(article, noted.get(article.id, ()))
            yield (",\n" if number else "\n") + json.dumps(item, ensure_ascii=False, indent=1)
        yield "\n]\n"
        return
    write: dict[Style, Callable[[Article, Sequence[str]], str]] = {"bibtex": _bibtex, "ris": _ris}
    for article in articles:
        yield write[style](article, noted.get(article.id, ()))


def write_articles(path: str | Path, articles: Iterable[Article]) -> int:
    """Write articles to a file, as references if its name ends so, else as JSON Lines; how many.

    :raises QABotError: if the file cannot be written.
    """
    count = 0

    def counted() -> Iterator[Article]:
        nonlocal count
        for article in articles:
            count += 1
            yield article

    style = style_of(path)
    try:
        with Path(path).open("w", encoding="utf-8", newline="") as file:
            lines = references(counted(), style) if style else map(line_of, counted())
            file.writelines(lines)
    except OSError as error:
        raise QABotError(f"{path} cannot be written: {error}.") from error
    return count


def authors(byline: str) -> list[str]:
    """The names in a byline."""
    return [name for name in _SEPARATORS.split(_line(byline)) if name]


def _line(text: str) -> str:
    """`text` on one line, without characters that no file of references holds."""
    return " ".join(_CONTROL.sub(" ", text).split())


def _date(article: Article) -> list[str]:
    """Year, month and day, as far as they are known; nothing without a year."""
    published = article.published
    return published.split("-") if re.fullmatch(r"\d{4}(-\d\d){0,2}", published) else []


def _notes(article: Article, notes: Sequence[str]) -> list[str]:
    known = [_line(note) for note in notes if note.strip()]
    if article.published and not _date(article):
        known.append(f"Date: {article.published.lstrip('-')} (year unknown)")
    return known


def _key(article: Article) -> str:
    """What the article is cited by: letters, digits and hyphens, other for other ids."""
    return "qa-" + re.sub(r"[^A-Za-z0-9]", lambda match: f"-{ord(match[0]):x}-", article.id)


# -- CSL-JSON --------------------------------------------------------------------------------------


def _csl(article: Article, notes: Sequence[str]) -> dict[str, object]:
    date = [int(part) for part in _date(article)]
    item: dict[str, object] = {
        "id": _key(article),
        "type": "article-newspaper",
        "title": _line(article.headline),
        "author": [{"literal": name} for name in authors(article.byline)],
        "container-title": _line(article.source),
        "issued": {"date-parts": [date]} if date else {},
        "URL": _line(article.url),
        "language": _line(article.lang),
        "note": "\n".join(_notes(article, notes)),
    }
    return {name: value for name, value in item.items() if value}


# -- RIS -------------------------------------------------------------------------------------------


def _ris(article: Article, notes: Sequence[str]) -> str:
    year, month, day = [*_date(article), "", "", ""][:3]
    fields = [
        ("TY", "NEWS"),
        ("ID", _key(article)),
        ("TI", _line(article.headline)),
        *(("AU", name) for name in authors(article.byline)),
        ("T2", _line(article.source)),
        ("PY", year),
        ("DA", f"{year}/{month}/{day}/" if year else ""),
        ("LA", _line(article.lang)),
        ("UR", _line(article.url)),
        *(("N1", note) for note in _notes(article, notes)),
    ]
    lines = [f"{tag}  - {value}" for tag, value in fields if value]
    return "\r\n".join([*lines, "ER  - ", "", ""])


# -- BibTeX ----------------------------------------------------------------------------------------

_TEX = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{mark: f"\\{mark}" for mark in "&%$#_"},
}


def _tex(text: str) -> str:
    return "".join(_TEX.get(character, character) for character in _line(text))


def _bibtex(article: Article, notes: Sequence[str]) -> str:
    date = _date(article)
    url = _line(article.url).replace("{", "%7B").replace("}", "%7D").replace("\\", "%5C")
    fields = {
        "title": f"{{{_tex(article.headline)}}}",  # twice in braces: its capitals stay
        "author": " and ".join(map(_bibtex_name, authors(article.byline))),
        "journal": _tex(article.source),
        "date": "-".join(date),
        "year": date[0] if date else "",
        "month": str(int(date[1])) if date[1:] else "",
        "url": url.replace(" ", "%20"),
        "langid": _tex(article.lang),
        "annote": "; ".join(map(_tex, _notes(article, notes))),
    }
    rows = [f"  {name} = {{{value}}}" for name, value in fields.items() if value.strip("{}")]
    entry = ["  entrysubtype = {newspaper}", *rows]
    return f"@article{{{_key(article)},\n" + ",\n".join(entry) + "\n}\n\n"


def _bibtex_name(name: str) -> str:
    """BibTeX parts Latin names by itself; of others the whole is the name."""
    return _tex(name) if name.isascii() else f"{{{_tex(name)}}}"
