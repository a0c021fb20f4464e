"""The formats of newsrooms and archives: what each gives, and how what is refused says why."""

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from qa_bot.errors import ReadError
from qa_bot.reading import read, read_file
from qa_bot.records import Article, Refusal

Make = Callable[[str, str | bytes], Path]

BODY = "柳湾大桥加固工程昨日开工，投资九千万元，工期十四个月。"
OTHER = "市图书馆下周起延长开放时间，每晚九点闭馆。"
ENGLISH = "The school board voted on Monday to close two of its nine schools."


@pytest.fixture
def make(tmp_path: Path) -> Make:
    def made(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return made


RSS = f"""<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>
<title>柳湾晚报</title><item><title>大桥开工</title><link>http://paper.example/7</link>
<pubDate>Mon, 06 May 2024 23:30:00 +0800</pubDate><description>短讯</description>
<content:encoded><![CDATA[<p>{BODY}</p><p>{OTHER}</p>]]></content:encoded></item>
<item><title>图书馆</title><description>{OTHER}</description></item></channel></rss>"""
ATOM = f"""<feed xmlns="http://www.w3.org/2005/Atom"><title>Weald Courier</title>
<entry><title>Schools to close</title><link href="http://paper.example/s"/>
<published>2023-11-14T07:00:00Z</published><author><name>Ida Moor</name></author>
<content type="html">&lt;p&gt;{ENGLISH}&lt;/p&gt;</content></entry></feed>"""
NITF = f"""<nitf><head><title>Schools to close</title><docdata>
<date.issue norm="20231114T000000Z"/></docdata><pubdata name="Weald Courier"/></head><body>
<body.head><hedline><hl1>Schools to close</hl1></hedline><byline>Ida Moor</byline></body.head>
<body.content><p>{ENGLISH}</p><p>Parents <em>object</em>.</p></body.content></body></nitf>"""
NEWSML = f"""<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/"><itemMeta><provider><name>Weald
Wire</name></provider><versionCreated>2023-11-14T09:00:00Z</versionCreated></itemMeta>
<contentMeta><headline>Schools to close</headline><by>Ida Moor</by></contentMeta><contentSet>
<inlineXML><html xmlns="http://www.w3.org/1999/xhtml"><body><p>{ENGLISH}</p></body></html>
</inlineXML></contentSet></newsItem>"""
ALTO = """<alto xmlns="http://www.loc.gov/standards/alto/ns-v4#"><Layout><Page><PrintSpace>
<TextBlock><TextLine><String CONTENT="The"/><SP/><String CONTENT="ferry"/><SP/>
<String CONTENT="car" SUBS_TYPE="HypPart1" SUBS_CONTENT="carried"/><HYP CONTENT="-"/></TextLine>
<TextLine><String CONTENT="ried" SUBS_TYPE="HypPart2" SUBS_CONTENT="carried"/><SP/>
<String CONTENT="forty"/><SP/><String CONTENT="pas"/><HYP CONTENT="-"/></TextLine>
<TextLine><String CONTENT="sengers"/><SP/><String CONTENT="daily."/></TextLine></TextBlock>
</PrintSpace></Page></Layout></alto>"""
PAGE = """<PcGts xmlns="http://schema.primaresearch.org/PAGE/gts/pagecontent/2019-07-15"><Page>
<ReadingOrder><OrderedGroup><RegionRefIndexed index="1" regionRef="b"/>
<RegionRefIndexed index="0" regionRef="a"/></OrderedGroup></ReadingOrder>
<TextRegion id="b"><TextLine><TextEquiv><Unicode>It sank in</Unicode></TextEquiv></TextLine>
<TextLine><TextEquiv><Unicode>May.</Unicode></TextEquiv></TextLine></TextRegion>
<TextRegion id="a"><TextLine><TextEquiv><Unicode>The ferry left the har-</Unicode></TextEquiv>
</TextLine><TextLine><TextEquiv><Unicode>bour.</Unicode></TextEquiv></TextLine></TextRegion>
</Page></PcGts>"""
CSV = f'序号,标题,发布日期,来源,正文\r\n1,大桥开工,2024/5/6,柳湾晚报,"{BODY}\r\n{OTHER}"\r\n'
MAIL = f"""From: office@town.example
Subject: =?utf-8?B?5aSn5qGl5byA5bel?=
Date: Mon, 06 May 2024 08:00:00 +0800
MIME-Version: 1.0
Content-Type: text/plain; charset=gb2312
Content-Transfer-Encoding: 8bit

{BODY}
"""
MHT = f"""MIME-Version: 1.0
Content-Type: multipart/related; boundary="b1"

--b1
Content-Type: text/html; charset="gbk"
Content-Transfer-Encoding: 8bit
Content-Location: http://paper.example/7

<html><head><title>大桥开工</title></head><body><p>{BODY}</p></body></html>
--b1--
"""
RTF = r"{\rtf1\ansi\ansicpg936{\fonttbl{\f0 SimSun;}}\f0 \'c1\'f8\'cd\'e5\par Work began.\par}"


def only(path: Path) -> Article:
    (article,) = read_file(path)
    return article


@pytest.mark.parametrize("name", ["a.xml", "a.rss", "a.txt"])
def test_rss_is_read_entry_by_entry(make: Make, name: str) -> None:
    bridge, library = read_file(make(name, RSS))
    assert (bridge.title, bridge.source) == ("大桥开工", "柳湾晚报")
    assert (bridge.published, bridge.url) == ("2024-05-06", "http://paper.example/7")
    assert bridge.text == f"{BODY}\n\n{OTHER}"
    assert (library.title, library.text, library.published) == ("图书馆", OTHER, "")


@pytest.mark.parametrize(
    ("content", "source", "byline"),
    [
        (ATOM, "Weald Courier", "Ida Moor"),
        (NITF, "Weald Courier", "Ida Moor"),
        (NEWSML, "Weald Wire", "Ida Moor"),
    ],
)
@pytest.mark.parametrize("name", ["a.xml", "a.txt"])
def test_news_xml(make: Make, content: str, source: str, byline: str, name: str) -> None:
    article = only(make(name, content))
    assert (article.title, article.source, article.byline) == ("Schools to close", source, byline)
    assert article.published == "2023-11-14"
    assert article.text.split("\n\n")[0] == ENGLISH


@pytest.mark.parametrize("name", ["a.xml", "a.txt"])
def test_recognised_pages(make: Make, name: str) -> None:
    assert only(make(name, ALTO)).text == "The ferry carried forty passengers daily."
    assert only(make(name, PAGE)).text == "The ferry left the harbour.\n\nIt sank in May."


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("name", ["a.csv", "a.txt"])
def test_csv_in_any_encoding(make: Make, name: str, encoding: str) -> None:
    article = only(make(name, CSV.encode(encoding)))
    assert (article.title, article.source) == ("大桥开工", "柳湾晚报")
    assert article.published == "2024-05-06"
    assert article.text == f"{BODY}\n{OTHER}"


def test_tabs_and_english_names(make: Make) -> None:
    article = only(make("a.tsv", f"Headline\tPublish Date\tBody\nClosing\t2023-11-14\t{ENGLISH}\n"))
    assert (article.title, article.published) == ("Closing", "2023-11-14")
    assert article.text == ENGLISH


def test_a_row_without_text_is_named_and_the_next_is_read(make: Make) -> None:
    path = make("a.csv", f"标题,正文\n空,\n满,{BODY}\n")
    refusal, article = read(path)
    assert isinstance(refusal, Refusal)
    assert refusal.path.endswith("a.csv:2")
    assert isinstance(article, Article)
    assert article.text == BODY


def test_a_text_of_commas_stays_a_text(make: Make) -> None:
    text = "市长来源,时间,都说了\n\n" + BODY
    assert BODY in only(make("a.txt", text)).text
    assert only(make("b.txt", "From: the harbour, a letter\n\n" + ENGLISH)).text.endswith(ENGLISH)


def test_workbook(make: Make) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(["柳湾晚报存稿", None, None])
    book.active.append(["标题", "日期", "正文"])
    book.active.append(["大桥开工", "2024-05-06", BODY])
    stream = io.BytesIO()
    book.save(stream)
    article = only(make("a.xlsx", stream.getvalue()))
    assert (article.title, article.published, article.text) == ("大桥开工", "2024-05-06", BODY)


@pytest.mark.parametrize(
    "document",
    [
        {"items": [{"headline": "大桥开工", "body_html": f"<p>{BODY}</p>", "pub_time": ""}]},
        {"response": {"results": [{"webTitle": "大桥开工", "fields": {"bodyText": BODY}}]}},
        {"hits": {"hits": [{"_id": "1", "_source": {"title": "大桥开工", "content": BODY}}]}},
        [{"标题": "大桥开工", "正文": BODY}],
        {"data": {"list": [{"title": "大桥开工", "contentText": BODY}]}},
    ],
)
def test_shapes_of_json_exports(make: Make, document: object) -> None:
    article = only(make("a.json", json.dumps(document, ensure_ascii=False)))
    assert (article.title, article.text) == ("大桥开工", BODY)


def test_json_feed_names_its_paper(make: Make) -> None:
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "柳湾晚报"}
    item = {"id": "9", "content_text": BODY, "date_published": "2024-05-06T08:00:00+08:00"}
    article = only(make("a.json", json.dumps({**feed, "items": [item]})))
    assert (article.source, article.published, article.text) == ("柳湾晚报", "2024-05-06", BODY)


