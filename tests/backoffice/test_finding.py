"""What is typed into a search box: it finds, and it stands in no address."""

from typing import Any
from urllib.parse import unquote

import pytest
from django.contrib import admin
from django.urls import reverse

from portal.backoffice.finding import KEPT, holds_number
from portal.backoffice.scoped import ScopedAdmin
from portal.people.models import Person
from tests import worlds

from .desks import act_url, claim, messages_of, page

pytestmark = pytest.mark.django_db
ID_NUMBER = "430202195003051234"
AMONG_PEOPLE = ["people.person", "people.user", "people.role", "people.residency", "people.ownership"]
AMONG_PEOPLE += ["people.representative", "people.guardianship", "people.authorisation", "volunteers.volunteer"]
OTHERS = ["places.building", "places.household", "places.estate", "volunteers.team", "wishes.wish"]


def found(client: Any, url: str, text: str) -> Any:
    return client.post(url, {"text": text}, follow=True)


def test_every_list_that_searches_names_of_people_is_known_as_one() -> None:
    searching = {m._meta.label_lower: a for m, a in admin.site._registry.items() if a.search_fields}
    assert all(isinstance(model_admin, ScopedAdmin) for model_admin in searching.values())
    assert {name for name, model_admin in searching.items() if model_admin.searches_people()} == set(AMONG_PEOPLE)


def test_a_name_is_found_and_stands_in_no_address(here) -> None:
    other = worlds.person(here.community, name="罗秀英")
    for person in (here.resident, other):
        claim(person, here.household)
    listing = page("people.residency", "changelist")
    response = found(here.desk, f"{listing}?state__exact=claimed&p=3", "罗秀")
    assert [row.person for row in response.context["cl"].result_list] == [other]
    address = unquote(response.redirect_chain[-1][0])
    assert "罗" not in address
    assert "state__exact=claimed" in address
    assert "p=3" not in address
    body = response.content.decode()
    assert 'value="罗秀"' in body
    assert "q=" not in body.replace("_facets", "")
    assert "罗" not in unquote("".join(part.split('"')[0] for part in body.split('href="')[1:]))


def test_the_search_goes_along_to_a_record_and_back(here) -> None:
    desk = here.desk
    tie = claim(worlds.person(here.community, name="罗秀英"), here.household)
    claim(here.resident, here.household)
    listing = page("people.residency", "changelist")
    address = desk.post(listing, {"text": "罗秀"}).url
    act = desk.get(f"{act_url(tie, 'confirm')}?_changelist_filters={address.split('?')[1].replace('=', '%3D')}")
    back = desk.get(act.context["list_url"])
    assert [row.pk for row in back.context["cl"].result_list] == [tie.pk]


def test_an_empty_box_shows_everything(here) -> None:
    listing = page("people.person", "changelist")
    assert here.desk.post(listing, {"text": "  "}).url == listing


def test_a_key_of_another_session_says_so(here) -> None:
    address = here.desk.post(page("people.user", "changelist"), {"text": "林小"}).url
    response = here.office.get(address, follow=True)
    assert messages_of(response) == ["这次查找已经过期，请再查一次。"]
    assert response.context["cl"].query == ""


def test_a_session_keeps_so_many_searches_and_one_for_the_same_words(here) -> None:
    desk, listing = here.desk, page("people.user", "changelist")
    addresses = [desk.post(listing, {"text": f"何{number}"}).url for number in range(KEPT + 1)]
    assert desk.get(addresses[0]).status_code == 302
    assert desk.get(addresses[-1]).status_code == 200
    assert desk.post(listing, {"text": f"何{KEPT}"}).url == addresses[-1]


@pytest.mark.parametrize(
    "typed", ["15400001234", "+86 154-0000-1234", "１５４００００１２３４", ID_NUMBER, "4302021950"]
)
@pytest.mark.parametrize("model", AMONG_PEOPLE)
def test_a_number_is_dropped_where_people_are_searched(model: str, typed: str) -> None:
    client, listing = worlds.client_for(worlds.administrator()), page(model, "changelist")
    answers = [client.get(listing, {"q": typed})]
    if model != "people.person":  # there a whole phone is looked up, on the record
        answers.append(client.post(listing, {"text": typed}))
    for answer in answers:
        assert answer.status_code == 302
        assert answer.url == listing


@pytest.mark.parametrize("typed", ["15400001234", "住户 154 0000 1234", ID_NUMBER, "43020219500305123X"])
@pytest.mark.parametrize("model", OTHERS)
def test_a_whole_number_is_dropped_elsewhere(model: str, typed: str) -> None:
    client, listing = worlds.client_for(worlds.administrator()), page(model, "changelist")
    for answer in (client.get(listing, {"q": typed}), client.post(listing, {"text": typed})):
        assert answer.status_code == 302
        assert answer.url == listing


def test_a_code_or_a_house_number_is_no_phone() -> None:
    for text in ("203948571", "2栋1201", "11234567890", ""):
        assert not holds_number(text, among_people=False)


@pytest.mark.parametrize("term", ["15400001234", ID_NUMBER])
def test_a_choice_that_completes_by_itself_finds_nothing_by_number(here, term: str) -> None:
    Person.objects.filter(pk=here.resident.pk).update(name=term)
    choice = {"app_label": "people", "model_name": "residency", "field_name": "person", "term": term}
    answer = here.desk.get(reverse("admin:autocomplete"), choice)
    assert answer.json()["results"] == []


def test_a_search_asks_for_the_right_to_see_the_list(here) -> None:
    resident = worlds.client_for(worlds.account(here.community))
    assert resident.post(page("people.person", "changelist"), {"text": "林"}).status_code == 403
    assert "backoffice.searches" not in resident.session
