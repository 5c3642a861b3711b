"""Figures: counted, listed where they apply, the same on the page and for programs."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.dateparse import parse_datetime

from portal.core import clock
from portal.core.registries import Chart, ChartData, Figure, PlaceKind, Series, charts, figures, place_kinds
from portal.front.numbers import all_figures, home_figures
from portal.people.choosing import COOKIE
from portal.places.models import Area, Building
from tests import worlds
from tests.wishes import scenes

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


@pytest.fixture
def registered(monkeypatch):
    """Register a figure, a chart or a kind of place for one test."""
    monkeypatch.setattr(figures, "_entries", dict(figures._entries))
    monkeypatch.setattr(place_kinds, "_entries", dict(place_kinds._entries))
    monkeypatch.setattr(charts, "_entries", dict(charts._entries))

    def register(entry):
        of = {Figure: figures, PlaceKind: place_kinds, Chart: charts}
        return of[type(entry)].add(entry)

    return register


def _buildings(**fields) -> Figure:
    """How many buildings a community has: a figure that these tests can make true."""
    values = {
        "id": "test.buildings",
        "label": "栋楼",
        "unit": "栋",
        "count": lambda place, _as_of: Building.objects.filter(community=place).count(),
        "url": lambda place: f"/do/?community={place.pk}",
        "order": 0,
    }
    return Figure(**{**values, **fields})


def test_data_for_programs_has_the_published_form(client, registered):
    registered(_buildings())
    home, other = worlds.community(), worlds.community("向阳社区")
    for _number in range(3):
        worlds.building(home)
    answer = client.get("/open-data/figures.json")
    assert answer["Content-Type"] == "application/json"
    assert answer["Access-Control-Allow-Origin"] == "*"
    data = answer.json()
    assert set(data) == {"as_of", "places"}
    as_of = parse_datetime(data["as_of"])
    assert as_of is not None
    assert as_of.utcoffset() == dt.timedelta(hours=8)
    assert abs(clock.now() - as_of) < dt.timedelta(minutes=1)
    assert data["places"][home.name]["test.buildings"] == 3
    assert data["places"][other.name]["test.buildings"] == 0
    assert all(type(number) is int for place in data["places"].values() for number in place.values())


def test_a_figure_stands_only_where_it_applies(client, registered):
    home, other = worlds.community(), worlds.community("向阳社区")
    registered(_buildings(applies=lambda _as_of: {home.pk}))
    places = client.get("/open-data/figures.json").json()["places"]
    assert "test.buildings" in places[home.name]
    assert "test.buildings" not in places.get(other.name, {})
    assert not any(view.label == "栋楼" for view in home_figures(other, clock.now()))


def test_a_place_that_is_not_in_service_has_no_figures(client, registered):
    registered(_buildings())
    worlds.community("筹备中社区", in_service=False)
    assert "筹备中社区" not in client.get("/open-data/figures.json").json()["places"]


def test_two_places_of_one_name_are_told_apart(client, registered):
    registered(_buildings())
    worlds.community("和平社区", parent=worlds.subdistrict("月塘街道"))
    worlds.community("和平社区", parent=worlds.subdistrict("桂花街道"))
    assert {"荷塘区月塘街道和平社区", "荷塘区桂花街道和平社区"} <= set(
        client.get("/open-data/figures.json").json()["places"]
    )


def test_another_kind_of_place_has_figures_of_its_own(client, registered):
    building = worlds.building(worlds.community(), name="15栋")
    registered(PlaceKind(id="building", label="楼栋", places=lambda: [building]))
    registered(
        Figure(
            id="test.households",
            label="户",
            unit="户",
            kind="building",
            count=lambda place, _as_of: place.households.count(),
        )
    )
    worlds.household(building)
    places = client.get("/open-data/figures.json").json()["places"]
    assert places["15栋"] == {"test.households": 1}
    assert "test.households" not in places[building.community.name]


def test_one_query_counts_a_figure_for_every_place(registered, django_assert_num_queries):
    def everywhere(_as_of):
        counted: dict[int, int] = {}
        for community_id in Building.objects.values_list("community_id", flat=True):
            counted[community_id] = counted.get(community_id, 0) + 1
        return counted

    figures._entries.clear()
    registered(_buildings(count_all=everywhere))
    communities = [worlds.community(f"第{number}社区") for number in range(30)]
    worlds.building(communities[7])
    with django_assert_num_queries(2):
        found = all_figures(clock.now())
    assert {place.name: place.figures[0][1] for place in found if place.figures[0][1]} == {"第7社区": 1}


def test_the_page_shows_each_number_with_the_way_to_its_records(client, registered):
    home = worlds.community()
    registered(_buildings())
    worlds.building(home)
    page = client.get("/figures/").content.decode()
    assert home.name in page
    assert f'href="/do/?community={home.pk}"' in page
    assert client.get("/").content.decode().count("栋楼") == 1


def test_the_page_of_a_big_city_is_cut_into_pages(client, registered):
    registered(_buildings())
    for number in range(25):
        worlds.community(f"第{number:02d}社区")
    first, rest = client.get("/figures/").content.decode(), client.get("/figures/?from=20").content.decode()
    assert "?from=20" in first
    assert "第19社区" in first
    assert "第20社区" not in first
    assert "第20社区" in rest
    assert "?from=0" in rest
    for nonsense in ("x", "-1", "9" * 20):
        assert client.get("/figures/", {"from": nonsense}).status_code == 200


def test_every_registered_figure_opens_public_records():
    """A stranger can open what is behind each number."""
    home = worlds.community()
    for figure in figures:
        if figure.url is not None and figure.kind == "community":
            assert worlds.client_for(None).get(figure.url(home)).status_code == 200, figure.id


def test_a_number_is_never_of_a_later_time(registered):
    """``as_of`` reaches the count."""
    asked: list[dt.datetime] = []

    def count(_place, as_of):
        asked.append(as_of)
        return 0

    registered(_buildings(count=count))
    worlds.community()
    moment = clock.now() - dt.timedelta(days=400)
    all_figures(moment)
    assert asked == [moment] * Area.objects.open().count()


# Charts --------------------------------------------------------------------------------------------------------------


def _chart(**fields) -> Chart:
    """The buildings of a community as a picture: one query."""

    def data(place, _as_of):
        count = Building.objects.filter(community=place).count()
        return ChartData(("现有",), (Series("楼", (count,)),), unit="栋") if count else None

    return Chart(**{"id": "test.houses", "title": "各种楼有几栋", "shape": "bar", "data": data, **fields})


def _page(client, url: str = "/figures/") -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_chosen_community_stands_first_with_its_charts(client, registered):
    registered(_buildings())
    registered(_chart())
    home, other = worlds.community(), worlds.community("向阳社区")
    for place in (home, other):
        worlds.building(place)
    page = _page(client)
    assert page.index(other.name) < page.index(home.name)
    assert "各种楼有几栋" not in page
    client.cookies[COOKIE] = str(home.pk)
    page = _page(client).split("<main")[1]
    assert page.index(home.name) < page.index(other.name)
    assert page.count('id="chart-test-houses"') == 1
    assert page.index("各种楼有几栋") < page.index(other.name)


def test_the_first_place_of_another_page_gets_no_charts_of_the_chosen_one(client, registered):
    registered(_buildings())
    registered(_chart())
    places = [worlds.community(f"第{number}社区") for number in range(25)]
    worlds.building(places[3])
    client.cookies[COOKIE] = str(places[3].pk)
    assert "各种楼有几栋" in _page(client)
    assert "各种楼有几栋" not in _page(client, "/figures/?from=20")


def test_each_place_has_a_page_with_its_numbers_and_charts(client, registered):
    registered(_buildings())
    registered(_chart(note="只数登记过的。"))
    home, empty = worlds.community(), worlds.community("向阳社区")
    for _number in range(3):
        worlds.building(home)
    url = f"/figures/community/{home.pk}/"
    assert f'href="{url}"' in _page(client)
    page = _page(client, url)
    for part in (home.name, "各种楼有几栋", "只有一个数：现有，3 栋。", "只数登记过的。", 'role="img"', "看表格"):
        assert part in page
    assert 'data-label="楼（栋）" class="table__num"' in page
    page = _page(client, f"/figures/community/{empty.pk}/")
    assert "还没有可以画的图" in page


def test_a_place_that_is_not_public_has_no_page(client, registered):
    registered(_buildings())
    hidden = worlds.community("筹备中社区", in_service=False)
    for url in (f"/figures/community/{hidden.pk}/", "/figures/community/999999/", f"/figures/nowhere/{hidden.pk}/"):
        assert client.get(url).status_code == 404


def test_a_chart_belongs_to_its_kind_of_place(client, registered):
    building = worlds.building(worlds.community(), name="15栋")
    registered(PlaceKind(id="building", label="楼栋", places=lambda: [building]))
    registered(_chart(kind="building", data=lambda _place, _as_of: ChartData(("一",), (Series("户", (30,)),))))
    assert "各种楼有几栋" in _page(client, f"/figures/building/{building.pk}/")
    assert "各种楼有几栋" not in _page(client, f"/figures/community/{building.community.pk}/")


def test_the_page_asks_as_often_for_fifty_places_as_for_one(client, registered):
    """With every chart and figure that there is."""
    registered(_buildings(count_all=lambda _as_of: dict.fromkeys(Area.objects.values_list("pk", flat=True), 1)))
    registered(_chart())
    here = scenes.scene()
    worlds.building(here.community)
    scenes.closed(here)
    client.cookies[COOKIE] = str(here.community.pk)
    asked = []
    for number in range(50):
        if number in (0, 1, 49):
            with CaptureQueriesContext(connection) as queries:
                assert 'id="chart-wishes-closed"' in _page(client)
            asked.append(len(queries))
        worlds.community(f"第{number}社区")
    assert asked[0] == asked[1] == asked[2] <= 12


def test_data_for_programs_stay_as_published(client, registered):
    registered(_buildings())
    registered(_chart())
    home = worlds.community()
    worlds.building(home)
    data = client.get("/open-data/figures.json").json()
    assert set(data) == {"as_of", "places"}
    assert data["places"][home.name]["test.buildings"] == 1
