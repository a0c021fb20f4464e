"""Evaluation sets: documents, questions, and which articles are right for which question."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from qa_bot.errors import QABotError

__all__ = ["DatasetError", "EvalSet", "Question", "first", "load", "resolve", "spread"]

QUESTIONS = "questions.jsonl"
CORPUS = "corpus.jsonl"
ARTICLES = "articles"


class DatasetError(QABotError):
    """A folder is no evaluation set, or a line of its files cannot be used."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question and what is right for it.

    `gold_titles` are parts of the titles of right articles, white space aside; `resolve` turns
    them into `gold_ids`. `also_ids` are right but not required. Of each of the `answer_sets` one
    answer is needed for a complete answer; `propositions` are the statements that it makes, where
    it is not a fact that is asked for. `group` is what results are broken down by.
    """

    id: str
    question: str
    answerable: bool
    answers: tuple[str, ...] = ()
    answer_sets: tuple[tuple[str, ...], ...] = ()
    evidences: tuple[str, ...] = ()
    propositions: tuple[str, ...] = ()
    gold_ids: tuple[str, ...] = ()
    gold_titles: tuple[str, ...] = ()
    also_ids: tuple[str, ...] = ()
    lang: str = ""
    group: str = ""


@dataclass(frozen=True, slots=True)
class EvalSet:
    """A folder with questions.jsonl, and corpus.jsonl or articles/.

    `documents` is what `QABot.add` is given; `content` hashes it.
    """

    name: str
    documents: tuple[Path, ...]
    questions: tuple[Question, ...]
    content: str


def load(folder: Path, *, by: str = "") -> EvalSet:
    """Read a set. Questions are grouped by the field `by`, else by `kind`, `type` or `lang`.

    :raises DatasetError: if the folder is no set, or a line cannot be used; says which and why.
    """
    documents = _documents(folder)
    rows = _rows(folder / QUESTIONS)
    questions = tuple(_question(row, where, by) for where, row in rows)
    if not questions:
        raise DatasetError(f"{folder / QUESTIONS} holds no question.")
    _refuse_duplicates(questions, folder / QUESTIONS)
    return EvalSet(folder.resolve().name, documents, questions, _content(documents))


def _documents(folder: Path) -> tuple[Path, ...]:
    """The corpus, or what is in the folder of articles but for a README about them."""
    if not folder.is_dir():
        raise DatasetError(f"{folder} is not a folder. Give the folder of an evaluation set.")
    documents = [folder / CORPUS]
    if not documents[0].is_file():
        documents = sorted(p for p in (folder / ARTICLES).glob("*") if p.name != "README.md")
    if not documents or not (folder / QUESTIONS).is_file():
        here = ", ".join(sorted(path.name for path in folder.iterdir())[:8]) or "nothing"
        raise DatasetError(
            f"{folder} is not an evaluation set: it needs {QUESTIONS}, and {CORPUS} or {ARTICLES}/ "
            f"(it has: {here}). eval/README.md tells the shape."
        )
    return tuple(documents)


def _rows(path: Path) -> Iterator[tuple[str, Mapping[str, object]]]:
    """Each row of a JSON Lines file, with `path:line` for messages."""
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise DatasetError(f"{path} cannot be read: {error}") from error
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            raise DatasetError(f"{path}:{number} is not JSON: {error}") from error
        if not isinstance(row, dict):
            raise DatasetError(f"{path}:{number} is not a JSON object.")
        yield f"{path}:{number}", row


def _question(row: Mapping[str, object], where: str, by: str) -> Question:
    text, lang = _text(row, "question", where), _text(row, "lang", where)
    if not text.strip():
        raise DatasetError(f"{where} has no question.")
    answers = _texts(row, "answers", where)
    answerable = row.get("answerable", bool(answers))
    if not isinstance(answerable, bool):
        raise DatasetError(f"{where}: answerable is {answerable!r}, not true or false.")
    groups = (_text(row, field, where) for field in ((by,) if by else ("kind", "type", "lang")))
    return Question(
        id=_text(row, "id", where) or where.rpartition(":")[2],
        question=text,
        answerable=answerable,
        answers=answers,
        answer_sets=_answer_sets(row, where) or ((answers,) if answers else ()),
        evidences=_texts(row, "evidences", where),
        propositions=_texts(row, "propositions", where),
        gold_ids=_texts(row, "gold_ids", where),
        gold_titles=_texts(row, "gold_titles", where),
        also_ids=_texts(row, "also_ids", where),
        lang=lang,
        group=next(filter(None, groups), "") or "other",
    )


def _text(row: Mapping[str, object], field: str, where: str) -> str:
    value = row.get(field)
    if value is None:
        return ""
    if not isinstance(value, (str, int, float)):
        raise DatasetError(f"{where}: {field} is {value!r}, not a text.")
    return str(value)


def _texts(row: Mapping[str, object], field: str, where: str) -> tuple[str, ...]:
    value = row.get(field)
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(v, str) and v.strip() for v in value):
        raise DatasetError(f"{where}: {field} is {value!r}, not a list of texts.")
    return tuple(value)


def _answer_sets(row: Mapping[str, object], where: str) -> tuple[tuple[str, ...], ...]:
    value = row.get("answer_sets")
    if value is None:
        return ()
    if not isinstance(value, list):
        raise DatasetError(f"{where}: answer_sets is {value!r}, not a list of lists.")
    return tuple(_texts({"answer_sets": inner}, "answer_sets", where) for inner in value)


def _refuse_duplicates(questions: Sequence[Question], path: Path) -> None:
    seen: set[str] = set()
    for question in questions:
        if question.id in seen:
            raise DatasetError(f"{path}: the id {question.id!r} occurs twice.")
        seen.add(question.id)


def _content(documents: Sequence[Path]) -> str:
    """SHA-256, in hexadecimal, of the names and bytes of the documents."""
    digest = hashlib.sha256()
    for document in documents:
        inside = sorted(path for path in document.rglob("*") if path.is_file())
        for path in inside if document.is_dir() else [document]:
            data = path.read_bytes()
            name = path.relative_to(document.parent).as_posix()
            digest.update(f"{name}\0{len(data)}\0".encode())
            digest.update(data)
    return digest.hexdigest()


def first(questions: Sequence[Question], count: int) -> tuple[Question, ...]:
    """The first `count` questions."""
    return tuple(questions[:count])


def spread(questions: Sequence[Question], count: int) -> tuple[Question, ...]:
    """`count` questions evenly spread over the languages, and within each over the set.

    Always the same ones: the languages take turns, and each language's questions are taken at
    equal strides. The order of the set is kept.
    """
    places: dict[str, list[int]] = {}
    for place, question in enumerate(questions):
        places.setdefault(question.lang, []).append(place)
    taken: list[int] = []
    for of_lang, share in zip(places.values(), _shares(places.values(), count), strict=True):
        taken += [of_lang[i * len(of_lang) // share] for i in range(share)]
    return tuple(questions[place] for place in sorted(taken))


def _shares(groups: Iterable[Sequence[int]], count: int) -> list[int]:
    """How many of each group are taken when the groups take turns until `count` are taken."""
    sizes = [len(group) for group in groups]
    shares = [0] * len(sizes)
    left = min(count, sum(sizes))
    while left > 0:
        for i, size in enumerate(sizes):
            if shares[i] < size and left > 0:
                shares[i] += 1
                left -= 1
    return shares


def resolve(
    questions: Iterable[Question], titles: Mapping[str, str]
) -> tuple[tuple[Question, ...], list[str]]:
    """Put the ids of the index in the place of gold titles.

    A gold title stands for every article whose title contains it, white space aside. One that is
    in no title, or a gold id that the index lacks, stays required, and so counts as not found.

    :param titles: the title of every article of the index, by article id.
    :returns: the questions, and for each gold that is missing, `question id: gold`.
    """
    squeezed = {article: _squeeze(title) for article, title in titles.items()}
    resolved: list[Question] = []
    missing: list[str] = []
    for question in questions:
        ids = list(question.gold_ids)
        missing += [f"{question.id}: {gold}" for gold in ids if gold not in titles]
        for gold in question.gold_titles:
            part = _squeeze(gold)
            found = [article for article, title in squeezed.items() if part in title]
            ids += found or [f"title: {gold}"]
            missing += [] if found else [f"{question.id}: {gold}"]
        resolved.append(replace(question, gold_ids=tuple(dict.fromkeys(ids))))
    return tuple(resolved), missing


def _squeeze(text: str) -> str:
    return "".join(text.split())
