"""A staff session that nobody uses ends after thirty minutes; a resident's does not."""

from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from portal.people.models import Role
from tests import worlds

from . import walks

pytestmark = pytest.mark.django_db


@pytest.fixture
def worker() -> Any:
    return worlds.worker(worlds.community())


@pytest.fixture
def desk(worker: Any) -> Client:
    """The worker at their desk, who has just opened a page."""
    client = walks.inside(worker)
    assert walks.is_signed_in(client)
    return client


def test_thirty_minutes_are_allowed(desk: Any, time_machine) -> None:
    for _turn in range(3):
        time_machine.shift(settings.STAFF_IDLE_SECONDS)
        assert walks.is_signed_in(desk)


def test_a_second_more_is_not(desk: Any, time_machine) -> None:
    time_machine.shift(settings.STAFF_IDLE_SECONDS + 1)
    answer = desk.get(reverse("account_overview"))
    assert answer.url.startswith(reverse("account_login"))
    assert "半个小时没有操作" in desk.get(answer.url).content.decode()
    assert "半个小时没有操作" not in desk.get(answer.url).content.decode()


def test_every_page_counts_from_its_own_second(desk: Any, time_machine) -> None:
    time_machine.shift(59)
    assert walks.is_signed_in(desk)
    time_machine.shift(settings.STAFF_IDLE_SECONDS)
    assert walks.is_signed_in(desk)


def test_what_a_page_fetches_by_itself_does_not_count(desk: Any, time_machine) -> None:
    for _turn in range(6):
        time_machine.shift(300)
        assert desk.get(reverse("account_overview"), headers={"HX-Request": "true"}).status_code == 200
    time_machine.shift(1)
    assert desk.get(reverse("account_overview"), headers={"HX-Request": "true"}).status_code == 302


def test_a_form_sent_from_a_fragment_counts(desk: Any, time_machine) -> None:
    time_machine.shift(1200)
    desk.post(reverse("account_confirm_phone"), headers={"HX-Request": "true"})
    time_machine.shift(1200)
    assert walks.is_signed_in(desk)


def test_files_of_the_site_do_not_count(desk: Any, time_machine) -> None:
    time_machine.shift(1200)
    desk.get("/static/css/app.css")
    time_machine.shift(601)
    assert not walks.is_signed_in(desk)


def test_residents_stay(time_machine) -> None:
    client = walks.inside(worlds.account())
    assert walks.is_signed_in(client)
    time_machine.shift(20 * 86400)
    assert walks.is_signed_in(client)


def test_an_office_that_begins_brings_the_rule(time_machine) -> None:
    user = worlds.account()
    client = walks.inside(user)
    Role.objects.create(user=user, area=worlds.community(), kind=Role.Kind.WORKER)
    assert walks.is_signed_in(client)
    time_machine.shift(settings.STAFF_IDLE_SECONDS + 1)
    assert not walks.is_signed_in(client)
