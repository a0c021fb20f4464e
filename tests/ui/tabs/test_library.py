"""What the Library tab's handlers do to a real library, without a browser."""

from __future__ import annotations

import html
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import gradio as gr
import pytest

from qa_bot import Article, QABot, load_settings
from qa_bot.ui.background import Background
from qa_bot.ui.tabs.library import LibraryTab
from qa_bot.ui.texts import say
from qa_bot.ui.views.library import Place
from qa_bot.ui.web import i18n
from tests.conftest import ARTICLES
from tests.ui.shown import Seen

OpenBot = Callable[[], QABot]
REQUEST = cast(gr.Request, SimpleNamespace(headers={"accept-language": "en"}, query_params={}))


def a_tab(bot: QABot) -> LibraryTab:
    with gr.Blocks():
        return LibraryTab(bot, i18n(), Background(bot))


def event(**data: object) -> gr.EventData:
    return cast(Any, SimpleNamespace(_data=data))


def files(folder: Path, count: int) -> list[str]:
    paths = [folder / f"{n}.txt" for n in range(count)]
    for path in paths:
        path.write_text(f"第{path.stem}号通告\n\n本报讯 6月2日，老街完工。", encoding="utf-8")
    return [str(path) for path in paths]


def uploaded(
    tab: LibraryTab,
    paths: list[str],
    check: bool = True,
    source: str | None = None,
    date: str | None = None,
    unread: tuple[str, ...] = (),
) -> dict[Any, Any]:
    """The last value of each component that an upload changes."""
    changes: dict[Any, Any] = {}
    for step in tab.intake.upload(paths, check, Place(), source, date, unread, REQUEST):
        changes |= step
    return changes


def test_a_few_files_are_checked_and_many_are_added_at_once(
    open_bot: OpenBot, tmp_path: Path
) -> None:
    bot = open_bot()
    tab = a_tab(bot)
    few = uploaded(tab, files(tmp_path, 2))
    assert len(few[tab.intake.preview.proofs].drafts) == 2
    assert bot.count() == 0
    many = uploaded(tab, files(tmp_path, 6))
    assert bot.count() == 6
    assert "more than 5 files" in html.unescape(many[tab.status])
    assert tab.intake.preview.proofs not in many


def test_what_of_a_folder_could_not_be_read_is_told_with_the_rest(
    open_bot: OpenBot, tmp_path: Path
) -> None:
    tab = a_tab(open_bot())
    intake = tab.intake
    given = intake.leave_out(event(names=["/a/lost.txt"], files=6), REQUEST)
    assert given[intake.unread] == ("a/lost.txt",)
    assert intake.status not in given  # that comes with what became of the others
    for check in (True, False):
        done = uploaded(tab, files(tmp_path, 2 if check else 6), check, unread=given[intake.unread])
        assert "a/lost.txt" in html.unescape(done[tab.status])
        assert done[intake.unread] == ()
    alone = intake.leave_out(event(names=["/a/lost.txt"], files=0), REQUEST)
    assert alone[intake.unread] == ()
    assert "a/lost.txt" in html.unescape(alone[intake.status])
    assert "no file" in intake.leave_out(event(names="junk"), REQUEST)[intake.status]


def test_many_articles_of_one_file_are_added_at_once(open_bot: OpenBot, tmp_path: Path) -> None:
    bot = open_bot()
    bot.add([Article(f"T{n}", f"Text {n}.") for n in range(61)], wait=False)
    path = tmp_path / "all.jsonl"
    bot.export(path)
    for article in bot.articles():
        bot.remove(article.id)
    uploaded(a_tab(bot), [str(path)])
    assert bot.count() == 61


def test_what_cannot_be_read_leaves_nothing_to_check(open_bot: OpenBot, tmp_path: Path) -> None:
    bad = tmp_path / "bad.pdf"
    bad.write_bytes(b"%PDF-1.4 not really")
    tab = a_tab(open_bot())
    changes = uploaded(tab, [str(bad)])
    assert "bad.pdf" in html.unescape(changes[tab.status])
    assert str(tmp_path) not in html.unescape(changes[tab.status])
    assert tab.intake.preview.proofs not in changes


@pytest.mark.parametrize("check", [True, False])
def test_rows_that_cannot_be_read_are_told_with_what_was_read(
    open_bot: OpenBot, tmp_path: Path, check: bool
) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text('{"text": "老街完工。"}\n{oops\n{"text": ""}\n', "utf-8")
    bot = open_bot()
    tab = a_tab(bot)
    changes = uploaded(tab, [str(path)], check)
    said = html.unescape(changes[tab.status])
    assert "rows.jsonl:2" in said
    assert "rows.jsonl:3" in said
    assert str(tmp_path) not in said
    assert bot.count() == (0 if check else 1)
    if check:
        assert len(changes[tab.intake.preview.proofs].drafts) == 1


