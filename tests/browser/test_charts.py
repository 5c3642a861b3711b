"""Charts and print sheets as they come out: letters that do not shrink, contrast, bars on one scale, paper."""

import datetime as dt
import re

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from portal.core import clock
from services.wishes.models import Wish
from tests import worlds
from tests.browsers import axe, fits
from tests.pdfs import Sheet, sheets
from tests.wishes import scenes

pytestmark = pytest.mark.django_db(transaction=True)

# size, colours, 关怀版, the smallest letter in px
LOOKS = [
    ("phone", "light", False, 14),
    ("phone", "dark", False, 14),
    ("phone", "light", True, 20),
    ("phone", "dark", True, 20),
    ("desk", "light", False, 14),
    ("desk", "dark", True, 20),
]

# Every piece of text inside charts: its words, its size as it is seen, and where it stands.
TEXTS = """() => [...document.querySelectorAll('.chart *')].flatMap((node) => {
  const own = [...node.childNodes].some((child) => child.nodeType === 3 && child.data.trim());
  const box = node.getBoundingClientRect();
  if (!own || !box.width || node.closest('.visually-hidden, details:not([open]) > :not(summary), title, desc'))
    return [];
  const scale = node.getScreenCTM ? node.getScreenCTM().a : 1;
  const card = node.closest('.chart').parentElement.getBoundingClientRect();
  return [{words: node.textContent, size: parseFloat(getComputedStyle(node).fontSize) * scale,
           out: box.left < card.left - 0.5 || box.right > card.right + 0.5}];
})"""

# What draws: [what, its colour, the colour it lies on].
INKS = """() => [...document.querySelectorAll('.chart')].flatMap((chart) => {
  let under = chart;
  while (getComputedStyle(under).backgroundColor === 'rgba(0, 0, 0, 0)') under = under.parentElement;
  const ground = getComputedStyle(under).backgroundColor;
  const drawn = [...chart.querySelectorAll('.chart__ground, .chart__stroke, .chart__mark, .chart__nought')];
  return drawn.map((node) => {
    const style = getComputedStyle(node);
    const stroked = node.tagName === 'line' || node.classList.contains('chart__mark--open');
    return [node.getAttribute('class'), stroked ? style.stroke : style.fill, ground];
  });
})"""

# Pairs of labels of one chart that cover each other.
MEETING = """() => [...document.querySelectorAll('.chart')].flatMap((chart) => {
  const found = [];
  for (const kind of ['.chart__at', '.chart__ticks li', '.chart__label', '.chart__value', '.chart__named']) {
    const seen = [...chart.querySelectorAll(kind)].filter((node) => getComputedStyle(node).display !== 'none');
    const boxes = seen.map((node) => [node.textContent, node.getBoundingClientRect()]);
    boxes.forEach(([words, a], at) => boxes.slice(at + 1).forEach(([others, b]) => {
      if (a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 4 && b.top < a.bottom - 4)
        found.push(`${chart.id}: ${words} / ${others}`);
    }));
  }
  return found;
})"""

# How wide a bar is for each number beside it, by chart: {id: [[number, px], …]}.
BARS = """() => Object.fromEntries([...document.querySelectorAll('.chart--bar')].map((chart) => [chart.id,
  [...chart.querySelectorAll('.chart__strip')].flatMap((strip) => {
    const bar = strip.querySelector('.chart__piece');
    const number = Number(strip.querySelector('.chart__value').textContent.replaceAll(',', '').replace('−', '-'));
    return bar ? [[number, bar.getBoundingClientRect().width]] : [];
  })]))"""


