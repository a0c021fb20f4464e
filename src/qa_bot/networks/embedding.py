"""Text to unit vectors: the bundled model by OpenVINO, any other by sentence-transformers."""

from __future__ import annotations

import functools
import hashlib
import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from qa_bot.errors import ModelError, StoppedError
from qa_bot.networks.bundled import BUNDLED_ID, PROMPTS, ROUNDING, bundled_model_dir
from qa_bot.networks.gate import gate
from qa_bot.networks.inference import inference
from qa_bot.networks.transformer import open_transformer

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer
    from transformers.models.bert.modeling_bert import BertEmbeddings

    from qa_bot.settings import Settings

__all__ = ["Embedder", "Engine", "Vectors", "runs_openvino"]

log = logging.getLogger(__name__)

Vectors = NDArray[np.float32]
Kind = Literal["passage", "query"]
Engine = Literal["auto", "openvino", "torch"]

# A unit of a batch: some hundredths of a second while questions are asked. A larger one takes up to
# a second, and as a whole about two thirds of the time, for the cores share it out among them.
_UNIT_TEXTS, _UNIT_CHARACTERS = 16, 600
_QUIET_TEXTS, _QUIET_CHARACTERS = 64, 12_000
_MOST_READ = 512  # characters of a text that cost time, about: the networks read no more tokens


@functools.cache
def runs_openvino(engine: Engine) -> bool:
    """Whether the bundled networks run by OpenVINO: if asked for, or where it works.

    :raises ModelError: if it is asked for and does not work.
    """
    if engine == "torch":
        return False
    try:
        from qa_bot.networks.runtime import ov

        ov.Core().get_property("CPU", "FULL_DEVICE_NAME")
    except (ImportError, RuntimeError) as error:
        if engine == "openvino":
            raise ModelError(
                f"OpenVINO does not work here: {error}. Install it (`pip install openvino`), or "
                "set QA_BOT_ENGINE=auto to do without."
            ) from error
        log.warning("OpenVINO does not work here, torch is several times slower: %s", error)
        return False
    return True


class Embedder:
    """An embedding model with its prompts; loaded at the first use; shared by threads.

    `model` is empty for the bundled multilingual model, a folder, or a hub name. `identity` names
    the model in an index and is known without loading it. `engine` is what runs the bundled model:
    OpenVINO in 8 bits, several times as fast, or torch.
    """

    def __init__(
        self,
        model: str = "",
        *,
        cache_dir: str = "",
        batch_size: int = 16,
        engine: Engine = "auto",
    ) -> None:
        self.model = model
        self.cache_dir = cache_dir
        self.batch_size = batch_size
        self.engine = engine

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """The model that the settings name."""
        return cls(
            settings.model,
            cache_dir=settings.cache_dir,
            batch_size=settings.batch_size,
            engine=settings.engine,
        )

    @property
    def identity(self) -> str:
        """What an index remembers its model by."""
        if not self.model:
            return BUNDLED_ID
        folder = Path(self.model).expanduser()
        return f"{folder.name}@{_fingerprint(folder)}" if folder.is_dir() else self.model

    def kept(self, name: str) -> Path | None:
        """Where something made by the bundled model is kept beside it; None for other models."""
        if self.model:
            return None
        engine = "torch"
        if runs_openvino(self.engine):
            engine = f"openvino-{hashlib.sha256(ROUNDING.read_bytes()).hexdigest()[:8]}"
        return bundled_model_dir(self.cache_dir) / "compiled" / f"{engine}-{name}"

    @property
    def dimension(self) -> int:
        """How many numbers a vector has."""
        return self._backend().dimension

    @property
    def prompts(self) -> dict[str, str]:
        """The prompts put in front of questions and passages, by sentence-transformers' names."""
        return self._backend().prompts

    def embed(self, texts: Sequence[str], kind: Kind = "passage") -> Vectors:
        """Unit vectors of `texts`, float32 of shape (len(texts), dimension).

        The model's own prompt for questions (`kind="query"`) or passages is put in front.

        :raises ModelError: if the model cannot be loaded.
        :raises ValueError: if `kind` is neither "passage" nor "query".
        """
        if kind not in ("passage", "query"):
            raise ValueError(f'kind is "passage" or "query", not {kind!r}')
        backend = self._backend()
        if not texts:
            return np.zeros((0, backend.dimension), np.float32)
        with gate.question():
            vectors = backend.encode(list(texts), kind, self.batch_size)
        return np.ascontiguousarray(vectors, np.float32)

    def embed_batch(
        self,
        texts: Sequence[str],
        kind: Kind = "passage",
        stopped: Callable[[], bool] = lambda: False,
    ) -> Vectors:
        """The same as `embed`, in small units that let questions go first.

        :raises StoppedError: if `stopped` says so between two units.
        """
        if kind not in ("passage", "query"):
            raise ValueError(f'kind is "passage" or "query", not {kind!r}')
        backend = self._backend()
        vectors = np.zeros((len(texts), backend.dimension), np.float32)
        for unit in _units(texts):
            if stopped():
                raise StoppedError("Nobody waits for these vectors any more.")
            with gate.unit():
                vectors[unit] = backend.encode([texts[i] for i in unit], kind, self.batch_size)
        return vectors

    def sentence_transformer(self) -> SentenceTransformer:
        """The same model as a `SentenceTransformer`, for programs that expect one."""
        return self._backend().transformer()

    def token_embeddings(self) -> BertEmbeddings:
        """The layer of a BERT model run by torch that embeds tokens, for another to share it."""
        layer: BertEmbeddings = self.sentence_transformer()[0].model.embeddings
        return layer

    def _backend(self) -> _Backend:
        openvino = not self.model and runs_openvino(self.engine)
        with _loading:
            return _load(self.model, self.cache_dir, openvino)


