"""Two records are put together, things are begun, the records are taken apart: each thing is with the record of whoever
began it, is seen by them and by nobody else. While they are one, what one may have once is looked for on both."""

import datetime as dt
from random import Random
from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from alliance.volunteers import joining
from alliance.volunteers.models import Volunteer
from portal.core import clock
from portal.core.models import AuditEntry
from portal.core.moves import MoveRefused
from portal.core.registries import purposes
from portal.notices.models import Notice
from portal.people import consenting, correcting, entered_consents, merging, tying
from portal.people.access import decides_for
from portal.people.consenting import CHILD_PURPOSE
from portal.people.models import Channel, ConsentRecord, DataRequest, Guardianship, Person, Residency, User
from portal.people.uniqueness import parts
from services.wishes import ordering
from services.wishes.models import Wish
from tests import worlds
from tests.wishes import scenes

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
WORDS = {"contact_name": "李雪", "contact_phone": "15400002001", "contact_address": "2栋201"}


@pytest.fixture
def here():
    """An account whose record is merged into another, ``heir``; it is guardian of ``child``, merged into ``twin``."""
    community = worlds.community()
    made = SimpleNamespace(community=community, worker=worlds.worker(community), at=clock.now())
    made.own, made.heir = worlds.account(community, name="李雪").person, worlds.person(community, name="李雪")
    born = dt.date(clock.today().year - 7, 1, 1)
    made.child, made.twin = (worlds.person(community, name="小豆", birth_date=born, contact_phone="") for _ in "ab")
    made.home = worlds.household(worlds.building(community))
    Guardianship.objects.create(child=made.child, guardian=made.own, relation="母亲", since=born)
    for person, into in ((made.own, made.heir), (made.child, made.twin)):
        merging.merge(person=person, into=into, actor=None, at=made.at, reason="核对过户口本")
    return made


def fresh(record):
    return Person.objects.get(pk=record.pk)


def user_of(here):
    return User.objects.get(person=here.own)


def client_of(here):
    return worlds.client_for(user_of(here))


def apart(here):
    for record in (here.own, here.child):
        merging.undo(person=fresh(record), actor=here.worker, at=clock.now(), reason="不是同一个人")


def pointing(*records):
    """Every row of every room that points at one of the records, and every line of the record about one."""
    ids = [record.pk for record in records]
    found = {
        (model._meta.label, field.name, pk)
        for model, field in parts()
        for pk in model._base_manager.filter(**{f"{field.name}__in": ids}).values_list("pk", flat=True)
    }
    about = AuditEntry.objects.filter(subject_type="people.person", subject_id__in=ids)
    return found | {("audit", entry.verb, entry.pk) for entry in about}


# -- what the account begins, by its own pages ------------------------------------------------------------------------


def order_for(here, person, once):
    client = client_of(here)
    assert (
        client.post(reverse("wishes:order_step", args=[1]), {"kind": "company", "subject": person.pk}).status_code
        == 302
    )
    client.post(reverse("wishes:order_step", args=[2]), {"details": "陪着散步", "when": "any"})
    sent = client.post(reverse("wishes:order_step", args=[3]), {**WORDS, "once": once.ljust(32, "x")})
    return sent.url.removesuffix("done/ordered/")


def order(here):
    return order_for(here, here.heir, "own")


def order_for_the_child(here):
    agree_for_the_child(here)
    return order_for(here, here.twin, "child")


def volunteer(here):
    sent = {"community": here.community.pk, "availability": "any", "introduction": "会修灯", "once": "v" * 32}
    assert client_of(here).post(reverse("volunteers:apply"), sent).status_code == 302
    return reverse("volunteers:me")


def correct(here):
    sent = {"value": "李小雪", "words": "写错了", "once": "r" * 32}
    return client_of(here).post(reverse("front:correct_ask", args=["name"]), sent).url


def ask_erasure_for_the_child(here):
    sent = {"words": "请删掉", "once": "e" * 32}
    return client_of(here).post(reverse("front:erase_ask") + f"?child={here.twin.pk}", sent).url


def agree(here):
    version = purposes["notices.sms"].consent.version
    client_of(here).post(reverse("front:consent", args=["notices.sms"]), {"act": "give", "version": version})
    return ""


def agree_for_the_child(here):
    version = purposes[CHILD_PURPOSE].consent.version
    url = reverse("front:consent", args=[CHILD_PURPOSE]) + f"?child={here.twin.pk}"
    client_of(here).post(url, {"act": "give", "version": version})
    return ""


def claim_home(here):
    actor = user_of(here)
    tying.claim_home(
        person=actor.person,
        household=here.home,
        kind=Residency.Kind.FAMILY,
        since=clock.today(),
        actor_id=actor.pk,
        actor_part="requester",
        at=clock.now(),
    )
    return ""


def hear_the_answer(here):
    request = correcting.ask(
        person=fresh(here.heir), field="sex", value="female", words="", actor=user_of(here), at=clock.now()
    )
    correcting.refuse(request=request, actor=here.worker, at=clock.now(), reason="请带证件来")
    assert Notice.objects.filter(person=here.own, url__contains=request.code).exists()
    return ""


