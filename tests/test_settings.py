from __future__ import annotations

import logging

import pytest

from qa_bot import SettingsError, load_settings, settings


def test_the_environment_sets_what_no_argument_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QA_BOT_PORT", "8000")
    monkeypatch.setenv("QA_BOT_HOST", "127.0.0.2")
    given = load_settings(port=9000, host=None)
    assert (given.port, given.host) == (9000, "127.0.0.2")
    monkeypatch.setenv("QA_BOT_ANSWER_THRESHOLD", "7")
    with pytest.raises(SettingsError, match="answer_threshold"):
        load_settings()


def test_a_variable_that_is_no_setting_is_told(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("QA_BOT_ANSWER_TRESHOLD", "0.5")
    monkeypatch.setenv("QA_BOT_INDEX", "somewhere")
    settings._warn_of_unknown.cache_clear()
    with caplog.at_level(logging.WARNING):
        load_settings()
        load_settings()
    told = [record.getMessage() for record in caplog.records]
    assert told == [
        "QA_BOT_ANSWER_TRESHOLD is no setting of qa_bot; QA_BOT_ANSWER_THRESHOLD is one."
    ]


@pytest.mark.parametrize("hosts", ["http://x/y", "news.example:80", "a b"])
def test_hosts_are_names(hosts: str) -> None:
    with pytest.raises(SettingsError, match="hosts"):
        load_settings(hosts=hosts)
    assert load_settings(hosts="news.example, archive").hosts == "news.example, archive"
