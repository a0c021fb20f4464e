from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from qa_bot.index.embedded.fulltext import FullText
from qa_bot.index.embedded.store import Store
from qa_bot.records import Article
from qa_bot.text.terms import content_terms, terms

TEXTS = ["图书馆新馆开放", "柳堤大桥封闭检修", "The ferry returns to Linjiang", "國際書展開幕"]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / "a.sqlite3")
    store.put([(Article(f"标题{i}", t, id=str(i)), [(0, len(t))]) for i, t in enumerate(TEXTS)])
    yield store
    store.close()


def found(fulltext: FullText, question: str) -> list[str]:
    fulltext.update()
    hits = fulltext.search(content_terms(question), 10)
    passages = fulltext.store.passages(i for i, _ in hits)
    return [passages[i][1].id for i, _ in hits]


def test_terms_need_no_dictionary() -> None:
    assert terms("新馆 ＡＢ１ Café") == ["新", "馆", "新馆", "ab1", "cafe"]
    assert terms("國際") == terms("国际")
    assert "ガス" in terms("ｶﾞｽ")
    assert content_terms("图书馆什么时候开放？") == terms("图书馆 开放")
    assert content_terms("谁？")  # nothing but a question word: kept


def test_it_follows_the_store(tmp_path: Path, store: Store) -> None:
    fulltext = FullText(tmp_path / "f", store)
    assert found(fulltext, "大桥") == ["1"]
    store.remove("1")
    assert found(fulltext, "大桥") == []
    store.put([(Article("新桥", "望江大桥通车", id="9"), [(0, 6)])])
    assert found(fulltext, "大桥") == ["9"]
    assert found(FullText(tmp_path / "f", store), "大桥") == ["9"]  # and from disk


def test_only_what_is_allowed_is_found(tmp_path: Path, store: Store) -> None:
    fulltext = FullText(tmp_path / "f", store)
    fulltext.update()
    ids = store.passage_ids()
    assert fulltext.search(["馆"], 10, ids[1:]) == []
    free = dict(fulltext.search(["馆"], 10))
    assert dict(fulltext.search(["馆"], 10, ids[:1])) == pytest.approx(free)
    assert fulltext.search(["馆"], 10, np.zeros(0, np.int64)) == []


def test_a_crash_before_the_stamp_is_made_good(tmp_path: Path, store: Store) -> None:
    fulltext = FullText(tmp_path / "f", store)
    fulltext.update()
    stamp = (tmp_path / "f" / "stamp.json").read_bytes()
    store.remove("0")
    store.put([(Article("", "望江大桥通车", id="9"), [(0, 6)])])
    fulltext.update()
    (tmp_path / "f" / "stamp.json").write_bytes(stamp)  # as if the process had died in between
    again = FullText(tmp_path / "f", store)
    assert sorted(found(again, "大桥")) == ["1", "9"]
    assert len(again.search(["大桥"], 10)) == 2  # nothing is in it twice
    assert found(again, "馆") == []


@pytest.mark.parametrize("damage", ["stamp", "folder", "segment", "foreign"])
def test_a_damaged_or_foreign_index_is_built_anew(
    tmp_path: Path, store: Store, damage: str
) -> None:
    folder = tmp_path / "f"
    FullText(folder, store).update()
    if damage == "stamp":
        (folder / "stamp.json").write_text("{", "utf-8")
    elif damage == "folder":
        shutil.rmtree(folder / "tantivy")
    elif damage == "segment":
        for file in (folder / "tantivy").iterdir():
            file.write_bytes(b"garbage")
    else:
        other = Store(tmp_path / "other.sqlite3")
        other.put([(Article("", "大桥大桥", id="x"), [(0, 4)])])
        shutil.rmtree(folder)
        FullText(folder, other).update()
        other.close()
    assert found(FullText(folder, store), "大桥") == ["1"]


def test_what_a_killed_writer_left_in_the_way_is_got_over(tmp_path: Path, store: Store) -> None:
    first = FullText(tmp_path / "f", store)
    first.update()
    folder = tmp_path / "f" / "tantivy"
    meta = json.loads((folder / "meta.json").read_text("utf-8"))
    for segment in meta["segments"]:  # deletions are written under names of this kind
        name = str(segment["segment_id"]).replace("-", "")
        for step in range(200):
            (folder / f"{name}.{meta['opstamp'] + step}.del").touch()
    store.remove("1")
    assert "1" not in found(first, "大桥封闭")
    assert found(first, "ferry") == ["2"]
    assert "1" not in found(FullText(tmp_path / "f", store), "大桥封闭")
