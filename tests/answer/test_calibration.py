"""What the reader's scores are worth is kept with its weights."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from safetensors.numpy import save_file

from qa_bot.answer.calibration import Calibration
from qa_bot.answer.features import CONFIDENCE_FEATURES, RANK_FEATURES
from qa_bot.answer.reader import WEIGHTS, TrainedReader
from qa_bot.networks.embedding import Embedder

OTHER = Calibration((1.0,) * 5, (2.0,) * 5, (3.0,) * 7, (4.0,) * 7, 0.5, 0.25)


def test_the_package_s_weights_are_calibrated() -> None:
    calibration = Calibration.of(WEIGHTS)
    assert calibration is not None
    assert calibration.ranks.shape == (2, len(RANK_FEATURES))
    assert calibration.confidences.shape == (2, len(CONFIDENCE_FEATURES))
    told = [RANK_FEATURES.index(name) for name in ("relevance", "margin")]  # by the network
    assert (calibration.ranks[:, told].sum(axis=1) > 0).all()
    assert (calibration.confidences[:, CONFIDENCE_FEATURES.index("relevance")] > 0).all()


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    weights = tmp_path / "reader.safetensors"
    save_file({"a": np.zeros(1, np.float32)}, weights, OTHER.metadata())
    assert Calibration.of(weights) == OTHER
    assert TrainedReader(Embedder(), weights).calibration == OTHER


def test_weights_that_were_never_calibrated_are_read_as_the_package_s(tmp_path: Path) -> None:
    weights = tmp_path / "reader.safetensors"
    save_file({"a": np.zeros(1, np.float32)}, weights)
    assert Calibration.of(weights) is None
    assert TrainedReader(Embedder(), weights).calibration == Calibration.of(WEIGHTS)
