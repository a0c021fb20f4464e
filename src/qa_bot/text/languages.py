"""Which language a text or a question is in, told by its script, and by py3langid within one."""

from __future__ import annotations

import copy
import re
import unicodedata
from collections import Counter
from functools import lru_cache

from opencc import OpenCC
from py3langid.langid import MODEL_FILE, LanguageIdentifier

from qa_bot.records import Article

__all__ = ["detect_language", "written_language"]

_SAMPLE = 20_000  # characters that are looked at
_QUESTION = 200  # below this, the title of a work could outweigh the sentence around it

# First code point, last code point, script. Han stands for all of Chinese and for kanji.
_RANGES = (
    (0x0370, 0x03FF, "greek"),
    (0x0400, 0x052F, "cyrillic"),
    (0x0590, 0x05FF, "he"),
    (0x0600, 0x06FF, "arabic"),
    (0x0750, 0x077F, "arabic"),
    (0x0900, 0x097F, "hi"),
    (0x0980, 0x09FF, "bn"),
    (0x0B80, 0x0BFF, "ta"),
    (0x0C00, 0x0C7F, "te"),
    (0x0E00, 0x0E7F, "th"),
    (0x10A0, 0x10FF, "ka"),
    (0x1100, 0x11FF, "ko"),
    (0x3041, 0x309F, "kana"),
    (0x30A1, 0x30FA, "kana"),  # the middle dot behind them is in Chinese names too
    (0x3130, 0x318F, "ko"),
    (0x3400, 0x4DBF, "han"),
    (0x4E00, 0x9FFF, "han"),
    (0xAC00, 0xD7AF, "ko"),
    (0xF900, 0xFAFF, "han"),
    (0x20000, 0x3FFFF, "han"),
)
_STOP_WORDS = {
    "en": "the of and to in is was are were for on that with what who when where which how why did "
    "does do by from at has have had it this a an whose be been an will would can",
    "de": "der die das und ist war wer wie wann wo wurde von mit für auf den dem ein eine nicht "
    "welche welcher welches welchem welchen warum wessen wen wem wofür viele hat hatte im in "
    "zu sich oft kann wird wurden sind bei auch aus nach seine seiner ihr als an",
    "fr": "le la les des et est une dans qui que quand où pour par sur avec du au aux quel quelle "
    "quels combien pourquoi sont été cette il elle ne pas quoi comment",
    "es": "el la los las y es una en que qué quién cuándo dónde por para con del al cuál cómo fue "
    "son cuántos cuántas se su lo no está quiénes un después qué",
    "it": "il lo la gli le e è una in che chi quando dove per con del della di quale come è stato "
    "sono nel nella dei delle si non quanti quante perché",
    "pt": "o os as e é uma em que quem quando onde por para com do da dos das qual como foi são "
    "no na não se ao quantos quantas",
    "nl": "de het een en is was wie wat wanneer waar hoe van met voor op dat niet welke werd door "
    "zijn aan ook bij waarom hebben heeft in te",
    "tr": "ve bir bu ne kim nerede zaman nasıl için ile kaç hangi olarak olan mi mı da daha "
    "hangisi nedir neden kimin sonra oldu kadar çok",
    "ro": "și de la în cu pe care este ce cine când unde fost din pentru câte câți cât cum un nu "
    "au sunt lui al după",
    "id": "yang dan di apa siapa kapan mana bagaimana untuk dengan dari pada adalah berapa ini itu",
    "pl": "i w z na jest co kto kiedy gdzie jak nie się że do był była które który ile",
}
_VOTES: dict[str, list[str]] = {}
for _language, _words in _STOP_WORDS.items():
    for _word in set(_words.split()):
        _VOTES.setdefault(_word, []).append(_language)

# Of what py3langid knows of each alphabet, what papers are written in: for dialects and rarer
# languages names would be taken.
_LATIN = "en de fr es it pt nl tr ro id pl vi sv da no fi cs sk hu hr sl lt lv et ca sq sw tl ms af"
_CYRILLIC = "ru uk bg be sr mk kk ky mn"
_ARABIC = "ar fa ur ps ku ug"
_SURE = 0.5  # probability: a name or a greeting alone stays below it
_SHORT = 60  # characters of Cyrillic
_FEW = 3  # words, up to which the commonest ones tell more than py3langid
_QUOTED_TITLE = re.compile(r"《[^《》]{1,200}》")
_CHINESE_FUNCTION = set("的了是在谁誰什么麼甚几幾多少哪吗嗎呢何和与與为為怎")
_WORD = re.compile(r"[^\W\d_]+")
_UKRAINIAN = frozenset("іїєґІЇЄҐ")
_WORD_OF_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]+")

# Simplified forms that traditional text uses as well, in another sense: no witnesses.
_COMMON_TO_BOTH = set(
    "后里干台只斗谷丑范松郁余征致制出准几卜回云系向周咸面表才冬冲别占吁吊困奸妆姜家岳布当御志恤"
    "愿戚扎托折抵拐挽据摆搜晒朱杠极栗梁欲注涂漓炼熏狸症秋笋签糊累纤胜胡腌舍致获蒙虫袅辟适郁采钟雇"
    "霉须饥体价仆伙借党凶划升卷参吃合同咨喂嘴坛堤塔夸奔宁完峰席干床庵弦恶折效旋昆曲杯杰核梅棱棋洒洗"
    "游灶烟犹猪瓶痒盗着睾碗碱碰秘种稿穗筑粗糍糕绝肮脏腊膻苏苹药蔑裏踪蹿迹遍酰鉴锈闲雕韵鼹麽麪麫"
)


