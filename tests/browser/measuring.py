"""Measuring a page as Chromium lays it out: how big its letters are, how far apart its lines, how big what one presses.

Each function gives what falls short, in words, so that a failing test says where to look.
"""

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

_SCRIPT = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")


def _measured(page: Page, what: str, least: float | None = None) -> list[str]:
    found: Any = page.evaluate(
        f"([what, least]) => ({_SCRIPT.split(chr(10), 1)[1].strip()})[what](least)", [what, least]
    )
    return found


def small_text(page: Page, least: float) -> list[str]:
    """Every text that is shown smaller than ``least`` CSS pixels, what one types into included."""
    return _measured(page, "smallText", least)


def tight_lines(page: Page, least: float) -> list[str]:
    """Every text of several lines that are less than ``least`` times their size apart."""
    return _measured(page, "tightLines", least)


def small_targets(page: Page, least: float) -> list[str]:
    """Everything that one presses and that is less than ``least`` CSS pixels wide or high."""
    return _measured(page, "smallTargets", least)


def overflowing(page: Page) -> list[str]:
    """Why the page scrolls sideways; nothing where it does not."""
    return _measured(page, "overflowing")
