"""What readers think of answers, kept with the index, and as questions for an evaluation."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

from qa_bot.errors import QABotError
from qa_bot.records import VERDICTS, Answer
from qa_bot.text.utf8 import storable

__all__ = ["Feedback", "FileLog", "Log"]

_LONGEST = 40_000  # bytes of a record
_MOST = 50_000_000  # bytes of the file
_PASSAGES = 10


class Log(Protocol):
    """Lines that are kept, in their order. Threads and processes may share it."""

    def append(self, line: str) -> None:
        """Keep one more line.

        :raises QABotError: if it cannot be kept.
        """
        ...

    def lines(self) -> Iterator[str]:
        """All lines, oldest first; one that was not written to its end may be among them."""
        ...


class FileLog:
    """A `Log` in the file at `path`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()

    def append(self, line: str) -> None:
        """Keep one more line, unless the file is full."""
        try:
            with self._lock:
                if self.path.exists() and self.path.stat().st_size > _MOST:
                    raise QABotError(f"{self.path} is full: move it away.")
                handle = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
                try:
                    os.write(handle, line.encode() + b"\n")  # one write: no others mix in
                finally:
                    os.close(handle)
        except OSError as error:
            raise QABotError(f"The judgement cannot be kept in {self.path}: {error}.") from error

    def lines(self) -> Iterator[str]:
        """All lines, oldest first."""
        if self.path.exists():
            with self.path.open(encoding="utf-8", errors="replace") as file:
                yield from file


class Feedback:
    """Judgements, each a line of JSON."""

    def __init__(self, log: Log) -> None:
        self._log = log

    @staticmethod
    def facts_of(answer: Answer) -> dict[str, Any]:
        """What a judgement of `answer` is about: the question, what was said, and by what."""
        return {
            "question": answer.question,
            "asked": answer.asked,
            "text": answer.text,
            "short": answer.short,
            "answerable": answer.answerable,
            "confidence": round(answer.confidence, 4),
            "answerer": answer.answerer,
            "language": answer.language,
            "citations": [
                {"article": c.article.id, "start": c.start, "end": c.end, "quote": c.quote}
                for c in answer.citations
            ],
            "passages": [
                {"article": h.article.id, "start": h.passage.start, "end": h.passage.end}
                for h in answer.hits[:_PASSAGES]
            ],
        }

    def add(self, facts: dict[str, Any], verdict: str) -> None:
        """Keep a judgement of what `facts_of` gave.

        :raises QABotError: if it is none, too long, or cannot be kept.
        """
        if verdict not in VERDICTS or not _is_whole(facts):
            raise QABotError(f"A verdict is one of {', '.join(VERDICTS)}, on an answer.")
        record = {"at": datetime.now(UTC).isoformat(timespec="seconds"), "verdict": verdict}
        line = storable(json.dumps({**record, **facts, **record}, ensure_ascii=False))
        if len(line.encode()) > _LONGEST:
            raise QABotError("This answer is too long to be kept with its judgement.")
        self._log.append(line)

    def records(self) -> Iterator[dict[str, Any]]:
        """All judgements, oldest first; what is no whole line is left out."""
        for line in self._log.lines():
            try:
                record = json.loads(line)
            except ValueError:
                continue
            if _is_whole(record) and record.get("verdict") in VERDICTS:
                yield record

    def questions(self) -> Iterator[dict[str, Any]]:
        """Answers judged right as questions of an evaluation set (`eval/README.md`).

        A refusal judged right is a question that the articles do not answer. What was judged wrong
        has no right answer yet, and is left to be looked up in `records`.
        """
        for number, record in enumerate(self.records(), 1):
            if record["verdict"] != "right":
                continue
            citations = record.get("citations") or []
            answers = [record["short"]] if record.get("short") and record["answerable"] else []
            yield {
                "id": f"feedback-{number}",
                "question": record.get("asked") or record["question"],
                "answerable": bool(record["answerable"]),
                "answers": answers,
                "gold_ids": list(dict.fromkeys(c["article"] for c in citations)),
                "evidences": [c["quote"] for c in citations],
                "kind": "feedback",
                "lang": record.get("language", ""),
            }


_FIELDS: dict[str, type | tuple[type, ...]] = {
    "question": str,
    "asked": str,
    "text": str,
    "short": str,
    "answerable": bool,
    "confidence": (int, float),
    "answerer": str,
    "language": str,
    "citations": list,
    "passages": list,
}
_PLACE: dict[str, type] = {"article": str, "start": int, "end": int}


def _is_whole(record: object) -> bool:
    """Whether this is what `Feedback.facts_of` gives, in shape: a browser may send anything."""
    if not isinstance(record, dict) or not isinstance(record.get("question"), str):
        return False
    if not isinstance(record.get("answerable"), bool):
        return False
    if not all(isinstance(record[name], kind) for name, kind in _FIELDS.items() if name in record):
        return False
    citations, passages = record.get("citations", []), record.get("passages", [])
    return all(_is_place(c) and isinstance(c.get("quote"), str) for c in citations) and all(
        map(_is_place, passages)
    )


def _is_place(value: object) -> bool:
    return isinstance(value, dict) and all(
        isinstance(value.get(name), kind) for name, kind in _PLACE.items()
    )
