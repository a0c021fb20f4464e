"""Reports of an evaluation: summed up, kept, and compared."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from dataset import DatasetError
from report import Report
from summary import summaries
from tables import compare
from tests.eval.conftest import a_report, result


def test_summaries_go_over_all_and_over_each_group() -> None:
    unanswerable = replace(result("4", "b"), answerable=False, refused=True)
    by_group = summaries(
        [
            result("1", f1=1.0, **{"recall@1": 1.0}),
            result("2", f1=0.0, **{"recall@1": 1.0}),
            result("3", "b", f1=None, **{"recall@1": 0.0}),
            unanswerable,
        ]
    )
    assert list(by_group) == ["all", "a", "b"]
    assert (by_group["all"]["f1"].value, by_group["all"]["f1"].n) == (0.5, 2)
    assert by_group["all"]["recall@1"].value == pytest.approx(2 / 3)
    assert by_group["b"]["f1"].value is None
    assert by_group["b"]["balanced_accuracy"].value == 1.0
    assert by_group["all"]["search_p50"].value == pytest.approx(10)


def test_a_report_survives_saving_and_keeps_no_text_of_the_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = a_report(result("1", f1=0.25), result("2", "b", f1=0.75))
    with monkeypatch.context() as without:  # as installed, without the extra
        without.setattr("importlib.util.find_spec", lambda _: None)
        plain = report.save(tmp_path / "plain")
    assert [path.suffix for path in plain] == [".json", ".md"]
    assert "Chart" not in plain[1].read_text("utf-8")
    paths = report.save(tmp_path / "r")
    assert [path.suffix for path in paths] == [".json", ".md", ".png"]
    assert Report.load(paths[0]) == report
    assert "secret" not in paths[0].read_text() + paths[1].read_text()
    markdown = paths[1].read_text()
    assert "`python eval/run.py small`" in markdown
    assert "x.pdf: empty" in markdown
    assert "| all | 2 | – | 50.0 | – |" in markdown
    assert paths[2].read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"results": [{"id": 1}]}'])
def test_another_file_is_no_report(tmp_path: Path, text: str) -> None:
    (tmp_path / "x.json").write_text(text)
    with pytest.raises(DatasetError, match="is not a report"):
        Report.load(tmp_path / "x.json")


def test_compare_counts_questions_over_those_in_common() -> None:
    before = [result("1", f1=0.5), result("2", f1=1.0), result("3", f1=0.0), result("4", f1=1.0)]
    now = [result("1", f1=0.75), result("2", f1=0.5), result("3", f1=0.5), result("9", f1=0.0)]
    table = compare(now, before)[0]
    assert table.title == "Compared over 3 common questions, % and ms"
    assert ("F1", "50.0", "58.3", "+8.3", "2", "1") in table.rows
