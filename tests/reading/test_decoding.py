"""Bytes become text: the encoding is found, and what is no text is told."""

from __future__ import annotations

import random

import pytest

from qa_bot.reading import characters
from qa_bot.reading.decoding import clean_text, decode, detect_encoding
from tests.reading.samples import (
    BINARIES,
    HANS,
    HANT,
    JA,
    SAMPLES,
    Make,
    articles,
    refusal,
    squeezed,
    whole,
)


@pytest.mark.parametrize(("text", "encoding"), SAMPLES)
def test_encoding_is_found(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)).lstrip("\ufeff") == text


@pytest.mark.e2e
def test_encodings_of_thirty_characters_cut_anywhere() -> None:
    pieces = [
        (text[start : start + 30], encoding)
        for text, encodings in (
            (HANS, ("gb18030", "utf-16-le", "utf-16-be")),
            (HANT, ("big5", "gb18030", "utf-16-le")),
            (JA, ("cp932", "euc_jp", "utf-16-le")),
        )
        for encoding in encodings
        for start in range(len(text) - 30)
    ]
    wrong = [(t, e) for t, e in pieces if decode(t.encode(e)) != t]
    assert len(pieces) > 800
    assert len(wrong) / len(pieces) < 0.005, wrong


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "big5"])
def test_a_few_broken_bytes_do_not_spoil_a_text(encoding: str) -> None:
    data = HANT.encode(encoding)
    damaged = data[: len(data) // 2] + b"\xff" + data[len(data) // 2 :]
    text = decode(damaged)
    assert text.count("\ufffd") <= 2
    assert text[:60] == HANT[:60]
    assert text[-40:] == HANT[-40:]


def test_a_text_cut_in_a_character_is_read() -> None:
    assert decode(HANS.encode()[:-2]).startswith(HANS[:-2])
    assert decode(HANS.encode("gb18030")[:-2]).startswith(HANS[:-3])


def test_ascii_at_the_front_does_not_hide_the_encoding() -> None:
    text = "0123456789 abcdef\n" * 8000 + HANS * 3
    assert decode(text.encode("gb18030")) == text


def test_declared_encoding_counts_only_if_it_fits() -> None:
    assert detect_encoding("人".encode("big5"), declared="big5") == "big5"
    assert decode(HANS.encode(), declared="gb18030") == HANS
    assert decode(HANS.encode("gb18030"), declared="no-such-encoding") == HANS


def test_models_hold_what_they_are_named_for() -> None:
    assert characters.likelihood(HANS, ["zh-Hans"]) > characters.likelihood(HANS, ["zh-Hant"])
    assert characters.likelihood(HANT, ["zh-Hant"]) > characters.likelihood(HANT, ["zh-Hans"])
    assert characters.likelihood(JA, ["ja"]) > characters.likelihood(JA, ["zh-Hans"])


def test_clean_text() -> None:
    assert clean_text("\ufeff一\r\n二\u2028三\r四\x00\x07\u200b五\u00ad") == "一\n二\n三\n四五"
    assert clean_text("（１２）、ＡＢ") == "（１２）、ＡＢ"
    assert clean_text("e\u0301") == "é"
    assert clean_text("x\ud800y").encode() == "x\ufffdy".encode()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_txt(make: Make, encoding: str) -> None:
    path = make("东湖.TXT", HANS.replace("\n", "\r\n").encode(encoding))
    found = articles(path)
    assert squeezed(HANS) in whole(found).replace("。\n", "。")
    assert {a.path for a in found} == {str(path)}
    assert {a.source for a in found} == {""}
    assert {a.lang for a in found} == {"zh-Hans"}


@pytest.mark.parametrize("name", ["page.txt", "page.md", "page.html", "page.json", "page.jsonl"])
@pytest.mark.parametrize("what", BINARIES)
def test_binary_named_as_text(make: Make, name: str, what: str) -> None:
    reason = refusal(make(name, BINARIES[what]))
    assert reason.startswith("is binary, not text: ")
    assert what in reason


@pytest.mark.parametrize("size", [60, 1000, 100_000])
@pytest.mark.parametrize("seed", range(3))
def test_random_bytes(make: Make, size: int, seed: int) -> None:
    data = b"\x01" + random.Random(seed).randbytes(size)
    assert refusal(make("noise.txt", data)).startswith("is binary, not text: ")


@pytest.mark.parametrize(
    "name", ["a.txt", "a.md", "a.html", "a.pdf", "a.docx", "a.json", "a.jsonl"]
)
def test_empty(make: Make, name: str) -> None:
    assert refusal(make(name, b"")) == "is empty."


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.html", "a.jsonl"])
def test_blank(make: Make, name: str) -> None:
    assert refusal(make(name, b" \r\n\t\n  ")).startswith("holds no text")
