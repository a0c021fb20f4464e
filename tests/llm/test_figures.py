"""Sentences whose figures, denials or names are, or are not, those of a passage."""

from __future__ import annotations

import pytest

from qa_bot import Article
from qa_bot.answer.reader import TrainedReader
from qa_bot.llm.nearness import Nearness
from qa_bot.llm.support import facts_missing
from qa_bot.networks.embedding import Embedder
from qa_bot.records import Hit, Passage

FERRY = "轮渡公司3月6日宣布，票价由4元上调至6元，涨幅50%，每天运行18班，可载客120人。"
SPRING = "The fair ran from 3 to 9 May and sold 12,500 books, down from 18,000 the year before."
POINTS = (
    "市长提出三项要求：一是保供水，二是保供电，三是保交通。会议定于4月12日（周五）上午9时召开。"
)
SHARES = "受访者中，六成半支持延长开放时间，四分之一反对；延长后每晚开到10点半。"


def missing(claim: str, source: str, published: str = "") -> list[str]:
    article = Article("", source, id="a", published=published)
    return facts_missing(claim, Hit(Passage(1, "a", 0, len(source), source), article, 1.0))


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("票价从4元涨到6元。", FERRY),
        ("The fare rises from 4 to 6 yuan, an increase of 50 percent.", FERRY),
        ("轮渡每天开行18班，每班可载120人。", FERRY),
        ("On March 6 the company announced a fare of six yuan.", FERRY),
        ("The fair sold 12,500 books between May 3 and May 9.", SPRING),
        ("书市5月3日至9日举行，售书1.25万册，低于上年的1.8万册。", SPRING),
        ("书市持续了七天。", SPRING),
        ("The fair sold about 12,000 books.", SPRING),
        ("第三项要求是保交通。", POINTS),
        ("The second point is to secure the power supply.", POINTS),
        ("The meeting is on Friday, 12 April, at 9 am.", POINTS),
        ("65%的受访者支持，25%反对。", SHARES),
        ("A quarter are against it.", SHARES),
        ("It will stay open until 10:30 pm.", SHARES),
        ("收入翻了一番。", "公司收入增长一倍。"),
        ("Revenue doubled.", "公司收入是上年的2倍。"),
        ("亏损2亿元。", "The company lost 200 million yuan."),
        ("主队4比2获胜。", "The home side won 4-2."),
        ("该剧1980年代首演。", "The play was first staged in the 1980s."),
        ("两国签署了协议。", "The two countries signed an accord."),
        ("Twelve people were hurt.", "十二人受伤。"),
        ("工程投资4.5万亿日元。", "総事業費は4兆5000億円。"),
        ("昭和39年10月10日，奥运会开幕。", "The Olympics opened on 10 October 1964."),
        ("One of the houses burnt down.", "一栋房屋被烧毁。"),
        ("In the first three quarters output rose by 5%.", "前三季度产量增长5%。"),
        ("三分之二的选民否决了该计划。", "Two thirds of voters rejected the plan."),
        ("Phase two costs 1.2 billion yuan.", "一期投资8亿元，二期投资12亿元。"),
        ("The boat was found on the 5th.", "5日凌晨，船找到了。"),
        ("He has not resigned.", "他没有辞职。"),
        ("据传他将辞职。", "网传他将辞职，本人未回应。"),
        ("至少300人参加。", "逾300人参加。"),
        ("降水量为32毫米。", "降水量为3.2厘米。"),
        ("跑道长3.2公里。", "跑道长3200米。"),
        ("Zhou Min opened the exhibition.", "周敏为展览揭幕。"),
        ("周敏为展览揭幕。", "Min Zhou opened the exhibition."),
    ],
)
def test_the_same_in_other_words(claim: str, source: str) -> None:
    assert missing(claim, source) == []


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("票价从6元降至4元。", FERRY),
        ("票价上调至4元。", FERRY),
        ("The fare rises by 5 percent.", FERRY),
        ("轮渡每周运行18班。", FERRY),
        ("票价上调至6美元。", FERRY),
        ("The ferry carries 120 cars.", "The ferry carries 120 people and 30 cars."),
        ("公司于6月3日宣布涨价。", FERRY),
        ("The fair ran from 3 to 8 May.", SPRING),
        ("The fair closed on 3 May.", "The fair ran from 3 May to 9 May."),
        ("书市5月3日开始，售书12.5万册。", SPRING),
        ("第二项要求是保交通。", POINTS),
        ("市长提出四项要求。", POINTS),
        ("The meeting is on Thursday.", POINTS),
        ("会议于下午9时召开。", POINTS),
        ("六成受访者支持延长。", SHARES),
        ("三分之一的受访者反对。", SHARES),
        ("每晚开到11点半。", SHARES),
        ("收入增长两倍。", "公司收入增长一倍。"),
        ("盈利2亿元。", "The company lost 200 million yuan."),
        ("主队2比4获胜。", "The home side won 4-2."),
        ("该剧1970年代首演。", "The play was first staged in the 1980s."),
        ("工程投资4.5亿日元。", "総事業費は4兆5000億円。"),
        ("昭和39年，东京人口1000万。", "In 1963 Tokyo had 10 million inhabitants."),
        ("In the first two quarters output rose by 5%.", "前三季度产量增长5%。"),
        ("委员会批准了方案。", "委员会没有批准方案。"),
        ("The boat was found on the 6th.", "5日凌晨，船找到了。"),
        ("他已辞职。", "他没有辞职。"),
        ("他将辞职。", "网传他将辞职，本人未回应。"),
        ("不到300人参加。", "逾300人参加。"),
        ("降水量为32厘米。", "降水量为3.2厘米。"),
        ("Zhao Min opened the exhibition.", "周敏为展览揭幕。"),
        ("赵敏为展览揭幕。", "Min Zhou opened the exhibition."),
        ("气温为5度。", "气温降至零下5度。"),
        ("共有30个城市参加。", "共有30个国家参加。"),
    ],
)
def test_another_figure_is_named(claim: str, source: str) -> None:
    assert missing(claim, source)


