"""A question, parsed once: what everything behind it needs of it."""

from __future__ import annotations

from dataclasses import dataclass

from qa_bot.errors import QABotError
from qa_bot.question.wording import as_question, names, office_asked_of
from qa_bot.records import LONGEST_QUESTION
from qa_bot.text.chinese import align
from qa_bot.text.languages import detect_language
from qa_bot.text.phrases import answer_language
from qa_bot.text.utf8 import storable

__all__ = ["LONGEST_READ", "Question", "checked", "parse"]

LONGEST_READ = 300  # characters of the question that are read


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, worked out once.

    `text` is what the user wrote, `asked` the same as a question that stands alone, which is what
    is searched for; `read` is what the network reads of it. `plain` is `asked` as `align` gives it.
    `language` is its BCP 47 tag ("" when nothing tells), `answer_language` the one it is answered
    in. `names` are the persons, places, bodies, ordinals and days it names, aligned; `office_of` is
    the person whose office it asks for, or "". `kind` is the kind of answer it asks for
    (`qa_bot.question.kinds`), once that is known.
    """

    text: str
    asked: str
    read: str
    plain: str
    language: str
    answer_language: str
    names: tuple[str, ...]
    office_of: str
    kind: str = "fact"

    @property
    def primary(self) -> str:
        """The primary subtag of the language: `zh` of `zh-Hant`."""
        return self.language.split("-")[0]


def checked(text: str) -> str:
    """What somebody asks, without the white space around it.

    :raises QABotError: if it is no text, empty, or longer than `LONGEST_QUESTION`.
    """
    if not isinstance(text, str):
        raise QABotError(f"A question is text, not {type(text).__name__}.")
    text = storable(text).strip()
    if not text:
        raise QABotError("The question is empty: ask something.")
    if len(text) > LONGEST_QUESTION:
        raise QABotError(
            f"The question has {len(text):,} characters: ask it in {LONGEST_QUESTION:,}."
        )
    return text


def parse(text: str, asked: str = "") -> Question:
    """The question `text`; `asked` is its stand-alone form where that is another."""
    asked = asked or text
    read = asked[:LONGEST_READ]
    return Question(
        text=text,
        asked=asked,
        read=as_question(read),
        plain=align(read),
        language=detect_language(read),
        answer_language=answer_language(asked),
        names=tuple(names(read)),
        office_of=office_asked_of(read),
    )
