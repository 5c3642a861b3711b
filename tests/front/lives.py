"""One person with a record for every purpose of the register, and neighbours whose records lie beside it."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from alliance.volunteers.models import Skill, TeamMember
from portal.core import audit, clock, drafts, files
from portal.core.models import SavedFilter
from portal.notices.models import Delivery, Digest, NoticeChoice, QuietHours
from portal.people import codes, consenting, contacting, correcting
from portal.people.models import (
    Authorisation,
    Channel,
    Guardianship,
    Ownership,
    Person,
    PersonArea,
    Representative,
    Residency,
    Role,
    RoleKind,
    SmsCode,
    TieState,
    User,
)
from portal.people.models.accounts import PHONE_PURPOSE
from portal.places.models import Area
from services.wishes import closing, serving
from services.wishes.models import Wish
from tests import worlds
from tests.wishes import scenes

STREET = "月塘后街七十三号"
NEIGHBOURS_STREET = "桂花巷十九号"
NEIGHBOURS_WORDS = "邻居家的水龙头关不紧"
PAPER = b"%PDF-1.7\n%%EOF"


@dataclass
class Life:
    """``user`` has everything; ``neighbour`` shares the phone; ``helper`` served; ``worker`` looked."""

    community: Area
    user: User
    neighbour: User
    worker: User
    helper: User
    child: Person
    wish: Wish

    @property
    def person(self) -> Person:
        assert self.user.person is not None
        return self.user.person

    @property
    def secrets(self) -> list[str]:
        """What no page of anybody else, and nothing after erasing, may hold."""
        return ["欧阳望舒", STREET, str(self.user.phone), "厨房的灯一闪一闪", "希望早点来", "门禁卡坏了"]


def life() -> Life:
    """A resident's record, whole; about three hundred queries."""
    here = scenes.Scene(worlds.community(), *_people())
    person, user = here.asker.person, here.asker
    assert person is not None
    _homes(person, here.worker)
    child = _family(person, user, here.worker)
    _account(user, here.worker)
    wish = _wishes(here)
    neighbour = _neighbour(here)
    _volunteer(person, here.community, here)
    return Life(here.community, user, neighbour, here.worker, here.helper, child, wish)


def _people() -> tuple[User, User, Any]:
    home = worlds.community()
    phone = worlds.phone()
    person = worlds.person(
        home,
        name="欧阳望舒",
        sex="female",
        birth_date=dt.date(1951, 4, 6),
        address=STREET,
        contact_phone=phone,
    )
    user = worlds.account(
        home, person=person, email="ouyang@example.com", email_confirmed_at=clock.now(), elder_mode=True
    )
    merged = worlds.person(home, name="欧阳望书", address=STREET)
    Person.objects.filter(pk=merged.pk).update(merged_into=person)
    helper = worlds.volunteer(home, user=worlds.account(home, name="司徒青云"))
    return worlds.worker(home, name="诸葛长风"), user, helper


def _homes(person: Person, worker: User) -> None:
    household = worlds.household(worlds.building(person.community))
    tie: dict[str, Any] = {"person": person, "state_since": clock.now(), "since": dt.date(2011, 3, 4)}
    Residency.objects.create(household=household, kind="owner", state=TieState.CONFIRMED, **tie)
    Ownership.objects.create(
        household=household, share_numerator=2, share_denominator=3, state=TieState.CONFIRMED, **tie
    )
    for model in (Residency, Ownership):
        more = {"kind": "family"} if model is Residency else {}
        model.objects.create(
            household=worlds.household(household.building),
            state=TieState.REFUSED,
            until=dt.date(2013, 6, 7),
            **tie,
            **more,
        )
    for until in (dt.date(2014, 7, 8), None):
        Representative.objects.create(household=household, person=person, since=dt.date(2012, 5, 6), until=until)
    PersonArea.note(
        person_id=person.pk, community_id=person.community_id, grid_id=worlds.grid(person.community, "第七网格").pk
    )


def _family(person: Person, user: User, worker: User) -> Person:
    child = worlds.person(person.community, name="欧阳小满", birth_date=dt.date(clock.today().year - 6, 1, 2))
    Guardianship.objects.create(
        child=child,
        guardian=person,
        relation="奶奶",
        since=dt.date(2021, 1, 2),
        bond="grandparent",
        document="hukou",
        channel="counter",
    )
    son = worlds.person(person.community, name="欧阳大川")
    Authorisation.objects.create(
        principal=person, agent=son, relation="儿子", since=dt.date(2022, 2, 3), channel="visit", recorded_by=worker
    )
    grown = worlds.person(person.community, name="欧阳长大")
    ended = {"since": dt.date(2001, 1, 2), "until": dt.date(2019, 8, 9)}
    Guardianship.objects.create(child=grown, guardian=person, relation="奶奶", **ended)
    Authorisation.objects.create(principal=person, agent=grown, relation="孙女", recorded_by=worker, **ended)
    consenting.give(person=child, purpose="people.children", channel=Channel.ONLINE, at=clock.now(), guardian=person)
    return child


