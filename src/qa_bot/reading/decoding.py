"""Bytes to text: which encoding a file is in, and clean Unicode out of it."""

from __future__ import annotations

import codecs
import re
import unicodedata
from typing import NamedTuple

from charset_normalizer import from_bytes

from qa_bot.errors import ReadError
from qa_bot.reading.characters import CENTRAL, MODELS, WESTERN, likelihood
from qa_bot.reading.mojibake import repaired
from qa_bot.reading.quiet import quiet

__all__ = [
    "clean_line",
    "clean_text",
    "decode",
    "decode_doubting",
    "detect_encoding",
    "signature",
]

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAMPLE_BYTES = 1 << 16


class _Candidate(NamedTuple):
    encoding: str
    models: tuple[str, ...]


_ALL = tuple(MODELS)
# On equal scores the first wins; the second of a pair knows more characters, at rarer places.
_CANDIDATES = (
    _Candidate("utf-8", _ALL),
    _Candidate("gb18030", ("zh-Hans", "zh-Hant")),
    _Candidate("cp950", ("zh-Hant",)),
    _Candidate("big5hkscs", ("zh-Hant",)),
    _Candidate("cp932", ("ja",)),
    _Candidate("euc_jp", ("ja",)),
    _Candidate("euc_jis_2004", ("ja",)),
    _Candidate("cp949", ("ko",)),
    _Candidate("cp1252", WESTERN),
    _Candidate("cp1254", ("tr",)),
    _Candidate("cp1250", CENTRAL),
    _Candidate("iso8859_2", CENTRAL),
    _Candidate("iso8859_16", ("ro",)),
    _Candidate("cp1257", ("et",)),
    _Candidate("cp1258", ("vi",)),
    _Candidate("cp1251", ("ru",)),
    _Candidate("koi8_r", ("ru",)),
    _Candidate("cp1253", ("el",)),
    _Candidate("cp1255", ("he",)),
    _Candidate("cp1256", ("ar",)),
    _Candidate("cp874", ("th",)),
    _Candidate("utf-16-le", _ALL),
    _Candidate("utf-16-be", _ALL),
)
# Below this mean per non-ASCII character none of the candidates is at home.
_PLAUSIBLE = -9.0
# A text may hold a few broken bytes; with more of them than this share it is not that text.
_MOST_BROKEN = 0.01
_MOST_CONTROLS = 0.02
_NOT_TEXT = -11.5

_NEAR = 2.0  # how much less likely a candidate is that might as well be right
_FEWEST_CHARACTERS = 6  # of UTF-8 in a file of another encoding, to be more than chance
_SEVEN_BITS = (
    (re.compile(rb"\x1b\$\)C"), ("iso2022_kr",)),
    (re.compile(rb"\x1b[$(]"), ("iso2022_jp_ext", "iso2022_jp_2")),
    (re.compile(rb"~\{(?:[!-w][!-~])+~\}"), ("hz",)),
    (re.compile(rb"\+[A-Za-z0-9+/]{3,}-?"), ("utf-7",)),
)

