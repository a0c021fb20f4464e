"""The documentation names all there is, its links lead somewhere, both languages say the same."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import pytest
import typer
from typer.core import TyperCommand, TyperGroup

import architecture
from qa_bot import QABot, Settings
from qa_bot.cli.main import app

ROOT = Path(__file__).parents[1]
MANUAL = (
    *("command-line", "figures", "language-model", "programs", "python", "scale", "settings"),
    "sharing",
)
PAIRS = [
    ("README.md", "README.zh-CN.md"),
    *((f"docs/{name}.md", f"docs/zh-CN/{name}.md") for name in (*MANUAL, "troubleshooting")),
]
PAGES = [
    *(page for pair in PAIRS for page in pair),
    *("CONTRIBUTING.md", "CHANGELOG.md", "docs/architecture.md"),
    *("eval/README.md", "eval/ARTICLES.md", "eval/READER.md"),
]
LANGUAGES = ("docs", "docs/zh-CN")

_FENCED = re.compile(r"^ *```(\w*)\n(.*?)^ *```", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\(([^)\s]+)\)")


def read(page: str) -> str:
    return (ROOT / page).read_text("utf-8")


def commands() -> dict[str, TyperCommand]:
    group = typer.main.get_command(app)
    assert isinstance(group, TyperGroup)
    return {name: c for name, c in group.commands.items() if isinstance(c, TyperCommand)}


@pytest.mark.parametrize("folder", LANGUAGES)
def test_every_setting_is_told_of(folder: str) -> None:
    page = read(f"{folder}/settings.md")
    assert [n for n in Settings.model_fields if f"`{n.upper()}`" not in page] == []


@pytest.mark.parametrize("folder", LANGUAGES)
def test_every_method_is_told_of(folder: str) -> None:
    page = read(f"{folder}/python.md")
    methods = [n for n, _ in inspect.getmembers(QABot, callable) if not n.startswith("_")]
    assert len(methods) > 20
    assert [n for n in methods if not re.search(rf"`(?:QABot)?\.{n}\(", page)] == []


@pytest.mark.parametrize("folder", LANGUAGES)
def test_every_command_and_option_is_told_of(folder: str) -> None:
    page = read(f"{folder}/command-line.md")
    rows = dict(re.findall(r"^\| `(\w+)[^`]*` (\|.*)$", page, re.MULTILINE))
    assert rows.keys() == commands().keys()
    of_all = page.partition("\n| ")[0]
    for name, command in commands().items():
        options = [o for p in command.params for o in p.opts if o.startswith("-")]
        there = rows[name] + of_all
        assert [o for o in options if not re.search(rf"`{o}\b", there)] == [], name


@pytest.mark.parametrize(("english", "chinese"), PAIRS)
def test_both_languages_have_the_same_parts(english: str, chinese: str) -> None:
    for part in (headings, code, numbers_in_tables):
        assert part(read(english)) == part(read(chinese)), part.__name__


def headings(page: str) -> list[int]:
    """Their levels."""
    return [len(marks) for marks in re.findall(r"^(#+) ", _FENCED.sub("", page), re.MULTILINE)]


def code(page: str) -> list[tuple[str, str]]:
    """The fenced blocks with their language, without comments and what is said to people."""
    blocks = _FENCED.findall(page)
    return [(lang, re.sub(r" +#.*|print\(.*", "", block)) for lang, block in blocks]


def numbers_in_tables(page: str) -> list[list[str]]:
    """The numbers of each row, without thousands' commas."""
    rows = [line for line in page.splitlines() if line.startswith("|")]
    return [sorted(re.findall(r"\d+(?:\.\d+)?", re.sub(r"(?<=\d),(?=\d)", "", r))) for r in rows]


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_to_files(page: str) -> None:
    links = [link for link in _LINK.findall(_FENCED.sub("", read(page))) if "://" not in link]
    at = (ROOT / page).parent
    assert [link for link in links if not (at / link.partition("#")[0]).exists()] == []


@pytest.mark.parametrize("page", PAGES)
def test_python_in_it_is_python(page: str) -> None:
    for lang, block in _FENCED.findall(read(page)):
        if lang == "python":
            compile(block, page, "exec")


def test_the_drawing_is_of_the_code() -> None:
    page = read("docs/architecture.md")
    assert architecture.renewed(page) == page, "run python docs/architecture.py"


def test_every_page_is_found_from_the_readme() -> None:
    linked = {str((ROOT / link).resolve()) for link in _LINK.findall(read("README.md"))}
    pages = {str(path) for path in (ROOT / "docs").glob("*.md")}
    assert pages <= linked
