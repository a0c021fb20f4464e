"""A BERT encoder as an OpenVINO graph, with matrix products in 8 bits.

Weights are rounded to int8 with one scale a row, the inputs of the products to 256 steps between
fixed ends, as in post-training quantisation (Jacob et al. 2018, "Quantization and Training of
Neural Networks for Efficient Integer-Arithmetic-Only Inference"). Channels far larger than others
first hand some of their size on to the weights (Xiao et al. 2023, "SmoothQuant"). How much, and
where the ends are, is fitted beforehand on ordinary text by eval/training/calibrate_rounding.py.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qa_bot.networks.runtime import op, ov

__all__ = ["Heads", "bert_graph", "constant", "linear", "mean_pooled"]

Weights = Mapping[str, NDArray[Any]]
Heads = Callable[[ov.Output, ov.Output], Sequence[ov.Node]]


def constant(value: object, dtype: type = np.float32) -> ov.Node:
    """The node of a constant."""
    return op.constant(np.array(value, dtype, order="C"))


def bert_graph(
    weights: Weights,
    heads: Heads,
    *,
    layers: int,
    attention_heads: int,
    epsilon: float,
    tapped: bool = False,
) -> ov.Model:
    """A graph of `layers` layers, whose tensors bear BertModel's names in `weights`.

    Inputs: `words`, token embeddings, float32 (n, tokens, width), and `mask`, float32 (n, tokens),
    1 where there is a token. Outputs: those that `heads` makes of the last hidden state and the
    mask. A matrix may come as int8, with its row scales, (rows, 1), under its name + ".scale".

    A map whose name + ".smooth" (columns,) and ".ends" (2,) are there is in 8 bits: its inputs are
    divided by the one and rounded between the other. An int8 matrix of such a map has been
    multiplied with `smooth` already. With `tapped` the inputs of all maps are outputs too.
    """
    words = op.parameter(ov.PartialShape([-1, -1, _width(weights)]), ov.Type.f32, name="words")
    mask = op.parameter(ov.PartialShape([-1, -1]), ov.Type.f32, name="mask")
    taps: list[ov.Output] = []

    def product(x: ov.Output, *names: str) -> ov.Node:
        taps.append(x)
        return (_rounded if f"{names[0]}.smooth" in weights else linear)(x, weights, *names)

    x = _normalised(_embedded(words, mask, weights), weights, "embeddings.LayerNorm", epsilon)
    # added to the logits of attention: tokens that are not there get no share
    absent = op.multiply(op.subtract(constant(1), mask), constant(-1e4))
    absent = op.unsqueeze(absent, constant([1, 2], np.int64))
    width = _width(weights)
    split = constant([0, 0, attention_heads, width // attention_heads], np.int64)
    swap = constant([0, 2, 1, 3], np.int64)
    for layer in range(layers):
        at = f"encoder.layer.{layer}."
        parts = [f"{at}attention.self.{part}" for part in ("query", "key", "value")]
        sides = op.split(product(x, *parts), constant(2, np.int64), 3).outputs()
        query, key, value = (op.transpose(op.reshape(s, split, True), swap) for s in sides)
        seen = op.scaled_dot_product_attention(query, key, value, absent)
        seen = op.reshape(op.transpose(seen, swap), constant([0, 0, width], np.int64), True)
        x = op.add(x, product(seen, f"{at}attention.output.dense"))
        x = _normalised(x, weights, f"{at}attention.output.LayerNorm", epsilon)
        inner = op.gelu(product(x, f"{at}intermediate.dense"), "erf")
        x = op.add(x, product(inner, f"{at}output.dense"))
        x = _normalised(x, weights, f"{at}output.LayerNorm", epsilon)
    return ov.Model([*heads(x, mask), *(taps if tapped else ())], [words, mask], "bert")


def mean_pooled(hidden: ov.Output, mask: ov.Output) -> list[ov.Node]:
    """The heads of an embedding model: the tokens' mean, of unit length, (n, width)."""
    there = op.unsqueeze(mask, constant([-1], np.int64))
    tokens = constant([1], np.int64)
    total = op.reduce_sum(op.multiply(hidden, there), tokens)
    mean = op.divide(total, op.reduce_sum(there, tokens))
    return [op.normalize_l2(mean, tokens, 1e-12, "max")]


def linear(x: ov.Output, weights: Weights, *names: str) -> ov.Node:
    """The affine maps of these names, side by side."""
    matrix, bias = _affine(weights, names)
    return op.add(op.matmul(x, constant(matrix), False, True), constant(bias))


def _rounded(x: ov.Output, weights: Weights, *names: str) -> ov.Node:
    """The same in 8 bits."""
    matrix, bias = _affine(weights, names)
    smooth = weights[f"{names[0]}.smooth"].astype(np.float32)
    low, high = (constant(end) for end in weights[f"{names[0]}.ends"])
    x = op.multiply(x, constant(1 / smooth))
    x = op.fake_quantize(x, low, high, low, high, 256)
    if f"{names[0]}.weight.scale" not in weights:
        matrix = matrix * smooth
    scale = np.maximum(np.abs(matrix).max(1, keepdims=True), 1e-8) / 127
    whole = op.convert(constant(np.rint(matrix / scale), np.int8), "f32")
    product = op.matmul(x, op.multiply(whole, constant(scale)), False, True)
    return op.add(product, constant(bias))


def _affine(
    weights: Weights, names: Sequence[str]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Matrices and biases of these names, one above the other."""
    matrices = []
    for name in names:
        values = weights[f"{name}.weight"].astype(np.float32)
        scale = weights.get(f"{name}.weight.scale")
        matrices.append(values if scale is None else values * scale.astype(np.float32))
    bias = np.concatenate([weights[f"{name}.bias"] for name in names])
    return np.concatenate(matrices), bias.astype(np.float32)


def _embedded(words: ov.Output, mask: ov.Output, weights: Weights) -> ov.Node:
    positions = constant(weights["embeddings.position_embeddings.weight"])
    tokens = op.gather(op.shape_of(mask, "i64"), constant([1], np.int64), constant(0, np.int64))
    one, zero = constant([1], np.int64), constant([0], np.int64)
    first = constant(weights["embeddings.token_type_embeddings.weight"][0])
    return op.add(op.add(words, first), op.slice(positions, zero, tokens, one, zero))


def _normalised(x: ov.Output, weights: Weights, name: str, epsilon: float) -> ov.Node:
    level = op.mvn(x, constant([-1], np.int64), True, epsilon, "inside_sqrt")
    scaled = op.multiply(level, constant(weights[f"{name}.weight"]))
    return op.add(scaled, constant(weights[f"{name}.bias"]))


def _width(weights: Weights) -> int:
    return int(weights["embeddings.position_embeddings.weight"].shape[1])
