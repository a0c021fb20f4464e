"""The measures against cases worked out by hand (retrieval also agrees with `ir-measures`)."""

from __future__ import annotations

from math import log2

import pytest

import metrics


def test_an_article_ranks_where_its_best_passage_does() -> None:
    assert metrics.article_ranking(["b", "a", "b", "c", "a"]) == ["b", "a", "c"]


@pytest.mark.parametrize(("k", "expected"), [(1, 0), (2, 1), (10, 1)])
def test_recall_is_the_hit_rate_at_k(k: int, expected: float) -> None:
    assert metrics.recall(["x", "a", "y", "b"], {"a", "b", "c"}, k) == expected


@pytest.mark.parametrize(
    ("ranking", "k", "expected"),
    [
        (["a", "b"], 10, 1.0),
        (["x", "a", "b"], 10, 1 / 2),
        (["x"] * 9 + ["a"], 10, 1 / 10),
        (["x"] * 10 + ["a"], 10, 0.0),
        ([], 10, 0.0),
    ],
)
def test_reciprocal_rank(ranking: list[str], k: int, expected: float) -> None:
    assert metrics.reciprocal_rank(ranking, {"a", "b"}, k) == expected


@pytest.mark.parametrize(
    ("gold", "ranking", "expected"),
    [
        ({"a"}, ["a", "b"], 1.0),
        ({"a"}, ["b", "a"], 0.6309297535714575),  # 1 / log2(3)
        ({"a", "b"}, ["x", "a", "y", "b"], 0.6509209298071326),
        ({"a", "b", "c"}, ["a", "x", "c"], 0.7039180890341347),
        ({"a"}, ["w", "x"], 0.0),
        ({"a"}, [], 0.0),
    ],
)
def test_ndcg_agrees_with_ir_measures(gold: set[str], ranking: list[str], expected: float) -> None:
    assert metrics.ndcg(ranking, gold, k=10) == pytest.approx(expected, abs=1e-12)


def test_ndcg_with_more_golds_than_places_can_still_be_perfect() -> None:
    assert metrics.ndcg(["a", "b"], {"a", "b", "c", "d"}, k=2) == 1.0


def test_also_right_articles_stand_in_for_golds_but_are_not_required() -> None:
    assert metrics.ndcg(["a"], {"a"}, {"b", "c"}, k=10) == 1.0
    assert metrics.ndcg(["b", "a", "c"], {"a"}, {"b", "c"}, k=10) == 1.0  # never above 1
    late = metrics.ndcg(["x", "b", "a"], {"a", "g"}, {"b"}, k=10)
    assert late == pytest.approx((1 / log2(3) + 1 / log2(4)) / (1 + 1 / log2(3)))


def test_ndcg_is_refused_without_golds() -> None:
    with pytest.raises(ValueError, match="without gold"):
        metrics.ndcg(["a"], set(), {"b"}, k=10)


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("《战国无双3》", ["战", "国", "无", "双", "3"]),
        ("iOS/iPadOS 17 开发者", ["ios", "ipados", "17", "开", "发", "者"]),
        ("8 月 16 日", ["8", "月", "16", "日"]),
        ("1,234,567人", ["1234567", "人"]),
        ("3，4月", ["3", "4", "月"]),
        ("３.５％", ["3.5", "%"]),
        ("版本1.2。", ["版", "本", "1.2"]),
        ("The U.S.", ["the", "u", "s"]),
        ("梅雨は季節、です", list("梅雨は季節です")),
        ("नमस्ते दुनिया", ["नमस्ते", "दुनिया"]),
        ("……", []),
        ("", []),
    ],
)
def test_segment(text: str, tokens: list[str]) -> None:
    assert metrics.segment(text) == tokens


@pytest.mark.parametrize(
    ("prediction", "answers", "expected"),
    [
        ("2024年5月20日", ["5月", "2024 年 5 月 20 日"], 1),
        ("“锣鼓点”。", ["锣鼓点"], 1),
        ("Panthers", ["panthers"], 1),
        ("35", ["3.5"], 0),
        ("锣鼓", ["锣鼓点"], 0),
        ("", ["锣鼓点"], 0),
        ("。", ["！"], 0),
        ("锣鼓点", [], 0),
    ],
)
def test_exact_match(prediction: str, answers: list[str], expected: float) -> None:
    assert metrics.exact_match(prediction, answers) == expected


