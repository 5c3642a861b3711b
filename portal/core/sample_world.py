"""The world that sample records are made in: one anchor day, one seeded chance, one shelf for what others build on.

A room brings ``sample.py`` with ``load(world)``; rooms are loaded in the order of INSTALLED_APPS, which is the order of
the floors. A room that must tidy up after the rooms above it also brings ``finish(world)``, called at the very end.
Records are made by the room's real acts with a past ``at``, so that transitions, audit and notices exist as in life.

Keys on the shelves (what lower rooms put there, higher rooms may rely on):

- ``areas``: ``zhuzhou``; ``hetang``, ``shifeng``; ``yuetang``, ``guihua``, ``tianxin``; the communities ``yuanjiawan``,
  ``xiangyang``, ``nanling``, ``beiling``; grids ``yuanjiawan/1`` … ``yuanjiawan/6``. With ``scale`` > 1 there are also
  communities ``invented/1`` … with grids ``invented/1/1`` …
- ``buildings``: ``yuanjiawan/<name>``, ``xiangyang/15``; ``households``: ``<building key>/<unit>-<number>``.
- ``people`` and ``users``: what ``world.person`` and ``world.account`` were called with; the docstring of
  ``portal.people.sample`` lists the residents and staff that stand from the start.

Two functions are hung in by the people's room, because the ground floor knows no people: ``world.person(key, …)`` makes
a human being, ``world.account(key, …)`` makes one who signs in and is listed in ``demo-accounts.json``.
"""

import datetime as dt
import importlib
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from random import Random
from typing import Any

from django.apps import apps
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import module_has_submodule

# Every invented number of samples and tests lies in this range, and nowhere else is one made up.
PHONE_PREFIX = "1540000"
_ACCOUNT_NUMBERS = range(1, 5000)  # unique: one account each
_CONTACT_NUMBERS = range(5000, 9900)  # may repeat in a scaled world: people may share a contact phone
_OFFICE_NUMBERS = range(9900, 10000)

# One password for every account of the demonstration: 益亲邻居好.
DEMO_PASSWORD = "yiqin-linju-hao"  # noqa: S105 — printed on the screen, good for nothing outside the demonstration

SEED = 43020200
Progress = Callable[[str, float], None]


def _silent(_text: str, _fraction: float) -> None:
    """No progress is shown."""


def _not_there_yet(*_args: Any, **_kwargs: Any) -> Any:
    raise RuntimeError("the people's room hangs this in when its sample is loaded")


@dataclass(frozen=True)
class DemoAccount:
    """A line of ``demo-accounts.json``."""

    role: str
    community: str
    phone: str
    password: str = DEMO_PASSWORD


@dataclass
class World:
    """What every ``load(world)`` gets. ``built_at`` is the moment of building: no record is later than it."""

    anchor: dt.date
    built_at: dt.datetime
    scale: int = 1
    random: Random = field(default_factory=lambda: Random(SEED))  # noqa: S311 — the same people each time is the point
    areas: dict[str, Any] = field(default_factory=dict)
    buildings: dict[str, Any] = field(default_factory=dict)
    households: dict[str, Any] = field(default_factory=dict)
    people: dict[str, Any] = field(default_factory=dict)
    users: dict[str, Any] = field(default_factory=dict)
    accounts: list[DemoAccount] = field(default_factory=list)
    person: Callable[..., Any] = _not_there_yet
    account: Callable[..., Any] = _not_there_yet
    show: Progress = _silent
    names: set[str] = field(default_factory=set)
    _numbers: dict[str, int] = field(default_factory=dict)
    _span: tuple[float, float] = (0.0, 1.0)

    def at(self, days_ago: int, hour: int = 9, minute: int = 0) -> dt.datetime:
        """That time of day, ``days_ago`` days before the anchor day, in the site's zone; never after ``built_at``."""
        moment = dt.datetime.combine(self.day(days_ago), dt.time(hour, minute))
        return min(timezone.make_aware(moment), self.built_at)

    def day(self, days_ago: int) -> dt.date:
        """The calendar day ``days_ago`` days before the anchor day."""
        return self.anchor - dt.timedelta(days=days_ago)

    @cached_property
    def password_hash(self) -> str:
        """The demonstration's password, hashed once for all accounts: hashing is slow on purpose."""
        return make_password(DEMO_PASSWORD)

    def account_phone(self) -> str:
        """A number that no other account has. OverflowError when the range is used up."""
        return self._next_number("account", _ACCOUNT_NUMBERS, repeat=False)

    def contact_phone(self) -> str:
        """A number to reach somebody at who has no account; in a large world two people share one."""
        return self._next_number("contact", _CONTACT_NUMBERS, repeat=True)

    def office_phone(self) -> str:
        """A number of an office."""
        return self._next_number("office", _OFFICE_NUMBERS, repeat=True)

    def _next_number(self, shelf: str, span: range, *, repeat: bool) -> str:
        taken = self._numbers.get(shelf, 0)
        if taken >= len(span) and not repeat:
            raise OverflowError(f"no {shelf} number is left between {span.start} and {span.stop - 1}")
        self._numbers[shelf] = taken + 1
        return f"{PHONE_PREFIX}{span[taken % len(span)]:04d}"

    def progress(self, text: str, fraction: float) -> None:
        """Say what is being made; ``fraction`` (0–1) is of the present room's own work."""
        low, high = self._span
        self.show(text, low + (high - low) * min(max(fraction, 0.0), 1.0))

    def enter(self, number: int, of: int) -> None:
        """The loader's: the next ``progress`` calls are the ``number``-th room's, of ``of`` rooms."""
        self._span = (number / of, (number + 1) / of)


def is_sample_phone(phone: str) -> bool:
    """Whether ``phone`` lies in the range of invented numbers."""
    return len(phone) == 11 and phone.isascii() and phone.isdigit() and phone.startswith(PHONE_PREFIX)


def sample_modules() -> list[Any]:
    """``sample.py`` of every room that has one, in the order of the floors."""
    return [
        importlib.import_module(f"{config.name}.sample")
        for config in apps.get_app_configs()
        if config.module is not None and module_has_submodule(config.module, "sample")
    ]


def build(world: World) -> World:
    """Load every room's sample into an empty, migrated database: one transaction a room, then the finishing touches."""
    modules = sample_modules()
    for number, module in enumerate(modules):
        world.enter(number, len(modules) + 1)
        with transaction.atomic():
            module.load(world)
    world.enter(len(modules), len(modules) + 1)
    for module in modules:
        if finish := getattr(module, "finish", None):
            with transaction.atomic():
                finish(world)
    world.progress("完成", 1.0)
    return world
