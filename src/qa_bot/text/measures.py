"""What stands behind a number: measure words, and the words of other languages."""

from __future__ import annotations

import re

__all__ = ["MEASURE_BEHIND", "NO_MEASURE_OF_ONE", "counted_kind", "unit_behind"]

_MEASURE = (
    "季度|平方公里|平方千米|平方米|平方公尺|立方米|立方公尺|公里|厘米|毫米|公尺|公分|英里|海里|公斤|公顷|公頃|毫升"
    "|美元|欧元|歐元|英镑|英鎊|日元|港元|人民币|人民幣|人次|小时|小時|分钟|分鐘|秒钟|秒鐘|摄氏度|攝氏度"
    "|个月|個月|个百分点|個百分點|百分点|百分點|周年|週年|周岁|星期|号线|號線|千瓦时"
    "|[个個名位家条條件项項只隻张張所座栋棟辆輛台臺艘架层層楼樓间間套户戶人口年月日天号號时時分秒岁歲周週次届屆"
    "期批场場部本册冊篇页頁版字句元角米尺寸里亩畝吨噸克斤升度种種类類级級颗顆棵株头頭匹把根支枝片块塊份封笔筆门門顿"
    "頓轮輪局盘盤组組队隊班线線路站步倍点點面道段章节節幅双雙对對副起宗例瓦円명개원년월일つ]"
)
# 一 and these are a word of their own, such as 一起.
NO_MEASURE_OF_ONE = "[起点點面道度路时時口对對步]"
MEASURE_BEHIND = re.compile(rf"[多余餘来來]?\s?(?P<han>{_MEASURE})")
_FUNCTION_WORD = (
    "(?:a|an|and|are|as|at|but|by|for|from|had|has|have|in|is|last|next|of|on|or|than|that|the|this|to|was|were"
    r"|when|which|who|will|with)\b"
)
_WORD_BEHIND = re.compile(rf"(?:[ -]| more )?(?!{_FUNCTION_WORD})(?P<word>[a-z]+|[A-Z]{{1,3}}\b|℃)")


def unit_behind(text: str, end: int) -> str:
    """The measure word or noun at [`end`:] of a text, behind a number; "" if nothing tells."""
    match = MEASURE_BEHIND.match(text, end) or _WORD_BEHIND.match(text, end)
    return (match.groupdict().get("han") or match["word"]) if match else ""


# What a measure word or noun counts; words that count anything (个, 座, 件) tell nothing.
_KINDS = tuple(
    (kind, re.compile(rf"[多余来]?\s?(?:{han})|[ -](?:[a-z]+ )?(?:{english})\b", re.IGNORECASE))
    for kind, han, english in (
        ("household", r"户(?!外|籍)|世帯|个?家庭", r"(?:house ?holds?|homes|families|family)"),
        ("person", r"[名位](?!列)|人(?!民币|家)|口人|명",
         r"(?:people|persons?|residents|inhabitants|men|women|children|students|pupils|workers"
         r"|patients"
         r"|visitors|passengers|voters|members|soldiers|teachers|doctors|nurses|players)"),
        ("vehicle", r"辆", r"(?:cars?|vehicles?|buses|trucks?|lorries|taxis)"),
        ("ship", r"艘", r"(?:ships?|boats?|vessels?|ferries)"),
        ("tree", r"[棵株](?!洲)", r"trees"),
        ("head", r"头(?!班)|匹", r"(?:pigs?|cows?|cattle|sheep|horses|head of)"),
        ("flat", r"套", r"(?:flats|apartments|housing units)"),
        ("firm", r"家(?!庭)", r"(?:firms|companies|shops|stores|restaurants|hotels|businesses)"),
        ("class", r"个?班(?!次)", r"classes"),
        ("county", r"个?县(?!级)", r"counties"),
        ("city", r"[个座]?城?市(?!场|民|值|委|政)", r"(?:cities|towns)"),
        ("country", r"个?(?:国家|か国|カ国)", r"countries"),
        ("floor", r"层|阶建", r"(?:storeys|stories|floors)"),
    )
)  # fmt: skip


def counted_kind(text: str, end: int) -> str:
    """What a number that ends at `end` counts: "person", "household" and so on; "" if not told."""
    return next((kind for kind, pattern in _KINDS if pattern.match(text, end)), "")
