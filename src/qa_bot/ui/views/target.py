"""Links into articles."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote as percent_encode
from urllib.parse import unquote

from qa_bot.records import Article, Hit

__all__ = ["Target"]


@dataclass(frozen=True, slots=True)
class Target:
    """A stretch of an article, as the fragment of a link: it needs no state on the server.

    `check` is of the quoted characters, so that a changed article is noticed. `others` are
    stretches that the same answer quotes from the article.
    """

    article_id: str
    start: int = 0
    end: int = 0
    check: str = ""
    others: tuple[tuple[int, int], ...] = ()

    @classmethod
    def of(
        cls,
        article: Article,
        start: int = 0,
        end: int = 0,
        others: Iterable[tuple[int, int]] = (),
    ) -> Target:
        return cls(article.id, start, end, _check(article.text[start:end]), tuple(others))

    @classmethod
    def of_hit(cls, hit: Hit) -> Target:
        return cls.of(hit.article, hit.passage.start, hit.passage.end)

    @classmethod
    def parse(cls, fragment: str) -> Target | None:
        """The target a fragment names; None when it names none."""
        stretch = r"(\d{1,9})-(\d{1,9})"
        match = re.fullmatch(
            rf"#?article/([^/]+)/{stretch}/([0-9a-f]{{8}})((?:/{stretch}){{0,20}})", fragment
        )
        if not match:
            return None
        others = tuple((int(a), int(b)) for a, b in re.findall(stretch, match[5]))
        return cls(unquote(match[1]), int(match[2]), int(match[3]), match[4], others)

    @property
    def href(self) -> str:
        ident = percent_encode(self.article_id, safe="")
        others = "".join(f"/{start}-{end}" for start, end in self.others)
        return f"#article/{ident}/{self.start}-{self.end}/{self.check}{others}"

    def fits(self, article: Article) -> bool:
        return _check(article.text[self.start : self.end]) == self.check


def _check(text: str) -> str:
    return f"{zlib.crc32(text.encode('utf-8', 'surrogatepass')):08x}"