def test_the_day_of_the_article_counts() -> None:
    source = "大桥昨天恢复通车。"
    assert missing("大桥于4月7日恢复通车。", source, "2024-04-08") == []
    assert missing("大桥于4月9日恢复通车。", source, "2024-04-08") == ["4月9日"]


HARBOUR = (
    "本报2023年6月2日讯：渔港管理处副处长丁海川说，去年卸鱼5.2万吨，今年预计6万吨。"
    "码头共有泊位24个，其中新建泊位9个；停泊费平日30元、假日50元，由每天20元上调。"
)
MARKET = (
    "Stallholder fees will go up to £12 a day from £9, manager Ruth Calloway said. "
    "Of 60 stalls, 15 were empty last winter. Her deputy, Ian Marsh, has yet to sign the lease."
)
DENIED = "网上流传“南门水厂停产两周”的消息。水务局昨日辟谣，称水厂只检修8小时。"


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("Landings came to 52,000 tonnes in 2022.", HARBOUR),
        ("2023年预计卸鱼6万吨。", HARBOUR),
        ("假日停泊费为50元。", HARBOUR),
        ("摊位费每天上涨3英镑。", MARKET),
        ("A quarter of the stalls were empty.", MARKET),
        ("水厂检修8小时。", DENIED),
        ("冬装一律打七折。", "All winter coats are 30 percent off."),
        ("三成五の店が閉まった。", "35 percent of the shops closed."),
        ("Nearly 50 boats took part.", "共有48艘船参加。"),
        ("In the first eight months exports grew by 5%.", "1至8月出口增长5%。"),
        ("利率下调半个百分点。", "The rate was cut by half a percentage point."),
        ("他每天走八九公里。", "他说每天走八到九公里。"),
        ("全程用时2小时15分。", "The run took two hours 15 minutes."),
    ],
)
def test_what_follows_from_the_source(claim: str, source: str) -> None:
    assert missing(claim, source) == []


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("Landings came to 52,000 tonnes in 2023.", HARBOUR),
        ("去年卸鱼6万吨。", HARBOUR),
        ("码头新建泊位24个。", HARBOUR),
        ("平日停泊费为50元。", HARBOUR),
        ("局长周敏介绍了情况。", "市林业局副局长周敏说，今年造林300公顷。"),
        ("The fee will go up by £12.", MARKET),
        ("Ian Marsh has already signed the lease.", MARKET),
        ("南门水厂停产两周。", DENIED),
        ("冬装一律打三折。", "All winter coats are 30 percent off."),
        ("More than 50 boats took part.", "近50艘船参加。"),
        ("雨量为50至80毫米。", "雨量20至50毫米，局部80毫米。"),
        ("In the first six months exports grew by 5%.", "1至8月出口增长5%。"),
        ("苹果每公斤4元。", "苹果每斤4元。"),
        ("涉及300名居民。", "涉及300户居民。"),
        ("水位高于警戒线2米。", "水位低于警戒线2米。"),
        ("降幅扩大3个百分点。", "降幅收窄3个百分点。"),
        ("Turnout was the highest since 1990.", "Turnout was the third-highest since 1990."),
    ],
)
def test_another_role_or_time_or_part_is_named(claim: str, source: str) -> None:
    assert missing(claim, source)


def test_the_reader_tells_whom_and_which_is_meant(embedder: Embedder) -> None:
    networks = Nearness(embedder, TrainedReader(embedder))
    source = "Coach Lena Brandt praised the side. Captain Mia Holt, 24, scored both goals."

    def wrong(claim: str) -> list[str]:
        hit = Hit(Passage(1, "a", 0, len(source), source), Article("", source, id="a"), 1.0)
        return facts_missing(claim, hit, networks=networks)

    assert wrong("Mia Holt scored both goals.") == []
    assert wrong("Lena Brandt scored both goals.") == ["Lena Brandt"]
