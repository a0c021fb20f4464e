"""Which language model writes answers."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from qa_bot.errors import LLMError, SettingsError
from qa_bot.llm.chat import Chat

if TYPE_CHECKING:
    from qa_bot.settings import Settings

__all__ = ["LLM"]

_FALLBACK_KEY = "none"  # local servers want no key, the protocol's library wants one
_TRIAL = [{"role": "user", "content": "Say: ready"}]


@dataclass(frozen=True, slots=True)
class LLM:
    """A model behind an OpenAI-compatible address, or a GGUF file that is run here.

    `base_url` empty is OpenAI's own; `path` names the GGUF file, and then the rest does not matter.
    `context` is how many tokens the model takes, question, passages and answer together;
    `time_limit` in seconds is for the whole answer. The key shows in no `repr`.
    """

    model: str = ""
    base_url: str = ""
    api_key: str = field(default="", repr=False)
    path: str = ""
    context: int = 8192
    time_limit: float = 60.0

    def __post_init__(self) -> None:
        """:raises SettingsError: if it cannot work; the message says what to set."""
        if self.path:
            if not Path(self.path).expanduser().is_file():
                raise SettingsError(f"There is no GGUF file {self.path} (QA_BOT_LLM or --llm).")
            return
        if not self.model:
            raise SettingsError(
                "Which model? Name it with QA_BOT_LLM_MODEL, such as deepseek-chat or qwen3:4b."
            )
        if self.base_url and urlsplit(self.base_url).scheme not in ("http", "https"):
            raise SettingsError(
                f"QA_BOT_LLM_BASE_URL is an address such as http://127.0.0.1:11434/v1, not "
                f"{self.base_url}."
            )
        if not self.api_key.isascii():
            raise SettingsError("QA_BOT_LLM_API_KEY has characters that no key has.")

    @classmethod
    def of(cls, settings: Settings) -> LLM | None:
        """The one that the settings name; None if they name none."""
        if not (settings.llm or settings.llm_base_url or settings.llm_model):
            return None
        return cls(
            model=settings.llm_model,
            base_url=settings.llm_base_url,
            api_key=settings.llm_api_key.get_secret_value(),
            path=settings.llm,
            context=settings.llm_context,
            time_limit=settings.llm_time_limit,
        )

    def open(self) -> Chat:
        """The model; a GGUF file is loaded now, once a process.

        Nothing else outlives what is returned: the key least of all.

        :raises LLMError: if the package that is needed is missing, or the file cannot be loaded.
        """
        try:
            from openai import OpenAI
        except ImportError as error:
            raise LLMError("missing", "LLM answers need a package: pip install openai.") from error
        base_url, model = self.base_url or None, self.model
        if self.path:
            from qa_bot.llm.local import serve_file

            base_url, model = serve_file(self.path, self.context), "local"
        client = OpenAI(base_url=base_url, api_key=self.api_key or _FALLBACK_KEY, max_retries=0)
        return Chat(
            client,
            model,
            context=self.context,
            time_limit=self.time_limit,
            where=self.where,
        )

    def try_out(self, time_limit: float) -> None:
        """Let it say something, within `time_limit` seconds.

        :raises LLMError: if it does not.
        """
        chat = replace(self, time_limit=min(time_limit, self.time_limit)).open()
        for _ in chat.write(_TRIAL, 8):
            pass

    @property
    def where(self) -> str:
        """Host or file, for messages: never the key, nor what else an address may hold."""
        if self.path:
            return Path(self.path).name
        parts = urlsplit(self.base_url or "https://api.openai.com")
        return f"{parts.hostname or ''}{f':{parts.port}' if parts.port else ''}"
