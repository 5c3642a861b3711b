"""Figures: counted, listed where they apply, the same on the page and for programs."""

import datetime as dt

import pytest
from django.utils.dateparse import parse_datetime

from portal.core import clock
from portal.core.registries import Figure, PlaceKind, figures, place_kinds
from portal.front.numbers import all_figures, home_figures
from portal.places.models import Area, Building
from tests import worlds

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


@pytest.fixture
def registered(monkeypatch):
    """Register a figure or a kind of place for one test."""
    monkeypatch.setattr(figures, "_entries", dict(figures._entries))
    monkeypatch.setattr(place_kinds, "_entries", dict(place_kinds._entries))

    def register(entry):
        return (figures if isinstance(entry, Figure) else place_kinds).add(entry)

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
        worlds.community(f"第{number}社区")
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
