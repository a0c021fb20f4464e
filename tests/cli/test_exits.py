"""Exit codes, and what is said of what cannot be done."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import qa_bot


@pytest.mark.parametrize(
    ("arguments", "environment", "complaint"),
    [
        (["ask"], {}, "Missing argument"),
        (["ask", " "], {}, "The question is empty"),
        (["nonsense"], {}, "No such command"),
        (["list"], {"QA_BOT_PORT": "many"}, "QA_BOT_<NAME>"),
        (["search", "x", "-k", "0"], {}, "-k"),
    ],
)
def test_wrong_usage_ends_with_2(
    indexed: Path, arguments: list[str], environment: dict[str, str], complaint: str
) -> None:
    done = qa_bot(*arguments, cwd=indexed, **environment)
    assert done.code == 2
    assert complaint in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_another_model_is_refused_with_4(indexed: Path) -> None:
    done = qa_bot("search", "大桥", "--model", "some/other-model", cwd=indexed)
    assert done.code == 4, done.stderr
    assert done.stderr.startswith("Error: ")
    assert done.stderr.count("\n") == 1


def test_a_model_that_is_not_there_ends_with_5(indexed: Path, tmp_path: Path) -> None:
    done = qa_bot("add", indexed / "news.jsonl", "--model", tmp_path / "none", cwd=tmp_path)
    assert done.code == 5, done.stderr
    assert "Traceback" not in done.stderr


def test_help_documents_the_exit_codes(indexed: Path) -> None:
    done = qa_bot("--help", cwd=indexed)
    assert done.code == 0
    for line in ("0 done", "1 nothing found", "3 some input was refused", "130 interrupted"):
        assert line in done.stdout


@pytest.mark.parametrize("command", [["list"], ["info"], ["ask", "问？"], ["search", "问？"]])
def test_a_folder_of_pages_is_no_index(tmp_path: Path, command: list[str]) -> None:
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "page.txt").write_text("一版报纸。", encoding="utf-8")
    done = qa_bot(*command, "--index", "pages", cwd=tmp_path)
    assert done.code == 4, done.stderr
    assert [path.name for path in (tmp_path / "pages").iterdir()] == ["page.txt"]


def test_a_mistyped_path_makes_no_index(tmp_path: Path) -> None:
    done = qa_bot("add", "nowhere", "--index", "new", cwd=tmp_path)
    assert done.code == 2
    assert "no such file or folder: nowhere" in " ".join(done.stderr.split())
    assert not (tmp_path / "new").exists()
