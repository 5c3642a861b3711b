"""Invented people of the first communities: residents, staff and what ties them to homes and to each other.

Keys for the rooms above:

- ``users`` and ``people``: ``worker``, ``grid_worker``, ``grid_head``, ``head`` of 袁家湾; ``xiangyang_worker``,
  ``xiangyang_head`` (the last to be made);
  ``supervisor`` of 月塘街道; ``privacy_officer``; ``administrator``; ``resident`` (袁家湾, mother of ``child``),
  ``elder`` (78, 关怀版), ``relative`` (authorised for ``elder_alone`` and ``elder``), ``xiangyang_resident`` (15栋).
- ``people`` alone: ``child`` (whose mother agreed), ``child_unasked`` (her other child, whom nobody asked about yet),
  ``elder_alone`` (84, no account), and in numbered series from 1
  ``yuanjiawan/elder/<n>``, ``…/parent/<n>``, ``…/child/<n>``, ``…/landlord/<n>``, ``…/tenant/<n>``, ``…/adult/<n>``;
  ``xiangyang/adult/<n>``; with ``scale`` > 1 ``invented/<n>/elder/<n>`` and so on.
  ``series(world, "yuanjiawan/elder")`` lists one.
"""

import datetime as dt
from collections.abc import Sequence
from fractions import Fraction
from functools import partial
from typing import Any

from portal.core import clock
from portal.core.sample_world import DemoAccount, World
from portal.places.models import Area, Building, Household, Level

from . import consenting
from .entrusting import record_authorisation, record_guardianship
from .models import Channel, Guardianship, Person, Residency, RoleKind, User
from .offices import grant_role
from .tying import claim_ownership, claim_residency, confirm

SURNAMES = (
    "王李张刘陈杨黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任"
    "姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙段"
)
# Seasons, plants and waters: names that are plainly made up.
# fmt: off
GIVEN = (
    "雨水", "惊蛰", "春分", "清明", "谷雨", "立夏", "小满", "芒种", "夏至", "小暑", "大暑", "立秋",
    "处暑", "白露", "秋分", "寒露", "霜降", "立冬", "小雪", "大雪", "冬至", "小寒", "大寒", "青禾",
    "苇叶", "桂枝", "樟木", "枫林", "竹溪", "兰舟", "莲塘", "栀子", "杜若", "菖蒲", "石榴", "银杏",
    "芙蓉", "湘水", "渌口", "南洲", "月塘", "晨雾", "晚霞", "星河", "远山", "清泉",
)
# fmt: on
OLDEST_RECORD, NEWEST_TIE = 720, 90  # days before the anchor day between which people came and were confirmed

# The offices: key, name, kind, key of the area at which it is held.
STAFF = (
    ("worker", "龙小满", RoleKind.WORKER, "yuanjiawan"),
    ("grid_worker", "谭立夏", RoleKind.GRID_WORKER, "yuanjiawan/1"),
    ("grid_head", "贺秋分", RoleKind.GRID_HEAD, "yuanjiawan/4"),
    ("head", "易清明", RoleKind.HEAD, "yuanjiawan"),
    ("xiangyang_worker", "文谷雨", RoleKind.WORKER, "xiangyang"),
    ("supervisor", "言白露", RoleKind.SUPERVISOR, "yuetang"),
    ("privacy_officer", "章寒露", RoleKind.PRIVACY_OFFICER, "yuanjiawan"),
)


def load(world: World) -> None:
    """Staff first, whose numbers are the easy ones, then the accounts people try, then everybody else."""
    world.person = partial(person, world)
    world.account = partial(account, world)
    world.progress("居民", 0.0)
    _load_staff(world)
    _load_known_residents(world)
    _load_community(world, "yuanjiawan")
    _load_building_fifteen(world)
    for number in range(1, world.scale):
        world.progress("居民", number / world.scale)
        _load_community(world, f"invented/{number}")


def finish(world: World) -> None:
    """A head for 向阳社区, so that what its desk asks for is decided by somebody. Last, so that nobody before gets
    another number or another draw."""
    account(
        world, "xiangyang_head", "聂小暑", "社区负责人", "xiangyang", role=RoleKind.HEAD, sex=Person.Sex.FEMALE, age=44
    )


