"""One newspaper page dump becomes its articles.

The way goes through ever larger things: lines, blocks (lines without a blank line between them),
units (a paragraph, a headline, a byline), bodies (units from an opening to a closing), articles.
Where nothing on the page says that it holds several articles, it is one.
"""

from __future__ import annotations

from qa_bot.newspaper.bodies import draft_articles
from qa_bot.newspaper.columns import split_blocks
from qa_bot.newspaper.furniture import without_furniture
from qa_bot.newspaper.units import read_units
from qa_bot.records import Article
from qa_bot.text.dates import (
    date_from_name,
    find_dateline,
    normalise_date,
    refine_date,
)
from qa_bot.text.languages import detect_language

__all__ = ["split_page"]


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
    blocks, furniture = without_furniture(list(split_blocks(text)))
    drafts = draft_articles(read_units(blocks, of_a_page=bool(furniture.lines)))
    known = normalise_date(published)
    if not known:
        known = date_from_name(path)
        known = refine_date(known, date_from_name(url)) if url else known
        known = refine_date(known, furniture.date)
    return [
        Article(
            title=draft.title,
            text=draft.text,
            byline=draft.byline,
            published=refine_date(known, find_dateline(draft.text)),
            source=source or furniture.paper,
            url=url,
            lang=lang or detect_language(f"{draft.title}\n{draft.text}"),
            path=path,
        )
        for draft in drafts
    ]