def _account(user: User, worker: User) -> None:
    now, person = clock.now(), user.person
    assert person is not None and person.community is not None
    Role.objects.create(user=user, area=person.community, kind=RoleKind.GRID_WORKER, since=now, until=now)
    consenting.give(person=person, purpose="notices.sms", channel=Channel.ONLINE, at=now)
    NoticeChoice.objects.create(user=user, kind="wishes", channel="sms", on=False)
    QuietHours.objects.create(user=user, begin=dt.time(21, 45), end=dt.time(7, 15))
    Digest.objects.create(user=user, day=clock.today(), told=True)
    SmsCode.objects.create(phone_index=codes.blind_index(str(user.phone), purpose=PHONE_PURPOSE), sent_at=now)
    typed = {"details": "门禁卡坏了，进不去", "once": "token-of-ours"}
    drafts.keep(owner_id=user.pk, form="wishes.order", data=typed, at=now)
    paper = SimpleUploadedFile("scan.pdf", PAPER, "application/pdf")
    files.store(upload=paper, kind="tests.paper", owner_id=user.pk, documents=True)
    SavedFilter.objects.create(owner_id=user.pk, listing="people.person", name="我的网格", query={"searched": "别人"})
    contacting.show_contact(person=person, actor=worker, at=now, reason="送药上门前核对")
    audit.record("account.opened", actor_id=user.pk, subject=user, at=now)
    correcting.ask(person=person, field="name", value="欧阳望书", words="身份证上是书", actor=user, at=now)


def _wishes(here: scenes.Scene) -> Wish:
    typed = {
        "details": "厨房的灯一闪一闪",
        "contact_name": "欧阳望舒",
        "contact_phone": str(here.asker.phone),
        "contact_address": STREET,
    }
    paper = SimpleUploadedFile("scan.pdf", PAPER, "application/pdf")
    scan = files.store(upload=paper, kind="wishes.scan", owner_id=here.worker.pk, documents=True)
    wish = scenes.claimed(here, scan=scan, **typed)
    serving.reveal_contact(wish=wish, actor=here.helper, part="volunteer", at=clock.now())
    serving.complete(wish=wish, minutes=45, note="灯换好了", actor=here.helper, at=clock.now())
    closing.rate(wish=wish, stars=4, comment="希望早点来", actor=here.asker, actor_part="requester", at=clock.now())
    Delivery.objects.filter(notice__person=here.asker.person).delete()
    notice = here.asker.person.notices.first()
    here.asker.person.notices.filter(pk=notice.pk).update(read_at=clock.now())
    Wish.objects.filter(pk=wish.pk).update(
        visited_on=dt.date(2026, 3, 2),
        grid=worlds.grid(here.community, "第八网格"),
        household=worlds.household(worlds.building(here.community)),
    )
    for channel in ("sms", "email"):
        Delivery.objects.create(notice=notice, channel=channel)
    return wish


def _neighbour(here: scenes.Scene) -> User:
    """The same contact phone, another door, another wish, served by the person."""
    other = worlds.account(here.community, name="皇甫邻居", phone=worlds.phone())
    Person.objects.filter(pk=other.person.pk).update(address=NEIGHBOURS_STREET)
    shared = Person.objects.get(pk=other.person.pk)
    shared.contact_phone, shared.address = str(here.asker.phone), NEIGHBOURS_STREET
    shared.save()
    return other


def _volunteer(person: Person, community: Area, here: scenes.Scene) -> None:
    """The person serves as well: a wish of the neighbour is in their past."""
    assert person.user is not None
    volunteer = worlds.volunteer(community, user=person.user, introduction="会修收音机", availability="evenings")
    scan = SimpleUploadedFile("scan.pdf", PAPER, "application/pdf")
    paper = files.store(upload=scan, kind="volunteers.scan", owner_id=here.worker.pk, documents=True)
    type(volunteer).objects.filter(pk=volunteer.pk).update(grid=worlds.grid(community, "第九网格"), scan=paper)
    volunteer.skills.add(Skill.objects.create(name="修收音机"))
    team = worlds.team(community, volunteer, name="夜校队")
    team.leader = volunteer
    team.save()
    TeamMember.objects.create(
        team=worlds.team(community, name="晨练队"),
        volunteer=volunteer,
        since=dt.date(2015, 1, 2),
        until=dt.date(2016, 9, 1),
    )
    neighbour = worlds.account(community, name="皇甫邻居")
    theirs = scenes.Scene(community, here.worker, neighbour, volunteer)
    scenes.closed(theirs, details=NEIGHBOURS_WORDS, contact_address=NEIGHBOURS_STREET, contact_phone=worlds.phone())
    scenes.ordered(theirs, asker=person, details=NEIGHBOURS_WORDS, contact_address=NEIGHBOURS_STREET)


def proven(user: Any) -> Any:
    """A client of ``user`` who proved a moment ago who they are."""
    client = worlds.client_for(user)
    client.post(reverse("account_reauthenticate"), {"password": worlds.PASSWORD})
    return client
