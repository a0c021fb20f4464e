"""Follow-up questions made to stand alone: "那第二年呢？" asks about what was asked before.

Rules, no model: a question that only exchanges a part ("那2023年呢？", "And in Wuxi?") takes the
rest from the question before; a pronoun takes the person, place or thing spoken of last; a question
without any subject of its own takes the one before's. What no rule fits is left as it is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from qa_bot.question.topic import frame_words
from qa_bot.question.wording import PROPER, asked_of
from qa_bot.records import Turn
from qa_bot.text.chinese import first_noun, is_verb, name_spans, noun_before_verb, noun_spans
from qa_bot.text.phrases import says_not_in_articles

__all__ = ["ENGLISH_PRONOUN", "PRONOUN", "QUESTION_WORD", "candidates", "is_pronoun"]

_BARE = 4  # characters besides the question word that name no subject
_TURNS = 3  # whose names may be meant
_POOL = 4  # names that may be meant
_LEADING_CLAUSE = re.compile(r"^[^，,:：。.!！？?]{1,14}[，,:：。.!！]\s*(?=\S{3})")
_LONGEST_NAME = 16  # characters of an answer that can stand for "he" or "there"
_END = re.compile(r"[？?。.！!\s]+$")

# "那X呢": everything else is as before
_EXCHANGE = re.compile(
    r"^(?:那么|那麼|那|还有|還有|另外|至于|至於)?[，,\s]*(?P<zh>.{1,30}?)(?:又)?呢$"
    r"|^(?:and |but )?(?:what|how) about (?P<en>.{1,60})$"
    r"|^and (?P<and>(?:in|at|on|for|by|with|from|the|of)? ?.{1,50})$",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?:19|20)\d\d(?=年|\b)")
_NEXT_YEAR = re.compile(
    r"(?:第二|次|下一|后一|後一|翌)年|(?:the )?(?:following|next) year|(?:the )?year after"
)
_YEAR_BEFORE = re.compile(
    r"(?:前|上)一年|(?:the )?(?:previous|preceding) year|(?:the )?year before"
)
PRONOUN = re.compile(
    r"(?P<person>(?<![其吉])他们|她们|(?<![其吉])他們|她們|(?<![其吉])他|她)"
    r"|(?P<place>那里|那裡|那边|那邊|当地|當地)"
    r"|(?P<thing>它们|它們|(?<!其)它"
    r"|(?:(?:这|這|那)(?![些样樣么麼种種里裡边邊])|(?<![应應])[该該]|(?<![因从從如彼为為])此(?![外后後前时時]))"
    r"一?[次个個项項场場届屆家座条條位]?"
    r"(?:会议|會議|大会|大會|活动|活動|项目|項目|公司|企业|企業|学校|學校|工程|计划|計劃|展览|展覽)?)"
    r"(?=.)"
)
ENGLISH_PRONOUN = re.compile(
    r"\b(?:(?P<person>he|she|him|her|they|them)|(?P<owner>his|hers|her|their|its)"
    r"|(?P<thing>it|this|that)|(?P<place>there))\b",
    re.IGNORECASE,
)
QUESTION_WORD = re.compile(
    r"(?:是|在|有|由|于|於)?(?:什么时候|什麼時候|什么地方|什麼地方|为什么|為什麼|什么|什麼|何时|何時|何地"
    r"|怎么样|怎样|怎么|怎麼|如何|哪里|哪裡|哪些|哪[一二三两]?[个個天年月日位家所座]?|谁|誰"
    r"|多少[个個人元钱錢名家]?|多久|多长时间|多長時間|多[长長大高远遠宽寬深重快]|几[个個天年月日名位点])"
    r"|^(?:when|where|who|what|why|how(?: many| much| long)?|which)\b",
    re.IGNORECASE,
)
_BODY = re.compile(
    r"(?:大学|大學|学院|學院|中学|中學|小学|小學|学校|學校|医院|醫院|公司|集团|集團|银行|銀行"
    r"|博物馆|博物館|图书馆|圖書館)$"
)
# Nouns that ask for something of what is spoken of, besides those that `asked_of` knows.
_OF_IT = re.compile(
    r"(?:工期|任期|期限|学历|學歷|门票|門票|电话|電話|规模|規模|原因|目的|意义|意義|结果|結果|年龄|年齡|职务|職務"
    r"|主题|主題|内容|內容|预算|預算|造价|造價|背景|亮点|亮點|名字|名称|名稱|特点|特點)$"
)
_ASKS_WHO = re.compile(r"谁|誰|哪[位个個]|什么人|什麼人|\bwho\b", re.IGNORECASE)
_OPENING = re.compile(
    r"^(?:那么|那麼|那(?=[谁誰他她它什怎为為何哪])|还有|還有|另外|and|but|so|then)[，,\s]*",
    re.IGNORECASE,
)


def candidates(question: str, turns: Sequence[Turn]) -> list[str]:
    """What `question` may mean after `turns`, oldest first: as it is, by rules, and in other ways.

    What takes the place of a pronoun are the names of the last turns; a question without a pronoun
    may be about the subject of the one before, or ask of its answer.
    """
    if not turns:
        return [question]
    resolved: list[Turn] = []
    for turn in turns:
        resolved.append(Turn(_alone(turn.question, resolved), _bare(turn.answer)))
    alone = _alone(question, resolved)
    if QUESTION_WORD.fullmatch(_OPENING.sub("", _END.sub("", question.strip()))):
        return [alone]  # "When?" asks that of the question before, and of nothing else
    found = [question, alone]
    if (later := _LEADING_CLAUSE.sub("", question.strip())) != question.strip():
        found.append(later)
    bare = _END.sub("", question.strip())
    mark = question.strip()[len(bare) :] or "？"
    pool = _spoken_of(resolved, turns)
    pattern = ENGLISH_PRONOUN if bare.isascii() else PRONOUN
    if match := pattern.search(bare):
        owner = "'s" if match.lastgroup == "owner" else ""
        before, after = bare[: match.start()], bare[match.end() :]
        found += [f"{before}{name}{owner}{after}{mark}" for name in pool]
    last = resolved[-1]
    topic = _topic(last.question)
    if bare.isascii():
        found.append(f"{bare}, {topic}{mark}")
    else:
        found.append(f"{topic}，{bare}{mark}")
        found += [f"{name}{bare}{mark}" for name in pool[:2]]
    return list(dict.fromkeys(text for text in found if text.strip()))


def is_pronoun(text: str) -> bool:
    """Whether `text` says only "it", "he" or the like."""
    match = PRONOUN.match(f"{text}。") or ENGLISH_PRONOUN.match(text)
    return match is not None and match.end() == len(text)


def _spoken_of(resolved: Sequence[Turn], turns: Sequence[Turn]) -> list[str]:
    """The names of the last turns, the latest first: of bare answer, question and first quote."""
    found: list[str] = []
    for alone, turn in list(zip(resolved, turns, strict=True))[: -_TURNS - 1 : -1]:
        quote = turn.answer.strip().split("\n\n")[1:2] if alone.answer else []
        for text in (alone.answer, alone.question, *quote):
            if text.isascii():
                found += PROPER.findall(f"a {text}")
            else:
                found += [name for _, name in _named(text)]
                found += [text] if text == alone.answer and _is_name(text) else []
    small = frame_words("")
    names = [name for name in dict.fromkeys(found) if name.casefold() not in small]
    return names[:_POOL]


def _bare(answer: str) -> str:
    """The first paragraph of an answer, which is the bare one; "" where there was none."""
    first = answer.strip().split("\n", 1)[0]
    return "" if says_not_in_articles(first) else first


def _alone(question: str, turns: Sequence[Turn]) -> str:
    if not turns:
        return question
    last = turns[-1]
    bare = _END.sub("", question.strip())
    mark = question.strip()[len(bare) :] or "？"
    if exchanged := _exchanged(bare, last):
        return exchanged + mark
    opened = _OPENING.sub("", bare)
    if QUESTION_WORD.fullmatch(opened):
        return _asked_anew(opened, last) + mark
    replaced = _without_pronouns(opened, turns)
    if replaced != opened:
        return replaced + mark
    if _has_no_subject(opened):
        if subject := _subject(last.question):
            return f"{subject}{opened}{mark}"
        if topic := _topic(last.question):
            return f"{topic}，{opened}{mark}"
    return question


def _has_no_subject(opened: str) -> bool:
    """Whether a short Chinese question ("投资多少") asks for something without saying of what."""
    rest = QUESTION_WORD.sub("", opened)
    return (
        not opened.isascii()
        and rest != opened
        and len(rest) <= _BARE
        and not _named(opened)
        and not PRONOUN.search(opened)
        and not re.search(r"[A-Za-z\d《“「谁誰]", opened)  # who the mayor is needs no subject
    )


def _asked_anew(word: str, last: Turn) -> str:
    """The last question with another question word."""
    before = _END.sub("", last.question)
    asked, changed = QUESTION_WORD.subn(lambda _: word, before, count=1)
    return asked if changed else f"{before}{' ' if before.isascii() else ''}{word}"


def _exchanged(bare: str, last: Turn) -> str:
    """The last question with the part that `bare` names in place of its like; "" if none is."""
    match = _EXCHANGE.match(bare)
    if not match:
        return ""
    part = next(p for p in match.groups() if p).strip(" ，,")
    before = _END.sub("", last.question)
    years = _YEAR.findall(before) or _YEAR.findall(last.answer)
    shift = 1 if _NEXT_YEAR.fullmatch(part) else -1 if _YEAR_BEFORE.fullmatch(part) else 0
    if shift and years:
        year = str(int(years[-1]) + shift)
        if _YEAR.search(before):
            return _YEAR.sub(year, before)
        return f"{year}年{before}" if not before.isascii() else f"{before} in {year}"
    if (other_year := _YEAR.search(part)) and _YEAR.search(before):
        return _YEAR.sub(other_year[0], before)
    bodies = _BODY.search(part)
    for start, end in noun_spans(before):  # one bridge for another, a hospital for a university
        alike = before[end - 1] == part[-1] or (bodies and _BODY.search(before[start:end]))
        if alike and before[start:end] != part:
            return before[:start] + part + before[end:]
    for tag, name in _named(part):
        for other_tag, other in _named(before):
            if tag == other_tag and name != other and 2 * len(name) > len(part):
                return before.replace(other, name)
    if before.isascii():
        if part[0].isupper() and (likes := list(PROPER.finditer(before))):
            return before[: likes[-1].start()] + part + before[likes[-1].end() :]
        return f"{before} ({part})"
    if subject := _subject(before):
        if asks := asked_of(part) or ("是什么" if _OF_IT.search(part) else ""):
            return f"{subject}的{part}{_END.sub('', asks)}"
        asked = QUESTION_WORD.search(before)
        if asked and is_verb(part):
            return before[: asked.end()] + part
        return before.replace(subject, part, 1)
    return f"{part}，{before}"


def _without_pronouns(bare: str, turns: Sequence[Turn]) -> str:
    pattern = ENGLISH_PRONOUN if bare.isascii() else PRONOUN

    def put(match: re.Match[str]) -> str:
        kind = match.lastgroup or "thing"
        if kind == "thing" and _named(bare):  # "this fair in Wuxi" is told by its name
            return match[0]
        antecedent = _antecedent(kind, turns)
        if not antecedent:
            return match[0]
        if kind == "owner":
            return f"{antecedent}'s"
        # "这次会议" keeps its noun out: the antecedent names it
        return antecedent[: -_shared(antecedent, bare[match.end() :]) or None]

    return pattern.sub(put, bare, count=1)


def _shared(before: str, after: str) -> int:
    """With how many characters, at least two, `before` ends and `after` begins."""
    lengths = range(min(len(before), len(after)), 1, -1)
    return next((n for n in lengths if before[-n:] == after[:n]), 0)


def _antecedent(kind: str, turns: Sequence[Turn]) -> str:
    """What was spoken of last and can be meant."""
    tags = {"person": ("nr",), "owner": ("nr", "nt"), "place": ("ns", "nt")}.get(kind, ("nt",))
    for turn in reversed(turns):
        texts = [turn.question, turn.answer]
        # then it is the answer that is spoken of; but not of "Who is Lu Wen?"
        if _ASKS_WHO.search(turn.question) and not _who_is_named(turn.question):
            texts.reverse()
        for text in texts:
            fitting = [name for tag, name in _named(text) if tag in tags]
            if fitting:
                return fitting[-1]
            if text == turn.answer and kind in ("person", "owner") and _is_name(text):
                return text
            if text.isascii() and (names := PROPER.findall(text)):
                return str(names[-1])
    if kind != "thing":
        return ""
    last = turns[-1].question
    return _subject(last) or ("" if last.isascii() else _topic(last))


def _who_is_named(question: str) -> bool:
    bare = _END.sub("", question)
    if bare.isascii():
        return re.fullmatch(r"(?i:who (?:is|was)) [A-Z][\w-]+(?: [A-Z][\w-]+)*", bare) is not None
    return any(
        tag == "nr" and re.match(r"是(?:谁|誰|什么人|什麼人|哪位)", bare[end:])
        for tag, _, end in name_spans(bare)
    )


def _is_name(answer: str) -> bool:
    if answer.isascii():
        return re.fullmatch(r"[A-Z][\w'-]+(?: [A-Z][\w'-]+){0,3}", answer) is not None
    return 0 < len(answer) <= _LONGEST_NAME and not re.search(r"[\d，。！？]", answer)


def _subject(question: str) -> str:
    """What a Chinese question asks something of, 海门轮渡 in 海门轮渡何时通航; "" if unclear."""
    before = _END.sub("", question)
    match = QUESTION_WORD.search(before)
    if match is None or before.isascii():
        return ""
    clause = before[: match.start()]
    if len(before) - match.end() > 1:  # the verb comes behind: 海门轮渡什么时候通航
        clause = noun_before_verb(clause)
        return clause if len(clause) > 1 and not PRONOUN.search(clause) else ""
    return first_noun(clause)


def _named(text: str) -> list[tuple[str, str]]:
    return [(tag, text[a:b]) for tag, a, b in name_spans(text)]


def _topic(question: str) -> str:
    """What a question is about: itself, without what it asks for."""
    return QUESTION_WORD.sub("", _END.sub("", question)).strip("，, 的")