def series(world: World, prefix: str) -> list[Person]:
    """The people whose keys are ``<prefix>/<number>``, in the order of their numbers."""
    found: list[Person] = []
    while (key := f"{prefix}/{len(found) + 1}") in world.people:
        found.append(world.people[key])
    return found


def person(
    world: World,
    key: str,
    *,
    name: str = "",
    sex: str | None = "",
    age: int = 40,
    community: Area | str | None = None,
    phone: str | None = None,
    address: str = "",
) -> Person:
    """Make a human being and put it on the shelf. ``age`` is on the anchor day; without a name one is invented;
    ``phone`` None takes a contact number, an empty one leaves it empty (a child's); ``sex`` None is not recorded, an
    empty one is drawn."""
    if sex is not None:
        sex = sex or world.random.choice([Person.Sex.FEMALE, Person.Sex.MALE])
    area = world.areas[community] if isinstance(community, str) else community
    made = Person.objects.create(
        name=name or _invent_name(world),
        sex=sex or "",
        birth_date=world.day(int(age * 365.25) + world.random.randint(2, 360)),
        community=area,
        contact_phone=world.contact_phone() if phone is None else phone,
        address=address,
        created_at=world.at(world.random.randint(NEWEST_TIE + 1, OLDEST_RECORD)),
    )
    world.names.add(made.name)
    world.people[key] = made
    return made


def account(
    world: World,
    key: str,
    name: str,
    role_label: str,
    community: Area | str | None,
    *,
    role: RoleKind | None = None,
    area: Area | str | None = None,
    superuser: bool = False,
    elder_mode: bool = False,
    sms_notices: bool = False,
    **about: Any,
) -> User:
    """Make a person who signs in, put both on the shelves and list the account under ``role_label``.

    ``role`` is held at ``area``, or at the community where none is given; ``about`` goes to ``person``. Returns the
    account; its human being is ``.person``.
    """
    phone = world.account_phone()
    human = person(world, key, name=name, community=community, phone=phone, **about)
    user = User.objects.create(
        person=human,
        phone=phone,
        phone_confirmed_at=world.at(1),
        password=world.password_hash,
        is_superuser=superuser,
        elder_mode=elder_mode,
        sms_notices=sms_notices,
        date_joined=human.created_at,
    )
    held_at = area if area is not None else community
    place = world.areas[held_at] if isinstance(held_at, str) else held_at
    where = "" if place is None else f"{place.parent} {place}" if place.level == Level.GRID else place.name
    if role is not None:
        if place is None:
            raise ValueError("a role hangs on an area")
        grant_role(actor=None, user=user, area=place, kind=role, at=human.created_at)
    world.users[key] = user
    world.accounts.append(DemoAccount(role=role_label, community=where, phone=phone))
    return user


def _invent_name(world: World) -> str:
    """A name that nobody else in this world has, as long as there are enough of them."""
    for _attempt in range(50):
        name = world.random.choice(SURNAMES) + world.random.choice(GIVEN)
        if name not in world.names:
            break
    return name


def _load_staff(world: World) -> None:
    for key, name, kind, area in STAFF:
        place = world.areas[area]
        community = place.parent if place.level == Level.GRID else place if place.level == Level.COMMUNITY else None
        account(world, key, name, str(kind.label), community, role=kind, area=place, age=world.random.randrange(28, 52))
    account(world, "administrator", "管立春", "系统管理员", None, superuser=True, age=35)


def _signing_in(world: World, key: str, name: str, role_label: str, community: str, **about: Any) -> Person:
    """The human being of a new account."""
    account(world, key, name, role_label, community, **about)
    return world.people[key]


