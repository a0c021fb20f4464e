"""A follow-up question made to stand alone by a language model."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from qa_bot.errors import LLMError
from qa_bot.llm.chat import Chat
from qa_bot.records import Turn
from qa_bot.text.languages import detect_language
from qa_bot.text.phrases import says_not_in_articles
from qa_bot.text.terms import content_terms, held

__all__ = ["rewritten"]

_MOST_TOKENS = 100
_TURNS = 3
_LONGEST = 200  # characters
_KNOWN = 0.6  # share of its terms that question and conversation hold, or it is made up

_TASK = """\
Rewrite the last question so that it can be understood without the conversation: replace pronouns \
and fill in what was left out. Keep its language and its meaning. Do not answer it. Write the \
question alone, on one line. If it needs no change, repeat it."""


def rewritten(chat: Chat, question: str, turns: Sequence[Turn], stopped: Callable[[], bool]) -> str:
    """`question` as one that stands alone; "" if the model gives nothing that can be one.

    :raises StoppedError: if `stopped` says so.
    """
    said = []
    for turn in turns[-_TURNS:]:
        refused = says_not_in_articles(turn.answer)  # says nothing that a question may be about
        said += [f"Q: {turn.question}", f"A: {'' if refused else turn.answer}"]
    user = "\n".join([*said, "", f"Last question: {question}"])
    messages = [{"role": "system", "content": _TASK}, {"role": "user", "content": user}]
    try:
        text = "".join(chat.write(messages, _MOST_TOKENS, stopped)).strip().strip('"“”')
    except LLMError:  # it will say so when it is to answer
        return ""
    if not text or "\n" in text or len(text) > _LONGEST:
        return ""
    terms = content_terms(text)
    known = held(terms, "\n".join([*said, question]))
    if len(known) < _KNOWN * len(terms):
        return ""
    if detect_language(text).split("-")[0] != detect_language(question).split("-")[0]:
        return ""
    return text
