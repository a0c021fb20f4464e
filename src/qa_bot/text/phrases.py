"""What qa_bot itself says, in the language of the question."""

from __future__ import annotations

from qa_bot.text.languages import detect_language

__all__ = [
    "alternatively",
    "answer_language",
    "language_name",
    "not_in_articles",
    "says_not_in_articles",
]

_NOT_IN_ARTICLES = {
    "zh-Hans": "这些文章里没有这个问题的答案。",
    "zh-Hant": "這些文章裡沒有這個問題的答案。",
    "en": "These articles do not answer this question.",
    "ja": "これらの記事には、この質問の答えはありません。",
    "ko": "이 기사들에는 이 질문에 대한 답이 없습니다.",
    "de": "Diese Artikel beantworten die Frage nicht.",
    "fr": "Ces articles ne répondent pas à cette question.",
    "es": "Estos artículos no responden a esta pregunta.",
    "it": "Questi articoli non rispondono a questa domanda.",
    "pt": "Estes artigos não respondem a esta pergunta.",
    "nl": "Deze artikelen beantwoorden de vraag niet.",
    "ru": "В этих статьях нет ответа на этот вопрос.",
    "uk": "У цих статтях немає відповіді на це питання.",
    "pl": "Te artykuły nie odpowiadają na to pytanie.",
    "tr": "Bu makalelerde bu sorunun yanıtı yok.",
    "vi": "Các bài báo này không có câu trả lời cho câu hỏi này.",
    "id": "Artikel-artikel ini tidak menjawab pertanyaan tersebut.",
    "th": "บทความเหล่านี้ไม่มีคำตอบสำหรับคำถามนี้",
    "ar": "لا تجيب هذه المقالات عن هذا السؤال.",
    "hi": "इन लेखों में इस प्रश्न का उत्तर नहीं है।",
    "el": "Αυτά τα άρθρα δεν απαντούν σε αυτή την ερώτηση.",
    "ro": "Aceste articole nu răspund la această întrebare.",
}


def answer_language(question: str) -> str:
    """The language qa_bot answers `question` in: its own if qa_bot speaks it, else English."""
    language = detect_language(question)
    return language if language in _NOT_IN_ARTICLES else "en"


def not_in_articles(language: str) -> str:
    """The sentence that says that the articles do not hold the answer."""
    return _NOT_IN_ARTICLES[language]


_OR = {
    "zh-Hans": "或者：",
    "zh-Hant": "或者：",
    "en": "Or: ",
    "ja": "または：",
    "ko": "또는: ",
    "de": "Oder: ",
    "fr": "Ou bien : ",
    "es": "O bien: ",
    "it": "Oppure: ",
    "pt": "Ou então: ",
    "nl": "Of: ",
    "ru": "Или: ",
    "uk": "Або: ",
    "pl": "Albo: ",
    "tr": "Ya da: ",
    "vi": "Hoặc: ",
    "id": "Atau: ",
    "th": "หรือ: ",
    "ar": "أو: ",
    "hi": "या: ",
    "el": "Ή: ",
    "ro": "Sau: ",
}


def alternatively(language: str) -> str:
    """What stands before a sentence that may answer instead, with the space between them."""
    return _OR[language]


_NAMES = {
    "zh-Hans": "Simplified Chinese (简体中文)",
    "zh-Hant": "Traditional Chinese (繁體中文)",
    "en": "English",
    "ja": "Japanese (日本語)",
    "ko": "Korean (한국어)",
    "de": "German",
    "fr": "French",
    "es": "Spanish",
    "it": "Italian",
    "pt": "Portuguese",
    "nl": "Dutch",
    "ru": "Russian",
    "uk": "Ukrainian",
    "pl": "Polish",
    "tr": "Turkish",
    "vi": "Vietnamese",
    "id": "Indonesian",
    "th": "Thai",
    "ar": "Arabic",
    "hi": "Hindi",
    "el": "Greek",
    "ro": "Romanian",
}


def language_name(language: str) -> str:
    """What a language model knows the language by."""
    return _NAMES[language]


def says_not_in_articles(text: str) -> bool:
    """Whether `text` is, in any language, no more than the sentence of `not_in_articles`."""
    bare = _bare(text)
    return any(bare == _bare(phrase) for phrase in _NOT_IN_ARTICLES.values())


def _bare(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalnum())
