"""Five failed log-ins lock for thirty minutes: the account, by whichever name it is called, or a name nobody has.

Counted in the cache, which several processes must share (``REDIS_URL``). A lock says nothing about whether there is
an account, because a name that nobody has is locked in the same way.
"""

from django.core.cache import cache

from portal.core.sealed import blind_index

from . import phones
from .models import User

FAILURES = 5
LOCK_SECONDS = 30 * 60


def keys_for(login: str) -> list[str]:
    """What a log-in by ``login`` (a phone or a user name, as it was typed) counts against.

    One account has one key however it is called, so that changing from phone to user name gains no attempts. A login
    that is one account's name and another's phone counts against both.
    """
    named = User.objects.filter(username__iexact=login).first()
    called = User.objects.with_phone(login)
    if found := {user.pk for user in (named, called) if user is not None}:
        return [_key(f"user:{pk}") for pk in sorted(found)]
    return [_key("name:" + blind_index(phones.normalise(login).casefold(), purpose="people.lockout"))]


def keys_of(user: User) -> list[str]:
    """What log-ins into ``user`` count against."""
    return [_key(f"user:{user.pk}")]


def keys_of_second_factor(user: User) -> list[str]:
    """What codes of the second factor count against; a wrong one is no wrong password."""
    return [_key(f"second-factor:{user.pk}")]


def enter(keys: list[str]) -> bool:
    """Count an attempt before it is checked, so that attempts side by side count too. False: locked, do not check.

    The thirty minutes run from the fifth failure; attempts while locked do not prolong them.
    """
    return max(map(_count, keys)) <= FAILURES


def forgive(keys: list[str]) -> None:
    """The password was right, or a new one was set: past failures no longer count."""
    cache.delete_many(keys)


def _count(key: str) -> int:
    cache.add(key, 0, LOCK_SECONDS)
    try:
        count = cache.incr(key)
    except ValueError:  # it ran out between the two calls
        cache.set(key, 1, LOCK_SECONDS)
        count = 1
    if count <= FAILURES:
        cache.touch(key, LOCK_SECONDS)
    return count


def _key(what: str) -> str:
    return f"people.lockout:{what}"