@pytest.mark.parametrize("name", ["a.eml", "a.txt"])
def test_mail(make: Make, name: str) -> None:
    article = only(make(name, MAIL.encode("gb2312")))
    assert (article.title, article.text, article.published) == ("大桥开工", BODY, "2024-05-06")
    assert article.byline == ""


@pytest.mark.parametrize("name", ["a.mht", "a.mhtml", "a.txt"])
def test_saved_page(make: Make, name: str) -> None:
    article = only(make(name, MHT.encode("gbk")))
    assert (article.title, article.text) == ("大桥开工", BODY)
    assert article.url == "http://paper.example/7"


@pytest.mark.parametrize("name", ["a.rtf", "a.txt"])
def test_rich_text(make: Make, name: str) -> None:
    text = only(make(name, RTF)).text
    assert "柳湾" in text
    assert "Work began." in text
    assert "\\" not in text


def zipped(**members: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content)  # no time of day in it
    return stream.getvalue()


def test_open_document(make: Make) -> None:
    content = f"""<office:document-content xmlns:office="o" xmlns:text="t" xmlns:table="b">
<office:body><office:text><text:h>大桥开工</text:h><text:p>{BODY}<text:s text:c="2"/>完</text:p>
<table:table><table:table-row><table:table-cell><text:p>桥名</text:p></table:table-cell>
<table:table-cell><text:p>长度（米）</text:p></table:table-cell></table:table-row>
<table:table-row><table:table-cell><text:p>柳湾桥</text:p></table:table-cell>
<table:table-cell><text:p>640</text:p></table:table-cell></table:table-row></table:table>
</office:text></office:body></office:document-content>"""
    article = only(make("a.odt", zipped(**{"content.xml": content})))
    assert article.title == "大桥开工"
    assert "柳湾桥，长度：640米。" in article.text


