"""Whom and what a Chinese article names, cleaned for counting.

The tagger takes many a common word for a name. A single article can bear that, a table of the most
frequent names cannot: its top would be made of mistakes. So a person needs a surname, and words
beside the name that only stand beside persons; a place or a body must not be a common noun.
"""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from qa_bot.text.chinese import align, name_spans
from qa_bot.text.surnames import COMMON_SURNAMES, COMPOUND_SURNAME

__all__ = ["Entity", "Kind", "bare_place", "find_entities"]

Kind = Literal["person", "place", "body"]

_KINDS: dict[str, Kind] = {"nr": "person", "ns": "place", "nt": "body"}
_LONGEST = 20_000  # characters of an article that are looked at

_BEFORE_PERSON = re.compile(
    r"(?:[长任记员授师家生人士理裁监席练手星将官民工帅导事编演者友]|主席|总统|总理|教授|女士)[、“\"]?$"
)
_AFTER_PERSON = re.compile(
    r"^[”\"]?(?:[，、]?(?:说|表示|介绍|告诉|认为|指出|透露|坦言|回忆|称|强调|解释|笑着|等人)"
    r"|先生|女士|教授|同志|老师|院士|书记|市长|主任|[（(](?:[男女]|\d\d岁))"
)
# Words the tagger's dictionary has as names, and no one's name.
_NO_PERSON = re.compile(
    r"师傅|老师|明白|高峰|高兴|安静|容纳|洪水|大修|应该|平安|方便|白领|和平|"
    r"文明|常委|成员|石油|温暖|马上|高温|周刊|全省|全国|国民|任务|向前|金融|"
    r"马路|能源|满意|解放|家长|家人|路人|农民|国家|明星|方面|司机|居民|管家|"
    r"元旦|周末|于是|关键|那时|江南|平台|高中|黄金|白天|车主|车手|易拉罐|"
    r"巴士|武警|华人|从简|甘霖|白鹭|齐聚|顾问|顾客|权衡|马克|马德里|卢森堡|"
    r"苏黎世|范围广|陈列|鲜花|强降雨|游客|双方"
)
_NO_PLACE = re.compile(
    r"城市|上门|下坡|中考|上市|高山|长度|深度|治安|内河|大河|新区|新建|延时|"
    r"加盟|六楼|上楼|新村|横梁|米店|本市|全市|该市|我市|当地|海外|境外|国内|"
    r"国外|中央|大陆|市区|城区|郊区|山区|社区|小区|县城|乡镇|村庄|江河|湖泊|"
    r"海洋|大海|大洋|东部|西部|南部|北部|中部|地区|全国|全球|世界|平安|和平|"
    r"高原|平原|长龙|江底|入梅|馆内|馆里|两江|三江|四楼|五楼|三楼|二楼|一楼|"
    r"普通高中|高中|初中|大桥|桥头|安全|公安|广场|台风|之日起|两国|青春|普及|"
    r"外国|美丽|嘉宾|城镇|大国|东西|长约|朝廷|巴士|凉白开|满意度|北门|南门|"
    r"塔顶"
)
_NO_BODY = re.compile(
    r"新兴产业|国际化|中华文化|新进展|中美关系|交汇处|国家队|联合会|上市公司|"
    r"商业银行|科研院所|党工委|音乐会|交易所|通讯社|新政府|安全局|建设部|新设|"
    r"公共交通|社会科学|黑社会|天文学|非政府|公司|青年队|高级中学|美术馆|新闻台|"
    r"广播电台|广播电视"
)
_NO_PERSONS_END = tuple("社局委办营率证者厅院")
_LEAD = re.compile(r"^(?:[是和从在到至由对向往把被离距经沿与]|局和|这是|南至|北至|东至|西至)(?=..)")


class Entity(NamedTuple):
    """A name as an article bears it, in simplified characters.

    `sure`: what stands beside it says that it is a person; always true of places and bodies.
    """

    kind: Kind
    name: str
    sure: bool


def find_entities(text: str) -> set[Entity]:
    """The distinct persons, places and bodies that Chinese `text` names."""
    text = align(text[:_LONGEST])
    spans = sorted((a, b, tag) for tag, a, b in name_spans(text))
    names: dict[tuple[Kind, str], bool] = {}
    for number, (start, end, tag) in enumerate(spans):
        kind = _KINDS[tag]
        if kind == "body" and number and spans[number - 1][1:] == (start, "ns"):
            start = spans[number - 1][0]  # 临江市 + 财政局
        name = _clean(text[start:end], kind)
        if name:
            sure = kind != "person" or _beside_person(text, start, end)
            names[kind, name] = names.get((kind, name), False) or sure
    return {Entity(kind, name, sure) for (kind, name), sure in names.items()}


def bare_place(name: str) -> str:
    """A place as it is counted: without the word for a city or a province behind it."""
    return re.sub(r"(?<=..)[市省]$", "", name)


def _clean(name: str, kind: Kind) -> str:
    """The bare name; "" for what is none."""
    name = name.strip("·・ 　")
    if kind != "person":
        name = _LEAD.sub("", name)
    if not re.fullmatch(r"[\u3400-\u9fff·・]{2,20}", name):
        return ""
    if kind == "place":
        return "" if _NO_PLACE.fullmatch(name) else bare_place(name)
    if kind == "body":
        return "" if _NO_BODY.fullmatch(name) else name
    if _NO_PERSON.fullmatch(name) or name.endswith(_NO_PERSONS_END):
        return ""
    if "·" in name or "・" in name:
        return name
    longest = 4 if COMPOUND_SURNAME.match(name) else 3
    return name if name[0] in COMMON_SURNAMES and len(name) <= longest else ""


def _beside_person(text: str, start: int, end: int) -> bool:
    before, after = text[max(0, start - 4) : start], text[end : end + 5]
    return bool(_BEFORE_PERSON.search(before) or _AFTER_PERSON.match(after))
