"""Mail (.eml) and pages saved whole (.mht): the text of the message, decoded."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes, policy
from email.errors import MessageError
from email.message import EmailMessage
from email.utils import parsedate_to_datetime

from qa_bot.errors import ReadError
from qa_bot.newspaper import split_page
from qa_bot.reading.decoding import clean_line, clean_text, decode
from qa_bot.reading.html import html_article, visible_text
from qa_bot.reading.inputs import Entry, InputFile

__all__ = ["is_mail", "read_mail"]


def read_mail(file: InputFile) -> Iterator[Entry]:
    """The article of a mail, or of a web page saved with its pictures in one file.

    The subject is the headline where the text has none; who sent it is not who wrote it.
    """
    try:
        message = message_from_bytes(file.read(), policy=policy.default)
        parts = [part for part in message.walk() if not part.is_multipart()]
        texts = [
            (part.get_content_type(), _text(part))
            for part in parts
            if part.get_content_maintype() == "text" and not part.is_attachment()
        ]
        location = next(
            (str(part["Content-Location"]) for part in parts if part["Content-Location"]), ""
        )
        subject, sent = clean_line(str(message["Subject"] or "")), _day(message)
    except (MessageError, LookupError, ValueError, TypeError, AttributeError) as error:
        raise ReadError(
            f"cannot be read as a mail or saved page ({type(error).__name__}): save its text as "
            ".txt or the page as .html."
        ) from None
    page = next((text for kind, text in texts if kind == "text/html" and text.strip()), "")
    plain = next((text for kind, text in texts if kind == "text/plain" and text.strip()), "")
    saved = message.get_content_type() == "multipart/related" or not plain
    if page and saved and not message["From"]:
        article = html_article(page, file.shown)
        yield replace(article, url=article.url or clean_line(location), id="")
        return
    text = clean_text(plain or visible_text(page)).strip()
    if not text:
        raise ReadError("holds no text: if the text is in an attachment, save that and add it.")
    articles = split_page(text, path=file.shown, published=sent)
    if len(articles) == 1 and not articles[0].title:
        articles = [replace(articles[0], title=subject, id="")]
    yield from articles


def _text(part: EmailMessage) -> str:
    data = part.get_payload(decode=True)
    if not isinstance(data, bytes):
        return ""
    try:
        declared = codecs.lookup(str(part.get_content_charset() or "")).name
    except LookupError:
        declared = ""
    if declared in ("gb2312", "gbk"):
        declared = "gb18030"
    return decode(data, declared=declared) if data.strip() else ""


def _day(message: EmailMessage) -> str:
    """The day it was sent, by the sender's own clock; "" if it does not say."""
    try:
        return parsedate_to_datetime(str(message["Date"])).date().isoformat()
    except (ValueError, TypeError):
        return ""


def is_mail(text: str) -> bool:
    """Whether a text begins with the header of a mail or of a saved page."""
    head = text.lstrip("\ufeff")[:4000].split("\n\n", 1)[0].split("\n")
    names = {line.split(":", 1)[0].lower() for line in head if ":" in line and line[0] > " "}
    return "content-type" in names and bool(names & {"mime-version", "from", "date", "subject"})
