"""An order that was left half-way is offered again where one begins, to whom it belongs."""

import datetime as dt

import pytest
from django.urls import reverse

from portal.core import clock, drafts
from portal.core.models import Draft
from services.wishes.own_records import ORDER
from tests import worlds

pytestmark = pytest.mark.django_db
PATHS = ("/me/", "/")
WORDS = "您有一张没填完的单子"


@pytest.fixture
def user():
    return worlds.account(worlds.community())


def _main(client, path: str) -> str:
    return client.get(path).content.decode().split("<main")[1].split("</main>")[0]


@pytest.mark.parametrize("path", PATHS)
def test_it_says_what_it_is_about_and_leads_on(user, path):
    client = worlds.client_for(user)
    assert WORDS not in _main(client, path)
    client.post(reverse("wishes:order_step", args=[1]), {"kind": "repair"})
    page = _main(client, path)
    assert f"{WORDS}：维修" in page and f'href="{reverse("wishes:order")}"' in page
    for other in (worlds.account(worlds.community("向阳社区")), None):
        if other is not None or path == "/":
            assert WORDS not in _main(worlds.client_for(other), path)


def test_what_was_only_typed_counts_and_what_is_no_kind_is_left_out(user):
    client = worlds.client_for(user)
    for data, said in (
        ({"typed": {"1": {"kind": "repair"}}}, f"{WORDS}：维修<"),
        ({"typed": {"1": {"kind": "nonsense"}}}, f"{WORDS}<"),
        ({}, f"{WORDS}<"),
    ):
        drafts.keep(owner_id=user.pk, form=ORDER, data=data, at=clock.now())
        assert said in _main(client, "/me/")


@pytest.mark.parametrize("path", PATHS)
def test_one_press_drops_it_and_stays_on_the_page(user, path):
    client = worlds.client_for(user)
    drafts.keep(owner_id=user.pk, form=ORDER, data={"kind": "repair"}, at=clock.now())
    answer = client.post(reverse("wishes:order_discard"), {"next": path})
    assert answer.url == path and not Draft.objects.exists()
    assert WORDS not in _main(client, path)
    assert client.post(reverse("wishes:order_discard"), {"next": path}).url == path, "sent twice it is gone once"


@pytest.mark.parametrize("leads", ["//example.com/", "https://example.com/", "/\\example.com", ""])
def test_it_leads_to_no_other_site(user, leads):
    answer = worlds.client_for(user).post(reverse("wishes:order_discard"), {"next": leads})
    assert answer.url == reverse("wishes:order_step", args=[1])


def test_what_has_expired_is_offered_no_more(user):
    drafts.keep(
        owner_id=user.pk, form=ORDER, data={"kind": "repair"}, at=clock.now() - drafts.KEEP - dt.timedelta(days=1)
    )
    assert WORDS not in _main(worlds.client_for(user), "/me/")


def test_it_costs_one_query_where_there_is_none(user, django_assert_num_queries):
    from portal.front.unfinished import left_by

    with django_assert_num_queries(1):
        assert left_by(user, clock.now()) == []
