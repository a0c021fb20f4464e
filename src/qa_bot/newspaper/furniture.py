"""The furniture of a page: mastheads, folio lines, jump lines, and what else no article says."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from qa_bot.newspaper.bylines import standalone_credit
from qa_bot.newspaper.columns import Block, is_cjk
from qa_bot.text.dates import find_date, is_date_line

__all__ = ["Furniture", "is_furniture", "without_furniture"]

_EDGE = 7  # lines at the top and at the bottom of a page in which furniture is likely
_HEADER_LINES = 6  # how far down the page's own date is looked for
_LONGEST = 120
_LEFT = 12  # characters of a furniture line that may say something else,
_SECTION = 6  # characters of the name of a section
_LEFT_LATIN = 48  # and of one in Latin script
_WEEKDAY = (
    r"(?:星期|礼拜|禮拜|周|週)[一二三四五六日天]|[月火水木金土日]曜日|[월화수목금토일]요일"
    r"|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
)
_PAGE = (
    r"第?\s?[A-Z]?[0-9]{1,3}\s?(?:[—-]\s?[A-Z]?[0-9]{1,3}\s?)?[版面](?![\u4e00-\u9fff])"
    r"|第[一二三四五六七八九十]{1,3}[版面]|(?<![\w-])[A-Z][0-9]{1,3}(?![\w-])|Page [A-Z]?[0-9]{1,3}"
    r"|今日[0-9一二三四五六七八九十]{1,3}版"
)
_STAFF_ROLE = (
    r"(?:责任编辑|責任編輯|责任校对|美术编辑|值班编辑|值班主任|责编|責編|编辑|編輯|版式|版面设计|版面|校对|校對|美编|美編"
    r"|组版|组稿|主编|主編|审读|检校|制图|图编|排版|值班总编|统筹|策划|监制|终审)"
)
_STAFF = (
    rf"{_STAFF_ROLE}[\s:：/／丨|]*(?!{_STAFF_ROLE}|同志|部|室|们)[\u4e00-\u9fff]{{2,4}}"
    rf"(?:[、\s]+(?!{_STAFF_ROLE})[\u4e00-\u9fff]{{2,3}}(?![\u4e00-\u9fff]))?"
)
_DATE = (
    r"(?:中華民國|民國|昭和|平成|令和)?\s?[0-9一二三四五六七八九十〇○零百]{1,6}\s?年\s?"
    r"[0-9一二三四五六七八九十]{1,3}\s?月\s?[0-9一二三四五六七八九十]{1,3}\s?[日號号]"
    r"|[12][0-9]{3}[-/.][0-9]{1,2}[-/.][0-9]{1,2}"
    r"|(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)\.? [0-9]{1,2},? [12][0-9]{3}"
    r"|(?:January|February|March|April|May|June|July|August|September|October|November|December)"
    r" [0-9]{1,2},? [12][0-9]{3}|[0-9]{1,2} (?:January|February|March|April|May|June|July|August"
    r"|September|October|November|December),? [12][0-9]{3}"
)
_PAPER = (
    r"[\u3040-\u9fff]{1,8}(?:日[报報]|晚[报報]|晨[报報]|早[报報]|[时時][报報]|都市[报報]|商[报報]"
    r"|[周週][报報]|新[报報]|朝[报報]|[快青][报報]|新聞[报報]?|新闻报)(?![\u3040-\u9fff])"
)
_LATIN_PAPER = re.compile(
    r"(?:The )?(?:[A-Z][\w'’&.-]*,? ){1,5}(?:Advertiser|Advocate|Bulletin|Chronicle|Courier"
    r"|Dispatch|Echo|Examiner|Express|Gazette|Globe|Guardian|Herald|Inquirer|Journal|Ledger|Mail"
    r"|Mercury|Messenger|Mirror|News|Observer|Post|Press|Record|Register|Reporter|Review|Sentinel"
    r"|Standard|Star|Sun|Telegraph|Times|Tribune|World)"
)
_CONTACT = (
    r"[\u4e00-\u9fff]{0,4}(?:投稿|来稿请寄|来稿|來稿|地址|邮编|邮箱|郵箱|信箱|电话|電話|热线|熱線|传真|傳真|[Ee]-?mail|网址"
    r"|Tel|专线|專線|督印人|承印)\w{0,4}\s?[:：]\s?\S+"
    r"|(?:电话|電話|Tel)\s?[0-9][-0-9・ ]{5,}|来稿请寄\s?\S+"
    r"|本[版报刊][^。]{0,12}(?:仅代表|不代表)[^。]{0,14}"
)
_SKY = "晴|多[云雲]|[阴陰]|小雨|中雨|阵雨|陣雨|雪"
_WEATHER = (
    rf"(?:今日|今天)?天[气氣][:：]?|(?:{_SKY})(?:[转轉间間](?:{_SKY}))?"
    r"|-?[0-9]{1,2}(?:℃|°C)?[~～]-?[0-9]{1,2}(?:℃|°C)"
)
_SKIES = re.compile(r"-?[0-9]{1,2}(?:℃|°C)")
_ISSUE = (
    r"(?:国内统一)?(?:连续出版物号|刊号)[:：]?\s?(?:CN\s?)?[0-9]{2}[-0-9/]*|邮发代号[:：]?\s?[0-9-]+|"
    r"[农農][历曆][\u4e00-\u9fff]{2,12}"
    r"|[甲乙丙丁戊己庚辛壬癸][子丑寅卯辰巳午未申酉戌亥]年[\u4e00-\u9fff]{2,8}"
    r"|总?第\s?[0-9]{1,6}\s?[期号號]|(?:Vol|No|Issue)\.? ?[0-9]{1,6}"
    rf"|{_PAPER}"
)
_FURNITURE = {
    kind: re.compile(pattern)
    for kind, pattern in (
        ("date", _DATE),
        ("weekday", _WEEKDAY),
        ("page", _PAGE),
        ("staff", _STAFF),
        ("issue", _ISSUE),
        ("contact", _CONTACT),
        ("weather", _WEATHER),
    )
}
# The name of a section beside the number of its page, and posts with names.
_SECTION_LINE = re.compile(
    r"[\u3040-\u9fff]{1,5}(?:[·・][\u3040-\u9fff]{1,5})?\s*[A-Z]?[0-9]{1,3}(?:-[A-Z]?[0-9]{1,3})?"
    r"|[A-Z]?[0-9]{1,3}(?:-[A-Z]?[0-9]{1,3})?\s*[\u3040-\u9fff]{1,5}(?:[·・][\u3040-\u9fff]{1,5})?"
)
_POSTS = re.compile(
    r"(?:[A-Z][a-z]+: [A-Z][\w.]+(?: [A-Z][\w.]+)*\s*){2,}(?:[A-Z][a-z]+ [0-9]{4})?|"
    r"[\u4e00-\u9fff]{2,6}[:：]\s?[\u4e00-\u9fff]{2,4}(?:[、/][\u4e00-\u9fff]{2,4})*"
    r"(?:\s+[\u4e00-\u9fff]{2,6}[:：]\s?\S+)+"
)
_NUMBER = re.compile(r"[-—·]?\s*[0-9]{1,4}\s*[-—·]?|[0-9]{1,2}/[0-9]{1,2}")
_FOLIO = re.compile(r"[A-Z]?[0-9]{1,3}\s*[|｜/／]\s*[\u3040-\u9fff]{2,6}")
# What an electronic edition says of an article: 发布日期：20240102  字数：498
_FIELDS = re.compile(r"(?:[\u4e00-\u9fff]{2,6}[:：]\s?[-0-9/.: ]+){2,}")
_LABEL = re.compile(
    r"[\u3040-\u9fff]{2,4}(?:\s+[A-Z]{3,})?|[A-Z]{3,12}(?: [A-Z]{2,12}){0,2}|[A-Z][a-z]{2,11}"
)
_MASTHEAD = re.compile(r"[A-Z][A-Z &'-]{2,40}")
# References to another page, on lines of their own or in brackets at the end of one.
_PAGE_NUMBER = r"(?:第?\s?[A-Z]?\s?[0-9一二三四五六七八九十]{1,3}\s?[版面]|[A-Z]?[0-9]{1,3})"
_JUMP = re.compile(
    rf"[(（【\[]?[▲▶→■●※]*\s*[紧緊]?[下上][转轉接][^。，）)\]】]{{0,8}}?{_PAGE_NUMBER}"
    r"[^。，）)\]】]{0,8}[)）】\]]?$"
    r"|[(（]?[→＝=]*\s?[0-9]{1,2}[面ページ]+[へにから]{1,2}(?:続く|つづく|続き)?[)）]?$"
    r"|(?:please |story |article )?(?:see|continue[ds]|cont[.’']?d|turn|jump|from)\b"
    r"[\w ,’'“”\"-]{0,40}\bpage [A-Z]?-?[0-9]{1,3}\W*$"
    r"|(?:continued|cont[.’']?d) (?:on|from) [A-Z][0-9]{1,2}\W*$"
    r"|[^.!?;]{3,50}\bpage [A-Z]-?[0-9]{1,3}\W*$",
    re.I,
)
_JUMP_CELLS = 60
_ORNAMENTS = tuple("◆■●▲★□◇○▶►☆※◎")
_BRIEFS = 3  # headlines with one ornament from which they are a column of briefs
_BRIEF_HEADLINE = 40  # characters
_NAVIGATION = 6  # characters of a line, more than a name has
_ADDRESS = re.compile(r"[(<]?[\w.+-]+@[\w-]+(?:\.[\w-]+)+[)>]?")  # a reporter's, below the name
_ERA = re.compile(r"\((?:平成|令和|昭和|大正|民國|民国)[^)]{1,8}年\)")
_PHONE = re.compile(r"\b[0-9]{3}[-. ][0-9]{4}\b")
_STOPS = frozenset("。！？")
_SENTENCE = re.compile(r"[。！？]|[.!?](?:\s|$)")


class Furniture(NamedTuple):
    """What was taken off a page: its lines, and the ISO date and name of the paper they tell."""

    lines: tuple[str, ...]
    date: str
    paper: str


def without_furniture(blocks: Sequence[Block]) -> tuple[list[Block], Furniture]:
    """The blocks without what is the page's and no article's, and that."""
    lines = [line for block in blocks for line in block.lines]
    dropped = {n for n, line in enumerate(lines) if _is_apart(line)} | _repeated(lines)
    top = _edge(lines, range(min(_EDGE, len(lines))), dropped, dated=True)
    last = len(lines) - 1
    bottom = _edge(lines, range(last, max(last - _EDGE, 0), -1), dropped, dated=False)
    for n, line in enumerate(lines):
        if is_furniture(line, at_edge=n in (0, len(lines) - 1)):
            dropped.add(n)
    dropped |= top | bottom
    dropped |= _labels(blocks, dropped)
    if len(dropped) == len(lines):
        dropped = set()
    date = ""
    for n, line in enumerate(lines):
        told = n in dropped or (n < _HEADER_LINES and is_date_line(line))
        if told and (date := find_date(_ERA.sub("", _plain(line)))):
            break
    papers = (_paper(lines[n]) for n in sorted(dropped))
    kept: list[Block] = []
    references: list[str] = _take_ornaments(blocks)
    at = 0
    for block in blocks:
        start = 0
        for i, line in enumerate(block.lines):
            if at + i in dropped:
                kept.append(block.part(start, i))
                start = i + 1
                before = next((b for b in reversed(kept) if b.lines), None)
                if before and _JUMP.match(line):
                    before.jumps = True
            elif (shorter := _without_jump(line)) != line:
                references.append(line[len(shorter) :].strip())
                block.lines[i] = shorter
                kept.append(block.part(start, i + 1))
                kept[-1].jumps = True
                start = i + 1
        kept.append(block.part(start, len(block.lines)))
        at += len(block.lines)
    taken = [line for n, line in enumerate(lines) if n in dropped] + references
    furniture = Furniture(tuple(taken), date, next(filter(None, papers), ""))
    return [block for block in kept if block.lines], furniture


def _repeated(lines: Sequence[str]) -> set[int]:
    """The numbers of lines that stand in several places word for word, as links and labels do."""
    counted = Counter(lines)
    return {
        n
        for n, line in enumerate(lines)
        if counted[line] > 1
        and _NAVIGATION < len(line) <= _BRIEF_HEADLINE
        and len(line.split()) > 1
        and any(map(is_cjk, line))  # two words of an alphabet may be a name
        and not _SENTENCE.search(line)
        and not standalone_credit(line)
    }


def _labels(blocks: Sequence[Block], dropped: set[int]) -> set[int]:
    """The numbers of lines that name a section or a column above a headline.

    They are very short and stand alone; inside a page there must be two of them, or else it may be
    a headline above its deck.
    """
    places: list[int] = []
    told: list[tuple[int, str, bool]] = []  # the lines that are left, and whether one is alone
    at = 0
    for block in blocks:
        left = [(at + i, line) for i, line in enumerate(block.lines) if at + i not in dropped]
        alone = all(_LABEL.fullmatch(line) for _, line in left) or (
            1 < len(left) <= 4 and all(len(line) == 1 for _, line in left)  # set vertically
        )
        told += [(n, line, alone) for n, line in left]
        at += len(block.lines)
    for (n, line, alone), (_, following, _) in pairwise(told):
        if not alone or following[0] in "—－" or len(following) > _BRIEF_HEADLINE:
            continue
        if standalone_credit(following):
            continue  # a short headline
        label = _LABEL.fullmatch(following) if places and places[-1] == n - 1 else None
        if label or (len(following) > len(line) and not _SENTENCE.search(following)):
            places.append(n)
    first = told[0][0] if told else -1
    if not dropped:
        return set()  # nothing tells that it is a newspaper's page
    return set(places) if len(places) > 1 else {n for n in places if n == first}


def _take_ornaments(blocks: Sequence[Block]) -> list[str]:
    """Take off the ornament with which all headlines of a column of briefs begin."""
    found: dict[str, list[tuple[Block, int]]] = {}
    for block in blocks:
        for i, line in enumerate(block.lines):
            short = len(line) <= _BRIEF_HEADLINE and not _SENTENCE.search(line)
            if line.startswith(_ORNAMENTS) and short and any(c.isalnum() for c in line):
                found.setdefault(line[0], []).append((block, i))
    taken: list[str] = []
    for ornament, places in found.items():
        longer = [
            block for block, i in places if any(len(b) > len(block.lines[i]) for b in block.lines)
        ]
        if len(places) < _BRIEFS or len(longer) * 2 < len(places):
            continue
        for block, i in places:
            block.lines[i] = block.lines[i][1:].lstrip()
            taken.append(ornament)
    return taken


def _edge(lines: Sequence[str], order: Sequence[int], surely: set[int], *, dated: bool) -> set[int]:
    """The numbers of furniture lines from an edge of the page inwards.

    Where it is `dated`, a date alone belongs to it; below an article it may be the article's.

    A name of the paper or of a section, which alone might be a headline, is furniture where a line
    that surely is stands further in, or right before it.
    """
    found: set[int] = set()
    waiting: list[int] = []
    for n in order:
        line = lines[n]
        if n in surely or is_furniture(line, at_edge=True) or _is_folio(line):
            found |= {n, *waiting}
            waiting = []
        elif _is_name_of_page(line, upper=not found):
            waiting.append(n)
        elif is_date_line(line) and (found or (dated and waiting)):
            found |= {n, *waiting}
            waiting = []
        elif not dated and not found and not waiting and is_date_line(line):
            waiting.append(n)
        else:
            break
    return found | {n for n in waiting if _paper(lines[n]) == _plain(lines[n])}


def _is_apart(line: str) -> bool:
    """Whether a line belongs to no article, wherever it stands."""
    if len(line) <= _JUMP_CELLS and _JUMP.match(line):
        return True
    if any(pattern.fullmatch(_plain(line)) for pattern in (_ADDRESS, _FIELDS, _FOLIO)):
        return True
    if line.isascii() and not any(c.isalnum() for c in line):
        return True
    if len(line) >= 3 and not any(c.isalnum() for c in line):
        return len(set(line.split())) == 1 and unicodedata.category(line[0])[0] in "SP"
    return line.isupper() and _PHONE.search(line) is not None and len(line) <= _LONGEST


def _without_jump(line: str) -> str:
    """The line without the reference to another page with which it ends."""
    opening = max(line.rfind("（"), line.rfind("("))
    if opening > 0 and _JUMP.fullmatch(line[opening:]):
        return line[:opening].rstrip()
    return line


def is_furniture(line: str, *, at_edge: bool) -> bool:
    """Whether a line is surely the page's and no article's: date, page number, section, editors.

    :param at_edge: whether it is the first or last line of the page, where a date alone will do.
    """
    if len(line) > _LONGEST or not any(c.isdigit() or c in "编編版校" for c in line):
        return False
    kinds, rest = _told(line)
    left = sum(character.isalnum() for character in rest)
    if len({"date", "weekday", "issue"} & set(kinds)) > 1 and left == 0:
        return True
    if "page" in kinds or "staff" in kinds:
        return left <= 6 and (len(kinds) > 1 or left == 0) and _STOPS.isdisjoint(line)
    return at_edge and {"date", "weekday"} <= set(kinds) and left == 0


def _is_folio(line: str) -> bool:
    """Whether a line at an edge of a page tells two things of it, and little else."""
    line = _plain(line)
    if len(line) > _LONGEST or _SENTENCE.search(line):
        return False
    if any(p.fullmatch(line) for p in (_SECTION_LINE, _POSTS, _NUMBER)):
        return True
    kinds, rest = _told(line)
    if _LATIN_PAPER.search(line):
        kinds.append("issue")
    left = sum(character.isalnum() for character in _LATIN_PAPER.sub(" ", rest))
    if len(_SKIES.findall(line)) > 1:
        return True
    few = _SECTION if {"page", "staff"} & set(kinds) else 0
    if set(kinds) - {"date"} and left <= few:
        return True
    if len(set(kinds)) < 2 or not {"date", "page", "issue"} & set(kinds):
        return False
    return left <= (_LEFT if any(map(is_cjk, rest)) else _LEFT_LATIN)


def _is_name_of_page(line: str, *, upper: bool) -> bool:
    """Whether a line may be the name of a paper, a section or an edition.

    :param upper: whether capitals alone make it one, as in a masthead.
    """
    line = _plain(line)
    if _SENTENCE.search(line) or len(line) > _LEFT_LATIN:
        return False
    kinds, rest = _told(line)
    if "contact" in kinds and sum(c.isalnum() for c in rest) <= _LEFT:
        return True
    if _paper(line) == line or (upper and line.isupper() and line.isascii()):
        return True
    return len(line) <= (6 if any(map(is_cjk, line)) else 0)


def _paper(line: str) -> str:
    """The name of a newspaper in a line, or ""."""
    line = _plain(line)
    match = re.search(_PAPER, line) or _LATIN_PAPER.search(line)
    return match[0] if match else ""


def _plain(line: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", line).split())


def _told(line: str) -> tuple[list[str], str]:
    """The kinds of furniture that a line holds, and what is left of it."""
    rest, kinds = _ERA.sub("", _plain(line)), []
    for kind, pattern in _FURNITURE.items():
        rest, found = pattern.subn(" ", rest)
        if found:
            kinds += [kind] * (found if kind == "staff" else 1)
    return kinds, _MASTHEAD.sub(" ", rest) if kinds else rest
