"""The documentation's site in a real browser: pages fit and load nothing, and search finds.

`make docs` builds it. With ``NEARPEER_SHOTS`` set to a folder, pictures of every page are left
there.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, Page

from chromium import AXE, shot, started

SITE = Path(__file__).parents[2] / "out" / "site"
PAGES = sorted(
    str(path.parent.relative_to(SITE)) for path in SITE.rglob("index.html") if path.is_file()
)
WINDOWS: list[tuple[int, Literal["light", "dark"]]] = [(375, "dark"), (1440, "light")]
# All colours of the dark pages are on these.
DARK = {".", "tutorial", "reference/programme", "notebooks/district", "explanation/model"}
# The theme has a landmark without a name around each button that copies, and leaves it to the
# browser to scroll its tables by keyboard, which Chromium and Firefox do.
RULES = {rule: {"enabled": False} for rule in ("landmark-unique", "scrollable-region-focusable")}


class Quiet(SimpleHTTPRequestHandler):
    """A server that does not say what it served."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start the browser once."""
    with started() as chromium:
        yield chromium


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Serve the site on this machine."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(SITE)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


@pytest.fixture
def window(browser: Browser) -> Iterator[Any]:
    """Give what opens a window of a width, and keeps what it asks for and says."""
    windows = []

    def opened(
        width: int, scheme: Literal["light", "dark"] = "light"
    ) -> tuple[Page, list[str], list[str]]:
        context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True
        )
        windows.append(context)
        page = context.new_page()
        asked: list[str] = []
        said: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        return page, asked, said

    yield opened
    for context in windows:
        context.close()


def violations(page: Page) -> list[tuple[str, list[str]]]:
    """Give what axe-core finds wrong with what a page says."""
    page.evaluate(AXE)
    options = {"resultTypes": ["violations"], "rules": RULES}
    found = page.evaluate("options => axe.run('.md-content__inner', options)", options)
    return [
        (rule["id"], [node["html"][:100] for node in rule["nodes"][:5]])
        for rule in found["violations"]
    ]


def test_the_site_is_built() -> None:
    assert len(PAGES) > 30, "make docs"


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize(("width", "scheme"), WINDOWS)
def test_a_page_fits_loads_nothing_from_elsewhere_and_can_be_read(
    window: Any, address: str, path: str, width: int, scheme: Literal["light", "dark"]
) -> None:
    page, asked, said = window(width, scheme)
    page.goto(address + path)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator("h1").count() == 1
    assert [url for url in asked if not url.startswith(address)] == []
    assert said == []
    shot(page, f"docs-{path.replace('/', '-')}-{width}")
    if scheme == "light" or path in DARK:
        assert violations(page) == []


def test_search_finds_a_key_of_the_programme(window: Any, address: str) -> None:
    page, asked, _ = window(1440)
    page.goto(address)
    page.locator(".md-search__input").click()
    page.keyboard.type("grade_band")
    page.locator(".md-search-result__link").first.wait_for()
    links = page.locator(".md-search-result__link")
    found = [link.get_attribute("href") or "" for link in links.all()]
    assert any("reference/programme" in link for link in found)
    assert [url for url in asked if not url.startswith(address)] == []
