from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from qa_bot.index.chunking import passage_spans
from qa_bot.text.sentences import split_sentences

TEXTS = st.text(
    st.sampled_from("临江市图书馆新馆开放了。！？，、；：“”（）\n\n Ab3.,!? \u3000\u2028😀"),
    max_size=900,
)


@given(TEXTS, st.integers(50, 400))
def test_passages_cover_the_text_in_order_and_keep_to_their_size(text: str, size: int) -> None:
    spans = passage_spans(text, size)
    assert "".join("".join(text[a:b].split()) for a, b in spans) == "".join(text.split())
    assert all(0 < b - a <= size for a, b in spans)
    assert all(left[1] <= right[0] for left, right in pairwise(spans))


@given(TEXTS)
def test_a_sentence_that_fits_is_never_cut(text: str) -> None:
    cuts = {edge for span in passage_spans(text, 300) for edge in span}
    for start, end in split_sentences(text):
        if end - start <= 290:
            assert not any(start < cut < end for cut in cuts), text[start:end]


def test_passages_are_filled_with_whole_sentences() -> None:
    sentence = "临江市的春天来得比往年早了整整十天。"
    text = sentence * 60
    spans = passage_spans(text, 300)
    assert all(text[a:b] == sentence * ((b - a) // len(sentence)) for a, b in spans)
    assert min(b - a for a, b in spans[:-1]) > 250


def test_a_sentence_longer_than_a_passage_is_cut_at_its_clauses() -> None:
    text = "临江市的春天来得比往年早了整整十天，" * 40 + "完。"
    spans = passage_spans(text, 300)
    assert all(text[b - 1] in "，。" for _, b in spans)


def test_no_text_no_passage() -> None:
    assert passage_spans("") == []
    assert passage_spans(" \n\u3000 ") == []
