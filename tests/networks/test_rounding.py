"""How products are rounded to 8 bits."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file

from calibrate_rounding import Floats, Inputs, fit, mean, products, rounded_matrix
from qa_bot.answer.reader import WEIGHTS
from qa_bot.networks.bundled import ROUNDING, bundled_model_dir
from qa_bot.networks.encoder import load_base


def inputs_with_outliers() -> Inputs:
    """Ordinary channels, one of large values, and one token far larger still."""
    chance = np.random.default_rng(1)
    x = chance.normal(size=(400, 32)).astype(np.float32)
    x[:, 3] *= 30
    x[7] *= 20
    return Inputs(x.min(0), x.max(0), x)


def off(x: Floats, matrix: Floats, smooth: Floats, ends: Floats) -> Floats:
    """Of each token how far its rounded results are from the exact ones, as a share of them."""
    whole, scale = rounded_matrix(matrix * smooth)
    low, high = ends
    step = (high - low) / 255
    rounded = np.rint(((x / smooth).clip(low, high) - low) / step) * step + low
    exact = x @ matrix.T
    difference = rounded @ (whole.astype(np.float32) * scale.astype(np.float32)).T - exact
    return np.sqrt(np.square(difference).sum(1) / np.square(exact).sum(1))


def test_rounding_is_fitted_to_most_tokens() -> None:
    inputs = inputs_with_outliers()
    matrix = np.random.default_rng(2).normal(size=(16, 32)).astype(np.float32)
    found = fit(inputs, matrix)
    plain = np.ones(32, np.float32), np.array([inputs.some.min(), inputs.some.max()], np.float32)
    fitted = off(inputs.some, matrix, found.smooth, found.ends)
    assert np.median(fitted) < 0.3 * np.median(off(inputs.some, matrix, *plain))
    assert found.error == pytest.approx(np.square(fitted).mean(), rel=1e-3)


def test_a_matrix_is_kept_to_half_a_step() -> None:
    matrix = np.random.default_rng(3).normal(size=(5, 7)).astype(np.float32)
    whole, scale = rounded_matrix(matrix)
    assert whole.dtype == np.int8
    assert np.all(np.abs(whole * scale.astype(np.float32) - matrix) <= 0.51 * scale)


def test_the_mean_of_weights_is_in_half_precision() -> None:
    one, other = ({"w": np.full((2, 2), value, np.float16)} for value in (1, 2))
    assert mean([one, other])["w"].dtype == np.float16
    assert np.all(mean([one, other])["w"] == 1.5)


@pytest.mark.parametrize(("file", "prefix"), [(ROUNDING, ""), (WEIGHTS, "encoder.")])
def test_every_product_of_both_networks_is_in_8_bits(file: Path, prefix: str) -> None:
    tensors = load_file(file)
    layers = load_base(bundled_model_dir()).config["num_hidden_layers"]
    names = [prefix + name for group in products(layers) for name in group]
    assert len(names) == 6 * layers
    for name in names:
        low, high = tensors[f"{name}.ends"]
        assert low < 0 < high
        assert np.all(tensors[f"{name}.smooth"] > 0)
