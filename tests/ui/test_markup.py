"""The templates: whatever is filled in is escaped, and no HTML is made anywhere else."""

from __future__ import annotations

import ast
import html
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import UndefinedError, nodes

import qa_bot.ui
from qa_bot.ui.markup import environment, escape
from qa_bot.ui.views.notices import Note, note
from tests.ui.shown import EVIL

UI = Path(qa_bot.ui.__file__).parent
TEMPLATES = sorted((UI / "templates").glob("*.html"))
MEAN = "<b> & *c* $x$ {{ y }} `z`\n\n[1](http://evil.example)"


def filled(source: str, **fields: object) -> str:
    return environment().from_string(source).render(**fields)


def test_what_is_filled_in_is_escaped_for_markdown_too() -> None:
    assert filled('<p title="{{ x }}">{{ x }}</p>', x=MEAN) == (
        f'<p title="{escape(MEAN)}">{escape(MEAN)}</p>'
    )
    macro = "{% macro m(x) %}<i>{{ x }}</i>{% endmacro %}{{ m(x) }}"
    assert filled(macro, x=MEAN) == f"<i>{escape(MEAN)}</i>"
    assert filled("{{ x }}", x=note(MEAN)) == escape(note(MEAN))  # and what is HTML already


@pytest.mark.parametrize("value", [None, ["x"], Note("x"), b"x"])
def test_only_text_and_numbers_are_shown(value: object) -> None:
    with pytest.raises(TypeError, match="A template shows"):
        filled("{{ x }}", x=value)


def test_nothing_is_left_out_in_silence() -> None:
    with pytest.raises(UndefinedError):
        filled("{{ x }}")
    with pytest.raises(UndefinedError):
        filled("{% if x.y %}{% endif %}", x=Note("a"))


def test_the_layout_of_a_template_is_not_shown() -> None:
    link = '<a class="b"\n      href="{{ x }}">{{ x }}</a>'
    source = f"<p>\n  {{% if x %}}\n    {link}\n  {{% endif %}}\n</p>\n"
    assert filled(source, x=1) == '<p><a class="b" href="1">1</a></p>'


@pytest.mark.parametrize("file", TEMPLATES, ids=lambda file: file.stem)
def test_no_template_escapes_less(file: Path) -> None:
    """Jinja's own escaping, or none, comes with filters, `autoescape` and `~` beside HTML."""
    parsed = environment().parse(file.read_text("utf-8"))
    assert {node.name for node in parsed.find_all(nodes.Filter)} <= {"length"}
    assert not list(
        parsed.find_all((nodes.EvalContextModifier, nodes.MarkSafe, nodes.Add, nodes.Mod))
    )
    keys = [
        argument
        for call in parsed.find_all(nodes.Call)
        if isinstance(call.node, nodes.Name) and call.node.name == "say"
        for argument in call.args
    ]
    for joined in parsed.find_all(nodes.Concat):
        assert joined in keys


@pytest.mark.parametrize("file", TEMPLATES, ids=lambda file: file.stem)
def test_nothing_is_filled_into_a_script_a_style_or_a_bare_attribute(file: Path) -> None:
    source = file.read_text("utf-8")
    for inside in re.findall(r"<(?:script|style)\b[^>]*>(.*?)</", source, re.DOTALL):
        assert "{{" not in inside
    assert not re.search(r"=\s*['{]", re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "{}", source))
    assert not re.search(r'\son\w+="', source)


def test_no_html_is_made_in_python() -> None:
    for file in UI.rglob("*.py"):
        tree = ast.parse(file.read_text("utf-8"))
        docs = {
            ast.get_docstring(node, clean=False)
            for node in ast.walk(tree)
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                html = re.search(r"</?[a-z]", node.value)
                assert not html or node.value in docs, f"{file.name}:{node.lineno}"


def test_markup_alone_calls_anything_safe() -> None:
    makers = [f.name for f in UI.rglob("*.py") if "markupsafe" in f.read_text("utf-8")]
    assert makers == ["markup.py"]


@given(st.text())
def test_escaped_text_is_inert_and_reads_the_same(text: str) -> None:
    escaped = escape(text)
    assert re.fullmatch(r"(?:[^\x00-\x1f!-/:-@\[-`{-~]|&#\d+;)*", escaped)
    shown = "".join(
        chr(int(number)) if number else plain
        for number, plain in re.findall(r"&#(\d+);|([^&])", escaped)
    )
    assert shown == text


def test_html_module_agrees_with_escape() -> None:
    assert html.unescape(escape(EVIL)) == EVIL
