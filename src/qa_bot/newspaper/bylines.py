"""Who wrote it: bylines, the words that open a news article, and the furniture of a page."""

from __future__ import annotations

import re

from qa_bot.text.surnames import COMPOUND_SURNAME, SURNAMES

__all__ = [
    "closing_credit",
    "is_credit",
    "is_name",
    "opening_credit",
    "opens_article",
    "standalone_credit",
]

_ROLE = re.compile(
    r"(?:(?:本[报報刊台臺网網社]|[\u4e00-\u9fff]{2,6}[报報社网網])?"
    r"(?:全媒体|融媒体|特约|特約|特派|实习|實習|见习|見習|首席|驻[\u4e00-\u9fff]{2,4})?"
    r"(?:记者|記者|通讯员|通訊員|实习生|實習生|撰稿人|评论员|評論員|编译|編譯))"
    r"|作者|撰文|撰稿|采写|文字|图文|文图|(?:取材・)?文・|写真・|構成・|読者|读者|讀者|文[/／、]?[图圖][/／:：]?|[文图圖][/／:：](?=.)|[/／]文"
)
_REPORTING = re.compile(
    r"(?:摄影|攝影|综合|綜合|专题|專題)?"
    r"(?:(?:[／/、\s][\u4e00-\u9fff]{2,6})?(?:报道|報道|報導)|采访|採訪|整理|文/?[图摄圖攝])$"
)
_UNBRACKETED = re.compile(
    r"[。！？」”]\s*((?:本[报報])?(?:记者|記者|通讯员|通訊員)[\s：:]*[\u4e00-\u9fff]{2,4}"
    r"(?:[、 \u3000][\u4e00-\u9fff]{2,4}){0,3})$"
)
_PHOTO = re.compile(r"[摄攝图圖影]$|供图|供圖|制图|资料|資料")
_SEPARATORS = re.compile(r"[、，,/／\s;；|·・&:：]+")
_HAN_NAME = re.compile(r"[\u4e00-\u9fff々ヶ]{2,12}")
_SINGLE = re.compile(r"(?<![^\s、，,])([\u4e00-\u9fff])[ \u3000]+([\u4e00-\u9fff])(?![^\s、，,])")
_SENTENCE_MARKS = frozenset('。！？!?“”"0123456789')

_OPEN, _SHUT = "（([【〔[", "）)]】〕]"
_LAST_BRACKET = re.compile(r"[（(【〔\[]([^（）()【】〔〕\[\]]{2,60})[）)】〕\]]$")
_WHOLE_QUOTATION = re.compile(r"[“「『《][^”」』》]*[”」』》]")
_ORNAMENTS = "□■◎●▲△○◇◆☐★☆*"
# □老薛, ■ 季然（教师）
_MARKED_NAME = re.compile(r"[□■◇◆●]\s*([\u4e00-\u9fff]{2,4})(?:[（(][\u4e00-\u9fff]{1,10}[）)])?")
_LATIN_NAME = r"[^\W\d_a-z][\w.'’-]*(?: (?:[^\W\d_a-z][\w.'’-]*|de|van|von|der|la|al|bin)){0,4}"
_BY_LINE = re.compile(
    rf"(?:By|BY|by|Story by|Text by)\s+{_LATIN_NAME}"
    rf"(?:(?:,| and| AND|, and| &) {_LATIN_NAME}){{0,5}}"
    r"(?:\s*[,|/–—-]\s*[\w .'&-]{2,40})?"
)
_LATIN_BRACKET = re.compile(
    rf"(?:[Bb]y )?{_LATIN_NAME}(?:(?:,| and|, and| &) {_LATIN_NAME}){{0,5}}"
)

_AGENCY = (
    "新华社|新華社|中新社|中央社|中通社|法新社|路透社|美联社|美聯社|共同社|塔斯社|俄新社|德新社"
    "|中新网|新华网|人民网|央视网|中國新聞網|央广网"
)
_OPENER = re.compile(
    r"[\s【\[]*(?:本[报報刊台臺网網社][^\s，。,、（(]{0,6}?[讯訊]"
    r"(?:[\s】\]（(：:，,]|(?=[0-9昨今日前近])|$)"
    r"|本[报報](?:综合|綜合)?消息|本[报報][^\s，。,、（(]{2,12}[日][电電]"
    rf"|[据據]?(?:{_AGENCY})[^，。,、（(]{{0,20}}?[电電讯訊](?=[\s　】\]（(：:]|$)"
    r"|[\u4e00-\u9fff]{1,6}[报報网網][讯訊](?=[\s　】\]（(：:]))"
)
_BRACKETED_OPENER = re.compile(r"[【〔\[](?![^】〕\]]*[记記]者)[^】〕\]]{2,12}[讯訊电電][】〕\]]")
_LOCAL_OPENER = re.compile(r"[\u4e00-\u9fff]{2,8}[讯訊电電]")  # of a paper named for its place
# HARBOURTON, Aug. 9 (AP) —
_LATIN_DATELINE = re.compile(
    r"[A-Z][A-Z.'’ -]{2,30}(?:, [A-Z][a-z]+\.?)?(?:, [A-Z][a-z]+\.? [0-9]{1,2})?"
    r"(?: \([A-Za-z .]{2,20}\))? ?[—–]"
    r"|[A-Z][A-Z.'’ -]{2,30}(?:, [A-Z][a-z.]+)? \((?:AP|AFP|Reuters|UPI|TNS|Xinhua)\) ?[-—–]"
)
_OPENING_BRACKET = re.compile(
    r"(?P<lead>[^\s，。,、（(〔【]{0,30}?[\s　】]*)"
    r"[（(〔【\[](?P<credit>[^（）()【】〔〕\[\]]{2,60})[）)】〕\]]"
)