@pytest.mark.parametrize(
    ("prediction", "answers", "expected"),
    [
        ("锣鼓点", ["锣鼓点"], 1.0),
        ("锣鼓", ["锣鼓点"], 2 * 1 * (2 / 3) / (1 + 2 / 3)),
        # The run is contiguous: 锣鼓 and 点 are both there, but only 锣鼓 counts.
        ("锣鼓的点", ["锣鼓点"], 2 * (2 / 4) * (2 / 3) / (2 / 4 + 2 / 3)),
        ("the big dog", ["a big dog", "cat"], 2 / 3),
        ("狗", ["猫"], 0.0),
        ("好", ["不" + "好" * 300], 2 / 302),  # however often a token occurs
        ("", ["猫"], 0.0),
        ("猫", [], 0.0),
    ],
)
def test_f1_counts_the_longest_common_run(
    prediction: str, answers: list[str], expected: float
) -> None:
    assert metrics.f1(prediction, answers) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("text", "answer", "expected"),
    [
        ("事故造成12人死亡。", "12人", True),
        ("事故造成112人死亡。", "12人", False),
        ("成立于1935年", "3", False),
        ("于 2024 年 5 月", "2024年5月", True),
        ("It was in New York.", "new york", True),
        ("anything", "。", False),
    ],
)
def test_contains_goes_by_whole_tokens(text: str, answer: str, expected: bool) -> None:
    assert metrics.contains(text, answer) is expected


@pytest.mark.parametrize(
    ("quote", "evidence", "expected"),
    [
        ("不过由于伤病困扰，他没有出场。", "由于伤病困扰", True),
        ("由于伤病困扰", "不过由于伤病困扰，他没有出场。", True),
        ("他在比赛中没有得分的原因", "他没有出场", False),
        ("", "他没有出场", False),
    ],
)
def test_overlaps_needs_half_of_the_shorter(quote: str, evidence: str, expected: bool) -> None:
    assert metrics.overlaps(quote, evidence) is expected


def test_citation_precision_is_the_share_of_right_quotes() -> None:
    quotes = ["东盟和中国加入", "天气晴朗", "会议今天上午开幕"]
    assert metrics.citation_precision(quotes, ["中国"]) == pytest.approx(1 / 3)
    assert metrics.citation_precision(quotes, ["中国"], ["会议今天开幕"]) == pytest.approx(2 / 3)
    assert metrics.citation_precision([], ["中国"]) is None
    assert metrics.citation_precision(quotes, []) is None


def test_propositions_are_covered_by_most_of_their_words() -> None:
    propositions = ["新桥全长1260米。", "总投资3.5亿元", "The ferry sails again"]
    told = "本报讯 新桥昨天合龙，全长1260米。 [1] The old ferry never sails."
    assert metrics.propositions_covered(told, propositions) == pytest.approx(1 / 3)
    assert metrics.propositions_covered("", propositions) == 0
    assert metrics.propositions_covered(told, []) is None


def test_citation_recall_is_the_share_of_what_is_proved() -> None:
    quotes = ["东盟和中国加入", "会议今天上午开幕"]
    sets = [["东盟"], ["华夏", "中国"], ["日本"]]
    assert metrics.citation_recall(quotes, sets) == pytest.approx(2 / 3)
    assert metrics.citation_recall([], sets) == 0.0
    # Marked evidence is stricter than answers, so it alone counts where there is any.
    evidences = ["会议今天上午开幕", "明天闭幕", "后天散会", "大后天见"]
    assert metrics.citation_recall(quotes, sets, evidences) == 1 / 4
    assert metrics.citation_recall(quotes, []) is None


def test_answer_in_quotes() -> None:
    assert metrics.answer_in_quotes(["东盟和中国加入"], ["日本", "中国"]) == 1.0
    assert metrics.answer_in_quotes([], ["中国"]) == 0.0
    assert metrics.answer_in_quotes(["东盟"], []) is None


def test_abstention_by_hand() -> None:
    refused = [True, True, True, False, False, False, False, False]
    unanswerable = [True, True, False, True, True, False, False, False]
    assert metrics.abstention(refused, unanswerable) == pytest.approx(
        {
            "precision": 2 / 3,
            "recall": 2 / 4,
            "answered": 3 / 4,
            "balanced_accuracy": 5 / 8,
        }
    )


def test_abstention_is_undefined_rather_than_zero() -> None:
    assert metrics.abstention([False], [False]) == {
        "precision": None,
        "recall": None,
        "answered": 1.0,
        "balanced_accuracy": None,
    }
    assert metrics.abstention([False], [True])["recall"] == 0.0


def test_mean_leaves_out_what_does_not_apply() -> None:
    assert metrics.mean([1.0, None, 0.0]) == 0.5
    assert metrics.mean([None]) is None


def test_percentiles_are_in_milliseconds() -> None:
    seconds = [value / 1000 for value in range(1, 102)]
    assert metrics.percentiles([*seconds, None]) == pytest.approx({"p50": 51.0, "p95": 96.0})
    assert metrics.percentiles([]) == {"p50": None, "p95": None}
