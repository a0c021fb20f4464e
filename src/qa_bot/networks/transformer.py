"""Opening sentence-transformers models: folders and hub names, with the prompts they need."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from qa_bot.errors import ModelError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

__all__ = ["open_transformer"]

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


def open_transformer(model: str) -> SentenceTransformer:
    """The model of a folder or of a hub name, with its prompts.

    :raises ModelError: if it cannot be loaded.
    """
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
    try:
        from sentence_transformers import SentenceTransformer
        from transformers.utils.logging import disable_progress_bar
    except ModuleNotFoundError as error:
        raise ModelError(
            f"Models other than the bundled one and the engine torch need {error.name}: "
            "pip install -c constraints.txt '.[torch]'."
        ) from error

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
