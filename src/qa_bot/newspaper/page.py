"""What a page is made of: paragraphs, headlines and bylines."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Literal

from qa_bot.newspaper.bylines import closing_credit, opens_article
from qa_bot.newspaper.columns import SLACK, Block, cells, ends_sentence, is_list_item

__all__ = ["ADDRESS", "Page", "Unit", "text_unit"]

_SAMPLE = 50_000  # characters of the page in which recurring words are looked for
ADDRESS = re.compile(r"://|www\.|\w@\w")


@dataclass(slots=True)
class Unit:
    """A paragraph (`text`), a headline or subhead (`head`), or a `byline` on a line of its own."""

    kind: Literal["text", "head", "byline"]
    lines: list[str]  # one, or several that are not to be joined
    credit: str = ""  # the names, if it is a byline or ends with one
    credit_start: int = 0
    opens: bool = False  # whether only an article begins like that
    begins: bool = False  # whether another article begins with it, by what it is about
    bracketed: bool = False
    lodged: bool = False  # a headline that the dump put into the middle of a sentence
    indented: bool = False  # whether it shows, by an indent, that a paragraph begins with it
    block: int = 0  # the number of its block in the dump
    width: int = 0  # of the column
    column: tuple[str, ...] = ()  # its lines as they stood in the column
    unfinished: bool = False  # whether its sentence breaks off

    @property
    def text(self) -> str:
        """Its lines as they are printed."""
        return "\n".join(self.lines)

    @property
    def closes(self) -> bool:
        """Whether it ends with a byline."""
        return bool(self.credit) or closing_credit(self.text) is not None

    @property
    def asks(self) -> bool:
        """Whether it ends like a sentence all the same, with a question or exclamation mark."""
        return ends_sentence(self.lines[-1])


class Page:
    """What is known of the page as a whole."""

    def __init__(self, blocks: list[Block]) -> None:
        self.blocks = blocks

    @cached_property
    def squeezed(self) -> str:
        """The beginning of the page without white space."""
        text = "".join(line for block in self.blocks for line in block.lines)
        return "".join(text[:_SAMPLE].split())

    @cached_property
    def vocabulary(self) -> set[str]:
        """The words, compounds included, that stand within the lines."""
        words: set[str] = set()
        for block in self.blocks:
            for line in block.lines:
                words.update(re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*(?!-$)", line.lower()))
        return words

    def words(self) -> set[str]:
        """The same, for those who ask only perhaps."""
        return self.vocabulary

    @cached_property
    def japanese(self) -> bool:
        """Whether the page is in Japanese."""
        return sum("\u3041" <= c <= "\u30fa" for c in self.squeezed[:2000]) > 20

    @cached_property
    def indents_dropped(self) -> bool:
        """Whether the first lines of paragraphs are short by an indent that the dump left out."""
        short = full = 0
        for before, block in pairwise(self.blocks):
            if block.wrapped and len(block.lines) > 2 and ends_sentence(before.lines[-1]):
                indented = cells(block.lines[0]) < block.width - SLACK
                short, full = short + indented, full + (not indented)
        return short > full


def text_unit(lines: list[str], column: tuple[str, ...], width: int) -> Unit:
    """A paragraph of a column, `width` cells wide, or 0 where it is not in one."""
    last = lines[-1]
    unfinished = not (ends_sentence(last) or ADDRESS.search(last) or closing_credit(last))
    if is_list_item(last) and len(lines) > 1:
        unfinished = False
    opens = opens_article(lines[0])
    return Unit("text", list(lines), width=width, column=column, unfinished=unfinished, opens=opens)
