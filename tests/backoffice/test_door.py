"""Who comes in: sign-in, role, second factor — on every page, and anew at every request."""

from typing import Any

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import URLPattern, URLResolver, reverse

from portal.core import clock
from portal.people import offices
from tests import worlds

INDEX = "/admin/"


def addresses() -> list[str]:
    """Every address of the back office, with invented arguments."""
    invented = {"object_id": "999999", "name": "confirm", "app_label": "people", "url": "nothing/", "pk": 999999}
    invented |= {"person_id": 999999, "other_id": 999998, "key": "nothing", "source_id": "people.person"}

    def walk(patterns: list[URLPattern | URLResolver], prefix: str) -> list[str]:
        found = []
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                found += walk(pattern.url_patterns, prefix + str(pattern.pattern))
            elif pattern.name:
                names = pattern.pattern.regex.groupindex
                found.append(reverse(f"admin:{pattern.name}", kwargs={name: invented[name] for name in names}))
        return found

    return walk(admin.site.get_urls(), "")


def test_every_page_sends_nobody_to_sign_in_and_back(db: None) -> None:
    for url in addresses():
        response: Any = Client().get(url)
        assert response.status_code == 302, url
        assert response.url.startswith(reverse("account_login")), (url, response.url)
    back: Any = Client().get("/admin/people/person/")
    assert "next=/admin/people/person/" in back.url


def test_a_resident_meets_a_friendly_no_on_every_page(here) -> None:
    client = worlds.client_for(worlds.account(here.community))
    for url in addresses():
        assert client.get(url).status_code == 403, url


def test_every_page_asks_for_the_second_factor_first(here) -> None:
    client = worlds.client_for(here.worker, second_factor=False)
    for url in addresses():
        response: Any = client.get(url)
        assert response.status_code == 302, url
        if url == "/admin/login/":
            assert response.url == INDEX
            continue
        assert response.url.startswith(reverse("mfa_activate_totp")), (url, response.url)


def test_without_the_setting_a_password_is_enough(here, settings) -> None:
    settings.STAFF_NEEDS_SECOND_FACTOR = False
    assert worlds.client_for(here.worker, second_factor=False).get(INDEX).status_code == 200


def test_the_old_doors_lead_to_the_portals_own(here) -> None:
    assert here.desk.get("/admin/login/").url == INDEX
    assert here.desk.post("/admin/logout/").url == reverse("account_logout")
    assert here.desk.get("/admin/password_change/").status_code == 404


@pytest.mark.parametrize("last_act", ["role", "account"])
def test_access_ends_with_the_next_request(here, last_act: str) -> None:
    client = here.desk
    assert client.get(INDEX).status_code == 200
    boss = worlds.administrator()
    if last_act == "role":
        offices.end_role(actor=boss, role=here.worker.roles.get(), at=clock.now(), reason="调岗")
        assert client.get(INDEX).status_code == 403
    else:
        offices.close_account(actor=boss, user=here.worker, at=clock.now(), reason="离职")
        assert client.get(INDEX).url.startswith(reverse("account_login"))


def test_pages_that_others_bring_without_scope_are_not_opened() -> None:
    from portal.backoffice.scoped import ScopedAdmin

    assert all(isinstance(page, ScopedAdmin) for page in admin.site._registry.values())
    assert not [model for model in admin.site._registry if model.__module__.startswith(("allauth", "django."))]


def test_nothing_is_deleted_anywhere(here, administrator) -> None:
    assert not [url for url in addresses() if "delete" in url]
    sent = {"action": "delete_selected", "index": "0", "_selected_action": [here.resident.pk]}
    assert administrator.post("/admin/people/person/", sent).status_code == 200
    here.resident.refresh_from_db()
