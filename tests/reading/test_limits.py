"""Files that would take the machine are refused, and those beside them are read."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import threading
import time
import zipfile
from pathlib import Path

import docx
import pytest

from qa_bot.reading import limits, read, workers
from qa_bot.records import Article, Refusal

pytestmark = pytest.mark.e2e

PAGE = "<html><body><article><p>{}</p></article></body></html>"
SAID = "The ferry across the lake runs again from Monday, the harbour office said. " * 3


def pdf(objects: list[bytes]) -> bytes:
    out, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    return out + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer << /Size %d /Root 1 0 R >>\n"
        b"startxref\n%d\n%%%%EOF" % (size, table, size, len(out))
    )


def stream(content: bytes, entries: bytes = b"") -> bytes:
    return b"<< %s /Length %d >>\nstream\n%s\nendstream" % (entries, len(content), content)


CATALOG = b"<< /Type /Catalog /Pages 2 0 R >>"
FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
TEXT = stream(b"BT /F1 12 Tf 72 720 Td (Ferry runs again.) Tj ET")


def pages_that_meet_again(levels: int, width: int) -> bytes:
    """`width` ** `levels` pages, all of them the same one."""
    page = 2 + levels
    objects = [CATALOG]
    for level in range(levels):
        kids = b"%d 0 R " % (3 + level) * width
        count = width ** (levels - level)
        objects.append(b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, count))
    objects += [
        b"<< /Type /Page /Parent %d 0 R /MediaBox [0 0 600 800] /Contents %d 0 R /Resources "
        b"<< /Font << /F1 %d 0 R >> >> >>" % (page - 1, page + 1, page + 2),
        TEXT,
        FONT,
    ]
    return pdf(objects)


def nested_forms(depth: int, width: int) -> bytes:
    """A page that draws `width` ** `depth` forms."""
    resources = b"<< /Font << /F1 5 0 R >> /XObject << /X %d 0 R >> >>"
    objects = [
        CATALOG,
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R /Resources %s >>"
        % (resources % 6),
        stream(b"/X Do"),
        FONT,
    ]
    for level in range(depth):
        form = b"/Type /XObject /Subtype /Form /BBox [0 0 600 800] /Resources %s"
        objects.append(stream(b"/X Do " * width, form % (resources % (7 + level))))
    form = (
        b"/Type /XObject /Subtype /Form /BBox [0 0 600 800] /Resources << /Font << /F1 5 0 R >> >>"
    )
    return pdf([*objects, stream(b"BT /F1 12 Tf 72 720 Td (Ferry runs.) Tj ET" * 9, form)])


def table(xml: str) -> bytes:
    """A Word document whose body is `xml`."""
    empty = io.BytesIO()
    docx.Document().save(empty)
    out = io.BytesIO()
    name = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    body = f'<w:document xmlns:w="{name}"><w:body>{xml}</w:body></w:document>'
    with (
        zipfile.ZipFile(empty) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for member in old.namelist():
            new.writestr(member, body if member == "word/document.xml" else old.read(member))
    return out.getvalue()


def cell(text: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc>"


def rows(*cells: str) -> str:
    inside = "".join(f"<w:tr>{row}</w:tr>" for row in cells)
    return f"<w:tbl><w:tblPr/><w:tblGrid/>{inside}</w:tbl>"


def beside(folder: Path, name: str, content: bytes) -> list[Article | Refusal]:
    """What is read of a file between two good ones; these are read whatever it does."""
    (folder / "a.html").write_text(PAGE.format(SAID))
    (folder / f"b-{name}").write_bytes(content)
    (folder / "c.html").write_text(PAGE.format(SAID))
    first, *found, last = read([folder])
    assert isinstance(first, Article)
    assert isinstance(last, Article)
    return found


def refused(found: list[Article | Refusal]) -> str:
    (entry,) = found
    assert isinstance(entry, Refusal)
    return entry.reason


def test_pdf_of_a_million_pages(tmp_path: Path) -> None:
    reason = refused(beside(tmp_path, "x.pdf", pages_that_meet_again(4, 31)))
    assert f"more than the {limits.MOST_PAGES}" in reason
    assert "split it" in reason


def test_pdf_of_nested_forms(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "SECONDS", 5)
    reason = refused(beside(tmp_path, "x.pdf", nested_forms(8, 8)))
    assert "left out" in reason


def test_a_reader_that_takes_too_long_is_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "SECONDS", 2)
    drawn = b"BT /F1 1 Tf 1 0 0 1 0 0 Tm (" + b"a" * 1000 + b") Tj ET "
    page = (
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>"
    )
    kids = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
    reason = refused(
        beside(tmp_path, "x.pdf", pdf([CATALOG, kids, page, stream(drawn * 80_000), FONT]))
    )
    assert "more than 2 seconds" in reason


@pytest.mark.parametrize("columns", [2_000_000_000, 100_000])
def test_word_cell_that_spans_more_columns_than_there_are(tmp_path: Path, columns: int) -> None:
    wide = rows(cell("Ferry", f'<w:gridSpan w:val="{columns}"/>') + cell("runs again"))
    (found,) = beside(tmp_path, "x.docx", table(wide))
    assert isinstance(found, Article)
    assert "Ferry runs again" in f"{found.title} {found.text}"


def test_word_cells_merged_downwards_are_said_in_each_row(tmp_path: Path) -> None:
    down = '<w:vMerge w:val="{}"/>'
    xml = rows(
        cell("Monday", down.format("restart")) + cell("six boats"),
        cell("", down.format("continue")) + cell("nine buses"),
    )
    (found,) = beside(tmp_path, "x.docx", table(xml))
    assert isinstance(found, Article)
    lines = [line for line in f"{found.title}\n{found.text}".split("\n") if line]
    assert lines == ["Monday six boats", "Monday nine buses"]


def test_word_rows_merged_downwards_are_read_in_a_line_of_time(tmp_path: Path) -> None:
    down = '<w:vMerge w:val="{}"/>'
    more = [cell("", down.format("continue"))] * 20_000
    start = time.monotonic()
    (found,) = beside(tmp_path, "x.docx", table(rows(cell("x", down.format("restart")), *more)))
    assert isinstance(found, Article)
    assert time.monotonic() - start < limits.SECONDS / 2  # quadratic: half an hour


def test_word_tables_of_too_many_cells(tmp_path: Path) -> None:
    many = "".join(map(cell, "x" * 1000))
    reason = refused(beside(tmp_path, "x.docx", table(rows(*[many] * 101))))
    assert f"more than the {limits.MOST_CELLS}" in reason


@pytest.mark.skipif(sys.platform != "linux", reason="memory is limited on Linux")
def test_a_file_that_takes_too_much_memory(tmp_path: Path) -> None:
    found = beside(tmp_path, "x.json", b"[" + b"{}," * 33_000_000 + b"{}]")
    assert "memory" in refused(found)


def test_what_is_read_after_a_reader_was_killed(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(PAGE.format(SAID))
    assert [type(e) for e in read([tmp_path])] == [Article]
    for worker in workers._POOL._idle:
        worker._process.kill()
        worker._process.wait()
    assert [type(e) for e in read([tmp_path])] == [Article]


def test_many_threads_read_with_few_processes_and_leave_none(tmp_path: Path) -> None:
    for number in range(8):
        (tmp_path / f"{number}.html").write_text(PAGE.format(SAID))
    found: list[Article | Refusal] = []
    threads = [threading.Thread(target=lambda: found.extend(read([tmp_path]))) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [type(e) for e in found] == [Article] * 48
    assert 1 <= len(workers._POOL._idle) <= workers._AT_ONCE
    assert not workers._POOL._busy
    idle = list(workers._POOL._idle)
    workers._POOL.close()
    assert all(worker._process.returncode is not None for worker in idle)  # waited for: no zombie


def test_readers_of_a_large_process_are_used_again(tmp_path: Path) -> None:
    """What the process they were forked from takes is not theirs."""
    (tmp_path / "a.html").write_text(PAGE.format(SAID))
    script = (
        "import sys; from qa_bot.reading import read, workers\n"
        "large = b'x' * 900_000_000\n"
        "for _ in range(3): list(read(sys.argv[1]))\n"
        "print(len(workers._POOL._idle), len(large))\n"
    )
    command = [sys.executable, "-c", script, str(tmp_path / "a.html")]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert told.split() == ["1", "900000000"]


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_readers_end_with_the_process_they_read_for(tmp_path: Path, how: int) -> None:
    (tmp_path / "a.html").write_text(PAGE.format(SAID))
    # a script without a main guard: nothing of it is run again
    script = (
        "import sys, time; from qa_bot.reading import read, workers\n"
        "entries = list(read(sys.argv[1]))\n"
        "print(len(entries), workers._POOL._idle[0]._process.pid, flush=True); time.sleep(60)"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    assert parent.stdout is not None
    count, pid = parent.stdout.readline().split()
    parent.send_signal(how)
    parent.wait()
    parent.stdout.close()
    assert count == "1"
    for _ in range(100):
        try:
            os.kill(int(pid), 0)
        except ProcessLookupError:
            return
        if Path(f"/proc/{pid}/stat").exists() and " Z " in Path(f"/proc/{pid}/stat").read_text():
            return  # ended; whoever adopted it has not looked yet
        time.sleep(0.1)
    pytest.fail("the reader is still there")


def test_rows_nested_deeply_lose_no_other_row(tmp_path: Path) -> None:
    good = '{"text": "The ferry runs again."}'
    for depth in (100, 300, 500, 900, 5000):
        deep = "[" * depth + '"x"' + "]" * depth
        for field in ("text", "byline", "date"):
            row = (
                f'{{"text": "x", "{field}": {deep}}}' if field != "text" else f'{{"text": {deep}}}'
            )
            path = tmp_path / "a.jsonl"
            path.write_text(f"{good}\n{row}\n{good}\n")
            entries = list(read([path]))
            assert isinstance(entries[0], Article)
            assert isinstance(entries[-1], Article)
            assert all(e.path == f"{path}:2" for e in entries if isinstance(e, Refusal))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_row_longer_than_the_limit_is_not_held(tmp_path: Path, encoding: str) -> None:
    good = '{"text": "The ferry runs again."}\n'
    path = tmp_path / "a.jsonl"
    path.write_text(good + "x" * 3_000_000 + "\n" + good, encoding=encoding)
    first, long, last = read([path], max_file_mb=1)
    assert isinstance(first, Article)
    assert isinstance(long, Refusal)
    assert long.path == f"{path}:2"
    assert "line feed" in long.reason
    assert isinstance(last, Article)


def test_links_that_meet_again_are_followed_once(tmp_path: Path) -> None:
    for level in range(30):
        (tmp_path / f"d{level}").mkdir()
    for level in range(29):
        for name in "ab":
            (tmp_path / f"d{level}" / name).symlink_to(tmp_path / f"d{level + 1}")
    (tmp_path / "d29" / "x.txt").write_text(SAID)
    entries = list(read([tmp_path / "d0"]))  # 2 ** 29 ways lead there
    assert [type(e) for e in entries] == [Article]


def test_folders_thousands_deep_lose_nothing_behind_them(tmp_path: Path) -> None:
    top = here = os.open(tmp_path, os.O_RDONLY)
    os.mkdir("deep", dir_fd=top)
    names = ["deep"]
    for _ in range(2500):
        below = os.open(names[-1], os.O_RDONLY, dir_fd=here)
        if here != top:
            os.close(here)
        here = below
        os.mkdir("d", dir_fd=here)
        names.append("d")
    os.close(here)
    os.close(top)
    (tmp_path / "z.txt").write_text(SAID)
    *refusals, last = read([tmp_path])
    assert isinstance(last, Article)
    assert len(refusals) == 1  # what lies too deep to be opened is named
    subprocess.run(["rm", "-rf", str(tmp_path / "deep")], check=True)