def test_what_an_upload_lacks_is_filled_in(open_bot: OpenBot, tmp_path: Path) -> None:
    bot = open_bot()
    tab = a_tab(bot)
    path = tmp_path / "news.jsonl"
    lines = ('{"text": "一。"}', '{"text": "二。", "date": "2020-01-02", "source": "早报"}')
    path.write_text("\n".join((*lines, "{oops")), "utf-8")
    bad = uploaded(tab, [str(path)], check=False, date="soon")
    assert "“soon” is no date" in html.unescape(bad[tab.status])
    assert bot.count() == 0
    path.write_text("\n".join((*lines, "{oops")), "utf-8")
    done = uploaded(tab, [str(path)], check=False, source=" 晚报 ", date="2024年5月")
    facts = {a.text: (a.source, a.published) for a in bot.articles()}
    assert facts == {"一。": ("晚报", "2024-05"), "二。": ("早报", "2020-01-02")}
    said = html.unescape(done[tab.status])
    assert "2 added · 1 could not be added" in said
    steps = list(
        tab.intake.pasted("本报讯 6月3日，有雨。", "", False, Place(), "晚报", "2023", REQUEST)
    )
    assert steps
    (pasted,) = bot.articles(contains="有雨")
    assert (pasted.source, pasted.published) == ("晚报", "2023-06-03")
    (refused,) = tab.intake.pasted("再来一篇。", "", False, Place(), "", "soon", REQUEST)
    assert "soon" in html.unescape(refused[tab.status])


def test_where_a_worker_embeds_nobody_waits_for_it(tmp_path: Path) -> None:
    with QABot.open(tmp_path / "index", settings=load_settings(embed=False)) as bot:
        tab = a_tab(bot)
        paths = files(tmp_path, 1)
        said = Seen(uploaded(tab, paths, check=False)[tab.status]).text
        assert said.startswith(say("en", "upload_left"))
        assert bot.pending() == 1
        assert bot.embedding_fault() is None


def test_several_removals_are_undone_last_first(open_bot: OpenBot) -> None:
    bot = open_bot()
    bot.add(ARTICLES, wait=False)
    tab = a_tab(bot)
    removed: list[Any] = []
    for article in ARTICLES[:2]:
        changes = tab.remove(removed, Place(), event(id=article.id), REQUEST)
        removed = changes[tab.removed]
    assert bot.articles() == [ARTICLES[2]]
    changes = tab.remove(removed, Place(), event(id="no such id"), REQUEST)
    assert changes[tab.removed] == removed
    for left in (1, 0):
        changes = tab.undo(removed, Place(), REQUEST)
        removed = changes[tab.removed]
        assert len(removed) == left
        assert ("data-undo" in changes[tab.status]) == bool(left)
    assert {a.id for a in bot.articles()} == {a.id for a in ARTICLES}
    assert tab.undo([], Place(), REQUEST) == {tab.status: ""}


def test_several_are_removed_and_put_back_where_they_were(open_bot: OpenBot) -> None:
    bot = open_bot()
    bot.add(ARTICLES, wait=False)
    before = bot.articles()
    tab = a_tab(bot)
    ids = [ARTICLES[0].id, "no such id", ARTICLES[2].id]
    changes = tab.remove([], Place(), event(ids=ids), REQUEST)
    assert bot.articles() == [ARTICLES[1]]
    said = html.unescape(changes[tab.status])
    assert "Removed: 2 articles" in said
    assert "Undo the removal of 2 articles" in said
    changes = tab.undo(changes[tab.removed], Place(), REQUEST)
    assert bot.articles() == before
    assert "Put back: 2 articles" in html.unescape(changes[tab.status])


def form(tab: LibraryTab, *ids: str) -> dict[Any, Any]:
    return tab.correct(event(ids=list(ids)), REQUEST)


