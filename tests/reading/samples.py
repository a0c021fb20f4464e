"""Texts and files to be read, and how they are read in the tests."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

from reportlab.lib import pdfencrypt
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen import canvas

from qa_bot.reading import read
from qa_bot.records import Article, Refusal

HANS_SHORT = "昨日上午，新建的滨河图书馆正式向市民开放，首日接待读者三千人次。"
HANS = (
    "本报讯 3月12日，东湖区举行植树节活动，三百多名志愿者在河岸种下两千棵水杉。区长林晓表示，"
    "今年全区计划新增绿地十五公顷，让居民出门五百米就能见到公园。\n\n"
    "据了解，这批树苗由市园林局提供，成活后每年可以吸收二氧化碳约四十吨。记者在现场看到，"
    "许多家长带着孩子一起挖坑、培土、浇水，忙得不亦乐乎。活动将持续到本月底。\n"
)
HANT_SHORT = "昨日上午，新建的濱河圖書館正式向市民開放，首日接待讀者三千人次。"
HANT = (
    "記者陳美玲報導，市政府昨天宣布，自明年一月起調整公車票價，學生與長者維持半價優惠。交通局長"
    "說明，調整後每年可增加經費兩億元，用來汰換老舊車輛，並在偏遠地區增開班次。\n\n"
    "市議員認為，票價調整應該與服務品質一併檢討，否則難以說服民眾。這項計畫將在下個月送交議會審議。\n"
)
JA_SHORT = "昨日、市内に新しい図書館が開館し、初日は三千人が訪れた。"
JA = (
    "市は十二日、駅前の再開発計画を発表した。老朽化した商業施設を取り壊し、図書館と広場を整備する。"
    "総事業費は約百二十億円で、来年度に着工し、三年後の完成を目指すという。\n\n"
    "市長は記者会見で「市民が集まる場所にしたい」と述べた。一方、住民からは渋滞を心配する声も出ている。\n"
)
WEST = "Le café de la gare a rouvert « après des années » d’attente — l’été où tout a changé.\n"
Make = Callable[[str, bytes | str], Path]


def articles(*sources: Path) -> list[Article]:
    entries = list(read(sources))
    assert all(isinstance(entry, Article) for entry in entries), entries
    return [entry for entry in entries if isinstance(entry, Article)]


def refusal(*sources: Path, **options: float) -> str:
    entries = list(read(sources, **options))
    assert len(entries) == 1, entries
    assert isinstance(entries[0], Refusal), entries
    return entries[0].reason


def whole(found: list[Article]) -> str:
    """Everything read, without white space: how a page is split is tested elsewhere."""
    return "".join("".join((a.title + a.byline + a.text).split()) for a in found)


def squeezed(text: str) -> str:
    return "".join(text.split())


SAMPLES = [
    (sample, encoding)
    for samples, encodings in (
        ((HANS_SHORT, HANS), ("gb18030", "gbk", "utf-8", "utf-8-sig", "utf-16")),
        ((HANT_SHORT, HANT), ("big5", "big5hkscs", "cp950", "gb18030", "utf-8", "utf-16")),
        ((JA_SHORT, JA), ("shift_jis", "cp932", "euc_jp", "utf-8", "utf-16")),
        ((HANS_SHORT, HANS, HANT_SHORT, HANT, JA_SHORT, JA, WEST), ("utf-16-le", "utf-16-be")),
        ((WEST,), ("cp1252", "utf-8", "utf-32")),
        (("Пенсии вырастут с первого января, сообщили в правительстве.",), ("cp1251", "koi8_r")),
        (("어제 시내에 새 도서관이 문을 열어 첫날 삼천 명이 찾았다.",), ("cp949", "euc_kr")),
    )
    for sample in samples
    for encoding in encodings
]
BINARIES = {
    "JPEG": b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(range(256)) * 4,
    "ZIP": b"PK\x03\x04" + bytes(range(256)) * 4,
    "PDF": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n",
}
PAGE = """<!DOCTYPE html><html lang="zh"><head><meta charset="{charset}">
<title>东湖区植树_东湖日报</title><meta property="og:site_name" content="东湖日报">
<meta name="author" content="林一">
<meta property="article:published_time" content="2024-03-12T08:00:00+08:00">
<link rel="canonical" href="https://example.com/a/1.html"><script>var x = "脚本";</script></head>
<body><nav><a href="/">首页</a> <a href="/2">视频</a></nav><h1>东湖区植树</h1><div class="content">
<p>本报讯&nbsp;3月12日，东湖区举行植树节活动，三百多名志愿者在河岸种下两千棵水杉。</p>
<p>区长林晓表示，今年全区计划新增绿地十五公顷，让居民出门五百米就能见到公园。</p>
<p>据了解，这批树苗由市园林局提供，成活后每年可以吸收二氧化碳约四十吨。</p></div>
<img src="http://192.0.2.1/x.png"><footer>版权所有 2021</footer></body></html>"""


def write_pdf(
    pages: list[list[str]], *, size: tuple[float, float] = (595, 842), password: str = ""
) -> bytes:
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    out = io.BytesIO()
    encryption = pdfencrypt.StandardEncryption(password) if password else None
    drawing = canvas.Canvas(out, pagesize=size, encrypt=encryption)
    for lines in pages:
        drawing.setFont("STSong-Light", 12)
        for number, line in enumerate(lines):
            drawing.drawString(60, size[1] - 60 - 18 * number, line)
        drawing.showPage()
    drawing.save()
    return out.getvalue()


def wrapped(text: str, width: int = 30) -> list[str]:
    return [
        part[i : i + width] for part in text.split("\n") for i in range(0, len(part) or 1, width)
    ]


def save_docx(document: object) -> bytes:
    out = io.BytesIO()
    document.save(out)  # type: ignore[attr-defined]
    return out.getvalue()


ROW = {
    "id": 42,
    "title": "东湖区植树",
    "text": "三百多名志愿者在河岸种下两千棵水杉。",
    "date": "2024年3月12日",
    "source": "东湖日报",
    "url": "https://example.com/a",
    "byline": "林一",
}