_SIGNATURES = (
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"\x89PNG\r\n", "a PNG picture"),
    (b"GIF87a", "a GIF picture"),
    (b"GIF89a", "a GIF picture"),
    (b"II*\x00", "a TIFF picture"),
    (b"MM\x00*", "a TIFF picture"),
    (b"%PDF-", "a PDF document"),
    (b"PK\x03\x04", "a ZIP archive (or an Office document)"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old or password-protected Office document"),
    (b"\x1f\x8b\x08", "a gzip archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"BZh9", "a bzip2 archive"),
    (b"\xfd7zXZ\x00", "an xz archive"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard archive"),
    (b"SQLite format 3\x00", "an SQLite database"),
    (b"\x7fELF", "a program"),
    (b"ID3", "an MP3 recording"),
    (b"OggS", "an Ogg recording"),
)


def signature(head: bytes) -> str:
    """What the first bytes of a file say it is ("a JPEG picture"), "" if they say nothing."""
    named = next((name for magic, name in _SIGNATURES if head.startswith(magic)), "")
    if not named and head[4:8] == b"ftyp":
        return "an MP4 recording"
    if not named and head[:4] == b"RIFF" and head[8:12] in (b"WEBP", b"WAVE", b"AVI "):
        return "a picture or recording"
    return named


class Decoded(NamedTuple):
    """A text, and the encoding it was read in if that is a guess others come close to."""

    text: str
    guess: str = ""


def decode(data: bytes, *, declared: str = "") -> str:
    """The text in `data`; `declared` is the encoding it claims, believed if it fits.

    Lines of two encodings are read each in its own; UTF-8 once read as something else is repaired.

    :raises ReadError: if the bytes are not text.
    """
    return decode_doubting(data, declared=declared).text


def decode_doubting(data: bytes, *, declared: str = "") -> Decoded:
    """What `decode` gives, and whether it is doubtful."""
    if not (declared and _fits(data, declared)) and (text := _of_two_encodings(data)):
        return Decoded(text)
    encoding, sure = _detected(data, declared)
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        text = data.decode(encoding, "replace")
        if text.count("\ufffd") > 1 + _MOST_BROKEN * len(text):
            raise _not_text("its bytes fit no encoding") from None
    return Decoded(repaired(text), "" if sure else encoding)


def detect_encoding(data: bytes, *, declared: str = "") -> str:
    """The name of the encoding, as Python knows it, that `data` is in.

    :raises ReadError: if the bytes are not text in any known encoding.
    """
    return _detected(data, declared)[0]


def _detected(data: bytes, declared: str) -> tuple[str, bool]:
    """The encoding, and whether it is sure."""
    if found := signature(data[:32]):
        raise ReadError(
            f"is binary, not text: it looks like {found}. Give it the file name extension of "
            "what it is, or convert it to text."
        )
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return encoding, True
    if b"\0" not in data and _is_utf8(data):
        if data.isascii() and (encoding := _seven_bits(data)):
            return encoding, True
        if _controls(data) > _MOST_CONTROLS:
            raise _not_text("it is full of control characters")
        return "utf-8", True
    sample = _sample(data)
    if declared and _fits(sample, declared):
        return declared, True
    encoding, mean, sure = _most_likely(sample)
    if mean < _PLAUSIBLE:
        encoding, mean = _second_opinion(sample, encoding, mean)
        sure = False
    if not encoding.startswith("utf-16") and _controls(sample) > _MOST_CONTROLS:
        raise _not_text("it is full of control characters")
    if mean < _NOT_TEXT:
        raise _not_text("its bytes fit no encoding")
    return encoding, sure


def _seven_bits(data: bytes) -> str:
    """The encoding that writes other characters in ASCII bytes; "" if these are plain ASCII."""
    for encoding in (name for mark, names in _SEVEN_BITS if mark.search(data) for name in names):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not text.isascii() and _mean(text, likelihood(text, _ALL)) >= _PLAUSIBLE:
            return encoding
    return ""


def _of_two_encodings(data: bytes) -> str:
    """The text of a file some of whose lines are UTF-8 and others not; "" of any other file."""
    if b"\0" in data or _is_utf8(data) or signature(data[:32]):
        return ""
    lines = data.splitlines(keepends=True)
    other = b"".join(line for line in lines if not _is_utf8(line))
    rest, mean, _ = _most_likely(other[:_SAMPLE_BYTES])
    if rest.startswith("utf") or mean < _PLAUSIBLE:
        return ""
    models = next(c.models for c in _CANDIDATES if c.encoding == rest)
    pieces, unicode_lines = [], 0
    for line in lines:
        as_utf8, as_rest = line.decode("utf-8", "replace"), line.decode(rest, "replace")
        fits = not line.isascii() and "\ufffd" not in as_utf8
        if fits and likelihood(as_utf8, _ALL) > likelihood(as_rest, models):
            unicode_lines += sum(not c.isascii() for c in as_utf8)
            as_rest = as_utf8
        pieces.append(as_rest)
    return "".join(pieces) if unicode_lines >= _FEWEST_CHARACTERS else ""


def _not_text(why: str) -> ReadError:
    return ReadError(
        f"is binary, not text: {why}. If it is a text, save it as UTF-8 and add it again."
    )


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _fits(data: bytes, encoding: str) -> bool:
    """Whether `data` decodes, a character cut off at its end forgiven."""
    try:
        codecs.getincrementaldecoder(encoding)().decode(data)
    except (UnicodeError, LookupError):
        return False
    return True


def _sample(data: bytes) -> bytes:
    """The part to judge by: from the line of the first non-ASCII byte on, whole lines.

    It begins at an even offset, as UTF-16 needs.
    """
    start = 0
    if match := re.search(rb"[\x80-\xff]", data):
        start = (data.rfind(b"\n", 0, match.start()) + 1) & ~1
    if len(data) - start <= _SAMPLE_BYTES:
        return data[start:]
    piece = data[start : start + _SAMPLE_BYTES]
    end = piece.rfind(b"\n") & ~1
    return piece[:end] if end > 0 else piece


def _controls(data: bytes) -> float:
    """The share of bytes that are control characters no text has (NUL apart)."""
    sample = data[:_SAMPLE_BYTES]
    return len(re.findall(rb"[\x01-\x07\x0e-\x19\x1c-\x1f\x7f]", sample)) / max(1, len(sample))


def _most_likely(sample: bytes) -> tuple[str, float, bool]:
    """The likeliest candidate, its mean log-likelihood per non-ASCII character, and if it is sure.

    It is not where another one, whose text is another, is nearly as likely.
    """
    found = []
    for encoding, models in _CANDIDATES:
        text = sample.decode(encoding, "replace")
        found.append((likelihood(text, models), encoding, text))
    best, encoding, text = max(found, key=lambda candidate: candidate[0])
    near = any(other > best - _NEAR and rival != text for other, _, rival in found)
    return encoding, _mean(text, best), not near


def _mean(text: str, score: float) -> float:
    ascii_count = sum(c.isascii() for c in text)
    return (score + 4 * ascii_count) / max(1, len(text) - ascii_count)


def _second_opinion(sample: bytes, encoding: str, mean: float) -> tuple[str, float]:
    """charset-normalizer's encoding for scripts that have no model here (Arabic, Thai, ...)."""
    with quiet():
        match = from_bytes(sample).best()
    if match is None:
        return encoding, mean
    return match.encoding, max(mean, _PLAUSIBLE)


# Controls (line feed and tab apart), zero-width space, word joiner, byte order mark, soft hyphen,
# bidirectional controls, interlinear annotation and noncharacters: none of them can be read.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f"
    "\ufeff\ufff9-\ufffb\ufffe\uffff]"
)
_LINE_BREAK = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_SURROGATE = re.compile("[\ud800-\udfff]")


def clean_text(text: str) -> str:
    """Plain Unicode: line feeds only, nothing invisible, NFC (full-width forms stay)."""
    text = _LINE_BREAK.sub("\n", text)
    text = _INVISIBLE.sub("", text).replace("\u00a0", " ")
    text = _SURROGATE.sub("\ufffd", text)  # what JSON may spell and no file can hold
    return unicodedata.normalize("NFC", text)


def clean_line(text: str) -> str:
    """The same for a title or a name: one line, single spaces."""
    return " ".join(clean_text(text).split())
