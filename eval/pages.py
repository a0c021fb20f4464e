"""How many articles of a folder of page dumps come out right.

    python eval/pages.py FOLDER [--prefix heldout_] [--show]

Each `page.txt` has a `page.json` beside it, of one of two kinds: a list of the articles expected,
each with exactly the title, byline, date and text that must come out; or an object whose
"articles" tell what a careful reader would accept (eval/README.md tells its fields).
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from qa_bot import Article
from qa_bot.newspaper import split_page

FIELDS = ("title", "byline", "published", "text")
ASIDE = 120  # characters of a caption, a table or a lead that may stand at either end of a body


def judge_page(page: Path) -> Iterator[tuple[str, list[str]]]:
    """What each article expected is called, and what is wrong with what came out; also extra ones.

    An extra article is none where the key tells only what a reader would accept.
    """
    key = json.loads(page.with_suffix(".json").read_text("utf-8"))
    found = split_page(page.read_text("utf-8"), path=page.name)
    if isinstance(key, list):
        yield from _exactly(key, found)
        return
    taken: set[str] = set()
    for wanted in key["articles"]:
        name = (wanted["titles"] or [""])[0]
        article = _of(wanted, found)
        if article is None:
            yield name, ["lost"]
            continue
        wrong = list(_faults(wanted, article))
        if article.id in taken:
            wrong.append("not told apart from the one before")
        taken.add(article.id)
        yield name, wrong


def _exactly(wanted: list[dict[str, str]], found: list[Article]) -> Iterator[tuple[str, list[str]]]:
    for i in range(max(len(wanted), len(found))):
        if i >= len(wanted):
            yield found[i].title, ["extra"]
        elif i >= len(found):
            yield wanted[i]["title"], ["lost"]
        else:
            got = {name: str(getattr(found[i], name)) for name in FIELDS}
            yield (
                wanted[i]["title"],
                [
                    f"{name}\n    want {wanted[i][name]!r}\n    got  {got[name]!r}"
                    for name in FIELDS
                    if wanted[i][name] != got[name]
                ],
            )


def _of(wanted: dict[str, Any], found: list[Article]) -> Article | None:
    """The article whose text holds the beginning expected, and best its end, too."""
    likely = [one for one in found if _plain(wanted["first"]) in _plain(one.text)]
    whole = [one for one in likely if _plain(wanted["last"]) in _plain(one.text)]
    return next(iter(whole or likely), None)


def _faults(wanted: dict[str, Any], article: Article) -> Iterator[str]:
    text, last = _plain(article.text), _plain(wanted["last"])
    if text.find(_plain(wanted["first"])) > ASIDE + len(_plain(wanted.get("opener") or "")):
        yield f"begins too early: {article.text[:30]!r}"
    if last not in text:
        yield f"ends too early: {article.text[-30:]!r}"
    elif len(text) - text.rfind(last) - len(last) > ASIDE:
        yield f"ends too late: {article.text[-30:]!r}"
    for other in wanted["must_not_contain"]:
        if _plain(other) in text:
            yield f"holds {other!r}"
    if _plain(article.title) not in map(_plain, wanted["titles"] or [""]):
        yield f"title {article.title!r}"
    names = wanted["byline_names"]
    if names is not None:
        byline = _plain(article.byline).lower()
        if any(_plain(name).lower() not in byline for name in names) or (byline and not names):
            yield f"byline {article.byline!r}, not {names}"
    if wanted["published"] and article.published != wanted["published"]:
        yield f"published {article.published!r}"


def _plain(text: str) -> str:
    """Without white space and the hyphens at which lines are broken."""
    return re.sub(r"[\s-]+", "", text)


def main() -> None:
    """Print the figures, and with --show every difference."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--prefix", default="", help="only the pages whose name begins with it")
    parser.add_argument("--show", action="store_true", help="print what differs")
    options = parser.parse_args()
    right = total = whole = 0
    pages = sorted(options.folder.glob(f"{options.prefix}*.txt"))
    for page in pages:
        verdicts = list(judge_page(page))
        good = sum(not wrong for _, wrong in verdicts)
        right, total = right + good, total + len(verdicts)
        whole += good == len(verdicts)
        print(f"{page.stem:32} {good}/{len(verdicts)}")
        for name, wrong in verdicts if options.show else ():
            if wrong:
                print(f"  {name}", *wrong, sep="\n    ")
    print(f"articles right {right}/{total}, pages right {whole}/{len(pages)}")


if __name__ == "__main__":
    main()
