"""Encodings of Central Europe, Vietnam, Israel and others, of seven bits, mixed and mistaken."""

import unicodedata
from pathlib import Path

import pytest

from qa_bot.errors import ReadError
from qa_bot.reading import read
from qa_bot.reading.decoding import decode
from qa_bot.records import Article, Refusal

CS = "Starosta řekl, že škola bude otevřena příští týden. Oprava střechy stála šest milionů."
PL = "Burmistrz powiedział, że most zostanie otwarty w przyszłą środę. Później ruszą też łodzie."
HU = "A polgármester szerint az új híd jövő héten nyílik meg; a költség tízmillió fölött lesz."
HR = "Gradonačelnik je rekao da će most biti otvoren sljedeći četvrtak, a cesta još kasnije."
VI = "Thị trưởng cho biết cây cầu mới sẽ được khánh thành vào tuần tới, sau hai năm xây dựng."
HE = "ראש העיר אמר כי הגשר החדש ייפתח בשבוע הבא, לאחר שנתיים של עבודות."
AR = "قال رئيس البلدية إن الجسر الجديد سيفتتح الأسبوع المقبل بعد عامين من العمل."
TH = "นายกเทศมนตรีกล่าวว่าสะพานใหม่จะเปิดใช้ในสัปดาห์หน้า หลังก่อสร้างสองปี"
FR = "Le maire a déclaré que l'école rouvrirait à la rentrée, après deux années de travaux."
DE = "Der Bürgermeister erklärte, die Brücke werde nächste Woche für alle Fußgänger geöffnet."
RU = "Мэр заявил, что новый мост откроется на следующей неделе после двух лет ремонта."
JA = "市長は、新しい橋が来週開通すると発表した。工事には二年を要した。"
KO = "시장은 새 다리가 다음 주에 개통된다고 밝혔다. 공사에는 두 해가 걸렸다."
HANS = "市长宣布，新桥将于下周通车，工程历时两年，耗资六千万元，沿线居民表示欢迎。"
HANT = "市長宣布，新橋將於下週通車，工程歷時兩年，耗資六千萬元，沿線居民表示歡迎。"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (text, encoding)
        for text, encodings in (
            (CS, ("cp1250", "iso8859_2")),
            (PL, ("cp1250", "iso8859_2")),
            (HU, ("cp1250", "iso8859_2")),
            (HR, ("cp1250", "iso8859_2")),
            (HE, ("cp1255",)),
            (AR, ("cp1256",)),
            (TH, ("cp874",)),
            (FR, ("cp1252",)),
            (DE, ("cp1252",)),
            (RU, ("cp1251", "koi8_r")),
            (JA, ("iso2022_jp", "cp932", "euc_jp", "utf-7")),
            (KO, ("iso2022_kr", "cp949", "utf-7")),
            (HANS, ("hz", "gb18030", "utf-7")),
            (HANT, ("big5", "utf-7")),
        )
        for encoding in encodings
    ],
)
def test_encoding_is_found(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)) == text
    assert decode(f"Notes\n\n{text}\n\n{text}\n".encode(encoding)).endswith(f"\n{text}\n")


def test_vietnamese_of_windows() -> None:
    # Windows writes the tone as a character behind its vowel.
    tones = {"\u0300", "\u0301", "\u0303", "\u0309", "\u0323"}
    split = "".join(c if c.encode("cp1258", "ignore") else _tone_apart(c, tones) for c in VI)
    assert unicodedata.normalize("NFC", decode(split.encode("cp1258"))) == VI


def _tone_apart(character: str, tones: set[str]) -> str:
    parts = unicodedata.normalize("NFD", character)
    tone = "".join(c for c in parts if c in tones)
    return unicodedata.normalize("NFC", "".join(c for c in parts if c not in tones)) + tone


@pytest.mark.parametrize(
    "text",
    [
        "a+b- is +more- than ~{ nothing ~} of it",
        "Call +44-20-7946 or write a+tag@x.example, see x.example/+AbCd-/page",
        "1+2+3=6 ~{}~",
        "C++- and ~{x~}",
    ],
)
def test_plain_ascii_stays(text: str) -> None:
    assert decode(text.encode()) == text


@pytest.mark.parametrize(
    ("first", "second", "encoding"),
    [(HANS, HANS, "gb18030"), (HANT, HANT, "big5"), (JA, JA, "cp932"), (RU, HANS, "cp1251")],
)
def test_lines_of_two_encodings(first: str, second: str, encoding: str) -> None:
    data = first.encode(encoding) + b"\n\n" + second.encode() + b"\n" + first.encode(encoding)
    assert decode(data) == f"{first}\n\n{second}\n{first}"


@pytest.mark.parametrize("text", [HANS, JA, RU, VI, DE + FR])
def test_utf8_read_as_latin_is_repaired(text: str) -> None:
    assert decode(text.encode().decode("latin-1").encode()) == text


def test_utf8_read_as_gbk_is_repaired_or_refused() -> None:
    whole = "新桥下周通车工程历时两年整了" * 2
    assert decode(whole.encode().decode("gb18030").encode()) == whole
    with pytest.raises(ReadError, match="was once read as GBK"):
        decode((HANS[:-2]).encode().decode("gbk", "replace").encode())


@pytest.mark.parametrize("text", [HANS, HANT, JA, KO, RU, FR, DE, CS, VI, HE, AR, TH])
def test_sound_text_is_left_alone(text: str) -> None:
    assert decode(text.encode()) == text


def test_a_doubtful_guess_is_reported(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"Ort: K\xf8ge")
    entries = list(read(tmp_path / "a.txt"))
    assert any(isinstance(entry, Article) for entry in entries)
    (report,) = [entry for entry in entries if isinstance(entry, Refusal)]
    assert "is a guess" in report.reason
    (tmp_path / "a.txt").write_bytes(HANS.encode("gb18030"))
    assert all(isinstance(entry, Article) for entry in read(tmp_path / "a.txt"))
