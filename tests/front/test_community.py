"""Which community: taken for granted, chosen by tree or by search, remembered."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape
from hypothesis import given
from hypothesis import strategies as st

from portal.core import clock
from portal.core.sample_world import World
from portal.front import communities
from portal.people.choosing import COOKIE
from portal.places import sample as places
from portal.places.models import Area, Building, Estate, Level
from tests import worlds

pytestmark = pytest.mark.django_db


def test_the_only_open_community_is_taken_for_granted():
    home = worlds.community(phone="15400009900")
    answer = worlds.client_for(None).get("/")
    assert home.name in answer.content.decode()
    assert "tel:15400009900" in answer.content.decode()


def test_with_two_communities_a_visitor_is_asked_and_a_resident_is_at_home():
    home, _other = worlds.community(), worlds.community("向阳社区")
    assert "选择我的社区" in worlds.client_for(None).get("/").content.decode()
    assert home.name in worlds.client_for(worlds.account(home)).get("/").content.decode()


def test_a_choice_is_remembered_for_a_year_and_goes_before_ones_own_community():
    home, other = worlds.community(), worlds.community("向阳社区")
    client = worlds.client_for(worlds.account(home))
    answer = client.post("/community/", {"community": other.pk, "next": "/do/"})
    assert answer["Location"] == "/do/"
    cookie = answer.cookies[COOKIE]
    assert (cookie.value, cookie["max-age"], cookie["samesite"], cookie["httponly"]) == (
        str(other.pk),
        365 * 24 * 60 * 60,
        "Lax",
        True,
    )
    assert other.name in client.get("/").content.decode()


@pytest.mark.parametrize("value", ["0", "-1", "abc", "1' OR '1'='1", "1" * 30, ""])
def test_a_cookie_that_names_no_community_is_ignored(value):
    worlds.community()
    worlds.community("向阳社区")
    client = worlds.client_for(None)
    client.cookies[COOKIE] = value
    assert "选择我的社区" in client.get("/").content.decode()


@pytest.mark.parametrize("value", ["", "x", "99999999", "9" * 30, "-1"])
def test_a_choice_of_no_community_is_said_and_not_remembered(value):
    worlds.community()
    client = worlds.client_for(None)
    answer = client.post("/community/", {"community": value})
    assert answer["Location"] == "/community/"
    assert COOKIE not in answer.cookies
    assert "没有找到这个社区" in client.get("/community/").content.decode()


def test_a_community_that_is_not_in_service_cannot_be_chosen():
    closed = worlds.area(Level.COMMUNITY, "筹备中社区", worlds.subdistrict(), in_service=False)
    worlds.community()
    client = worlds.client_for(None)
    assert closed.name not in client.get("/community/").content.decode()
    assert COOKIE not in client.post("/community/", {"community": closed.pk}).cookies


@pytest.mark.parametrize(
    "target",
    ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "http:///evil.example", ""],
)
def test_nobody_is_sent_off_the_site(target):
    home = worlds.community()
    client = worlds.client_for(None)
    assert client.post("/community/", {"community": home.pk, "next": target})["Location"] == "/"
    assert client.post("/mode/", {"mode": "elder", "next": target})["Location"] == "/"
    assert '<input type="hidden" name="next" value="/">' in client.get("/community/", {"next": target}).content.decode()


# Search --------------------------------------------------------------------------------------------------------------


@pytest.fixture
def city():
    """A city of two districts: 袁家湾 and 向阳 in 荷塘区, 南岭 in 石峰区."""
    tianxin = worlds.subdistrict("田心街道", parent=worlds.district("石峰区"))
    return (
        worlds.community("袁家湾社区"),
        worlds.community("向阳社区", parent=worlds.subdistrict("桂花街道")),
        worlds.community("南岭社区", parent=tianxin),
    )


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("袁家", ["袁家湾社区"]),
        ("家湾", ["袁家湾社区"]),
        ("田心", ["南岭社区"]),
        ("荷塘 向阳", ["向阳社区"]),
        ("荷塘", ["向阳社区", "袁家湾社区"]),
        ("石峰 向阳", []),
        ("火星", []),
        ("", []),
        ("  ", []),
        ("%", []),
        ("_", []),
    ],
)
def test_a_part_of_a_name_finds_it_by_every_word(city, typed, found):
    areas, more = communities.find(typed)
    assert sorted(one.area.name for one in areas) == sorted(found)
    assert not more


def test_what_is_found_can_be_chosen_and_leads_back(city):
    home, *_others = city
    client = worlds.client_for(None)
    page = client.get("/community/", {"q": "袁家", "next": "/do/"}).content.decode()
    assert f'value="{home.pk}"' in page and "荷塘区 月塘街道" in page and "向阳社区" not in page
    assert '<input type="hidden" name="next" value="/do/">' in page
    assert client.post("/community/", {"community": home.pk, "next": "/do/"})["Location"] == "/do/"


def test_nothing_found_says_so_and_how_to_go_on(city):
    page = worlds.client_for(None).get("/community/", {"q": "<b>火星"}).content.decode()
    assert "没有找到这个社区" in page and "按街道选" in page
    assert escape("<b>火星") in page and "<b>火星" not in page


def test_a_search_that_finds_too_many_says_so_and_stays_short():
    for number in range(communities.MOST_FOUND + 5):
        worlds.community(f"第{number}社区")
    areas, more = communities.find("社区")
    assert (len(areas), more) == (communities.MOST_FOUND, True)
    assert "请再多写几个字" in worlds.client_for(None).get("/community/", {"q": "社区"}).content.decode()


def test_one_that_is_not_open_is_not_found(city):
    worlds.area(Level.COMMUNITY, "袁家新社区", worlds.subdistrict(), in_service=False)
    assert [one.area.name for one in communities.find("袁家")[0]] == ["袁家湾社区"]


@given(st.text(max_size=40))
def test_whatever_is_typed_is_answered(typed):
    areas, _more = communities.find(typed)
    assert len(areas) <= communities.MOST_FOUND


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("五公司", ["向阳社区"]),
        ("五公司小区15栋", ["向阳社区"]),
        ("五公司小区 15栋2单元", ["向阳社区"]),
        ("月塘巷", ["袁家湾社区"]),
        ("月塘巷8号", ["袁家湾社区"]),
        ("建设北路", ["南岭社区"]),
        ("株洲市石峰区", ["南岭社区"]),
        ("石峰区田心街道南岭社区", ["南岭社区"]),
        ("株洲 桂花", ["向阳社区"]),
        ("15栋", ["向阳社区"]),
    ],
)
def test_an_estate_a_street_and_the_city_find_it_too(city, typed, found):
    yuanjiawan, xiangyang, nanling = city
    estate = Estate.objects.create(community=xiangyang, name="五公司小区")
    Building.objects.create(community=xiangyang, estate=estate, name="15栋", address="五公司小区15栋")
    Building.objects.create(community=yuanjiawan, kind=Building.Kind.SELF_BUILT, name="月塘巷8号")
    Building.objects.create(community=nanling, name="1栋", address="建设北路12号")
    assert [one.area.name for one in communities.find(typed)[0]] == found


def test_the_estate_that_fits_is_named_and_what_is_called_so_itself_stands_first(city):
    _yuanjiawan, xiangyang, _nanling = city
    Estate.objects.create(community=xiangyang, name="袁家小区")
    Estate.objects.create(community=xiangyang, name="另一个小区")
    assert [(one.area.name, one.estates) for one in communities.find("袁家")[0]] == [
        ("袁家湾社区", ""),
        ("向阳社区", "袁家小区"),
    ]
    page = worlds.client_for(None).get("/community/", {"q": "袁家"}).content.decode()
    assert "袁家小区" in page and "另一个小区" not in page


def test_in_the_sample_data_the_estate_and_the_city_lead_there():
    places.load(World(anchor=clock.today(), built_at=clock.now()))
    assert [one.area.name for one in communities.find("五公司")[0]] == ["向阳社区"]
    assert {one.area.name for one in communities.find("株洲")[0]} == {"袁家湾社区", "向阳社区", "南岭社区", "北岭社区"}


def test_as_many_queries_for_many_as_for_one(city):
    def asked(words: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            communities.find(words)
        return len(captured)

    assert asked("袁家湾") == asked("社区") == 2


@pytest.mark.parametrize(
    "typed", ["15400000009", "154 0000 0009", "１５４０００００００９", "0731-28812345", "430202194903071235"]
)
def test_a_phone_or_an_id_number_never_comes_into_an_address(city, typed):
    client = worlds.client_for(None)
    answer = client.post("/community/", {"q": f"找 {typed}", "next": "/do/"})
    assert answer.status_code == 302 and answer["Location"] == "/community/?refused=number&next=%2Fdo%2F"
    assert client.get("/community/", {"q": typed, "next": "/do/"})["Location"] == answer["Location"]
    page = client.get(answer["Location"]).content.decode()
    assert "请不要在这里写号码" in page and typed not in page and "袁家湾社区" in page
    assert communities.find(typed) == ([], False)


def test_words_are_sent_and_lead_to_what_was_found(city):
    client = worlds.client_for(None)
    page = client.get("/community/?next=/do/").content.decode()
    assert re.search(r'<form class="seek" method="post"', page)
    answer = client.post("/community/", {"q": " 袁\u200b家  湾", "next": "/do/"})
    assert answer["Location"] == "/community/?q=%E8%A2%81%E5%AE%B6+%E6%B9%BE&next=%2Fdo%2F"
    assert "袁家湾社区" in client.get(answer["Location"]).content.decode()
    assert client.post("/community/", {"q": "  "})["Location"] == "/community/?next=%2F"


# The tree ------------------------------------------------------------------------------------------------------------


def test_a_few_stand_on_one_page_with_their_streets(city):
    page = worlds.client_for(None).get("/community/").content.decode()
    assert "一共 3 个社区" in page
    for name in ("荷塘区", "石峰区", "月塘街道", "桂花街道", "田心街道", *(area.name for area in city)):
        assert name in page
    assert "<details" not in page


def test_more_are_folded_under_their_streets_with_counts_and_the_present_one_is_open(city):
    home, *_others = city
    for number in range(communities.FEW):
        worlds.community(f"第{number}社区", parent=worlds.subdistrict(f"第{number % 4}街道"))
    client = worlds.client_for(None)
    client.cookies[COOKIE] = str(home.pk)
    page = client.get("/community/").content.decode()
    assert page.count("<details") == 7 and page.count(" open>") == 1
    assert "月塘街道" in page.split(" open>")[1].split("</details>")[0]
    assert page.count("3 个社区</span>") == 4


def test_the_present_one_is_marked(city):
    home, *_others = city
    client = worlds.client_for(None)
    client.cookies[COOKIE] = str(home.pk)
    page = client.get("/community/").content.decode()
    assert page.count('aria-current="true"') == 1 and "现在在这里" in page
    assert f'value="{home.pk}" aria-current="true"' in page


def test_without_one_the_page_says_so():
    assert "还没有社区加入" in worlds.client_for(None).get("/community/").content.decode()


def _big_city(districts: int, streets: int, each: int) -> None:
    """So many communities, made quickly."""
    for d in range(districts):
        district = worlds.district(f"第{d}区")
        for s in range(streets):
            street = worlds.subdistrict(f"{d}区{s}街道", parent=district)
            made = Area.objects.bulk_create(
                Area(level=Level.COMMUNITY, name=f"{d}-{s}-{n}社区", parent=street, in_service=True)
                for n in range(each)
            )
            for area in made:
                area.path = f"{street.path}{area.pk}/"
            Area.objects.bulk_update(made, ["path"])


def test_five_hundred_are_gone_down_to_by_district_and_street():
    _big_city(5, 10, 10)
    client = worlds.client_for(None)
    top = client.get("/community/", {"next": "/do/"}).content.decode()
    assert "一共 500 个社区" in top and top.count("100 个社区") == 5
    assert 'name="community"' not in top
    third = Area.objects.get(name="第2区")
    assert f'href="?in={third.pk}&amp;next=%2Fdo%2F"' in top
    streets = client.get("/community/", {"in": third.pk, "next": "/do/"}).content.decode()
    assert "第2区有 100 个社区，一共 500 个" in streets and streets.count("10 个社区</p>") == 10
    street = Area.objects.get(name="2区7街道")
    last = client.get("/community/", {"in": street.pk, "next": "/do/"}).content.decode()
    assert last.count('name="community"') == 10 and "2-7-3社区" in last
    assert f'href="?in={third.pk}&amp;next=%2Fdo%2F"' in last, "the way back up"
    assert '<input type="hidden" name="next" value="/do/">' in last


def test_no_page_of_the_choice_grows_with_the_city_and_each_costs_a_few_queries():
    _big_city(3, 2, 70)
    client = worlds.client_for(None)
    for area in (None, *Area.objects.exclude(level=Level.COMMUNITY)):
        asked = {"in": area.pk} if area else {}
        with CaptureQueriesContext(connection) as captured:
            page = client.get("/community/", asked).content.decode()
        assert page.count('name="community"') <= communities.WHOLE
        assert len(captured) <= 5


def test_a_street_with_very_many_is_paged():
    _big_city(1, 1, communities.WHOLE + 10)
    client = worlds.client_for(None)
    street = Area.objects.get(level=Level.SUBDISTRICT)
    first = client.get("/community/", {"in": street.pk}).content.decode()
    assert first.count('name="community"') == communities.WHOLE and "后面的" in first and "前面的" not in first
    second = client.get("/community/", {"in": street.pk, "from": communities.WHOLE}).content.decode()
    assert second.count('name="community"') == 10 and "前面的" in second and "后面的" not in second
    names = {area.name for area in Area.objects.open()}
    assert all(name in first or name in second for name in names)


@pytest.mark.parametrize(
    "asked", [{"in": "x"}, {"in": "9" * 30}, {"in": "-1"}, {"in": "0"}, {"from": "x"}, {"from": "99999"}]
)
def test_an_address_that_names_no_branch_shows_the_top(city, asked):
    answer = worlds.client_for(None).get("/community/", asked)
    assert answer.status_code == 200 and "一共 3 个社区" in answer.content.decode()


def test_every_list_of_communities_has_one_order():
    """By sub-district, then by name, whichever was entered first: the choice, the phones, the figures, the wall."""
    names = ["3社区", "1社区", "2社区"]
    for name in names:
        worlds.community(name, phone="15400009901")
    client = worlds.client_for(None)
    for path in ("/community/", "/help/", "/figures/", "/wishes/", "/accounts/signup/"):
        page = client.get(path).content.decode().split("<main")[1]
        found = re.findall("[123]社区", page)
        assert list(dict.fromkeys(found)) == sorted(names), path
