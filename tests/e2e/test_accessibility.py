"""What axe-core finds wrong with the page for those who see, hear or point otherwise; and its keys.

axe-core comes from npm at test time: `bash tests/fetch_axe.sh`.
"""

from __future__ import annotations

import subprocess
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.e2e.browsing import Site

pytestmark = pytest.mark.e2e

Visit = Callable[..., Site]

FETCH = Path(__file__).parents[1] / "fetch_axe.sh"
OPENING = "临江图书馆新馆什么时候正式对外开放？"
# A list of articles, a greeting with its examples, and no answer.
OTHERS = ("有几篇文章提到“柳堤”？", "你好", "去年全国的小麦产量是多少？")

# Rules that Gradio's own markup breaks, which a page made with it cannot change.
GRADIO: dict[str, str] = {}

RUN = """async (disabled) => {
  const rules = Object.fromEntries(disabled.map((id) => [id, { enabled: false }]));
  const found = await axe.run(document, { rules, resultTypes: ['violations'] });
  return found.violations
    .filter((one) => ['serious', 'critical'].includes(one.impact))
    .flatMap((one) => one.nodes.map((node) => `${one.id}: ${node.html.slice(0, 200)} `
      + node.any.concat(node.all).map((check) => check.message).join(' ').slice(0, 300)));
}"""


@pytest.fixture(scope="session")
def axe() -> str:
    """The source of axe-core."""
    done = subprocess.run(["bash", FETCH], capture_output=True, text=True, timeout=120)
    archives = sorted((FETCH.parent / ".axe").glob("axe-core-*.tgz"))
    if done.returncode or not archives:
        pytest.fail(
            "axe-core is missing: run `bash tests/fetch_axe.sh`, which needs npm and its "
            f"registry. It said: {done.stderr or done.stdout}",
            pytrace=False,
        )
    with tarfile.open(archives[-1]) as archive:
        source = archive.extractfile("package/axe.min.js")
        assert source is not None
        return source.read().decode()


def violations(site: Site, axe: str) -> list[str]:
    if not site.page.evaluate("'axe' in window"):
        site.page.evaluate(axe)
    found: list[str] = site.page.evaluate(RUN, sorted(GRADIO))
    return found


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
def test_axe_finds_nothing_serious(visit: Visit, axe: str, scheme: str, width: int) -> None:
    options: dict[str, Any] = {"viewport": {"width": width, "height": 800}}
    site = visit(color_scheme=scheme, reduced_motion="reduce", **options)
    found = {"welcome": violations(site, axe)}

    answer = site.ask(OPENING)
    expect(site.page.locator(".qa-timeline")).to_be_visible()
    found["ask"] = violations(site, axe)
    answer.locator(".qa-citation").first.click()
    expect(site.article.locator("mark").first).to_be_visible()
    found["article"] = violations(site, axe)
    site.page.keyboard.press("Escape")
    expect(site.article).to_have_count(0)

    for question in OTHERS:
        site.ask(question)
    site.page.locator(".qa-listed summary").click()
    found["others"] = violations(site, axe)

    site.tab("文章库")
    expect(site.page.locator("#qa-library tbody tr").first).to_be_visible()
    found["library"] = violations(site, axe)
    site.page.locator("#qa-library [data-pick]").first.check()
    site.page.locator("#qa-filter input, #qa-filter textarea").fill("大桥")
    expect(site.page.locator("#qa-library .qa-excerpt").first).to_be_visible()
    site.page.locator("#qa-library [data-pickpage]").check()
    found["picked"] = violations(site, axe)
    site.page.locator("[data-several=correct]").click()
    expect(site.page.locator("#qa-corrections form")).to_be_visible()
    found["correction"] = violations(site, axe)
    site.page.keyboard.press("Escape")

    site.tab("馆藏概览")
    site.page.locator("#qa-charts .qa-ranks a").first.click()
    expect(site.page.locator("#qa-chosen h2")).to_be_focused()
    found["collection"] = violations(site, axe)
    assert not site.page.evaluate(
        "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    )

    site.tab("语言模型")
    expect(site.page.locator(".qa-model")).to_be_visible()
    found["model"] = violations(site, axe)
    assert not {where: wrong for where, wrong in found.items() if wrong}


def test_axe_sees_the_page(visit: Visit, axe: str) -> None:
    """Or else it could find nothing wrong in it."""
    site = visit()
    site.page.evaluate(
        "document.querySelector('#qa-title').insertAdjacentHTML('beforeend',"
        ' \'<img src="data:,"><p style="color:#bbb;background:#fff">pale</p>\')'
    )
    found = " ".join(violations(site, axe))
    assert "image-alt" in found
    assert "color-contrast" in found


def test_keys(visit: Visit) -> None:
    """Arrows move along the citations, Enter opens one, Escape closes it and comes back."""
    site = visit()
    answer = site.ask(OPENING)
    passages = site.page.locator(".qa-found .qa-passage")
    passages.first.focus()
    site.page.keyboard.press("ArrowDown")
    expect(passages.first).to_be_focused()  # the others are folded
    site.page.locator(".qa-found summary").press("Enter")
    passages.first.focus()
    site.page.keyboard.press("ArrowDown")
    expect(passages.nth(1)).to_be_focused()
    site.page.keyboard.press("ArrowUp")
    expect(passages.first).to_be_focused()

    mark = answer.locator(".qa-cite").first
    mark.focus()
    outline = "node => getComputedStyle(node).outlineStyle"
    assert mark.evaluate(outline) == "solid"  # the focus can be seen
    site.page.keyboard.press("Enter")
    expect(site.article.locator("h2")).to_be_focused()
    site.page.keyboard.press("Escape")
    expect(site.article).to_have_count(0)
    expect(mark).to_be_focused()
