"""Reading files and folders, one after the other; what cannot be read is named."""

from __future__ import annotations

import json
import logging
import os
import random
import socket
from collections.abc import Iterator
from pathlib import Path

import docx
import pytest

from qa_bot.errors import ReadError
from qa_bot.reading import KINDS, read, read_file
from qa_bot.records import Article, Refusal
from tests.reading.samples import (
    HANS,
    PAGE,
    ROW,
    Make,
    articles,
    refusal,
    save_docx,
    wrapped,
    write_pdf,
)


def test_folder_in_order_with_its_bad_files(make: Make, tmp_path: Path) -> None:
    good = json.dumps(ROW)
    make("b/2.json", good)
    make("b/1.json", good)
    make("a.json", good)
    make("c.pptx", b"PK\x03\x04")
    make("d.json", "{")
    make("e.json", good)
    for ignored in (".hidden.json", ".git/x.json", "__MACOSX/y.json", "Thumbs.db", "b/.DS_Store"):
        make(ignored, good)
    os.symlink(tmp_path, tmp_path / "b" / "loop")
    os.symlink(tmp_path / "nowhere", tmp_path / "f.json")
    entries = list(read([tmp_path]))
    shown = [(Path(e.path).relative_to(tmp_path).as_posix(), type(e)) for e in entries]
    assert shown == [
        ("a.json", Article),
        ("b/1.json", Article),
        ("b/2.json", Article),
        ("c.pptx", Refusal),
        ("d.json", Refusal),
        ("e.json", Article),
        ("f.json", Refusal),
    ]
    reasons = [e.reason for e in entries if isinstance(e, Refusal)]
    assert reasons[0].startswith("is not a kind of file qa_bot reads (txt, md, ")
    assert "no such file" in reasons[2]


def test_missing_path_and_empty_folder(tmp_path: Path) -> None:
    assert "there is no such file or folder" in refusal(tmp_path / "none.txt")
    assert "there is no such file or folder" in refusal(tmp_path / "none")
    assert refusal(tmp_path) == "is a folder without files."


def test_relative_path_is_made_absolute(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    path = make("a.json", json.dumps(ROW))
    monkeypatch.chdir(path.parent)
    assert [e.path for e in read(["a.json", "b.json"])] == [str(path), str(path.parent / "b.json")]


def test_too_large(make: Make) -> None:
    reason = refusal(make("a.txt", b"x" * 2_000_000), max_file_mb=1)
    assert "is 2 MB, more than the 1 MB allowed" in reason
    assert "max_file_mb" in reason


def test_unreadable(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    path = make("a.txt", HANS)

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "open", refuse)  # root may open anything, whatever its mode
    assert "permission denied" in refusal(path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_pipe_does_not_block(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.txt")
    assert refusal(tmp_path / "a.txt") == "is not a regular file."


def test_name_that_is_not_utf8(tmp_path: Path) -> None:
    name = os.path.join(os.fsencode(tmp_path), "东湖.json".encode("gb18030"))
    try:
        with open(name, "wb") as file:
            file.write(json.dumps(ROW).encode())
    except OSError:
        pytest.skip("this file system has UTF-8 names only")
    (article,) = articles(tmp_path)
    assert article.path.endswith("东湖.json")


def test_one_path_alone_will_do(make: Make) -> None:
    path = make("a.json", json.dumps(ROW))
    assert [e.path for e in read(str(path))] == [str(path)]


def test_read_is_lazy(make: Make) -> None:
    path = make("a.json", json.dumps(ROW))

    def sources() -> Iterator[Path]:
        yield path
        raise AssertionError("the second source was asked for")

    assert isinstance(next(read(sources())), Article)


def test_read_file(make: Make, tmp_path: Path) -> None:
    path = make("a.jsonl", f"{json.dumps(ROW)}\nnonsense\n")
    assert [a.id for a in read_file(path)] == ["42"]
    with pytest.raises(ReadError, match=r"a\.txt: is empty"):
        read_file(make("a.txt", b""))
    with pytest.raises(ReadError, match="is a folder"):
        read_file(tmp_path)
    with pytest.raises(ReadError, match=r"a\.xyz: is not a kind of file"):
        read_file(make("a.xyz", b"x"))


def test_an_unforeseen_error_stops_nothing(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    from qa_bot import reading

    def explode(*_: object, **__: object) -> None:
        raise ZeroDivisionError("boom")

    monkeypatch.setattr(reading, "split_page", explode)
    bad, good = make("a.txt", HANS), make("b.json", json.dumps(ROW))
    first, second = read([bad, good])
    assert isinstance(first, Refusal)
    assert "ZeroDivisionError" in first.reason
    assert isinstance(second, Article)


def test_every_kind_of_damage_is_quiet_and_offline(
    make: Make,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    noise = random.Random(7)
    good = {
        "pdf": write_pdf([wrapped(HANS)]),
        "docx": save_docx(docx.Document()),
        "html": PAGE.format(charset="utf-8").encode(),
        "json": json.dumps([ROW]).encode(),
        "md": HANS.encode(),
    }
    for kind, data in good.items():
        for n in range(12):
            damaged = bytearray(data[: noise.randrange(1, len(data) + 1)])
            for _ in range(n):
                damaged[noise.randrange(len(damaged))] = noise.randrange(256)
            make(f"{kind}{n:02}.{kind}", bytes(damaged))
    make("links.html", PAGE.format(charset="utf-8"))
    make("z.json", json.dumps(ROW))
    with caplog.at_level(logging.DEBUG):
        entries = list(read([tmp_path]))
    assert isinstance(entries[-1], Article)
    assert {Path(e.path.split(".")[0]).name[:2] for e in entries} >= {"pd", "do", "ht", "js", "md"}
    assert capfd.readouterr() == ("", "")
    assert not caplog.records


def test_kinds_are_what_is_read() -> None:
    assert {".txt", ".md", ".html", ".htm", ".pdf", ".docx", ".json", ".jsonl", ".ndjson"} <= set(
        KINDS
    )