def test_book(make: Make) -> None:
    container = '<container><rootfiles><rootfile full-path="O/c.opf"/></rootfiles></container>'
    package = """<package><metadata><title>柳湾年鉴</title><creator>岳青</creator><date>2019</date>
</metadata><manifest><item id="n" href="n.xhtml" properties="nav"/><item id="b" href="b.xhtml"/>
<item id="a" href="a.xhtml"/></manifest><spine><itemref idref="n"/><itemref idref="a"/>
<itemref idref="b"/></spine></package>"""
    members = {"META-INF/container.xml": container, "O/c.opf": package, "O/n.xhtml": "<a>目录</a>"}
    for name, body in (("a", BODY), ("b", OTHER)):
        members[f"O/{name}.xhtml"] = f"<html><body><h1>第{name}章</h1><p>{body}</p></body></html>"
    first, second = read_file(make("a.epub", zipped(**members)))
    assert [(a.title, a.text) for a in (first, second)] == [("第a章", BODY), ("第b章", OTHER)]
    assert (first.byline, first.source, first.published) == ("岳青", "柳湾年鉴", "2019")


@pytest.mark.parametrize(
    ("name", "content", "advice"),
    [
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 100, "save it as .docx"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 100, "save it as .xlsx or .csv"),
        ("a.xml", "<mets><a/></mets>", "add the ALTO files"),
        ("a.xml", "<invoice><sum>4</sum></invoice>", "save its text as .txt"),
        ("a.xml", '<!DOCTYPE r [<!ENTITY a "aa">]><rss>&a;</rss>', "without its document type"),
        ("a.xlsx", zipped(x="y"), "unpack it"),
        ("a.epub", "no book", "is not an EPUB book"),
        ("a.odt", zipped(**{"content.xml": "y"})[:60], "get the file again"),
        ("a.rtf", "no rich text", "name it as what it is"),
    ],
)
def test_what_is_refused_says_what_to_do(
    make: Make, name: str, content: str | bytes, advice: str
) -> None:
    with pytest.raises(ReadError, match=advice):
        read_file(make(name, content))


