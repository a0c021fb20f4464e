"""The same passages and model in other frameworks, for eval/bench.py --peers.

Runs in an environment of its own (`pip install txtai llama-index-core
llama-index-embeddings-huggingface llama-index-vector-stores-faiss faiss-cpu`):

    python eval/peers.py txtai|llamaindex MODEL_FOLDER PASSAGES.json QUESTIONS.json

Both files hold a list of texts. Prints {"index_s": seconds, "query_ms": [...]}; models are loaded
beforehand, and everything is at its default but the model, its prompts, and where it runs.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ |= {"HF_HUB_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "true"}

Search = Callable[[str], Any]
Build = Callable[[list[str]], Search]


def txtai(folder: str) -> Build:
    from txtai import Embeddings

    prompts = {"query": "query: ", "data": "passage: "}

    def build(passages: list[str]) -> Search:
        embeddings.index((i, text, None) for i, text in enumerate(passages))
        return lambda question: embeddings.search(question, 10)

    embeddings = Embeddings(path=folder, instructions=prompts, gpu=False)
    embeddings.index([(0, "x", None)])
    return build


def llamaindex(folder: str) -> Build:
    import faiss
    from llama_index.core import StorageContext, VectorStoreIndex
    from llama_index.core.schema import TextNode
    from llama_index.embeddings.huggingface import HuggingFaceEmbedding
    from llama_index.vector_stores.faiss import FaissVectorStore

    model = HuggingFaceEmbedding(
        model_name=folder,
        query_instruction="query: ",
        text_instruction="passage: ",
        device="cpu",
    )
    model.get_text_embedding("x")

    def build(passages: list[str]) -> Search:
        store = FaissVectorStore(faiss.IndexFlatIP(len(model.get_text_embedding("x"))))
        index = VectorStoreIndex(
            [TextNode(text=text) for text in passages],
            storage_context=StorageContext.from_defaults(vector_store=store),
            embed_model=model,
        )
        retriever = index.as_retriever(similarity_top_k=10)
        return lambda question: retriever.retrieve(question)

    return build


PEERS = {"txtai": txtai, "llamaindex": llamaindex}


def main() -> None:
    name, folder = sys.argv[1:3]
    passages, questions = (json.loads(Path(path).read_text("utf-8")) for path in sys.argv[3:5])
    build = PEERS[name](folder)
    begun = time.perf_counter()
    search = build(passages)
    index_s = time.perf_counter() - begun
    search(questions[0])
    query_ms = []
    for question in questions:
        begun = time.perf_counter()
        search(question)
        query_ms.append(1000 * (time.perf_counter() - begun))
    print(json.dumps({"index_s": index_s, "query_ms": query_ms}))


if __name__ == "__main__":
    main()
