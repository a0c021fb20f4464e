"""Whether a written answer answers: supported sentences may still speak of something else."""

from __future__ import annotations

import re
from collections.abc import Sequence

from qa_bot.answer.answer_type import has_kind_asked
from qa_bot.question.kinds import Guess
from qa_bot.question.question import Question
from qa_bot.text.languages import detect_language
from qa_bot.text.terms import content_terms, held

__all__ = ["answers", "repeats_prompt"]

_TOLD = 0.6  # probability from which on it is known what a fact asks for
# The fence of a passage, and the lines that head it in the prompt.
_SCAFFOLDING = re.compile(
    r"<\s?(?:passage|article)\s?\d{0,3}\s?>|^\W{0,3}(?:headline|source): ",
    re.IGNORECASE | re.MULTILINE,
)


def repeats_prompt(text: str) -> bool:
    """Whether a model's `text` shows what only its prompt was to show."""
    return _SCAFFOLDING.search(text) is not None


def answers(question: Question, guess: Guess, said: Sequence[tuple[str, str]]) -> bool:
    """Whether any of the supported sentences `said` answers `question`; in doubt one does.

    Each comes with what it rests on. A fact needs something of the kind that is asked for (a
    number, a day, a name); all need a word of the question, in the sentence or in its source.
    """
    asks, share = guess.asks[0]
    fitting = [
        (sentence, source)
        for sentence, source in said
        if guess.kind != "fact" or share < _TOLD or has_kind_asked(asks, question.plain, sentence)
    ]
    wanted = [term for term in content_terms(question.asked) if len(term) > 1]
    return any(not wanted or _touches(wanted, *pair) for pair in fitting)


def _touches(wanted: Sequence[str], sentence: str, source: str) -> bool:
    if held(wanted, f"{sentence}\n{source}"):
        return True
    languages = {detect_language(text).split("-")[0] for text in (sentence, source)}
    return len(languages) > 1  # what the source says it says in other words
