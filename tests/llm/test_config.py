"""Which language model writes, and that its key is kept nowhere."""

from __future__ import annotations

import gc
import time
from pathlib import Path

import pytest

from qa_bot import LLM, QABot, SettingsError, load_settings
from tests.llm.conftest import GOOD, KEY, QUESTION
from tests.scripted import Script, served


def test_a_visitors_key_is_gone_with_the_answer(library: QABot) -> None:
    import openai

    key = "sk-a-visitors-own"
    with served(Script(GOOD)) as address:
        answer = library.ask(QUESTION, llm=LLM("m", address, key))
    assert answer.answerer == "llm"

    def keepers() -> list[object]:
        gc.collect()
        kinds = (LLM, openai.OpenAI)
        return [o for o in gc.get_objects() if type(o) in kinds and o.api_key == key]

    until = time.monotonic() + 10  # the thread that read the answer may be about to end
    while keepers() and time.monotonic() < until:
        time.sleep(0.05)
    assert not keepers()


def test_settings_name_the_model(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert LLM.of(load_settings()) is None
    monkeypatch.setenv("QA_BOT_LLM_BASE_URL", "http://127.0.0.1:1/v1")
    with pytest.raises(SettingsError, match="QA_BOT_LLM_MODEL"):
        LLM.of(load_settings())
    monkeypatch.setenv("QA_BOT_LLM_MODEL", "m")
    monkeypatch.setenv("QA_BOT_LLM_API_KEY", KEY)
    settings = load_settings()
    llm = LLM.of(settings)
    assert llm is not None
    assert (llm.model, llm.api_key, llm.where) == ("m", KEY, "127.0.0.1:1")
    assert KEY not in f"{settings!r}{llm!r}{settings.model_dump()}"
    with pytest.raises(SettingsError, match="GGUF"):
        LLM(path=str(tmp_path / "none.gguf"))
