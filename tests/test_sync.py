"""`sync`: the index follows a folder, and deletes nothing that it was not asked to."""

from collections.abc import Callable
from pathlib import Path

import pytest

from qa_bot import Article, QABot, QABotError

OpenBot = Callable[[], QABot]
BRIDGE = "柳湾大桥\n\n柳湾大桥加固工程昨日开工，投资九千万元，工期十四个月。"
LIBRARY = "图书馆\n\n市图书馆下周起延长开放时间，每晚九点闭馆，周末照常。"
SCHOOL = "学校\n\n城北小学新校舍昨天落成，设教室四十八间，投资八千万元。"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "papers"
    (place / "may").mkdir(parents=True)
    (place / "a.txt").write_text(BRIDGE, encoding="utf-8")
    (place / "may" / "b.txt").write_text(LIBRARY, encoding="utf-8")
    return place


def titles(bot: QABot) -> list[str]:
    return sorted(article.title for article in bot.articles())


def test_new_files_are_added_and_changed_ones_replaced(open_bot: OpenBot, folder: Path) -> None:
    bot = open_bot()
    assert len(bot.sync(folder).added) == 2
    again = bot.sync(folder)
    assert (len(again.skipped), again.added, again.outdated, again.gone) == (2, (), (), ())
    (folder / "a.txt").write_text(BRIDGE.replace("九千万", "七千万"), encoding="utf-8")
    (folder / "c.txt").write_text(SCHOOL, encoding="utf-8")
    report = bot.sync(folder)
    assert (len(report.added), len(report.outdated)) == (2, 1)
    assert bot.count() == 3
    assert any("七千万" in article.text for article in bot.articles())
    assert not any("九千万" in article.text for article in bot.articles())


def test_what_is_gone_stays_until_asked(open_bot: OpenBot, folder: Path) -> None:
    bot = open_bot()
    bot.sync(folder)
    (folder / "may" / "b.txt").unlink()
    report = bot.sync(folder)
    assert [article.title for article in report.gone] == ["图书馆"]
    assert not report.removed_gone
    assert titles(bot) == ["图书馆", "柳湾大桥"]
    assert bot.sync(folder, remove_gone=True).removed_gone
    assert titles(bot) == ["柳湾大桥"]


def test_what_moved_or_lies_elsewhere_is_not_gone(open_bot: OpenBot, folder: Path) -> None:
    bot = open_bot()
    elsewhere = folder.parent / "papers2"
    elsewhere.mkdir()
    (elsewhere / "s.txt").write_text(SCHOOL, encoding="utf-8")
    bot.add([elsewhere, Article("手记", "编辑部自己写的一篇文章，没有文件。")])
    bot.sync(folder)
    (elsewhere / "s.txt").unlink()
    (folder / "a.txt").rename(folder / "may" / "z.txt")
    report = bot.sync(folder, remove_gone=True)
    assert (report.gone, report.outdated) == ((), ())
    assert bot.count() == 4


def test_a_file_that_cannot_be_read_keeps_its_articles(open_bot: OpenBot, folder: Path) -> None:
    bot = open_bot()
    bot.sync(folder)
    (folder / "a.txt").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(50))
    report = bot.sync(folder, remove_gone=True)
    assert len(report.refused) == 1
    assert [article.title for article in report.kept] == ["柳湾大桥"]
    assert bot.count() == 2


def test_an_empty_or_missing_folder_changes_nothing(open_bot: OpenBot, folder: Path) -> None:
    bot = open_bot()
    bot.sync(folder)
    (folder / "a.txt").unlink()
    (folder / "may" / "b.txt").unlink()
    with pytest.raises(QABotError, match="holds no files"):
        bot.sync(folder, remove_gone=True)
    with pytest.raises(QABotError, match="no folder"):
        bot.sync(folder / "x", remove_gone=True)
    assert bot.count() == 2
