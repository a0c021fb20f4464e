from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from qa_bot.answer.reader import WEIGHTS
from qa_bot.networks.bundled import bundled_model_dir
from qa_bot.networks.embedding import Embedder
from qa_bot.networks.encoder import load_base
from qa_bot.networks.passage_reader import PassageReader
from qa_bot.networks.reading_model import (
    ReadingModel,
    TorchReader,
    load_weights,
    padded,
    save_weights,
)
from qa_bot.networks.tokenizer import MOST_TOKENS, Tokenizer

QUESTION, PASSAGE = "新馆投资多少？", "新馆位于柳堤路18号，总投资3.2亿元，三月开放。"


Network = PassageReader | TorchReader


@pytest.fixture(scope="module")
def torch_reader() -> TorchReader:
    layer = Embedder(engine="torch").token_embeddings()
    return TorchReader(bundled_model_dir(), WEIGHTS, layer)


@pytest.fixture(scope="module", params=["openvino", "torch"])
def network(request: pytest.FixtureRequest, torch_reader: TorchReader) -> Network:
    if request.param == "torch":
        return torch_reader
    return PassageReader(load_base(bundled_model_dir()), WEIGHTS)


def test_what_is_shipped_is_small() -> None:
    assert WEIGHTS.stat().st_size < 25_000_000


def test_the_embeddings_are_in_memory_once() -> None:
    layer = Embedder(engine="torch").token_embeddings()
    model = ReadingModel.from_base(bundled_model_dir(), WEIGHTS, layer)
    assert model.encoder.embeddings is layer
    assert not any(p.is_meta for p in model.parameters())


def test_weights_come_back_as_they_were_saved(tmp_path: Path) -> None:
    model = ReadingModel.from_base(bundled_model_dir(), WEIGHTS)
    save_weights(model, tmp_path / "weights.safetensors")
    again = load_weights(tmp_path / "weights.safetensors")
    before = load_weights(WEIGHTS)
    assert again.keys() == before.keys()
    for name, value in before.items():
        rounding = value.abs().max().item() / 100
        assert torch.allclose(again[name], value, atol=rounding), name


def test_a_passage_reads_alike_alone_and_in_a_batch(network: Network) -> None:
    alone = network.read(QUESTION, [PASSAGE])[0]
    batch = network.read(QUESTION, ["短。", PASSAGE, PASSAGE * 5, *["另一段。"] * 9])
    assert len(batch) == 12
    tokens = len(alone.starts)
    assert np.allclose(batch[1].starts[:tokens], alone.starts, atol=0.3)  # bfloat16's rounding
    assert batch[1].best() is not None
    assert (batch[1].best().start, batch[1].best().end) == (alone.best().start, alone.best().end)  # type: ignore[union-attr]


def test_a_long_passage_is_cut_and_the_rest_not_answered_from(network: Network) -> None:
    long = "这里什么也没有写。" * 200 + PASSAGE
    scores = network.read(QUESTION, [long])[0]
    assert len(scores.encoding) == MOST_TOKENS
    assert scores.best(long.index(PASSAGE)) is None


def test_both_engines_read_alike(torch_reader: TorchReader) -> None:
    """In 8 bits the logits move a little; only what is a tie may be answered otherwise."""
    fast = PassageReader(load_base(bundled_model_dir()), WEIGHTS)
    for question in (QUESTION, "新馆在哪里？", "几月开放？", "谁是馆长？"):
        one, other = fast.read(question, [PASSAGE])[0], torch_reader.read(question, [PASSAGE])[0]
        assert abs(one.relevance - other.relevance) < 0.7
        a, b = one.best(), other.best()
        assert a is not None
        assert b is not None
        assert abs(a.margin - b.margin) < 1.5
        within = one.best(b.start, b.end)  # the one's answer is as good as any for the other
        assert within is not None
        assert a.margin - within.margin < 1.5


def test_padding_is_masked() -> None:
    tokenizer = Tokenizer(bundled_model_dir())
    short, long = tokenizer.encode_pairs(QUESTION, ["b", PASSAGE])
    ids, mask = padded([short, long])
    assert ids.shape == mask.shape
    assert ids[0, -1] == 1
    assert mask.sum(1).tolist() == [len(short), len(long)]
