"""Answers written by a language model (LLM), and the check that nothing in them is made up.

`chat` talks to the model, `prompt` says what it is told, `claims` takes its answer apart, `support`
judges each sentence by the passages, `answerer` puts the checked answer together.
"""

from __future__ import annotations

from qa_bot.llm.config import LLM

__all__ = ["LLM"]
