"""Two years, people, places or events side by side, each answered as its own question."""

from __future__ import annotations

import re
from dataclasses import replace

from qa_bot.answer.draft import Context, Draft, Found, Statement, quote_of
from qa_bot.answer.evidence import Evidence
from qa_bot.question.question import Question, parse
from qa_bot.question.topic import word_spans
from qa_bot.records import State
from qa_bot.text.chinese import align, name_spans
from qa_bot.text.numerals import HAN_COUNT, number_value
from qa_bot.text.wording import in_words

__all__ = ["alone", "comparison", "sides"]

_MONTH = r"(?:1[0-2]|[1-9]|十[一二]?|[一二三四五六七八九])月"
_DATED = re.compile(
    rf"(?<!\d)(?:(?:19|20)\d\d|\d\d(?=年))年?(?:{_MONTH})?(?!\d)|(?<!\d){_MONTH}(?!\d*[日号])"
)
_PERIOD = re.compile(r"(?P<year>(?:19|20)?\d\d)?年?(?:(?P<month>\d{1,2})月)?$")
_SEARCHED = 20  # passages
_LEAST = 0.15  # confidence of the weaker side
_EACH = 2  # sentences of a side
_LONGER = 2  # characters
_MEASURED = {"多": "多少", "少": "多少"}
# which of two is more: of one alone it is asked how much that is
_WHICH = re.compile(
    r"(?:，|,|\s)?(?:哪一?个?[\u3400-\u9fff]{0,2}?|谁)(?:更|比较|最)?"
    r"(?P<adjective>[多少高低大小长短快慢早晚贵重远])(?:一?些|一?点)?(?:，?(?:差|相差|多|高).{0,3}多少)?"
)
_BOTH = re.compile(
    r"分别|各自|两年|(?<![\u3400-\u9fff])对比(?:一下)?|相比|比较(?:一下)?|有(?:什么|何)不同"
)
_BOTH_JAPANESE = re.compile(r"を(?:比べて|比較して)(?:ください|下さい)?|それぞれ")
_JOINED = re.compile(
    r"(?P<one>[^，。、；？！\s]{2,15}?)(?:和|与|跟|同|及|、|比|と)(?P<other>[^，。、；？！\s]{2,15}?)"
    r"(?=的|，|相比|比较|比起来|之间|哪|谁|有|在|上|では|の|を|で|は|$|[？?\s])"
    r"|(?P<left>[\w'’ -]{2,40}?),? (?:and|or|vs\.?|versus|than|with|to) (?:the )?"
    r"(?P<right>[\w'’ -]{2,40}?)(?=[?,.;:]|$| (?:in|on|at|by|for|compare|differ)\b)",
    re.IGNORECASE,
)


def comparison(question: Question, found: Found, context: Context) -> Draft | None:
    """Both sides of a comparison, each with the sentences that answer for it."""
    pair = sides(question.asked)
    if pair is None:
        return None
    language = question.answer_language
    colon = in_words(language, "colon")
    statements: list[Statement] = []
    shorts, confidences = [], []
    for name, asked in pair:
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
    asked = _BOTH.sub("", _BOTH_JAPANESE.sub("", asked)) or asked
    return _WHICH.sub(
        lambda m: _MEASURED.get(m["adjective"], f"有多{m['adjective']}"), asked, count=1
    ).strip(" ，,")


def sides(asked: str) -> tuple[tuple[str, str], tuple[str, str]] | None:
    """The two sides of a comparison: what each is called, and the question about it alone."""
    years = list(_DATED.finditer(asked))
    if len({year[0] for year in years}) == 2:
        one, other = years[0], next(y for y in years if y[0] != years[0][0])
        return _apart(asked, one.span(), other.span(), year=True)
    for tag in ("nr", "nt", "ns"):
        spans = [(a, b) for t, a, b in name_spans(asked) if t == tag]
        if len(spans) >= 2 and asked[slice(*spans[0])] != asked[slice(*spans[1])]:
            return _apart(asked, spans[0], spans[1])
    if match := _JOINED.search(asked):
        if match["one"]:
            return _apart(asked, match.span("one"), _like(match, len(match["one"])))
        left, right = match.span("left"), match.span("right")
        return _apart(asked, (left[1] - len(match["left"].lstrip()), left[1]), right)
    return None


def _like(match: re.Match[str], length: int) -> tuple[int, int]:
    """Where the other side ends: what stands behind it without a mark is not its name.

    石埠和望潮装电梯的补贴: two names that are compared have about the same length, or end alike.
    """
    start, end = match.span("other")
    if end - start <= length + _LONGER:
        return start, end
    last = match["one"][-1]
    alike = match["other"].find(last, max(0, length - 1 - _LONGER), length + _LONGER)
    return start, start + (alike + 1 if alike >= 0 else length)


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
