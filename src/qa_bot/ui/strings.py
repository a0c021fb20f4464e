"""Every word of the page, in its three languages, and which language a browser asks for."""

from __future__ import annotations

import re

__all__ = ["EXAMPLES", "LANGUAGES", "LOCALES", "STRINGS", "language_of", "say"]

# Our language tags and the names under which Gradio keeps its own labels.
LOCALES = {"zh-Hans": "zh-CN", "zh-Hant": "zh-TW", "en": "en"}

# Languages of articles, each in its own words; any other shows as its tag.
LANGUAGES = {
    "zh-Hans": "简体中文",
    "zh-Hant": "繁體中文",
    "zh": "中文",
    "en": "English",
    "ja": "日本語",
    "ko": "한국어",
    "de": "Deutsch",
    "fr": "Français",
    "es": "Español",
    "ru": "Русский",
}

STRINGS: dict[str, dict[str, str]] = {
    "en": {
        "tagline": "Ask the newspapers. Every answer quotes its source.",
        "tab_ask": "Ask",
        "tab_library": "Library",
        "chat": "Conversation",
        "question": "Your question",
        "question_hint": "Ask about the articles…",
        "send": "Ask",
        "filters": "Filter by date and source",
        "since": "From",
        "until": "Until",
        "date_hint": "2024, 2024-08 or 2024-08-09",
        "source": "Source",
        "any_source": "All sources",
        "retry": "Ask again",
        "clear": "Clear the conversation",
        "welcome": "What would you like to know?",
        "welcome_more": "Answers are quoted word for word from the articles in the library.",
        "welcome_empty": "The library is empty. Add articles under “Library” first.",
        "searching": "Searching the articles…",
        "reading": "Reading {count} passages…",
        "writing": "Writing…",
        "sources": "Quoted sources",
        "unsupported": "not verified",
        "not_found": "Not in the articles",
        "related": "Nearest passages",
        "found": "Passages found",
        "panel_hint": "Click a citation number to open its article at the quoted sentence.",
        "cite": "Source {number}: {title}",
        "open_article": "Open: {title}",
        "untitled": "Untitled",
        "close": "Close the article",
        "original": "Original page",
        "gone": "This article is no longer in the library.",
        "changed": "This article has been changed since it was quoted.",
        "failed": "Something went wrong on the server; its log says more.",
        "upload": "Add articles: txt, md, html, pdf, docx, json, jsonl",
        "uploading": "Reading file {done} of {total}: {name}",
        "so_far": " — articles added so far: {count}",
        "embedding": "Searchable now. Preparing search by meaning: {done} of {total} passages",
        "upload_done": "Done.",
        "added": "added",
        "replaced": "replaced",
        "skipped": "already there",
        "refused": "refused",
        "filter": "Find in the library",
        "filter_hint": "Headline, byline, source…",
        "headline": "Headline",
        "byline": "Byline",
        "date": "Date",
        "lang": "Language",
        "remove": "Remove",
        "remove_article": "Remove: {title}",
        "confirm_remove": "Remove “{title}” from the library?",
        "removed": "Removed: {title}",
        "library_empty": "No articles yet.",
        "nothing_matches": "No article matches.",
        "range": "{first}–{last} of {total}",
        "range_open": "{first}–{last}",
        "newer": "Previous",
        "older": "Next",
    },
    "zh-Hans": {
        "tagline": "向报纸提问，每个回答都有原文为证。",
        "tab_ask": "提问",
        "tab_library": "文章库",
        "chat": "对话",
        "question": "你的问题",
        "question_hint": "问一问这些文章……",
        "send": "提问",
        "filters": "按日期和来源筛选",
        "since": "起始日期",
        "until": "截止日期",
        "date_hint": "2024、2024-08 或 2024-08-09",
        "source": "来源",
        "any_source": "全部来源",
        "retry": "重新回答",
        "clear": "清空对话",
        "welcome": "想了解什么？",
        "welcome_more": "回答逐字引自文章库中的文章。",
        "welcome_empty": "文章库还是空的，请先在“文章库”中添加文章。",
        "searching": "正在检索文章……",
        "reading": "正在阅读 {count} 个段落……",
        "writing": "正在作答……",
        "sources": "引用出处",
        "unsupported": "未经核实",
        "not_found": "文章中没有答案",
        "related": "最接近的段落",
        "found": "找到的段落",
        "panel_hint": "点击引用编号，即可打开原文并定位到所引句子。",
        "cite": "出处 {number}：{title}",
        "open_article": "打开：{title}",
        "untitled": "无标题",
        "close": "关闭文章",
        "original": "原始网页",
        "gone": "这篇文章已不在文章库中。",
        "changed": "这篇文章在被引用之后有改动。",
        "failed": "服务器出错了，详情见其日志。",
        "upload": "添加文章：txt、md、html、pdf、docx、json、jsonl",
        "uploading": "正在读取第 {done} 个文件，共 {total} 个：{name}",
        "so_far": "，已添加 {count} 篇",
        "embedding": "现在即可检索。正在准备语义检索：{done} / {total} 个段落",
        "upload_done": "完成。",
        "added": "已添加",
        "replaced": "已替换",
        "skipped": "已有相同内容",
        "refused": "未能添加",
        "filter": "在文章库中查找",
        "filter_hint": "标题、作者、来源……",
        "headline": "标题",
        "byline": "作者",
        "date": "日期",
        "lang": "语言",
        "remove": "移除",
        "remove_article": "移除：{title}",
        "confirm_remove": "要从文章库中移除“{title}”吗？",
        "removed": "已移除：{title}",
        "library_empty": "还没有文章。",
        "nothing_matches": "没有符合的文章。",
        "range": "第 {first}–{last} 篇，共 {total} 篇",
        "range_open": "第 {first}–{last} 篇",
        "newer": "上一页",
        "older": "下一页",
    },
    "zh-Hant": {
        "tagline": "向報紙提問，每個回答都有原文為證。",
        "tab_ask": "提問",
        "tab_library": "文章庫",
        "chat": "對話",
        "question": "你的問題",
        "question_hint": "問一問這些文章……",
        "send": "提問",
        "filters": "依日期和來源篩選",
        "since": "起始日期",
        "until": "截止日期",
        "date_hint": "2024、2024-08 或 2024-08-09",
        "source": "來源",
        "any_source": "全部來源",
        "retry": "重新回答",
        "clear": "清空對話",
        "welcome": "想了解什麼？",
        "welcome_more": "回答逐字引自文章庫中的文章。",
        "welcome_empty": "文章庫還是空的，請先在「文章庫」中加入文章。",
        "searching": "正在檢索文章……",
        "reading": "正在閱讀 {count} 個段落……",
        "writing": "正在作答……",
        "sources": "引用出處",
        "unsupported": "未經核實",
        "not_found": "文章中沒有答案",
        "related": "最接近的段落",
        "found": "找到的段落",
        "panel_hint": "點按引用編號，即可打開原文並定位到所引句子。",
        "cite": "出處 {number}：{title}",
        "open_article": "打開：{title}",
        "untitled": "無標題",
        "close": "關閉文章",
        "original": "原始網頁",
        "gone": "這篇文章已不在文章庫中。",
        "changed": "這篇文章在被引用之後有改動。",
        "failed": "伺服器出錯了，詳情見其記錄。",
        "upload": "加入文章：txt、md、html、pdf、docx、json、jsonl",
        "uploading": "正在讀取第 {done} 個檔案，共 {total} 個：{name}",
        "so_far": "，已加入 {count} 篇",
        "embedding": "現在即可檢索。正在準備語意檢索：{done} / {total} 個段落",
        "upload_done": "完成。",
        "added": "已加入",
        "replaced": "已取代",
        "skipped": "已有相同內容",
        "refused": "未能加入",
        "filter": "在文章庫中尋找",
        "filter_hint": "標題、作者、來源……",
        "headline": "標題",
        "byline": "作者",
        "date": "日期",
        "lang": "語言",
        "remove": "移除",
        "remove_article": "移除：{title}",
        "confirm_remove": "要從文章庫中移除「{title}」嗎？",
        "removed": "已移除：{title}",
        "library_empty": "還沒有文章。",
        "nothing_matches": "沒有符合的文章。",
        "range": "第 {first}–{last} 篇，共 {total} 篇",
        "range_open": "第 {first}–{last} 篇",
        "newer": "上一頁",
        "older": "下一頁",
    },
}

