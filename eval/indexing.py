"""The index of an evaluation set: made once, kept in the user's cache, brought up to date."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_cache_path

from dataset import DatasetError, EvalSet
from qa_bot import Progress, QABot, Settings

__all__ = ["Filled", "claim", "fill", "index_folder"]

MARK = "evaluation"


@dataclass(frozen=True, slots=True)
class Filled:
    """What the index of a set holds. `refused` has `path: reason` of input that was not added."""

    articles: int
    passages: int
    refused: tuple[str, ...]


def index_folder(sets: Sequence[EvalSet], settings: Settings) -> Path:
    """Where the index of these sets is kept: named after all that decides what is in it."""
    sets = sorted(sets, key=lambda s: (s.name, s.content))  # which one is asked makes no difference
    parts = [*(s.content for s in sets), settings.model, str(settings.passage_chars)]
    key = hashlib.sha256("\0".join(parts).encode()).hexdigest()[:12]
    return user_cache_path("qa_bot") / "eval" / f"{'+'.join(s.name for s in sets)}-{key}"


def claim(place: Path) -> None:
    """Mark the folder as the index of an evaluation, whose articles `fill` may remove.

    :raises DatasetError: if it holds something and is not marked so.
    """
    if place.exists() and not (place / MARK).exists() and any(place.iterdir()):
        raise DatasetError(
            f"{place} is not empty and was not made by an evaluation, which would remove all "
            "articles that are not of the set. Name a new folder with --index."
        )
    place.mkdir(parents=True, exist_ok=True)
    (place / MARK).touch()


def fill(bot: QABot, sets: Sequence[EvalSet], progress: Callable[[Progress], None]) -> Filled:
    """Make the index hold exactly the documents of the sets; what is there already is kept.

    Articles of an earlier reading that no longer come out of the files are removed, so that a
    changed reader is measured by what it reads now.

    :raises DatasetError: if an article replaced one of another text under the same id, or if
        nothing could be added.
    """
    report = bot.add([path for s in sets for path in s.documents], progress=progress)
    wanted = [outcome.article_id for outcome in report.outcomes if outcome.article_id]
    if clash := [o for o in report.replaced if wanted.count(o.article_id) > 1]:
        raise DatasetError(
            f"{clash[0].path}: the id {clash[0].article_id!r} stands for two different articles "
            "of the documents. Give the sets ids of their own."
        )
    if not wanted:
        reasons = "; ".join(f"{o.path}: {o.reason}" for o in report.refused[:3])
        raise DatasetError(f"No article could be added. {reasons}")
    keep = frozenset(wanted)
    for article in bot.articles():
        if article.id not in keep:
            bot.remove(article.id)
    refused = tuple(f"{o.path}: {o.reason}" for o in report.refused)
    info = bot.info()
    return Filled(int(str(info["articles"])), int(str(info["passages"])), refused)
