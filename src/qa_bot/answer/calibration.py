"""What the reader's scores are worth: weights kept in the metadata of the network's file."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import safe_open

__all__ = ["Calibration"]

_KEY = "calibration"


@dataclass(frozen=True)
class Calibration:
    """Weights of the features of `qa_bot.answer.features`, fitted with the network.

    `rank` and `rank_across` order passages in the question's language and in others, by
    `RANK_FEATURES`; `same_language` and `other_language` tell whether the first one answers, by
    `CONFIDENCE_FEATURES`. `several` and `across` are added to that logit where a question asks for
    more than a fact, and of an article in another language.
    """

    rank: tuple[float, ...]
    rank_across: tuple[float, ...]
    same_language: tuple[float, ...]
    other_language: tuple[float, ...]
    several: float
    across: float

    @property
    def ranks(self) -> NDArray[np.float32]:
        """`rank` and `rank_across`, float32 of shape (2, features)."""
        return np.array([self.rank, self.rank_across], np.float32)

    @property
    def confidences(self) -> NDArray[np.float32]:
        """`same_language` and `other_language`, float32 of shape (2, features)."""
        return np.array([self.same_language, self.other_language], np.float32)

    @classmethod
    def of(cls, weights: Path) -> Calibration | None:
        """The calibration in a file of weights; None if it was never calibrated."""
        return _read(weights, weights.stat().st_mtime_ns)

    def metadata(self) -> dict[str, str]:
        """What `of` reads, for `safetensors.numpy.save_file`."""
        return {_KEY: json.dumps(asdict(self))}


@lru_cache(maxsize=4)
def _read(weights: Path, _changed: int) -> Calibration | None:
    with safe_open(weights, "np") as file:
        kept = (file.metadata() or {}).get(_KEY)
    if kept is None:
        return None
    values: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in json.loads(kept).items()
    }
    return Calibration(**values)