def test_what_the_form_changes_is_corrected_and_no_more(open_bot: OpenBot) -> None:
    bot = open_bot()
    bot.add(ARTICLES, wait=False)
    tab = a_tab(bot)
    panel, state = tab.corrections.panel, tab.corrections.state
    opened = form(tab, ARTICLES[0].id, ARTICLES[1].id, "no such id")
    assert "Correct 2 articles" in html.unescape(opened[panel])
    assert opened[state].shown == ("", "", "", "临江日报")
    assert opened[state].differ == (True, True, True, False)
    bad = tab.keep(opened[state], Place(), event(fields=["", "soon", "", ""]), REQUEST)
    assert "soon" in html.unescape(bad[panel])
    assert bot.articles() == list(reversed(ARTICLES))
    kept = tab.keep(opened[state], Place(), event(fields=["", "2024年", "", ""]), REQUEST)
    assert kept[panel] == ""
    assert "Corrected: 2 articles" in html.unescape(kept[tab.status])
    first, second = (bot.article(article.id) for article in ARTICLES[:2])
    assert {(a.published, a.source) for a in (first, second)} == {("2024", "")}
    assert (first.title, first.byline) == (ARTICLES[0].title, ARTICLES[0].byline)
    again = form(tab, first.id)
    same = tab.keep(again[state], Place(), event(fields=list(again[state].shown)), REQUEST)
    assert "Nothing was changed" in html.unescape(same[tab.status])
    assert len(bot.history(first.id)) == 2
    for junk in (None, [], ["x"], "xxxx"):
        tab.keep(again[state], Place(), event(fields=junk), REQUEST)
    assert bot.article(first.id) == first
    bot.remove(first.id)
    gone = tab.keep(again[state], Place(), event(fields=["x", "", "", ""]), REQUEST)
    assert "no longer" in html.unescape(gone[tab.status])
    assert form(tab, first.id)[panel] == ""


def test_what_is_only_read_is_not_corrected(open_bot: OpenBot, tmp_path: Path) -> None:
    open_bot().add(ARTICLES[0], wait=False)
    settings = load_settings(read_only=True)
    with QABot.open(tmp_path / "index", settings=settings) as bot:
        with gr.Blocks() as app:
            tab = LibraryTab(bot, i18n(), Background(bot))
        table = tab.view(Place(), "en")[tab.table]
        assert "data-correct" not in table
        assert "data-pick" not in table
        handlers = {handler.fn for handler in app.fns.values()}
        assert tab.turn in handlers
        assert not {tab.keep, tab.correct, tab.remove, tab.undo} & handlers


@pytest.mark.parametrize(("offset", "shown"), [(-20, 0), (0, 0), (20, 20), (60, 40), (10**9, 40)])
def test_the_table_stays_within_the_library(open_bot: OpenBot, offset: int, shown: int) -> None:
    bot = open_bot()
    bot.add([Article(f"T{n}", f"Text {n}.") for n in range(45)], wait=False)
    tab = a_tab(bot)
    changes = tab.view(Place(offset=offset), "en")
    assert changes[tab.place].offset == shown
    assert f"{shown + 1}–{min(shown + 20, 45)} of 45" in html.unescape(changes[tab.table])


def test_an_unreadable_range_and_an_unknown_order(library: QABot) -> None:
    tab = a_tab(library)
    changes = tab.narrow("", "", None, None, "soon", "", Place(), REQUEST)
    assert html.unescape(changes[tab.table]).count("no date: soon") == 1
    place = tab.narrow(" ferry ", "", "", None, "", " 2023 ", Place(offset=20), REQUEST)[tab.place]
    assert place == Place("ferry", until="2023")
    unknown = tab.order(place, event(by="rowid"), REQUEST)
    assert unknown[tab.place] == place
    assert tab.order(place, event(by="date"), REQUEST)[tab.place] == replace(place, order="date")
    said = say("en", "nothing_matches")
    assert said in html.unescape(tab.view(Place("no such words"), "en")[tab.table])


def test_the_table_is_narrowed_to_a_name_and_widened_again(library: QABot) -> None:
    tab = a_tab(library)
    changes = tab.narrow("", "", " 沈若溪 ", None, "", "", Place(offset=20), REQUEST)
    assert changes[tab.place] == Place(name="沈若溪")
    seen = Seen(changes[tab.table])
    assert "names 沈若溪 ×" in seen.text
    assert len(seen.all("qa-head")) == 1
    assert ARTICLES[0].title in seen.text
    wide = tab.unname(changes[tab.place], REQUEST)
    assert (wide[tab.place], wide[tab.name]) == (Place(), "")
    assert "qa-chip" not in wide[tab.table]


def test_names_are_suggested_as_they_are_typed(library: QABot) -> None:
    tab = a_tab(library)
    offered = tab.wide(Place(), "en")[tab.name]["choices"]
    assert "沈若溪" in offered
    typed = cast(gr.KeyUpData, SimpleNamespace(key="溪", input_value="若溪"))
    assert tab.suggest(typed)[tab.name]["choices"] == ["沈若溪"]
