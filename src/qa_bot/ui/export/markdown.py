"""A conversation as Markdown, its citations as footnotes."""

from __future__ import annotations

import re

from qa_bot.ui.export.content import Content, Entry, Source

__all__ = ["markdown"]

_ACTIVE = re.compile(r"([\\`*_{}\[\]<>#|~$&])")
_BULLET = re.compile(r"(?m)^(\s*)(?=[-+=])")
_NUMBER = re.compile(r"(?m)^(\s*\d+)(?=[.)])")


def markdown(content: Content) -> str:
    """A heading for each question. Nothing in it is anything but text to Markdown."""
    parts = [f"# {_plain(content.name)}"]
    for number, entry in enumerate(content.entries, 1):
        parts += _entry(entry, number)
    return "\n\n".join(parts) + "\n"


def _entry(entry: Entry, number: int) -> list[str]:
    parts = [f"## {_plain(entry.question)}"]
    if entry.asked:
        parts.append(f"*{_plain(entry.asked)}*")
    for paragraph in entry.paragraphs:
        runs = (f"[^{number}-{r.number}]" if r.number else _escaped(r.text) for r in paragraph)
        parts.append("".join(runs))
    if entry.listed:
        parts.append("\n".join(f"- {_plain(origin)}" for origin in entry.listed))
    parts += [f"*{_plain(remark)}*" for remark in entry.remarks]
    return [*parts, *(_footnote(source, number) for source in entry.sources)]


def _footnote(source: Source, number: int) -> str:
    link = f" <{source.url}>" if source.url and not re.search(r"[<>\s]", source.url) else ""
    gloss = f" ({_plain(source.gloss)})" if source.gloss else ""
    origin = f"{_plain(source.origin)}{link}"
    return f"[^{number}-{source.number}]: {_plain(source.quote)}{gloss} — {origin}"


def _plain(text: str) -> str:
    return _escaped(" ".join(text.split()))


def _escaped(text: str) -> str:
    return _NUMBER.sub(r"\1\\", _BULLET.sub(r"\1\\", _ACTIVE.sub(r"\\\1", text)))
