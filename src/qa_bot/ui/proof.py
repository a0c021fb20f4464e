"""The articles of a page before they are added, as HTML to correct them in."""

from __future__ import annotations

from itertools import pairwise

from qa_bot.text.sentences import sentence_breaks
from qa_bot.ui.drafts import Draft, Drafts
from qa_bot.ui.render import escape
from qa_bot.ui.strings import say

__all__ = ["field_id", "proof"]

_SNIPPET = 150


def field_id(number: int, name: str) -> str:
    """The id of an input, for the page to go on at."""
    return f"qa-draft-{number}-{name}"


def proof(drafts: Drafts, lang: str, *, focus: str = "", undo: bool = False) -> str:
    """All drafts, each with its fields and what can be done with it.

    :param focus: the id of the input to go to.
    :param undo: whether there is a step to take back.
    """
    if not drafts:
        return ""
    files = ", ".join(dict.fromkeys(d.article.path for d in drafts if d.article.path))
    heading = say(lang, "proof", count=len(drafts))
    entries = "".join(_entry(n, d, len(drafts), lang) for n, d in enumerate(drafts))
    faults = sum(not draft.valid for draft in drafts)
    warning = f'<p class="qa-fault" role="alert">{escape(say(lang, "bad_dates"))}</p>'
    return (
        f'<section class="qa-drafts" data-focus="{escape(focus)}">'
        f'<header><h2>{escape(heading)}</h2><p class="qa-where">{escape(files)}</p>'
        f'<p class="qa-note">{escape(say(lang, "proof_hint"))}</p></header>'
        f"<ol>{entries}</ol>"
        f'<footer class="qa-draftbar">{warning if faults else ""}'
        f"{_button('add', say(lang, 'proof_add', count=len(drafts)), css='qa-primary')}"
        f"{_button('undo', say(lang, 'undo_step')) if undo else ''}"
        f"{_button('discard', say(lang, 'discard'))}</footer></section>"
    )


def _button(act: str, words: str, css: str = "", label: str = "", **data: int) -> str:
    values = "".join(f' data-{name}="{value}"' for name, value in data.items())
    named = f' aria-label="{escape(label)}"' if label else ""
    return (
        f'<button type="button" class="{css}" data-act="{act}"{values}{named}>'
        f"{escape(words)}</button>"
    )


def _entry(n: int, draft: Draft, count: int, lang: str) -> str:
    article = draft.article
    fault = ""
    if not draft.valid:
        said = escape(say(lang, "bad_date", date=draft.date))
        fault = f'<p class="qa-fault" id="{field_id(n, "fault")}">{said}</p>'
    fields = "".join(
        _input(n, name, words, value, lang, faulty=bool(fault) and name == "date")
        for name, words, value in (
            ("title", "headline", article.title),
            ("date", "date", draft.date),
            ("byline", "byline", article.byline),
            ("source", "source", article.source),
        )
    )
    number = f"{n + 1} / {count}"
    merge = _button("merge", say(lang, "merge"), n=n, label=f"{number}: {say(lang, 'merge')}")
    leave = _button(
        "drop", say(lang, "leave_out"), n=n, label=f"{number}: {say(lang, 'leave_out')}"
    )
    return (
        f'<li class="qa-draft"><p class="qa-draftnumber" aria-hidden="true">{number}</p>'
        f'<div class="qa-fields">{fields}</div>{fault}{_text(n, article.text, article.lang, lang)}'
        f'<p class="qa-draftacts">{merge if n + 1 < count else ""}{leave}</p></li>'
    )


def _input(n: int, name: str, words: str, value: str, lang: str, *, faulty: bool) -> str:
    hint = f' placeholder="{escape(say(lang, "date_hint"))}"' if name == "date" else ""
    bad = f' aria-invalid="true" aria-describedby="{field_id(n, "fault")}"' if faulty else ""
    label = escape(say(lang, words))
    return (
        f'<label class="qa-field qa-field-{name}"><span>{label}</span>'
        f'<input type="text" id="{field_id(n, name)}" data-field="{name}" maxlength="500"'
        f' autocomplete="off"{hint}{bad} value="{escape(value)}"></label>'
    )


def _text(n: int, text: str, tag: str, lang: str) -> str:
    """The beginning of the text, and all of it sentence by sentence, each one a place to split."""
    begin = " ".join(text[: _SNIPPET + 50].split())
    snippet = begin if len(begin) <= _SNIPPET else begin[:_SNIPPET] + "…"
    tagged = f' lang="{escape(tag)}"' if tag else ""
    pieces: list[str] = []
    cuts = [0, *sentence_breaks(text), len(text)]
    for start, end in pairwise(cuts):
        sentence = text[start:end]
        cut = ""
        if text[:start].strip() and sentence.strip():
            label = say(lang, "split_at", sentence=" ".join(sentence.split())[:60])
            cut = _button("split", "✂", css="qa-cut", label=label, n=n, at=start)
        breaks = "<br>" * min(sentence.count("\n"), 2)
        pieces.append(f'<span class="qa-sentence">{cut}{escape(sentence.strip())}</span>{breaks}')
    count = say(lang, "characters", count=f"{len(text):,}")
    return (
        f'<p class="qa-drafttext"{tagged}>{escape(snippet)}</p>'
        f"<details><summary>{escape(say(lang, 'split'))} <span>({escape(count)})</span></summary>"
        f'<div class="qa-sentences"{tagged}>{"".join(pieces)}</div></details>'
    )
