"""How likely a character is in newspaper text, by language: what tells one encoding from another.

Rough unigram models, enough to tell Chinese from the nonsense that its bytes spell in another
encoding. The lists hold the most frequent characters; the rest is known by which part of its
national character set it stands in (the first level of GB 2312, Big5 and JIS X 0208 is "common").
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from itertools import pairwise

__all__ = ["CENTRAL", "MODELS", "WESTERN", "likelihood"]

_HANS = (
    "的一国在人了有中是年和大业不为发会工经上地市要个产这出行作生家以成到日民来我部对进多全建他公开们场展时理新方"
    "主企资实学报制政济用同于法高长现本月定化加动合品重关机分力自外者区能设后就等体下万元社过前面农也得与说之员而"
    "务利电文事可种总改三各好金第司其从平代当天水省提商十管内小技位目起海所立已通入量子问度北保心还科委都术使明着"
    "次将增基名向门应里美由规今题记点计去强两些表系办教正条最达特革收二期并程厂如道际及西口京华任调性导组东路活广"
    "意比投决交统党南安此领结营项情解议义山先车然价放世间因共院步物界集把持无但城相书村求治取原处府研质信四运县军"
    "件育局干队团又造形级标联专少费效据手施权江近深更认果格几看没职服台式益想数单样只被亿老受优常销志战流很接乡头"
    "给至难观指创证织论别五协变风批见究支那查张精每林转划准做需传争税构具百或才积势举必型易视快李参回引镇首推思完"
    "消值该走装众责备州供包副极整确知贸己环话反身选亚么带采王策真女谈严斯况色打德告仅它气料神率识劳境源青护列兴许"
    "户马港则节款拉直案股光较河花根布线土克再群医清速律她族历非感占续师何影功负验望财类货约艺售连纪按讯史示象养获"
    "石食抓富模始住赛客越闻央席坚"
)
_HANT = (
    "的一國在人了有中是年和大業不為發會工經上地市要個產這出行作生家以成到日民來我部對進多全建他公開們場展時理新方"
    "主企資實學報制政濟用同於法高長現本月定化加動合品重關機分力自外者區能設後就等體下萬元社過前面農也得與說之員而"
    "務利電文事可種總改三各好金第司其從平代當天水省提商十管內小技位目起海所立已通入量子問度北保心還科委都術使明著"
    "次將增基名向門應里美由規今題記點計去強兩些表系辦教正條最達特革收二期並程廠如道際及西口京華任調性導組東路活廣"
    "意比投決交統黨南安此領結營項情解議義山先車然價放世間因共院步物界集把持無但城相書村求治取原處府研質信四運縣軍"
    "件育局幹隊團又造形級標聯專少費效據手施權江近深更認果格幾看沒職服台式益想數單樣只被億老受優常銷志戰流很接鄉頭"
    "給至難觀指創證織論別五協變風批見究支那查張精每林轉劃準做需傳爭稅構具百或才積勢舉必型易視快李參回引鎮首推思完"
    "消值該走裝眾責備州供包副極整確知貿己環話反身選亞麼帶採王策真女談嚴斯況色打德告僅它氣料神率識勞境源青護列興許"
    "戶馬港則節款拉直案股光較河花根布線土克再群醫清速律她族歷非感占續師何影功負驗望財類貨約藝售連紀按訊史示象養獲"
    "石食抓富模始住賽客越聞央席堅臺裡說爲灣臺綫羣這樣製製"
)
_KANJI = (
    "日一国会人年大十二本中長出三同時政事自行社見月分議後前民生連五発間対上部東者党地合市業内相方四定今回新場金員"
    "九入選立開手米力学問高代明実円関決子動京全目表戦経通外最言氏現理調体化田当八六約主題下首意法不来作性的要用制"
    "治度務強気小七成期公野協取都和統以機平総加山思家話世受区領多県続進正安設保改数記院女初北午指権心界支第産結百"
    "派点教報済書府活原先共得解名交資予川向際査勝面委告軍文反元重近千考判認画海参売利組知案道信策集在件団別物側任"
    "引使求所次水半品昨論計死官増係感特情投示変打男基私各始島直両朝革価式確村提運終挙果西勢減台広容必応演電歳住争"
    "談能無再位置企真流格有疑口過局少放税検藤町常校料沢裁状工建語球営空職証土与急止送援供可役構木割聞身費付施切由"
    "説転食比難防補車優夫研収断井何南石足違消境神番規術護展態導鮮備宅害配副算視条幹独警宮究育席輸訪楽起万着乗店述"
    "残想線率病農州武声質念待試族象銀域助労例衛然早張映限親額監環験追審商葉義伝働形景落欧担好退準賀訴辺造英被株頭"
    "技低毎医復仕去姿味負閣韓渡失移差衆個門写評課末守若脳極種美岡影命含福蔵量望松非撃佐核観察整段横融型白深字答夜"
    "製票況音申様財港識注呼渉達"
)
_HANGUL = (
    "이다는에의을고하가로지은한를도서자기사시으있대인어아나리정해부일그원스수과만제것여들전년했보상라구장주성국되게조와"
    "경면동공중안관개까트선신때거문미오위당등방습니않발운치세무재내소비모우생실업연학반물드계영회금마진던화며같력월바분"
    "데통적간말출교단용행했산임결민식행강심중유건권밝표타된차크려르명된입체토요호없두러음외론법합역"
)
_CYRILLIC = "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъё"
_GREEK = "αοιετσνηυρπκμλςωδγχθφβξζψάόίέήύώϊϋ"
# By frequency, the twelve commonest letters first.
_HEBREW = "יוהלארמתבשנעםדקחפטגכסצןזךףץ"
_ARABIC = "اليمنرتبةدعسفهكقحجشصطأخضذزىئءغظثإؤآ"
_THAI = "านรกอเงมยลวทตส่้ิี์ัคแะับไปหดใขจโพชูุึืธณศซผฐญฎฏฆฌๆฟภบฯ็ำฉถ๒ฝฤ"
# The letters beside the plain ones, language by language: no language has those of two.
_LATIN = {
    "fr": "éèàçêùâîôûëïœüæÿ",
    "de": "äöüß",
    "es": "áéíóúñü",
    "pt": "ãçáéíóúâêôõàü",
    "it": "àèéìòùî",
    "nl": "éëïóèüöá",
    "sv": "åäöéàü",
    "da": "æøåéö",
    "is": "áðéíóúýþæö",
    "ca": "àèéíòóúçïü·",
    "et": "äõöüšž",
    "tr": "çğıİöşüâî",
    "cs": "áčďéěíňóřšťúůýž",
    "sk": "áäčďéíĺľňóôŕšťúýž",
    "pl": "ąćęłńóśźż",
    "hu": "áéíóöőúüű",
    "hr": "čćđšž",
    "ro": "ăâîșțşţ",
    "vi": (
        "âăđêôơưàáãèéìíòóùúýạảấầẩẫậắằẳẵặẹẻẽếềểễệỉĩịọỏốồổỗộớờởỡợụủũứừử"
        "ữựỳỵỷỹ\u0300\u0301\u0303\u0309\u0323"
    ),
}
_CJK_MARKS = "、。，；：？！“”‘’（）《》〈〉「」『』【】—…·・\u3000"
_WESTERN_MARKS = "“”‘’–—…«»€£°·•§¿¡ªº\u00a0\u00ad"

# Natural logarithms of a character's probability.
_ASCII = -4.0
_MARK = -4.5
_VERY_FREQUENT = -5.5  # the first hundred of a list
_FREQUENT = -7.0
_COMMON = -9.6
_RARE = -12.2
_FOREIGN = -13.0
_STRANGE = -16.0
_BROKEN = -20.0  # U+FFFD: a byte that does not decode
_LATIN_LETTER = -5.0
_VERY_FREQUENT_COUNT = 100


def _level(codec: str, first: int, last: int) -> set[str]:
    """The characters of a double-byte set whose lead byte lies in [first, last]."""
    trails = (*range(0x40, 0x7F), *range(0x80, 0xFF))
    pairs = (bytes((lead, trail)) for lead in range(first, last + 1) for trail in trails)
    return {c for pair in pairs for c in pair.decode(codec, "ignore") if not c.isascii()}


def _ranked(frequent: str) -> dict[str, float]:
    ranks = dict.fromkeys(frequent, _FREQUENT)
    return ranks | dict.fromkeys(frequent[:_VERY_FREQUENT_COUNT], _VERY_FREQUENT)


def _kana() -> str:
    return "".join(map(chr, (*range(0x3041, 0x3094), *range(0x30A1, 0x30F7)))) + "ー"


def _hans() -> dict[str, float]:
    levels = dict.fromkeys(_level("gb2312", 0xD8, 0xF7), _RARE)
    levels |= dict.fromkeys(_level("gb2312", 0xB0, 0xD7), _COMMON)
    return levels | _ranked(_HANS) | dict.fromkeys(_CJK_MARKS, _MARK)


def _hant() -> dict[str, float]:
    levels = dict.fromkeys(_level("big5", 0xC9, 0xF9), _RARE)
    levels |= dict.fromkeys(_level("big5", 0xA4, 0xC6), _COMMON)
    return levels | _ranked(_HANT) | dict.fromkeys(_CJK_MARKS, _MARK)


def _ja() -> dict[str, float]:
    levels = dict.fromkeys(_level("shift_jis", 0x98, 0xEA), _RARE)
    levels |= dict.fromkeys(_level("shift_jis", 0x88, 0x97), _COMMON)
    kana = dict.fromkeys(_kana(), _VERY_FREQUENT)
    return levels | _ranked(_KANJI) | kana | dict.fromkeys(_CJK_MARKS, _MARK)


def _ko() -> dict[str, float]:
    levels = dict.fromkeys(_level("euc_kr", 0xCA, 0xFD), _RARE)
    levels |= dict.fromkeys(_level("euc_kr", 0xB0, 0xC8), _COMMON)
    return levels | _ranked(_HANGUL) | dict.fromkeys(_CJK_MARKS, _MARK)


def _latin(letters: str) -> dict[str, float]:
    """A language's own letters; those of its neighbours stand in names alone."""
    others = "".join(_LATIN.values())
    model = dict.fromkeys(others.upper() + others, _COMMON)
    model |= dict.fromkeys(letters.upper(), _FREQUENT) | dict.fromkeys(letters, _LATIN_LETTER)
    return model | dict.fromkeys(_WESTERN_MARKS, _LATIN_LETTER)


