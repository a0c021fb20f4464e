"""Libraries that read files talk; their users should hear of a file once, from qa_bot."""

from __future__ import annotations

import logging
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["quiet"]

_TALKATIVE = (
    "charset_normalizer",
    "courlan",
    "docx",
    "feedparser",
    "htmldate",
    "justext",
    "markdown_it",
    "openpyxl",
    "pypdfium2",
    "RapidOCR",
    "trafilatura",
)
_LOCK = threading.RLock()  # logger states and warning filters belong to the whole process


@contextmanager
def quiet() -> Iterator[None]:
    """Keep the log records and warnings of the reading libraries from the user."""
    with _LOCK:
        loggers = [logging.getLogger(name) for name in _TALKATIVE]
        before = [(logger.propagate, logger.disabled, logger.handlers) for logger in loggers]
        for logger in loggers:
            # Disabling alone would not stop the records of child loggers on their way up.
            logger.propagate, logger.disabled = False, True
            logger.handlers = [logging.NullHandler()]
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                yield
        finally:
            for logger, state in zip(loggers, before, strict=True):
                logger.propagate, logger.disabled, logger.handlers = state
