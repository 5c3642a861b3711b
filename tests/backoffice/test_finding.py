"""What is typed into a search box: it finds, and it stands in no address."""

from typing import Any
from urllib.parse import unquote

import pytest
from django.contrib import admin
from django.urls import reverse

from portal.backoffice.finding import KEPT, holds_number, leads_to_sealed
from portal.backoffice.scoped import ScopedAdmin
from portal.core import clock
from portal.people import merging
from portal.people.models import DataRequest, Person, Residency
from tests import worlds
from tests.wishes import scenes

from .desks import act_url, claim, messages_of, page

pytestmark = pytest.mark.django_db
ID_NUMBER = "430202195003051234"
AMONG_PEOPLE = ["people.person", "people.user", "people.role", "people.residency", "people.ownership"]
AMONG_PEOPLE += ["people.representative", "people.guardianship", "people.authorisation", "volunteers.volunteer"]
AMONG_PEOPLE += ["notices.delivery", "volunteers.teammember", "volunteers.hourentry", "wishes.wish"]
OTHERS = ["places.building", "places.household", "places.estate", "volunteers.team"]


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


@pytest.mark.parametrize("typed", ["罗秀英", "罗绣英"])
def test_what_hangs_on_a_merged_record_is_found_by_every_name_of_its_person(here, typed: str) -> None:
    earlier = worlds.person(here.community, name="罗秀英")
    stands = worlds.person(here.community, name="罗秀英")
    homes = {earlier: here.household, stands: worlds.household(here.building, number="301")}
    ties = {claim(person, home).pk for person, home in homes.items()}
    at_scene = scenes.Scene(
        here.community, here.worker, worlds.account(here.community), worlds.volunteer(here.community)
    )
    wish = scenes.ordered(at_scene, subject=earlier, asker=earlier)
    merging.merge(person=earlier, into=stands, actor=None, at=clock.now(), reason="核对")
    earlier.refresh_from_db()
    earlier.name = "罗绣英"  # as it was called once
    earlier.save()
    listed = found(here.desk, page("people.residency", "changelist"), typed).context["cl"].result_list
    assert {row.pk for row in listed} == ties
    listed = found(here.desk, page("wishes.wish", "changelist"), typed).context["cl"].result_list
    assert [row.pk for row in listed] == [wish.pk]


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


def test_what_is_written_into_an_address_leaves_it_at_once(here) -> None:
    other = worlds.person(here.community, name="罗秀英", sex="female")
    listing = page("people.person", "changelist")
    answer = here.desk.get(f"{listing}?sex__exact=female&q=罗秀", follow=True)
    address = unquote(answer.redirect_chain[-1][0])
    assert "罗" not in address and "q=" not in address
    assert "sex__exact=female" in address and "found=" in address
    assert list(answer.context["cl"].result_list) == [other]
    stranger = worlds.client_for(worlds.account(here.community))
    assert stranger.get(listing, {"q": "罗秀"}).status_code == 403


UNDECLARED = ["id__in=" + "9" * 20, "id=" + "9" * 20, "name__regex=(((", "name__startswith=罗", "no_such=1"]
UNDECLARED += ["contact_phone_index=" + "0" * 64, "contact_phone__contains=x", "user__password__startswith=x"]
UNDECLARED += ["sex__exact=%00", "community__id__exact=x", "community__id__exact=" + "9" * 5000]


@pytest.mark.parametrize("query", UNDECLARED)
def test_a_look_up_that_no_filter_of_the_list_stands_for_leads_to_the_whole_list(here, query: str) -> None:
    listing = page("people.person", "changelist")
    answer = here.desk.get(f"{listing}?{query}", follow=True)
    assert answer.status_code == 200
    assert answer.redirect_chain[-1][0] == listing
    assert messages_of(answer) == ["网址里的筛选条件不能用，已显示整张列表。请用列表上的筛选。"]
    assert here.resident in answer.context["cl"].result_list


def test_a_key_too_long_is_no_key(here) -> None:
    nines = "9" * 20
    claim(here.resident, here.household)
    assert here.desk.get(f"{page('people.datarequest', 'changelist')}?subject={nines}", follow=True).status_code == 200
    assert here.desk.get(f"{page('people.residency', 'bulk', 'confirm')}?ids={nines}").status_code == 404
    tie = Residency.objects.get()
    opened = here.desk.get(f"{page('people.residency', 'bulk', 'confirm')}?ids={nines},{tie.pk}")
    assert opened.context["ids"] == str(tie.pk)


@pytest.mark.parametrize("typed", ["9" * 20, "9" * 5000, "x", "%00"])
@pytest.mark.parametrize("model", ["people.datarequest", "people.residency", "wishes.wish", "volunteers.volunteer"])
def test_an_empty_form_takes_no_key_that_is_none(model: str, typed: str) -> None:
    client = worlds.client_for(worlds.administrator())
    for field in ("subject", "asker", "person", "household", "community"):
        assert client.get(f"{page(model, 'add')}?{field}={typed}").status_code in {200, 403}


@pytest.mark.parametrize("typed", ["9" * 20, "x", "-1"])
def test_what_can_be_no_key_selects_nothing(here, typed: str) -> None:
    claim(here.resident, here.household)
    listing = page("people.residency", "changelist")
    answer = here.desk.post(listing, {"action": "confirm", "_selected_action": typed, "index": "0"})
    assert (answer.status_code, answer.url) == (302, listing)


@pytest.mark.parametrize(
    ("model", "lookup"),
    [
        (Person, "contact_phone_index"),
        (Person, "contact_phone__contains"),
        (Residency, "person__contact_phone"),
        (Residency, "person__address__isnull"),
        (DataRequest, "subject__contact_phone_index__in"),
    ],
)
def test_no_filter_leads_to_what_is_sealed(model: Any, lookup: str, rf) -> None:
    model_admin: Any = admin.site.get_model_admin(model)
    assert leads_to_sealed(model, lookup)
    assert not model_admin.lookup_allowed(lookup, "x", rf.get("/"))
    assert model_admin.lookup_allowed("id", "1", rf.get("/"))


def test_who_was_picked_out_by_a_page_is_listed_and_told_in_words(here) -> None:
    listing, nines = page("people.person", "changelist"), "9" * 20
    answer = here.desk.get(f"{listing}?among={here.resident.pk},{nines},x")
    assert list(answer.context["cl"].result_list) == [here.resident]
    assert list(here.desk.get(f"{listing}?among={nines}").context["cl"].result_list) == []
    asked = here.desk.get(reverse("admin:backoffice_export_ask", args=["people.person"]) + f"?among={here.resident.pk}")
    assert "指定的记录：1 条" in asked.content.decode()
    assert "指定的记录" not in here.desk.get(listing).content.decode()
