"""Reprints are folded behind what says something of its own; contradictions are not."""

from __future__ import annotations

from collections.abc import Callable

from qa_bot import Article, QABot
from qa_bot.records import Hit, Passage
from qa_bot.search.reprints import fold

STORY = (
    "河湾水文站昨天发布消息，受上游连续降雨影响，清溪河水位预计在星期四夜间超过警戒线，"
    "沿岸三个村的居民已经转移到镇小学，渡口停航，堤上每隔五十米有人值守。"
)


def hit(number: int, text: str) -> Hit:
    article = Article(f"第{number}篇", text)
    return Hit(Passage(number, article.id, 0, len(text), text), article, 1 / number)


def numbers(hits: list[Hit]) -> list[int]:
    return [hit.passage.id for hit in hits]


def test_reprints_give_way_and_follow() -> None:
    reprint = f"本报综合报道 {STORY}（据河湾日报第3版）"
    other = "清溪河在星期五凌晨越过警戒线一米二，洪峰随后回落，没有人员伤亡。"
    hits = [hit(1, STORY), hit(2, reprint), hit(3, STORY.replace("，", "， ")), hit(4, other)]
    assert numbers(fold(hits, 2)) == [1, 4]
    assert numbers(fold(hits, 3)) == [1, 4, 2]


def test_an_edited_copy_is_no_reprint() -> None:
    changed = STORY.replace("三个村", "七个村")
    longer = STORY + "与此同时，下游的水闸已经全部打开，供水不受影响，学校停课两天，公交改道绕行。"
    dated = f"河湾8日电 {STORY}"
    again = f"河湾9日电 {STORY}"
    hits = [hit(1, STORY), hit(2, changed), hit(3, longer)]
    assert numbers(fold(hits, 3)) == [1, 2, 3]
    assert numbers(fold([hit(1, dated), hit(2, again), hit(3, "短讯。")], 2)) == [1, 2]


def test_short_texts_and_passages_of_one_article_are_not_folded() -> None:
    article = Article("栏目", "今日停刊。明日停刊。")
    twice = [Hit(Passage(n, article.id, 0, 5, "今日停刊。"), article, 1 / n) for n in (1, 2)]
    assert numbers(fold(twice, 2)) == [1, 2]
    assert numbers(fold([hit(1, "今日停刊。"), hit(2, "明日停刊。")], 2)) == [1, 2]


def test_a_wire_story_stays_findable_in_each_paper(open_bot: Callable[[], QABot]) -> None:
    bot = open_bot()
    printed = [("河湾日报", "2024-06-05"), ("清溪晚报", "2024-06-05"), ("河湾日报", "2024-06-06")]
    rows = [Article("水位将超警", STORY, source=paper, published=day) for paper, day in printed]
    bot.add(rows)
    bot.add(rows)  # the same again is not one more
    found = [(article.source, article.published) for article in bot.articles()]
    assert sorted(found) == sorted(printed)
    assert len({article.id for article in bot.articles()}) == 3
