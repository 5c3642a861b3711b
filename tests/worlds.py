"""Invented places and people for tests: plain functions that make one valid record and take the rest by keyword.

Phones are those of the demonstration only (154 0000 0000 – 154 0000 9999).
"""

import itertools
import time
from typing import Any

from allauth.account.internal.flows import login as sign_in_flow
from allauth.account.internal.userkit import user_id_to_str
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.test import Client

from alliance.volunteers.models import Team, TeamMember, Volunteer
from portal.core import clock
from portal.people.models import Person, Role, RoleKind, User
from portal.places.models import Area, Building, Household, Level

ABOVE = {Level.CITY, Level.DISTRICT, Level.SUBDISTRICT}
PASSWORD = "lotus-pond-2026"
TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
_phones = itertools.count(1000)
_names = itertools.cycle(["林小荷", "周长青", "李桂香", "陈望江", "吴晓岚", "黄立秋", "何春生", "罗秀英"])
_serial = itertools.count(1)


def phone() -> str:
    """A fresh invented mobile number."""
    return f"1540000{next(_phones) % 10000:04d}"


# Places --------------------------------------------------------------------------------------------------------------


def area(level: Level, name: str, parent: Area | None = None, **fields: Any) -> Area:
    """The area of this name under ``parent``, made unless it stands.

    What lies over a community is written without a word to who keeps copies: nothing hangs on a new one, and half of
    all tests make three.
    """
    if level not in ABOVE:
        return Area.objects.get_or_create(level=level, name=name, parent=parent, defaults=fields)[0]
    standing = Area.objects.filter(level=level, name=name, parent=parent).first()
    if standing is not None:
        return standing
    [made] = Area.objects.bulk_create([Area(level=level, name=name, parent=parent, **fields)])
    made.path = f"{parent.path if parent else '/'}{made.pk}/"
    Area.objects.filter(pk=made.pk).update(path=made.path)
    return made


def city(name: str = "株洲市") -> Area:
    return area(Level.CITY, name)


def district(name: str = "荷塘区", *, parent: Area | None = None) -> Area:
    return area(Level.DISTRICT, name, parent or city())


def subdistrict(name: str = "月塘街道", *, parent: Area | None = None) -> Area:
    return area(Level.SUBDISTRICT, name, parent or district())


def community(name: str = "袁家湾社区", *, parent: Area | None = None, **fields: Any) -> Area:
    """A community that is in service, in 月塘街道 unless said otherwise."""
    return area(Level.COMMUNITY, name, parent or subdistrict(), **{"in_service": True, **fields})


def grid(of: Area, name: str = "第一网格") -> Area:
    return area(Level.GRID, name, of)


def building(of: Area, **fields: Any) -> Building:
    return Building.objects.create(**{"community": of, "name": f"{next(_serial)}栋", **fields})


def household(of: Building, **fields: Any) -> Household:
    return Household.objects.create(**{"building": of, "unit": "1", "number": str(next(_serial)), **fields})


# People --------------------------------------------------------------------------------------------------------------


def person(home: Area | None = None, **fields: Any) -> Person:
    """A human being without an account."""
    return Person.objects.create(**{"name": next(_names), "community": home, "contact_phone": phone(), **fields})


def account(home: Area | None = None, **fields: Any) -> User:
    """A resident's account with its Person: fresh phone, confirmed today, password ``PASSWORD``."""
    who = fields.pop("person", None) or person(home, **({"name": fields.pop("name")} if "name" in fields else {}))
    values = {"phone": who.contact_phone, "password": PASSWORD, "phone_confirmed_at": clock.now(), **fields}
    return User.objects.create_user(person=who, **values)


def staff(kind: RoleKind, at: Area, **fields: Any) -> User:
    """An account that holds the role ``kind`` at the area ``at``."""
    home = at if at.level == Level.COMMUNITY else at.parent if at.level == Level.GRID else None
    user = account(home, **fields)
    Role.objects.create(user=user, area=at, kind=kind, since=clock.now())
    return user


def worker(at: Area, **fields: Any) -> User:
    """社区工作者"""
    return staff(RoleKind.WORKER, at, **fields)


def head(at: Area, **fields: Any) -> User:
    """社区负责人"""
    return staff(RoleKind.HEAD, at, **fields)


def supervisor(at: Area, **fields: Any) -> User:
    """街道主管; ``at`` is the sub-district, or a community whose sub-district is meant."""
    return staff(RoleKind.SUPERVISOR, at.parent if at.level == Level.COMMUNITY and at.parent else at, **fields)


def administrator(**fields: Any) -> User:
    """The system administrator, who is nobody's resident."""
    return User.objects.create_superuser(username=f"admin{next(_serial)}", password=PASSWORD, **fields)


def volunteer(
    at: Area, *, user: User | None = None, active: bool = True, cleared: bool = True, **fields: Any
) -> Volunteer:
    """A volunteer of the community ``at`` with an account; cleared for homes and for minors unless said otherwise."""
    since = clock.now()
    day = clock.local_day(since) if cleared else None
    values = {
        "person": (user or account(at)).person,
        "community": at,
        "state": Volunteer.State.ACTIVE if active else Volunteer.State.APPLIED,
        "state_since": since,
        "homes_cleared_on": day,
        "minors_cleared_on": day,
    }
    return Volunteer.objects.create(**{**values, **fields})


def team(at: Area, *members: Volunteer, **fields: Any) -> Team:
    """A volunteer team of the community with ``members``."""
    made = Team.objects.create(**{"community": at, "name": f"守护队{next(_serial)}", **fields})
    for member in members:
        TeamMember.objects.create(team=made, volunteer=member, since=clock.today())
    return made


# Signed in -----------------------------------------------------------------------------------------------------------


def set_up_second_factor(user: User) -> None:
    """An authenticator app for ``user``, unless there is one."""
    if not Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists():
        TOTP.activate(user, TOTP_SECRET)


def session_data(user: User, *, second_factor: bool = True) -> dict[str, Any]:
    """What stands in the session of ``user`` after signing in a moment ago.

    With ``second_factor`` a member of staff has an authenticator app and used it; a resident has none.
    """
    records: list[dict[str, Any]] = [{"method": "password", "at": time.time()}]
    if second_factor and user.is_staff:
        set_up_second_factor(user)
        records.append({"method": "mfa", "at": time.time(), "type": "totp"})
    return {
        SESSION_KEY: str(user.pk),
        BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
        HASH_SESSION_KEY: user.get_session_auth_hash(),
        sign_in_flow.AUTHENTICATION_METHODS_SESSION_KEY: records,
        sign_in_flow._AUTHENTICATION_METHODS_USER_SESSION_KEY: user_id_to_str(user),
    }


def client_for(user: User | None, *, second_factor: bool = True, **options: Any) -> Client:
    """A test client signed in as ``user`` (None: nobody)."""
    client = Client(**options)
    if user is not None:
        client.force_login(user)
        session = client.session
        session.update(session_data(user, second_factor=second_factor))
        session.save()
    return client
