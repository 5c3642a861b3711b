"""Invented volunteers: those a visitor signs in as, and others whose work the records show.

Keys: ``users`` and ``people``: ``volunteer`` (cleared for homes and minors), ``volunteer_two`` (homes only),
``volunteer_new`` (applied, waits for the desk), ``xiangyang_volunteer``; ``<community>/volunteer/<n>`` and
``invented/<n>/worker``, who are not listed as accounts. ``serving_in`` lists the serving ones of a community.
"""

from portal.core.sample_world import World
from portal.people.models import Person, RoleKind, User
from portal.people.offices import grant_role
from portal.people.sample import series
from portal.places.models import Area

from .joining import apply, clear, decide
from .models import Skill, Team, Volunteer
from .teams import join

TEAMS = ("“乐·颐”守护团", "“育”见未来团", "便民维修队")
CHILDREN, REPAIRS = 1, 2  # in TEAMS
INTRODUCTIONS = (
    "退休前是电工，家里水电都能看看。",
    "当过小学老师，辅导作业没问题。",
    "住得近，跑腿买菜随叫随到。",
    "周末有空，陪老人说说话。",
    "手机用得熟，可以教。",
)


def load(world: World) -> None:
    """Accounts first, then the neighbours who serve, then the teams."""
    known = (
        ("volunteer", "罗谷雨", "志愿者", "yuanjiawan", True, True),
        ("volunteer_two", "彭惊蛰", "志愿者（未获未成年人服务许可）", "yuanjiawan", True, False),
        ("xiangyang_volunteer", "曾白露", "志愿者", "xiangyang", True, True),
    )
    for key, name, label, community, homes, minors in known:
        user = world.account(key, name, label, community, age=world.random.randrange(30, 60))
        serve(world, user, world.areas[community], homes=homes, minors=minors)
    newcomer = world.account("volunteer_new", "汤夏至", "志愿者申请人（待审核）", "yuanjiawan", age=44)
    apply(
        person=newcomer.person,
        community=world.areas["yuanjiawan"],
        actor=newcomer,
        at=world.at(1, 20, 15),
        introduction="会做饭，也能陪老人去看病。",
    )
    _neighbours(world, "yuanjiawan", 12)
    _teams(world)
    for number in range(1, world.scale):
        community = f"invented/{number}"
        human = world.person(f"{community}/worker", community=community, age=40)
        world.users[f"{community}/worker"] = user = _unlisted(world, human)
        grant_role(actor=None, user=user, area=world.areas[community], kind=RoleKind.WORKER, at=world.at(720))
        _neighbours(world, community, 4)


def _unlisted(world: World, human: Person) -> User:
    """An account that acts in the records and is not among those a visitor signs in as."""
    return User.objects.create(
        person=human, phone=world.account_phone(), password=world.password_hash, phone_confirmed_at=world.at(2)
    )


def _neighbours(world: World, community: str, count: int) -> None:
    """The first ``count`` grown-ups of a community's series serve there."""
    for number, human in enumerate(series(world, f"{community}/adult")[:count], start=1):
        world.users[f"{community}/volunteer/{number}"] = user = _unlisted(world, human)
        serve(world, user, world.areas[community], homes=True, minors=number % 3 == 0)
        world.progress("志愿者", number / count)


def serve(world: World, user: User, community: Area, *, homes: bool, minors: bool) -> Volunteer:
    """Applied, accepted and cleared, more than a year ago."""
    if user.person is None:
        raise ValueError("a volunteer of the sample is a human being")
    days = world.random.randrange(380, 500)
    staff = staff_of(world, community)
    skills = world.random.sample(list(Skill.objects.all()), 2)
    volunteer = apply(
        person=user.person,
        community=community,
        actor=user,
        at=world.at(days, 19, 30),
        skills=skills,
        availability=world.random.choice(Volunteer.Availability.values),
        introduction=world.random.choice(INTRODUCTIONS),
    )
    decide(volunteer=volunteer, accepted=True, actor=staff, at=world.at(days - 1, 10))
    clear(volunteer=volunteer, homes=homes, minors=minors, actor=staff, at=world.at(days - 2, 10))
    return volunteer


def staff_of(world: World, community: Area) -> User:
    """Whose hand the desk's acts of ``community`` are by."""
    keys = {"yuanjiawan": "worker", "xiangyang": "xiangyang_worker"}
    key = next(key for key, area in world.areas.items() if area == community)
    return world.users[keys.get(key, f"{key}/worker")]


def serving_in(community: Area) -> list[Volunteer]:
    """The community's serving volunteers with their accounts, in the order in which they came."""
    return list(Volunteer.objects.serving().filter(community=community).select_related("person__user").order_by("id"))


def _teams(world: World) -> None:
    """A third each, but that who may not serve children is in the repairers' team instead of the children's."""
    community = world.areas["yuanjiawan"]
    volunteers = serving_in(community)
    thirds = [volunteers[number::3] for number in range(len(TEAMS))]
    uncleared = [volunteer for volunteer in thirds[CHILDREN] if volunteer.minors_cleared_on is None]
    thirds[CHILDREN] = [volunteer for volunteer in thirds[CHILDREN] if volunteer not in uncleared]
    thirds[REPAIRS] += uncleared
    for name, members in zip(TEAMS, thirds, strict=True):
        team = Team.objects.create(community=community, name=name, leader=members[0])
        for volunteer in members:
            join(team=team, volunteer=volunteer, actor=world.users["worker"], at=world.at(370))
