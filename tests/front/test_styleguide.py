"""The style guide is whole and tells the truth; macros and style sheets open with how they are used."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse

from portal.front import specimens
from portal.front.context import MODE_COOKIE, TEXT_COOKIE
from tests import worlds

ROOT = Path(settings.BASE_DIR)
COMPONENTS = sorted((ROOT / "templates" / "components").glob("*.html"))
GUIDE = ROOT / "templates" / "front" / "styleguide"
SHEETS = sorted((ROOT / "static" / "css").rglob("*.css"))
MACRO = re.compile(r"\{%-? macro (\w+)\(")


def _macros(path: Path) -> list[str]:
    """What other templates may import from this file; a name with an underscore first is its own affair."""
    return [name for name in MACRO.findall(path.read_text()) if not name.startswith("_")]


# Usage ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", COMPONENTS, ids=lambda path: path.stem)
def test_a_file_of_macros_opens_with_the_use_of_each(path):
    text = path.read_text()
    assert text.startswith("{#"), "it opens with a comment"
    usage = text[: text.index("#}")]
    for name in _macros(path):
        assert re.search(rf"\{{\{{ {name}\(|\{{% call {name}\(", usage), (
            f"{path.name} does not show how {name} is called"
        )


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.stem)
def test_a_style_sheet_opens_with_its_use(path):
    text = path.read_text().removeprefix('@charset "UTF-8";\n')
    assert text.startswith("/*"), "it opens with a comment"
    usage, rules = text[: text.index("*/")], text[text.index("*/") :]
    if path.parent.name != "components":
        return
    named = set(re.findall(r"[\w-]+", usage))
    assert named & set(re.findall(r"\.([a-z][\w-]*)", rules)), f"{path.name} names none of its classes"
    assert "<" in usage or "acro" in usage, f"{path.name} shows neither markup nor macro"


def test_every_sheet_is_loaded_once():
    loaded = re.findall(r'@import url\("([\w/.-]+)"\)', (ROOT / "static" / "css" / "app.css").read_text())
    there = {str(path.relative_to(ROOT / "static" / "css")) for path in SHEETS} - {"app.css", "styleguide.css"}
    assert sorted(loaded) == sorted(there)


# The guide -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", COMPONENTS, ids=lambda path: path.stem)
def test_every_macro_has_its_place_in_the_guide(path):
    """A new component without a specimen fails here."""
    guide = "".join(partial.read_text() for partial in GUIDE.glob("*.html"))
    for name in _macros(path):
        used = re.search(rf"\{{\{{ {name}\(|\{{% call {name}\(", guide)
        imported = re.search(rf'"components/{path.name}" import [^%]*\b{name}\b', guide)
        assert used and imported, f"{name} of {path.name} is not shown in the style guide"


def test_no_partial_of_the_guide_is_left_out():
    there = {path.stem for path in GUIDE.glob("*.html") if not path.stem.startswith("_")}
    assert there == {name for name, _title in specimens.FAMILIES}
    assert all(len(path.read_text().splitlines()) < 200 for path in GUIDE.glob("*.html"))


def test_what_is_shown_as_code_is_what_is_rendered():
    for family in specimens.families():
        source = (GUIDE / f"{family.id}.html").read_text()
        assert family.whole or family.specimens, family.id
        for specimen in family.specimens:
            assert specimen.code in source
            assert specimen.code.strip()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_pair_of_colours_can_be_read(theme):
    found = specimens.pairs(theme)
    assert len(found) > 25
    assert [pair for pair in found if not pair.enough] == []


def test_contrast_is_reckoned_as_wcag_does():
    assert specimens.contrast("#000000", "#ffffff") == 21
    assert specimens.contrast("#777777", "#ffffff") == 4.47
    assert specimens.contrast("#ffffff", "#777777") == 4.47


def test_a_pair_that_cannot_be_read_is_said_so():
    assert not specimens.Pair("a", "b", "#777777", "#ffffff", 4.47, specimens.TEXT).enough


# The page ------------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_who_may_see_it(settings):
    home = worlds.community()
    assert worlds.client_for(None).get("/styleguide/").status_code == 404
    assert worlds.client_for(worlds.account(home)).get("/styleguide/").status_code == 403
    assert worlds.client_for(worlds.worker(home)).get("/styleguide/").status_code == 200
    settings.DEBUG = True
    assert worlds.client_for(None).get("/styleguide/").status_code == 200


@pytest.mark.django_db
def test_a_look_is_asked_for_by_the_address_and_by_nothing_else():
    client = worlds.client_for(worlds.worker(worlds.community()))

    def root(query: str) -> str:
        return re.findall(r"<html[^>]*>", client.get(f"/styleguide/{query}").content.decode())[0]

    assert root("") == '<html lang="zh-Hans">'
    assert root("?theme=dark") == '<html lang="zh-Hans" data-theme="dark">'
    assert root("?theme=light&mode=elder&text=30") == (
        '<html lang="zh-Hans" data-theme="light" data-mode="elder" data-text="30">'
    )
    assert root("?theme=x&mode=y&text=99") == '<html lang="zh-Hans">'
    client.cookies[MODE_COOKIE], client.cookies[TEXT_COOKIE] = "elder", "26"
    assert root("") == '<html lang="zh-Hans" data-mode="elder" data-text="26">'
    assert root("?mode=standard") == '<html lang="zh-Hans">'
    other = client.get(reverse("front:do") + "?theme=dark&mode=standard").content.decode()
    assert 'data-theme="dark"' not in other
    assert 'data-mode="elder"' in other


@pytest.mark.django_db
def test_no_id_stands_twice():
    """Specimens are many and forms are shown again and again; an id is one element's."""
    for query in ("", "?mode=elder"):
        page = worlds.client_for(worlds.worker(worlds.community())).get(f"/styleguide/{query}").content.decode()
        ids = re.findall(r'\sid="([^"]+)"', page)
        assert sorted({one for one in ids if ids.count(one) > 1}) == []
