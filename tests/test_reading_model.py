from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from qa_bot.bundled import bundled_model_dir
from qa_bot.embedding import Embedder
from qa_bot.reader import WEIGHTS
from qa_bot.reading_model import (
    MOST_TOKENS,
    PassageReader,
    ReadingModel,
    Scores,
    load_tokenizer,
    load_weights,
    padded,
    save_weights,
    token_span,
)

QUESTION, PASSAGE = "新馆投资多少？", "新馆位于柳堤路18号，总投资3.2亿元，三月开放。"


@pytest.fixture(scope="module")
def network(embedder: Embedder) -> PassageReader:
    return PassageReader(bundled_model_dir(), WEIGHTS, embedder.token_embeddings())


def test_what_is_shipped_is_small() -> None:
    assert WEIGHTS.stat().st_size < 25_000_000


def test_the_embeddings_are_in_memory_once(embedder: Embedder) -> None:
    layer = embedder.token_embeddings()
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


def test_a_passage_reads_alike_alone_and_in_a_batch(network: PassageReader) -> None:
    alone = network.read(QUESTION, [PASSAGE])[0]
    batch = network.read(QUESTION, ["短。", PASSAGE, PASSAGE * 5, *["另一段。"] * 9])
    assert len(batch) == 12
    tokens = len(alone.starts)
    assert np.allclose(batch[1].starts[:tokens], alone.starts, atol=0.3)  # bfloat16's rounding
    assert batch[1].best() is not None
    assert (batch[1].best().start, batch[1].best().end) == (alone.best().start, alone.best().end)  # type: ignore[union-attr]


def test_a_long_passage_is_cut_and_the_rest_not_answered_from(network: PassageReader) -> None:
    long = "这里什么也没有写。" * 200 + PASSAGE
    scores = network.read(QUESTION, [long])[0]
    assert len(scores.encoding) == MOST_TOKENS
    assert scores.best(long.index(PASSAGE)) is None


def test_the_best_answer_stays_inside_the_limits() -> None:
    encoding = load_tokenizer(bundled_model_dir()).encode(QUESTION, PASSAGE)
    chance = np.random.default_rng(3)
    for _ in range(20):
        starts, ends = chance.normal(size=(2, len(encoding))).astype(np.float32)
        begin = int(chance.integers(0, len(PASSAGE) - 8))
        span = Scores(0.0, starts, ends, encoding).best(begin, begin + 8)
        if span is not None:
            assert begin <= span.start < span.end <= begin + 8
    flat = np.zeros(len(encoding), np.float32)
    assert Scores(0.0, flat, flat, encoding).best().margin == 0  # type: ignore[union-attr]


def test_token_spans_cover_the_answer() -> None:
    encoding = load_tokenizer(bundled_model_dir()).encode(QUESTION, PASSAGE)
    start = PASSAGE.index("3.2亿元")
    first, last = token_span(encoding, start, start + 5)
    assert encoding.offsets[first][0] <= start
    assert encoding.offsets[last][1] >= start + 5
    assert encoding.sequence_ids[first] == encoding.sequence_ids[last] == 1
    assert token_span(encoding, 10_000, 10_005) == (0, 0)


def test_padding_is_masked() -> None:
    tokenizer = load_tokenizer(bundled_model_dir())
    ids, mask = padded([tokenizer.encode("a", "b"), tokenizer.encode(QUESTION, PASSAGE)])
    assert ids.shape == mask.shape
    assert ids[0, -1] == 1
    assert mask.sum(1).tolist() == [len(tokenizer.encode("a", "b")), ids.shape[1]]
