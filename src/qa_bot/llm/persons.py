"""Whether a sentence says of the right person what it says: who did it, and with which office."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

from qa_bot.answer.offices import stated_office
from qa_bot.llm.nearness import Nearness
from qa_bot.question.spelling import pinyin
from qa_bot.text.chinese import name_spans
from qa_bot.text.moments import MONTH_NAMES
from qa_bot.text.surnames import SURNAMES

__all__ = ["Mention", "another_person", "mentions", "same_person"]

_BEHIND = 1.5  # the reader's logit by which a rival answers better who it was
_SOUNDS_ALIKE = 0.6

_TITLE = (
    r"(?:vice[- ])?(?:president|director|governor|mayor|chief|principal|chair(?:man|woman"
    r"|person)?|minister|secretary|captain|coach"
    r"|conductor|manager|head|leader|spokes(?:man|woman|person)|judge|justice|professor|officer"
    r"|commissioner|inspector|superintendent"
    r"|incumbent|challenger|candidate|striker|founder|owner|curator|editor|engineer|doctor"
    r"|senator|king|queen|prince|sergeant|general"
    r"|colonel|executive|dean|rector|sheriff|treasurer|premier|chancellor|archbishop|bishop"
    r"|archaeologist|farmer|author|analyst)"
)
_DEPUTY = r"(?:deputy|vice|acting|assistant|former|associate|interim)"
_OFFICE_BEFORE = re.compile(rf"(?P<deputy>{_DEPUTY}[ -])?(?P<title>{_TITLE}),? $", re.IGNORECASE)
_WORD = r"[A-Z][a-zà-ÿ'’A-Z-]*[a-zà-ÿ]"
_LATIN_NAME = re.compile(rf"{_WORD}(?: (?:[A-Z]\.|de|van|von|bin|al|da|del|{_WORD}))* {_WORD}")
_NO_NAME = re.compile(
    rf"(?:{_DEPUTY}|{_TITLE}|the|mr|mrs|ms|dr|sir|in|on|at|rescuers|police|{'|'.join(MONTH_NAMES)}"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day)s?",
    re.IGNORECASE,
)
_FOREIGN = re.compile(r"(?P<first>[\u3400-\u9fff]{1,8})·(?P<last>[\u3400-\u9fff]{1,8})")
_OFFICE_END = re.compile(
    r".*(?:长|书记|主席|主任|总监|经理|总理|总统|首相|教授|代表|记者|教练|指挥|选手|候选人"
    r"|被告人?|队员|官|师|员|家|者)"
)
_NAME_END = re.compile(r"[说表称以在的率将于和与等被已是为就也获当出对任指带领夺击]")
_NO_GIVEN_NAME = "县市区省镇村乡路街金款险费税局"
_BEFORE_NAME = re.compile(r".*[的由与和及对向据给让被]")
_HEAD = 2  # characters of a Chinese office that tell its rank: 院长


class Mention(NamedTuple):
    """A person's name at [start, end) of a text."""

    name: str
    start: int
    end: int


def mentions(text: str) -> list[Mention]:
    """The names of persons in aligned text; Latin ones of two words and more, perhaps of places."""
    found = [Mention(text[a:b], a, b) for tag, a, b in name_spans(text) if tag == "nr"]
    found = [m for m in found if 2 <= len(m.name) <= 4 and m.name[0] in SURNAMES]
    found = [m for m in found if m.name[-1] not in _NO_GIVEN_NAME]
    foreign = [_foreign(match) for match in _FOREIGN.finditer(text)]
    found = [m for m in found if not any(f.start < m.end and m.start < f.end for f in foreign)]
    found += [*foreign, *_latin(text)]
    return sorted(found, key=lambda mention: mention.start)


def _foreign(match: re.Match[str]) -> Mention:
    first = match["first"]
    ends = [m.end() for p in (_OFFICE_END, _BEFORE_NAME) if (m := p.match(first))]
    start = match.start() + max((end for end in ends if end < len(first)), default=0)
    cut = _NAME_END.search(match["last"], 1)
    end = match.start("last") + cut.start() if cut else match.end()
    return Mention(match.string[start:end], start, end)


def _latin(text: str) -> list[Mention]:
    found = []
    for match in _LATIN_NAME.finditer(text):
        start, words = match.start(), match[0].split(" ")
        while words and _NO_NAME.fullmatch(words[0]):
            start += len(words.pop(0)) + 1
        name = re.sub(r"['’]s$", "", text[start : match.end()])
        if len(words) > 1 and not any(_NO_NAME.fullmatch(word) for word in words):
            found.append(Mention(name, start, start + len(name)))
    return found


