"""What becomes of an article that is put into an index: added, replaced or skipped."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal, Protocol

from qa_bot.errors import ArticleNotFoundError
from qa_bot.index.corrections import as_read, with_corrections
from qa_bot.index.metadata import merged, printing_id, same_printing
from qa_bot.index.records import ArticleRow, Whole
from qa_bot.records import Article, Outcome

__all__ = ["Tables", "not_found", "put_article"]


class Tables(Protocol):
    """An engine's tables within one transaction."""

    def by_id(self, article_id: str) -> ArticleRow | None:
        """The article of this id."""
        ...

    def by_digest(self, digest: str) -> list[ArticleRow]:
        """The articles with this content: one, or its printings, in the order they came in."""
        ...

    def insert(self, whole: Whole, digest: str) -> None:
        """Put an article in that is not there yet, with all that belongs to it but vectors."""
        ...

    def update(self, key: int, article: Article) -> None:
        """Give the article of this key the id and the metadata of `article`."""
        ...

    def delete(self, key: int) -> None:
        """Delete an article with its passages and their vectors."""
        ...


def put_article(tables: Tables, whole: Whole) -> Outcome:
    """Add one article; it is looked up here, for one before it in the batch may be the same."""
    article = whole.article
    digest = as_read(article, whole.changes).digest()
    own_id = article.id not in (digest[:16], printing_id(article))
    known = tables.by_id(article.id)
    # the same content under the id that its hash gave is this article without its id
    if own_id:
        nameless = tables.by_id(digest[:16])
        if known is None and nameless and _prints(nameless, article):
            known = nameless
    elif known is None or known.digest == digest:
        printings = tables.by_digest(digest)
        known = next((row for row in printings if _prints(row, article)), None)
        if printings and known is None:
            article = replace(article, id=printing_id(article))
    if known is None or digest not in (known.digest, known.article.digest()):
        if known is not None:
            tables.delete(known.key)
        tables.insert(whole._replace(article=article), digest)
        return _outcome(article, "added" if known is None else "replaced")
    new = merged(_read(known), article, keep_id=not own_id)
    new = with_corrections(new, known.article, known.changes)
    if new == known.article:
        return _outcome(new, "skipped", article.path)
    tables.update(known.key, new)
    return _outcome(new, "replaced", article.path)


def _read(row: ArticleRow) -> Article:
    return as_read(row.article, row.changes)


def _prints(row: ArticleRow, article: Article) -> bool:
    """Whether an article of the same content is this one, as it is now or as it was read."""
    read = _read(row)
    again = (read.source, read.published) == (article.source, article.published)
    return again or same_printing(row.article, article)


def _outcome(
    article: Article, status: Literal["added", "replaced", "skipped"], path: str = ""
) -> Outcome:
    return Outcome(path or article.path, status, article.id, article.title)


def not_found(article_id: str) -> ArticleNotFoundError:
    """The error that no article has this id."""
    return ArticleNotFoundError(
        f"No article has the id {article_id!r}. `qa-bot list` shows the ids there are."
    )
