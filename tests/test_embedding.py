from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from qa_bot import bundled
from qa_bot.embedding import Embedder
from qa_bot.errors import ModelError


def test_vectors_are_unit_float32_rows(embedder: Embedder) -> None:
    vectors = embedder.embed(["柳堤大桥封闭。", "A ferry sails.", ""], "passage")
    assert vectors.shape == (3, embedder.dimension)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert embedder.embed([]).shape == (0, embedder.dimension)


def test_a_batch_gives_what_single_texts_give(embedder: Embedder) -> None:
    texts = ["短", "长一些的句子，" * 30, "middle sized text"]
    together = embedder.embed(texts)
    apart = np.vstack([embedder.embed([t]) for t in texts])
    assert np.all((together * apart).sum(1) > 0.9999)  # some processors compute in bfloat16


def test_prompts_are_applied(embedder: Embedder) -> None:
    assert embedder.prompts == {"query": "query: ", "document": "passage: "}
    question, passage = embedder.embed(["大桥"], "query"), embedder.embed(["大桥"], "passage")
    assert not np.allclose(question, passage, atol=1e-3)
    with pytest.raises(ValueError, match="kind"):
        embedder.embed(["x"], "document")  # type: ignore[arg-type]


def test_languages_meet(embedder: Embedder) -> None:
    question = embedder.embed(["When does the library open?"], "query")[0]
    scores = embedder.embed(["图书馆九点开门。", "大桥封闭检修。"]) @ question
    assert scores[0] > scores[1]


def test_any_folder_serves_and_gets_its_familys_prompts(tmp_path: Path) -> None:
    folder = tmp_path / "my-e5-small"
    shutil.copytree(bundled.bundled_model_dir(), folder)
    config = folder / "config_sentence_transformers.json"
    config.write_text(json.dumps({"prompts": {}}), "utf-8")
    own = Embedder(str(folder))
    assert own.prompts == {"query": "query: ", "document": "passage: "}
    assert own.identity.startswith("my-e5-small@")
    assert np.allclose(own.embed(["桥"], "query"), Embedder().embed(["桥"], "query"), atol=1e-5)


@pytest.mark.parametrize(
    ("model", "says"),
    [
        ("./no/such/folder", "No model folder"),
        ("no-such-organisation-0/no-such-model", "Cannot fetch the model"),
    ],
)
def test_a_model_that_is_not_there_says_what_to_do(model: str, says: str) -> None:
    with pytest.raises(ModelError, match=says) as caught:
        Embedder(model).embed(["x"])
    assert "bundled model" in str(caught.value)


def test_a_folder_that_is_no_model_is_refused(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}", "utf-8")
    with pytest.raises(ModelError, match="Cannot load"):
        Embedder(str(tmp_path)).embed(["x"])
