"""One newspaper page dump becomes its articles.

The way goes through ever larger things: lines, blocks (lines without a blank line between them),
units (a paragraph, a headline, a byline), bodies (units from an opening to a closing), articles.
Where nothing on the page says that it holds several articles, it is one.
"""

from __future__ import annotations

from qa_bot.newspaper.bodies import draft_articles
from qa_bot.newspaper.bylines import is_furniture
from qa_bot.newspaper.columns import Block, split_blocks
from qa_bot.newspaper.units import read_units
from qa_bot.records import Article
from qa_bot.text.dates import (
    date_from_name,
    find_date,
    find_dateline,
    is_date_line,
    normalise_date,
    refine_date,
)
from qa_bot.text.languages import detect_language

__all__ = ["split_page"]

_HEADER_LINES = 6  # how far down the page's own date is looked for


def split_page(
    text: str,
    *,
    path: str = "",
    source: str = "",
    url: str = "",
    published: str = "",
    lang: str = "",
) -> list[Article]:
    """The articles of one page dump, in reading order; an ordinary text is one article.

    In `Article.text` paragraphs are separated by a blank line; a single newline is a line break
    that is the text's own (a list, a table, verse). Nothing is lost but surely recognised page
    furniture, the brackets around bylines, and hyphens at line ends.

    :param published: the date if it is known; otherwise (or if it is no date) it is looked for in
        the file name, the address, the page header and the article's own dateline.
    :param lang: the language if it is known; otherwise it is told from the text.
    """
    blocks, header_date = _without_furniture(list(split_blocks(text)))
    drafts = draft_articles(read_units(blocks))
    known = normalise_date(published)
    if not known:
        known = date_from_name(path)
        known = refine_date(known, date_from_name(url)) if url else known
        known = refine_date(known, header_date)
    return [
        Article(
            title=draft.title,
            text=draft.text,
            byline=draft.byline,
            published=refine_date(known, find_dateline(draft.text)),
            source=source,
            url=url,
            lang=lang or detect_language(f"{draft.title}\n{draft.text}"),
            path=path,
        )
        for draft in drafts
    ]


def _without_furniture(blocks: list[Block]) -> tuple[list[Block], str]:
    """The blocks without page furniture, and the date that the page's header tells."""
    kept: list[Block] = []
    date, seen = "", 0
    for number, block in enumerate(blocks):
        start = 0
        for i, line in enumerate(block.lines):
            first = number == 0 and i == 0
            last = number == len(blocks) - 1 and i == len(block.lines) - 1
            furniture = is_furniture(line, at_edge=first or last)
            if not date and (furniture or (seen < _HEADER_LINES and is_date_line(line))):
                date = find_date(line)
            seen += 1
            if furniture:
                kept.append(block.part(start, i))
                start = i + 1
        kept.append(block.part(start, len(block.lines)))
    return [block for block in kept if block.lines], date
