from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from platformdirs import user_cache_path

from qa_bot.errors import ModelError
from qa_bot.networks import bundled
from qa_bot.networks.embedding import Embedder


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
    assert np.all((together * apart).sum(1) > 0.999)  # rounded a little otherwise


def test_prompts_are_applied(embedder: Embedder) -> None:
    assert embedder.prompts == {"query": "query: ", "document": "passage: "}
    question, passage = embedder.embed(["大桥"], "query"), embedder.embed(["大桥"], "passage")
    assert not np.allclose(question, passage, atol=1e-3)
    with pytest.raises(ValueError, match="kind"):
        embedder.embed(["x"], "document")  # type: ignore[arg-type]


def test_engines_agree(embedder: Embedder) -> None:
    texts = [
        "柳堤大桥封闭检修，工期七天。",
        "The ferry sails again from 1 May.",
        "大桥",
        "桥" * 900,
    ]
    for kind in ("passage", "query"):
        fast, plain = embedder.embed(texts, kind), Embedder(engine="torch").embed(texts, kind)
        assert np.all((fast * plain).sum(1) > 0.99)


def test_programs_get_it_as_a_sentence_transformer(embedder: Embedder) -> None:
    model = embedder.sentence_transformer()
    assert model.get_embedding_dimension() == embedder.dimension
    vectors = model.encode_query(["大桥何时封闭？", "Where?"], normalize_embeddings=True)
    assert np.all((vectors * embedder.embed(["大桥何时封闭？", "Where?"], "query")).sum(1) > 0.999)


def test_threads_share_it(embedder: Embedder) -> None:
    texts = [f"第{i}路公交车改走望江桥。" * (1 + i % 7) for i in range(24)]
    alone = embedder.embed(texts)
    with ThreadPoolExecutor(6) as threads:
        rows = list(threads.map(lambda text: embedder.embed([text])[0], texts * 3))
    assert np.all((np.array(rows) * np.concatenate([alone] * 3)).sum(1) > 0.999)


def test_a_question_is_answered_without_torch_and_network(tmp_path: Path) -> None:
    program = (
        "import socket, sys; from qa_bot import Article, QABot\n"
        "def refuse(*_): raise AssertionError('network')\n"
        "socket.socket.connect = socket.getaddrinfo = refuse\n"
        "with QABot.open(sys.argv[1]) as bot:\n"
        "    bot.add([Article('桥', '新桥昨天通车，全长1.2公里。')])\n"
        "    assert bot.ask('新桥有多长？').citations\n"
        "assert not {'torch', 'transformers', 'sentence_transformers'} & set(sys.modules)"
    )
    home = tmp_path / "home"  # where OpenVINO's telemetry leaves its traces, but not in CI
    home.mkdir()
    settings = {k: v for k, v in os.environ.items() if k != "CI"}
    settings |= {"HOME": str(home), "QA_BOT_CACHE_DIR": str(user_cache_path("qa_bot"))}
    command = [sys.executable, "-c", program, str(tmp_path / "index")]
    subprocess.run(command, check=True, env=settings)
    assert not list(home.iterdir())


def test_torch_takes_over_where_openvino_is_missing(tmp_path: Path) -> None:
    program = (
        "import sys; sys.modules['openvino'] = None\n"
        "from qa_bot import Article, QABot\n"
        "with QABot.open(sys.argv[1]) as bot:\n"
        "    bot.add([Article('桥', '新桥昨天通车，全长1.2公里。')])\n"
        "    assert bot.ask('新桥有多长？').citations\n"
        "assert 'torch' in sys.modules\n"
    )
    command = [sys.executable, "-c", program, str(tmp_path / "index")]
    run = subprocess.run(command, check=True, capture_output=True, text=True)
    assert "OpenVINO does not work here" in run.stderr
    asked = subprocess.run(
        command, capture_output=True, text=True, env={**os.environ, "QA_BOT_ENGINE": "openvino"}
    )
    assert "ModelError: OpenVINO does not work here" in asked.stderr


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
    bundled_model = Embedder(engine="torch")
    assert np.allclose(own.embed(["桥"], "query"), bundled_model.embed(["桥"], "query"), atol=1e-5)


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
