"""How many articles of a folder of page dumps come out right.

Each `page.txt` has a `page.json` beside it: the articles expected, with title, byline, published
and text.  python eval/pages.py tests/fixtures/pages [--prefix heldout_] [--show]
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path

from qa_bot.newspaper import split_page

FIELDS = ("title", "byline", "published", "text")


def compare(page: Path) -> Iterator[tuple[str, dict[str, str] | None, dict[str, str] | None]]:
    """A verdict for each article of a page, with what was expected and what came out.

    `right`, or what is wrong: the names of the fields, `missing` or `extra`.
    """
    expected = json.loads(page.with_suffix(".json").read_text("utf-8"))
    articles = split_page(page.read_text("utf-8"), path=page.name)
    found = [{name: str(getattr(article, name)) for name in FIELDS} for article in articles]
    for i in range(max(len(expected), len(found))):
        want = expected[i] if i < len(expected) else None
        got = found[i] if i < len(found) else None
        if want is None or got is None:
            yield ("extra" if want is None else "missing"), want, got
        else:
            wrong = [name for name in FIELDS if want[name] != got[name]]
            yield ", ".join(wrong) or "right", want, got


def differences(want: dict[str, str] | None, got: dict[str, str] | None) -> Iterator[str]:
    """The fields that differ, as lines to print."""
    for name in FIELDS:
        expected, found = (want or {}).get(name), (got or {}).get(name)
        if expected != found:
            yield f"  {name}\n    want {expected!r}\n    got  {found!r}"


def main() -> None:
    """Print the figures, and with --show every difference."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--prefix", default="", help="only the pages whose name begins with it")
    parser.add_argument("--show", action="store_true", help="print what differs")
    options = parser.parse_args()
    pages = sorted(options.folder.glob(f"{options.prefix}*.txt"))
    right = total = whole = 0
    for page in pages:
        verdicts = list(compare(page))
        good = sum(verdict == "right" for verdict, _, _ in verdicts)
        right, total = right + good, total + len(verdicts)
        whole += good == len(verdicts)
        print(f"{page.stem:32} {good}/{len(verdicts)}")
        for verdict, want, got in verdicts if options.show else ():
            if verdict != "right":
                print(*differences(want, got), sep="\n")
    print(f"articles right {right}/{total}, pages right {whole}/{len(pages)}")


if __name__ == "__main__":
    main()