# Questions the sample articles answer: (question, words of the headline that answers it).
# One is offered only while its article is in the library.
EXAMPLES: dict[str, list[tuple[str, str]]] = {
    "zh-Hans": [
        ("中心医院临黛院区有多少张床位？", "临黛院区下月开诊"),
        ("大井菜市场的火灾烧毁了多少摊位？", "大井菜市场凌晨起火"),
        ("公益游泳课一期交多少钱", "八千个名额教孩子学游泳"),
        ("第五届黛江书展 主题", "第五届黛江书展"),
    ],
    "zh-Hant": [
        ("黛江燈會江心那條龍燈有多長？", "元宵燈會三百二十組花燈"),
        ("今年端午的龍舟夜間表演為何沒辦成？", "端午賽龍舟"),
        ("中心醫院臨黛院區有多少張床位？", "临黛院区下月开诊"),
    ],
    "en": [
        ("Who chaired the talks between the night market and the residents?", "Night market"),
        ("During which hours may folding bikes be taken on the metro?", "Metro Line 2 opens"),
        ("Why did customs hold the rudder of the student boat?", "Institute's solar boat"),
        ("Where did the cells of the student solar boat come from?", "Institute's solar boat"),
    ],
}

_TRADITIONAL = {"hant", "tw", "hk", "mo"}


def language_of(accept_language: str | None) -> str:
    """Which of our languages an Accept-Language header asks for; English when none of them."""
    wishes: list[tuple[float, str]] = []
    for wish in (accept_language or "").lower().split(","):
        tag, _, rest = wish.strip().partition(";")
        weight = re.fullmatch(r"\s*q=([01](?:\.\d{0,3})?)\s*", rest)
        wishes.append((float(weight[1]) if weight else 1.0, tag))
    for weight_of_tag, tag in sorted(wishes, key=lambda wish: -wish[0]):
        parts = tag.split("-")
        if weight_of_tag == 0:
            continue
        if parts[0] == "zh":
            traditional = _TRADITIONAL & set(parts) and "hans" not in parts
            return "zh-Hant" if traditional else "zh-Hans"
        if parts[0] == "en":
            return "en"
    return "en"


def say(lang: str, key: str, **fields: object) -> str:
    """The words for `key` in `lang`. They are plain text: escape them like any other."""
    return STRINGS[lang][key].format(**fields)