class _Backend(Protocol):
    @property
    def dimension(self) -> int: ...

    @property
    def prompts(self) -> dict[str, str]: ...

    def encode(self, texts: list[str], kind: Kind, batch_size: int) -> Vectors: ...

    def transformer(self) -> SentenceTransformer: ...


class _OpenVINO:
    """The bundled model, compiled."""

    prompts = PROMPTS

    def __init__(self, folder: Path) -> None:
        from qa_bot.networks.encoder import TextEncoder, load_base

        self._encoder = TextEncoder(load_base(folder))
        self.dimension = self._encoder.dimension

    def encode(self, texts: list[str], kind: Kind, batch_size: int) -> Vectors:  # noqa: ARG002
        prompt = PROMPTS["query" if kind == "query" else "document"]
        return self._encoder.encode([prompt + text for text in texts])

    def transformer(self) -> SentenceTransformer:
        from qa_bot.networks.sentence_module import as_transformer

        return as_transformer(self._encoder, PROMPTS)


class _Torch:
    """A model that sentence-transformers runs."""

    def __init__(self, model: SentenceTransformer, name: str) -> None:
        self._model = model
        dimension = model.get_embedding_dimension()
        if not dimension:
            raise ModelError(f"The model {name} does not tell the length of its vectors.")
        self.dimension = int(dimension)

    @property
    def prompts(self) -> dict[str, str]:
        used = ("query", "document", "passage")
        return {k: v for k, v in self._model.prompts.items() if k in used and v}

    def encode(self, texts: list[str], kind: Kind, batch_size: int) -> Vectors:
        encode = self._model.encode_query if kind == "query" else self._model.encode_document
        with inference():
            vectors: Vectors = encode(
                texts,
                batch_size=batch_size,
                normalize_embeddings=True,
                convert_to_numpy=True,
                show_progress_bar=False,
            )
        return vectors

    def transformer(self) -> SentenceTransformer:
        return self._model


def _units(texts: Sequence[str]) -> Iterator[list[int]]:
    """Numbers of texts of like length, so that little is spent on padding; the longest first."""
    unit: list[int] = []
    size = 0
    for i in sorted(range(len(texts)), key=lambda i: -len(texts[i])):
        length = min(len(texts[i]), _MOST_READ)
        most, characters = (
            (_QUIET_TEXTS, _QUIET_CHARACTERS) if gate.quiet else (_UNIT_TEXTS, _UNIT_CHARACTERS)
        )
        if unit and (len(unit) >= most or size + length > characters):
            yield unit
            unit, size = [], 0
        unit.append(i)
        size += length
    if unit:
        yield unit


_loading = threading.Lock()


@functools.lru_cache(maxsize=3)
def _load(model: str, cache_dir: str, openvino: bool) -> _Backend:
    """The model, once for all the indexes that this process opens."""
    if model:
        return _Torch(open_transformer(model), model)
    folder = bundled_model_dir(cache_dir)
    return _OpenVINO(folder) if openvino else _Torch(open_transformer(str(folder)), str(folder))


def _fingerprint(folder: Path) -> str:
    """A short hash of a model folder: its configuration, and sizes and heads of its weights."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.suffix in {".json", ".safetensors", ".bin"} and path.name != "manifest.json":
            digest.update(f"{path.relative_to(folder)}:{path.stat().st_size};".encode())
            with path.open("rb") as file:
                digest.update(file.read(1 << 20))
    return digest.hexdigest()[:12]
