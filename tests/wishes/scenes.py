"""Wishes in every state, made by their own acts."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from alliance.volunteers.models import Volunteer
from portal.core import clock
from portal.people.models import User
from portal.places.models import Area
from services.wishes import closing, ordering, serving
from services.wishes.models import Wish, WishKind
from tests import worlds


@dataclass
class Scene:
    """One community with a worker, a requester with an account and a cleared volunteer."""

    community: Area
    worker: User
    asker: User
    volunteer: Volunteer

    @property
    def helper(self) -> User:
        return self.volunteer.person.user


def scene(name: str = "袁家湾社区") -> Scene:
    community = worlds.community(name)
    return Scene(community, worlds.worker(community), worlds.account(community), worlds.volunteer(community))


def kind(slug: str = "repair") -> WishKind:
    return WishKind.objects.get(slug=slug)


def ordered(at_scene: Scene, *, at: dt.datetime | None = None, slug: str = "repair", **fields: Any) -> Wish:
    values = {
        "kind": kind(slug),
        "subject": at_scene.asker.person,
        "asker": at_scene.asker.person,
        "community": at_scene.community,
        "details": "二楼楼道的灯坏了，晚上看不见。",
        "contact_name": at_scene.asker.person.name,
        "contact_phone": at_scene.asker.person.contact_phone,
        "contact_address": "2栋201",
        "actor": at_scene.asker,
        "at": at or clock.now(),
    }
    return ordering.order(**{**values, **fields})


def approved(at_scene: Scene, *, at: dt.datetime | None = None, title: str = "换一盏楼道灯", **fields: Any) -> Wish:
    wish = ordered(at_scene, at=at, **fields)
    ordering.approve(wish=wish, title=title, alias="李邻居", actor=at_scene.worker, at=at or clock.now())
    return wish


def dispatched(at_scene: Scene, *, to: str = "pool", at: dt.datetime | None = None, **fields: Any) -> Wish:
    target = {key: fields.pop(key) for key in ("volunteer", "team") if key in fields}
    wish = approved(at_scene, at=at, **fields)
    serving.dispatch(wish=wish, to=to, actor=at_scene.worker, at=at or clock.now(), **target)
    return wish


def claimed(at_scene: Scene, *, at: dt.datetime | None = None, **fields: Any) -> Wish:
    wish = dispatched(at_scene, at=at, **fields)
    serving.claim(wish=wish, volunteer=at_scene.volunteer, actor=at_scene.helper, at=at or clock.now())
    return wish


def completed(at_scene: Scene, *, at: dt.datetime | None = None, minutes: int = 50, **fields: Any) -> Wish:
    wish = claimed(at_scene, at=at, **fields)
    serving.complete(wish=wish, minutes=minutes, note="换好了。", actor=at_scene.helper, at=at or clock.now())
    return wish


def closed(at_scene: Scene, *, at: dt.datetime | None = None, stars: int = 5, **fields: Any) -> Wish:
    wish = completed(at_scene, at=at, **fields)
    closing.rate(
        wish=wish, stars=stars, comment="谢谢", actor=at_scene.asker, actor_part="requester", at=at or clock.now()
    )
    return wish