def _alphabet(letters: str) -> dict[str, float]:
    upper, lower = dict.fromkeys(letters.upper(), _COMMON), dict.fromkeys(letters, _FREQUENT)
    return (
        upper
        | lower
        | dict.fromkeys(letters[:12], _LATIN_LETTER)
        | dict.fromkeys("«»№—", _FREQUENT)
    )


MODELS: dict[str, Callable[[], dict[str, float]]] = {
    "zh-Hans": _hans,
    "zh-Hant": _hant,
    "ja": _ja,
    "ko": _ko,
    "ru": lambda: _alphabet(_CYRILLIC),
    "el": lambda: _alphabet(_GREEK),
    "he": lambda: _alphabet(_HEBREW),
    "ar": lambda: _alphabet(_ARABIC),
    "th": lambda: _alphabet(_THAI),
    **{language: partial(_latin, letters) for language, letters in _LATIN.items()},
}
CENTRAL = ("cs", "sk", "pl", "hu", "hr", "ro")
"""The languages of Central Europe, written in Latin letters."""
WESTERN = tuple(language for language in _LATIN if language not in (*CENTRAL, "vi"))
"""The languages of the West, and Turkish."""
# Another script inside a Latin word ("f黨rt", "bцl") is an accented letter misread.
_INSIDE_A_WORD = re.compile(
    r"[a-z][\u2e80-\U0010ffff](?=[a-z])|[a-z][\u0370-\u04ff]|[\u0370-\u04ff][a-z]"
)


