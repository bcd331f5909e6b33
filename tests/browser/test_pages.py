"""The report in a real browser: what a person sees, prints, hears and reaches by keyboard.

With ``NEARPEER_SHOTS`` set to a folder, pictures of every page are left there.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import pyarrow as pa
import pytest
from playwright.sync_api import Browser, Page

import nearpeer as npr
from chromium import AXE, SHOTS, shot, started

WIDTHS = [375, 768, 1440]
NASTY = [
    "<script>document.title = 'owned'</script>",
    "\"'><img src=x onerror=\"document.title = 'owned'\">",
    "=cmd|' /C calc'!A0",
    "سارة العلي",
    "\u202egnp.exe",
    "👩‍🎓 Zoë & <b>bold</b>",
    "w" * 300,
]


def nasty() -> npr.Match:
    count = len(NASTY)
    mentees = pa.table(
        {
            "id": [f"e{number}" for number in range(count)],
            "grade": [6] * count,
            "site": NASTY,
            "name": NASTY,
            "interests": [[text, "art"] for text in NASTY],
        }
    )
    ids = pa.array([f"m{number}" for number in range(count)])
    mentors = mentees.set_column(0, "id", ids).set_column(1, "grade", pa.array([9] * count))
    return npr.Program().match(mentees, mentors)


def pages() -> dict[str, str]:
    district = npr.synth(students=300, sites=4, seed=7)
    small = npr.synth(students=120, sites=2, seed=5)
    plain = district.program.match(district.mentees, district.mentors)
    meetings = small.program.match(
        small.mentees, small.mentors, leaders=small.leaders, rooms=small.rooms
    )
    nobody = npr.Program().match(pa.table({"id": ["ana"]}), pa.table({"id": ["max"]}))
    title = "Lincoln district, peer mentors, autumn"
    return {
        "plain": plain.to_html(title=title),
        "named": plain.to_html(names="id", title=title),
        "redacted": plain.to_html(redacted=True, title=title),
        "meetings": meetings.to_html(names="id"),
        "nobody": nobody.to_html(names="id"),
        "nasty": nasty().to_html(names="name", title=NASTY[0]),
    }


PAGES = pages()
KINDS = sorted(PAGES)
SCHEMES: list[Literal["light", "dark"]] = ["light", "dark"]


class Shown:
    """A page in a window of its own, what it asks of the network and says on the console."""

    def __init__(self, page: Page, file: Path) -> None:
        self.page = page
        self.asked: list[str] = []
        self.said: list[str] = []
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("console", lambda message: self.said.append(message.text))
        page.on("pageerror", lambda error: self.said.append(str(error)))
        page.goto(file.as_uri())


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start the browser once."""
    with started() as chromium:
        yield chromium


@pytest.fixture
def show(browser: Browser, tmp_path: Path) -> Iterator[Any]:
    """Give what opens a page."""
    windows = []

    def opened(kind: str, width: int = 1440, scheme: Literal["light", "dark"] = "light") -> Shown:
        window = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True
        )
        windows.append(window)
        file = tmp_path / f"{kind}.html"
        file.write_text(PAGES[kind], encoding="utf-8")
        return Shown(window.new_page(), file)

    yield opened
    for window in windows:
        window.close()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("scheme", SCHEMES)
def test_axe_finds_no_violation(
    show: Any, kind: str, width: int, scheme: Literal["light", "dark"]
) -> None:
    page = show(kind, width, scheme).page
    shot(page, f"{kind}-{width}-{scheme}")
    page.evaluate(AXE)
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    summary = [
        (rule["id"], rule["help"], [node["html"][:200] for node in rule["nodes"][:3]])
        for rule in found["violations"]
    ]
    assert summary == []
    assert found["testEngine"]["name"] == "axe-core"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("width", WIDTHS)
def test_the_page_fits_its_window(show: Any, kind: str, width: int) -> None:
    page = show(kind, width).page
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    # Nothing in a chart is cut off.
    cut = page.evaluate(
        """() => [...document.querySelectorAll('.chart text')].filter(text => {
            const chart = text.closest('svg').getBoundingClientRect();
            const box = text.getBoundingClientRect();
            return box.left < chart.left - 1 || box.right > chart.right + 1;
        }).map(text => text.textContent)"""
    )
    assert cut == []


@pytest.mark.parametrize("kind", KINDS)
def test_the_page_asks_the_network_for_nothing(show: Any, kind: str) -> None:
    shown = show(kind)
    shown.page.wait_for_load_state("networkidle")
    assert [url for url in shown.asked if not url.startswith("file:")] == []
    assert len(shown.asked) == 1
    assert shown.said == []


def test_an_attack_through_a_cell_does_no_harm(show: Any) -> None:
    page = show("nasty").page
    assert page.title() == NASTY[0]
    inside = "#content :is(script, img, b)"
    assert page.evaluate(f"document.querySelectorAll({inside!r}).length") == 0
    texts = page.evaluate(
        "[...document.querySelectorAll('#content bdi')].map(element => element.textContent)"
    )
    for text in (NASTY[0], NASTY[1], NASTY[2], NASTY[3], NASTY[5]):
        assert text in texts
    assert not any("\u202e" in text for text in texts)


def test_a_keyboard_reaches_the_content_first(show: Any) -> None:
    page = show("plain").page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    box = page.locator(".skip").bounding_box()
    assert box is not None
    assert box["y"] >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"


def test_tables_and_charts_have_names(show: Any) -> None:
    page = show("plain").page
    tree = page.locator("body").aria_snapshot()
    for name in ("Pairs by score", "Mentees by grade", "Mentees by school", "On this page"):
        assert name in tree
    unnamed = page.evaluate(
        "[...document.querySelectorAll('table')].filter(t => !t.caption?.textContent).length"
    )
    assert unnamed == 0


@pytest.mark.parametrize("kind", ["named", "redacted", "meetings"])
def test_it_prints_a_school_on_a_sheet(show: Any, kind: str, tmp_path: Path) -> None:
    page = show(kind).page
    path = (Path(SHOTS) if SHOTS else tmp_path) / f"{kind}.pdf"
    page.pdf(path=str(path), format="A4", prefer_css_page_size=True, print_background=False)
    sheets = path.read_bytes().count(b"/Type /Page\n") or path.read_bytes().count(b"/Type/Page")
    schools = page.locator("h3.sheet").count()
    assert sheets > schools
    page.emulate_media(media="print")
    assert not page.locator("nav").is_visible()
    breaks = page.evaluate(
        "[...document.querySelectorAll('.sheet')].map(h => getComputedStyle(h).breakBefore)"
    )
    assert set(breaks) <= {"page"}
    assert page.evaluate("getComputedStyle(document.querySelector('thead')).display") == (
        "table-header-group"
    )
    shot(page, f"{kind}-print")


def test_colours_of_the_dark_page_are_dark(show: Any) -> None:
    colour = "getComputedStyle(document.body).backgroundColor"
    light, dark = (show("plain", 768, scheme).page.evaluate(colour) for scheme in SCHEMES)
    assert (light, dark) == ("rgb(255, 255, 255)", "rgb(20, 24, 29)")