def opens_article(text: str) -> bool:
    """Whether a paragraph begins as only articles do: 本报讯, a wire dateline, （记者 …）."""
    start = text[:120]
    if _OPENER.match(start) or _LATIN_DATELINE.match(start):
        return True
    return opening_credit(start) is not None


def opening_credit(text: str) -> tuple[str, int, int] | None:
    """The reporters in brackets at a paragraph's opening, and where the brackets stand.

    本报讯（记者 …）, 〔記者…報導〕. Only with a role such as 记者: a bare name may be anything.
    """
    start = opener.end() if (opener := _BRACKETED_OPENER.match(text)) else 0
    match = _OPENING_BRACKET.match(text[:100], start)
    # The bracket, too, ends an opener: 本报讯（…
    if not match:
        return None
    lead, credit = match["lead"].strip(), match["credit"]
    if lead and not (_OPENER.match(lead + "（") or _LOCAL_OPENER.fullmatch(lead)):
        return None
    if not _ROLE.search(credit) or not is_credit(credit):
        return None
    return credit.strip(), match.end("lead"), match.end()


def closing_credit(text: str) -> tuple[str, int] | None:
    """The names in brackets with which a paragraph closes, and where the bracket opens.

    Behind a role such as 记者 they need no brackets.
    """
    if (bare := _UNBRACKETED.search(text[-64:])) and is_credit(bare[1]):
        return bare[1].strip(), len(text) - len(text[-64:]) + bare.start(1)
    match = _LAST_BRACKET.search(text[-64:])
    if not match:
        return None
    start = len(text) - len(text[-64:]) + match.start()
    before = text[:start].rstrip()
    if not before or before[-1] not in "。！？!?.…”」』）)":
        return None
    # A whole quotation and a name: whom the words are from, not who wrote the article.
    if _WHOLE_QUOTATION.fullmatch(before):
        return None
    return (match[1].strip(), start) if is_credit(match[1]) else None


def standalone_credit(line: str, *, japanese: bool = False) -> str:
    """The byline that a line is, without its brackets; "" if the line is something else."""
    if len(line) > 100:
        return ""
    if _BY_LINE.fullmatch(line):
        return line
    if match := _LAST_BRACKET.fullmatch(line):
        content = match[1].strip()
        japanese = japanese and bool(_HAN_NAME.fullmatch(content)) and not _OPENER.match(content)
        latin = " " in content and _LATIN_BRACKET.fullmatch(content) and not content.isupper()
        return content if latin or japanese or is_credit(content) else ""
    if not _SENTENCE_MARKS.isdisjoint(line) or line[0] in _OPEN:
        return ""
    bare = line.lstrip(_ORNAMENTS).lstrip()
    marked = len(bare) < len(line)
    if marked and (signed := _MARKED_NAME.fullmatch(line)):
        return line if line[0] == "□" or is_name(signed[1]) else ""
    role = _ROLE.match(bare)
    return line if (marked or role) and len(bare) <= 60 and is_credit(bare) else ""


def is_credit(content: str) -> bool:
    """Whether the words are Chinese names of people, with or without their roles."""
    content = _SINGLE.sub(r"\1\2", content.strip())
    if not _SENTENCE_MARKS.isdisjoint(content):
        return False
    without_report = _REPORTING.sub("", content).strip()
    if not without_report or _PHOTO.search(without_report):
        return False
    names, roles = _ROLE.subn(" ", without_report)
    parts = [part for part in _SEPARATORS.split(names) if part]
    if not parts or len(parts) > 12:
        return False
    if roles:
        return all(_HAN_NAME.fullmatch(part) for part in parts) and is_name(parts[0], loose=True)
    return all(map(is_name, parts))


def is_name(word: str, loose: bool = False) -> bool:
    """Whether a word is a Chinese name: a surname and one or two characters more.

    `loose` (behind a role) lets a place or a rare surname pass.
    """
    if not _HAN_NAME.fullmatch(word):
        return False
    if COMPOUND_SURNAME.match(word):
        return 3 <= len(word) <= 4
    return (2 <= len(word) <= 3 and (loose or word[0] in SURNAMES)) or (loose and len(word) <= 8)
