"""Draws the house in `docs/architecture.md` from the imports of the code.

    python docs/architecture.py          # writes it
    python docs/architecture.py --check  # says whether it is up to date; exit code 1 if not

An arrow is an import. Drawn are those that no longer way says: what the page reaches through the
bot is not drawn again.
"""

from __future__ import annotations

import argparse
import ast
import importlib.util
import sys
from pathlib import Path

import grimp

HERE = Path(__file__).parent
PAGE = HERE / "architecture.md"
PACKAGE = "qa_bot"
BEGIN, END = "<!-- drawn by docs/architecture.py -->\n", "<!-- end of the drawing -->\n"
# Everything stands on these; arrows to them would say nothing.
GROUND = ("errors", "files", "jsonl", "records", "settings")

Arrows = dict[str, set[str]]


def rooms_and_arrows() -> Arrows:
    """Each room (a module or package directly below `qa_bot`) and the rooms it imports."""
    graph = grimp.build_graph(PACKAGE, cache_dir=None)
    rooms = sorted(m.split(".")[1] for m in graph.find_children(PACKAGE))
    arrows: Arrows = {room: set() for room in rooms}
    for module in graph.modules - {PACKAGE}:
        room = module.split(".")[1]
        for imported in graph.find_modules_directly_imported_by(module):
            if imported != PACKAGE and (other := imported.split(".")[1]) != room:
                arrows[room].add(other)
    return arrows


def beyond(arrows: Arrows, room: str) -> set[str]:
    """All that `room` reaches, by one arrow or several."""
    reached: set[str] = set()
    ahead = list(arrows[room])
    while ahead:
        if (other := ahead.pop()) not in reached:
            reached.add(other)
            ahead += arrows[other]
    return reached


def shortest(arrows: Arrows) -> Arrows:
    """The arrows that no longer way says (the transitive reduction); `arrows` have no circle."""
    return {
        room: {o for o in others if not any(o in beyond(arrows, p) for p in others - {o})}
        for room, others in arrows.items()
    }


def about(room: str) -> str:
    """The first line of what the room says of itself."""
    spec = importlib.util.find_spec(f"{PACKAGE}.{room}")
    if spec is None or spec.origin is None:
        raise AssertionError(f"{PACKAGE}.{room} was found by its imports")
    told = ast.get_docstring(ast.parse(Path(spec.origin).read_text("utf-8"))) or ""
    return told.partition("\n")[0]


def drawing() -> str:
    """The drawing (Mermaid) and the list of rooms, from the topmost to the ground."""
    arrows = rooms_and_arrows()
    depth = {room: len(beyond(arrows, room)) for room in arrows}
    order = sorted(arrows, key=lambda room: (-depth[room], room))
    upper = {room: others - set(GROUND) for room, others in arrows.items() if room not in GROUND}
    lines = ["```mermaid", "flowchart TD"]
    for room in (r for r in order if r in upper):
        lines += [f"    {room} --> {other}" for other in sorted(shortest(upper)[room])]
    lines += [f"    ground[{', '.join(GROUND)}]", "```", "", "| room | what it is |", "|---|---|"]
    lines += [f"| `{room}` | {about(room)} |" for room in order]
    return "\n".join(lines) + "\n"


def renewed(page: str) -> str:
    """The page with the drawing of now."""
    before, _, rest = page.partition(BEGIN)
    _, found, after = rest.partition(END)
    if not found:
        raise ValueError(f"{PAGE.name} lacks the marks {BEGIN.strip()} and {END.strip()}.")
    return f"{before}{BEGIN}\n{drawing()}\n{END}{after}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--check", action="store_true", help="write nothing")
    page = PAGE.read_text("utf-8")
    new = renewed(page)
    if not parser.parse_args().check:
        PAGE.write_text(new, "utf-8")
    elif new != page:
        sys.exit(f"{PAGE.name} is out of date: run python docs/architecture.py")


if __name__ == "__main__":
    main()
