"""One small world that every row of the matrix is asked in: two communities of different streets, one person a role,
and a record for every address that needs one."""

import datetime as dt
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from alliance.volunteers.models import Skill, Volunteer
from portal.core import audit, clock, files
from portal.core.models import SavedFilter, WorkdayOverride
from portal.notices.models import Delivery, Notice
from portal.people import consenting, correcting, handling
from portal.people.models import Authorisation, Guardianship, Ownership, Representative, Residency
from portal.places.models import Area, Estate
from services.wishes import closing, ordering
from services.wishes.models import Wish, WishKind
from tests import worlds
from tests.backoffice.exports import desk
from tests.wishes import scenes

ROLES = (
    "anonymous",
    "resident",
    "other_resident",
    "volunteer",
    "staff",
    "other_staff",
    "head",
    "subdistrict",
    "administrator",
)
PAPER = b"%PDF-1.7\n%%EOF"


@dataclass
class World:
    """Users by role; everything else as attributes. ``made.wishes.new`` reads: the wish that waits for review."""

    community: Area
    elsewhere: Area
    users: dict[str, Any]
    made: SimpleNamespace = field(default_factory=SimpleNamespace)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.__dict__["made"], name)


def build() -> World:
    """Everything, in one go; about a hundred queries."""
    community = worlds.community("袁家湾社区")
    elsewhere = worlds.community("向阳社区", parent=worlds.subdistrict("桂花街道"))
    serving = worlds.volunteer(community)
    users = {
        "anonymous": None,
        "resident": worlds.account(community, name="李桂香"),
        "other_resident": worlds.account(community, name="陈望江"),
        "volunteer": serving.person.user,
        "staff": worlds.worker(community),
        "other_staff": worlds.worker(elsewhere),
        "head": worlds.head(community),
        "subdistrict": worlds.supervisor(community),
        "administrator": worlds.administrator(),
    }
    world = World(community, elsewhere, users)
    _places(world)
    _people(world)
    _volunteers(world, serving)
    _wishes(world, serving)
    _records(world)
    return world


def _places(world: World) -> None:
    made = world.made
    made.estate = Estate.objects.create(community=world.community, name="月塘小区")
    made.building = worlds.building(world.community, estate=made.estate)
    made.household = worlds.household(made.building)


def _people(world: World) -> None:
    made, resident = world.made, world.users["resident"].person
    day, now = clock.today(), clock.now()
    other = world.users["other_resident"].person
    child, elder = (worlds.person(world.community, name=name) for name in ("李小满", "李望山"))
    tie = {"household": made.household, "since": day, "state_since": now}
    made.residency = SimpleNamespace(
        claimed=Residency.objects.create(person=other, kind="family", **tie),
        confirmed=Residency.objects.create(person=resident, kind="owner", state="confirmed", **tie),
    )
    made.ownership = SimpleNamespace(
        claimed=Ownership.objects.create(person=other, share_denominator=2, **tie),
        confirmed=Ownership.objects.create(person=resident, share_denominator=2, state="confirmed", **tie),
    )
    made.representative = Representative.objects.create(household=made.household, person=resident, since=day)
    made.guardianship = Guardianship.objects.create(child=child, guardian=resident, relation="奶奶", since=day)
    made.guardianship_waits = Guardianship.objects.create(
        child=child, guardian=other, relation="姑姑", since=day, state="entered"
    )
    made.child, made.agreed_child = child, worlds.person(world.community, name="李小禾")
    Guardianship.objects.create(child=made.agreed_child, guardian=resident, relation="奶奶", since=day)
    consenting.give(
        person=made.agreed_child, purpose=consenting.CHILD_PURPOSE, channel="phone", at=now, guardian=resident
    )
    made.authorisation = Authorisation.objects.create(
        principal=elder, agent=resident, relation="女儿", since=day, recorded_by=world.users["staff"]
    )
    made.authorisation_waits = Authorisation.objects.create(
        principal=elder, agent=other, relation="邻居", since=day, state="entered"
    )
    made.merged = worlds.person(world.community, name="李桂花")
    worlds.person(world.community, name="李桂花", merged_into=made.merged)
    made.closed_account = worlds.account(world.community, is_active=False)
    made.staff_role = world.users["staff"].roles.get()
    made.notice = Notice.objects.create(person=resident, kind="wishes", title="您的心愿有新进展", url="/wishes/")
    made.stuck = Delivery.objects.create(notice=made.notice, channel="sms", state="failed", stuck_at=now)


def _volunteers(world: World, serving: Volunteer) -> None:
    made = world.made
    made.volunteers = SimpleNamespace(
        active=serving,
        applied=worlds.volunteer(world.community, active=False, cleared=False),
        suspended=worlds.volunteer(world.community, state=Volunteer.State.SUSPENDED),
    )
    made.team = worlds.team(world.community, serving)
    made.member = made.team.memberships.get()
    made.skill = Skill.objects.create(name="电工")


def _wishes(world: World, serving: Volunteer) -> None:
    """Asked by the resident; taken, where somebody took it, by the volunteer."""
    here = scenes.Scene(world.community, world.users["staff"], world.users["resident"], serving)
    paper = SimpleUploadedFile("scan.pdf", PAPER, "application/pdf")
    scan = files.store(upload=paper, kind="wishes.scan", owner_id=here.worker.pk, documents=True)
    new = scenes.ordered(here)
    Wish.objects.filter(pk=new.pk).update(scan=scan)
    world.made.scan = scan
    in_hand = scenes.ordered(here)
    handling.take(record=in_hand, actor=here.worker, at=clock.now())
    declined = scenes.ordered(here)
    ordering.decline(wish=declined, reason="不在范围", actor=here.worker, at=clock.now())
    world.made.wishes = SimpleNamespace(
        new=new,
        in_hand=in_hand,
        declined=declined,
        approved=scenes.approved(here),
        offered=scenes.dispatched(here),
        named=scenes.dispatched(here, to="named", volunteer=serving),
        serving=scenes.claimed(here),
        done=scenes.completed(here),
        closed=scenes.closed(here, at=clock.now() - dt.timedelta(days=1)),
        poor=scenes.closed(here, at=clock.now() - dt.timedelta(days=1), stars=1),
    )
    closing.auto_close(at=clock.now())
    world.made.kind = WishKind.objects.first()
    world.made.hours = serving.hours.first()


def _records(world: World) -> None:
    made = world.made
    made.saved = SavedFilter.objects.create(
        owner_id=world.users["staff"].pk,
        listing="people.person",
        name="男居民",
        query={"pairs": [["sex__exact", "male"]], "searched": ""},
    )
    asked, approver = world.users["staff"], world.users["head"]
    made.exports = SimpleNamespace(pending=desk.ask(asked), ready=desk.built(asked, approver))
    resident = world.users["resident"]
    made.data_request = correcting.ask(
        person=resident.person, field="name", value="李贵香", words="", actor=resident, at=clock.now()
    )
    made.data_request_in_hand = correcting.ask(
        person=resident.person, field="sex", value="female", words="", actor=resident, at=clock.now()
    )
    handling.take(record=made.data_request_in_hand, actor=world.users["staff"], at=clock.now())
    made.erased = audit.record("data.erased", actor_id=resident.pk, subject=resident.person)
    made.override = WorkdayOverride.objects.create(day=dt.date(2030, 1, 4), working=True)
    made.entry = audit.record("tests.entry", actor_id=world.users["staff"].pk, subject=world.community)