def same_person(one: str, other: str) -> bool:
    """Whether two names, in whatever scripts, are of one person; of two in one by their ends."""
    if one.isascii() == other.isascii():
        return (
            one in other or other in one or (one.isascii() and one.split()[-1] == other.split()[-1])
        )
    latin, han = (one, other) if one.isascii() else (other, one)
    if "·" in han:
        return (
            SequenceMatcher(None, _skeleton(latin), _skeleton("".join(pinyin(han)))).ratio()
            >= _SOUNDS_ALIKE
        )
    letters = re.sub("[^a-z]", "", latin.casefold())
    first, *rest = pinyin(han)
    given = "".join(rest)
    return letters in (first + given, given + first)


# Consonants that sound alike where names are written in another script.
_SOUNDS = str.maketrans(
    {
        **dict.fromkeys("bfvw", "p"),
        **dict.fromkeys("gqc", "k"),
        **dict.fromkeys("xzj", "s"),
        "r": "l",
        "d": "t",
        "y": "",
        "h": "",
    }
)


def _skeleton(letters: str) -> str:
    """The consonants of a name, those that sound alike as one."""
    plain = re.sub("[^a-z]", "", letters.casefold())
    plain = re.sub("ng", "n", plain.replace("sh", "s").replace("ch", "s").replace("zh", "s"))
    return re.sub("[aeiou]", "", plain.translate(_SOUNDS))


def another_person(
    claim: str, source: str, *, same_language: bool, networks: Nearness | None = None
) -> list[str]:
    """The persons of aligned `claim` of whom `source` does not say so, but of another person."""
    told = mentions(source)
    ours = mentions(claim)
    wrong = []
    for mention in ours:
        same = [m for m in told if same_person(mention.name, m.name)]
        rivals = [
            m for m in told if m not in same and not any(same_person(o.name, m.name) for o in ours)
        ]
        if not same or not _is_person(mention, claim, same, source):
            continue
        other_office = same_language and _office_of_another(mention, claim, same, rivals, source)
        if other_office or (
            networks and rivals and _rather(mention, claim, same, rivals, source, networks)
        ):
            wrong.append(mention.name)
    return wrong


def _is_person(mention: Mention, claim: str, same: Sequence[Mention], source: str) -> bool:
    """Whether the name, where it is Latin, is introduced as a person's: by an office or an age."""
    if not mention.name.isascii() or any(not m.name.isascii() for m in same):
        return True
    return any(
        _OFFICE_BEFORE.search(text[: m.start][-40:])
        or (text[max(0, m.start - 2) : m.start] == ", " and text[m.end : m.end + 1] == ",")
        or re.match(r", \d\d,", text[m.end :][:5])
        for text, found in ((claim, [mention]), (source, same))
        for m in found
    )


def _rather(
    mention: Mention,
    claim: str,
    same: Sequence[Mention],
    rivals: Sequence[Mention],
    source: str,
    networks: Nearness,
) -> bool:
    """Whether the reader, asked who it was, answers with a rival."""
    han = not claim.isascii() and re.search("[\u3400-\u9fff]", claim)
    who = "誰" if re.search("[\u3040-\u30ff]", claim) else "谁" if han else "who"
    asked = (claim[: mention.start] + who + claim[mention.end :]).rstrip("。. ") + (
        "？" if han else "?"
    )
    spans = [(m.start, m.end) for m in (*same, *rivals)]
    logits = networks.answers(asked, source, spans)
    return bool(logits[len(same) :].max() > logits[: len(same)].max() + _BEHIND)


def _office_of_another(
    mention: Mention,
    claim: str,
    same: Sequence[Mention],
    rivals: Sequence[Mention],
    source: str,
) -> bool:
    """Whether the office beside the name is beside a rival's in the source, or a deputy's there."""
    ours = _office(mention, claim)
    theirs = {office for m in same if (office := _office(m, source))}
    if ours is None or not theirs or ours in theirs:
        return False
    titles = {title for _, title in theirs}
    return ours[1] in titles or any(_office(m, source) == ours for m in rivals)


def _office(mention: Mention, text: str) -> tuple[bool, str] | None:
    """Whether it is a deputy's, and the rank, of the office right before a name; None without."""
    if mention.name.isascii():
        match = _OFFICE_BEFORE.search(text[: mention.start][-40:])
        return (bool(match["deputy"]), match["title"].casefold()) if match else None
    begin = max(0, mention.start - 40)
    span = stated_office(mention.name, text, begin, mention.end)
    if span is None:
        return None
    office = text[slice(*span)]
    return "副" in office, office[-_HEAD:]