BY_THE_ACCOUNT = (
    order,
    order_for_the_child,
    volunteer,
    correct,
    ask_erasure_for_the_child,
    agree,
    agree_for_the_child,
    claim_home,
    hear_the_answer,
)


@pytest.mark.parametrize("seed", [1, 2])
def test_whatever_the_account_begins_is_its_own_when_the_records_come_apart(here, seed):
    kinds = Random(seed).sample(BY_THE_ACCOUNT, len(BY_THE_ACCOUNT))  # noqa: S311 — an order of steps, no secret
    elsewhere, own = pointing(here.heir, here.twin), pointing(here.own, here.child)
    seen = []
    for begin in kinds:
        before = pointing(here.own, here.child)
        seen.append(begin(here))
        assert pointing(here.heir, here.twin) == elsewhere, begin.__name__
        if begin is not agree_for_the_child or order_for_the_child not in kinds[: kinds.index(begin)]:
            assert pointing(here.own, here.child) > before, begin.__name__
    assert pointing(here.own, here.child) > own
    apart(here)
    client = client_of(here)
    other = worlds.client_for(worlds.account(person=fresh(here.heir)))
    for url in filter(None, seen):
        assert client.get(url).status_code == 200, url
        assert other.get(url).status_code in (302, 404), url
    assert DataRequest.objects.own(user_of(here)).count() == 3
    assert Wish.objects.asked_by(user_of(here)).count() == 2
    assert not Wish.objects.asked_by(User.objects.get(person=here.heir)).exists()
    assert decides_for(user_of(here), fresh(here.child)) == "guardian"
    assert consenting.stands(person=fresh(here.own), purpose="notices.sms")
    assert consenting.missing(fresh(here.child), clock.today()) is None
    assert not consenting.stands(person=fresh(here.heir), purpose="notices.sms")
    assert not ConsentRecord.objects.filter(person=here.twin).exists()


# -- what the desk enters ---------------------------------------------------------------------------------------------


def entered_wish(here):
    scenes.ordered(
        scenes.Scene(here.community, here.worker, here.worker, None),
        subject=fresh(here.heir),
        asker=fresh(here.heir),
        actor=here.worker,
        typist=here.worker,
        actor_part="staff",
        channel=Channel.COUNTER,
    )


def entered_request(here):
    said = {"field": "name", "value": "李小雪", "words": "", "actor": here.worker, "typist": here.worker}
    correcting.ask(person=fresh(here.heir), channel=Channel.COUNTER, at=clock.now(), **said)


def entered_volunteer(here):
    more = {"community": here.community, "actor": here.worker, "typist": here.worker, "channel": Channel.PHONE}
    joining.apply(person=fresh(here.heir), at=clock.now(), **more)


def entered_consent(here):
    said = {"given": True, "channel": Channel.PHONE, "actor": here.worker, "at": clock.now()}
    entered_consents.enter(child=fresh(here.twin), guardian=fresh(here.own), **said)


@pytest.mark.parametrize("enter", [entered_wish, entered_request, entered_volunteer, entered_consent])
def test_what_the_desk_enters_stays_with_the_record_it_was_entered_on(here, enter):
    before, own = pointing(here.heir, here.twin), pointing(here.own, here.child)
    enter(here)
    assert pointing(here.heir, here.twin) > before
    added = {label for label, _name, _pk in pointing(here.own, here.child) - own}
    assert added <= {"people.ConsentRecord"}, "the guardian who spoke is named by the record that is guardian"
    apart(here)
    assert pointing(here.heir, here.twin) > before


# -- while they are one, both are looked at ---------------------------------------------------------------------------


def test_of_what_one_may_have_once_the_other_record_counts_while_they_are_one(here):
    worlds.volunteer(here.community, user=None, person=here.heir)
    entered_request(here)
    user, now = user_of(here), clock.now()
    with pytest.raises(ValidationError, match="已经提过"):
        correcting.ask(person=user.person, field="name", value="李小雪", words="", actor=user, at=now)
    with pytest.raises(MoveRefused):
        joining.apply(person=user.person, community=here.community, actor=user, at=now, introduction="会修灯")
    thing = {"slug": "thing", "price_fen": 5000}
    scene = scenes.Scene(here.community, here.worker, user, None)
    scenes.ordered(scene, subject=fresh(here.heir), asker=fresh(here.heir), **thing)
    assert ordering.has_open_thing(user.person)
    with pytest.raises(ValidationError, match="已经有一个物品心愿在办"):
        scenes.ordered(scene, **thing)
    assert Volunteer.objects.count() == DataRequest.objects.count() == Wish.objects.count() == 1
    apart(here)
    user = user_of(here)
    scenes.ordered(scenes.Scene(here.community, here.worker, user, None), **thing)
    joining.apply(person=user.person, community=here.community, actor=user, at=now, introduction="会修灯")
    correcting.ask(person=user.person, field="name", value="李小雪", words="", actor=user, at=now)


def test_a_word_on_the_other_record_counts_while_they_are_one(here):
    entered_consent(here)
    assert consenting.missing(fresh(here.child), clock.today()) is None
    apart(here)
    assert consenting.missing(fresh(here.child), clock.today()) == consenting.Standing.NEVER