def _load_known_residents(world: World) -> None:
    """The residents that a visitor signs in as, with the homes and ties that their pages show."""
    households = world.households
    resident = _signing_in(world, "resident", "李小雪", "居民", "yuanjiawan", sex=Person.Sex.FEMALE, age=36)
    child = person(world, "child", name="李豆豆", age=8, community="yuanjiawan", phone="")
    home = households["yuanjiawan/1栋/1-302"]
    _live(world, resident, home, Residency.Kind.OWNER, owns=True)
    _guard(world, child, resident)
    _live(world, child, home, Residency.Kind.FAMILY, after=_agree(world, child, resident, Channel.ONLINE))
    # The path of a first consent can be walked: the desk entered the boy and his mother, and asked nobody yet.
    unasked = person(world, "child_unasked", name="李米豆", sex=None, age=4, community="yuanjiawan", phone="")
    _guard(world, unasked, resident)

    elder = _signing_in(
        world,
        "elder",
        "周大寒",
        "居民（高龄）",
        "yuanjiawan",
        sex=Person.Sex.MALE,
        age=78,
        elder_mode=True,
        sms_notices=True,
    )
    _live(world, elder, households["yuanjiawan/2栋/1-101"], Residency.Kind.OWNER, owns=True)

    alone = person(world, "elder_alone", name="何霜降", sex=Person.Sex.FEMALE, age=84, community="yuanjiawan")
    _live(world, alone, households["yuanjiawan/3栋/2-102"], Residency.Kind.OWNER, owns=True)
    relative = _signing_in(world, "relative", "何芒种", "家属（可代办）", "yuanjiawan", sex=Person.Sex.FEMALE, age=55)
    _live(world, relative, households["yuanjiawan/5栋/1-201"], Residency.Kind.OWNER, owns=True)
    record_authorisation(
        principal=alone,
        agent=relative,
        relation="女儿",
        since=world.day(80),
        actor=None,
        at=world.at(80, 10),
    )
    # The elder who signs in himself has somebody, too: both sides of an authorisation can be tried.
    record_authorisation(
        principal=elder,
        agent=relative,
        relation="外甥女",
        since=world.day(60),
        actor=None,
        at=world.at(60, 10),
    )

    neighbour = _signing_in(world, "xiangyang_resident", "邓小暑", "居民", "xiangyang", age=47)
    _live(world, neighbour, households["xiangyang/15/2-301"], Residency.Kind.OWNER, owns=True)


def _live(
    world: World,
    human: Person,
    home: Household,
    kind: str,
    *,
    owns: bool = False,
    of: int = 1,
    after: dt.datetime | None = None,
) -> None:
    """The person's claim to live there, confirmed by the desk the next day; with ``owns`` a share of 1/``of`` too. Not
    before the day ``after``, where one is given."""
    known_for = (world.anchor - clock.local_day(after or human.created_at)).days
    claimed = world.random.randint(NEWEST_TIE, known_for - 1)
    since, at, typed_by = world.day(claimed + 400), world.at(claimed, 10), _typed_by(world, home)
    _confirmed(world, claim_residency(person=human, household=home, kind=kind, since=since, at=at, **typed_by), claimed)
    if owns:
        share = Fraction(1, of)
        _confirmed(
            world, claim_ownership(person=human, household=home, share=share, since=since, at=at, **typed_by), claimed
        )
    if not human.address:
        human.address = str(home)
        human.save(update_fields=["address"])


def _desk_of(world: World, home: Household) -> User | None:
    """Who sits at the desk of the household's community; invented communities have nobody."""
    keys = {world.areas["yuanjiawan"].pk: "worker", world.areas["xiangyang"].pk: "xiangyang_worker"}
    key = keys.get(home.building.community_id)
    return world.users[key] if key else None


def _typed_by(world: World, home: Household) -> dict[str, Any]:
    desk = _desk_of(world, home)
    return {"actor_id": desk.pk if desk else None, "actor_part": "staff" if desk else "system"}


def _confirmed(world: World, tie: Any, days_ago: int) -> None:
    confirm(tie=tie, actor=_desk_of(world, tie.household), at=world.at(days_ago - 1, 15))


def _guard(world: World, child: Person, parent: Person) -> None:
    bond = Guardianship.Bond.MOTHER if parent.sex == Person.Sex.FEMALE else Guardianship.Bond.FATHER
    since = child.birth_date or world.anchor
    at = max(child.created_at, parent.created_at)
    record_guardianship(child=child, guardian=parent, bond=bond, since=since, actor=None, at=at)


def _agree(world: World, child: Person, parent: Person, channel: str) -> dt.datetime:
    """The parent's consent to the child's data, on the day on which the family was registered; when that was."""
    at = max(child.created_at, parent.created_at) + dt.timedelta(minutes=20)
    desk = world.users["worker"].pk if channel != Channel.ONLINE else None
    said: Any = {"person": child, "guardian": parent, "purpose": consenting.CHILD_PURPOSE, "channel": channel}
    consenting.give(**said, at=at, actor_id=desk)
    return at


