"""What a filter opens stands inside the window on every list of the desk, at every width, in both sizes of letters."""

from typing import Any

import pytest
from django.contrib import admin
from django.urls import reverse

from portal.core import audit
from tests import worlds
from tests.wishes import scenes

pytestmark = pytest.mark.django_db(transaction=True)
WIDTHS = (195, 360, 640, 1024, 1280)
OUTSIDE = """() => Array.from(document.querySelectorAll('details.filter')).flatMap((filter) => {
  document.querySelectorAll('details.filter').forEach((other) => { other.open = other === filter; });
  const panel = filter.querySelector('summary').nextElementSibling;
  const parts = [panel, ...panel.querySelectorAll('input:not([type=hidden]), button, a')];
  return parts.map((part) => [part, part.getBoundingClientRect()])
    .filter(([part, box]) => box.width < 1 || box.left < 0 || box.right > document.documentElement.clientWidth)
    .map(([part, box]) => `${filter.innerText.split('\\n')[0]}: ${part.tagName} ${box.left}–${box.right}`);
})"""
BESIDE = """() => {
  const filter = Array.from(document.querySelectorAll('details.filter--days')).at(-1);
  filter.open = true;
  const [over, panel] = [filter.querySelector('summary'), filter.querySelector('.filter__panel')]
    .map((part) => part.getBoundingClientRect());
  return panel.top >= over.bottom && panel.left < over.right && panel.right > over.left;
}"""


def _lists() -> list[str]:
    return [reverse(f"admin:{m._meta.app_label}_{m._meta.model_name}_changelist") for m in admin.site._registry]


def _say(page: Any, mode: str) -> None:
    page.evaluate("(mode) => Object.assign(document.documentElement.dataset, {mode, text: '30'})", mode)


@pytest.mark.parametrize("javascript", [True, False])
def test_no_panel_leaves_the_window(open_page, javascript) -> None:
    scenes.claimed(scenes.scene())
    page = open_page(size="desk", javascript=javascript, user=worlds.administrator())
    outside = []
    for url in _lists():
        page.set_viewport_size({"width": 1280, "height": 900})
        page.goto(url)
        for mode in ("standard", "elder"):
            _say(page, mode)
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 900})
                outside += [f"{url} {mode} {width}: {one}" for one in page.evaluate(OUTSIDE)]
    assert not outside, "\n".join(outside)


def test_a_panel_stands_by_its_filter(open_page) -> None:
    page = open_page(size="desk", user=worlds.administrator())
    page.goto(reverse("admin:wishes_wish_changelist"))
    assert page.evaluate(BESIDE)


@pytest.mark.parametrize(("listing", "highest"), [("people_person", 120), ("core_auditentry", 230)])
def test_a_row_is_a_small_card_on_a_phone(open_page, listing, highest) -> None:
    scene = scenes.scene()
    audit.record("wish.visited", actor_id=scene.worker.pk, subject=scenes.claimed(scene))
    page = open_page(size="phone", user=worlds.administrator())
    page.goto(reverse(f"admin:{listing}_changelist"))
    rows = page.locator("#result_list tbody tr").evaluate_all("rows => rows.map((row) => row.offsetHeight)")
    assert rows and max(rows) <= highest, rows


def test_one_line_of_the_record_is_as_high_as_another(open_page) -> None:
    scenes.claimed(scenes.scene())
    page = open_page(size="desk", user=worlds.administrator())
    page.goto(reverse("admin:core_transition_changelist"))
    rows = page.locator("#result_list tbody tr").evaluate_all("rows => rows.map((row) => row.offsetHeight)")
    assert len(rows) > 1 and max(rows) <= min(rows) + 1 < 60, rows


def test_what_a_list_is_searched_by_stands_whole_below_its_box(open_page) -> None:
    page = open_page(size="desk", user=worlds.administrator())
    page.goto(reverse("admin:wishes_wish_changelist"))
    box = page.locator("#searchbar")
    assert box.get_attribute("placeholder") == "查找"
    assert page.locator(f"#{box.get_attribute('aria-describedby')}").inner_text().endswith("会留记录")


def test_a_field_of_one_choice_is_shown_for_that_choice(open_page) -> None:
    scene = scenes.scene()
    wish = scenes.approved(scene)
    page = open_page(size="desk", user=scene.worker)
    page.goto(reverse("admin:wishes_wish_act", args=[wish.pk, "dispatch"]))
    assert not page.locator("[name=volunteer]").is_visible() and not page.locator("[name=team]").is_visible()
    page.locator("[name=to][value=named]").check()
    assert page.locator("[name=volunteer]").is_visible() and not page.locator("[name=team]").is_visible()
