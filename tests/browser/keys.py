"""Walking a page with the keyboard alone: Tab to what one wants, see where one is, press it.

``Keys(page).to("下一步")`` tabs on until the focused element bears that name; each stop must show its focus.
"""

from playwright.sync_api import Page

MOST_STOPS = 150  # tabs until one gives up: a page with more stops than that is no page for a keyboard

# The name by which a person knows the focused element, and whether its focus can be seen.
_FOCUSED = """() => {
  const at = document.activeElement;
  if (!at || at === document.body) return null;
  const label = at.labels && at.labels.length ? Array.from(at.labels, (l) => l.innerText).join(' ') : '';
  const name = at.getAttribute('aria-label') || label || at.innerText || at.value || '';
  const drawn = (style) => style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0;
  const around = [at, at.parentElement, at.nextElementSibling, at.closest('li')].filter(Boolean);
  const ring = around.some((el) => [null, '::before', '::after'].some((part) => drawn(getComputedStyle(el, part))));
  const box = at.getBoundingClientRect();
  return { name: name.replace(/\\s+/g, ' ').trim(), tag: at.tagName, type: at.type || '', ring,
           seen: box.bottom > 0 && box.top < innerHeight };
}"""


class Keys:
    """One page, and no mouse."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def to(self, name: str, *, tag: str = "") -> dict:
        """Tab until the focused element's name holds ``name`` (and its tag is ``tag``, where given)."""
        stops = []
        for _ in range(MOST_STOPS):
            self.page.keyboard.press("Tab")
            at = self.page.evaluate(_FOCUSED)
            if at is None:
                continue
            stops.append(at["name"])
            if name in at["name"] and tag.upper() in ("", at["tag"]):
                assert at["ring"], f"{name} does not show that it has the focus on {self.page.url}"
                assert at["seen"], f"{name} has the focus out of sight on {self.page.url}"
                return at
        raise AssertionError(f"no stop named {name} on {self.page.url}; stops: {stops}")

    def press(self, name: str, *, tag: str = "") -> None:
        """Tab to it and press Enter; wait for where it leads."""
        self.to(name, tag=tag)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        self.page.wait_for_load_state()

    def choose(self, name: str) -> None:
        """Tab into a radio group and walk with the arrows to the choice whose label holds ``name``."""
        for _ in range(MOST_STOPS):
            self.page.keyboard.press("Tab")
            at = self.page.evaluate(_FOCUSED)
            if at is not None and at["type"] == "radio":
                break
        for _ in range(30):
            at = self.page.evaluate(_FOCUSED)
            if at is not None and name in at["name"]:
                self.page.keyboard.press("Space")
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"no choice {name} on {self.page.url}")

    def type(self, name: str, text: str) -> None:
        """Tab to the field and type into it, over what stood there."""
        self.to(name)
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.insert_text(text)