class _Street:
    """Fills the empty households of one community, one kind of family after another, numbering people by kind."""

    def __init__(self, world: World, community: str) -> None:
        self.world, self.community = world, community
        self.count: dict[str, int] = {}
        lived_in = set(Residency.objects.values_list("household_id", flat=True))
        mine = [
            (key, home)
            for key, home in world.households.items()
            if key.startswith(f"{community}/") and home.pk not in lived_in
        ]
        self.flats = [home for _key, home in mine if home.building.kind == Building.Kind.APARTMENT]
        self.storeys = [home for _key, home in mine if home.building.kind == Building.Kind.SELF_BUILT]
        world.random.shuffle(self.flats)

    def someone(
        self,
        kind: str,
        home: Household,
        *,
        age: int,
        sex: str = "",
        lives: str,
        owns: int = 0,
        guardians: Sequence[Person] = (),
    ) -> Person:
        """A person of the series ``kind`` who lives in ``home``; ``owns`` n means a share of one n-th of it. A child's
        ``guardians`` are registered first, and the first of them agrees by phone."""
        self.count[kind] = self.count.get(kind, 0) + 1
        human = person(
            self.world,
            f"{self.community}/{kind}/{self.count[kind]}",
            age=age,
            sex=sex,
            community=self.community,
            phone="" if age < 14 else None,
        )
        for guardian in guardians:
            _guard(self.world, human, guardian)
        agreed = _agree(self.world, human, guardians[0], Channel.PHONE) if guardians else None
        _live(self.world, human, home, lives, owns=bool(owns), of=owns or 1, after=agreed)
        return human

    def elders(self, households: int) -> None:
        """Every second of them alone."""
        for number in range(households):
            home, age = self.flats.pop(), self.world.random.randrange(66, 90)
            sexes = (Person.Sex.FEMALE, Person.Sex.MALE) if number % 2 else (Person.Sex.FEMALE,)
            for sex in sexes:
                self.someone("elder", home, age=age, sex=sex, lives=Residency.Kind.OWNER, owns=len(sexes))

    def families(self, households: int) -> None:
        """Two parents who own the flat, and one or two children."""
        for number in range(households):
            home, age = self.flats.pop(), self.world.random.randrange(30, 48)
            parents = [
                self.someone("parent", home, age=age, sex=sex, lives=Residency.Kind.OWNER, owns=2)
                for sex in (Person.Sex.FEMALE, Person.Sex.MALE)
            ]
            for _child in range(1 + number % 2):
                age_of_child = self.world.random.randrange(3, 14)
                self.someone("child", home, age=age_of_child, lives=Residency.Kind.FAMILY, guardians=parents)

    def adults(self, households: int) -> None:
        """Two grown-ups sharing a flat that one of them owns."""
        for _number in range(households):
            home = self.flats.pop()
            self.someone("adult", home, age=self.world.random.randrange(24, 64), lives=Residency.Kind.OWNER, owns=1)
            self.someone("adult", home, age=self.world.random.randrange(24, 64), lives=Residency.Kind.FAMILY)

    def self_built_houses(self) -> None:
        """The landlord keeps the first storey and owns the house; the others are let, one now and then stands empty."""
        houses: dict[int, list[Household]] = {}
        for storey in self.storeys:
            houses.setdefault(storey.building_id, []).append(storey)
        for storeys in houses.values():
            age = self.world.random.randrange(45, 68)
            landlord = self.someone("landlord", storeys[0], age=age, lives=Residency.Kind.OWNER, owns=1)
            for number, storey in enumerate(storeys[1:]):
                owned = claim_ownership(
                    person=landlord,
                    household=storey,
                    since=self.world.day(2500),
                    at=self.world.at(NEWEST_TIE, 10),
                    **_typed_by(self.world, storey),
                )
                _confirmed(self.world, owned, NEWEST_TIE)
                for _tenant in range((2, 1, 2, 0)[number % 4]):
                    self.someone("tenant", storey, age=self.world.random.randrange(21, 50), lives=Residency.Kind.TENANT)


def _load_community(world: World, community: str) -> None:
    """About 120 residents."""
    street = _Street(world, community)
    street.elders(16)
    street.families(14)
    street.self_built_houses()
    street.adults(10 if street.storeys else 20)


def _load_building_fifteen(world: World) -> None:
    """Neighbours in 五公司小区15栋."""
    street = _Street(world, "xiangyang")
    street.adults(3)
