"""Running the bundled model's network without torch.

Token embeddings are read from disk; the rest is compiled by OpenVINO for this processor.
"""

from __future__ import annotations

import functools
import json
import os
import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import safe_open
from safetensors.numpy import load_file

from qa_bot.networks import graph
from qa_bot.networks.bundled import ROUNDING
from qa_bot.networks.compiled import compile_model
from qa_bot.networks.graph import Heads, bert_graph, mean_pooled
from qa_bot.networks.runtime import ov
from qa_bot.networks.tokenizer import TokenIds, Tokenizer

__all__ = ["Base", "Network", "TextEncoder", "load_base"]

_BATCH_TOKENS = 1024  # of all rows together: more is no faster, and makes a question wait longer
_STEP = 8  # lengths are rounded up to it, for a shape never seen before costs time and memory
_WORDS = "embeddings.word_embeddings.weight"

Arrays = dict[str, NDArray[Any]]


class Rows:
    """A float16 matrix in a safetensors file, of which rows are read when they are wanted.

    Mapped into memory, all of it would soon count as this process's. Threads may share it.
    """

    def __init__(self, path: Path, name: str) -> None:
        with path.open("rb") as file:
            length = int.from_bytes(file.read(8), "little")
            entry = json.loads(file.read(length))[name]
        if entry["dtype"] != "F16":
            raise ValueError(f"{name} in {path} is {entry['dtype']}, not F16")
        self._file = path.open("rb")
        self._begin = 8 + length + entry["data_offsets"][0]
        self.width = int(entry["shape"][1])

    def __getitem__(self, numbers: NDArray[np.int32]) -> NDArray[np.float16]:
        """The rows of these numbers, of shape (len(numbers), width)."""
        wanted, where = np.unique(numbers, return_inverse=True)
        handle, size = self._file.fileno(), 2 * self.width
        rows = b"".join([os.pread(handle, size, self._begin + size * i) for i in wanted.tolist()])
        return np.frombuffer(rows, np.float16).reshape(-1, self.width)[where]


class Base:
    """The bundled model's folder: configuration, tokenizer, weights; shared by all networks.

    `words`, the token embeddings, stay on disk but for what is used.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.config = json.loads((folder / "config.json").read_text("utf-8"))
        self._weights = folder / "model.safetensors"
        self.words = Rows(self._weights, _WORDS)
        loading = ThreadPoolExecutor(1, "qa_bot-tokenizer")  # while the networks are loaded, too
        self._tokenizer = loading.submit(Tokenizer, folder)
        loading.shutdown(wait=False)

    def weights(self) -> Arrays:
        """All tensors but the token embeddings, by BertModel's names; read anew at each call."""
        with safe_open(self._weights, framework="np") as tensors:
            return {name: tensors.get_tensor(name) for name in tensors.keys() if name != _WORDS}  # noqa: SIM118

    @property
    def tokenizer(self) -> Tokenizer:
        """The model's tokenizer, loaded by now."""
        return self._tokenizer.result()


_loading = threading.Lock()  # or threads that ask together would get one each


def load_base(folder: Path) -> Base:
    """The base in `folder`, once a process."""
    with _loading:
        return _base(folder)


@functools.lru_cache(maxsize=2)
def _base(folder: Path) -> Base:
    return Base(folder)


class Network:
    """A compiled network over the base's token embeddings.

    `weights`, called if it must be built, are as in `graph.bert_graph`. What is compiled is kept in
    the base's folder under `name`, for as long as the contents of `files`, all that it is made of
    besides the base, stay the same. Threads may share it.
    """

    def __init__(
        self,
        base: Base,
        weights: Callable[[], Arrays],
        heads: Heads,
        *,
        tapped: bool = False,
        name: str = "",
        files: Sequence[Path] = (),
    ) -> None:
        def build() -> ov.Model:
            return bert_graph(
                weights(),
                heads,
                layers=base.config["num_hidden_layers"],
                attention_heads=base.config["num_attention_heads"],
                epsilon=base.config["layer_norm_eps"],
                tapped=tapped,
            )

        self._words = base.words
        kept = base.folder / "compiled" / name if name else None
        self._compiled = compile_model(build, kept, [Path(graph.__file__), *files])
        streams = int(self._compiled.get_property("OPTIMAL_NUMBER_OF_INFER_REQUESTS"))
        self._requests: queue.SimpleQueue[ov.InferRequest] = queue.SimpleQueue()
        for _ in range(streams):
            self._requests.put(self._compiled.create_infer_request())
        # plain threads, for a queue of asynchronous requests can deadlock where it is destroyed
        self._streams = ThreadPoolExecutor(streams, "qa_bot-network")
        self._most_at_once = streams

    def run(self, texts: Sequence[TokenIds]) -> list[list[NDArray[np.float32]]]:
        """For each text the outputs, without the batch's axis; its tokens' axis may be longer.

        Rows of like length share a batch, so that little is spent on padding.
        """
        rows: list[list[NDArray[np.float32]]] = [[] for _ in texts]

        def work(group: list[int]) -> None:
            inputs = self._inputs([texts[i] for i in group])
            request = self._requests.get()
            try:
                outputs = list(request.infer(inputs, share_inputs=True).values())  # copies
            finally:
                self._requests.put(request)
            for row, i in enumerate(group):
                rows[i] = [output[row] for output in outputs]

        for _ in self._streams.map(work, _groups(texts, self._most_at_once)):
            pass
        return rows

    def _inputs(self, texts: Sequence[TokenIds]) -> Arrays:
        tokens = -(-max(map(len, texts)) // _STEP) * _STEP
        words = np.zeros((len(texts), tokens, self._words.width), np.float32)
        mask = np.zeros((len(texts), tokens), np.float32)
        for row, ids in enumerate(texts):
            mask[row, : len(ids)] = 1
        words[mask > 0] = self._words[np.concatenate(texts)]
        return {"words": words, "mask": mask}


class TextEncoder:
    """The bundled model: text to unit vectors, with products in 8 bits as `rounding` says."""

    def __init__(self, base: Base, rounding: Path = ROUNDING) -> None:
        self._base = base
        self.folder = base.folder
        self._network = Network(
            base,
            lambda: base.weights() | load_file(rounding),
            mean_pooled,
            name="embedder",
            files=[rounding],
        )
        self.dimension = int(base.config["hidden_size"])

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors of `texts`, prompts included, float32 of shape (n, width)."""
        rows = self._network.run(self._base.tokenizer.encode(texts))
        return np.stack([row[0] for row in rows])


def _groups(texts: Sequence[TokenIds], streams: int) -> Iterator[list[int]]:
    """Numbers of texts of like length, the longest first; at least one group a stream."""
    order = sorted(range(len(texts)), key=lambda i: -len(texts[i]))
    most = -(-len(order) // streams)
    group: list[int] = []
    for i in order:
        full = group and (len(group) + 1) * len(texts[group[0]]) > _BATCH_TOKENS
        if full or len(group) == most:
            yield group
            group = []
        group.append(i)
    if group:
        yield group