def test_no_file_of_another_is_read_through_an_entity(make: Make, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("hidden words")
    entity = f'<!DOCTYPE nitf SYSTEM "{tmp_path / "secret"}">'
    assert "hidden" not in only(make("a.xml", entity + NITF)).text


@pytest.mark.parametrize("encoding", ["gb18030", "gb2312", "utf-16"])
def test_feeds_in_other_encodings(make: Make, encoding: str) -> None:
    declared = RSS.replace("UTF-8", encoding)
    bridge, _ = read_file(make("a.rss", declared.encode(encoding)))
    assert bridge.text.startswith(BODY)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.rss", RSS.replace("<description>", "<content/><description>", 1)),
        ("a.xml", PAGE.replace('index="1"', 'index="one"')),
        ("a.xml", ALTO.replace('CONTENT="ferry"', 'CONTENT=""')),
        ("a.txt", "标题,正文\r,x\n" + BODY),
    ],
)
def test_small_mistakes_stop_nothing(make: Make, name: str, content: str) -> None:
    assert all(isinstance(entry, Article) for entry in read(make(name, content)))


def test_a_sheet_that_holds_no_articles_is_told_as_a_table(make: Make) -> None:
    article = only(make("a.csv", "桥名,跨度（米）,通车\n柳湾桥,640,五月\n石桥,120,六月\n"))
    assert article.text.split("\n")[:2] == ["柳湾桥，跨度：640米。", "柳湾桥，通车：五月。"]


@pytest.mark.parametrize("piece", ["<![CDhannel[x", "<![endif]", "<!x", "<![if x["])
def test_a_damaged_feed_says_so_or_is_read(make: Make, piece: str) -> None:
    broken = RSS.replace("</channel>", "").replace("<item>", f"{piece}<item>")
    for entry in read(make("a.rss", broken)):
        assert isinstance(entry, Article) or "cannot be read (" not in entry.reason


def test_a_marked_section_of_no_known_kind_is_a_comment(make: Make) -> None:
    content = RSS.replace(f"<p>{OTHER}", f"<![CDATAd[x]>{OTHER}").replace("]]></c", "<b>]]></c")
    bridge, _ = read_file(make("a.rss", content))
    assert bridge.text.startswith(BODY)
    page = f"<html><body><p>{BODY}</p><![x[y]><p>{OTHER}</p></body></html>"
    assert BODY in only(make("a.html", page)).text
