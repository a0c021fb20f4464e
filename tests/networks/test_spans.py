from __future__ import annotations

import numpy as np

from qa_bot.networks.bundled import bundled_model_dir
from qa_bot.networks.spans import MOST_TRIMMED, Scores, token_span
from qa_bot.networks.tokenizer import Encoding, Tokenizer

QUESTION, PASSAGE = "新馆投资多少？", "新馆位于柳堤路18号，总投资3.2亿元，三月开放。"


def encoding_of(question: str, passage: str) -> Encoding:
    return Tokenizer(bundled_model_dir()).encode_pairs(question, [passage])[0]


def test_the_best_answer_stays_inside_the_limits() -> None:
    encoding = encoding_of(QUESTION, PASSAGE)
    chance = np.random.default_rng(3)
    for _ in range(20):
        starts, ends = chance.normal(size=(2, len(encoding))).astype(np.float32)
        begin = int(chance.integers(0, len(PASSAGE) - 8))
        trims = chance.integers(0, MOST_TRIMMED + 1, (len(encoding), 2))
        span = Scores(0.0, starts, ends, trims, encoding).best(begin, begin + 8)
        if span is not None:
            assert begin <= span.start < span.end <= begin + 8
    flat, whole = np.zeros(len(encoding), np.float32), np.zeros((len(encoding), 2), np.int64)
    assert Scores(0.0, flat, flat, whole, encoding).best().margin == 0  # type: ignore[union-attr]


def test_characters_of_a_token_that_are_not_of_the_answer_are_trimmed() -> None:
    text = "新馆在1990年的春天开放。"  # 年的 is one token
    encoding = encoding_of("何时？", text)
    begin, end = text.index("1990"), text.index("的")
    first, last = token_span(encoding, begin, end)
    starts, ends = np.zeros((2, len(encoding)), np.float32)
    starts[first], ends[last] = 9, 9
    left, right = encoding.offset(first)[0], encoding.offset(last)[1]
    trims = np.zeros((len(encoding), 2), np.int64)
    assert text[left:right] == "1990年的"
    trims[last, 1] = 1
    span = Scores(0.0, starts, ends, trims, encoding).best()
    assert span is not None
    assert (span.start, span.end) == (begin, end)
    trims[:] = 99  # nothing would be left of a token: it stays whole
    span = Scores(0.0, starts, ends, trims, encoding).best()
    assert span is not None
    assert (span.start, span.end) == (left, right)


def test_token_spans_cover_the_answer() -> None:
    encoding = encoding_of(QUESTION, PASSAGE)
    start = PASSAGE.index("3.2亿元")
    first, last = token_span(encoding, start, start + 5)
    assert encoding.offset(first)[0] <= start
    assert encoding.offset(last)[1] >= start + 5
    assert first in encoding.passage
    assert last in encoding.passage
    assert token_span(encoding, 10_000, 10_005) == (0, 0)
