"""The plain way, to compare with: sentence-transformers as it comes, and a flat FAISS index.

python eval/baseline.py FOLDER QUESTION     # asked of what `Plain.index` wrote to FOLDER
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import faiss
from numpy.typing import NDArray

from qa_bot.networks.bundled import bundled_model_dir

__all__ = ["Plain"]

CHARS = 300


class Plain:
    """The bundled model by torch in float32, batches of 32 in the order given, `IndexFlatIP`."""

    def __init__(self) -> None:
        from sentence_transformers import SentenceTransformer  # seconds, for whoever measures

        self.model = SentenceTransformer(str(bundled_model_dir()), device="cpu")

    def embed(self, texts: Sequence[str]) -> NDArray[Any]:
        vectors: NDArray[Any] = self.model.encode_document(
            list(texts), batch_size=32, normalize_embeddings=True, show_progress_bar=False
        )
        return vectors

    def index(self, rows: Path, folder: Path) -> int:
        """Cut, embed and index the `text` of JSON lines; returns how many passages there are."""
        texts = [json.loads(line)["text"] for line in rows.read_text("utf-8").splitlines()]
        passages = [t[at : at + CHARS] for t in texts for at in range(0, len(t), CHARS)]
        vectors = self.embed(passages)
        index = faiss.IndexFlatIP(vectors.shape[1])
        index.add(vectors)
        folder.mkdir(parents=True, exist_ok=True)
        faiss.write_index(index, str(folder / "vectors.faiss"))
        (folder / "passages.json").write_text(json.dumps(passages, ensure_ascii=False), "utf-8")
        return len(passages)

    def search(self, index: faiss.Index, question: str, k: int = 10) -> NDArray[Any]:
        vector = self.model.encode_query([question], normalize_embeddings=True)
        found: NDArray[Any] = index.search(vector, k)[1][0]
        return found


def main() -> None:
    folder, question = Path(sys.argv[1]), sys.argv[2]
    index = faiss.read_index(str(folder / "vectors.faiss"))
    passages = json.loads((folder / "passages.json").read_text("utf-8"))
    for i in Plain().search(index, question):
        print(passages[i])


if __name__ == "__main__":
    main()
