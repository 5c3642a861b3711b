"""Walking a page with the keyboard alone: Tab to what one wants, see where one is, press it.

``Keys(page).to("下一步")`` tabs on until the focused element bears that name; every stop on the way must show its focus
and stand clear of the bars. A ``Walk`` holds every page that it comes to against the width of its window as well.
"""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Download, Page, expect

from tests.browsers import fits

# The narrowest phone, and what is left of a desk's 1280 × 900 at 200 % zoom, in CSS pixels (``SIZES`` has it with the
# screen's two dots to a pixel).
WINDOWS = {
    "desk": {"width": 1280, "height": 900},
    "phone": {"width": 360, "height": 740},
    "narrow phone": {"width": 320, "height": 640},
    "zoomed desk": {"width": 640, "height": 450},
}
MOST_STOPS = 150  # tabs until one gives up: a page with more stops than that is no page for a keyboard


def windows(usual: str) -> list[Any]:
    """Every window as a parameter: the ``usual`` one in the default run, the others in the whole."""
    return [usual, *(pytest.param(one, marks=pytest.mark.whole) for one in WINDOWS if one != usual)]


# The name by which a person knows the focused element, whether its focus can be seen, and what bar lies over it. What
# the browser itself draws so that it cannot be seen (a choice whose label is the thing to look at) is judged by its
# label. ``over`` names the bar that stays in place and hides the top, the middle or the bottom of it.
_FOCUSED = """() => {
  const at = document.activeElement;
  if (!at || at === document.body) return null;
  const label = at.labels && at.labels.length ? Array.from(at.labels, (l) => l.innerText).join(' ') : '';
  const name = at.getAttribute('aria-label') || label || at.innerText || at.value || '';
  const drawn = (style) => style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0;
  const pressed = at.closest('label');
  const around = [at, at.parentElement, at.nextElementSibling, at.closest('li'), ...(pressed ? pressed.children : [])]
    .filter(Boolean);
  const ring = around.some((el) => [null, '::before', '::after'].some((part) => drawn(getComputedStyle(el, part))));
  const own = at.getBoundingClientRect();
  const drawnSmall = own.width < 4 || own.height < 4 || getComputedStyle(at).opacity === '0';
  const box = drawnSmall && at.labels && at.labels.length ? at.labels[0].getBoundingClientRect() : own;
  const stays = (el) => {
    for (; el && !el.contains(at); el = el.parentElement) {
      if (['fixed', 'sticky'].includes(getComputedStyle(el).position)) return el;
    }
    return null;
  };
  const x = Math.min(Math.max(box.left + box.width / 2, 1), innerWidth - 1);
  const points = [box.top + 2, box.top + box.height / 2, box.bottom - 2].filter((y) => y >= 0 && y < innerHeight);
  const bar = points.map((y) => stays(document.elementFromPoint(x, y))).find(Boolean);
  const roomy = at.tagName === 'TEXTAREA' || box.height > innerHeight / 2;  // one sees where one writes or begins
  return { name: name.replace(/\\s+/g, ' ').trim(), tag: at.tagName, type: at.type || '', ring,
           seen: roomy ? points.length > 0 : points.length === 3,
           over: bar && !roomy ? bar.id || bar.className || bar.tagName : '' };
}"""


class Keys:
    """One page, and no mouse."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def at_focus(self) -> dict[str, Any] | None:
        """What has the focus, None for nothing: it must show that it has it, in sight and under no bar."""
        at: dict[str, Any] | None = self.page.evaluate(_FOCUSED)
        if at is not None:
            what = f"{at['tag']} “{at['name'][:40]}” on {self.page.url}"
            assert at["ring"], f"{what} does not show that it has the focus"
            assert at["seen"], f"{what} has the focus out of sight"
            assert not at["over"], f"{what} has the focus under {at['over']}"
        return at

    def stops(self, *, key: str = "Tab") -> Iterator[dict[str, Any]]:
        """What gets the focus as one presses ``key`` (Tab, or Shift+Tab back) again and again."""
        for _ in range(MOST_STOPS):
            self.page.keyboard.press(key)
            if (at := self.at_focus()) is not None:
                yield at

    def to(self, name: str, *, tag: str = "", key: str = "Tab") -> dict[str, Any]:
        """Tab until the focused element's name holds ``name`` (and its tag is ``tag``, where given)."""
        met = []
        for at in self.stops(key=key):
            met.append(at["name"])
            if name in at["name"] and tag.upper() in ("", at["tag"]):
                return at
        raise AssertionError(f"no stop named {name} on {self.page.url}; stops: {met}")

    def press(self, name: str, *, tag: str = "") -> None:
        """Tab to it and press Enter; wait for where it leads."""
        self.to(name, tag=tag)
        self.enter()

    def enter(self) -> None:
        """Press Enter where one is; wait for where it leads."""
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        self.page.wait_for_load_state()

    def choose(self, name: str) -> None:
        """Tab into a radio group and walk with the arrows to the choice whose label holds ``name``."""
        next((at for at in self.stops() if at["type"] == "radio"), None)
        for _ in range(30):
            at = self.at_focus()
            if at is not None and name in at["name"]:
                self.page.keyboard.press("Space")
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"no choice {name} on {self.page.url}")

    def pick(self, name: str, option: str) -> None:
        """Tab to the list of choices and walk with the arrows to the one that holds ``option``."""
        self.to(name, tag="select")
        for _ in range(30):
            if option in self.page.evaluate("document.activeElement.selectedOptions[0].text"):
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"no option {option} in {name} on {self.page.url}")

    def tick(self, name: str) -> None:
        """Tab to the box and press Space."""
        boxes = (at for at in self.stops() if at["type"] == "checkbox" and name in at["name"])
        assert next(boxes, None) is not None, f"no box {name} to tick on {self.page.url}"
        self.page.keyboard.press("Space")

    def date(self, name: str, day: dt.date) -> None:
        """Tab to the date and type it, part by part."""
        self.to(name, tag="input")
        for part in (f"{day:%m}", f"{day:%d}", f"{day:%Y}"):
            self.page.keyboard.type(part)
        typed = self.page.evaluate("document.activeElement.value")
        assert typed == day.isoformat(), f"{name} took {typed!r}"

    def type(self, name: str, text: str) -> None:
        """Tab to the field and type into it, over what stood there."""
        fields = (at for at in self.stops() if at["tag"] in ("INPUT", "TEXTAREA"))
        assert any(name in at["name"] for at in fields), f"no field {name} on {self.page.url}"
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.insert_text(text)


class Walk(Keys):
    """Keys on pages none of which may scroll sideways."""

    def at(self, address: str) -> None:
        """Open the page as if its address had been typed."""
        self.page.goto(address)
        fits(self.page)

    def enter(self) -> None:
        super().enter()
        fits(self.page)

    def heading(self, words: str) -> None:
        """Assert that the page's own heading holds ``words``."""
        expect(self.page.get_by_role("heading", level=1)).to_contain_text(words)

    def fetch(self, name: str) -> Download:
        """Tab to the button and press Enter; the file that comes."""
        self.to(name)
        with self.page.expect_download() as coming:
            self.page.keyboard.press("Enter")
        return coming.value
