"""Pages in a real Chromium, at a phone's and a desk's size, each watched while the test uses it.

``phone_page``, ``desk_page`` and ``open_page(...)`` give pages on the live server; ``sign_in(page, user)`` signs in
without the form; ``axe(page)`` holds the page against the accessibility rules. What a page must never do (an error on
the console, a request to another host, an answer of 500) fails the test at its end.
"""

import shutil
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.conf import settings
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, Response

from .databases import REQUIRE_ALL

# The shell first: the same engine without a window of its own round every context, which costs more than most tests.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
CHROMIUM = next(filter(None, map(shutil.which, NAMES)), None)
MISSING = "browser tests need Chromium: apt-get install chromium-headless-shell fonts-noto-cjk"
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)
SIZES: dict[str, dict[str, Any]] = {
    "phone": {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True},
    "desk": {"viewport": {"width": 1280, "height": 900}},
    # a desk's 1280 × 900 at 200 % zoom: half as many CSS pixels, each of four dots
    "zoomed desk": {"viewport": {"width": 640, "height": 450}, "device_scale_factor": 2},
}
# Without preload: axe would copy style sheets into the page, where their @imports lead nowhere. What was found in
# order, and the way to each node, are long lists that nobody reads: to carry them over cost more than to find them.
AXE_OPTIONS = {"preload": False, "resultTypes": ["violations"], "selectors": False}
EXAMINE = """async ([context, options]) => (await axe.run(context || document, options)).violations.map(
  (found) => [`${found.id}: ${found.help}`, ...found.nodes.map((node) => node.html)].join('\\n    '))"""
PARTS_OF_A_PAGE = {"stylesheet", "script", "image", "font", "manifest"}
PAGE_FIXTURES = {"open_page", "phone_page", "desk_page"}


# Which tests are browser tests, and when they run --------------------------------------------------------------------


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if PAGE_FIXTURES & set(getattr(item, "fixturenames", ())):
            item.add_marker("browser")


@pytest.hookimpl(trylast=True, specname="pytest_collection_modifyitems")
def pytest_browser_tests_last(items: list[pytest.Item]) -> None:
    """Playwright's event loop stays in its process until the end; tests without a browser run before it starts."""
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    if CHROMIUM is None and item.get_closest_marker("browser"):
        if REQUIRE_ALL:
            pytest.fail(MISSING, pytrace=False)
        pytest.skip(MISSING)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, Any, Any]:
    """Beside sync Playwright Django takes the thread for an asynchronous one; a browser test may use the ORM there."""
    if not item.get_closest_marker("browser"):
        return (yield)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        return (yield)


# Pages ---------------------------------------------------------------------------------------------------------------


class Guard:
    """Writes down whatever a page must not do."""

    def __init__(self, page: Page, origin: str) -> None:
        self.origin = origin
        self.problems: list[str] = []
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.problems.append(f"script error: {error}"))
        page.on("request", self._request)
        page.on("response", self._response)

    def _console(self, message: ConsoleMessage) -> None:
        # A failed load is judged by its answer below: a 404 page that the test asked for is none of these.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.problems.append(f"console: {message.text}")

    def _request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in {"http", "https", "ws", "wss"} and f"{parts.scheme}://{parts.netloc}" != self.origin:
            self.problems.append(f"request to another host: {request.url}")

    def _response(self, response: Response) -> None:
        broken_part = response.status >= 400 and response.request.resource_type in PARTS_OF_A_PAGE
        if response.status >= 500 or broken_part:
            self.problems.append(f"answer {response.status}: {response.url}")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The machine's own Chromium, which talks to nobody but this machine."""
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": list(FLAGS)}


@pytest.fixture
def live(live_server: Any) -> str:
    """The address of the running site, static files included; what the test commits, the site sees."""
    return live_server.url


@pytest.fixture
def open_page(live: str, new_context: Callable[..., BrowserContext]) -> Iterator[Callable[..., Page]]:
    """``open_page(size="phone", javascript=True, user=None)``: a watched page of its own browser context."""
    guards: list[Guard] = []

    def open_one(*, size: str = "phone", javascript: bool = True, user: Any = None) -> Page:
        context = new_context(
            **SIZES[size],
            base_url=live,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            java_script_enabled=javascript,
            reduced_motion="reduce",
        )
        page = context.new_page()
        guards.append(Guard(page, live))
        if user is not None:
            sign_in(page, user)
        return page

    yield open_one
    problems = [problem for guard in guards for problem in guard.problems]
    assert not problems, "\n".join(["the page did what no page may do:", *problems])


@pytest.fixture
def phone_page(open_page: Callable[..., Page]) -> Page:
    """360 × 740, touch."""
    return open_page(size="phone")


@pytest.fixture
def desk_page(open_page: Callable[..., Page]) -> Page:
    """1280 × 900."""
    return open_page(size="desk")


# What tests do with pages --------------------------------------------------------------------------------------------


def sign_in(page: Page, user: Any, *, second_factor: bool = True) -> None:
    """Sign ``user`` in by a session cookie, without the form; replaces whoever was signed in."""
    from portal.core.sessions import SessionStore

    from .worlds import session_data

    session = SessionStore()
    session.update(session_data(user, second_factor=second_factor))
    session.create()
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session.session_key, "domain": "127.0.0.1", "path": "/"}
    page.context.add_cookies([cookie])  # type: ignore[list-item]


def axe(page: Page, context: str | None = None) -> None:
    """Assert that axe finds nothing to blame on ``page`` (WCAG 2.2 AA and best practice), or in ``context`` of it.

    Where the page runs without JavaScript, a twin with the same words and no script of ours is examined: axe itself
    is a script and would wait for ever.
    """
    with _examinable(page) as examined:
        if not examined.evaluate("'axe' in window"):
            examined.evaluate(AXE_SCRIPT)
        found = examined.evaluate(EXAMINE, [context, AXE_OPTIONS])
    assert not found, "\n".join([page.url, *found])


@contextmanager
def _examinable(page: Page) -> Iterator[Page]:
    if page.evaluate("matchMedia('(scripting: enabled)').matches"):
        yield page
        return
    browser = page.context.browser
    assert browser is not None
    context = browser.new_context(viewport=page.viewport_size, locale="zh-CN", reduced_motion="reduce")
    try:
        context.route("**/*.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
        context.route(page.url, lambda route: route.fulfill(body=page.content(), content_type="text/html"))
        twin = context.new_page()
        twin.goto(page.url)
        yield twin
    finally:
        context.close()


def fits(page: Page) -> None:
    """Assert that nothing on ``page`` scrolls sideways."""
    # not window.innerWidth: on a phone it grows with what sticks out
    width, window = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert width <= window, f"{page.url} is {width} px wide in a window of {window} px"
