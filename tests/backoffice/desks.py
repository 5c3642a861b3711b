"""What tests of the back office do at the desk: addresses, and forms filled in the way a browser does."""

import datetime as dt
from typing import Any

from django.test import Client
from django.urls import reverse

from portal.core import clock
from portal.people import tying
from portal.people.models import Person, Residency
from portal.places.models import Household

YESTERDAY = clock.today() - dt.timedelta(days=1)


def page(model: str, what: str, *args: Any) -> str:
    """The address of an admin page: ``page("people.person", "change", 5)``."""
    return reverse(f"admin:{model.replace('.', '_')}_{what}", args=args)


def act_url(obj: Any, name: str) -> str:
    return page(obj._meta.label_lower, "act", obj.pk, name)


def token_of(client: Client, url: str) -> str:
    """The once token of the form at ``url``."""
    response = client.get(url)
    assert response.status_code == 200, response.status_code
    return response.context["once"]


def carry_out(client: Client, obj: Any, name: str, /, **fields: Any) -> Any:
    """Open an act's page and send it."""
    url = act_url(obj, name)
    return client.post(url, {"once": token_of(client, url), **fields})


def enter(client: Client, model: str, **fields: Any) -> Any:
    """Open the page that adds a ``model`` and send it."""
    url = page(model, "add")
    return client.post(url, {"once": token_of(client, url), **fields})


def claim(person: Person, household: Household, kind: str = "owner") -> Residency:
    """A residency that waits for the desk."""
    return tying.claim_residency(
        person=person,
        household=household,
        kind=kind,
        since=YESTERDAY,
        actor_id=None,
        actor_part="requester",
        at=clock.now(),
    )


def messages_of(response: Any) -> list[str]:
    """What the page that ``response`` led to says on top."""
    return [str(message) for message in response.context["messages"]]