def detect_language(text: str) -> str:
    """The language of `text` as a BCP 47 tag, "" when nothing tells.

    Chinese is `zh-Hans` or `zh-Hant`; without a telling character it is `zh-Hans`. A few
    characters are enough. A question in one language about a name in another is in the language
    of its function words.
    """
    text = text[:_SAMPLE]
    text = _QUOTED_TITLE.sub(" ", text) if len(text) < _QUESTION else text
    scripts = _scripts(text)
    words = [word for word in _WORD.findall(text) if _is_latin(word[0])]
    latin = _latin_language(words) if words else ""
    words = [word.lower() for word in words]
    if not scripts:
        return latin
    script = max(scripts, key=lambda name: scripts[name])
    if latin and _latin_prevails(text, scripts, latin, words):
        return latin
    if scripts["kana"] and script in ("han", "kana"):
        return "ja" if _is_japanese(text, scripts) else _chinese(text)
    match script:
        case "han":
            return _chinese(text)
        case "kana":
            return "ja"
        case "cyrillic":
            return _cyrillic(_WORD_OF_LATIN.sub(" ", text))
        case "arabic":
            return _identified(_WORD_OF_LATIN.sub(" ", text), _ARABIC)[0]
        case "greek":
            return "el"
    return script


def _scripts(text: str) -> Counter[str]:
    """How many characters each script but Latin has."""
    scripts: Counter[str] = Counter()
    for character, count in Counter(text).items():
        if character >= "\u0370" and (script := _script(character)):
            scripts[script] += count
    return scripts


@lru_cache(maxsize=30_000)
def _script(character: str) -> str:
    code = ord(character)
    for first, last, script in _RANGES:
        if first <= code <= last and (character.isalpha() or unicodedata.combining(character)):
            return script
    return ""


def _is_latin(character: str) -> bool:
    return character < "\u0250" or "\u1e00" <= character <= "\u1eff"


def _latin_prevails(text: str, scripts: Counter[str], latin: str, words: list[str]) -> bool:
    """Whether the Latin words carry the sentence, and the other script only names."""
    if scripts["han"] and not scripts["kana"]:
        ours = sum(latin in _VOTES.get(word, ()) for word in words)
        theirs = sum(character in _CHINESE_FUNCTION for character in text)
        return ours > theirs
    letters = [character for character in text if character.isalpha()]
    if not _is_latin(letters[0]):
        return False
    return _is_latin(letters[-1]) or latin in _VOTES.get(words[0], ())


def _latin_language(words: list[str]) -> str:
    """The language of words in Latin letters, "" where they are too few to tell."""
    if 1 < len(words) <= _FEW and all(word[0].isupper() for word in words):
        return ""  # a name
    words = [word.lower() for word in words]
    if len(words) <= _FEW:
        votes = Counter(language for word in set(words) for language in _VOTES.get(word, ()))
        (first, most), (_, next_most) = [*votes.most_common(2), ("", 0), ("", 0)][:2]
        if most > next_most:
            return first
    language, probability = _identified(" ".join(words), _LATIN)
    return language if probability >= _SURE else ""


def _cyrillic(text: str) -> str:
    """Russian where too little is there to tell its neighbours from it."""
    if len(text) < _SHORT:
        return "ru" if _UKRAINIAN.isdisjoint(text) else "uk"
    return _identified(text, _CYRILLIC)[0]


def _identified(text: str, languages: str) -> tuple[str, float]:
    """The likeliest of these languages, and its probability among them."""
    language, probability = _identifier(languages).classify(text)
    return str(language), float(probability)


@lru_cache(maxsize=4)
def _identifier(languages: str) -> LanguageIdentifier:
    identifier = copy.copy(_all_languages())
    identifier.set_languages(languages.split())
    return identifier


@lru_cache(maxsize=1)
def _all_languages() -> LanguageIdentifier:
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)  # half a second


def _is_japanese(text: str, scripts: Counter[str]) -> bool:
    """Kana make a text Japanese; の alone is also found in Chinese shop names."""
    kana, han = scripts["kana"], scripts["han"]
    if kana == text.count("の") and _balance(text) < 0:
        return False
    return kana * 10 >= kana + han


def _chinese(text: str) -> str:
    """zh-Hant if characters that only traditional Chinese has outnumber the simplified ones."""
    return "zh-Hant" if _balance(text) > 0 else "zh-Hans"


def _balance(text: str) -> int:
    """Characters of traditional Chinese alone less those of simplified Chinese alone."""
    counts = Counter(text).items()
    return sum(_side(c) * count for c, count in counts if "\u3400" <= c <= "\u9fff")


@lru_cache(maxsize=2)
def _converter(name: str) -> OpenCC:
    return OpenCC(name)


@lru_cache(maxsize=30_000)
def _side(character: str) -> int:
    """1 for a character of traditional Chinese alone, -1 for one of simplified alone, else 0."""
    if character in _COMMON_TO_BOTH:
        return 0
    if _converter("t2s").convert(character) != character:
        return 1
    return -1 if _converter("s2t").convert(character) != character else 0


def written_language(article: Article) -> str:
    """The primary language subtag (`zh`, `en`, ...) of an article, "" when nothing tells."""
    return (article.lang or detect_language(article.text[:500])).split("-")[0].lower()