def luminance(colour: str) -> float:
    """Of ``rgb(…)`` as browsers compute it."""
    parts = [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def look_at(page: Page, colours: str, elder: bool) -> None:
    page.emulate_media(color_scheme=colours)
    if elder:
        page.context.add_cookies([{"name": "mode", "value": "elder", "domain": "127.0.0.1", "path": "/"}])


def with_wishes() -> scenes.Scene:
    """A community with something in each of its pictures."""
    here = scenes.scene()
    now = clock.now()
    for days in (1, 2, 40, 70, 75, 200):
        wish = scenes.closed(here, at=now - dt.timedelta(days=days + 6))
        Wish.objects.filter(pk=wish.pk).update(closed_at=now - dt.timedelta(days=days))
    scenes.claimed(here)
    scenes.dispatched(here)
    return here


@pytest.mark.whole
@pytest.mark.parametrize(("size", "colours", "elder", "smallest"), LOOKS)
def test_every_picture_is_readable_in_every_look(open_page, size, colours, elder, smallest):
    page = open_page(size=size, user=worlds.worker(worlds.community()))
    look_at(page, colours, elder)
    page.goto(reverse("front:styleguide"))
    expect(page.locator(".chart").first).to_be_visible()
    texts = page.evaluate(TEXTS)
    assert len(texts) > 100
    assert not [text for text in texts if text["size"] < smallest - 0.01]
    assert not [text for text in texts if text["out"]]
    assert not page.evaluate(MEETING)
    inks = page.evaluate(INKS)
    assert len(inks) > 50
    assert not [ink for ink in inks if contrast(ink[1], ink[2]) < 3], "too faint against what it lies on"
    for chart, bars in page.evaluate(BARS).items():
        shares = [width / abs(number) for number, width in bars if number and width > 12]
        assert not shares or max(shares) - min(shares) <= max(shares) * 0.06, chart
    fits(page)


@pytest.mark.whole
@pytest.mark.parametrize(("size", "colours", "elder", "_smallest"), LOOKS)
def test_the_figures_page_with_its_charts(open_page, size, colours, elder, _smallest):
    here = with_wishes()
    page = open_page(size=size)
    look_at(page, colours, elder)
    for url in (reverse("front:figures"), reverse("front:figures_of", args=["community", here.community.pk])):
        page.goto(url)
        expect(page.locator(".chart")).to_have_count(3)
        axe(page)
        fits(page)


def test_the_table_behind_opens_by_keyboard_and_a_screen_reader_hears_what_the_picture_says(open_page):
    with_wishes()
    page = open_page(size="phone", javascript=False)
    page.goto(reverse("front:figures"))
    chart = page.locator("#chart-wishes-took")
    picture = chart.get_by_role("img", name="微心愿多久办结")
    expect(picture).to_have_accessible_description(re.compile(r"一共 6 件。最多的是4–7 天，6 件"))
    line = page.locator("#chart-wishes-closed").get_by_role("img", name="每个月办结多少微心愿")
    expect(line).to_have_accessible_description(re.compile("一共 6 件"))
    expect(chart.get_by_role("table")).to_be_hidden()
    chart.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(chart.get_by_role("table")).to_be_visible()
    expect(chart.get_by_role("row").filter(has_text="4–7 天")).to_contain_text("6")
    fits(page)


# Paper ---------------------------------------------------------------------------------------------------------------


def printed(page: Page) -> list[Sheet]:
    return sheets(page.pdf(prefer_css_page_size=True, print_background=True))


def is_grey(colour: tuple[float, ...]) -> bool:
    return max(colour) - min(colour) < 0.01


@pytest.mark.parametrize(("size", "colours", "elder"), [("desk", "light", False), ("phone", "dark", True)])
def test_a_work_order_is_one_sheet_of_a4_with_nothing_of_the_shell(open_page, size, colours, elder):
    here = scenes.scene()
    wish = scenes.claimed(here, details="二楼楼道的灯坏了，晚上看不见。" * 12, contact_address="2栋2单元201")
    page = open_page(size=size, user=here.helper)
    look_at(page, colours, elder)
    page.goto(reverse("wishes:sheet", args=[wish.code]))
    axe(page)
    fits(page)
    (paper,) = printed(page)
    assert (round(paper.width), round(paper.height)) == (210, 297)
    text = paper.text.replace(" ", "")
    for part in (here.community.name, "微心愿工单", wish.code, "154****", "志愿者签名", "居民签名", "第1页，共1页"):
        assert part in text
    assert "127.0.0.1" in text
    for part in (
        "首页",
        "办事",
        "我的",
        "数字公开",
        "关怀版",
        "标准版",
        "打印工单",
        "记下并显示",
        "打电话",
        wish.contact_phone,
    ):
        assert part not in text
    assert all(is_grey(colour) for colour in paper.colours)
    assert (0.0, 0.0, 0.0) in paper.colours


def test_the_whole_contact_is_printed_after_the_look_alone(open_page):
    here = scenes.scene()
    wish = scenes.claimed(here, contact_name="欧阳小满", contact_address="2栋2单元201")
    page = open_page(size="desk", user=here.worker)
    page.goto(reverse("wishes:sheet", args=[wish.code]))
    page.get_by_text("要印完整的电话和地址").click()
    page.get_by_label("理由").fill("志愿者没有手机")
    page.get_by_role("button", name="记下并显示").click()
    expect(page.get_by_text("含个人信息")).to_be_visible()
    axe(page)
    (paper,) = printed(page)
    for part in (wish.contact_phone, "欧阳小满", "2栋2单元201"):
        assert part in paper.text
    page.goto(reverse("wishes:sheet", args=[wish.code]))
    (paper,) = printed(page)
    assert wish.contact_phone not in paper.text


def test_head_and_foot_stand_on_every_page_of_a_long_sheet(open_page):
    here = scenes.scene()
    wish = scenes.claimed(here, details="一句\n" * 150)
    page = open_page(size="desk", user=here.worker)
    page.goto(reverse("wishes:sheet", args=[wish.code]))
    papers = printed(page)
    assert len(papers) >= 2
    for number, paper in enumerate(papers, 1):
        text = paper.text.replace(" ", "")
        assert f"第{number}页，共{len(papers)}页" in text
        for part in ("微心愿工单", wish.code, "不要拍照外传"):
            assert text.count(part) >= 1, (number, part)
    assert sum(paper.text.count("一句") for paper in papers) == 150


def test_a_page_with_charts_prints_black_on_white_with_its_tables(open_page):
    with_wishes()
    page = open_page(size="desk")
    page.emulate_media(color_scheme="dark")
    page.goto(reverse("front:figures"))
    papers = printed(page)
    assert all(is_grey(colour) for paper in papers for colour in paper.colours)
    text = "".join(paper.text for paper in papers)
    for part in ("微心愿多久办结", "从提出到办结", "合计（件）"):
        assert part in text
    assert "看表格" not in text


def test_the_button_prints_or_says_how(open_page):
    here = scenes.scene()
    wish = scenes.claimed(here)
    page = open_page(size="desk", user=here.worker)
    page.add_init_script("window.print = () => { document.documentElement.dataset.asked = 'yes'; };")
    page.goto(reverse("wishes:sheet", args=[wish.code]))
    page.get_by_text("打印", exact=True).click()
    expect(page.locator("html")).to_have_attribute("data-asked", "yes")
    expect(page.get_by_text("Ctrl+P")).to_be_hidden()
    plain = open_page(size="phone", javascript=False, user=here.worker)
    plain.goto(reverse("wishes:sheet", args=[wish.code]))
    plain.get_by_text("打印", exact=True).click()
    expect(plain.get_by_text("Ctrl+P")).to_be_visible()


def test_a_code_can_be_scanned_from_dark_screens_and_is_large_enough_on_paper(open_page):
    here = scenes.scene()
    wish = scenes.claimed(here)
    page = open_page(size="phone", user=here.worker)
    look_at(page, "dark", elder=True)
    page.goto(reverse("wishes:sheet", args=[wish.code]))
    code = page.locator(".qr__code")
    assert code.locator("rect").evaluate("node => getComputedStyle(node).fill") == "rgb(255, 255, 255)"
    assert code.locator("path").evaluate("node => getComputedStyle(node).fill") == "rgb(0, 0, 0)"
    width, modules = code.evaluate("node => [node.getBoundingClientRect().width, node.viewBox.baseVal.width]")
    assert width / modules * 25.4 / 96 >= 0.5, "a module of half a millimetre is what a phone still reads"
