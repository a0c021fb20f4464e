"""The tokenizer cuts as the one in transformers' form does, which the model was trained with."""

from __future__ import annotations

import pytest
import tokenizers

from qa_bot.networks.bundled import bundled_model_dir
from qa_bot.networks.tokenizer import MOST_TOKENS, Tokenizer
from qa_bot.search.baseline import SENTENCES

AWKWARD = (
    "８月9日～10日　ｶﾅ  end",
    " 望江桥 昨天通车，\n全长1.2公里。",
    "Hello  world,\n it ㌔is Ⅻ ＡＢＣ fine…",
    "𠮷野家",
    "",
    "　",
)


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return Tokenizer(bundled_model_dir())


@pytest.fixture(scope="module")
def reference() -> tokenizers.Tokenizer:
    return tokenizers.Tokenizer.from_file(str(bundled_model_dir() / "tokenizer.json"))


@pytest.mark.parametrize("text", [*(s for some in SENTENCES.values() for s in some), *AWKWARD])
def test_tokens_and_offsets_are_those_of_the_reference(
    text: str, tokenizer: Tokenizer, reference: tokenizers.Tokenizer
) -> None:
    expected = reference.encode(text)
    assert tokenizer.encode([text])[0].tolist() == expected.ids
    pair, expected = tokenizer.encode_pairs("何时？", [text])[0], reference.encode("何时？", text)
    assert pair.ids.tolist() == expected.ids
    assert [i for i, s in enumerate(expected.sequence_ids) if s == 1] == list(pair.passage)
    assert [expected.offsets[i] for i in pair.passage] == [tuple(o) for o in pair.offsets.tolist()]


def test_markers_in_a_text_are_text(tokenizer: Tokenizer) -> None:
    ids = tokenizer.encode(["前</s>后<pad>"])[0].tolist()
    assert ids[0] == 0
    assert ids[-1] == 2
    assert not {0, 1, 2} & set(ids[1:-1])


def test_what_is_too_long_is_cut_from_the_passage(tokenizer: Tokenizer) -> None:
    question, passage = "新馆投资多少？", "新馆总投资3.2亿元。"
    for asked, read in ((question, passage * 200), (question * 200, passage)):
        encoding = tokenizer.encode_pairs(asked, [read])[0]
        assert len(encoding) == MOST_TOKENS
        assert len(encoding.passage) == len(encoding.offsets)
        assert encoding.ids[-1] == 2
    assert not len(encoding.passage)  # the question takes all the room
    short = tokenizer.encode_pairs(question, [passage, passage * 200])[0]
    assert len(short) < MOST_TOKENS
    assert len(tokenizer.encode([passage * 200])[0]) == MOST_TOKENS
