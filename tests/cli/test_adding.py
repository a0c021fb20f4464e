"""Articles added, followed, corrected and removed on the command line."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli.conftest import ARTICLES, TEXT, qa_bot
from tests.conftest import heed_interrupts


def test_add_again_skips_and_tells_so_in_json(copy: Path) -> None:
    done = qa_bot("add", "--json", "news.jsonl", cwd=copy)
    document = json.loads(done.stdout)
    assert (document["skipped"], document["added"], document["refused"]) == (2, 0, 1)
    refused = [o for o in document["outcomes"] if o["status"] == "refused"]
    assert refused[0]["path"].endswith("news.jsonl:3")
    assert refused[0]["reason"]
    assert done.code == 3


def test_sync_follows_a_folder(tmp_path: Path) -> None:
    papers = tmp_path / "papers"
    papers.mkdir()
    (papers / "a.txt").write_text(f"青江大桥通车\n\n{TEXT}", encoding="utf-8")
    (papers / "b.txt").write_text("短讯\n\n市图书馆下周起延长开放时间。", encoding="utf-8")
    assert qa_bot("sync", "papers", cwd=tmp_path).code == 0
    (papers / "b.txt").unlink()
    done = qa_bot("sync", "papers", cwd=tmp_path)
    assert "1 gone" in done.stdout
    assert "--remove-gone" in done.stderr
    document = json.loads(qa_bot("sync", "--remove-gone", "--json", "papers", cwd=tmp_path).stdout)
    assert (document["gone"], document["skipped"]) == (1, 1)
    assert [article["title"] for article in document["articles"]["gone"]] == ["短讯"]
    assert "0 gone" in qa_bot("sync", "papers", cwd=tmp_path).stdout
    assert qa_bot("sync", "nowhere", cwd=tmp_path).code == 2


def test_articles_are_corrected(copy: Path) -> None:
    done = qa_bot("correct", "bridge", "cup", "--source", "晚报", "--date", "2024-05", cwd=copy)
    assert done.code == 0
    lines = [line.split("\t") for line in done.stdout.splitlines()]
    assert [(i, *rest) for i, _, *rest in lines] == [
        ("bridge", "published", "2024-05-01", "2024-05"),
        ("bridge", "source", "青江日报", "晚报"),
        *(("cup", *rest) for i, _, *rest in lines if i == "cup"),
    ]
    told = json.loads(qa_bot("correct", "bridge", "--json", cwd=copy).stdout)
    assert told["articles"][0]["source"] == "晚报"
    assert len(told["articles"][0]["history"]) == 2
    unknown = qa_bot("correct", "bridge", "nowhere", "--source", "x", cwd=copy)
    assert (unknown.code, unknown.stdout) == (1, "")
    assert "nowhere" in unknown.stderr
    assert qa_bot("correct", "bridge", "--date", "soon", cwd=copy).code != 0
    listed = qa_bot("list", cwd=copy).stdout
    assert listed.count("晚报") == 2


def test_an_export_is_added_to_the_same_articles(copy: Path) -> None:
    done = qa_bot("export", "all.jsonl", "--json", cwd=copy)
    assert (done.code, json.loads(done.stdout)["articles"]) == (0, len(ARTICLES))
    again = qa_bot("add", "all.jsonl", "--json", cwd=copy)
    assert json.loads(again.stdout)["skipped"] == len(ARTICLES)
    some = qa_bot("export", "some.jsonl", "--source", "青江日报", cwd=copy)
    assert "1 articles" in some.stdout
    assert len((copy / "some.jsonl").read_text("utf-8").splitlines()) == 1
    assert qa_bot("export", "some.jsonl", "--since", "soon", cwd=copy).code != 0
    done = qa_bot("export", "cup.json", "--id", "cup", "--id", "nope", "--json", cwd=copy)
    assert json.loads(done.stdout)["articles"] == 1
    (reference,) = json.loads((copy / "cup.json").read_text("utf-8"))
    assert reference["type"] == "article-newspaper"


def test_remove_goes_on_after_an_unknown_id(copy: Path) -> None:
    done = qa_bot("remove", "nope", "cup", "--json", cwd=copy)
    assert done.code == 1
    document = json.loads(done.stdout)
    assert document["missing"] == ["nope"]
    assert [article["id"] for article in document["removed"]] == ["cup"]
    assert "nope" in done.stderr
    assert qa_bot("list", cwd=copy).stdout.split("\t")[0] == "bridge"
    assert qa_bot("remove", "bridge", cwd=copy).code == 0
    empty = qa_bot("search", "大桥", cwd=copy)
    assert empty.code == 1
    assert "The index is empty" in empty.stderr


@pytest.mark.model
def test_ctrl_c_while_adding_loses_nothing(tmp_path: Path) -> None:
    count = 300
    rows = ({"id": f"a{i}", "title": f"第{i}号", "text": f"{TEXT * 10}{i}"} for i in range(count))
    (tmp_path / "many.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    command = [sys.executable, "-m", "qa_bot.cli", "add", "many.jsonl"]
    with subprocess.Popen(
        command,
        cwd=tmp_path,
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
        preexec_fn=heed_interrupts,
    ) as process:
        assert process.stderr is not None
        assert process.stdout is not None
        while not (tmp_path / "index").exists() or not qa_bot("list", cwd=tmp_path).stdout:
            assert process.poll() is None
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        complaint = process.stderr.read()
        assert process.wait(60) == 130, complaint
    assert "Interrupted." in complaint
    assert "Traceback" not in complaint
    listed = qa_bot("list", "--json", cwd=tmp_path)
    assert listed.code == 0, listed.stderr
    facts = json.loads(qa_bot("info", "--json", cwd=tmp_path).stdout)
    assert facts["articles"] == len(json.loads(listed.stdout)["articles"]) > 0
    assert facts["pending"] > 0  # so it was in the midst of it
