"""Settings: from arguments, else from environment variables that begin with `QA_BOT_`."""

from __future__ import annotations

import difflib
import functools
import ipaddress
import logging
import os
import re
from typing import Any, Literal

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from qa_bot.errors import SettingsError

__all__ = ["Settings", "load_settings"]

log = logging.getLogger(__name__)

_PREFIX = "QA_BOT_"
_OTHERS = {"QA_BOT_INDEX", "QA_BOT_CHROMIUM"}  # of the command line, and of the tests


class Settings(BaseSettings):
    """All that can be set; `QA_BOT_PASSAGE_CHARS` in the environment sets `passage_chars`."""

    model_config = SettingsConfigDict(env_prefix=_PREFIX, extra="forbid", frozen=True)

    model: str = Field(
        "",
        description="Embedding model: a folder or a hub name. Empty: the bundled one.",
    )
    cache_dir: str = Field(
        "", description="Where the bundled model is unpacked. Empty: the user's cache folder."
    )
    engine: Literal["auto", "openvino", "torch"] = Field(
        "auto",
        description="What runs the bundled networks. auto: OpenVINO where it is installed.",
    )
    index_password: SecretStr = Field(
        SecretStr(""),
        description="The password of the database that keeps the index, where its address has "
        "none.",
    )
    passage_chars: int = Field(
        300, ge=50, le=4000, description="Target length of a passage, in characters."
    )
    embed: bool = Field(
        True,
        description="Whether what is added is embedded by the process that adds it; if not, "
        "`qa-bot worker` does.",
    )
    batch_size: int = Field(16, ge=1, le=1024, description="Passages embedded at a time.")
    candidates: int = Field(
        50, ge=1, le=1000, description="Passages each search side proposes before fusion."
    )
    answer_threshold: float = Field(
        0.25,
        ge=0,
        le=1,
        description="Least confidence at which an answer is given, not 'not here'.",
    )
    max_file_mb: float = Field(
        100,
        gt=0,
        allow_inf_nan=False,
        description="Largest file that is read, in megabytes (10^6 bytes).",
    )
    llm: str = Field(
        "", description="A GGUF file whose language model writes the answers, run here."
    )
    llm_base_url: str = Field(
        "",
        description="Address of an OpenAI-compatible API whose model writes the answers. "
        "Empty, with llm_model set: OpenAI's.",
    )
    llm_model: str = Field("", description="The model's name at that address.")
    llm_api_key: SecretStr = Field(SecretStr(""), description="The key for that address.")
    llm_context: int = Field(
        8192, ge=1024, description="Tokens the model takes: question, passages and answer."
    )
    llm_time_limit: float = Field(
        60,
        gt=0,
        le=600,
        description="Seconds a model may take for an answer, before the one without it is given.",
    )
    password_hash: SecretStr = Field(
        SecretStr(""),
        description="What `qa-bot password` prints: whoever opens the page needs that password.",
    )
    read_only: bool = Field(
        False, description="Nobody adds, changes or removes articles on the page or over REST."
    )
    questions_per_minute: int = Field(
        0, ge=0, description="Questions one visitor of the page may ask in a minute. 0: any."
    )
    questions_at_once: int = Field(
        32,
        ge=1,
        le=1000,
        description="Questions that may wait for an answer; more are turned away.",
    )
    uploads_per_minute: int = Field(
        30, ge=0, description="Uploads one visitor of the page may send in a minute. 0: any."
    )
    uploads_mb: float = Field(
        2000,
        gt=0,
        allow_inf_nan=False,
        description="Megabytes (10^6 bytes) of uploaded files that may wait to be read, of all "
        "visitors.",
    )
    host: str = Field("127.0.0.1", description="Address the web UI listens on.")
    port: int = Field(7860, ge=0, le=65535, description="Port of the web UI. 0: any free one.")
    hosts: str = Field(
        "",
        description="Names, with commas between, under which other computers know this server: a "
        "proxy's for instance. It serves under these, under addresses and under local names.",
    )

    trusted_proxies: str = Field(
        "",
        description="Addresses and networks, with commas between, of the proxies before this "
        "server: whom they say they ask for is believed (X-Forwarded-For). Empty: nobody.",
    )

    @field_validator("hosts")
    @classmethod
    def _are_names(cls, value: str) -> str:
        for name in value.split(","):
            if re.search(r"[/\\@?#\s]|:\d*$", name.strip()):
                raise ValueError("names such as archive.example.org, without http://, port or path")
        return value

    @field_validator("trusted_proxies")
    @classmethod
    def _are_networks(cls, value: str) -> str:
        for text in filter(None, map(str.strip, value.split(","))):
            try:
                ipaddress.ip_network(text)
            except ValueError as error:
                said = f"{error}: addresses or networks such as 10.0.0.5 or 10.0.0.0/24"
                raise ValueError(said) from error
        return value


def load_settings(**given: object) -> Settings:
    """Settings from `given` (None means not given) over the environment over the defaults.

    :raises SettingsError: if a value is not usable; the message names the setting.
    """
    _warn_of_unknown()
    try:
        # unlike model_validate, the constructor reads the environment
        values: dict[str, Any] = {k: v for k, v in given.items() if v is not None}
        return Settings(**values)
    except ValidationError as error:
        faults = "; ".join(
            f"{'.'.join(str(p) for p in e['loc'])}: {e['msg']} (got {e['input']!r})"
            for e in error.errors()
        )
        raise SettingsError(
            f"Bad settings: {faults}. Correct the argument, or the environment variable "
            "QA_BOT_<NAME>."
        ) from error


@functools.cache
def _warn_of_unknown() -> None:
    """Tell once of environment variables that look like settings and are none."""
    known = {f"{_PREFIX}{name}".upper() for name in Settings.model_fields} | _OTHERS
    for name in os.environ:
        if name.startswith(_PREFIX) and name not in known:
            like = difflib.get_close_matches(name, known, 1)
            meant = f"; {like[0]} is one" if like else ""
            log.warning("%s is no setting of qa_bot%s.", name, meant)
