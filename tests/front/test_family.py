"""Who may act for whom: seen by the two, ended by either, told to the other."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.core import clock
from portal.core.models import AuditEntry
from portal.core.registries import purposes
from portal.notices.models import Notice
from portal.people import consenting, relations
from portal.people.access import acts_for
from portal.people.consenting import CHILD_PURPOSE
from portal.people.models import Authorisation, Guardianship
from tests import worlds

pytestmark = pytest.mark.django_db
FAMILY = "front:family"


@pytest.fixture
def home():
    return worlds.community()


@pytest.fixture
def elder(home):
    return worlds.account(home, name="李望山")


@pytest.fixture
def daughter(home):
    return worlds.account(home, name="李桂香")


def authorised(principal, agent, **fields) -> Authorisation:
    values = {"relation": "女儿", "since": dt.date(2026, 1, 5), "recorded_by": worlds.worker(principal.community)}
    return Authorisation.objects.create(principal=principal, agent=agent, **{**values, **fields})


def _end(row: Authorisation) -> str:
    return reverse("front:end_authorisation", args=[row.pk])


def test_each_of_the_two_sees_it_from_their_side(elder, daughter):
    row = authorised(elder.person, daughter.person)
    mine = worlds.client_for(elder).get(reverse(FAMILY)).content.decode()
    assert "谁能替我办事" in mine and "李桂香" in mine and _end(row) in mine
    hers = worlds.client_for(daughter).get(reverse(FAMILY)).content.decode()
    assert "我能替谁办事" in hers and "李望山" in hers


def test_guardians_and_children_see_each_other_and_neither_ends_it_here(home):
    mother = worlds.account(home, name="林小荷")
    child = worlds.account(home, person=worlds.person(home, name="林满", birth_date=dt.date(2016, 3, 1)))
    Guardianship.objects.create(child=child.person, guardian=mother.person, relation="母亲", since=dt.date(2020, 1, 1))
    hers = worlds.client_for(mother).get(reverse(FAMILY)).content.decode()
    assert "我是监护人" in hers and "林满" in hers and "2020年1月1日</span>起" in hers
    his = worlds.client_for(child).get(reverse(FAMILY)).content.decode()
    assert "我的监护人" in his and "林小荷" in his
    assert "/end/" not in hers + his


def test_nobody_else_sees_it_and_how_to_record_one_is_said(home, elder, daughter):
    authorised(elder.person, daughter.person)
    for other in (worlds.account(home, name="黄立秋"), worlds.worker(home, name="周长青"), worlds.administrator()):
        page = worlds.client_for(other).get(reverse(FAMILY)).content.decode()
        assert "李望山" not in page and "李桂香" not in page
        assert "还没有登记家人和代办" in page and "怎么登记" in page


def test_what_has_ended_or_not_begun_is_not_listed(elder, daughter):
    authorised(elder.person, daughter.person, until=clock.today())
    authorised(elder.person, worlds.person(name="李远"), since=clock.today() + dt.timedelta(days=3))
    page = worlds.client_for(elder).get(reverse(FAMILY)).content.decode()
    assert "李桂香" not in page and "李远" not in page


def test_the_principal_takes_it_back_and_it_is_over_at_once(elder, daughter):
    row = authorised(elder.person, daughter.person)
    assert acts_for(daughter, elder.person) == "relative"
    client = worlds.client_for(elder)
    page = client.get(_end(row)).content.decode()
    assert "不再让李桂香替您代办" in page
    row.refresh_from_db()
    assert row.until is None, "the page asks first"
    for _time in range(2):
        assert client.post(_end(row))["Location"] == reverse(FAMILY)
    assert acts_for(daughter, elder.person) == ""
    assert AuditEntry.objects.filter(verb="authorisation.revoked", actor_id=elder.pk).count() == 1
    told = {notice.person_id: notice for notice in Notice.objects.all()}
    assert set(told) == {elder.person.pk, daughter.person.pk}, "both are told, once"
    for notice in told.values():
        assert "李" not in notice.title, "a title goes outside"


def test_the_agent_lays_it_down(elder, daughter):
    row = authorised(elder.person, daughter.person)
    client = worlds.client_for(daughter)
    assert "不再替李望山代办" in client.get(_end(row)).content.decode()
    client.post(_end(row))
    row.refresh_from_db()
    assert row.until == clock.today()
    assert Notice.objects.filter(person=elder.person, body__isnull=False).count() == 1


def test_nobody_else_ends_it(home, elder, daughter):
    row = authorised(elder.person, daughter.person)
    for other in (worlds.account(home), worlds.worker(home), worlds.head(home), worlds.administrator()):
        client = worlds.client_for(other)
        assert client.get(_end(row)).status_code == client.post(_end(row)).status_code == 404
        with pytest.raises(PermissionDenied):
            relations.revoke_authorisation(authorisation=row, actor=other, at=clock.now())
    row.refresh_from_db()
    assert row.until is None
    assert not Notice.objects.exists()


def test_it_ends_once(elder, daughter):
    row = authorised(elder.person, daughter.person)
    relations.revoke_authorisation(authorisation=row, actor=elder, at=clock.now())
    with pytest.raises(ValidationError):
        relations.revoke_authorisation(authorisation=row, actor=daughter, at=clock.now())


def test_a_record_merged_into_ones_own_counts(home, elder, daughter):
    earlier = worlds.person(home, merged_into=elder.person)
    row = authorised(earlier, daughter.person)
    client = worlds.client_for(elder)
    assert "李桂香" in client.get(reverse(FAMILY)).content.decode()
    client.post(_end(row))
    row.refresh_from_db()
    assert row.until is not None


def test_one_relation_and_twenty_cost_the_same(home, elder):
    client = worlds.client_for(elder)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse(FAMILY))
        return len(captured)

    def one_more() -> None:
        authorised(elder.person, worlds.person(home))
        Guardianship.objects.create(
            child=worlds.person(home), guardian=elder.person, relation="爷爷", since=clock.today()
        )

    one_more()
    one = queries()
    for _number in range(19):
        one_more()
    assert queries() == one <= 16


def test_a_guardian_reads_whether_they_agreed_and_is_led_to_where_they_decide(home, daughter):
    asked, grown = (
        worlds.person(home, name=name, birth_date=dt.date(clock.today().year - age, 1, 1))
        for name, age in (("林满", 6), ("林岚", 16))
    )
    for child in (asked, grown):
        Guardianship.objects.create(child=child, guardian=daughter.person, relation="母亲", since=child.birth_date)
    where = reverse("front:consent", args=[CHILD_PURPOSE]) + f"?child={asked.pk}"
    client = worlds.client_for(daughter)
    page = client.get(reverse(FAMILY)).content.decode()
    assert page.count("还没有监护人的同意") == 1 and f'href="{where}"' in page and f"?child={grown.pk}" not in page
    assert "您同意以后，才能替孩子办新的事" in client.get(reverse("front:consents")).content.decode()
    client.post(where, {"act": "give", "version": purposes[CHILD_PURPOSE].consent.version})
    page = client.get(reverse(FAMILY)).content.decode()
    assert "还没有监护人的同意" not in page and "您同意了" in page


def test_who_agreed_is_named_where_it_was_the_other_guardian(home, daughter):
    father = worlds.account(home, name="任立秋")
    child = worlds.person(home, name="林满", birth_date=dt.date(clock.today().year - 6, 1, 1))
    for guardian, what in ((daughter, "母亲"), (father, "父亲")):
        Guardianship.objects.create(child=child, guardian=guardian.person, relation=what, since=child.birth_date)
    consenting.give(person=child, guardian=father.person, purpose=CHILD_PURPOSE, channel="phone", at=clock.now())
    hers, his = (worlds.client_for(user).get(reverse(FAMILY)).content.decode() for user in (daughter, father))
    assert "任立秋已同意" in hers and "您同意了" not in hers
    assert "您同意了" in his


def test_a_guardian_reads_who_else_is_one_and_who_would_be(home, daughter):
    child = worlds.person(home, name="林小满", birth_date=clock.today())
    twin = worlds.person(home, name="林小满", birth_date=clock.today())
    twin.merged_into = child
    twin.save()
    since = clock.today()
    Guardianship.objects.create(child=child, guardian=daughter.person, relation="母亲", since=since)
    Guardianship.objects.create(
        child=twin, guardian=worlds.person(home, name="林长庚"), relation="父亲", since=since, until=None
    )
    Guardianship.objects.create(
        child=child, guardian=worlds.person(home, name="何栀子"), relation="奶奶", since=since, state="entered"
    )
    shown = worlds.client_for(daughter).get(reverse("front:family")).content.decode()
    assert "还有监护人：林长庚（父亲）、何栀子（奶奶，社区还在核对）" in shown


def test_one_sees_and_ends_an_agent_whom_a_second_person_has_yet_to_look_at(elder, daughter):
    row = authorised(elder.person, daughter.person, state="entered")
    mine = worlds.client_for(elder).get(reverse(FAMILY)).content.decode()
    assert "还在核对" in mine and _end(row) in mine
    hers = worlds.client_for(daughter).get(reverse(FAMILY)).content.decode()
    assert "李望山" not in hers
