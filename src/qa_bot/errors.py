"""Every error qa_bot raises on purpose. Each message says what to do next."""


class QABotError(Exception):
    """Base of all errors of this package."""


class SettingsError(QABotError):
    """A setting has a value that cannot be used."""


class ReadError(QABotError):
    """A file cannot be read as articles."""


class ModelError(QABotError):
    """The embedding model cannot be loaded."""


class IndexMismatchError(QABotError):
    """The index was made by another embedding model, or by another version of qa_bot."""


class IndexBusyError(QABotError):
    """Another process is writing to the index."""


class IndexAwayError(QABotError):
    """The database that keeps the index cannot be reached."""


class StoppedError(QABotError):
    """Work was given up because nobody waits for it any more."""


class ArticleNotFoundError(QABotError):
    """No article of the index has this id."""


class LLMError(QABotError):
    """A language model gave no usable answer; `code` is why, in one word.

    `slow`, `unreachable`, `busy`, `key`, `unknown` (model or address), `broken` (off), `failed`,
    `missing` (package), `file`, `context` (too small), `empty`, `language` (the wrong one),
    `unsupported` (by the passages), `refused`, `beside` (the point), `echo` (of its prompt).
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