@cache
def _model(name: str) -> Mapping[str, float]:
    return MODELS[name]()


def _other(character: str) -> float:
    """The likelihood of a character that a model does not list."""
    if character == "\ufffd":
        return _BROKEN
    if character.isascii():
        return _ASCII if character.isprintable() or character in "\t\n\r" else _STRANGE
    if "\uff01" <= character <= "\uff5e":  # full-width letters and digits
        return _COMMON
    if unicodedata.category(character) in ("Cc", "Cn", "Co", "Cs"):
        return _STRANGE
    return _FOREIGN


def likelihood(text: str, models: Sequence[str]) -> float:
    """The logarithm of how likely `text` is in the likeliest of the languages, of `MODELS`."""
    counts = Counter(text)
    inside = len(_INSIDE_A_WORD.findall(text)) * (_RARE - _LATIN_LETTER)
    # Accented letters stand alone; in other scripts' bytes they crowd.
    crowds = sum(a > "\xbf" and "\xbf" < b < "\u0250" for a, b in pairwise(text))
    crowded = crowds * (_RARE - _LATIN_LETTER)
    best = float("-inf")
    for name in models:
        known = _model(name)
        total = sum(n * known.get(c, _other(c)) for c, n in counts.items())
        best = max(best, total + inside + (crowded if name in _LATIN and name != "vi" else 0))
    return best
