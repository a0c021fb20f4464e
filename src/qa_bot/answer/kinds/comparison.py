"""Two years, people, places or events side by side, each answered as its own question."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

from qa_bot.answer.draft import Context, Draft, Found, Statement, quote_of
from qa_bot.answer.evidence import Evidence
from qa_bot.question.question import Question, parse
from qa_bot.question.topic import word_spans
from qa_bot.records import State
from qa_bot.text.chinese import align, name_spans
from qa_bot.text.numerals import HAN_COUNT, number_value
from qa_bot.text.wording import in_words

__all__ = ["alone", "asks_of_each", "comparison", "sides"]

_MONTH = r"(?:1[0-2]|[1-9]|十[一二]?|[一二三四五六七八九])月"
_DATED = re.compile(
    rf"(?<!\d)(?:(?:19|20)\d\d|\d\d(?=年))年?(?:{_MONTH})?(?!\d)|(?<!\d){_MONTH}(?!\d*[日号])"
)
_PERIOD = re.compile(r"(?P<year>(?:19|20)?\d\d)?年?(?:(?P<month>\d{1,2})月)?$")
_SEARCHED = 20  # passages
_LEAST = 0.1  # confidence of the weaker side
_MANY = 5  # sides
_BESIDE = 3  # characters between two names that are the sides themselves, not of them
_EACH = 2  # sentences of a side
_LONGER = 2  # characters
_MEASURED = {"多": "多少", "少": "多少"}
# which of two is more: of one alone it is asked how much that is
_WHICH = re.compile(
    r"(?:，|,|\s)?(?:哪一?个?|谁)(?:(?P<verb>[\u3400-\u9fff]{1,3})得|[\u3400-\u9fff]{0,2}?)"
    r"(?:更|比较|最)?"
    r"(?P<adjective>[多少高低大小长短快慢早晚贵重远])(?:一?些|一?点)?(?:，?(?:差|相差|多|高).{0,3}多少)?"
)
_BOTH = re.compile(
    r"两年|(?<![\u3400-\u9fff])对比(?:一下)?|相比|比较(?:一下)?"
    r"|有(?:什么|何)不同|比(?=$|[？?])|相?差了?(?=多少|几)"
)
# what is asked of each side, which stand right before
_EACH_OF = re.compile(
    r"分别|各自?(?![种类地位项个界级区县市国方处式])|それぞれ|\b(?:each|respectively)\b",
    re.IGNORECASE,
)
_BETWEEN = re.compile(
    r"、|(?<=[\u3400-\u9fff]) (?=[\u3400-\u9fff])"
    r"|(?<=[\u3400-\u9fff\d])[和与跟及](?=[\u3400-\u9fff\dA-Z])"
)
# two names in English, the Heron Bridge and the Fourth Bridge
_NAMED = re.compile(
    r"(?P<left>[A-Z][\w'’.-]*(?: [A-Z\d][\w'’.-]*)*)(?: \([^()]*\))?"
    r",? (?:and|or|vs\.?|versus|than|with|to) (?:the )?"
    r"(?P<right>[A-Z][\w'’.-]*(?: [A-Z\d][\w'’.-]*)*)"
)
_BOTH_JAPANESE = re.compile(r"を(?:比べて|比較して)(?:ください|下さい)?")
_JOINED = re.compile(
    r"(?P<one>[^，。、；？！\s]{2,15}?)(?:和|与|跟|同|及|、|比|と)(?P<other>[^，。、；？！\s]{2,15}?)"
    r"(?=的|，|相比|比较|比起来|之间|哪|谁|有|在|上|では|の|を|で|は|$|[？?\s])"
    r"|\b(?P<left>[\w'’ -]{2,40}?),? (?:and|or|vs\.?|versus|than|with|to) (?:the )?"
    r"(?!(?:what|who|when|where|which|why|how)\b)"
    r"(?P<right>[\w'’ -]{2,40}?)(?=[?,.;:]|$| (?:in|on|at|by|for|compare|differ|[-–—])\b)",
    re.IGNORECASE,
)


def comparison(question: Question, found: Found, context: Context) -> Draft | None:
    """The sides of a comparison, each with the sentences that answer for it."""
    pairs = sides(question.asked)
    if not pairs:
        return None
    language = question.answer_language
    colon = in_words(language, "colon")
    statements: list[Statement] = []
    shorts, confidences = [], []
    for name, asked in pairs:
        evidence = _evidence(name, parse(alone(asked)), context)
        if not evidence:
            return None
        best = evidence[0]
        close = [e for e in evidence[1:] if e.score >= 0.5 * best.score and e.text != best.text]
        statements += [Statement(quote_of(e), f"{name}{colon}") for e in [best, *close][:_EACH]]
        shorts.append(f"{name}{colon}{best.answer or best.text}")
        confidences.append(best.score)
    confidence = min(confidences)
    state: State = "answered" if confidence >= _LEAST else "possible"
    lead = in_words(language, "separator").join(shorts)
    return Draft(state, lead, lead, tuple(statements), confidence=confidence)


def _evidence(name: str, question: Question, context: Context) -> list[Evidence]:
    """What answers for one side: from articles of its year or month where that is what it is."""
    hits = context.search(question.asked, _SEARCHED).hits
    printed = _PERIOD.fullmatch(_western_month(align(name)))
    if printed and any(printed.groups()):
        year = printed["year"] and f"20{printed['year']}"[-4:]
        month = printed["month"] and f"-{int(printed['month']):02}"
        of_it = [
            hit.article.id
            for hit in hits
            if (not year or hit.article.published.startswith(year))
            and (not month or month in hit.article.published[2:7])
        ]
        if of_it:
            where = replace(context.where, article_ids=tuple(dict.fromkeys(of_it)))
            return list(context.find(question, where).reading.evidence)
    evidence = context.find(question).reading.evidence
    return [e for e in evidence if _speaks_of(name, e.text, e.hit.article.title)]


def alone(asked: str) -> str:
    """The question about one side, without what compares it with the other."""
    asked = _BOTH.sub("", _BOTH_JAPANESE.sub("", _EACH_OF.sub("", asked))) or asked

    def measured(match: re.Match[str]) -> str:
        adjective = match["adjective"]
        return (match["verb"] or "") + _MEASURED.get(adjective, f"有多{adjective}")

    return _WHICH.sub(measured, asked, count=1).strip(" ，,")


def asks_of_each(asked: str) -> bool:
    """Whether a question asks the same of two sides: 各多少, 分别."""
    if _EACH_OF.search(asked) is None:
        return False
    return bool(_NAMED.search(asked)) if asked.isascii() else bool(sides(asked))


def sides(asked: str) -> tuple[tuple[str, str], ...]:
    """The sides of a comparison: what each is called, and the question about it alone.

    Two of them, or as many as are listed before "each"; none where it has no such.
    """
    years = list(_DATED.finditer(asked))
    if len({year[0] for year in years}) == 2:
        one, other = years[0], next(y for y in years if y[0] != years[0][0])
        return _apart(asked, one.span(), other.span(), year=True)
    each = _EACH_OF.search(asked)
    if each and (many := _listed(asked, each.start())):
        return many
    if match := _NAMED.search(asked):
        return _apart(asked, match.span("left"), match.span("right"))
    joined = list(_JOINED.finditer(asked))
    if not (each and joined):
        for tag in ("nr", "nt", "ns"):
            spans = [(a, b) for t, a, b in name_spans(asked) if t == tag]
            if len(spans) < 2 or asked[slice(*spans[0])] == asked[slice(*spans[1])]:
                continue
            if not joined or spans[1][0] - spans[0][1] <= _BESIDE:
                return _apart(asked, spans[0], spans[1])
    if not joined:
        return ()
    match = joined[-1 if each else 0]
    if match["one"]:
        return _apart(asked, *_alike(match))
    left, right = match.span("left"), match.span("right")
    return _apart(asked, (left[1] - len(match["left"].lstrip()), left[1]), right)


def _listed(asked: str, end: int) -> tuple[tuple[str, str], ...]:
    """Three sides or more that stand before `end`: 移动、电信和联通的利润各多少.

    Where the first begins nothing tells: it is taken to be as long as the next.
    """
    cuts = list(_BETWEEN.finditer(asked[:end]))[-_MANY + 1 :]
    if len(cuts) < 2:
        return ()
    inner = [asked[one.end() : other.start()] for one, other in pairwise(cuts)]
    last, length = asked[cuts[-1].end() : end].split("的")[0].strip(), len(inner[0])
    begin, end = cuts[0].start() - length, cuts[-1].end() + len(last)
    names = [asked[begin : cuts[0].start()], *inner, last]
    if begin < 0 or not all(1 < len(name) <= 2 * length for name in names):
        return ()
    tail = asked[end:]
    return tuple((name, f"{asked[:begin]}{name}{tail}") for name in names)


def _alike(match: re.Match[str]) -> tuple[tuple[int, int], tuple[int, int]]:
    """Where the first side begins and the other ends; what stands around is not their names.

    石埠和望潮装电梯的补贴, 蓝橹电池一期、二期产能: two names that are compared end alike, or have
    about the same length.
    """
    (one, middle), (start, end) = match.span("one"), match.span("other")
    behind = match.string[start : start + middle - one + _LONGER]
    alike = behind.find(match["one"][-1], 1)
    if alike > 0:
        end = start + alike + 1
    elif end - start > middle - one + _LONGER:
        end = start + middle - one
    if middle - one > end - start + _LONGER:
        begins = [one, *(one + at for at, _ in word_spans(match["one"], "zh"))]
        one = min(begins, key=lambda at: (abs(middle - at - (end - start)), -at))
    return (one, middle), (start, end)


def _apart(
    asked: str, one: tuple[int, int], other: tuple[int, int], *, year: bool = False
) -> tuple[tuple[str, str], tuple[str, str]]:
    """The question with each of two stretches in the place of both."""
    between = asked[one[1] : other[0]]
    names = asked[slice(*one)], asked[slice(*other)]
    tail = asked[other[1] :]
    if year and len(between) <= 4:  # 2023年和2024年: the unit stands behind each
        return (
            (names[0], f"{asked[: one[0]]}{names[0]}{tail}"),
            (names[1], f"{asked[: one[0]]}{names[1]}{tail}"),
        )
    if len(between) <= 8:
        head = asked[: one[0]]
        head += " " if names[0].isascii() and head and not head[-1:].isspace() else ""
        return (names[0], f"{head}{names[0]}{tail}"), (names[1], f"{head}{names[1]}{tail}")
    return (names[0], f"{asked[: one[1]]}{between}{tail}"), (
        names[1],
        f"{asked[: one[0]]}{names[1]}{tail}",
    )


def _western_month(name: str) -> str:
    """四月 as 4月, 十二月 as 12月."""
    match = re.search(rf"({HAN_COUNT})月$", name)
    month = number_value(match[1]) if match else None
    return f"{name[: match.start()]}{month}月" if match and month else name


def _speaks_of(name: str, sentence: str, title: str) -> bool:
    words = [name[a:b] for a, b in word_spans(name, "zh" if not name.isascii() else "en")]
    return not words or any(word.casefold() in (title + sentence).casefold() for word in words)
