"""PDF files, with real libraries."""

from __future__ import annotations

from tests.reading.samples import (
    BINARIES,
    HANS,
    Make,
    articles,
    refusal,
    squeezed,
    whole,
    wrapped,
    write_pdf,
)


def test_pdf(make: Make) -> None:
    found = articles(make("东湖日报.pdf", write_pdf([wrapped(HANS)])))
    assert squeezed(HANS) in whole(found)


def test_pdf_text_runs_on_over_small_pages(make: Make) -> None:
    lines = wrapped(HANS.split("\n")[0])
    pages = [[*lines[:2], "- 1 -"], [*lines[2:], "- 2 -"]]
    found = articles(make("a.pdf", write_pdf(pages)))
    assert squeezed(HANS.split("\n")[0]) in whole(found)


def test_pdf_newspaper_pages_are_read_one_by_one(make: Make) -> None:
    pages = [wrapped(HANS), wrapped(HANS.replace("东湖", "西山"))]
    found = articles(make("a.pdf", write_pdf(pages, size=(1100, 1560))))
    assert len(found) >= 2
    assert not any("东湖区" in a.text and "西山区" in a.text for a in found)


def test_pdf_radicals_become_characters_and_full_width_stays() -> None:
    from qa_bot.reading.pdf import _readable

    assert _readable("⾸都⻓江，⺠生（１）ﬁ") == "首都长江，民生（１）fi"
    assert _readable("soft hy\ufffe\r\nphen") == "soft hyphen"
    assert _readable("\ue001\ue002\ue003") == ""


def test_pdf_with_password(make: Make) -> None:
    reason = refusal(make("a.pdf", write_pdf([wrapped(HANS)], password="secret")))
    assert reason == "is password-protected: remove the password and add it again."


def test_pdf_cut_off(make: Make) -> None:
    reason = refusal(make("a.pdf", write_pdf([wrapped(HANS)])[:300]))
    assert "cut off" in reason
    assert "again" in reason


def test_pdf_that_is_none(make: Make) -> None:
    assert "is not a PDF document" in refusal(make("a.pdf", BINARIES["JPEG"]))
