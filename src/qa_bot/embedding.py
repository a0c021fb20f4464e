"""Text to unit vectors, through sentence-transformers."""

from __future__ import annotations

import functools
import hashlib
import os
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from qa_bot.bundled import BUNDLED_ID, bundled_model_dir
from qa_bot.errors import ModelError
from qa_bot.inference import inference

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer
    from transformers.models.bert.modeling_bert import BertEmbeddings

__all__ = ["Embedder", "Vectors"]

Vectors = NDArray[np.float32]
Kind = Literal["passage", "query"]

# Prompts of well-known families whose folders do not carry them, by a part of the model's name.
_FAMILY_PROMPTS: tuple[tuple[str, dict[str, str]], ...] = (
    (
        "e5-large-instruct",
        {
            "query": "Instruct: Given a question, retrieve newspaper passages that answer it\n"
            "Query: ",
            "document": "",
        },
    ),
    ("e5-", {"query": "query: ", "document": "passage: "}),
    ("bge-m3", {}),
    ("zh-v1.5", {"query": "为这个句子生成表示以用于检索相关文章：", "document": ""}),
    (
        "en-v1.5",
        {"query": "Represent this sentence for searching relevant passages: ", "document": ""},
    ),
)


class Embedder:
    """A sentence-transformers model with its prompts; loaded at the first use; shared by threads.

    `model` is empty for the bundled multilingual model, a folder, or a hub name. `identity` names
    the model in an index and is known without loading it.
    """

    def __init__(self, model: str = "", *, cache_dir: str = "", batch_size: int = 16) -> None:
        self.model = model
        self.cache_dir = cache_dir
        self.batch_size = batch_size

    @property
    def identity(self) -> str:
        if not self.model:
            return BUNDLED_ID
        folder = Path(self.model).expanduser()
        return f"{folder.name}@{_fingerprint(folder)}" if folder.is_dir() else self.model

    @property
    def dimension(self) -> int:
        dimension = self._transformer().get_embedding_dimension()
        if not dimension:
            raise ModelError(f"The model {self.model} does not tell the length of its vectors.")
        return int(dimension)

    @property
    def prompts(self) -> dict[str, str]:
        """The prompts put in front of questions and passages, by sentence-transformers' names."""
        used = ("query", "document", "passage")
        return {k: v for k, v in self._transformer().prompts.items() if k in used and v}

    def embed(self, texts: Sequence[str], kind: Kind = "passage") -> Vectors:
        """Unit vectors of `texts`, float32 of shape (len(texts), dimension).

        The model's own prompt for questions (`kind="query"`) or passages is put in front.

        :raises ModelError: if the model cannot be loaded.
        :raises ValueError: if `kind` is neither "passage" nor "query".
        """
        if kind not in ("passage", "query"):
            raise ValueError(f'kind is "passage" or "query", not {kind!r}')
        transformer = self._transformer()
        if not texts:
            return np.zeros((0, self.dimension), np.float32)
        encode = transformer.encode_query if kind == "query" else transformer.encode_document
        with inference():
            vectors = encode(
                list(texts),
                batch_size=self.batch_size,
                normalize_embeddings=True,
                convert_to_numpy=True,
                show_progress_bar=False,
            )
        return np.ascontiguousarray(vectors, np.float32)

    def token_embeddings(self) -> BertEmbeddings:
        """The layer of a BERT model that embeds tokens, for another network that shares it."""
        layer: BertEmbeddings = self._transformer()[0].model.embeddings
        return layer

    def _transformer(self) -> SentenceTransformer:
        with _loading:
            return _load(self.model, self.cache_dir)


_loading = threading.Lock()


@functools.lru_cache(maxsize=2)
def _load(model: str, cache_dir: str) -> SentenceTransformer:
    """The model, once for all the indexes that this process opens."""
    if not model:
        return _open(str(bundled_model_dir(cache_dir)), local=True)
    folder = Path(model).expanduser()
    if folder.is_dir():
        loaded = _open(str(folder), local=True)
    elif model.count("/") == 1 and not model.startswith((".", "/", "~")):
        loaded = _open_hub(model)
    else:
        raise ModelError(
            f"No model folder at {model}. Give the folder of a sentence-transformers model, a hub "
            "name such as BAAI/bge-m3, or nothing for the bundled model."
        )
    _complete_prompts(loaded, model)
    return loaded


def _open(name: str, *, local: bool) -> SentenceTransformer:
    from sentence_transformers import SentenceTransformer
    from transformers.utils.logging import disable_progress_bar

    disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        return SentenceTransformer(
            name,
            device="cpu",
            local_files_only=local,
            model_kwargs={"use_safetensors": True},  # never unpickle weights
        )
    except Exception as error:  # the libraries raise all sorts for a damaged folder
        raise ModelError(
            f"Cannot load the embedding model {name}: {error}. Give the folder of a "
            "sentence-transformers model, or no model for the bundled one."
        ) from error


def _open_hub(name: str) -> SentenceTransformer:
    """A hub model: from the local hub cache if it is there, so that no network is touched."""
    # without these the hub client retries a dead network for minutes
    os.environ.setdefault("HF_HUB_ETAG_TIMEOUT", "5")
    os.environ.setdefault("HF_HUB_DOWNLOAD_TIMEOUT", "15")
    from huggingface_hub import HfApi, snapshot_download

    try:
        folder = snapshot_download(name, local_files_only=True)
        return _open(folder, local=True)
    except (OSError, ValueError, ModelError):
        pass  # not in the cache, or only in part
    try:
        HfApi().model_info(name, timeout=10)
    except Exception as error:
        raise ModelError(
            f"Cannot fetch the model {name} from the hub: {type(error).__name__}. Check the name "
            "and the network, or give the folder of a downloaded model; without --model the "
            "bundled model works offline."
        ) from error
    return _open(name, local=False)


def _complete_prompts(transformer: SentenceTransformer, name: str) -> None:
    """Give a model that carries no prompts those of its family."""
    if any(transformer.prompts.values()):
        return
    base = Path(name).name.lower()
    for part, prompts in _FAMILY_PROMPTS:
        if part in base:
            transformer.prompts = {**transformer.prompts, **prompts}
            return


def _fingerprint(folder: Path) -> str:
    """A short hash of a model folder: its configuration, and sizes and heads of its weights."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.suffix in {".json", ".safetensors", ".bin"} and path.name != "manifest.json":
            digest.update(f"{path.relative_to(folder)}:{path.stat().st_size};".encode())
            with path.open("rb") as file:
                digest.update(file.read(1 << 20))
    return digest.hexdigest()[:12]
