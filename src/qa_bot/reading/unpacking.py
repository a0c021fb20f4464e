"""ZIP containers (workbooks, books, office documents): opened only within their bounds."""

from __future__ import annotations

import zipfile
from io import BytesIO

from qa_bot.errors import ReadError
from qa_bot.reading.decoding import signature

__all__ = ["checked_archive"]

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def checked_archive(data: bytes, limit: int, kind: str, member: str) -> zipfile.ZipFile:
    """The archive in `data`, which holds `member` and unpacks to at most `limit` bytes.

    :param kind: what the file should be, for the messages.
    :raises ReadError: if it is something else, damaged, encrypted, or too large unpacked.
    """
    if data.startswith(_OLE):
        raise ReadError(
            f"is not {kind} but an old or password-protected document: open it, remove the "
            "password, save it in the new format, and add it again."
        )
    if not data.startswith(b"PK"):
        what = signature(data[:32]) or "something else"
        raise ReadError(f"is not {kind}: it looks like {what}.")
    try:
        archive = zipfile.ZipFile(BytesIO(data))
        members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OverflowError, NotImplementedError):
        raise ReadError("is damaged or cut off: get the file again.") from None
    size = sum(entry.file_size for entry in members)
    if size > limit:
        raise ReadError(
            f"unpacks to {size / 1e6:.0f} MB, more than the {limit / 1e6:g} MB allowed "
            "(setting max_file_mb)."
        )
    if any(entry.flag_bits & 1 for entry in members):
        raise ReadError("is password-protected: remove the password and add it again.")
    if member not in archive.namelist():
        raise ReadError(f"is not {kind} but another ZIP archive: unpack it.")
    return archive
